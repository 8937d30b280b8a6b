//! `ST_GeomFromWKBUnchecked`: a geometry read from WKB that may be incomplete.

use super::canonical_rows;
use crate::function::{Argument, Category, CrsRule, Function, Kinds, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeomFromWKBUnchecked",
    category: Category::Constructor,
    summary: "Returns the geometry that WKB or EWKB holds, whether or not lines and rings are \
              complete.",
    notes: "This is ST_GeomFromWKB for lines of one position and rings that are open or short.",
    example: "SELECT ST_AsText(ST_GeomFromWKBUnchecked(ST_AsBinary(ST_Point(1, 2))))",
    parity: Parity::Extension("The function is SedonaDB's."),
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::new("wkb", Type::Binary, "The bytes."),
            Argument::integer("srid", "The reference system.").optional().literal(),
        ],
        crs: CrsRule::Bytes(1),
        passes: Some(0),
        evaluate: canonical_rows,
        ..Overload::BASE
    }],
    ..Function::BASE
};
