//! Lines whose measures are times: where two of them come closest at the same time.

use super::space::{Xyz, along, distance_squared, dot, subtract};
use crate::{Geometry, GeometryError, Kind};

/// The time and the distance of the closest approach of two trajectories.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Approach {
    /// The first time at which the trajectories are closest.
    pub time: f64,
    /// The distance at that time.
    pub distance: f64,
}

/// Returns where two trajectories come closest to each other; nothing when they share no time.
pub fn closest_approach(
    a: Geometry<'_>,
    b: Geometry<'_>,
) -> Result<Option<Approach>, GeometryError> {
    let (a, b) = (Track::new(a)?, Track::new(b)?);
    let (start, end) = (a.start.max(b.start), a.end.min(b.end));
    let mut times: Vec<f64> = a.stops.iter().chain(&b.stops).map(|stop| stop.time).collect();
    times.retain(|time| start <= *time && *time <= end);
    times.sort_by(f64::total_cmp);
    times.dedup();
    let mut best: Option<Approach> = None;
    if let [time] = times.as_slice() {
        let places = a.at(*time).zip(b.at(*time));
        best =
            places.map(|(p, q)| Approach { time: *time, distance: distance_squared(p, q).sqrt() });
    }
    for (from, to) in times.iter().zip(times.iter().skip(1)) {
        let places = (a.at(*from), a.at(*to), b.at(*from), b.at(*to));
        let (Some(a0), Some(a1), Some(b0), Some(b1)) = places else { continue };
        let (part, distance) = closest_part([a0, a1], [b0, b1]);
        if best.is_none_or(|best| distance < best.distance) {
            best = Some(Approach { time: from + part * (to - from), distance });
        }
    }
    Ok(best)
}

/// Returns whether a geometry is a line whose measures grow from each vertex to the next.
pub fn is_trajectory(geometry: Geometry<'_>) -> bool {
    let Some(line) = geometry.line() else { return false };
    let mut before = f64::NEG_INFINITY;
    geometry.dimension().has_m()
        && line.iter().all(|coord| {
            let is_later = coord.m > before;
            before = coord.m;
            is_later
        })
}

/// A place and a time; without heights the places lie at height 0.
#[derive(Debug, Clone, Copy)]
struct Stop {
    time: f64,
    place: Xyz,
}

#[derive(Debug)]
struct Track {
    stops: Vec<Stop>,
    start: f64,
    end: f64,
}

impl Track {
    fn new(geometry: Geometry<'_>) -> Result<Self, GeometryError> {
        let refuse = |reason: &str| GeometryError::InvalidArgument { reason: reason.to_owned() };
        if !geometry.dimension().has_m() {
            return Err(refuse("a trajectory must have measures"));
        }
        let Some(line) = geometry.line().filter(|_| geometry.kind() == Kind::LineString) else {
            return Err(refuse("a trajectory must be a line"));
        };
        if line.len() < 2 {
            return Err(refuse("a trajectory must have at least 2 points"));
        }
        let has_z = geometry.dimension().has_z();
        let stops: Vec<Stop> = line
            .iter()
            .map(|coord| Stop {
                time: coord.m,
                place: [coord.x, coord.y, if has_z { coord.z } else { 0.0 }],
            })
            .collect();
        let start = stops.iter().map(|stop| stop.time).fold(f64::INFINITY, f64::min);
        let end = stops.iter().map(|stop| stop.time).fold(f64::NEG_INFINITY, f64::max);
        Ok(Self { stops, start, end })
    }

    /// Returns the place at a time; the first one if there are several.
    fn at(&self, time: f64) -> Option<Xyz> {
        self.stops.iter().zip(self.stops.iter().skip(1)).find_map(|(from, to)| {
            if time < from.time.min(to.time) || time > from.time.max(to.time) {
                return None;
            }
            let duration = to.time - from.time;
            let part = if duration == 0.0 { 0.0 } else { (time - from.time) / duration };
            Some(along([from.place, to.place], part))
        })
    }
}

/// Returns when two places that move at constant speeds are closest, as a part of the time, and
/// their distance then.
fn closest_part(a: [Xyz; 2], b: [Xyz; 2]) -> (f64, f64) {
    let between = subtract(a[0], b[0]);
    let drift = subtract(subtract(a[1], a[0]), subtract(b[1], b[0]));
    let speed = dot(drift, drift);
    let part = if speed == 0.0 { 0.0 } else { (-dot(between, drift) / speed).clamp(0.0, 1.0) };
    (part, distance_squared(along(a, part), along(b, part)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn approach(a: &str, b: &str) -> Result<Option<Approach>, GeometryError> {
        let (a, b) = (wkt::parse(a)?.0, wkt::parse(b)?.0);
        closest_approach(Geometry::try_new(&a)?, Geometry::try_new(&b)?)
    }

    #[test]
    fn trajectories_come_closest_at_a_time() {
        let east = "LINESTRING M (0 0 0,10 0 10)";
        let found = approach(east, "LINESTRING M (6 -4 0,6 6 10)").unwrap().unwrap();
        assert_eq!((found.time, found.distance), (5.0, 2_f64.sqrt()));
        let same = approach(east, east).unwrap().unwrap();
        assert_eq!((same.time, same.distance), (0.0, 0.0));
        let after = approach(east, "LINESTRING M (13 4 10,0 0 20)").unwrap().unwrap();
        assert_eq!((after.time, after.distance), (10.0, 5.0));
        assert_eq!(approach(east, "LINESTRING M (0 0 11,1 0 12)"), Ok(None));
        assert!(approach(east, "LINESTRING(0 0,1 1)").is_err());
        assert!(approach(east, "POINT M (0 0 1)").is_err());
    }
}
