//! Vertices chosen by their measures.

use super::paths::{Empties, edit_paths};
use crate::{Dimension, Geometry, Kind, to_iso};

/// Returns the geometry of the vertices whose measures lie in a range, ends included, with or
/// without the measures. Lines and rings that are left with too few vertices vanish.
///
/// A geometry without measures is returned as it is.
pub fn filter_by_measure(
    geometry: Geometry<'_>,
    [least, most]: [f64; 2],
    keep_measures: bool,
) -> Vec<u8> {
    if !geometry.dimension().has_m() {
        return to_iso(geometry).into_owned();
    }
    let dimension = Dimension::new(geometry.dimension().has_z(), keep_measures);
    edit_paths(geometry, dimension, Empties::Dropped, &mut |kind, mut coords| {
        coords.retain(|coord| least <= coord.m && coord.m <= most);
        let enough = match kind {
            Kind::Point => 1,
            Kind::LineString => 2,
            _ => 4,
        };
        if coords.len() < enough {
            coords.clear();
        }
        coords
    })
}
