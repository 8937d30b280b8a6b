//! Intersection, union and difference of geometries.
//!
//! Geometries are sets of positions; the result is made of the areas, then the lines, then the
//! points of the combined set, without what is covered already. Areas are combined on an integer
//! grid, so no input makes that fail; lines are cut where they meet lines and areas. Vertices
//! that are not cut keep their exact coordinates. Heights are interpolated; measures are lost.

mod aligned;
mod area;
mod combine;
mod crossings;
mod divided;
mod elevation;
mod gridded;
mod lines;
mod output;
mod touch;
mod validity;

use crate::interrupt;
use crate::noding::Grid;
use crate::planar::Shape;
use crate::wkb::force_dimension;
use crate::{Dimension, Geometry, GeometryError, Kind, to_iso};

pub(crate) use area::{AreaOverlay, Rings};
pub(crate) use combine::Parts;
pub(crate) use crossings::strategy as overlay_strategy;
pub(crate) use elevation::Elevation;
pub(crate) use output::{write as write_parts, write_lines, write_polygons};

use combine::Operation;

/// Returns what two geometries have in common.
pub fn intersection(a: Geometry<'_>, b: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
    if b.is_empty() {
        return Ok(without_measures(b));
    }
    if a.is_empty() {
        return Ok(without_measures(a));
    }
    let dimension = dimension(a).min(dimension(b));
    overlay(Operation::Intersection, a, b, dimension)
}

/// Returns what two geometries have in common, on a grid when its size is positive.
pub fn intersection_on_grid(
    a: Geometry<'_>,
    b: Geometry<'_>,
    grid_size: f64,
) -> Result<Vec<u8>, GeometryError> {
    let Some(grid) = grid_of(grid_size, a, b) else { return intersection(a, b) };
    on_grid(Operation::Intersection, a, b, Some(grid))
}

/// Returns what two geometries have in common, where polygons need not be valid: their areas are
/// what their rings wind around.
pub(crate) fn intersection_of_windings(
    a: Geometry<'_>,
    b: Geometry<'_>,
) -> Result<Vec<u8>, GeometryError> {
    on_grid(Operation::Intersection, a, b, None)
}

/// Returns what belongs to at least one of two geometries.
pub fn union(a: Geometry<'_>, b: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
    if a.is_empty() {
        return Ok(without_measures(b));
    }
    if b.is_empty() {
        return Ok(without_measures(a));
    }
    overlay(Operation::Union, a, b, dimension(a).max(dimension(b)))
}

/// Returns what belongs to at least one of two geometries, on a grid when its size is positive.
pub fn union_on_grid(
    a: Geometry<'_>,
    b: Geometry<'_>,
    grid_size: f64,
) -> Result<Vec<u8>, GeometryError> {
    let Some(grid) = grid_of(grid_size, a, b) else { return union(a, b) };
    on_grid(Operation::Union, a, b, Some(grid))
}

/// Returns what belongs to the first geometry and not to the second.
pub fn difference(a: Geometry<'_>, b: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
    if a.is_empty() || b.is_empty() {
        return Ok(without_measures(a));
    }
    overlay(Operation::Difference, a, b, dimension(a))
}

/// Returns what belongs to the first geometry and not to the second, on a grid when its size is
/// positive.
pub fn difference_on_grid(
    a: Geometry<'_>,
    b: Geometry<'_>,
    grid_size: f64,
) -> Result<Vec<u8>, GeometryError> {
    let Some(grid) = grid_of(grid_size, a, b) else { return difference(a, b) };
    on_grid(Operation::Difference, a, b, Some(grid))
}

/// Returns what belongs to exactly one of two geometries.
pub fn sym_difference(a: Geometry<'_>, b: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
    if b.is_empty() {
        return Ok(without_measures(a));
    }
    if a.is_empty() {
        return Ok(without_measures(b));
    }
    overlay(Operation::SymDifference, a, b, dimension(a).max(dimension(b)))
}

/// Returns what belongs to exactly one of two geometries, on a grid when its size is positive.
pub fn sym_difference_on_grid(
    a: Geometry<'_>,
    b: Geometry<'_>,
    grid_size: f64,
) -> Result<Vec<u8>, GeometryError> {
    let Some(grid) = grid_of(grid_size, a, b) else { return sym_difference(a, b) };
    on_grid(Operation::SymDifference, a, b, Some(grid))
}

/// Returns what belongs to at least one of any number of geometries, on a grid when its size is
/// positive.
pub fn unary_union_on_grid(
    geometries: &[Geometry<'_>],
    grid_size: f64,
) -> Result<Vec<u8>, GeometryError> {
    let Some(grid) = Grid::new(grid_size) else { return unary_union(geometries) };
    let dimension = geometries.iter().map(|geometry| dimension(*geometry)).max().unwrap_or(-1);
    guarded(|| {
        let mut all = Shape::default();
        for geometry in geometries {
            all.append(&Shape::extended(*geometry));
        }
        let parts = gridded::combine(Operation::Union, [&all, &Shape::default()], Some(grid))?;
        Ok(output::write_united(&parts, dimension, &Elevation::new(geometries)))
    })
}

/// Returns what belongs to at least one of any number of geometries.
///
/// Lines are cut where they meet, and areas that touch become one. A single polygon stays as it
/// is, valid or not.
pub fn unary_union(geometries: &[Geometry<'_>]) -> Result<Vec<u8>, GeometryError> {
    if let [only] = geometries {
        if only.is_empty() && only.kind() != Kind::GeometryCollection {
            return Ok(without_measures(*only));
        }
        if let Some(polygon) = single_polygon(*only) {
            return Ok(without_measures(polygon));
        }
    }
    let dimension = geometries.iter().map(|geometry| dimension(*geometry)).max().unwrap_or(-1);
    guarded(|| {
        let mut all = Shape::default();
        for geometry in geometries {
            interrupt::check()?;
            let shape = Shape::extended(*geometry);
            validity::check(&shape)?;
            all.append(&shape);
        }
        let parts = combine::union_of(&all)?;
        Ok(output::write_united(&parts, dimension, &Elevation::new(geometries)))
    })
}

/// Returns the polygon that a geometry is, or that is its only member.
fn single_polygon(geometry: Geometry<'_>) -> Option<Geometry<'_>> {
    if geometry.kind() == Kind::Polygon {
        return Some(geometry).filter(|polygon| !polygon.is_empty());
    }
    let mut parts = geometry.parts();
    let only = parts.next().filter(|_| geometry.part_count() == 1)?;
    single_polygon(only)
}

/// Returns lines cut in every position where they meet, each piece once.
pub fn node(geometry: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
    guarded(|| {
        let mut shape = Shape::new(geometry);
        shape.rings_to_lines();
        let parts = combine::union_of(&shape)?;
        Ok(write_lines(&parts.lines, &Elevation::new(&[geometry])))
    })
}

fn overlay(
    operation: Operation,
    a: Geometry<'_>,
    b: Geometry<'_>,
    dimension: i8,
) -> Result<Vec<u8>, GeometryError> {
    guarded(|| {
        let (first, second) = shapes(operation, a, b);
        if let (Some(bounds), Some(other)) = (first.bounds(), second.bounds())
            && bounds.intersects(&other)
        {
            validity::check(&first)?;
            validity::check(&second)?;
        }
        interrupt::check()?;
        let parts = combine::combine(operation, first, second)?;
        Ok(write_parts(&parts, dimension, &Elevation::new(&[a, b])))
    })
}

/// Returns what is combined. A line or ring of one position is nothing, except where points are
/// looked for in it.
fn shapes(operation: Operation, a: Geometry<'_>, b: Geometry<'_>) -> (Shape, Shape) {
    let decoded = |geometry, other, is_searched| {
        if is_searched && dimension(other) == 0 {
            return Shape::new(geometry);
        }
        Shape::extended(geometry)
    };
    let is_intersection = operation == Operation::Intersection;
    let is_taken_away = operation == Operation::Difference;
    (decoded(a, b, is_intersection), decoded(b, a, is_intersection || is_taken_away))
}

/// Returns the grid to compute on: none where one side is empty, so that the other is not changed.
fn grid_of(size: f64, a: Geometry<'_>, b: Geometry<'_>) -> Option<Grid> {
    if a.is_empty() || b.is_empty() { None } else { Grid::new(size) }
}

fn on_grid(
    operation: Operation,
    a: Geometry<'_>,
    b: Geometry<'_>,
    grid: Option<Grid>,
) -> Result<Vec<u8>, GeometryError> {
    let (first, second) = (dimension(a), dimension(b));
    let dimension = match operation {
        Operation::Intersection => first.min(second),
        Operation::Union | Operation::SymDifference => first.max(second),
        Operation::Difference => first,
    };
    guarded(|| {
        let (first, second) = shapes(operation, a, b);
        let parts = gridded::combine(operation, [&first, &second], grid)?;
        Ok(write_parts(&parts, dimension, &Elevation::new(&[a, b])))
    })
}

/// Leaves what is computed once nobody waits for it, and turns a panic into an error.
fn guarded(
    compute: impl FnOnce() -> Result<Vec<u8>, GeometryError>,
) -> Result<Vec<u8>, GeometryError> {
    interrupt::check()?;
    interrupt::contained_or("the overlay of the geometries cannot be computed", compute)?
}

fn without_measures(geometry: Geometry<'_>) -> Vec<u8> {
    match geometry.dimension() {
        Dimension::Xy | Dimension::Xyz => to_iso(geometry).into_owned(),
        Dimension::Xym => force_dimension(geometry, Dimension::Xy, 0.0, 0.0),
        Dimension::Xyzm => force_dimension(geometry, Dimension::Xyz, 0.0, 0.0),
    }
}

/// Returns the dimension of a geometry by its kind, also when it is empty; -1 for a collection
/// of nothing.
fn dimension(geometry: Geometry<'_>) -> i8 {
    match geometry.kind() {
        Kind::Point | Kind::MultiPoint => 0,
        Kind::LineString | Kind::MultiLineString => 1,
        Kind::Polygon | Kind::MultiPolygon => 2,
        _ => geometry.parts().map(dimension).max().unwrap_or(-1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    type Overlay = fn(Geometry<'_>, Geometry<'_>) -> Result<Vec<u8>, GeometryError>;

    fn run(overlay: Overlay, a: &str, b: &str) -> String {
        let (a, b) = (wkt::parse(a).unwrap().0, wkt::parse(b).unwrap().0);
        match overlay(Geometry::try_new(&a).unwrap(), Geometry::try_new(&b).unwrap()) {
            Ok(wkb) => wkt::format(Geometry::try_new(&wkb).unwrap(), 15),
            Err(error) => error.to_string(),
        }
    }

    fn check(cases: &[(Overlay, &str, &str, &str)]) {
        for (overlay, a, b, expected) in cases {
            assert_eq!(run(*overlay, a, b), *expected, "{a} and {b}");
        }
    }

    const SQUARE: &str = "POLYGON((0 0,2 0,2 2,0 2,0 0))";

    #[test]
    fn areas_are_combined() {
        let other = "POLYGON((1 1,3 1,3 3,1 3,1 1))";
        check(&[
            (intersection, SQUARE, other, "POLYGON((1 1,1 2,2 2,2 1,1 1))"),
            (union, SQUARE, other, "POLYGON((0 0,0 2,1 2,1 3,3 3,3 1,2 1,2 0,0 0))"),
            (difference, SQUARE, other, "POLYGON((0 0,0 2,1 2,1 1,2 1,2 0,0 0))"),
            (
                sym_difference,
                SQUARE,
                other,
                "MULTIPOLYGON(((0 0,0 2,1 2,1 1,2 1,2 0,0 0)),((1 2,1 3,3 3,3 1,2 1,2 2,1 2)))",
            ),
            (
                difference,
                SQUARE,
                "POLYGON((0.5 0.5,1 0.5,1 1,0.5 0.5))",
                "POLYGON((0 0,0 2,2 2,2 0,0 0),(0.5 0.5,1 0.5,1 1,0.5 0.5))",
            ),
        ]);
    }

    #[test]
    fn areas_that_touch_share_lines_and_points() {
        check(&[
            (intersection, SQUARE, "POLYGON((2 0,4 0,4 2,2 2,2 0))", "LINESTRING(2 0,2 2)"),
            (intersection, SQUARE, "POLYGON((2 2,4 2,4 4,2 4,2 2))", "POINT(2 2)"),
            (intersection, SQUARE, "POLYGON((2 1,4 0,4 2,2 1))", "POINT(2 1)"),
            (
                union,
                SQUARE,
                "POLYGON((2 0,4 0,4 2,2 2,2 0))",
                "POLYGON((0 0,0 2,2 2,4 2,4 0,2 0,0 0))",
            ),
        ]);
    }

    #[test]
    fn lines_are_cut() {
        let cross = "LINESTRING(0 2,2 0)";
        check(&[
            (intersection, "LINESTRING(0 0,2 2)", cross, "POINT(1 1)"),
            (
                union,
                "LINESTRING(0 0,2 2)",
                cross,
                "MULTILINESTRING((0 0,1 1),(1 1,2 2),(0 2,1 1),(1 1,2 0))",
            ),
            (difference, "LINESTRING(0 0,2 2)", "LINESTRING(0 0,2 2)", "LINESTRING EMPTY"),
            (intersection, "LINESTRING(0 0,4 0)", "LINESTRING(1 0,9 0)", "LINESTRING(1 0,4 0)"),
            (difference, "LINESTRING(0 0,4 0)", "LINESTRING(1 0,9 0)", "LINESTRING(0 0,1 0)"),
            (intersection, "LINESTRING(-1 1,5 1)", SQUARE, "LINESTRING(0 1,2 1)"),
            (difference, "LINESTRING(-1 1,5 1)", SQUARE, "MULTILINESTRING((-1 1,0 1),(2 1,5 1))"),
            (intersection, "LINESTRING(-1 0,5 0)", SQUARE, "LINESTRING(0 0,2 0)"),
            (intersection, "LINESTRING(-1 1,0 1)", SQUARE, "POINT(0 1)"),
            (
                union,
                "LINESTRING(-1 1,0 1)",
                SQUARE,
                "GEOMETRYCOLLECTION(POLYGON((0 0,0 2,2 2,2 0,0 0)),LINESTRING(-1 1,0 1))",
            ),
        ]);
    }

    #[test]
    fn points_are_kept_once() {
        check(&[
            (intersection, "MULTIPOINT((0 0),(1 1),(9 9))", SQUARE, "MULTIPOINT((0 0),(1 1))"),
            (difference, "MULTIPOINT((0 0),(1 1),(9 9))", SQUARE, "POINT(9 9)"),
            (union, "POINT(0 0)", "POINT(0 0)", "POINT(0 0)"),
            (
                union,
                "POINT(9 9)",
                "LINESTRING(0 0,1 1)",
                "GEOMETRYCOLLECTION(LINESTRING(0 0,1 1),POINT(9 9))",
            ),
            (union, "POINT(1 1)", "LINESTRING(0 0,2 2)", "LINESTRING(0 0,2 2)"),
            (
                sym_difference,
                "MULTIPOINT((0 0),(1 1))",
                "MULTIPOINT((1 1),(2 2))",
                "MULTIPOINT((0 0),(2 2))",
            ),
        ]);
    }

    #[test]
    fn emptiness_has_a_dimension() {
        check(&[
            (intersection, SQUARE, "POLYGON((5 5,6 5,6 6,5 5))", "POLYGON EMPTY"),
            (intersection, SQUARE, "POINT(5 5)", "POINT EMPTY"),
            (intersection, SQUARE, "LINESTRING EMPTY", "LINESTRING EMPTY"),
            (union, SQUARE, "POINT EMPTY", SQUARE),
            (difference, SQUARE, SQUARE, "POLYGON EMPTY"),
        ]);
    }

    #[test]
    fn collections_are_sets_of_positions() {
        let mixed =
            "GEOMETRYCOLLECTION(POINT(9 9),LINESTRING(0 0,3 4),POLYGON((0 0,2 0,2 2,0 2,0 0)))";
        check(&[(
            intersection,
            mixed,
            "POLYGON((0 0,1 0,1 1,0 1,0 0))",
            "POLYGON((0 0,0 1,1 1,1 0,0 0))",
        )]);
    }

    #[test]
    fn heights_are_interpolated() {
        check(&[
            (
                intersection,
                "LINESTRING Z (0 0 0,10 0 10)",
                "POLYGON((2 -1,4 -1,4 1,2 1,2 -1))",
                "LINESTRING Z (2 0 2,4 0 4)",
            ),
            (intersection, "POINT Z (1 1 7)", SQUARE, "POINT Z (1 1 7)"),
        ]);
    }

    #[test]
    fn invalid_areas_are_refused() {
        let message = run(intersection, "POLYGON((0 0,2 2,2 0,0 2,0 0))", SQUARE);
        assert!(message.contains("ST_MakeValid"), "{message}");
    }

    #[test]
    fn many_become_one() {
        let parsed: Vec<Vec<u8>> =
            [SQUARE, "POLYGON((2 0,4 0,4 2,2 2,2 0))", "POINT(1 1)", "POINT(7 7)"]
                .iter()
                .map(|text| wkt::parse(text).unwrap().0)
                .collect();
        let all: Vec<Geometry<'_>> =
            parsed.iter().map(|wkb| Geometry::try_new(wkb).unwrap()).collect();
        let union = unary_union(&all).unwrap();
        assert_eq!(
            wkt::format(Geometry::try_new(&union).unwrap(), 15),
            "GEOMETRYCOLLECTION(POINT(7 7),POLYGON((0 0,0 2,2 2,4 2,4 0,2 0,0 0)))"
        );
    }

    #[test]
    fn rings_that_cross_by_rounding_alone_are_combined() {
        // The fourth vertex lies below the first edge by less than a digit.
        let nearly = "POLYGON((0 0,6 2,6 6,3 0.9999999999999999,0 6,0 0))";
        for overlay in [intersection, union, difference, sym_difference] {
            let answer = run(overlay, nearly, "POLYGON((1 0,2 0,2 9,1 9,1 0))");
            assert!(answer.contains("POLYGON"), "{answer}");
        }
        let bow_tie = "POLYGON((0 0,6 2,6 6,3 0.9,0 6,0 0))";
        assert!(run(union, bow_tie, SQUARE).contains("rings cross"));
    }
}
