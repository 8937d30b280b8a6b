//! `ST_GeomFromMARC21`: the boxes of a library record.

use godwit_geometry::marc21;

use crate::function::{Argument, Category, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeomFromMARC21",
    category: Category::Constructor,
    summary: "Returns the boxes of a MARC21/XML record; null when it has none.",
    notes: "The boxes are those of the fields 034: polygons, and points when they have no extent. \
            They are in degrees, but have no reference system; name it with ST_SetSRID.",
    example: r#"SELECT ST_GeomFromMARC21('<record><datafield tag="001"/></record>') IS NULL"#,
    overloads: &[Overload {
        arguments: &[Argument::text("marc_xml", "The record.")],
        evaluate: |arguments| arguments.text(0)?.map_bytes(marc21::parse),
        ..Overload::BASE
    }],
    ..Function::BASE
};
