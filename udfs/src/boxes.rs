//! Predicates over the boxes around two geometries.

use godwit_geometry::{Bounds, Geometry};

use crate::arguments::Arguments;
use crate::function::{Argument, Evaluated};
use crate::rows::Rows as _;

/// The arguments of these functions.
pub(crate) const GEOMETRIES: &[Argument] = &[
    Argument::geometry("geom1", "The first geometry."),
    Argument::geometry("geom2", "The second geometry."),
];

/// Returns whether the boxes of the two arguments have a relation, row by row; a geometry without
/// coordinates has no box and no relation to any.
pub(crate) fn evaluate(
    arguments: &Arguments<'_>,
    relation: impl Fn(&Bounds, &Bounds) -> bool,
) -> Evaluated {
    compare(arguments, |left, right| {
        left.zip(right).is_some_and(|(left, right)| relation(&left, &right))
    })
}

/// Returns whether the boxes of the two arguments have a relation, row by row; a geometry without
/// coordinates has none.
pub(crate) fn compare(
    arguments: &Arguments<'_>,
    relation: impl Fn(Option<Bounds>, Option<Bounds>) -> bool,
) -> Evaluated {
    let (left, right) = (arguments.geometry(0)?, arguments.geometry(1)?);
    let left_box = left.constant().map(Geometry::bounds);
    let right_box = right.constant().map(Geometry::bounds);
    (left, right).map_bool(|(left, right)| {
        let left = left_box.unwrap_or_else(|| left.bounds());
        relation(left, right_box.unwrap_or_else(|| right.bounds()))
    })
}
