//! From a query's syntax tree to a logical plan over opened tables.

mod bind;
mod checked;
mod constants;
mod context;
mod conversions;
mod decimals;
mod declared;
mod describe;
mod elements;
mod guard;
mod lateral;
mod locate;
mod moments;
mod operators;
mod ordered;
mod parameters;
mod series;
mod sets;
mod share;
mod sources;
mod subqueries;
mod typed;
mod types;
mod value_operators;

pub(crate) use bind::{Bound, Scope, bind, empty_context, schema_of};
pub(crate) use checked::CheckIntegers;
pub(crate) use conversions::cast_to;
pub(crate) use decimals::ReadDecimals;
pub(crate) use locate::{entry_schema, find_entry, table_schema};
pub(crate) use moments::WriteMoments;
pub(crate) use operators::GeoOperators;
pub(crate) use parameters::{cast_columns, cast_values, infer};
pub(crate) use share::{in_shares, share, shares};
pub(crate) use sources::{Source, Sources};
pub(crate) use types::field_of_type;
pub(crate) use value_operators::ValueOperators;
