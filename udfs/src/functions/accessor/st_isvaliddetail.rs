//! `ST_IsValidDetail`: whether a geometry is valid, and what makes it invalid and where.

use std::sync::Arc;

use arrow::array::{BinaryBuilder, BooleanBuilder, StringBuilder};
use godwit_geometry::{validity, write};

use crate::function::{Argument, Evaluated, Function, Overload, RecordField, Type};
use crate::rows::Rows;
use crate::sets::records;

const DETAIL: Type = Type::Record(&[
    RecordField::new("valid", Type::Boolean),
    RecordField::new("reason", Type::Text),
    RecordField::new("location", Type::Geometry),
]);

pub(super) static FUNCTION: Function = Function {
    title: "ST_IsValidDetail",
    summary: "Returns whether a geometry is valid, and what makes it invalid and where.",
    notes: "The result is a record of `valid`, `reason` and `location`; in FROM the call is a \
            table of one row with these columns. The last two are null for a valid geometry. With \
            `flags` 1 a ring may touch itself to make a hole.",
    example: "SELECT (ST_IsValidDetail('POLYGON((0 0, 2 2, 2 0, 0 2, 0 0))')).reason",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::integer("flags", "1 allows rings that touch themselves, 0 does not.")
                .optional(),
        ],
        returns: DETAIL,
        evaluate: |arguments| {
            details(&(arguments.geometry(0)?, arguments.integer_or(1, 0)?), |(geometry, flags)| {
                validity::defect(geometry, flags & 1 == 1)
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn details<R: Rows>(rows: &R, defect: impl Fn(R::Item) -> Option<validity::Defect>) -> Evaluated {
    let mut present = Vec::with_capacity(rows.row_count());
    let (mut valid, mut reasons) = (BooleanBuilder::new(), StringBuilder::new());
    let mut locations = BinaryBuilder::new();
    for row in 0..rows.row_count() {
        let item = rows.get(row)?;
        present.push(item.is_some());
        let found = item.map(&defect);
        valid.append_option(found.as_ref().map(Option::is_none));
        let flaw = found.flatten();
        reasons.append_option(flaw.as_ref().map(|flaw| flaw.flaw.reason()));
        locations.append_option(flaw.map(|flaw| write::point_xy(flaw.at[0], flaw.at[1])));
    }
    let columns = vec![
        Arc::new(valid.finish()) as _,
        Arc::new(reasons.finish()) as _,
        Arc::new(locations.finish()) as _,
    ];
    records(DETAIL.fields(), columns, &present)
}
