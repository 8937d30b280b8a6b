//! `round` of doubles, which takes the even one of two integers that are equally near; that of
//! decimals takes the one farther from zero.

use arrow::datatypes::DataType;
use datafusion::common::DFSchema;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{Expr, ExprSchemable as _, cast};

use crate::functions::nearest_integer;

/// Returns whether a call rounds a number to an integer.
pub(super) fn is_to_integers(call: &ScalarFunction) -> bool {
    call.name() == "round" && call.args.len() == 1
}

/// Returns a call that rounds, to even integers where `PostgreSQL` would know the number as a
/// double.
pub(super) fn to_even(call: ScalarFunction, schema: &DFSchema) -> Transformed<Expr> {
    let [number] = call.args.as_slice() else {
        return Transformed::no(Expr::ScalarFunction(call));
    };
    let Ok(data_type) = number.get_type(schema) else {
        return Transformed::no(Expr::ScalarFunction(call));
    };
    if !data_type.is_floating() || !is_double(number, schema) {
        return Transformed::no(Expr::ScalarFunction(call));
    }
    let rounded = nearest_integer(true).call(vec![cast(number.clone(), DataType::Float64)]);
    Transformed::yes(match data_type {
        DataType::Float64 => rounded,
        shorter => cast(rounded, shorter),
    })
}

/// Returns whether a number is made of doubles: of columns, casts and what geometries measure.
/// Numbers as written are decimals in `PostgreSQL`, and so are what aggregates make of integers,
/// which are columns without a table.
fn is_double(number: &Expr, schema: &DFSchema) -> bool {
    let found = number.exists(|expr| {
        Ok(match expr {
            Expr::Column(column) => {
                column.relation.is_some()
                    && expr.get_type(schema).is_ok_and(|data_type| data_type.is_floating())
            }
            Expr::Cast(cast) => cast.field.data_type().is_floating(),
            Expr::TryCast(cast) => cast.field.data_type().is_floating(),
            Expr::ScalarFunction(call) => call.name().starts_with("st_"),
            _ => false,
        })
    });
    found.unwrap_or(false)
}
