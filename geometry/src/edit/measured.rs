//! Vertices chosen by their measures.

use super::paths::{Empties, edit_paths};
use crate::{Dimension, Geometry, GeometryError, Kind, curve, to_iso};

/// Returns the geometry of the vertices whose measures lie in a range, ends included, with or
/// without the measures. Lines and rings that are left with too few vertices vanish.
///
/// A geometry without measures is returned as it is.
pub fn filter_by_measure(
    geometry: Geometry<'_>,
    [least, most]: [f64; 2],
    keep_measures: bool,
) -> Result<Vec<u8>, GeometryError> {
    if !geometry.dimension().has_m() {
        return Ok(to_iso(geometry).into_owned());
    }
    let basic = curve::to_basic(geometry)?;
    let geometry = Geometry::try_new(&basic)?;
    let dimension = Dimension::new(geometry.dimension().has_z(), keep_measures);
    let filtered = edit_paths(geometry, dimension, Empties::Dropped, &mut |kind, mut coords| {
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
    });
    Ok(filtered)
}
