//! `ST_SwapOrdinates`: two ordinates exchanged.

use godwit_geometry::edit::Ordinate;
use godwit_geometry::{GeometryError, edit};

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::functions::expect::refusal;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_SwapOrdinates",
    category: Category::Processing,
    summary: "Returns a geometry with two ordinates exchanged.",
    notes: "An ordinate that the geometry lacks is refused.",
    example: "SELECT ST_AsText(ST_SwapOrdinates('POINT Z (1 2 3)', 'xz'))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::text("ords", "Two of the letters x, y, z and m."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.text(1)?).map_bytes(|(geometry, letters)| {
                edit::swap_ordinates(geometry, ordinates(letters)?)
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn ordinates(letters: &str) -> Result<[Ordinate; 2], GeometryError> {
    let mut found = letters.chars().map(Ordinate::from_letter);
    match (found.next(), found.next(), found.next()) {
        (Some(Some(first)), Some(Some(second)), None) => Ok([first, second]),
        _ => Err(refusal(format!(
            "ST_SwapOrdinates: \"{letters}\" is not two of the letters x, y, z and m"
        ))),
    }
}
