//! TWKB: geometries as whole numbers of a chosen precision, each the difference to the last.
//!
//! <https://github.com/TWKB/Specification/blob/master/twkb.md>

mod read;
mod varint;
mod write;

#[cfg(test)]
mod tests;

pub use read::parse;
pub use write::{WriteOptions, write, write_collection};

/// The bits of the byte behind the type.
const HAS_BOUNDS: u8 = 1;
const HAS_SIZE: u8 = 2;
const HAS_IDS: u8 = 4;
const HAS_EXTENSION: u8 = 8;
const IS_EMPTY: u8 = 16;

/// Returns ten to the power of a precision.
fn factor(precision: i8) -> f64 {
    let magnitude = (0..precision.unsigned_abs()).fold(1.0, |factor, _| factor * 10.0);
    if precision < 0 { 1.0 / magnitude } else { magnitude }
}
