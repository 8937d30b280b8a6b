//! An `UPDATE` or `DELETE` for several rows of values, as one statement that does what one for each
//! row does.
//!
//! Of a `DELETE` the conditions are joined by `OR`. An `UPDATE` takes the values of the condition that
//! holds, of which there must not be two: so it compares columns that it leaves alone with
//! parameters, and no two rows of these may be equal.

use std::ops::ControlFlow;

use sqlparser::ast::helpers::attached_token::AttachedToken;
use sqlparser::ast::{
    BinaryOperator, CaseWhen, Expr, Ident, Query, Select, SelectItem, SetExpr, Value, Visit,
    VisitMut, Visitor, VisitorMut,
};

use super::change::Change;

/// Functions that give another value each time; what a condition with them means differs.
const VOLATILE: [&str; 4] = ["random", "rand", "uuid", "gen_random_uuid"];

impl Change {
    /// Returns the parameters, from 0, that differ between any two rows of values that one statement
    /// takes: none for those that take any. Returns nothing if each row must be executed for itself.
    pub(crate) fn keys(&self) -> Option<Vec<usize>> {
        if self.returning.is_some() || self.query.with.is_some() {
            return None;
        }
        let condition = condition(&self.query)?;
        if Visit::visit(self.query.as_ref(), &mut Plain { queries: 0 }).is_break() {
            return None;
        }
        let mut keys = Vec::new();
        if !self.is_delete() && !equalities(condition, &self.columns, &mut keys) {
            return None;
        }
        Some(keys)
    }

    /// Returns the statement for some rows of values. The parameters of the first row come first,
    /// then those of the second.
    pub(crate) fn repeated(&self, parameters: usize, rows: usize) -> Option<Self> {
        let condition = condition(&self.query)?;
        let starts = || (0..rows).map(move |row| row * parameters);
        let conditions: Vec<Expr> = starts().map(|start| moved(condition, start)).collect();
        let mut repeated = self.clone();
        let SetExpr::Select(select) = repeated.query.body.as_mut() else { return None };
        for item in &mut select.projection {
            let SelectItem::ExprWithAlias { expr, .. } = item else { continue };
            if Visit::visit(&*expr, &mut Parameters).is_continue() {
                continue;
            }
            let values = starts().map(|start| moved(expr, start));
            let whens = conditions.iter().cloned().zip(values);
            let whens = whens.map(|(condition, result)| CaseWhen { condition, result }).collect();
            *expr = Expr::Case {
                case_token: AttachedToken::empty(),
                end_token: AttachedToken::empty(),
                operand: None,
                conditions: whens,
                else_result: None,
            };
        }
        select.selection = Some(any(conditions)?);
        Some(repeated)
    }
}

/// Returns the condition of a query over one table.
fn condition(query: &Query) -> Option<&Expr> {
    let SetExpr::Select(select) = query.body.as_ref() else { return None };
    let Select { from, selection, .. } = select.as_ref();
    match from.as_slice() {
        [table] if table.joins.is_empty() => selection.as_ref(),
        _ => None,
    }
}

/// Collects the parameters that columns are compared with, and returns whether a condition is nothing
/// else. The columns are others than these.
fn equalities(condition: &Expr, others: &[Ident], keys: &mut Vec<usize>) -> bool {
    match condition {
        Expr::Nested(inner) => equalities(inner, others, keys),
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            equalities(left, others, keys) && equalities(right, others, keys)
        }
        Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => {
            let pair = column(left).zip(parameter(right));
            let pair = pair.or_else(|| column(right).zip(parameter(left)));
            let Some((column, parameter)) = pair else { return false };
            keys.push(parameter);
            !others.iter().any(|other| other.value.eq_ignore_ascii_case(&column.value))
        }
        _ => false,
    }
}

fn column(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Identifier(name) => Some(name),
        Expr::CompoundIdentifier(parts) => parts.last(),
        _ => None,
    }
}

/// Returns the number of a parameter, from 0.
fn parameter(expr: &Expr) -> Option<usize> {
    let Expr::Value(value) = expr else { return None };
    let Value::Placeholder(name) = &value.value else { return None };
    let number: usize = name.strip_prefix('$')?.parse().ok()?;
    number.checked_sub(1)
}

/// Returns an expression whose parameters are some places further on.
fn moved(expr: &Expr, places: usize) -> Expr {
    let mut expr = expr.clone();
    // Moving never ends early.
    let _moved = VisitMut::visit(&mut expr, &mut Move { places });
    Expr::Nested(Box::new(expr))
}

/// Returns whether any of the conditions holds, as a tree of small depth.
fn any(mut conditions: Vec<Expr>) -> Option<Expr> {
    if conditions.len() < 2 {
        return conditions.pop();
    }
    let right = conditions.split_off(conditions.len() / 2);
    let (left, right) = (Box::new(any(conditions)?), Box::new(any(right)?));
    let either = Expr::BinaryOp { left, op: BinaryOperator::Or, right };
    Some(Expr::Nested(Box::new(either)))
}

/// Looks for subqueries, which see what executions before have done, and volatile functions.
struct Plain {
    queries: usize,
}

impl Visitor for Plain {
    type Break = ();

    fn pre_visit_query(&mut self, _query: &Query) -> ControlFlow<()> {
        self.queries += 1;
        if self.queries > 1 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        let Expr::Function(function) = expr else { return ControlFlow::Continue(()) };
        let name = function.name.to_string();
        let is_volatile = VOLATILE.iter().any(|volatile| name.eq_ignore_ascii_case(volatile));
        if is_volatile { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Looks for parameters.
struct Parameters;

impl Visitor for Parameters {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        if parameter(expr).is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

struct Move {
    places: usize,
}

impl VisitorMut for Move {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Some(index) = parameter(expr)
            && let Expr::Value(value) = expr
        {
            value.value = Value::Placeholder(format!("${}", index + 1 + self.places));
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::Change;
    use crate::sql::{Statement, parse};

    fn change(sql: &str) -> Change {
        let Ok(Statement::Change(change)) = parse(sql) else { panic!("{sql} is no change") };
        change
    }

    #[test]
    fn rows_are_told_apart_by_the_columns_that_are_compared() {
        for (sql, keys) in [
            ("DELETE FROM t WHERE a < $1 OR b = lower($2)", Some(vec![])),
            ("UPDATE t SET n = $1 WHERE a = $2", Some(vec![1])),
            ("UPDATE t AS x SET n = n + $3 WHERE ($1 = x.a) AND x.b = $2", Some(vec![0, 1])),
            ("UPDATE t SET n = $1 WHERE n = $2", None),
            ("UPDATE t SET n = $1 WHERE a > $2", None),
            ("UPDATE t SET n = $1", None),
            ("DELETE FROM t WHERE a = (SELECT max(a) FROM t WHERE b < $1)", None),
            ("DELETE FROM t USING s WHERE t.a = s.a AND s.b = $1", None),
            ("DELETE FROM t WHERE a = $1 RETURNING a", None),
            ("DELETE FROM t WHERE random() < $1", None),
        ] {
            assert_eq!(change(sql).keys(), keys, "{sql}");
        }
    }

    #[test]
    fn several_rows_are_one_statement() {
        let repeated = |sql: &str, parameters, rows| {
            change(sql).repeated(parameters, rows).map(|change| change.query.to_string())
        };
        assert_eq!(
            repeated("DELETE FROM t WHERE a = $1", 1, 3).as_deref(),
            Some("SELECT * FROM t WHERE ((a = $1) OR ((a = $2) OR (a = $3)))")
        );
        assert_eq!(
            repeated("UPDATE t SET n = $1, m = 0 WHERE a = $2", 2, 2).as_deref(),
            Some(
                "SELECT CASE WHEN (a = $2) THEN ($1) WHEN (a = $4) THEN ($3) END \
                 AS \"new value 1\", 0 AS \"new value 2\", * FROM t WHERE ((a = $2) OR (a = $4))"
            )
        );
        assert_eq!(repeated("DELETE FROM t", 0, 2), None);
    }
}
