//! The boundaries of areas with arcs, which keep them.

use std::borrow::Cow;

use super::to_basic;
use crate::construct;
use crate::{Geometry, GeometryError, Kind, WkbWriter, write};

/// Returns the boundary of a geometry of any kind: the rings of an area with arcs as paths with
/// arcs, the edges of triangles as lines, else the boundary of the basic geometry.
pub fn boundary(geometry: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
    let dimension = geometry.dimension();
    match geometry.kind() {
        Kind::CurvePolygon => {
            let rings: Vec<Cow<'_, [u8]>> = geometry.parts().map(crate::to_iso).collect();
            Ok(write::collection(Kind::MultiCurve, dimension, &rings))
        }
        Kind::Tin => {
            let mut writer = WkbWriter::new(dimension);
            writer.begin(Kind::MultiLineString);
            for ring in geometry.parts().flat_map(Geometry::rings) {
                writer.line_of(ring);
            }
            writer.end();
            Ok(writer.into_bytes())
        }
        _ if geometry.is_basic() => Ok(construct::boundary(geometry)),
        _ => Ok(construct::boundary(Geometry::try_new(&to_basic(geometry)?)?)),
    }
}
