//! `round` of doubles, which takes the even one of two integers that are equally near; that of
//! decimals takes the one farther from zero.

use std::collections::HashSet;

use arrow::datatypes::DataType;
use datafusion::common::DFSchema;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{Expr, ExprSchemable as _, LogicalPlan, cast};

use crate::functions::nearest_integer;

/// Returns whether a call rounds a number to an integer.
pub(super) fn is_to_integers(call: &ScalarFunction) -> bool {
    call.name() == "round" && call.args.len() == 1
}

/// The columns that aggregates and windows make of doubles, by name: such have no table.
#[derive(Debug, Default)]
pub(super) struct Doubles(HashSet<String>);

impl Doubles {
    /// Returns those that a node of a plan is given.
    pub(super) fn given_to(plan: &LogicalPlan) -> Self {
        let mut doubles = Self::default();
        for input in plan.inputs() {
            doubles.note(input);
        }
        doubles
    }

    fn note(&mut self, plan: &LogicalPlan) {
        match plan {
            LogicalPlan::Aggregate(aggregate) => {
                self.note_all(&aggregate.aggr_expr, aggregate.input.schema());
            }
            LogicalPlan::Window(window) => {
                self.note(&window.input);
                self.note_all(&window.window_expr, window.input.schema());
            }
            LogicalPlan::Filter(_) | LogicalPlan::Sort(_) | LogicalPlan::Limit(_) => {
                for input in plan.inputs() {
                    self.note(input);
                }
            }
            _ => {}
        }
    }

    fn note_all(&mut self, exprs: &[Expr], schema: &DFSchema) {
        for expr in exprs {
            let arguments = match expr.clone().unalias() {
                Expr::AggregateFunction(call) => call.params.args,
                Expr::WindowFunction(call) => call.params.args,
                _ => continue,
            };
            if arguments.iter().any(|argument| self.is_double(argument, schema)) {
                self.0.insert(expr.schema_name().to_string());
            }
        }
    }

    /// Returns whether a number is made of doubles: of columns, casts and what geometries measure.
    /// Numbers as written are decimals in `PostgreSQL`, and so are what aggregates make of integers,
    /// which are columns without a table.
    pub(super) fn is_double(&self, number: &Expr, schema: &DFSchema) -> bool {
        let found = number.exists(|expr| {
            Ok(match expr {
                Expr::Column(column) => {
                    self.is_one(expr)
                        || (column.relation.is_some()
                            && expr.get_type(schema).is_ok_and(|data_type| data_type.is_floating()))
                }
                Expr::Cast(cast) => cast.field.data_type().is_floating(),
                Expr::TryCast(cast) => cast.field.data_type().is_floating(),
                Expr::ScalarFunction(call) => call.name().starts_with("st_"),
                _ => false,
            })
        });
        found.unwrap_or(false)
    }

    /// Returns whether this is such a column.
    fn is_one(&self, expr: &Expr) -> bool {
        let Expr::Column(column) = expr else { return false };
        column.relation.is_none() && self.0.contains(&column.name)
    }
}

/// Returns a call that rounds, to even integers where `PostgreSQL` would know the number as a
/// double.
pub(super) fn to_even(
    call: ScalarFunction,
    schema: &DFSchema,
    doubles: &Doubles,
) -> Transformed<Expr> {
    let [number] = call.args.as_slice() else {
        return Transformed::no(Expr::ScalarFunction(call));
    };
    let Ok(data_type) = number.get_type(schema) else {
        return Transformed::no(Expr::ScalarFunction(call));
    };
    if !data_type.is_floating() || !doubles.is_double(number, schema) {
        return Transformed::no(Expr::ScalarFunction(call));
    }
    let rounded = nearest_integer(true).call(vec![cast(number.clone(), DataType::Float64)]);
    Transformed::yes(match data_type {
        DataType::Float64 => rounded,
        shorter => cast(rounded, shorter),
    })
}
