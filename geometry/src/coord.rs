//! One coordinate.

use crate::Dimension;

/// One coordinate; an absent height or measure is NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coord {
    /// The easting or longitude.
    pub x: f64,
    /// The northing or latitude.
    pub y: f64,
    /// The height.
    pub z: f64,
    /// The measure.
    pub m: f64,
}

impl Coord {
    /// The coordinate whose ordinates are all NaN, which is how WKB writes an empty point.
    pub const NAN: Self = Self { x: f64::NAN, y: f64::NAN, z: f64::NAN, m: f64::NAN };

    /// Returns a coordinate without height and measure.
    pub const fn xy(x: f64, y: f64) -> Self {
        Self { x, y, z: f64::NAN, m: f64::NAN }
    }

    /// Returns a coordinate with a height and without measure.
    pub const fn xyz(x: f64, y: f64, z: f64) -> Self {
        Self { x, y, z, m: f64::NAN }
    }

    /// Returns the coordinate of the first ordinates in the order of the dimension.
    pub fn from_ordinates(ordinates: [f64; 4], dimension: Dimension) -> Self {
        let [x, y, third, fourth] = ordinates;
        match dimension {
            Dimension::Xy => Self::xy(x, y),
            Dimension::Xyz => Self::xyz(x, y, third),
            Dimension::Xym => Self { x, y, z: f64::NAN, m: third },
            Dimension::Xyzm => Self { x, y, z: third, m: fourth },
        }
    }

    /// Returns the ordinates in the order of the dimension; only the first `size()` count.
    pub fn ordinates(self, dimension: Dimension) -> [f64; 4] {
        match dimension {
            Dimension::Xy => [self.x, self.y, f64::NAN, f64::NAN],
            Dimension::Xyz => [self.x, self.y, self.z, f64::NAN],
            Dimension::Xym => [self.x, self.y, self.m, f64::NAN],
            Dimension::Xyzm => [self.x, self.y, self.z, self.m],
        }
    }

    /// Returns whether X and Y are both NaN, which in a point means that it is empty.
    pub fn is_nan(self) -> bool {
        self.x.is_nan() && self.y.is_nan()
    }
}
