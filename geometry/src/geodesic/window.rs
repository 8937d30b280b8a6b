//! Boxes of longitudes and latitudes that hold geographies and what is near them.

use super::vector::{Vector, cross, norm, vector};
use super::{DEVIATION, RADIUS};
use crate::{Bounds, Geometry};

/// All longitudes and latitudes.
const EARTH: Bounds = Bounds::new(-180.0, -90.0, 180.0, 90.0);

/// What rounding may add to a latitude, in degrees.
const ROUNDING: f64 = 1e-9;

/// What rounding may add to a distance, in metres; more than [`super::dwithin`] allows for.
const TOLERANCE: f64 = 1e-3;

/// Returns a box of longitudes and latitudes that holds a geography with its great-circle edges
/// and its interior; all of the earth when an edge crosses the meridian of 180 degrees or a
/// position is out of range. Nothing for an empty geography.
pub fn bounds(geography: Geometry<'_>) -> Option<Bounds> {
    let mut bounds = geography.bounds()?;
    if bounds.xmin < -180.0 || bounds.xmax > 180.0 || bounds.ymin < -90.0 || bounds.ymax > 90.0 {
        return Some(EARTH);
    }
    let mut crosses = false;
    geography.sequences(&mut |_, sequence| {
        let mut last: Option<([f64; 2], Vector)> = None;
        sequence.for_each_xy(|x, y| {
            let at = vector([x, y]);
            if let Some((from, before)) = last {
                // What is half a turn apart is joined over a pole.
                crosses |= (x - from[0]).abs() >= 180.0;
                let [lowest, highest] = latitudes([before, at], [from[1], y]);
                bounds.ymin = bounds.ymin.min(lowest);
                bounds.ymax = bounds.ymax.max(highest);
            }
            last = Some(([x, y], at));
        });
    });
    Some(if crosses { EARTH } else { bounds })
}

/// Returns the lowest and the highest latitude of a great-circle edge, given with those of its
/// ends.
fn latitudes([from, to]: [Vector; 2], ends: [f64; 2]) -> [f64; 2] {
    let [mut lowest, mut highest] = [ends[0].min(ends[1]), ends[0].max(ends[1])];
    let pole = cross(from, to);
    let size = norm(pole);
    if size < 1e-15 {
        return [lowest, highest];
    }
    // How steeply the edge goes north where it starts and where it ends.
    let (start, end) = (cross(pole, from)[2], cross(pole, to)[2]);
    let turn = (pole[2] / size).abs().min(1.0).acos().to_degrees();
    if start > 0.0 && end < 0.0 {
        highest = highest.max(turn) + ROUNDING;
    }
    if start < 0.0 && end > 0.0 {
        lowest = lowest.min(-turn) - ROUNDING;
    }
    [lowest, highest]
}

/// Returns boxes that hold everything no further than some metres from what a box of longitudes
/// and latitudes holds; two when they lie on both sides of the meridian of 180 degrees.
pub fn near(bounds: &Bounds, metres: f64) -> [Option<Bounds>; 2] {
    let angle = (metres * (1.0 + DEVIATION) + TOLERANCE) / RADIUS;
    let degrees = angle.to_degrees() + ROUNDING;
    let (ymin, ymax) = (bounds.ymin - degrees, bounds.ymax + degrees);
    // A circle around a pole has all longitudes; a NaN has them too.
    if !(ymin > -90.0 && ymax < 90.0 && angle < std::f64::consts::FRAC_PI_2) {
        let all = Bounds::new(EARTH.xmin, ymin.max(EARTH.ymin), EARTH.xmax, ymax.min(EARTH.ymax));
        return [Some(all), None];
    }
    let farthest = bounds.ymin.abs().max(bounds.ymax.abs()).to_radians();
    let turn = (angle.sin() / farthest.cos()).min(1.0).asin().to_degrees() + ROUNDING;
    let (xmin, xmax) = (bounds.xmin - turn, bounds.xmax + turn);
    let between = |xmin, xmax| Some(Bounds::new(xmin, ymin, xmax, ymax));
    if xmax - xmin >= 360.0 {
        return [between(EARTH.xmin, EARTH.xmax), None];
    }
    if xmin < EARTH.xmin {
        return [between(EARTH.xmin, xmax), between(xmin + 360.0, EARTH.xmax)];
    }
    if xmax > EARTH.xmax {
        return [between(xmin, EARTH.xmax), between(EARTH.xmin, xmax - 360.0)];
    }
    [between(xmin, xmax), None]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geodesic::{Figure, dwithin};
    use crate::{wkt, write};

    fn numbers(seed: u64) -> impl FnMut(f64) -> f64 {
        let mut state = seed;
        move |most| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(99);
            f64::from(u32::try_from(state >> 40).expect("24 bits")) / f64::from(1 << 24) * most
        }
    }

    fn read(bytes: &[u8]) -> Geometry<'_> {
        Geometry::try_new(bytes).expect("good WKB")
    }

    fn meet(windows: [Option<Bounds>; 2], bounds: &Bounds) -> bool {
        windows.iter().flatten().any(|window| window.intersects(bounds))
    }

    #[test]
    fn what_is_near_meets_a_window() {
        let mut number = numbers(3);
        let mut near_count = 0;
        for round in 0..40_000 {
            let shape = |x: f64, y: f64, number: &mut dyn FnMut(f64) -> f64| match round % 3 {
                0 => write::point_xy(x, y),
                1 => {
                    let (to_x, to_y) = (number(360.0) - 180.0, number(180.0) - 90.0);
                    wkt::parse(&format!("LINESTRING({x} {y},{to_x} {to_y})")).expect("WKT").0
                }
                _ => {
                    let (e, n) = ((x + number(60.0)).min(180.0), (y + number(40.0)).min(90.0));
                    let text = format!("POLYGON(({x} {y},{e} {y},{e} {n},{x} {n},{x} {y}))");
                    wkt::parse(&text).expect("WKT").0
                }
            };
            // Many positions near the poles and the meridian of 180 degrees.
            let x =
                if round % 2 == 0 { number(360.0) - 180.0 } else { 179.0 - number(358.0).round() };
            let y = if round % 5 == 0 { 90.0 - number(3.0) } else { number(180.0) - 90.0 };
            let other = [number(360.0) - 180.0, number(180.0) - 90.0];
            let (a, b) = (shape(x, y, &mut number), shape(other[0], other[1], &mut number));
            let (a, b) = (read(&a), read(&b));
            let metres = number(2_000_000.0);
            let (of_a, of_b) = (bounds(a).expect("a box"), bounds(b).expect("a box"));
            if dwithin(a, b, metres, Figure::Spheroid) {
                near_count += 1;
                assert!(meet(near(&of_a, metres), &of_b), "{round}: {of_a:?} {of_b:?} {metres}");
                assert!(meet(near(&of_b, metres), &of_a), "{round}: {of_b:?} {of_a:?} {metres}");
            }
        }
        assert!(near_count > 2000, "{near_count} pairs are near");
    }

    #[test]
    fn windows_go_on_behind_the_meridian_of_180_degrees() {
        let windows = near(&Bounds::point(179.9, 0.0), 50_000.0);
        assert!(
            meet(windows, &Bounds::point(-179.9, 0.0)) && meet(windows, &Bounds::point(179.6, 0.0))
        );
        assert!(
            !meet(windows, &Bounds::point(-179.0, 0.0)) && !meet(windows, &Bounds::point(0.0, 0.0))
        );
        let windows = near(&Bounds::point(180.0, 10.0), 0.0);
        assert!(meet(windows, &Bounds::point(-180.0, 10.0)));
        let windows = near(&Bounds::point(0.0, 89.9), 50_000.0);
        assert!(
            meet(windows, &Bounds::point(170.0, 89.9)) && !meet(windows, &Bounds::point(0.0, 89.0))
        );
    }

    #[test]
    fn edges_reach_beyond_the_latitudes_of_their_ends() {
        let line = wkt::parse("LINESTRING(-60 50,60 50)").expect("WKT").0;
        let found = bounds(read(&line)).expect("a box");
        // tan(latitude of the middle) = tan(50) / cos(60).
        let middle = (50_f64.to_radians().tan() / 60_f64.to_radians().cos()).atan().to_degrees();
        assert!((found.ymax - middle).abs() < 1e-6 && found.ymin == 50.0, "{found:?} {middle}");
        let across = wkt::parse("LINESTRING(170 10,-170 10)").expect("WKT").0;
        assert_eq!(bounds(read(&across)), Some(EARTH));
        assert_eq!(bounds(read(&wkt::parse("POINT EMPTY").expect("WKT").0)), None);
    }
}
