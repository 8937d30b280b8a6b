//! `TO_JSON`: a value of any type written as JSON.

use godwit_geometry::GeometryError;

use crate::answers::BytesAnswers;
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};
use crate::json::JsonColumn;

pub(super) static FUNCTION: Function = Function {
    title: "TO_JSON",
    aliases: &["ARRAY_TO_JSON", "ROW_TO_JSON"],
    category: Category::Output,
    summary: "Returns a value as JSON.",
    notes: "A row, as `t` or `t.*` of a table or a `named_struct`, becomes an object with a member \
            for each field, a list an array, and a geometry its GeoJSON object, with all its \
            decimals and the name of its reference system unless it is EPSG:4326. What is JSON \
            already, such as `x::json`, stays as it is, and other texts become strings. \
            ST_AsGeoJSON writes features.",
    example: "SELECT TO_JSON(named_struct('id', 7, 'place', ST_Point(1, 2)))",
    overloads: &[Overload {
        arguments: &[Argument::new("value", Type::Any, "The value.")],
        returns: Type::Json,
        evaluate: |arguments| values(arguments, Ok),
        ..Overload::BASE
    }],
    parity: Parity::Differs(
        "PostGIS names EPSG:4326 as well, and writes a geography as hexadecimal digits.",
    ),
    ..Function::BASE
};

/// Returns the value of each row as JSON of some spelling.
pub(super) fn values(
    arguments: &Arguments<'_>,
    spell: fn(String) -> Result<String, GeometryError>,
) -> Evaluated {
    let field = arguments.fields.first().ok_or_else(|| arguments.wrong_type(0))?;
    let column = JsonColumn::try_new(field, arguments.array(0)?.as_ref())?;
    let mut values = BytesAnswers::new(arguments.row_count, 0);
    for row in 0..arguments.row_count {
        let row = if arguments.is_constant(0) { 0 } else { row };
        if column.is_null(row) {
            values.push(None)?;
            continue;
        }
        let mut json = String::new();
        column.write(row, &mut json)?;
        values.push(Some(spell(json)?.as_bytes()))?;
    }
    values.finish_text()
}
