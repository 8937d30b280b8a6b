//! What is known about the boxes around the geometries of many rows.

use crate::{Bounds, filter::Reach};

/// The X of boxes that may go around the back of the globe: nothing is known.
const WRAPPED_X: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];

/// What is known about the boxes around the geometries of many rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Extent {
    /// Nothing.
    Unknown,
    /// There are none: every geometry is NULL or empty.
    Empty,
    /// They lie in this box.
    Within(Bounds),
}

impl Extent {
    /// Returns the extent of numbers that were stored with the data.
    ///
    /// A box whose western side is east of its eastern one goes around the back of the globe; its
    /// X says nothing about coordinates in the plane. One with a number that is not finite or with
    /// south and north exchanged is not believed.
    pub fn from_stored(bounds: Bounds) -> Self {
        let sides = [bounds.xmin, bounds.ymin, bounds.xmax, bounds.ymax];
        if !sides.into_iter().all(f64::is_finite) || bounds.ymin > bounds.ymax {
            return Self::Unknown;
        }
        if bounds.xmin <= bounds.xmax {
            return Self::Within(bounds);
        }
        let [xmin, xmax] = WRAPPED_X;
        Self::Within(Bounds { xmin, xmax, ..bounds })
    }

    /// Returns whether one of the boxes may reach so far.
    pub fn may_reach(&self, reach: &Reach) -> bool {
        match self {
            Self::Unknown => true,
            Self::Empty => false,
            Self::Within(bounds) => reach.is_possible_in(bounds),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_around_the_globe_bound_only_y() {
        let extent = Extent::from_stored(Bounds::new(170.0, -10.0, -170.0, 10.0));
        let near = |x, y| extent.may_reach(&Reach::touching(&Bounds::point(x, y)));
        assert!(near(175.0, 0.0) && near(-175.0, 0.0) && near(0.0, 0.0));
        assert!(!near(175.0, 11.0));
    }

    #[test]
    fn broken_boxes_are_not_believed() {
        for bounds in [
            Bounds::new(f64::NAN, 0.0, 1.0, 1.0),
            Bounds::new(0.0, 0.0, f64::INFINITY, 1.0),
            Bounds::new(0.0, 1.0, 1.0, 0.0),
        ] {
            assert_eq!(Extent::from_stored(bounds), Extent::Unknown);
        }
    }
}
