//! `ST_KNN` of geographies: the join condition that asks for the nearest ones over the earth.

use godwit_geometry::GeometryError;

use crate::function::{Argument, Overload, Type};

pub(super) static OVERLOADS: &[Overload] = &[Overload {
    arguments: &[
        Argument::geography("query", "The geography to look from."),
        Argument::geography("object", "The geography to look for."),
        Argument::integer("k", "How many rows to take, above 0."),
    ],
    returns: Type::Boolean,
    evaluate: |_| {
        let reason = "ST_KNN must be the condition of a join of two tables".to_owned();
        Err(GeometryError::InvalidArgument { reason })
    },
    ..Overload::BASE
}];
