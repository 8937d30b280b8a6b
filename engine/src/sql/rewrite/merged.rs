//! Columns that `JOIN .. USING` merges into one.
//!
//! The planner takes the left column for the merged one, which is NULL in the rows that only the
//! right side of an outer join has, does not know it in `WHERE`, and in a subquery takes a column of
//! the query around it. What the standard says is written out: the left column, the right one of a
//! right join, whichever is there of a full one.

use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr, Ident, Join, JoinConstraint, JoinOperator, Query, ReplaceSelectElement,
    ReplaceSelectItem, Select, SelectItem, TableFactor, TableWithJoins, VisitMut as _, VisitorMut,
    WildcardAdditionalOptions,
};
use sqlparser::tokenizer::Span;

use super::functions::call;
use super::outcome;
use crate::error::Error;

/// Writes out the merged columns of all joins of a query.
pub(crate) fn rewrite(query: &mut Query) -> Result<(), Error> {
    outcome(query.visit(&mut Selects))
}

struct Selects;

impl VisitorMut for Selects {
    type Break = Error;

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Error> {
        match written_out(select) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Error> {
        match check_nested(factor) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }
}

/// Columns of a join in parentheses are looked for from outside of it.
fn check_nested(factor: &mut TableFactor) -> Result<(), Error> {
    let TableFactor::NestedJoin { table_with_joins, .. } = factor else { return Ok(()) };
    if columns(table_with_joins)?.iter().any(|column| column.is_of_both) {
        return Err(unknown("such a column of"));
    }
    Ok(())
}

/// A merged column.
struct Merged {
    name: Ident,
    value: Expr,
    /// Whether its value may be that of the right side.
    is_of_both: bool,
}

fn written_out(select: &mut Select) -> Result<(), Error> {
    let mut merged = Vec::new();
    let is_using =
        |table: &TableWithJoins| table.joins.iter().filter(|join| is_by_name(join)).count();
    let before: usize = select.from.iter().map(is_using).sum();
    for table in &mut select.from {
        merged.extend(columns(table)?);
    }
    let compares_merged = select.from.iter().map(is_using).sum::<usize>() < before;
    if merged.is_empty() {
        return Ok(());
    }
    if let Some(condition) = &mut select.selection {
        replace(&merged, condition)?;
    }
    for item in &mut select.projection {
        match item {
            // Of joins by a condition it would have both columns.
            SelectItem::Wildcard(_) if compares_merged => return Err(unknown("SELECT * of")),
            SelectItem::Wildcard(options) if merged.iter().any(|column| column.is_of_both) => {
                put_in(&merged, options);
            }
            SelectItem::UnnamedExpr(Expr::Identifier(name)) => {
                if let Some(column) = find(&merged, name) {
                    let (expr, alias) = (column.value.clone(), name.clone());
                    *item = SelectItem::ExprWithAlias { expr, alias };
                }
            }
            _ => {}
        }
    }
    outcome(select.visit(&mut Columns { merged: &merged, depth: 0 }))
}

/// Puts the values of merged columns in the place of those that the planner knows.
fn put_in(merged: &[Merged], options: &mut WildcardAdditionalOptions) {
    let values = options.opt_replace.get_or_insert_with(|| ReplaceSelectItem { items: Vec::new() });
    for column in merged.iter().filter(|column| column.is_of_both) {
        if !values.items.iter().any(|item| is_same(&item.column_name, &column.name)) {
            let (expr, column_name) = (column.value.clone(), column.name.clone());
            let value = ReplaceSelectElement { expr, column_name, as_keyword: true };
            values.items.push(Box::new(value));
        }
    }
}

/// Returns the columns that the joins of a table merge. A join by a column that an outer join has
/// merged before compares that one's value, which the planner would not.
fn columns(table: &mut TableWithJoins) -> Result<Vec<Merged>, Error> {
    let mut merged: Vec<Merged> = Vec::new();
    for (place, join) in table.joins.iter_mut().enumerate() {
        let right = relation(&join.relation);
        let Some((constraint, side)) = constraint(join) else { continue };
        let names = match constraint {
            JoinConstraint::Using(names) => names.clone(),
            JoinConstraint::Natural if side != Side::Left => return Err(unknown("NATURAL in")),
            _ => continue,
        };
        let (mut pairs, mut compares_merged) = (Vec::new(), false);
        for name in &names {
            let Some(name) = name.0.last().and_then(|part| part.as_ident()) else { continue };
            let known = find(&merged, name);
            let was_of_both = known.is_some_and(|column| column.is_of_both);
            let first = || relation(&table.relation).filter(|_| place == 0);
            let left = known.map(|column| column.value.clone());
            let left = left.or_else(|| Some(column_of(first()?, name)));
            let Some((left, right)) = left.zip(right.clone()) else {
                if side == Side::Left && !compares_merged {
                    continue;
                }
                return Err(unknown("such a column of"));
            };
            let right = column_of(right, name);
            pairs.push((left.clone(), right.clone()));
            compares_merged |= was_of_both;
            let value = match side {
                Side::Left => left,
                Side::Right => right,
                Side::Either => call("coalesce", vec![left, right], Span::empty()),
            };
            merged.retain(|column| !is_same(&column.name, name));
            let is_of_both = side != Side::Left || was_of_both;
            merged.push(Merged { name: name.clone(), value, is_of_both });
        }
        if compares_merged {
            let equal = pairs.into_iter().map(|(left, right)| Expr::BinaryOp {
                left: Box::new(left),
                op: BinaryOperator::Eq,
                right: Box::new(right),
            });
            let all = equal.reduce(|left, right| Expr::BinaryOp {
                left: Box::new(left),
                op: BinaryOperator::And,
                right: Box::new(right),
            });
            if let Some(all) = all {
                *constraint = JoinConstraint::On(all);
            }
        }
    }
    Ok(merged)
}

/// Returns whether a join is one `USING` names.
fn is_by_name(join: &Join) -> bool {
    let (JoinOperator::Join(constraint)
    | JoinOperator::Inner(constraint)
    | JoinOperator::Left(constraint)
    | JoinOperator::LeftOuter(constraint)
    | JoinOperator::Right(constraint)
    | JoinOperator::RightOuter(constraint)
    | JoinOperator::FullOuter(constraint)) = &join.join_operator
    else {
        return false;
    };
    matches!(constraint, JoinConstraint::Using(_))
}

/// Returns what the rows of an inner or an outer join have in common.
fn constraint(join: &mut Join) -> Option<(&mut JoinConstraint, Side)> {
    match &mut join.join_operator {
        JoinOperator::Join(constraint)
        | JoinOperator::Inner(constraint)
        | JoinOperator::Left(constraint)
        | JoinOperator::LeftOuter(constraint) => Some((constraint, Side::Left)),
        JoinOperator::Right(constraint) | JoinOperator::RightOuter(constraint) => {
            Some((constraint, Side::Right))
        }
        JoinOperator::FullOuter(constraint) => Some((constraint, Side::Either)),
        _ => None,
    }
}

/// Where the value of a merged column comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
    Either,
}

/// Returns what the columns of a relation are qualified with.
fn relation(factor: &TableFactor) -> Option<Ident> {
    match factor {
        TableFactor::Table { name, alias, .. } => match alias {
            Some(alias) => Some(alias.name.clone()),
            None => name.0.last().and_then(|part| part.as_ident()).cloned(),
        },
        TableFactor::Derived { alias, .. } | TableFactor::Function { alias, .. } => {
            alias.as_ref().map(|alias| alias.name.clone())
        }
        _ => None,
    }
}

fn column_of(relation: Ident, name: &Ident) -> Expr {
    Expr::CompoundIdentifier(vec![relation, name.clone()])
}

fn find<'a>(merged: &'a [Merged], name: &Ident) -> Option<&'a Merged> {
    merged.iter().find(|column| is_same(&column.name, name))
}

fn is_same(one: &Ident, other: &Ident) -> bool {
    one.value.eq_ignore_ascii_case(&other.value)
}

fn replace(merged: &[Merged], expr: &mut Expr) -> Result<(), Error> {
    outcome(expr.visit(&mut Columns { merged, depth: 0 }))
}

fn unknown(what: &str) -> Error {
    Error::unsupported(format!("{what} a RIGHT or FULL JOIN with merged columns is not supported"))
        .with_hint(
            "Name the columns and type ON t.a = u.a; the merged column is coalesce(t.a, u.a).",
        )
}

/// Replaces names of merged columns, but not those in subqueries, which may have such columns of
/// their own.
struct Columns<'a> {
    merged: &'a [Merged],
    depth: usize,
}

impl VisitorMut for Columns<'_> {
    type Break = Error;

    fn pre_visit_query(&mut self, _query: &mut Query) -> ControlFlow<Error> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &mut Query) -> ControlFlow<Error> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        if let (0, Expr::Identifier(name)) = (self.depth, &*expr)
            && let Some(column) = find(self.merged, name)
        {
            *expr = column.value.clone();
        }
        ControlFlow::Continue(())
    }
}
