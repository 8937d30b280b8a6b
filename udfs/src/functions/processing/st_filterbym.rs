//! `ST_FilterByM`: the vertices whose measures lie in a range.

use godwit_geometry::edit;

use crate::answers::BytesAnswers;
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Kinds, Nulls, Overload, Type};
use crate::functions::expect::refusal;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_FilterByM",
    category: Category::Processing,
    summary: "Returns a geometry of the vertices whose measures lie in a range.",
    notes: "Lines and rings that are left with too few vertices vanish. A null limit is none. A \
            geometry without measures is returned as it is.",
    example: "SELECT ST_AsText(ST_FilterByM('LINESTRING M (0 0 1, 1 1 5, 2 2 9)', 5))",
    nulls: Nulls::Seen,
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("min", "The lowest measure."),
            Argument::float("max", "The highest measure, else none.").optional(),
            Argument::new("returnm", Type::Boolean, "Whether to keep the measures, else false.")
                .optional(),
        ],
        evaluate: filter_rows,
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn filter_rows(arguments: &Arguments<'_>) -> Evaluated {
    let (geometries, least) = (arguments.geometry(0)?, arguments.float(1)?);
    let most = if arguments.len() > 2 { Some(arguments.float(2)?) } else { None };
    let keeps = if arguments.len() > 3 { Some(arguments.boolean(3)?) } else { None };
    let mut answers = BytesAnswers::new(arguments.row_count, 0);
    for row in 0..arguments.row_count {
        let Some(geometry) = geometries.get(row)? else {
            answers.push(None)?;
            continue;
        };
        let least = least.get(row)?.unwrap_or(f64::NEG_INFINITY);
        let most = match &most {
            Some(most) => most.get(row)?.unwrap_or(f64::INFINITY),
            None => f64::INFINITY,
        };
        let keeps = match &keeps {
            Some(keeps) => keeps.get(row)?.unwrap_or(false),
            None => false,
        };
        if least > most {
            return Err(refusal(format!("ST_FilterByM: limit {least} is above limit {most}")));
        }
        answers.push(Some(&edit::filter_by_measure(geometry, [least, most], keeps)?))?;
    }
    answers.finish()
}
