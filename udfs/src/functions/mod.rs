//! The functions themselves: one file a function, one folder a category.

mod accessor;
mod aggregate;
mod constructor;
mod h3;
mod measurement;
mod output;
mod overlay;
mod predicate;
mod processing;
mod reference_system;

use crate::aggregate::Aggregate;
use crate::function::Function;

/// Every scalar function, by category.
pub(crate) static SCALARS: &[&[&Function]] = &[
    constructor::FUNCTIONS,
    output::FUNCTIONS,
    accessor::FUNCTIONS,
    predicate::FUNCTIONS,
    measurement::FUNCTIONS,
    processing::FUNCTIONS,
    overlay::FUNCTIONS,
    reference_system::FUNCTIONS,
    h3::FUNCTIONS,
];

/// Every aggregate function.
pub(crate) static AGGREGATES: &[&Aggregate] = aggregate::AGGREGATES;
