//! `ST_Intersects_Extent`: whether the boxes around two geometries share at least one position.

use godwit_geometry::Bounds;

use crate::boxes::{self, GEOMETRIES};
use crate::function::{Category, Function, Kinds, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "ST_Intersects_Extent",
    aliases: &["geometry_overlaps"],
    category: Category::Predicate,
    summary: "Returns whether the boxes around two geometries share at least one position.",
    notes: "The operator `&&` means this function. Heights are ignored. Geometries without \
            coordinates have no box, and the answer for them is false. The boxes of geographies are those \
            of their positions in space, not of their longitudes and latitudes.",
    example: "SELECT ST_Intersects_Extent('LINESTRING(0 0, 9 9)', ST_Point(1, 8))",
    parity: Parity::Extension(
        "The name is DuckDB's; PostGIS has the operator and geometry_overlaps.",
    ),
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: GEOMETRIES,
        returns: Type::Boolean,
        evaluate: |arguments| boxes::evaluate(arguments, Bounds::intersects),
        ..Overload::BASE
    }],
    ..Function::BASE
};
