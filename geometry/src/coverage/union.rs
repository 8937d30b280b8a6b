//! The union of a coverage.

use super::polygons_of;
use crate::noding::{Faces, Graph, polygons};
use crate::overlay::{Elevation, Parts, write_parts};
use crate::planar::Shape;
use crate::{Geometry, GeometryError};

/// Returns the area of the polygons of a coverage, which is what remains of their borders when
/// those between two of them are left out.
///
/// The polygons are not checked: if they are no coverage, the answer may be wrong.
pub fn union(geometries: &[Geometry<'_>]) -> Result<Vec<u8>, GeometryError> {
    let mut graph = Graph::default();
    let mut steps: Vec<i32> = Vec::new();
    for geometry in geometries {
        for polygon in polygons_of(*geometry)? {
            let shape = Shape::new(polygon);
            for path in &shape.paths {
                graph.add_segments(shape.path_coords(path), |edge, is_same| {
                    steps.resize(steps.len().max(edge + 1), 0);
                    steps[edge] += if path.interior_left == is_same { -1 } else { 1 };
                });
            }
        }
    }
    graph.sort();
    graph.retain(|edge| steps[edge] != 0);
    let faces = Faces::new(&graph);
    let depths = faces.spread(&graph, |edge| [steps[edge]]);
    let polygons = polygons(&graph, &faces, |face| depths[face] != [0]);
    let parts = Parts { polygons, ..Parts::default() };
    Ok(write_parts(&parts, 2, &Elevation::new(geometries)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn shared_borders_vanish() {
        let parsed: Vec<Vec<u8>> = [
            "POLYGON((0 0,0 1,1 1,1 0,0 0))",
            "POLYGON((1 0,1 1,2 1,2 0,1 0))",
            "POLYGON((5 5,5 6,6 6,5 5))",
        ]
        .iter()
        .map(|text| wkt::parse(text).unwrap().0)
        .collect();
        let all: Vec<Geometry<'_>> =
            parsed.iter().map(|wkb| Geometry::try_new(wkb).unwrap()).collect();
        let result = union(&all).unwrap();
        assert_eq!(
            wkt::format(Geometry::try_new(&result).unwrap(), 15),
            "MULTIPOLYGON(((0 0,0 1,1 1,2 1,2 0,1 0,0 0)),((5 5,5 6,6 6,5 5)))"
        );
    }
}
