//! How far the box around a geometry has to reach.

use std::fmt::{self, Display, Formatter};

use crate::Bounds;

/// How far the box around a geometry has to reach in each of the four directions.
///
/// To meet a box, a geometry's own has to begin before that one ends and to end after that one
/// begins; to contain it, it has to begin before that one begins and to end after that one ends.
/// Both are four comparisons, one with each side of the geometry's box, so that each of them can
/// be answered from what is known about that side alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    /// The largest that the smallest X may be.
    pub xmin_at_most: f64,
    /// The largest that the smallest Y may be.
    pub ymin_at_most: f64,
    /// The smallest that the largest X may be.
    pub xmax_at_least: f64,
    /// The smallest that the largest Y may be.
    pub ymax_at_least: f64,
}

impl Reach {
    /// Asks for boxes that share a position with this one.
    pub fn touching(bounds: &Bounds) -> Self {
        Self {
            xmin_at_most: bounds.xmax,
            ymin_at_most: bounds.ymax,
            xmax_at_least: bounds.xmin,
            ymax_at_least: bounds.ymin,
        }
    }

    /// Asks for boxes that this one does not stick out of.
    pub fn containing(bounds: &Bounds) -> Self {
        Self {
            xmin_at_most: bounds.xmin,
            ymin_at_most: bounds.ymin,
            xmax_at_least: bounds.xmax,
            ymax_at_least: bounds.ymax,
        }
    }

    /// Asks for boxes no further from this one than a distance, or for nothing that could be
    /// asked for if the distance is not one.
    ///
    /// The result of a computed distance is rounded: one that is a little more than the limit may
    /// come out as the limit. The box is grown a little more for this.
    pub fn near(bounds: &Bounds, distance: f64) -> Option<Self> {
        if !(distance >= 0.0 && distance.is_finite()) {
            return None;
        }
        let sides = [bounds.xmin, bounds.ymin, bounds.xmax, bounds.ymax];
        let largest = sides.into_iter().fold(distance, |largest, side| largest.max(side.abs()));
        Some(Self::touching(&bounds.expand(distance + 16.0 * f64::EPSILON * largest)))
    }

    /// Returns whether a geometry in this box may have a box that reaches so far. A side that is
    /// not a number is one that is not known.
    #[inline]
    pub fn is_possible_in(&self, bounds: &Bounds) -> bool {
        !(bounds.xmin > self.xmin_at_most
            || bounds.ymin > self.ymin_at_most
            || bounds.xmax < self.xmax_at_least
            || bounds.ymax < self.ymax_at_least)
    }
}

impl Display for Reach {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { xmin_at_most, ymin_at_most, xmax_at_least, ymax_at_least } = self;
        let is_window = xmax_at_least <= xmin_at_most && ymax_at_least <= ymin_at_most;
        let (verb, low, high) = if is_window {
            ("meets", [xmax_at_least, ymax_at_least], [xmin_at_most, ymin_at_most])
        } else {
            ("contains", [xmin_at_most, ymin_at_most], [xmax_at_least, ymax_at_least])
        };
        write!(f, "{verb} BOX({} {}, {} {})", low[0], low[1], high[0], high[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Bounds = Bounds::new(0.0, 0.0, 1.0, 1.0);

    #[test]
    fn borders_count() {
        let meets = Reach::touching(&UNIT);
        assert!(meets.is_possible_in(&Bounds::new(1.0, 1.0, 2.0, 2.0)));
        assert!(!meets.is_possible_in(&Bounds::new(1.0_f64.next_up(), 0.0, 2.0, 1.0)));
        let contains = Reach::containing(&UNIT);
        assert!(contains.is_possible_in(&UNIT));
        assert!(!contains.is_possible_in(&Bounds::new(0.0, 0.0, 1.0, 1.0_f64.next_down())));
    }

    #[test]
    fn unknown_sides_are_possible() {
        let unknown = Bounds::new(f64::NAN, 0.0, f64::NAN, 1.0);
        assert!(Reach::touching(&UNIT).is_possible_in(&unknown));
        assert!(!Reach::touching(&Bounds::point(0.0, 2.0)).is_possible_in(&unknown));
    }

    #[test]
    fn distances_that_are_none_ask_for_nothing() {
        for distance in [-1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Reach::near(&UNIT, distance), None);
        }
        // The distance comes out as 0.1 although the difference is a little more.
        let far = Bounds::point(1.1_f64.next_up(), 0.5);
        assert!(Reach::near(&UNIT, 0.1).unwrap().is_possible_in(&far));
    }

    #[test]
    fn what_is_asked_for_is_shown() {
        assert_eq!(Reach::touching(&UNIT).to_string(), "meets BOX(0 0, 1 1)");
        assert_eq!(Reach::containing(&UNIT).to_string(), "contains BOX(0 0, 1 1)");
    }
}
