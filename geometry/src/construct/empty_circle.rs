//! The largest circle that fits into areas or between obstacles.
//!
//! Squares are searched, the most promising first, and cut into four as long as that may give a
//! larger circle.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::centroid::centre;
use super::{convex_hull, point_on_surface};
use crate::interrupt::is_over_after;
use crate::planar::{
    EdgeTree, Location, Path, Shape, Xy, closest_on_segment, distance_squared, locate,
};
use crate::{Bounds, Geometry, GeometryError, Kind};

/// The part of the extent that the radius may be too small by, when it is not said.
const DEFAULT_TOLERANCE: f64 = 1e-3;
/// The most squares side by side that the search starts with.
const MAX_SIDE: u32 = 100;
/// The most squares looked at.
const MAX_CELLS: usize = 200_000;

/// A circle that touches something.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TouchingCircle {
    /// The centre.
    pub centre: [f64; 2],
    /// A position of the border or of an obstacle on the circle.
    pub nearest: [f64; 2],
    /// The radius.
    pub radius: f64,
}

/// Returns the largest circle inside of polygons, or within the hull of other geometries and
/// between their parts; nothing when the geometry is empty. The radius may be too small by the
/// tolerance, which with 0 depends on the extent.
pub fn maximum_inscribed_circle(
    geometry: Geometry<'_>,
    tolerance: f64,
) -> Result<Option<TouchingCircle>, GeometryError> {
    check_tolerance(tolerance)?;
    let Some(bounds) = geometry.bounds() else { return Ok(None) };
    let tolerance = or_default(tolerance, &bounds);
    if !matches!(geometry.kind(), Kind::Polygon | Kind::MultiPolygon) {
        return largest_empty_circle(geometry, tolerance, None);
    }
    let border = Shape::new(geometry);
    let inside = point_on_surface(geometry);
    let first = Geometry::try_new(&inside)?.point_xy();
    let search = Search { obstacles: Field::new(&border), area: None, tolerance };
    let centre = match first {
        Some(first) if border.groups > 0 => search.run_inside(&bounds, first),
        _ => border.points.first().copied().unwrap_or(bounds.centre()),
    };
    Ok(Some(search.circle(centre)))
}

/// Returns the largest circle whose centre lies within a boundary and that has no part of a
/// geometry in it; nothing when the geometry is empty. The boundary is the convex hull if none is
/// given.
pub fn largest_empty_circle(
    geometry: Geometry<'_>,
    tolerance: f64,
    boundary: Option<Geometry<'_>>,
) -> Result<Option<TouchingCircle>, GeometryError> {
    check_tolerance(tolerance)?;
    let obstacles = Shape::new(geometry);
    let Some(bounds) = obstacles.bounds() else { return Ok(None) };
    let tolerance = or_default(tolerance, &bounds);
    let hull = convex_hull(geometry);
    let boundary = match boundary.filter(|boundary| !boundary.is_empty()) {
        Some(boundary) => boundary,
        None => Geometry::try_new(&hull)?,
    };
    let area = Shape::new(boundary);
    let search =
        Search { obstacles: Field::new(&obstacles), area: Some(Field::new(&area)), tolerance };
    let start = obstacles.coords.first().or(obstacles.points.first()).copied();
    let centre = match (area.bounds(), centre(geometry)) {
        (Some(bounds), Some(first)) if area.groups > 0 => search.run_between(&bounds, first),
        _ => start.unwrap_or(bounds.centre()),
    };
    Ok(Some(search.circle(centre)))
}

fn check_tolerance(tolerance: f64) -> Result<(), GeometryError> {
    if tolerance.is_nan() || tolerance < 0.0 {
        let reason = "the tolerance must not be negative".to_owned();
        return Err(GeometryError::InvalidArgument { reason });
    }
    Ok(())
}

/// Returns the tolerance, or one that depends on the extent when it is 0.
fn or_default(tolerance: f64, bounds: &Bounds) -> f64 {
    if tolerance > 0.0 {
        return tolerance;
    }
    bounds.width().max(bounds.height()) * DEFAULT_TOLERANCE
}

/// A shape from which distances are measured.
struct Field<'s> {
    shape: &'s Shape,
    tree: EdgeTree,
}

impl<'s> Field<'s> {
    fn new(shape: &'s Shape) -> Self {
        Self { shape, tree: EdgeTree::new(shape) }
    }

    /// Returns the distance to the closest edge or point.
    fn distance(&self, at: Xy) -> f64 {
        is_over_after(self.shape.points.len());
        let points = self.shape.points.iter().map(|point| distance_squared(*point, at));
        let edges = if self.shape.paths.is_empty() {
            f64::INFINITY
        } else {
            self.tree.nearest(self.shape, at)
        };
        points.fold(edges, f64::min).sqrt()
    }

    /// Returns the closest position on an edge or point.
    fn closest(&self, at: Xy) -> Option<Xy> {
        let edges = self.shape.paths.iter().flat_map(Path::segments);
        let edges = edges.map(|segment| closest_on_segment(at, self.shape.segment(segment)));
        edges
            .chain(self.shape.points.iter().copied())
            .min_by(|a, b| distance_squared(*a, at).total_cmp(&distance_squared(*b, at)))
    }

    fn is_outside(&self, at: Xy) -> bool {
        locate(self.shape, &self.tree, at) == Location::Exterior
    }
}

/// A square with its distance from what it must not come close to.
struct Cell {
    centre: Xy,
    half: f64,
    distance: f64,
}

impl Cell {
    /// Returns the largest distance any position of the square may have.
    fn most(&self) -> f64 {
        self.distance + self.half * std::f64::consts::SQRT_2
    }
}

struct Search<'s> {
    /// What the circle must not contain.
    obstacles: Field<'s>,
    /// Where the centre must lie; if not given, in the areas of the obstacles.
    area: Option<Field<'s>>,
    tolerance: f64,
}

impl Search<'_> {
    /// Returns the distance from the obstacles, or below 0 that from the area outside of it.
    fn distance(&self, at: Xy) -> f64 {
        let area = self.area.as_ref().unwrap_or(&self.obstacles);
        if area.is_outside(at) { -area.distance(at) } else { self.obstacles.distance(at) }
    }

    fn cell(&self, centre: Xy, half: f64) -> Cell {
        Cell { centre, half, distance: self.distance(centre) }
    }

    /// Returns the centre of the largest circle inside of the areas.
    fn run_inside(&self, bounds: &Bounds, first: Xy) -> Xy {
        let half = bounds.width().max(bounds.height()) / 2.0;
        let start = vec![self.cell(bounds.centre(), half)];
        self.run(start, first, |cell, best| cell.most() - best.distance > self.tolerance)
    }

    /// Returns the centre of the largest circle between the obstacles.
    fn run_between(&self, bounds: &Bounds, first: Xy) -> Xy {
        let mut start = Vec::new();
        let (width, height) = (bounds.width(), bounds.height());
        let size = width.min(height).max(width.max(height) / f64::from(MAX_SIDE));
        let half = size / 2.0;
        for column in 0..MAX_SIDE {
            let x = bounds.xmin + f64::from(column) * size;
            for row in 0..MAX_SIDE {
                let y = bounds.ymin + f64::from(row) * size;
                if x >= bounds.xmax || y >= bounds.ymax {
                    break;
                }
                start.push(self.cell([x + half, y + half], half));
            }
        }
        self.run(start, first, |cell, best| {
            if cell.most() < 0.0 {
                return false;
            }
            if cell.distance < 0.0 {
                return cell.most() > self.tolerance;
            }
            cell.most() - best.distance > self.tolerance
        })
    }

    fn run(&self, start: Vec<Cell>, first: Xy, is_promising: impl Fn(&Cell, &Cell) -> bool) -> Xy {
        let mut queue = BinaryHeap::from(start);
        let mut best = self.cell(first, 0.0);
        for _ in 0..MAX_CELLS {
            let Some(cell) = queue.pop() else { break };
            if cell.most() < best.distance {
                break;
            }
            let is_promising = |best: &Cell| is_promising(&cell, best);
            if cell.distance > best.distance {
                best = Cell { half: 0.0, ..cell };
            }
            if is_promising(&best) {
                let ([x, y], half) = (cell.centre, cell.half / 2.0);
                for [right, up] in [[-half, -half], [half, -half], [-half, half], [half, half]] {
                    queue.push(self.cell([x + right, y + up], half));
                }
            }
        }
        best.centre
    }

    fn circle(&self, centre: Xy) -> TouchingCircle {
        let nearest = self.obstacles.closest(centre).unwrap_or(centre);
        TouchingCircle { centre, nearest, radius: distance_squared(centre, nearest).sqrt() }
    }
}

impl Ord for Cell {
    fn cmp(&self, other: &Self) -> Ordering {
        self.most().total_cmp(&other.most())
    }
}

impl PartialOrd for Cell {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Cell {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Cell {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn inscribed(text: &str) -> Option<TouchingCircle> {
        let (wkb, _) = wkt::parse(text).unwrap();
        maximum_inscribed_circle(Geometry::try_new(&wkb).unwrap(), 0.0).unwrap()
    }

    #[test]
    fn circles_fit_into_areas() {
        let circle = inscribed("POLYGON((0 0,10 0,10 4,0 4,0 0))").unwrap();
        assert!((circle.radius - 2.0).abs() < 0.01, "{circle:?}");
        for (text, centre, radius) in [
            ("POLYGON((0 0,30 4,26 22,11 30,2 17,0 0))", [14.853_515_625, 14.208_984_375], 12.1198),
            (
                "POLYGON((0 0,40 0,40 30,22 8,0 25,0 0),(30 4,33 4,33 7,30 4))",
                [8.222_656_25, 8.222_656_25],
                8.2227,
            ),
            ("MULTIPOLYGON(((0 0,5 0,5 5,0 5,0 0)),((10 0,19 1,18 9,10 0)))", [2.5, 2.5], 2.5),
        ] {
            let circle = inscribed(text).unwrap();
            assert_eq!(circle.centre, centre, "{text}");
            assert!((circle.radius - radius).abs() < 1e-4, "{text}: {circle:?}");
        }
        let point = inscribed("POINT(3 4)").unwrap();
        assert_eq!(point, TouchingCircle { centre: [3.0, 4.0], nearest: [3.0, 4.0], radius: 0.0 });
        assert_eq!(inscribed("POLYGON EMPTY"), None);
    }

    #[test]
    fn circles_fit_between_points() {
        let (wkb, _) = wkt::parse("MULTIPOINT((0 0),(4 0),(4 4),(0 4))").unwrap();
        let points = Geometry::try_new(&wkb).unwrap();
        let circle = largest_empty_circle(points, 0.001, None).unwrap().unwrap();
        assert!((circle.radius - 8f64.sqrt()).abs() < 0.01, "{circle:?}");
        let (wkb, _) = wkt::parse("POLYGON((0 0,1 0,1 1,0 1,0 0))").unwrap();
        let corner = Geometry::try_new(&wkb).unwrap();
        let circle = largest_empty_circle(points, 0.001, Some(corner)).unwrap().unwrap();
        assert!((circle.radius - 2f64.sqrt()).abs() < 0.01, "{circle:?}");
    }
}
