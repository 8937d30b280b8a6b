//! Joins that merge columns, with conditions in the place of `USING` and `NATURAL`.

use sqlparser::ast::{
    BinaryOperator, Expr, Ident, JoinConstraint, JoinOperator, ObjectName, Query, SetExpr,
    TableAlias, TableFactor, TableWithJoins,
};
use sqlparser::tokenizer::Span;

use super::replace::Replace;
use super::{Column, items, merged_of};
use crate::error::{Code, Error};
use crate::sql::made;
use crate::sql::rewrite::columns::{Columns, merges, merges_columns};
use crate::sql::rewrite::functions::call;
use crate::sql::template;

/// Gives subqueries without an alias one, so that their columns can be told from others.
pub(super) fn name_relations(from: &mut [TableWithJoins]) {
    let mut count = 0;
    for table in from {
        name_joined(table, &mut count);
    }
}

fn name_joined(table: &mut TableWithJoins, count: &mut usize) {
    let joined = table.joins.iter_mut().map(|join| &mut join.relation);
    for factor in std::iter::once(&mut table.relation).chain(joined) {
        match factor {
            TableFactor::Derived { alias: alias @ None, .. } => {
                *count += 1;
                *alias = Some(named(Ident::new(format!("godwit_subquery_{count}"))));
            }
            TableFactor::NestedJoin { table_with_joins, alias: None } => {
                name_joined(table_with_joins, count);
            }
            _ => {}
        }
    }
}

fn named(name: Ident) -> TableAlias {
    TableAlias { explicit: true, name, columns: Vec::new(), at: None }
}

/// Returns whether the planner would merge columns of a table otherwise than the standard has it.
pub(super) fn needs_columns(table: &TableWithJoins) -> bool {
    let mut operators = table.joins.iter().map(|join| &join.join_operator);
    operators.any(|operator| side_of(operator) != Side::Left && merges(operator))
}

/// Returns the error about columns that are not known.
pub(super) fn unknown() -> Error {
    Error::unsupported("a RIGHT or FULL JOIN with merged columns of a table without known columns is not supported")
        .with_hint("Name the columns of the table, as in FROM unnest(list) AS t(x), or type ON t.a = u.a; the merged column is coalesce(t.a, u.a).")
}

/// Gives the joins of a table conditions, and returns its columns as `*` shows them.
///
/// What stands beside others may mention the merged columns `before` it.
pub(super) fn write_out(
    table: &mut TableWithJoins,
    before: &[Column],
    columns: &mut Columns<'_>,
) -> Result<Vec<Column>, Error> {
    let mut left = of_factor(&mut table.relation, before, columns)?;
    for join in &mut table.joins {
        let mut sight = before.to_vec();
        sight.extend(merged_of(&left));
        let right = of_factor(&mut join.relation, &sight, columns)?;
        let side = side_of(&join.join_operator);
        let pairs = match constraint(&mut join.join_operator) {
            Some(JoinConstraint::Using(names)) => named_pairs(names, &left, &right)?,
            Some(JoinConstraint::Natural) => common_pairs(&left, &right)?,
            Some(JoinConstraint::On(condition)) => {
                let both: Vec<Column> = left.iter().chain(&right).cloned().collect();
                Replace::new(&merged_of(&both), columns).visit(condition);
                left = both;
                continue;
            }
            _ => {
                left.extend(right);
                continue;
            }
        };
        let condition = condition(&pairs);
        if let Some(constraint) = constraint(&mut join.join_operator) {
            *constraint = JoinConstraint::On(condition);
        }
        left = merge(left, right, &pairs, side);
    }
    Ok(left)
}

/// Puts subqueries in the place of joins in parentheses that have a name, as far as their columns
/// are known.
pub(super) fn as_subqueries(
    table: &mut TableWithJoins,
    columns: &mut Columns<'_>,
) -> Result<(), Error> {
    let joined = table.joins.iter_mut().map(|join| &mut join.relation);
    for factor in std::iter::once(&mut table.relation).chain(joined) {
        let TableFactor::NestedJoin { table_with_joins, alias } = factor else { continue };
        as_subqueries(table_with_joins, columns)?;
        if alias.is_none() || !merges_columns(table_with_joins) {
            continue;
        }
        name_joined(table_with_joins, &mut 0);
        let relations = columns.of_from(std::slice::from_ref(table_with_joins.as_ref()));
        if relations.iter().any(|(_, names)| names.is_none()) {
            if needs_columns(table_with_joins) {
                return Err(unknown());
            }
            continue;
        }
        let inner = write_out(table_with_joins, &[], columns)?;
        let subquery = all_of(table_with_joins, &inner)?;
        let alias = alias.take();
        *factor = TableFactor::Derived { lateral: false, subquery, alias, sample: None };
    }
    Ok(())
}

/// Returns the columns of what stands in FROM.
fn of_factor(
    factor: &mut TableFactor,
    sight: &[Column],
    columns: &mut Columns<'_>,
) -> Result<Vec<Column>, Error> {
    match factor {
        TableFactor::NestedJoin { table_with_joins, alias: None } => {
            return write_out(table_with_joins, sight, columns);
        }
        TableFactor::Derived { lateral: true, .. }
        | TableFactor::Function { .. }
        | TableFactor::UNNEST { .. }
        | TableFactor::Table { args: Some(_), .. } => {
            Replace::new(sight, columns).visit(factor);
        }
        _ => {}
    }
    let mut relations =
        columns.of_from(&[TableWithJoins { relation: factor.clone(), joins: Vec::new() }]);
    let (Some(relation), Some((_, Some(names)))) = (name_of(factor), relations.pop()) else {
        return Err(unknown());
    };
    let column = |name: String| {
        let parts = vec![relation.clone(), Ident::with_quote('"', name.clone())];
        Column { name, value: Expr::CompoundIdentifier(parts), is_merged: false }
    };
    Ok(names.into_iter().map(column).collect())
}

/// Returns the query of the columns of a join in parentheses.
fn all_of(table: &TableWithJoins, columns: &[Column]) -> Result<Box<Query>, Error> {
    let mut query = template::query("SELECT *")?;
    if let SetExpr::Select(select) = query.body.as_mut() {
        items::expand(&mut select.projection, columns)?;
        select.from = vec![table.clone()];
    }
    Ok(query)
}

/// Returns what the columns of a relation are qualified with.
fn name_of(factor: &TableFactor) -> Option<Ident> {
    let (alias, name) = match factor {
        TableFactor::Table { name, alias, .. } | TableFactor::Function { name, alias, .. } => {
            (alias, Some(name))
        }
        TableFactor::Derived { alias, .. }
        | TableFactor::UNNEST { alias, .. }
        | TableFactor::NestedJoin { alias, .. } => (alias, None),
        _ => return None,
    };
    match alias {
        Some(alias) => Some(alias.name.clone()),
        None => name?.0.last()?.as_ident().cloned(),
    }
}

/// The values of a column that both sides have.
struct Pair {
    name: String,
    left: Expr,
    right: Expr,
}

/// Returns the columns that `USING` names.
fn named_pairs(
    names: &[ObjectName],
    left: &[Column],
    right: &[Column],
) -> Result<Vec<Pair>, Error> {
    let mut pairs = Vec::with_capacity(names.len());
    for name in names {
        let Some(name) = name.0.last().and_then(|part| part.as_ident()) else { continue };
        let (left, right) = (only(left, name, "left")?, only(right, name, "right")?);
        let (left_value, right_value) = (left.value.clone(), right.value.clone());
        pairs.push(Pair { name: left.name.clone(), left: left_value, right: right_value });
    }
    Ok(pairs)
}

/// Returns the one column of a side that a name means.
fn only<'a>(columns: &'a [Column], name: &Ident, side: &str) -> Result<&'a Column, Error> {
    let exact = |column: &&Column| column.name == name.value;
    let has_exact = columns.iter().any(|column| exact(&column));
    let mut found = columns
        .iter()
        .filter(|column| if has_exact { exact(column) } else { column.is_called(name) });
    let name = &name.value;
    match (found.next(), found.next()) {
        (Some(column), None) => Ok(column),
        (None, _) => Err(Error::new(
            Code::UndefinedColumn,
            format!("column \"{name}\" of USING does not exist in the {side} table"),
        )
        .with_hint("USING takes columns that both tables have; type ON for others.")),
        (Some(_), Some(_)) => Err(Error::new(
            Code::AmbiguousColumn,
            format!("column \"{name}\" of USING appears more than once in the {side} table"),
        )
        .with_hint("Type ON with the names of the tables.")),
    }
}

/// Returns the columns of the names that both sides have.
fn common_pairs(left: &[Column], right: &[Column]) -> Result<Vec<Pair>, Error> {
    let is_common = |column: &&Column| right.iter().any(|other| other.name == column.name);
    let names = left
        .iter()
        .filter(is_common)
        .map(|column| ObjectName::from(vec![Ident::with_quote('"', column.name.clone())]));
    named_pairs(&names.collect::<Vec<_>>(), left, right)
}

/// Returns the condition that all pairs are equal.
fn condition(pairs: &[Pair]) -> Expr {
    let equal = pairs.iter().map(|pair| Expr::BinaryOp {
        left: Box::new(pair.left.clone()),
        op: BinaryOperator::Eq,
        right: Box::new(pair.right.clone()),
    });
    let all = equal.reduce(|left, right| Expr::BinaryOp {
        left: Box::new(left),
        op: BinaryOperator::And,
        right: Box::new(right),
    });
    all.unwrap_or_else(|| made::truth(true))
}

/// Returns the columns of a join: the merged ones, then the others of the left side and the right.
fn merge(left: Vec<Column>, right: Vec<Column>, pairs: &[Pair], side: Side) -> Vec<Column> {
    let merged = pairs.iter().map(|pair| {
        let (left, right) = (pair.left.clone(), pair.right.clone());
        let value = match side {
            Side::Left => left,
            Side::Right => right,
            Side::Either => call("coalesce", vec![left, right], Span::empty()),
        };
        Column { name: pair.name.clone(), value, is_merged: true }
    });
    let is_other = |column: &Column, of: fn(&Pair) -> &Expr| {
        !pairs.iter().any(|pair| *of(pair) == column.value)
    };
    let left = left.into_iter().filter(|column| is_other(column, |pair| &pair.left));
    let right = right.into_iter().filter(|column| is_other(column, |pair| &pair.right));
    merged.chain(left).chain(right).collect()
}

/// Where the value of a merged column comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
    Either,
}

fn side_of(operator: &JoinOperator) -> Side {
    match operator {
        JoinOperator::Right(_) | JoinOperator::RightOuter(_) => Side::Right,
        JoinOperator::FullOuter(_) => Side::Either,
        _ => Side::Left,
    }
}

/// Returns what the rows of an inner or an outer join have in common.
fn constraint(operator: &mut JoinOperator) -> Option<&mut JoinConstraint> {
    match operator {
        JoinOperator::Join(constraint)
        | JoinOperator::Inner(constraint)
        | JoinOperator::Left(constraint)
        | JoinOperator::LeftOuter(constraint)
        | JoinOperator::Right(constraint)
        | JoinOperator::RightOuter(constraint)
        | JoinOperator::FullOuter(constraint) => Some(constraint),
        _ => None,
    }
}
