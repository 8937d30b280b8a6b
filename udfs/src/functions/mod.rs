//! The functions themselves: one file a function, one folder a category.

mod accessor;
mod aggregate;
mod clustering;
mod constructor;
mod expect;
pub(crate) mod geography;
mod h3;
mod linear_referencing;
mod measurement;
mod output;
mod overlay;
mod predicate;
mod processing;
mod reference_system;
mod set_returning;

use crate::aggregate::{Aggregate, RecordAggregate};
use crate::function::Function;

pub(crate) use output::geojson_with_crs;

/// Every scalar function, by category.
pub(crate) static SCALARS: &[&[&Function]] = &[
    constructor::FUNCTIONS,
    geography::FUNCTIONS,
    output::FUNCTIONS,
    accessor::FUNCTIONS,
    predicate::FUNCTIONS,
    measurement::FUNCTIONS,
    processing::FUNCTIONS,
    linear_referencing::FUNCTIONS,
    overlay::FUNCTIONS,
    reference_system::FUNCTIONS,
    set_returning::FUNCTIONS,
    h3::FUNCTIONS,
];

/// Every aggregate function.
pub(crate) static AGGREGATES: &[&Aggregate] = aggregate::AGGREGATES;

/// Every aggregate of whole rows.
pub(crate) static RECORD_AGGREGATES: &[&RecordAggregate] = aggregate::RECORD_AGGREGATES;

/// Every window function.
pub(crate) static WINDOWS: &[&Function] = clustering::WINDOWS;
