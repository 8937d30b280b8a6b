//! `ST_AsGML`: a geometry written as GML.

use godwit_geometry::gml::{Version, WriteOptions, write};
use godwit_geometry::{Crs, Edges, Geometry, GeometryError, GeometryType};

use super::st_astext::clamp_decimals;
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Kinds, Nulls, Overload, Type};
use crate::literal::read_geometry_text;
use crate::rows::Rows;

pub(super) static FUNCTION: Function = Function {
    title: "ST_AsGML",
    category: Category::Output,
    summary: "Returns the GML of a geometry; null when it is empty.",
    notes: "The version is 2, or 3 when it is given. Options are a sum of 1 for a long name of the \
            reference system, 2 for positions without `srsDimension`, 4 for `LineString` instead \
            of `Curve`, 16 for the latitude first and 32 for the bounding box alone; all but 1 and \
            32 matter in version 3 only.",
    example: "SELECT ST_AsGML(3, ST_Point(1, 2, 4326))",
    nulls: Nulls::Seen,
    kinds: Kinds::All,
    overloads: &[
        Overload {
            arguments: &[GEOMETRY, MAX_DECIMALS, OPTIONS, PREFIX, ID],
            returns: Type::Text,
            evaluate: |arguments| geometry_rows(arguments, 0),
            ..Overload::BASE
        },
        Overload {
            arguments: &[TEXT, MAX_DECIMALS, OPTIONS, PREFIX, ID],
            returns: Type::Text,
            evaluate: |arguments| text_rows(arguments, 0),
            ..Overload::BASE
        },
        Overload {
            arguments: &[VERSION, TEXT, MAX_DECIMALS, OPTIONS, PREFIX, ID],
            returns: Type::Text,
            evaluate: |arguments| text_rows(arguments, 1),
            ..Overload::BASE
        },
        Overload {
            arguments: &[VERSION, GEOMETRY, MAX_DECIMALS, OPTIONS, PREFIX, ID],
            returns: Type::Text,
            evaluate: |arguments| geometry_rows(arguments, 1),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

const VERSION: Argument = Argument::integer("version", "The version, 2 or 3.");
const GEOMETRY: Argument = Argument::geometry("geom", "The geometry.");
const TEXT: Argument = Argument::text("ewkt", "The geometry as EWKT.");
const MAX_DECIMALS: Argument =
    Argument::integer("maxdecimaldigits", "The most decimals of a number, 15 if left out.")
        .default("15");
const OPTIONS: Argument = Argument::integer("options", "How to write; 0 if left out.").default("0");
const PREFIX: Argument =
    Argument::text("nprefix", "What stands in front of the colon of names; `gml` if left out.")
        .default("'gml'");
const ID: Argument =
    Argument::text("id", "The `gml:id` of the outermost element; none if left out.").optional();

/// The version, the decimals, the options, the prefix and the id.
type Given<'a> = ((i64, i64, i64), (&'a str, &'a str));

/// Returns what is asked for around the geometry at an argument. A null stands for what is taken
/// when an argument is left out, or, when the call is strict, makes the answer null.
fn given<'a>(
    arguments: &Arguments<'a>,
    geometry: usize,
    is_strict: bool,
) -> Result<impl Rows<Item = Given<'a>> + use<'a>, GeometryError> {
    let version = if geometry == 0 { usize::MAX } else { 0 };
    let decimals = arguments.integer_or(geometry + 1, 15)?;
    let options = arguments.integer_or(geometry + 2, 0)?;
    let prefix = arguments.text_or(geometry + 3, "gml")?;
    let id = arguments.text_or(geometry + 4, "")?;
    let version = arguments.integer_or(version, 2)?;
    Ok(if is_strict {
        ((version, decimals, options), (prefix, id))
    } else {
        ((version, decimals.for_nulls(), options.for_nulls()), (prefix.for_nulls(), id.for_nulls()))
    })
}

fn geometry_rows(arguments: &Arguments<'_>, index: usize) -> Evaluated {
    let known = arguments.fields.get(index).map(|field| GeometryType::from_field(field));
    let known = known.transpose()?.flatten();
    let is_geography = known.as_ref().is_some_and(|known| known.edges == Edges::Spherical);
    let srid = known.and_then(|known| known.crs).and_then(|crs| crs.srid());
    (arguments.geometry(index)?, given(arguments, index, is_geography)?).map_text(|(geometry, given)| {
        let ((_, _, options), _) = given;
        if is_geography && options & 0x30 != 0 {
            return Err(GeometryError::InvalidArgument {
                reason: format!(
                    "options {options} of ST_AsGML: 16 and 32 are for geometries, not geographies"
                ),
            });
        }
        written(geometry, srid.or(geometry.srid()), given)
    })
}

fn text_rows(arguments: &Arguments<'_>, index: usize) -> Evaluated {
    (arguments.text(index)?, given(arguments, index, false)?).map_text(|(text, given)| {
        let (wkb, crs) = read_geometry_text(text)?;
        written(Geometry::try_any(&wkb)?, crs.as_ref().and_then(Crs::srid), given)
    })
}

fn written(
    geometry: Geometry<'_>,
    srid: Option<i32>,
    ((version, decimals, options), (prefix, id)): Given<'_>,
) -> Result<Option<String>, GeometryError> {
    if options & 8 != 0 {
        return Err(GeometryError::InvalidArgument {
            reason: format!("options {options} of ST_AsGML: 8 is not one of them"),
        });
    }
    let code = if options & 1 == 0 { "EPSG:" } else { "urn:ogc:def:crs:EPSG::" };
    let srs_name = srid.filter(|srid| *srid > 0).map(|srid| format!("{code}{srid}"));
    let write_options = WriteOptions {
        max_decimals: clamp_decimals(decimals),
        srs_name: srs_name.as_deref(),
        prefix,
        id: Some(id).filter(|id| !id.is_empty()),
        with_dimensions: options & 2 == 0,
        short_lines: options & 4 != 0,
        latitude_first: options & 16 != 0,
        only_bounds: options & 32 != 0,
    };
    write(geometry, Version::from_number(version)?, &write_options)
}
