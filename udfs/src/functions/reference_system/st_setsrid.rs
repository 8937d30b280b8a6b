//! `ST_SetSRID`: a geometry said to be in a reference system, by number.

use std::sync::Arc;

use crate::function::{Argument, Category, CrsRule, Function, Kinds, Overload};

pub(super) static FUNCTION: Function = Function {
    title: "ST_SetSRID",
    category: Category::ReferenceSystem,
    summary: "Returns a geometry with another EPSG code and the same coordinates.",
    notes: "0 takes the reference system away. ST_Transform changes coordinates to another \
            reference system. The code must be known before any row is, as a literal is and \
            ST_SRID of a column, because the reference system belongs to the column.",
    example: "SELECT ST_AsEWKT(ST_SetSRID('POINT(1 2)', 4326))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::integer("srid", "The EPSG code, or 0.").literal(),
        ],
        crs: CrsRule::Argument(1),
        passes: Some(0),
        evaluate: |arguments| arguments.array(0).map(Arc::clone),
        ..Overload::BASE
    }],
    ..Function::BASE
};
