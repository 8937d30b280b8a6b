//! Functions of numbers that the query engine lacks, with the answers of `PostgreSQL`.

mod degrees;
mod digits;
mod div;
mod domain;
mod exponents;
mod nulls;
mod places;
mod quotient;
mod round;
mod scale;
mod trim_scale;
mod width_bucket;

use datafusion::logical_expr::ScalarUDF;

pub(crate) use digits::digits;
pub(crate) use exponents::without_exponent;
pub(crate) use quotient::{quotient, remainder};
pub(crate) use round::ROUND_BY;

/// Returns the functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    let mut functions = vec![digits(), div::div(), width_bucket::width_bucket()];
    functions.push(without_exponent());
    functions.extend(degrees::all());
    functions.extend(domain::all());
    functions.extend(nulls::all());
    functions.push(places::trunc());
    functions.extend(quotient::all());
    functions.extend(round::all());
    functions.extend(scale::all());
    functions.push(trim_scale::trim_scale());
    functions
}
