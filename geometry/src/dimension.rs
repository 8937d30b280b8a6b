//! The four dimensions of coordinates.

use crate::Kind;

/// Which ordinates the coordinates of a geometry have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[repr(u8)]
pub enum Dimension {
    /// X and Y.
    #[default]
    Xy = 0,
    /// X, Y and a height.
    Xyz = 1,
    /// X, Y and a measure.
    Xym = 2,
    /// X, Y, a height and a measure.
    Xyzm = 3,
}

impl Dimension {
    /// Returns the dimension with or without height and measure.
    pub fn new(has_z: bool, has_m: bool) -> Self {
        match (has_z, has_m) {
            (false, false) => Self::Xy,
            (true, false) => Self::Xyz,
            (false, true) => Self::Xym,
            (true, true) => Self::Xyzm,
        }
    }

    /// Returns whether coordinates have a height.
    pub fn has_z(self) -> bool {
        matches!(self, Self::Xyz | Self::Xyzm)
    }

    /// Returns whether coordinates have a measure.
    pub fn has_m(self) -> bool {
        matches!(self, Self::Xym | Self::Xyzm)
    }

    /// Returns the number of ordinates of one coordinate: 2 to 4.
    pub fn size(self) -> usize {
        match self {
            Self::Xy => 2,
            Self::Xyz | Self::Xym => 3,
            Self::Xyzm => 4,
        }
    }

    /// Returns the number of bytes of one coordinate.
    pub fn stride(self) -> usize {
        self.size() * 8
    }

    /// Returns the ISO WKB type code of a kind in this dimension: 1003 for a polygon with Z.
    pub fn iso_code(self, kind: Kind) -> u32 {
        kind.code() + 1000 * u32::from(self as u8)
    }

    /// Returns the smallest dimension that holds the ordinates of both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self::new(self.has_z() || other.has_z(), self.has_m() || other.has_m())
    }
}
