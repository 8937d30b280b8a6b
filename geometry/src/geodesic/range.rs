//! Longitudes and latitudes brought into the range of a geography.

use std::borrow::Cow;

use crate::{Coord, Geometry, map_coords, to_iso};

/// Returns a geometry with all longitudes between -180 and 180 and all latitudes between -90 and
/// 90; only positions outside of these move.
pub fn in_range(geometry: Geometry<'_>) -> Cow<'_, [u8]> {
    let mut is_inside = true;
    geometry.sequences(&mut |_, sequence| {
        sequence.for_each_xy(|x, y| is_inside &= is_in_range(x, y));
    });
    if is_inside {
        return to_iso(geometry);
    }
    Cow::Owned(map_coords(geometry, |at| {
        if is_in_range(at.x, at.y) {
            return at;
        }
        Coord { x: longitude(at.x), y: latitude(at.y), ..at }
    }))
}

/// Returns whether a position needs no change; one without numbers does not.
fn is_in_range(x: f64, y: f64) -> bool {
    !(x.abs() > 180.0 || y.abs() > 90.0)
}

/// Returns the longitude of the same meridian above -180, up to 180.
fn longitude(degrees: f64) -> f64 {
    if degrees == -180.0 {
        return 180.0;
    }
    if degrees.abs() <= 180.0 || !degrees.is_finite() {
        return degrees;
    }
    let turned = degrees.rem_euclid(360.0);
    if turned > 180.0 { turned - 360.0 } else { turned }
}

/// Returns the latitude that going on over the pole leads to, without leaving the meridian.
fn latitude(degrees: f64) -> f64 {
    // What is in range keeps its digits.
    if degrees.abs() <= 90.0 || !degrees.is_finite() {
        return degrees;
    }
    let turned = if degrees.abs() > 360.0 {
        degrees - 360.0 * (degrees / 360.0).round_ties_even()
    } else {
        degrees
    };
    let half_turn = 180.0_f64.copysign(turned);
    let folded = if turned.abs() > 180.0 { half_turn - turned } else { turned };
    if folded.abs() > 90.0 { 180.0_f64.copysign(folded) - folded } else { folded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latitudes_go_on_over_the_poles() {
        for (degrees, wanted) in [
            (50.123_456_789, 50.123_456_789),
            (91.0, 89.0),
            (-100.1, -79.9),
            (180.0, 0.0),
            (270.0, -90.0),
            (-300.0, 60.0),
            (450.0, 90.0),
            (-91.0, -89.0),
        ] {
            assert_eq!(latitude(degrees), wanted, "{degrees}");
        }
        assert_eq!(longitude(-180.0), 180.0);
        assert_eq!(longitude(190.0), -170.0);
    }
}
