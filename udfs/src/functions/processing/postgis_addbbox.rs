//! `PostGIS_AddBBox`: the same geometry, for queries that were written for `PostGIS`.

use std::sync::Arc;

use crate::function::{Argument, Category, Function, Kinds, Overload, Parity};

pub(super) static FUNCTION: Function = Function {
    title: "PostGIS_AddBBox",
    aliases: &["PostGIS_DropBBox", "PostGIS_NoOp", "PostGIS_GEOS_NoOp"],
    category: Category::Processing,
    summary: "Returns the geometry as it is.",
    notes: "For queries that were written for PostGIS, which keeps boxes with geometries.",
    example: "SELECT ST_AsText(PostGIS_AddBBox(ST_Point(1, 2)))",
    parity: Parity::Differs("PostGIS stores a box with the geometry or removes it."),
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        passes: Some(0),
        evaluate: |arguments| arguments.array(0).map(Arc::clone),
        ..Overload::BASE
    }],
    ..Function::BASE
};
