//! `ST_GeomFromTWKB`: a geometry read from TWKB.

use godwit_geometry::{WkbColumn, twkb};

use crate::answers::BytesAnswers;
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Type};

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeomFromTWKB",
    category: Category::Constructor,
    summary: "Returns the geometry that TWKB holds.",
    notes: "TWKB names no reference system; name it with ST_SetSRID. Ids of members are skipped.",
    example: "SELECT ST_AsText(ST_GeomFromTWKB(ST_AsTWKB('LINESTRING(1 1, 5 5)')))",
    overloads: &[Overload {
        arguments: &[Argument::new("twkb", Type::Binary, "The bytes.")],
        evaluate: read_rows,
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn read_rows(arguments: &Arguments<'_>) -> Evaluated {
    let array = arguments.array(0)?;
    let column = WkbColumn::try_new(array.as_ref()).ok_or_else(|| arguments.wrong_type(0))?;
    let mut answers = BytesAnswers::new(arguments.row_count, 0);
    for row in 0..column.len() {
        answers.push(column.get(row).map(twkb::parse).transpose()?.as_deref())?;
    }
    answers.finish()
}
