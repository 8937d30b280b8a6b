//! The index of a file: a packed tree of boxes, of which only the nodes that a condition meets are
//! read.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use godwit_geometry::flatgeobuf::NODE_BYTES;
use godwit_geometry::{Bounds, Extent, OneBox, Reach, SpatialFilter};
use object_store::ObjectStore;
use object_store::path::Path;

use super::header::Header;
use crate::FormatError;

/// How many nodes of one level are read at most: 10 MiB. A condition that meets more is one that
/// most of the file meets.
const MOST_NODES: u64 = 256 * 1024;

/// How many nodes that are not wanted are read along with those around them.
const NODES_BETWEEN: u64 = 64;

/// How many bytes of features are read in one piece, unless one alone is longer.
const PIECE_BYTES: u64 = 1024 * 1024;

/// Some features that follow each other, by their bytes behind the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) bytes: Range<u64>,
    pub(super) count: usize,
}

/// Returns the features that a filter may let through, in their order; nothing when all have to be
/// read, because there is no index, it makes no sense, or it would not help.
pub(super) async fn search(
    store: &Arc<dyn ObjectStore>,
    location: &Path,
    file_size: u64,
    header: &Header,
    filter: &SpatialFilter,
) -> Result<Option<Vec<Run>>, FormatError> {
    let levels = header.levels();
    let (Some(node_size), Some(start)) = (header.node_size, header.features_start()) else {
        return Ok(None);
    };
    let Some(features_size) = file_size.checked_sub(start) else { return Ok(None) };
    let mut hits = Hits::default();
    let mut wanted: Vec<Range<u64>> = levels.first().map(|count| 0..*count).into_iter().collect();
    let mut level_start = header.end;
    for (depth, count) in levels.iter().enumerate() {
        let is_leaf = depth + 1 == levels.len();
        let mut ranges = joined(&wanted);
        if ranges.iter().map(|range| range.end - range.start).sum::<u64>() > MOST_NODES {
            return Ok(None);
        }
        if is_leaf {
            // The node behind the last one says where that one's feature ends.
            for range in &mut ranges {
                range.end = (range.end + 1).min(*count);
            }
        }
        let byte = |node: u64| level_start + node * NODE_BYTES as u64;
        let places: Vec<Range<u64>> =
            ranges.iter().map(|range| byte(range.start)..byte(range.end)).collect();
        let blocks = store.get_ranges(location, &places).await?;
        wanted.clear();
        for (range, block) in ranges.iter().zip(&blocks) {
            for (node, index) in nodes(block).zip(range.clone()) {
                let is_met = filter.select(&node);
                if is_leaf {
                    // What follows the last feature is the end of the file.
                    hits.add(&node, is_met);
                    if index + 1 == *count {
                        hits.end_at(features_size);
                    }
                } else if is_met {
                    let below = levels.get(depth + 1).copied().unwrap_or(0);
                    let first = index * node_size;
                    wanted.push(first..(first + node_size).min(below));
                }
            }
            hits.forget();
        }
        level_start = byte(*count);
    }
    Ok(hits.runs(features_size))
}

/// A node: a box, and for a leaf where its feature begins.
struct Node {
    bounds: Bounds,
    offset: u64,
}

fn nodes(block: &Bytes) -> impl Iterator<Item = Node> + '_ {
    block.chunks_exact(NODE_BYTES).map(|bytes| {
        let field = |index: usize| -> [u8; 8] {
            let field = bytes.get(8 * index..).and_then(|rest| rest.first_chunk());
            field.copied().unwrap_or_default()
        };
        let [xmin, ymin, xmax, ymax] = [0, 1, 2, 3].map(|index| f64::from_le_bytes(field(index)));
        Node { bounds: Bounds { xmin, ymin, xmax, ymax }, offset: u64::from_le_bytes(field(4)) }
    })
}

impl OneBox for Node {
    /// A file has one column with geometries; those without positions have the box of nothing.
    fn may_reach(&self, _column: &str, reach: &Reach) -> bool {
        self.bounds != Bounds::NOTHING && Extent::from_stored(self.bounds).may_reach(reach)
    }
}

/// Returns the ranges, with those that are close to each other as one.
fn joined(ranges: &[Range<u64>]) -> Vec<Range<u64>> {
    let mut joined: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end + NODES_BETWEEN => last.end = range.end,
            _ => joined.push(range.clone()),
        }
    }
    joined
}

/// The features that were found.
#[derive(Debug, Default)]
struct Hits {
    runs: Vec<Run>,
    /// Where a feature begins whose end is not known yet.
    open: Option<u64>,
    /// Whether a feature ended before it began.
    is_broken: bool,
}

impl Hits {
    /// Takes the next leaf.
    fn add(&mut self, node: &Node, is_met: bool) {
        self.end_at(node.offset);
        self.open = is_met.then_some(node.offset);
    }

    /// Says where the feature ends that was met last.
    fn end_at(&mut self, end: u64) {
        let Some(start) = self.open.take() else { return };
        self.is_broken |= end <= start;
        match self.runs.last_mut() {
            Some(last)
                if last.bytes.end == start
                    && end.saturating_sub(last.bytes.start) <= PIECE_BYTES =>
            {
                last.bytes.end = end;
                last.count += 1;
            }
            _ => self.runs.push(Run { bytes: start..end, count: 1 }),
        }
    }

    /// Leaves out a leaf that was read only for its place.
    fn forget(&mut self) {
        self.open = None;
    }

    /// Returns the features, unless they are not in the order of the file.
    fn runs(self, features_size: u64) -> Option<Vec<Run>> {
        let mut end = 0;
        for run in &self.runs {
            if run.bytes.start < end {
                return None;
            }
            end = run.bytes.end;
        }
        (!self.is_broken && end <= features_size).then_some(self.runs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(offset: u64) -> Node {
        Node { bounds: Bounds::point(0.0, 0.0), offset }
    }

    #[test]
    fn features_that_follow_each_other_are_read_together() {
        let mut hits = Hits::default();
        for (offset, is_met) in [(0, false), (10, true), (30, true), (35, false), (40, true)] {
            hits.add(&leaf(offset), is_met);
        }
        hits.end_at(100);
        let runs = hits.runs(100).unwrap();
        assert_eq!(runs, [Run { bytes: 10..35, count: 2 }, Run { bytes: 40..100, count: 1 }]);
    }

    #[test]
    fn an_index_out_of_order_is_not_used() {
        for offsets in [[30, 10, 40], [10, 10, 40], [10, 200, 300]] {
            let mut hits = Hits::default();
            for offset in offsets {
                hits.add(&leaf(offset), true);
            }
            hits.end_at(100);
            assert_eq!(hits.runs(100), None, "{offsets:?}");
        }
    }

    #[test]
    fn close_ranges_are_joined() {
        assert_eq!(joined(&[0..16, 16..32, 90..100, 1000..1016]), [0..100, 1000..1016]);
    }
}
