//! `h3_get_resolution_from_tile_zoom`: the resolution that suits a zoom level of a map.

use godwit_geometry::GeometryError;
use h3o::Resolution;

use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

/// The length of the equator in metres, which is the width of the tile of zoom level 0.
const EQUATOR: f64 = 40_075_016.685_578_5;

pub(super) static FUNCTION: Function = Function {
    title: "h3_get_resolution_from_tile_zoom",
    category: Category::H3,
    summary: "Returns the resolution whose cells have sides of about a number of pixels on a map \
              at a zoom level.",
    notes: "Without more arguments, sides are 44 pixels long on tiles of 512 pixels.",
    example: "SELECT h3_get_resolution_from_tile_zoom(10)",
    parity: Parity::Extension("The extension for PostgreSQL has the function."),
    overloads: &[Overload {
        arguments: &[
            Argument::integer("z", "The zoom level."),
            Argument::integer("max_h3_resolution", "The finest resolution, 15 by default.")
                .optional()
                .literal(),
            Argument::integer("min_h3_resolution", "The coarsest resolution, 0 by default.")
                .optional()
                .literal(),
            Argument::integer("hex_edge_pixels", "The length of a side in pixels.")
                .optional()
                .literal(),
            Argument::integer("tile_size", "The width of a tile in pixels.").optional().literal(),
        ],
        returns: Type::Int64,
        evaluate,
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn evaluate(arguments: &Arguments<'_>) -> Evaluated {
    let finest = constant(arguments, 1, 15)?;
    let coarsest = constant(arguments, 2, 0)?;
    let side = constant(arguments, 3, 44)?;
    let tile = constant(arguments, 4, 512)?;
    let is_range = finest >= coarsest && (0..=15).contains(&finest) && (0..=15).contains(&coarsest);
    arguments.integer(0)?.map_i64(|zoom| {
        if !is_range {
            return Err(GeometryError::InvalidArgument {
                reason: format!("there is no resolution between {coarsest} and {finest}"),
            });
        }
        let Ok(level) = i32::try_from(zoom) else { return Ok(None) };
        let metres = EQUATOR * side as f64 / (tile as f64 * 2_f64.powi(level));
        // Sides of a resolution are shorter than those of the one before by the square root of 7.
        let steps = 2.0 * (Resolution::Zero.edge_length_m() / metres).ln() / 7_f64.ln();
        let nearest = (0..=15)
            .min_by(|a, b| (steps - f64::from(*a)).abs().total_cmp(&(steps - f64::from(*b)).abs()));
        Ok(nearest.map(|nearest| i64::from(nearest).clamp(coarsest, finest)))
    })
}

/// Returns the number that an argument has in all rows, or a default when it is left out.
fn constant(arguments: &Arguments<'_>, index: usize, default: i64) -> Result<i64, GeometryError> {
    if index >= arguments.len() {
        return Ok(default);
    }
    Ok(arguments.integer(index)?.get(0)?.unwrap_or(default))
}
