//! Functions that find positions along lines.

mod st_3dlineinterpolatepoint;
mod st_addmeasure;
mod st_interpolatepoint;
mod st_lineinterpolatepoint;
mod st_lineinterpolatepoints;
mod st_linelocatepoint;
mod st_linesubstring;
mod st_locatealong;
mod st_locatebetween;
mod st_locatebetweenelevations;

use crate::function::Function;

/// The functions of this category.
pub(super) static FUNCTIONS: &[&Function] = &[
    &st_3dlineinterpolatepoint::FUNCTION,
    &st_addmeasure::FUNCTION,
    &st_interpolatepoint::FUNCTION,
    &st_lineinterpolatepoint::FUNCTION,
    &st_lineinterpolatepoints::FUNCTION,
    &st_linelocatepoint::FUNCTION,
    &st_linesubstring::FUNCTION,
    &st_locatealong::FUNCTION,
    &st_locatebetween::FUNCTION,
    &st_locatebetweenelevations::FUNCTION,
];
