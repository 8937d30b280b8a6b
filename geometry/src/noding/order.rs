//! The order in which noded lines are written: that of GEOS, whose answers depend on it.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::planar::{Key, Xy, key, orient};

/// A line that begins or ends in a node.
struct Way {
    piece: usize,
    /// The position that follows the node.
    towards: Xy,
    /// The node at the other end.
    other: usize,
}

/// Puts lines that meet at their ends only into the order of their nodes, from left to right and
/// from below, and around a node anticlockwise from the right. Lines that follow each other where no
/// third one meets them stay together.
pub(super) fn ordered(pieces: Vec<Vec<Xy>>) -> Vec<Vec<Xy>> {
    let mut numbers: HashMap<Key, usize> = HashMap::new();
    let mut nodes: Vec<(Xy, Vec<Way>)> = Vec::new();
    for (piece, path) in pieces.iter().enumerate() {
        let (&[first, second, ..], &[.., before, last]) = (path.as_slice(), path.as_slice()) else {
            continue;
        };
        let [start, end] = [first, last].map(|at| {
            *numbers.entry(key(at)).or_insert_with(|| {
                nodes.push((at, Vec::new()));
                nodes.len() - 1
            })
        });
        nodes[start].1.push(Way { piece, towards: second, other: end });
        nodes[end].1.push(Way { piece, towards: before, other: start });
    }
    for (at, ways) in &mut nodes {
        ways.sort_by(|a, b| around(*at, a.towards, b.towards));
    }
    let mut places: Vec<usize> = (0..nodes.len()).collect();
    places.sort_by(|a, b| nodes[*a].0.partial_cmp(&nodes[*b].0).unwrap_or(Ordering::Equal));
    let mut order = Vec::with_capacity(pieces.len());
    let mut is_used = vec![false; pieces.len()];
    // Rings of lines that nothing else meets come last.
    for is_ring in [false, true] {
        for &place in &places {
            if !is_ring && nodes[place].1.len() == 2 {
                continue;
            }
            for way in &nodes[place].1 {
                let mut next = Some(way).filter(|way| !is_used[way.piece]);
                while let Some(way) = next {
                    is_used[way.piece] = true;
                    order.push(way.piece);
                    let there = &nodes[way.other].1;
                    next = there.iter().find(|way| there.len() == 2 && !is_used[way.piece]);
                }
            }
        }
    }
    let mut pieces: Vec<Option<Vec<Xy>>> = pieces.into_iter().map(Some).collect();
    order.into_iter().filter_map(|piece| pieces.get_mut(piece)?.take()).collect()
}

/// Compares two directions from a position, anticlockwise from the right.
fn around(at: Xy, a: Xy, b: Xy) -> Ordering {
    let is_below = |to: Xy| to[1] < at[1] || (to[1] == at[1] && to[0] < at[0]);
    is_below(a).cmp(&is_below(b)).then_with(|| 0.cmp(&orient(at, a, b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_come_from_left_to_right() {
        let centre = [5.0, 0.0];
        let ends = [[10.0, 0.0], [5.0, 5.0], [0.0, 0.0], [5.0, -5.0]];
        let pieces: Vec<Vec<Xy>> = ends.iter().map(|end| vec![centre, *end]).collect();
        let found = ordered(pieces).into_iter().map(|path| path[1]);
        let wanted = [[0.0, 0.0], [5.0, -5.0], [10.0, 0.0], [5.0, 5.0]];
        assert_eq!(found.collect::<Vec<_>>(), wanted);
    }

    #[test]
    fn lines_without_a_third_one_stay_together() {
        let square = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]];
        let mut pieces: Vec<Vec<Xy>> = square.windows(2).map(<[Xy]>::to_vec).collect();
        pieces.swap(1, 2);
        let found: Vec<Xy> = ordered(pieces).into_iter().map(|path| path[0]).collect();
        assert_eq!(found, square[..4]);
    }
}
