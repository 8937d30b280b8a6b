//! The order of the polygons of a buffer and where their rings start, as in GEOS, so that results
//! compare vertex by vertex.

use std::cmp::Ordering;

use crate::overlay::Rings;
use crate::planar::{Key, Xy, key};

/// Orders polygons from the right to the left, and makes each ring start at the leftmost of its
/// vertices at which curves start or meet.
pub(super) fn choose(polygons: &mut [Rings], curves: &[Vec<Xy>]) {
    let right =
        |rings: &Rings| rings.iter().flatten().map(|at| at[0]).fold(f64::NEG_INFINITY, f64::max);
    polygons.sort_by(|a, b| right(b).total_cmp(&right(a)));
    // A vertex of one curve alone is used once, its start twice; crossings are used by none.
    let mut uses: Vec<Key> = curves.iter().flatten().map(|at| key(*at)).collect();
    uses.sort_unstable();
    let is_node = |at: Xy| {
        let at = key(at);
        let start = uses.partition_point(|used| *used < at);
        uses.get(start..).unwrap_or_default().iter().take(2).filter(|used| **used == at).count()
            != 1
    };
    for ring in polygons.iter_mut().flatten() {
        if let Some(first) = leftmost(ring, is_node).filter(|first| *first > 0) {
            ring.pop();
            ring.rotate_left(first);
            ring.extend(ring.first().copied());
        }
    }
}

/// Returns the leftmost, then lowest vertex that is a node.
fn leftmost(ring: &[Xy], is_node: impl Fn(Xy) -> bool) -> Option<usize> {
    let mut best: Option<(usize, Xy)> = None;
    for (index, at) in ring.iter().enumerate() {
        let is_before =
            |best: Xy| at[0].total_cmp(&best[0]).then(at[1].total_cmp(&best[1])) == Ordering::Less;
        if best.is_none_or(|(_, best)| is_before(best)) && is_node(*at) {
            best = Some((index, *at));
        }
    }
    best.map(|(index, _)| index)
}
