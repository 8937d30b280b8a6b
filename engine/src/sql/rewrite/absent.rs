//! Functions of `PostGIS` that change or look up the description of a table, and one of `PostgreSQL`
//! that changes a session; and what to type in their place.

use crate::error::Error;

/// Names in lower case, and what to type.
const ABSENT: [(&str, &str); 7] = [
    (
        "addgeometrycolumn",
        "Type CREATE OR REPLACE TABLE name AS SELECT *, NULL::geometry(Point, 4326) AS geom FROM \
         name.",
    ),
    ("dropgeometrycolumn", "Type CREATE OR REPLACE TABLE name AS SELECT ... without the column."),
    ("dropgeometrytable", "Type DROP TABLE name."),
    ("find_srid", "Type SELECT ST_SRID(geom) FROM name LIMIT 1."),
    (
        "populate_geometry_columns",
        "Every column of geometries has a reference system; DESCRIBE name shows it.",
    ),
    ("set_config", "Type SET name = 'value'; current_setting('name') and SHOW name tell it."),
    (
        "updategeometrysrid",
        "Type CREATE OR REPLACE TABLE name AS SELECT ..., ST_SetSRID(geom, 4326) AS geom FROM \
         name.",
    ),
];

/// Returns the error that a call of a function of this name is, if it is one of these.
pub(super) fn refusal(name: &str) -> Option<Error> {
    let (name, hint) = ABSENT.iter().find(|(absent, _)| absent.eq_ignore_ascii_case(name))?;
    Some(Error::unsupported(format!("the function \"{name}\" is not supported")).with_hint(*hint))
}
