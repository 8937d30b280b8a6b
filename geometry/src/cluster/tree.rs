//! A tree over boxes, packed in tiles.

use crate::Bounds;

/// The most children of a node.
const CAPACITY: usize = 10;

/// A tree over boxes, packed in vertical slices and, within each, from bottom to top.
///
/// The order in which boxes are found decides ties between clusters, so the tree is packed with
/// the capacity and the order that GEOS uses.
#[derive(Debug)]
pub(super) struct BoxTree {
    /// The boxes, then the nodes of every level above.
    levels: Vec<Vec<Node>>,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    bounds: Bounds,
    /// The first child in the level below; for a box its number.
    first: usize,
    /// The child after the last one.
    end: usize,
}

impl BoxTree {
    /// Returns the tree over boxes; what has none is never found.
    pub(super) fn new(boxes: impl Iterator<Item = Option<Bounds>>) -> Self {
        let boxes = boxes.enumerate().filter_map(|(number, bounds)| {
            bounds.map(|bounds| Node { bounds, first: number, end: number + 1 })
        });
        let mut levels: Vec<Vec<Node>> = vec![boxes.collect()];
        while let Some(below) = levels.last_mut().filter(|below| below.len() > 1) {
            let above = parents(below);
            levels.push(above);
        }
        Self { levels }
    }

    /// Visits the numbers of the boxes that meet a box.
    pub(super) fn search(&self, window: &Bounds, visit: &mut impl FnMut(usize)) {
        let top = self.levels.len() - 1;
        self.descend(top, 0..self.levels[top].len(), window, visit);
    }

    fn descend(
        &self,
        level: usize,
        nodes: std::ops::Range<usize>,
        window: &Bounds,
        visit: &mut impl FnMut(usize),
    ) {
        for node in &self.levels[level][nodes] {
            if !node.bounds.intersects(window) {
                continue;
            }
            match level.checked_sub(1) {
                Some(below) => self.descend(below, node.first..node.end, window, visit),
                None => visit(node.first),
            }
        }
    }
}

/// Sorts the nodes of a level and returns those of the level above.
fn parents(nodes: &mut [Node]) -> Vec<Node> {
    let leaves = nodes.len().div_ceil(CAPACITY);
    let root = leaves.isqrt();
    let slices = if root * root == leaves { root } else { root + 1 };
    let slice = nodes.len().div_ceil(slices);
    nodes.sort_by(|a, b| a.bounds.centre()[0].total_cmp(&b.bounds.centre()[0]));
    let mut above = Vec::with_capacity(leaves + slices);
    let mut first = 0;
    for tile in nodes.chunks_mut(slice) {
        tile.sort_by(|a, b| a.bounds.centre()[1].total_cmp(&b.bounds.centre()[1]));
        for children in tile.chunks(CAPACITY) {
            let bounds =
                children.iter().fold(Bounds::NOTHING, |sum, child| sum.merge(&child.bounds));
            above.push(Node { bounds, first, end: first + children.len() });
            first += children.len();
        }
    }
    above
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_boxes_that_meet_are_found_once() {
        let boxes: Vec<Option<Bounds>> = (0..1000_u32)
            .map(|i| {
                let (x, y) = (f64::from(i * 37 % 101), f64::from(i * 53 % 89));
                (i % 7 != 0).then(|| Bounds::new(x, y, x + 2.0, y + 1.0))
            })
            .collect();
        let tree = BoxTree::new(boxes.iter().copied());
        for window in [Bounds::new(10.0, 10.0, 20.0, 30.0), Bounds::point(50.0, 50.0)] {
            let mut found = Vec::new();
            tree.search(&window, &mut |number| found.push(number));
            found.sort_unstable();
            let expected: Vec<usize> = (0..boxes.len())
                .filter(|i| boxes[*i].is_some_and(|bounds| bounds.intersects(&window)))
                .collect();
            assert_eq!(found, expected);
        }
        BoxTree::new(std::iter::empty())
            .search(&Bounds::point(0.0, 0.0), &mut |_| panic!("there is nothing"));
    }
}
