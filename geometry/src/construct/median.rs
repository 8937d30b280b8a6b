//! The geometric median: the position with the least sum of distances.

use crate::{Coord, Dimension, Geometry, GeometryError, Kind, to_iso, write};

/// The least tolerance that is chosen by itself.
const MIN_TOLERANCE: f64 = 1e-8;
/// The part of the smallest extent that is chosen as tolerance.
const TOLERANCE_PART: f64 = 1e-6;

/// When the search for a median ends.
#[derive(Debug, Clone, Copy)]
pub struct MedianSearch {
    /// How little the sum of distances must shrink to stop; chosen by the extent if not given.
    pub tolerance: Option<f64>,
    /// The most steps.
    pub max_iterations: u64,
    /// Whether it is an error when the steps do not suffice.
    pub must_converge: bool,
}

impl Default for MedianSearch {
    fn default() -> Self {
        Self { tolerance: None, max_iterations: 10_000, must_converge: false }
    }
}

/// Returns the position with the least sum of distances from the points of a multipoint, in space
/// if they have heights; measures are weights.
pub fn geometric_median(
    geometry: Geometry<'_>,
    search: MedianSearch,
) -> Result<Vec<u8>, GeometryError> {
    match geometry.kind() {
        Kind::Point => return Ok(to_iso(geometry).into_owned()),
        Kind::MultiPoint => {}
        kind => {
            let reason = format!("the median is taken of points, not of a {}", kind.pg_name());
            return Err(GeometryError::InvalidArgument { reason });
        }
    }
    if search.tolerance.is_some_and(|tolerance| tolerance < 0.0 || tolerance.is_nan()) {
        let reason = "the tolerance of the median must not be negative".to_owned();
        return Err(GeometryError::InvalidArgument { reason });
    }
    if geometry.is_empty() {
        return Ok(write::empty(Kind::Point, Dimension::Xy));
    }
    let points = weighted_points(geometry)?;
    let tolerance = search.tolerance.unwrap_or_else(|| default_tolerance(geometry));
    let (at, is_found) = iterate(&points, tolerance, search.max_iterations);
    if search.must_converge && !is_found {
        let reason = format!("the median was not found in {} iterations", search.max_iterations);
        return Err(GeometryError::InvalidArgument { reason });
    }
    let [x, y, z] = at;
    Ok(write::point(Coord::xyz(x, y, z), Dimension::new(geometry.dimension().has_z(), false)))
}

type Xyz = [f64; 3];

fn weighted_points(geometry: Geometry<'_>) -> Result<Vec<(Xyz, f64)>, GeometryError> {
    let dimension = geometry.dimension();
    let mut points = Vec::with_capacity(geometry.part_count());
    let mut is_negative = false;
    geometry.coords(|coord| {
        let z = if dimension.has_z() { coord.z } else { 0.0 };
        let weight = if dimension.has_m() { coord.m } else { 1.0 };
        is_negative |= weight < 0.0;
        if weight > f64::EPSILON {
            points.push(([coord.x, coord.y, z], weight));
        }
    });
    let reason = match (is_negative, points.is_empty()) {
        (true, _) => "the median of points with negative weights is not known",
        (false, true) => "the median needs a point with a positive weight",
        (false, false) => return Ok(points),
    };
    Err(GeometryError::InvalidArgument { reason: reason.to_owned() })
}

fn default_tolerance(geometry: Geometry<'_>) -> f64 {
    let Some(bounds) = geometry.bounds() else { return MIN_TOLERANCE };
    let mut extent = bounds.width().min(bounds.height());
    if geometry.dimension().has_z() {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        geometry.coords(|coord| {
            low = low.min(coord.z);
            high = high.max(coord.z);
        });
        extent = extent.min(high - low);
    }
    MIN_TOLERANCE.max(TOLERANCE_PART * extent)
}

/// Returns the median after Weiszfeld, and whether it was found in time.
fn iterate(points: &[(Xyz, f64)], tolerance: f64, max_iterations: u64) -> (Xyz, bool) {
    let mass: f64 = points.iter().map(|(_, weight)| weight).sum();
    let mut current = sum(points.iter().map(|(at, weight)| at.map(|value| value * weight)));
    current = current.map(|value| value / mass);
    let mut total = total_distance(points, current);
    for _ in 0..max_iterations {
        let Some(next) = step(points, current) else { return (current, true) };
        let next_total = total_distance(points, next);
        if total - next_total < tolerance || !next_total.is_finite() {
            return (current, true);
        }
        current = next;
        total = next_total;
    }
    (current, false)
}

/// Returns the next approximation; nothing when all points lie on the current one.
fn step(points: &[(Xyz, f64)], current: Xyz) -> Option<Xyz> {
    let mut next = [0.0; 3];
    let mut pull = [0.0; 3];
    let mut share = 0.0;
    let mut is_on_point = false;
    for (at, weight) in points {
        let distance = distance(*at, current) / weight;
        if distance <= f64::EPSILON {
            is_on_point = true;
            continue;
        }
        next = [0, 1, 2].map(|axis| next[axis] + at[axis] / distance);
        pull = [0, 1, 2].map(|axis| pull[axis] + (at[axis] - current[axis]) / distance);
        share += 1.0 / distance;
    }
    if share < f64::EPSILON {
        return None;
    }
    let next = next.map(|value| value / share);
    let pull = pull.iter().map(|value| value * value).sum::<f64>().sqrt();
    if !is_on_point || pull <= f64::EPSILON {
        return Some(next);
    }
    // On a point the method would stay there: Vardi and Zhang weigh how far the others pull.
    let stay = 1.0 / pull;
    Some([0, 1, 2].map(|axis| (1.0 - stay) * next[axis] + stay * current[axis]))
}

fn total_distance(points: &[(Xyz, f64)], from: Xyz) -> f64 {
    points.iter().map(|(at, weight)| weight * distance(*at, from)).sum()
}

fn distance(a: Xyz, b: Xyz) -> f64 {
    let [x, y, z] = [0, 1, 2].map(|axis| a[axis] - b[axis]);
    (x * x + y * y + z * z).sqrt()
}

fn sum(values: impl Iterator<Item = Xyz>) -> Xyz {
    values.fold([0.0; 3], |sum, next| [0, 1, 2].map(|axis| sum[axis] + next[axis]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn median(text: &str) -> String {
        let (wkb, _) = wkt::parse(text).unwrap();
        let search = MedianSearch { tolerance: Some(1e-12), ..MedianSearch::default() };
        match geometric_median(Geometry::try_new(&wkb).unwrap(), search) {
            Ok(median) => wkt::format(Geometry::try_new(&median).unwrap(), 3),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn medians_are_not_averages() {
        for (text, expected) in [
            ("POINT(1 2)", "POINT(1 2)"),
            ("MULTIPOINT((0 0),(10 0),(0 10),(10 10))", "POINT(5 5)"),
            ("MULTIPOINT((0 0),(1 0),(100 0))", "POINT(1 0)"),
            ("MULTIPOINT Z ((0 0 0),(0 0 10),(10 0 5),(-10 0 5))", "POINT Z (0 0 5)"),
            ("MULTIPOINT M ((0 0 1),(10 0 5))", "POINT(10 0)"),
            ("MULTIPOINT EMPTY", "POINT EMPTY"),
        ] {
            assert_eq!(median(text), expected, "{text}");
        }
        assert!(median("LINESTRING(0 0,1 1)").contains("ST_LineString"));
        assert!(median("MULTIPOINT M ((0 0 -1),(10 0 5))").contains("negative"));
        assert!(median("MULTIPOINT M ((0 0 0),(10 0 0))").contains("positive"));
    }
}
