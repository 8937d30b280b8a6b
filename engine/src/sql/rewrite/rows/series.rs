//! Series in FROM that are lists. The engine below makes its own before there are values, and of
//! integers.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, FunctionArg, FunctionArgExpr, Value, Visit, visit_expressions};

use crate::sql::rewrite::has_fractions;

/// Returns whether a series is a list, as its arguments are parameters or numbers with a fraction.
pub(super) fn is_list(function: &str, arguments: &[FunctionArg]) -> bool {
    let is_parameter = |value: &Value| matches!(value, Value::Placeholder(_));
    match function {
        "generate_series" => arguments
            .iter()
            .any(|argument| has_value(argument, is_parameter) || is_fraction_in(argument)),
        "range" => arguments.iter().any(|argument| has_value(argument, is_parameter)),
        _ => false,
    }
}

fn is_fraction_in(argument: &FunctionArg) -> bool {
    match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) => is_fraction(value),
        _ => false,
    }
}

/// Returns whether a value may be a number with a fraction, as far as its text tells.
fn is_fraction(value: &Expr) -> bool {
    match value {
        Expr::Cast { data_type, .. } => has_fractions(data_type),
        Expr::Nested(inner) | Expr::UnaryOp { expr: inner, .. } => is_fraction(inner),
        Expr::BinaryOp { left, right, .. } => is_fraction(left) || is_fraction(right),
        // With an exponent it is a double, too.
        other => has_value(
            other,
            |value| matches!(value, Value::Number(digits, _) if digits.contains(['.', 'e', 'E'])),
        ),
    }
}

fn has_value(part: &impl Visit, is_wanted: impl Fn(&Value) -> bool) -> bool {
    let found = visit_expressions(part, |expr| match expr {
        Expr::Value(value) if is_wanted(&value.value) => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    found.is_break()
}

#[cfg(test)]
mod tests {
    use sqlparser::ast::FunctionArguments;

    use super::*;
    use crate::sql::template;

    #[test]
    fn numbers_with_a_fraction_make_lists() {
        for (text, expected) in [
            ("f(1, 10)", false),
            ("f(1, 1.5)", true),
            ("f(0, -(1e1))", true),
            ("f(1, 1e6::int)", false),
            ("f(1, x::double precision)", true),
            ("f(1, sqrt(4.0))", true),
            ("f(1, $1)", true),
        ] {
            let Ok(Expr::Function(function)) = template::expr(text) else { panic!("{text}") };
            let FunctionArguments::List(list) = function.args else { panic!("{text}") };
            assert_eq!(is_list("generate_series", &list.args), expected, "{text}");
        }
    }
}
