//! Areas cut into triangles between their own vertices.

use spade::{ConstrainedDelaunayTriangulation, Point2, Triangulation as _};

use super::delaunay::Heights;
use crate::interrupt::{self, Steps};
use crate::noding::node;
use crate::planar::{EdgeTree, Location, Shape, Xy, locate};
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

/// Returns the vertices of a geometry as a surface of triangles that fills its convex hull: the
/// Delaunay triangulation of which no triangle crosses a line or the border of an area.
pub fn constrained_triangles(geometry: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
    let (mut paths, mut points) = (Vec::new(), Vec::new());
    geometry.sequences(&mut |kind, sequence| {
        let path = sequence.iter().map(|at| [at.x, at.y]);
        if kind == Kind::Point { points.extend(path) } else { paths.push(path.collect()) }
    });
    let heights = Heights::new(geometry);
    let mut writer = WkbWriter::new(heights.dimension);
    writer.begin(Kind::Tin);
    for [a, b, c] in all_triangles(paths, &points)? {
        // Corners are written in the opposite order.
        heights.write_triangle(&mut writer, Kind::Triangle, [a, c, b]);
    }
    writer.end();
    Ok(writer.into_bytes())
}

/// Returns the triangles inside of the areas of a shape, anticlockwise.
pub(super) fn triangles(shape: &Shape) -> Result<Vec<[Xy; 3]>, GeometryError> {
    let areas = shape.only_areas();
    let paths = areas.paths.iter().map(|path| areas.path_coords(path).to_vec()).collect();
    let all = all_triangles(paths, &[])?;
    let tree = EdgeTree::new(&areas);
    let mut steps = Steps::default();
    let mut inside = Vec::new();
    for [a, b, c] in all {
        steps.step()?;
        let middle = [0, 1].map(|axis| (a[axis] + b[axis] + c[axis]) / 3.0);
        if locate(&areas, &tree, middle) == Location::Interior {
            inside.push([a, b, c]);
        }
    }
    Ok(inside)
}

/// Returns the triangles between positions, none of which crosses a path.
fn all_triangles(paths: Vec<Vec<Xy>>, points: &[Xy]) -> Result<Vec<[Xy; 3]>, GeometryError> {
    const REASON: &str = "the geometry cannot be triangulated; repair it with ST_MakeValid";
    let unsuitable = || GeometryError::Topology { reason: REASON.to_owned() };
    if !paths.iter().flatten().chain(points).flatten().all(|value| value.is_finite()) {
        return Err(unsuitable());
    }
    let noded = interrupt::contained_or(REASON, || node(paths))??;
    interrupt::contained_or(REASON, || constrained(&edges(&noded), points))?.ok_or_else(unsuitable)
}

/// Returns the edges of paths, each once and from left to right, in that order.
fn edges(paths: &[Vec<Xy>]) -> Vec<[Xy; 2]> {
    let order = |a: &Xy, b: &Xy| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1]));
    let mut edges: Vec<[Xy; 2]> = paths
        .iter()
        .flat_map(|path| path.iter().zip(path.iter().skip(1)))
        .filter(|(from, to)| from != to)
        .map(|(from, to)| if order(from, to).is_gt() { [*to, *from] } else { [*from, *to] })
        .collect();
    edges.sort_by(|[a, b], [c, d]| order(a, c).then_with(|| order(b, d)));
    edges.dedup();
    edges
}

/// Returns the triangles between points and the ends of edges that meet at their ends only, none
/// of which crosses an edge; nothing where edges meet elsewhere.
fn constrained(edges: &[[Xy; 2]], points: &[Xy]) -> Option<Vec<[Xy; 3]>> {
    let mut triangulation = ConstrainedDelaunayTriangulation::<Point2<f64>>::new();
    for [x, y] in points {
        interrupt::is_over();
        triangulation.insert(Point2::new(*x, *y)).ok()?;
    }
    for [from, to] in edges {
        interrupt::is_over();
        let from = triangulation.insert(Point2::new(from[0], from[1])).ok()?;
        let to = triangulation.insert(Point2::new(to[0], to[1])).ok()?;
        if !triangulation.can_add_constraint(from, to) {
            return None;
        }
        triangulation.add_constraint(from, to);
    }
    Some(triangulation.inner_faces().map(|face| face.positions().map(|at| [at.x, at.y])).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

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
    fn triangulations_are_left_when_they_are_over() {
        let edges: Vec<[Xy; 2]> = (0..3000)
            .map(f64::from)
            .map(|x| [[x, x * x], [x + 1.0, (x + 1.0) * (x + 1.0)]])
            .collect();
        let triangles = |is_over: bool| {
            let is_over: interrupt::IsOver = Arc::new(move || is_over);
            interrupt::interruptible(&is_over, || interrupt::leavable(|| constrained(&edges, &[])))
        };
        assert_eq!(triangles(true), None);
        assert_eq!(triangles(false).flatten().map(|found| found.len()), Some(2999));
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
