//! `ST_GeomFromText`: a geometry read from WKT.

use arrow::array::Array;
use godwit_geometry::{GeometryError, wkt};

use crate::arguments::Arguments;
use crate::column::Values;
use crate::function::{Argument, Category, CrsRule, Evaluated, Function, Overload, Parity, Type};
use crate::literal::srid_crs;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeomFromText",
    aliases: &["ST_GeometryFromText", "ST_GeomFromWKT", "ST_GeometryFromWKT", "ST_WKTToSQL"],
    category: Category::Constructor,
    summary: "Returns the geometry that a WKT spells.",
    notes: "An `SRID=4326;` prefix sets the reference system when the text is a literal. In a \
            column the reference system belongs to the type, so rows may have a prefix only when \
            all have the same; name it with `srid` or ST_SetSRID. With `ignore_invalid` a text that \
            is no WKT makes null.",
    example: "SELECT ST_AsText(ST_GeomFromText('LINESTRING(0 0, 1 1)', 4326))",
    parity: Parity::Differs("PostGIS keeps an SRID with each value."),
    overloads: &[
        Overload {
            arguments: &[
                Argument::text("wkt", "The text."),
                Argument::integer("srid", "The reference system.").optional().literal(),
            ],
            crs: CrsRule::Text(1),
            evaluate: read_rows,
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("wkt", "The text."),
                Argument::new("ignore_invalid", Type::Boolean, "Whether null is read of no WKT."),
            ],
            // No argument says more than the text.
            crs: CrsRule::Attempt(2),
            evaluate: read_what_is_valid,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

/// Returns the geometries of the texts in the first argument.
pub(super) fn read_rows(arguments: &Arguments<'_>) -> Evaluated {
    let texts = arguments.text(0)?;
    if arguments.len() == 1 {
        check_same_srid(&texts)?;
    }
    texts.map_appended(|text, bytes| wkt::append_parsed(bytes, text).map(|_srid| ()))
}

/// Returns the geometries of the texts in the first argument, where the second one is true null for
/// those that are none.
fn read_what_is_valid(arguments: &Arguments<'_>) -> Evaluated {
    let texts = arguments.text(0)?;
    check_same_srid(&texts)?;
    (texts, arguments.boolean(1)?).map_bytes(|(text, ignores_invalid)| {
        let mut bytes = Vec::new();
        match wkt::append_parsed(&mut bytes, text) {
            Ok(_srid) => Ok(Some(bytes)),
            Err(GeometryError::InvalidWkt { .. }) if ignores_invalid => Ok(None),
            Err(error) => Err(error),
        }
    })
}

/// Checks that the prefixes of a column do not contradict each other.
pub(super) fn check_same_srid(texts: &Values<'_, dyn Array>) -> Result<(), GeometryError> {
    let mut known: Option<i32> = None;
    for row in 0..texts.row_count() {
        let srid = texts.get(row)?.and_then(srid_prefix).filter(|srid| *srid > 0);
        match (known, srid) {
            (Some(left), Some(right)) if left != right => {
                let name = |srid| srid_crs(srid).map(|crs| crs.name()).unwrap_or_default();
                return Err(GeometryError::CrsMismatch { left: name(left), right: name(right) });
            }
            (None, Some(srid)) => known = Some(srid),
            _ => {}
        }
    }
    Ok(())
}

/// Returns the SRID in front of an EWKT, without reading the geometry.
fn srid_prefix(text: &str) -> Option<i32> {
    if !text.trim_start().starts_with(['S', 's']) {
        return None;
    }
    let (prefix, _) = text.split_once(';')?;
    let (key, value) = prefix.split_once('=')?;
    if !key.trim().eq_ignore_ascii_case("srid") {
        return None;
    }
    value.trim().parse().ok()
}
