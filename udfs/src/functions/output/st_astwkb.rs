//! `ST_AsTWKB`: a geometry written as TWKB.

use godwit_geometry::twkb::{WriteOptions, write, write_collection};
use godwit_geometry::{Crs, Geometry, GeometryError};

use super::super::constructor::collection_of;
use crate::answers::BytesAnswers;
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Nulls, Overload, Type};
use crate::rows::Rows;

pub(super) static FUNCTION: Function = Function {
    title: "ST_AsTWKB",
    category: Category::Output,
    summary: "Returns the TWKB of a geometry: small, with rounded coordinates.",
    notes: "Positions that round to the one before are left out. The reference system is not \
            written. Geometries given as a list are written as one collection whose members have \
            ids.",
    example: "SELECT encode(ST_AsTWKB('LINESTRING(1 1, 5 5)'), 'hex')",
    nulls: Nulls::Seen,
    overloads: &[
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                PRECISION,
                PRECISION_Z,
                PRECISION_M,
                WITH_SIZES,
                WITH_BOXES,
            ],
            returns: Type::Binary,
            evaluate: |arguments| {
                (arguments.geometry(0)?, options(arguments, 1)?)
                    .map_bytes(|(geometry, given)| write(geometry, &write_options(given)))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::new("geoms", Type::GeometryList, "The members."),
                Argument::new("ids", Type::Int64List, "The id of each member."),
                PRECISION,
                PRECISION_Z,
                PRECISION_M,
                WITH_SIZES,
                WITH_BOXES,
            ],
            returns: Type::Binary,
            evaluate: collection_rows,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

const PRECISION: Argument =
    Argument::integer("prec", "The decimals of X and Y; if left out, 5 in degrees and else 0.")
        .default("NULL");
const PRECISION_Z: Argument =
    Argument::integer("prec_z", "The decimals of Z, 0 if left out.").default("0");
const PRECISION_M: Argument =
    Argument::integer("prec_m", "The decimals of M, 0 if left out.").default("0");
const WITH_SIZES: Argument =
    Argument::new("with_sizes", Type::Boolean, "Whether geometries say how long they are.")
        .default("FALSE");
const WITH_BOXES: Argument =
    Argument::new("with_boxes", Type::Boolean, "Whether geometries have their bounding box.")
        .optional();

/// The precisions, then whether there are sizes and boxes.
type Given = ((i64, i64, i64), (bool, bool));

/// The decimals of degrees that are written if nothing else is said: about a metre.
const DIGITS_OF_DEGREES: i64 = 5;

/// Returns the options that start at an argument.
fn options<'a>(
    arguments: &Arguments<'a>,
    first: usize,
) -> Result<impl Rows<Item = Given> + use<'a>, GeometryError> {
    let is_in_degrees = arguments.crs(0)?.as_ref().is_some_and(Crs::is_geographic);
    let digits = if is_in_degrees { DIGITS_OF_DEGREES } else { 0 };
    let precisions = (
        arguments.integer_or(first, digits)?.for_nulls(),
        arguments.integer_or(first + 1, 0)?.for_nulls(),
        arguments.integer_or(first + 2, 0)?.for_nulls(),
    );
    let extras = (
        arguments.boolean_or(first + 3, false)?.for_nulls(),
        arguments.boolean_or(first + 4, false)?.for_nulls(),
    );
    Ok((precisions, extras))
}

fn write_options(((precision, precision_z, precision_m), extras): Given) -> WriteOptions {
    let (with_sizes, with_bounds) = extras;
    WriteOptions { precision, precision_z, precision_m, with_sizes, with_bounds }
}

fn collection_rows(arguments: &Arguments<'_>) -> Evaluated {
    let geometries = arguments.geometry_list(0)?;
    let ids = arguments.integer_lists(1)?;
    let options = options(arguments, 2)?;
    let mut answers = BytesAnswers::new(arguments.row_count, 0);
    for row in 0..arguments.row_count {
        let ids = ids.get(if ids.len() == 1 { 0 } else { row }).cloned().flatten();
        let (Some(members), Some(ids), Some(given)) =
            (geometries.get(row)?, ids, options.get(row)?)
        else {
            answers.push(None)?;
            continue;
        };
        let collection = collection_of(&members)?;
        let collection = Geometry::try_new(&collection)?;
        answers.push(Some(&write_collection(collection, &ids, &write_options(given))?))?;
    }
    answers.finish()
}
