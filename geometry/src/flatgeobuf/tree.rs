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
pub(super) fn append(file: &mut Vec<u8>, boxes: &[Bounds], lengths: impl Iterator<Item = usize>) {
    let mut branches = Branches::default();
    for bounds in boxes {
        branches.push(bounds);
    }
    branches.append(file);
    let mut offset = 0_u64;
    for (bounds, length) in boxes.iter().zip(lengths) {
        append_node(file, bounds, offset);
        offset += u64::try_from(length).unwrap_or(0);
    }
}

/// Appends a node: for a leaf, the offset is where its feature begins behind the index.
pub fn append_node(file: &mut Vec<u8>, bounds: &Bounds, offset: u64) {
    for number in [bounds.xmin, bounds.ymin, bounds.xmax, bounds.ymax] {
        file.extend_from_slice(&number.to_le_bytes());
    }
    file.extend_from_slice(&offset.to_le_bytes());
}

/// The nodes of the tree above its leaves.
#[derive(Debug, Default)]
pub struct Branches {
    leaf_count: usize,
    /// The boxes of the lowest level.
    parents: Vec<Bounds>,
}

impl Branches {
    /// Takes the next leaf.
    pub fn push(&mut self, leaf: &Bounds) {
        match self.parents.last_mut() {
            Some(parent) if !self.leaf_count.is_multiple_of(NODE_SIZE) => {
                *parent = parent.merge(leaf);
            }
            _ => self.parents.push(*leaf),
        }
        self.leaf_count += 1;
    }

    /// Appends the nodes, from the root down. Each says at which node its children begin, the root
    /// being node 0; the leaves follow.
    pub fn append(self, file: &mut Vec<u8>) {
        let mut levels = vec![self.parents];
        while let Some(below) = levels.last().filter(|level| level.len() > 1) {
            let merged = |children: &[Bounds]| {
                children.iter().fold(Bounds::NOTHING, |sum, each| sum.merge(each))
            };
            let level = below.chunks(NODE_SIZE).map(merged).collect();
            levels.push(level);
        }
        let mut start = 0;
        for level in levels.iter().rev() {
            start += level.len();
            for (index, bounds) in level.iter().enumerate() {
                let child = start + index * NODE_SIZE;
                append_node(file, bounds, u64::try_from(child).unwrap_or(0));
            }
        }
    }
}
