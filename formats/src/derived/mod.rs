//! Columns that a file does not have but that follow from it: a geometry from its text, from two
//! numbers, or from a native encoding.

mod expression;
mod source;

pub(crate) use expression::{Derivation, GeometryExpr};
pub(crate) use source::DerivedSource;
