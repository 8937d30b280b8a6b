//! Areas cut into triangles between their own vertices.

use std::panic::{AssertUnwindSafe, catch_unwind};

use geo::TriangulateDelaunay as _;
use geo::triangulate_delaunay::DelaunayTriangulationConfig;
use geo::{LineString, MultiLineString};

use super::delaunay::Heights;
use crate::interrupt::{self, Steps};
use crate::planar::{EdgeTree, Location, Path, Shape, Xy, locate};
use crate::{Geometry, GeometryError, Kind, WkbWriter};

/// Returns the polygons of a geometry cut into triangles, as a collection: the constrained
/// Delaunay triangulation. What is not a polygon is left out.
pub fn triangulate_polygon(geometry: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
    let heights = Heights::new(geometry);
    let mut writer = WkbWriter::new(heights.dimension);
    writer.begin(Kind::GeometryCollection);
    write_parts(&mut writer, &heights, geometry)?;
    writer.end();
    Ok(writer.into_bytes())
}

fn write_parts(
    writer: &mut WkbWriter,
    heights: &Heights,
    geometry: Geometry<'_>,
) -> Result<(), GeometryError> {
    if geometry.kind() == Kind::Polygon {
        for triangle in triangles(&Shape::new(geometry))? {
            heights.write_triangle(writer, Kind::Polygon, triangle);
        }
        return Ok(());
    }
    for part in geometry.parts() {
        write_parts(writer, heights, part)?;
    }
    Ok(())
}

/// Returns the triangles inside of the areas of a shape, anticlockwise.
pub(super) fn triangles(shape: &Shape) -> Result<Vec<[Xy; 3]>, GeometryError> {
    let areas = shape.only_areas();
    let outline = MultiLineString(areas.paths.iter().map(|path| line(&areas, path)).collect());
    let config = DelaunayTriangulationConfig { snap_radius: 0.0 };
    interrupt::check()?;
    let all = catch_unwind(AssertUnwindSafe(|| outline.constrained_outer_triangulation(config)))
        .ok()
        .and_then(Result::ok);
    let Some(all) = all else {
        let reason = "the polygon cannot be triangulated; repair it with ST_MakeValid".to_owned();
        return Err(GeometryError::Topology { reason });
    };
    let tree = EdgeTree::new(&areas);
    let mut steps = Steps::default();
    let mut inside = Vec::new();
    for triangle in all {
        steps.step()?;
        let [a, b, c] = triangle.to_array().map(|at| [at.x, at.y]);
        let middle = [0, 1].map(|axis| (a[axis] + b[axis] + c[axis]) / 3.0);
        if locate(&areas, &tree, middle) == Location::Interior {
            inside.push([a, b, c]);
        }
    }
    Ok(inside)
}

fn line(shape: &Shape, path: &Path) -> LineString<f64> {
    LineString(shape.path_coords(path).iter().map(|[x, y]| geo::Coord { x: *x, y: *y }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{measure, wkt};

    fn check(text: &str, count: usize) {
        let (wkb, _) = wkt::parse(text).unwrap();
        let geometry = Geometry::try_new(&wkb).unwrap();
        let result = triangulate_polygon(geometry).unwrap();
        let triangles = Geometry::try_new(&result).unwrap();
        assert_eq!(triangles.part_count(), count, "{text}");
        assert!((measure::area(triangles) - measure::area(geometry)).abs() < 1e-9, "{text}");
    }

    #[test]
    fn triangles_fill_their_polygon() {
        check("POLYGON((0 0,4 0,4 4,0 4,0 0))", 2);
        check("POLYGON((0 0,2 0,4 0,4 4,0 4,0 0))", 3);
        check("POLYGON((0 0,4 0,4 4,2 1,0 4,0 0))", 3);
        check("POLYGON((0 0,9 0,9 9,0 9,0 0),(3 3,3 6,6 6,6 3,3 3))", 8);
        check("MULTIPOLYGON(((0 0,1 0,0 1,0 0)),((5 5,6 5,6 6,5 5)))", 2);
        check("POLYGON EMPTY", 0);
        check("POINT(1 1)", 0);
    }

    #[test]
    fn heights_are_kept() {
        let (wkb, _) = wkt::parse("POLYGON Z ((0 0 1,2 0 2,0 2 3,0 0 1))").unwrap();
        let result = triangulate_polygon(Geometry::try_new(&wkb).unwrap()).unwrap();
        let text = wkt::format(Geometry::try_new(&result).unwrap(), 15);
        assert!(text.starts_with("GEOMETRYCOLLECTION Z (POLYGON Z"), "{text}");
        assert!(text.contains("2 0 2") && text.contains("0 2 3"), "{text}");
    }
}
