//! The members of collections, one by one.

use godwit_geometry::Geometry;

/// Returns the points, lines and polygons of geometries, so that members of one collection may
/// overlap.
pub(in crate::functions) fn members<'a>(geometries: &[Geometry<'a>]) -> Vec<Geometry<'a>> {
    let mut members = Vec::with_capacity(geometries.len());
    for geometry in geometries {
        if geometry.kind().is_collection() && geometry.part_count() > 0 {
            let parts: Vec<Geometry<'a>> = geometry.parts().collect();
            members.extend(self::members(&parts));
        } else {
            members.push(*geometry);
        }
    }
    members
}
