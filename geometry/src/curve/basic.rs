//! Geometries of any kind as geometries of simple features.

use std::borrow::Cow;

use super::Stroke;
use crate::edit::push_distinct;
use crate::{Coord, Geometry, GeometryError, Kind, WkbWriter, to_iso};

/// Returns the geometry with segments in place of its arcs.
///
/// Paths become lines, areas polygons, and several of them multi geometries. Surfaces in space,
/// which have no arcs, stay as they are.
pub fn to_line<'a>(
    geometry: Geometry<'a>,
    stroke: &Stroke,
) -> Result<Cow<'a, [u8]>, GeometryError> {
    written(geometry, &Straight { stroke: *stroke, surfaces: false })
}

/// Returns the geometry as one of a basic kind, with basic members: arcs as 32 segments a quarter,
/// a triangle as a polygon, a surface in space as a collection of polygons.
pub fn to_basic(geometry: Geometry<'_>) -> Result<Cow<'_, [u8]>, GeometryError> {
    written(geometry, &Straight { stroke: Stroke::default(), surfaces: true })
}

fn written<'a>(
    geometry: Geometry<'a>,
    straight: &Straight,
) -> Result<Cow<'a, [u8]>, GeometryError> {
    if geometry.is_basic() {
        return Ok(to_iso(geometry));
    }
    let mut writer = WkbWriter::new(geometry.dimension());
    straight.write(&mut writer, geometry)?;
    Ok(Cow::Owned(writer.into_bytes()))
}

/// What is drawn, and how.
struct Straight {
    stroke: Stroke,
    /// Whether triangles and surfaces in space are replaced too.
    surfaces: bool,
}

impl Straight {
    fn write(&self, writer: &mut WkbWriter, geometry: Geometry<'_>) -> Result<(), GeometryError> {
        let kind = match geometry.kind() {
            Kind::CircularString | Kind::CompoundCurve => {
                writer.line(self.path(geometry)?);
                return Ok(());
            }
            Kind::CurvePolygon => {
                writer.begin(Kind::Polygon);
                for ring in geometry.parts() {
                    writer.ring(self.path(ring)?);
                }
                writer.end();
                return Ok(());
            }
            Kind::Triangle if self.surfaces => {
                writer.begin(Kind::Polygon);
                for ring in geometry.rings() {
                    writer.ring_of(ring);
                }
                writer.end();
                return Ok(());
            }
            Kind::MultiCurve => Kind::MultiLineString,
            Kind::MultiSurface => Kind::MultiPolygon,
            Kind::Tin | Kind::PolyhedralSurface if self.surfaces => Kind::GeometryCollection,
            Kind::GeometryCollection => Kind::GeometryCollection,
            _ => {
                writer.geometry(geometry);
                return Ok(());
            }
        };
        writer.begin(kind);
        for part in geometry.parts() {
            self.write(writer, part)?;
        }
        writer.end();
        Ok(())
    }

    /// Returns the vertices of a line, a path of arcs, or a path of such parts, in which a vertex
    /// does not repeat the one before.
    fn path(&self, geometry: Geometry<'_>) -> Result<Vec<Coord>, GeometryError> {
        if geometry.kind() == Kind::CompoundCurve {
            let mut coords = Vec::new();
            for part in geometry.parts() {
                for coord in self.path(part)? {
                    push_distinct(&mut coords, coord);
                }
            }
            return Ok(coords);
        }
        let Some(path) = geometry.path() else { return Ok(Vec::new()) };
        if geometry.kind() == Kind::LineString {
            return Ok(path.iter().collect());
        }
        let mut coords = Vec::new();
        for end in (2..path.len()).step_by(2) {
            let arc = [path.coord(end - 2), path.coord(end - 1), path.coord(end)];
            self.stroke.append_arc(&mut coords, arc)?;
        }
        coords.extend(path.last());
        Ok(coords)
    }
}
