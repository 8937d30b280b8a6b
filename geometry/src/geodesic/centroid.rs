//! The centre of a geography.

use super::vector::{Vector, add, position, scale, vector};
use super::{Figure, between, ring_area_of};
use crate::{Dimension, Geometry, GeometryError, Kind, Sequence, to_iso, write};

/// Returns the centre of a geography: of points their mean, of lines that of their ends weighted
/// by length, of polygons that of triangles weighted by area.
///
/// `PostGIS` computes the same: triangles fan out from the first vertex and all add up, so holes
/// and bays draw the centre towards them.
pub fn centroid(geometry: Geometry<'_>, figure: Figure) -> Result<Vec<u8>, GeometryError> {
    if geometry.is_empty() {
        return Ok(write::empty(Kind::GeometryCollection, Dimension::Xy));
    }
    let mut mean = Mean::default();
    match geometry.kind() {
        Kind::Point => return Ok(to_iso(geometry).into_owned()),
        Kind::MultiPoint => {
            for at in geometry.parts().filter_map(Geometry::point) {
                mean.add([at.x, at.y], 1.0);
            }
        }
        Kind::LineString | Kind::MultiLineString => {
            geometry.sequences(&mut |_, line| add_line(&mut mean, line, figure));
        }
        Kind::Polygon | Kind::MultiPolygon => {
            let mut apex = None;
            geometry.sequences(&mut |_, ring| {
                if let Some(apex) = first(&mut apex, ring) {
                    add_ring(&mut mean, ring, apex, figure);
                }
            });
        }
        _ => {
            return Err(GeometryError::InvalidArgument {
                reason: "ST_Centroid of a geography does not take a collection".to_owned(),
            });
        }
    }
    let [x, y] = position(mean.sum);
    Ok(write::point_xy(x, y))
}

/// A weighted sum of positions.
#[derive(Default)]
struct Mean {
    sum: Vector,
}

impl Mean {
    fn add(&mut self, at: [f64; 2], weight: f64) {
        self.sum = add(self.sum, scale(vector(at), weight));
    }
}

/// Returns the vertex all triangles share: the first of all rings.
fn first(apex: &mut Option<[f64; 2]>, ring: Sequence<'_>) -> Option<[f64; 2]> {
    if apex.is_none() {
        *apex = ring.first().map(|at| [at.x, at.y]);
    }
    *apex
}

fn add_line(mean: &mut Mean, line: Sequence<'_>, figure: Figure) {
    for_each_edge(line, |from, to| {
        let length = between(from, to, figure).unwrap_or(f64::NAN);
        mean.add(from, length);
        mean.add(to, length);
    });
}

fn add_ring(mean: &mut Mean, ring: Sequence<'_>, apex: [f64; 2], figure: Figure) {
    for_each_edge(ring, |from, to| {
        let mut centre = Mean::default();
        for corner in [from, to, apex] {
            centre.add(corner, 1.0);
        }
        mean.add(position(centre.sum), ring_area_of(&[from, to, apex], figure));
    });
}

fn for_each_edge(path: Sequence<'_>, mut visit: impl FnMut([f64; 2], [f64; 2])) {
    let mut previous: Option<[f64; 2]> = None;
    path.for_each_xy(|x, y| {
        if let Some(previous) = previous {
            visit(previous, [x, y]);
        }
        previous = Some([x, y]);
    });
}
