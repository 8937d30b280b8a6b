//! The order of the polygons of a buffer and where their rings start, as in GEOS, so that results
//! compare vertex by vertex.

use std::collections::HashMap;

use crate::overlay::Rings;
use crate::planar::{Key, Xy, key};

/// Orders polygons from the right to the left, and makes each ring start at the leftmost of its
/// vertices at which curves start or meet.
pub(super) fn choose(polygons: &mut [Rings], curves: &[Vec<Xy>]) {
    let right =
        |rings: &Rings| rings.iter().flatten().map(|at| at[0]).fold(f64::NEG_INFINITY, f64::max);
    polygons.sort_by(|a, b| right(b).total_cmp(&right(a)));
    let mut uses: HashMap<Key, u32> = HashMap::new();
    for curve in curves {
        for at in curve.iter().skip(1) {
            *uses.entry(key(*at)).or_default() += 1;
        }
        if let Some(first) = curve.first() {
            *uses.entry(key(*first)).or_default() += 1;
        }
    }
    for ring in polygons.iter_mut().flatten() {
        // A vertex of one curve alone is used once; crossings are used by none.
        let nodes = ring.iter().enumerate().filter(|(_, at)| uses.get(&key(**at)) != Some(&1));
        let order = |a: &Xy, b: &Xy| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1]));
        let first = nodes.min_by(|a, b| order(a.1, b.1)).map(|(index, _)| index);
        if let Some(first) = first.filter(|first| *first > 0) {
            ring.pop();
            ring.rotate_left(first);
            ring.extend(ring.first().copied());
        }
    }
}
