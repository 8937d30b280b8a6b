//! Cells of the S2 grid: the sides of a cube around the earth, each divided into four again and
//! again, and numbered along a Hilbert curve.
//!
//! <https://s2geometry.io/devguide/s2cell_hierarchy>

mod cell;
mod cover;

pub use cell::MAX_LEVEL;
pub use cover::{Limits, covering};

use super::vector::vector;

/// Returns the id of the smallest cell that has a position of longitude and latitude in degrees.
pub fn cell_id(position: [f64; 2]) -> u64 {
    cell::leaf_at(vector(position))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Geometry, wkt};

    // The ids are those of the S2 library in C++, as SedonaDB 0.5.0 gives them.
    #[test]
    fn ids_are_those_of_the_library() {
        for (position, id) in [
            ([1.0, 2.0], 1_153_886_977_999_746_825),
            ([-64.5, 45.25], 5_429_354_618_713_108_337),
            ([0.0, 90.0], 5_764_607_523_034_234_881),
            ([180.0, 0.0], 8_070_450_532_247_928_831),
            ([0.0, 0.0], 1_152_921_504_606_846_977),
        ] {
            assert_eq!(cell_id(position), id, "{position:?}");
        }
    }

    fn cover(text: &str, limits: &Limits) -> Vec<u64> {
        let (wkb, _) = wkt::parse(text).unwrap();
        covering(Geometry::try_new(&wkb).unwrap(), limits).unwrap()
    }

    #[test]
    fn coverings_are_those_of_the_library() {
        assert_eq!(
            cover("LINESTRING(0 0,1 1)", &Limits::default()),
            [
                384_307_168_202_282_325,
                1_152_921_504_606_846_975,
                1_152_991_873_351_024_640,
                1_153_220_571_769_602_048,
                1_153_277_746_374_246_400,
                1_153_320_260_825_251_840,
                1_153_390_629_569_429_504,
                1_921_535_841_011_411_627,
            ]
        );
        assert_eq!(
            cover("POLYGON((0 0,1 0,1 1,0 1,0 0))", &Limits::default()),
            [
                384_307_168_202_282_325,
                1_152_428_923_397_603_328,
                1_152_868_728_048_713_728,
                1_152_903_912_420_802_560,
                1_153_202_979_583_557_632,
                1_921_418_559_771_115_520,
                1_921_506_520_701_337_600,
                1_921_541_705_073_426_432,
            ]
        );
        assert!(cover("POLYGON EMPTY", &Limits::default()).is_empty());
    }

    #[test]
    fn levels_are_kept_even_when_cells_become_many() {
        let limits = Limits { least_level: 6, most_level: 6, most_cells: 1 };
        let cells = cover("POLYGON((10 10,20 10,20 20,10 20,10 10))", &limits);
        assert!(cells.len() > 40, "{}", cells.len());
        assert!(cells.iter().all(|cell| cell.trailing_zeros() == 2 * (MAX_LEVEL - 6)));
        let (wkb, _) = wkt::parse("POLYGON((10 10,20 10,20 20,10 20,10 10))").unwrap();
        let limits = Limits { least_level: 20, ..Limits::default() };
        assert!(covering(Geometry::try_new(&wkb).unwrap(), &limits).is_err());
    }
}
