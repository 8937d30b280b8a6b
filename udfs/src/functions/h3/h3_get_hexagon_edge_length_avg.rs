//! `h3_get_hexagon_edge_length_avg`: the average length of the sides of hexagons.

use super::cell::resolution;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_get_hexagon_edge_length_avg",
    category: Category::H3,
    summary: "Returns the average length of the sides of the hexagons of a resolution.",
    notes: "Units are `km`, `m` and `rads`; null for others. Without a unit, kilometres.",
    example: "SELECT h3_get_hexagon_edge_length_avg(9, 'm')",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[Overload {
        arguments: &[
            Argument::integer("resolution", "The resolution, 0 to 15."),
            Argument::text("unit", "`km`, `m` or `rads`.").optional(),
        ],
        returns: Type::Float64,
        evaluate: |arguments| {
            let resolutions = arguments.integer(0)?;
            if arguments.len() == 1 {
                return resolutions.map_f64(|resolution| length(resolution, "km"));
            }
            (resolutions, arguments.text(1)?).map_f64(|(resolution, unit)| length(resolution, unit))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

/// The lengths in metres, as the table of the H3 library has them.
const METRES: [f64; 16] = [
    1_281_256.011,
    483_056.839_1,
    182_512.956_5,
    68_979.221_79,
    26_071.759_68,
    9_854.090_99,
    3_724.532_667,
    1_406.475_763,
    531.414_01,
    200.786_148,
    75.863_783,
    28.663_897,
    10.830_188,
    4.092_01,
    1.546_1,
    0.584_169,
];

/// The lengths in kilometres, as the table of the H3 library has them.
const KILOMETRES: [f64; 16] = [
    1_281.256_011,
    483.056_839_1,
    182.512_956_5,
    68.979_221_79,
    26.071_759_68,
    9.854_090_99,
    3.724_532_667,
    1.406_475_763,
    0.531_414_01,
    0.200_786_148,
    0.075_863_783,
    0.028_663_897,
    0.010_830_188,
    0.004_092_01,
    0.001_546_1,
    0.000_584_169,
];

fn length(number: i64, unit: &str) -> Option<f64> {
    let resolution = resolution(number)?;
    match unit {
        "km" => KILOMETRES.get(usize::from(resolution)).copied(),
        "m" => METRES.get(usize::from(resolution)).copied(),
        "rads" => Some(resolution.edge_length_rads()),
        _ => None,
    }
}
