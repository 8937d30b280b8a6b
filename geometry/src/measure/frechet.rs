//! How far apart two geometries are when both are walked along at once, from start to end.

use super::extreme::pieces;
use crate::planar::{Xy, distance_squared};
use crate::{Geometry, interrupt};

/// Returns the discrete Fréchet distance: the shortest leash with which one can walk along the
/// vertices of both geometries without turning back; nothing when one of them is empty or has an
/// ordinate that is not finite.
///
/// With a fraction, edges are cut into pieces of that part of their length, and the cuts count as
/// vertices.
pub fn frechet_distance(a: Geometry<'_>, b: Geometry<'_>, fraction: Option<f64>) -> Option<f64> {
    let (a, b) = (stops(a, fraction), stops(b, fraction));
    if a.is_empty() || b.is_empty() || !is_finite(&a) || !is_finite(&b) {
        return None;
    }
    // The leash needed to have come to each stop of the second geometry.
    let mut leashes = vec![f64::INFINITY; b.len()];
    for (row, from) in a.iter().enumerate() {
        if interrupt::is_over_after(b.len()) {
            return None;
        }
        let mut behind = if row == 0 { 0.0 } else { f64::INFINITY };
        let mut beside = f64::INFINITY;
        for (leash, to) in leashes.iter_mut().zip(&b) {
            let easiest = leash.min(behind).min(beside);
            behind = *leash;
            beside = easiest.max(distance_squared(*from, *to));
            *leash = beside;
        }
    }
    leashes.last().map(|squared| squared.sqrt())
}

/// Returns the vertices in order, with the cuts between them.
fn stops(geometry: Geometry<'_>, fraction: Option<f64>) -> Vec<Xy> {
    let mut vertices = Vec::new();
    geometry.coords(|coord| vertices.push([coord.x, coord.y]));
    let pieces = fraction.map_or(1, pieces);
    if pieces == 1 {
        return vertices;
    }
    let mut stops = Vec::new();
    for (start, end) in vertices.iter().zip(vertices.iter().skip(1)) {
        for piece in 0..pieces {
            let t = f64::from(piece) / f64::from(pieces);
            stops.push([start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])]);
        }
    }
    stops.extend(vertices.last());
    stops
}

fn is_finite(stops: &[Xy]) -> bool {
    stops.iter().flatten().all(|ordinate| ordinate.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn between(a: &str, b: &str, fraction: Option<f64>) -> Option<f64> {
        let (a, b) = (wkt::parse(a).unwrap().0, wkt::parse(b).unwrap().0);
        frechet_distance(Geometry::try_new(&a).unwrap(), Geometry::try_new(&b).unwrap(), fraction)
    }

    #[test]
    fn the_leash_is_as_short_as_the_walk_allows() {
        let (low, bent) = ("LINESTRING(0 0,100 0)", "LINESTRING(0 0,50 50,100 0)");
        assert_eq!(between(low, low, None), Some(0.0));
        assert!((between(low, bent, None).unwrap() - 5000_f64.sqrt()).abs() < 1e-12);
        assert_eq!(between(low, bent, Some(0.5)), Some(50.0));
        assert_eq!(between("LINESTRING(0 0,2 0)", "LINESTRING(2 0,0 0)", None), Some(2.0));
        assert_eq!(between("POINT(0 0)", "POINT(3 4)", None), Some(5.0));
        assert_eq!(between("POINT(0 0)", "POINT EMPTY", None), None);
    }
}
