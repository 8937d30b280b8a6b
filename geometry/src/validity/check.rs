//! What makes a geometry invalid, and where.

use std::fmt;

use super::nesting;
use super::rings::{Outline, Ring, crossing};
use super::touches;
use crate::planar::Xy;
use crate::{Geometry, Kind, Sequence};

/// What makes a geometry invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flaw {
    /// An ordinate is not finite.
    InvalidCoordinate,
    /// A ring does not end where it starts.
    OpenRing,
    /// A line has fewer than two different positions, or a ring fewer than four.
    TooFewPoints,
    /// Rings cross or run along each other, or a ring crosses itself.
    SelfIntersection,
    /// A ring touches itself.
    RingSelfIntersection,
    /// A hole does not lie in its shell.
    HoleOutsideShell,
    /// A hole lies in another one.
    NestedHoles,
    /// A polygon lies in another one.
    NestedShells,
    /// Rings touch so often that they divide the interior.
    DisconnectedInterior,
}

impl Flaw {
    /// Returns the words `ST_IsValidReason` has for the flaw.
    pub fn reason(self) -> &'static str {
        match self {
            Self::InvalidCoordinate => "Invalid Coordinate",
            Self::OpenRing => "Ring is not closed",
            Self::TooFewPoints => "Too few points in geometry component",
            Self::SelfIntersection => "Self-intersection",
            Self::RingSelfIntersection => "Ring Self-intersection",
            Self::HoleOutsideShell => "Hole lies outside shell",
            Self::NestedHoles => "Holes are nested",
            Self::NestedShells => "Nested shells",
            Self::DisconnectedInterior => "Interior is disconnected",
        }
    }
}

/// What makes a geometry invalid, and where.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Defect {
    /// What is wrong.
    pub flaw: Flaw,
    /// X and Y of a position where it is wrong.
    pub at: [f64; 2],
}

impl Defect {
    pub(super) fn new(flaw: Flaw, at: Xy) -> Self {
        Self { flaw, at }
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [x, y] = self.at.map(number);
        write!(formatter, "{}[{x} {y}]", self.flaw.reason())
    }
}

/// Returns a number with 15 significant digits at most.
fn number(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Inf" } else { "-Inf" }.to_owned();
    }
    let scientific = format!("{value:.14e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |digits: &str| {
        if !digits.contains('.') {
            return digits.to_owned();
        }
        digits.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    if (-4..15).contains(&exponent) {
        let decimals = usize::try_from(14 - exponent).unwrap_or(0);
        let fixed = trim(&format!("{value:.decimals$}"));
        return if fixed == "-0" { "0".to_owned() } else { fixed };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", trim(digits), exponent.abs())
}

/// Returns whether a geometry is valid.
pub fn is_valid(geometry: Geometry<'_>) -> bool {
    defect(geometry, false).is_none()
}

/// Returns the first thing found that makes a geometry invalid, if there is any.
///
/// With `allow_inverted`, a ring may touch itself where that makes a hole or leaves one out, as
/// long as the interior stays connected.
pub fn defect(geometry: Geometry<'_>, allow_inverted: bool) -> Option<Defect> {
    match geometry.kind() {
        Kind::Point => geometry.point().and_then(|at| unplaced([at.x, at.y])),
        Kind::LineString => geometry.line().and_then(line_defect),
        Kind::Polygon => area_defect(&[geometry], allow_inverted),
        Kind::MultiPolygon => {
            let polygons: Vec<Geometry<'_>> = geometry.parts().collect();
            area_defect(&polygons, allow_inverted)
        }
        _ => geometry.parts().find_map(|part| defect(part, allow_inverted)),
    }
}

fn unplaced(at: Xy) -> Option<Defect> {
    let is_finite = at.iter().all(|value| value.is_finite());
    (!is_finite).then_some(Defect::new(Flaw::InvalidCoordinate, at))
}

fn unplaced_in(sequence: Sequence<'_>) -> Option<Defect> {
    (0..sequence.len()).find_map(|index| unplaced(sequence.xy(index)))
}

fn line_defect(line: Sequence<'_>) -> Option<Defect> {
    if let Some(defect) = unplaced_in(line) {
        return Some(defect);
    }
    let first = line.first()?;
    let first = [first.x, first.y];
    let has_extent = (1..line.len()).any(|index| line.xy(index) != first);
    (!has_extent).then_some(Defect::new(Flaw::TooFewPoints, first))
}

fn area_defect(polygons: &[Geometry<'_>], allow_inverted: bool) -> Option<Defect> {
    let mut outline = Outline::default();
    for (number, polygon) in polygons.iter().enumerate() {
        if let Some(defect) = polygon.rings().find_map(unplaced_in) {
            return Some(defect);
        }
        for (index, ring) in polygon.rings().enumerate() {
            if !ring.is_empty() && ring.xy(0) != ring.xy(ring.len() - 1) {
                return Some(Defect::new(Flaw::OpenRing, ring.xy(0)));
            }
            if ring.is_empty() {
                if index == 0 && polygon.rings().skip(1).any(|hole| !hole.is_empty()) {
                    let hole = polygon.rings().skip(1).find(|hole| !hole.is_empty());
                    let at = hole.map_or([f64::NAN; 2], |hole| hole.xy(0));
                    return Some(Defect::new(Flaw::HoleOutsideShell, at));
                }
                continue;
            }
            let role = Ring { polygon: number, is_shell: index == 0, path: 0 };
            if !outline.add(ring, role) {
                return Some(Defect::new(Flaw::TooFewPoints, ring.xy(0)));
            }
        }
    }
    if outline.rings.is_empty() {
        return None;
    }
    let outline = outline.indexed();
    let mut contacts = Vec::new();
    if let Some(defect) = crossing(&outline, allow_inverted, &mut contacts) {
        return Some(defect);
    }
    nesting::defect(&outline).or_else(|| touches::disconnected(&outline, &contacts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn defects_have_a_place() {
        for (text, expected) in [
            ("POLYGON((0 0,2 2,2 0,0 2,0 0))", "Self-intersection[1 1]"),
            ("POLYGON((0 0,2 0,1 1,2 2,0 2,1 1,0 0))", "Ring Self-intersection[1 1]"),
            ("POLYGON((0 0,9 0,9 9,0 9,0 0),(0 5,5 9,9 5,5 0,0 5))", "Interior is disconnected["),
            ("MULTIPOLYGON(((0 0,9 0,9 9,0 9,0 0)),((9 3,9 5,7 4,9 3)))", "Self-intersection[9 3]"),
            ("POLYGON((0 0,1e20 0,0 1,1e20 1,0 0))", "Self-intersection[5e+19 0.5]"),
        ] {
            let (wkb, _) = wkt::parse(text).unwrap();
            let found = defect(Geometry::try_new(&wkb).unwrap(), false);
            let found = found.map(|defect| defect.to_string()).unwrap_or_default();
            assert!(found.starts_with(expected), "{text}: {found}");
        }
    }

    #[test]
    fn rings_may_touch_in_points() {
        for text in [
            "POLYGON((0 0,9 0,9 9,0 9,0 0),(0 0,2 1,1 2,0 0))",
            "POLYGON((0 0,9 0,9 9,0 9,0 0),(2 2,4 2,4 4,2 2),(4 4,6 4,6 6,4 4))",
            "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((1 1,2 1,2 2,1 1)))",
            "MULTIPOLYGON(((0 0,9 0,9 9,0 9,0 0),(1 1,8 1,8 8,1 8,1 1)),((2 2,3 2,3 3,2 2)))",
        ] {
            let (wkb, _) = wkt::parse(text).unwrap();
            assert_eq!(defect(Geometry::try_new(&wkb).unwrap(), false), None, "{text}");
        }
    }
}
