//! The index: a packed tree of boxes, from the root down, over features in the order of a curve.

use super::Feature;
use super::header::NODE_SIZE;
use crate::{Bounds, hilbert};

/// Returns the box of a feature; one without positions has one that nothing meets.
pub(super) fn extent(feature: Option<&Feature<'_>>) -> Bounds {
    feature.and_then(|feature| feature.geometry?.bounds()).unwrap_or(Bounds::NOTHING)
}

/// Returns the features in the order of a Hilbert curve through the middles of their boxes.
pub(super) fn order(features: &[Feature<'_>]) -> Vec<usize> {
    let boxes: Vec<Bounds> = features.iter().map(|feature| extent(Some(feature))).collect();
    let whole = boxes.iter().fold(Bounds::NOTHING, |whole, each| whole.merge(each));
    let mut order: Vec<usize> = (0..features.len()).collect();
    order.sort_by_cached_key(|index| {
        boxes.get(*index).map_or(0, |each| {
            let [x, y] = each.centre();
            hilbert::key(&whole, x, y)
        })
    });
    order
}

/// Appends the tree over boxes whose features are as long as given.
pub(super) fn append(file: &mut Vec<u8>, boxes: Vec<Bounds>, lengths: impl Iterator<Item = usize>) {
    let mut offset = 0_u64;
    let mut leaves = Vec::with_capacity(boxes.len());
    for (bounds, length) in boxes.into_iter().zip(lengths) {
        leaves.push((bounds, offset));
        offset += u64::try_from(length).unwrap_or(0);
    }
    let mut levels = vec![leaves];
    // Nodes say where their first child stands, which is known once all levels are.
    while levels.last().is_some_and(|level| level.len() > 1 || levels.len() == 1) {
        let Some(below) = levels.last() else { break };
        let parents = below.chunks(NODE_SIZE).map(|children| {
            let bounds = children.iter().fold(Bounds::NOTHING, |sum, (each, _)| sum.merge(each));
            (bounds, 0)
        });
        let parents = parents.collect();
        levels.push(parents);
    }
    let mut first = 0_u64;
    for (depth, level) in levels.iter().enumerate().rev() {
        let below = first + u64::try_from(level.len()).unwrap_or(0);
        for (index, (bounds, offset)) in level.iter().enumerate() {
            let child = below + u64::try_from(index * NODE_SIZE).unwrap_or(0);
            for number in [bounds.xmin, bounds.ymin, bounds.xmax, bounds.ymax] {
                file.extend_from_slice(&number.to_le_bytes());
            }
            let offset = if depth == 0 { *offset } else { child };
            file.extend_from_slice(&offset.to_le_bytes());
        }
        first = below;
    }
}
