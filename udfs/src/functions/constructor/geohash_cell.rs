//! The cells of geohashes in the first argument.

use godwit_geometry::{Bounds, GeometryError, geohash};

use crate::arguments::Arguments;
use crate::function::{Argument, Evaluated};
use crate::rows::Rows as _;

/// The arguments of the functions that read geohashes.
pub(super) const ARGUMENTS: &[Argument] = &[
    Argument::text("geohash", "The geohash."),
    Argument::integer("precision", "How many characters count; all if null or negative.")
        .optional(),
];

/// Returns a geometry for the cell of each geohash.
pub(super) fn cell_rows(
    arguments: &Arguments<'_>,
    geometry: impl Fn(&Bounds) -> Vec<u8>,
) -> Evaluated {
    let lengths = arguments.integer_or(1, -1)?.for_nulls();
    (arguments.text(0)?, lengths).map_bytes(|(text, length)| {
        let cell = geohash::decode(text, usize::try_from(length).ok())?;
        Ok::<_, GeometryError>(geometry(&cell))
    })
}
