//! The nine intersections of interiors, boundaries and exteriors.

use std::cmp::Ordering;
use std::fmt;

use crate::GeometryError;
use crate::planar::Location;

/// The dimensions of the nine intersections of interior, boundary and exterior of two geometries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Matrix {
    /// Row by row, the first geometry's parts being rows; -1 is no intersection.
    cells: [i8; 9],
}

impl Matrix {
    /// The matrix of two geometries of which nothing is known: their exteriors meet.
    pub(super) const EXTERIORS: Self = Self { cells: [-1, -1, -1, -1, -1, -1, -1, -1, 2] };

    /// Raises the dimension of one intersection.
    #[inline]
    pub(super) fn raise(&mut self, a: Location, b: Location, dimension: i8) {
        let cell = &mut self.cells[a as usize * 3 + b as usize];
        *cell = (*cell).max(dimension);
    }

    /// Returns the dimension of one intersection, -1 when there is none.
    #[inline]
    pub(super) fn get(&self, a: Location, b: Location) -> i8 {
        self.cells[a as usize * 3 + b as usize]
    }

    /// Returns the matrix of the geometries exchanged.
    #[must_use]
    pub fn transpose(&self) -> Self {
        let [ii, ib, ie, bi, bb, be, ei, eb, ee] = self.cells;
        Self { cells: [ii, bi, ei, ib, bb, eb, ie, be, ee] }
    }

    /// Returns whether the matrix has a pattern: nine of `T`, `F`, `*`, `0`, `1` and `2`.
    pub fn matches(&self, pattern: &str) -> Result<bool, GeometryError> {
        let invalid = || GeometryError::InvalidArgument {
            reason: format!(
                "the pattern \"{pattern}\" must be nine of the characters T, F, *, 0, 1 and 2"
            ),
        };
        if pattern.len() != 9 {
            return Err(invalid());
        }
        let mut all = true;
        for (cell, symbol) in self.cells.iter().zip(pattern.chars()) {
            all &= match symbol {
                'T' | 't' => *cell >= 0,
                'F' | 'f' => *cell < 0,
                '*' => true,
                '0' => *cell == 0,
                '1' => *cell == 1,
                '2' => *cell == 2,
                _ => return Err(invalid()),
            };
        }
        Ok(all)
    }

    /// Returns the matrix written as nine of `F`, `0`, `1` and `2`.
    pub fn parse(text: &str) -> Result<Self, GeometryError> {
        let mut matrix = Self { cells: [-1; 9] };
        let invalid = || GeometryError::InvalidArgument {
            reason: format!("the matrix \"{text}\" must be nine of the characters F, 0, 1 and 2"),
        };
        if text.len() != 9 {
            return Err(invalid());
        }
        for (cell, symbol) in matrix.cells.iter_mut().zip(text.chars()) {
            *cell = match symbol {
                'F' | 'f' => -1,
                '0' | 'T' | 't' => 0,
                '1' => 1,
                '2' => 2,
                _ => return Err(invalid()),
            };
        }
        Ok(matrix)
    }

    pub(super) fn intersects(&self) -> bool {
        let [ii, ib, _, bi, bb, ..] = self.cells;
        ii >= 0 || ib >= 0 || bi >= 0 || bb >= 0
    }

    pub(super) fn contains(&self) -> bool {
        let [ii, _, _, _, _, _, ei, eb, _] = self.cells;
        ii >= 0 && ei < 0 && eb < 0
    }

    pub(super) fn covers(&self) -> bool {
        let [.., ei, eb, _] = self.cells;
        self.intersects() && ei < 0 && eb < 0
    }

    pub(super) fn contains_properly(&self) -> bool {
        let [ii, _, _, bi, bb, _, ei, eb, _] = self.cells;
        ii >= 0 && bi < 0 && bb < 0 && ei < 0 && eb < 0
    }

    pub(super) fn touches(&self) -> bool {
        self.cells[0] < 0 && self.intersects()
    }

    pub(super) fn crosses(&self, dimension_a: i8, dimension_b: i8) -> bool {
        let [ii, _, ie, _, _, _, ei, ..] = self.cells;
        match dimension_a.cmp(&dimension_b) {
            Ordering::Less => ii >= 0 && ie >= 0,
            Ordering::Greater => ii >= 0 && ei >= 0,
            Ordering::Equal => dimension_a == 1 && ii == 0,
        }
    }

    pub(super) fn overlaps(&self, dimension_a: i8, dimension_b: i8) -> bool {
        let [ii, _, ie, _, _, _, ei, ..] = self.cells;
        let meets = if dimension_a == 1 { ii == 1 } else { ii >= 0 };
        dimension_a == dimension_b && meets && ie >= 0 && ei >= 0
    }

    pub(super) fn equals(&self) -> bool {
        let [ii, _, ie, _, _, be, ei, eb, _] = self.cells;
        ii >= 0 && ie < 0 && be < 0 && ei < 0 && eb < 0
    }
}

impl fmt::Display for Matrix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for cell in self.cells {
            match cell {
                0..=2 => write!(formatter, "{cell}")?,
                _ => formatter.write_str("F")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_matched() {
        let matrix = Matrix::parse("212101F12").unwrap();
        assert_eq!(matrix.to_string(), "212101F12");
        assert_eq!(matrix.matches("T*****F*2"), Ok(true));
        assert_eq!(matrix.matches("1*****F*2"), Ok(false));
        assert_eq!(matrix.transpose().to_string(), "21F101212");
        assert!(matrix.matches("T*").is_err());
        assert!(matrix.matches("T*****F*x").is_err());
        assert!(Matrix::parse("x").is_err());
    }
}
