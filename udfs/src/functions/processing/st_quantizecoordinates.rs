//! `ST_QuantizeCoordinates`: ordinates with fewer bits.

use godwit_geometry::{GeometryError, edit};

use crate::answers::BytesAnswers;
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Kinds, Nulls, Overload};
use crate::functions::expect::refusal;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_QuantizeCoordinates",
    category: Category::Processing,
    summary: "Returns a geometry with the bits of its ordinates cleared that a number of decimal \
              digits does not need.",
    notes: "Ordinates keep that many digits behind the point, and zero bits compress well. A \
            number below 0 lets go of digits before the point. A null number of digits means that \
            of X.",
    example: "SELECT ST_AsText(ST_QuantizeCoordinates(ST_Point(100.123456, 200.123456), 2))",
    nulls: Nulls::Seen,
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::integer("prec_x", "The digits behind the point of X."),
            Argument::integer("prec_y", "The digits of Y, else those of X.").optional(),
            Argument::integer("prec_z", "The digits of Z, else those of X.").optional(),
            Argument::integer("prec_m", "The digits of M, else those of X.").optional(),
        ],
        evaluate: quantize_rows,
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn quantize_rows(arguments: &Arguments<'_>) -> Evaluated {
    let geometries = arguments.geometry(0)?;
    let mut digits = Vec::with_capacity(4);
    for index in 1..arguments.len() {
        digits.push(arguments.integer(index)?);
    }
    let mut answers = BytesAnswers::new(arguments.row_count, 0);
    for row in 0..arguments.row_count {
        let Some(geometry) = geometries.get(row)? else {
            answers.push(None)?;
            continue;
        };
        let given = |index: usize| -> Result<Option<i64>, GeometryError> {
            digits.get(index).map_or(Ok(None), |digits| digits.get(row))
        };
        let Some(x) = given(0)? else {
            return Err(refusal("ST_QuantizeCoordinates needs a number of digits for X"));
        };
        let (y, z, m) = (given(1)?.unwrap_or(x), given(2)?.unwrap_or(x), given(3)?.unwrap_or(x));
        answers.push(Some(&edit::quantize(geometry, [x, y, z, m])))?;
    }
    answers.finish()
}
