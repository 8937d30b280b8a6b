//! Coordinates rounded to a grid so that polygons stay valid.

use super::grid::whole;
use super::members;
use super::snap_rounding::{Polygon3, snap_polygons};
use crate::planar::Xy;
use crate::{Coord, Dimension, Geometry, GeometryError, Kind, write};

/// The nodes of a grid, counted along each axis.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cells {
    /// The distance of nodes, from 1.
    size: f64,
    /// The number of nodes in a unit, above 1; else 0.
    scale: f64,
}

impl Cells {
    fn new(size: f64) -> Self {
        if size < 1.0 {
            return Self { size: 0.0, scale: whole(1.0 / size) };
        }
        Self { size: whole(size), scale: 0.0 }
    }

    /// Returns where a coordinate lies, counted in nodes.
    pub(super) fn place(self, coord: Coord) -> Xy {
        // Adding zero makes a negative zero positive.
        [coord.x, coord.y].map(
            |value| if self.scale > 0.0 { value * self.scale } else { value / self.size } + 0.0,
        )
    }

    /// Returns the position of a node.
    pub(super) fn position(self, node: Xy) -> Xy {
        node.map(|value| if self.scale > 0.0 { value / self.scale } else { value * self.size })
    }

    fn round(self, coord: Coord) -> Coord {
        let [x, y] = self.position(nearest(self.place(coord)));
        Coord { x, y, ..coord }
    }
}

/// Returns the node closest to a place; halves go up.
pub(super) fn nearest(place: Xy) -> Xy {
    place.map(|value| {
        let below = value.floor();
        if value - below >= 0.5 { below + 1.0 } else { below }
    })
}

/// Returns the geometry with its coordinates on a grid, and without measures.
///
/// Polygons are drawn anew where rounding makes rings collapse or cross, so that they are valid;
/// lines that collapse are left out. A grid of size 0 changes nothing.
pub fn reduce_precision(geometry: Geometry<'_>, size: f64) -> Result<Vec<u8>, GeometryError> {
    let dimension = Dimension::new(geometry.dimension().has_z(), false);
    let size = size.abs();
    if !size.is_finite() {
        return Err(GeometryError::InvalidArgument {
            reason: format!("the size of the grid is {size}, expected a finite number"),
        });
    }
    if size == 0.0 || geometry.is_empty() {
        return Ok(crate::map_coords(geometry, |coord| coord));
    }
    let cells = Cells::new(size);
    if !cells.scale.is_finite() {
        return Ok(crate::map_coords(geometry, |coord| coord));
    }
    let reduced = reduce(geometry, cells, dimension)?;
    Ok(reduced.unwrap_or_else(|| write::empty(geometry.kind(), dimension)))
}

/// Returns the geometry on the grid, or nothing when it vanishes.
fn reduce(
    geometry: Geometry<'_>,
    cells: Cells,
    dimension: Dimension,
) -> Result<Option<Vec<u8>>, GeometryError> {
    let kind = geometry.kind();
    Ok(match kind {
        Kind::Point => geometry.point().map(|coord| write::point(cells.round(coord), dimension)),
        Kind::LineString => {
            let line = geometry.line().into_iter().flatten();
            let mut coords: Vec<Coord> = line.map(|coord| cells.round(coord)).collect();
            coords.dedup_by(|a, b| a.x == b.x && a.y == b.y);
            (coords.len() > 1).then(|| write::line_string(coords, dimension))
        }
        Kind::Polygon | Kind::MultiPolygon => {
            let polygons = snap_polygons(geometry, cells)?;
            let mut parts: Vec<Vec<u8>> =
                polygons.into_iter().map(|polygon| write_polygon(polygon, dimension)).collect();
            if kind == Kind::Polygon && parts.len() == 1 {
                parts.pop()
            } else {
                collection(Kind::MultiPolygon, &parts, dimension)
            }
        }
        _ => {
            let mut parts = Vec::with_capacity(geometry.part_count());
            for part in geometry.parts() {
                if let Some(reduced) = reduce(part, cells, dimension)? {
                    parts.push(if kind.member().is_none() {
                        homogenize(&reduced)?
                    } else {
                        reduced
                    });
                }
            }
            collection(kind, &parts, dimension)
        }
    })
}

/// Returns a multi geometry of one member as that member.
fn homogenize(wkb: &[u8]) -> Result<Vec<u8>, GeometryError> {
    let geometry = Geometry::try_new(wkb)?;
    if geometry.kind() == Kind::GeometryCollection {
        return Ok(wkb.to_vec());
    }
    Ok(members::homogenize(geometry).into_owned())
}

fn collection(kind: Kind, parts: &[Vec<u8>], dimension: Dimension) -> Option<Vec<u8>> {
    (!parts.is_empty()).then(|| write::collection(kind, dimension, parts))
}

fn write_polygon(polygon: Polygon3, dimension: Dimension) -> Vec<u8> {
    let ring = |ring: Vec<[f64; 3]>| ring.into_iter().map(|[x, y, z]| Coord::xyz(x, y, z));
    write::polygon(polygon.into_iter().map(ring), dimension)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn coordinates_lie_on_the_grid() {
        for (text, size, expected) in [
            ("POINT Z (1.26 -2.5 7)", 1.0, "POINT Z (1 -2 7)"),
            (
                "GEOMETRYCOLLECTION(MULTIPOINT((1 1)),MULTILINESTRING((0 0,0.1 0),(0 0,3 3)))",
                1.0,
                "GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,3 3))",
            ),
            ("MULTILINESTRING((0 0,0.1 0),(0 0,3 3))", 1.0, "MULTILINESTRING((0 0,3 3))"),
            ("MULTIPOINT((0.26 0),(0.3 0))", 0.1, "MULTIPOINT((0.3 0),(0.3 0))"),
            ("LINESTRING(0 0,0.2 0,3.6 1)", 1.0, "LINESTRING(0 0,4 1)"),
            ("LINESTRING(0 0,0.2 0)", 1.0, "LINESTRING EMPTY"),
            ("POLYGON((0 0,0.2 0,0.2 0.2,0 0))", 1.0, "POLYGON EMPTY"),
            (
                "POLYGON((0 0,0 9,9 9,9 0,0 0),(1 1,1.2 1,1.2 1.2,1 1))",
                1.0,
                "POLYGON((0 0,0 9,9 9,9 0,0 0))",
            ),
            (
                "POLYGON((10 10,60 60.1,70 30,40 40,50 10,10 10))",
                10.0,
                "MULTIPOLYGON(((10 10,40 40,50 10,10 10)),((40 40,60 60,70 30,40 40)))",
            ),
        ] {
            let (wkb, _) = wkt::parse(text).unwrap();
            let result = reduce_precision(Geometry::try_new(&wkb).unwrap(), size).unwrap();
            assert_eq!(wkt::format(Geometry::try_new(&result).unwrap(), 15), expected, "{text}");
        }
    }
}
