//! Rewrites a whole row as an argument, `ST_AsMVT(t, 'roads')` or `ST_AsGeoJSON(t.*)`, or in a
//! select list, `SELECT t FROM t`, or in a cast, `t::text`, or in `t || 'x'`, to a record of the
//! row's columns; in a test, `t IS NULL` or `a IS DISTINCT FROM b`, to one of the columns; and in
//! `count(t)` to whether there is such a row.
//!
//! Runs behind the resolution of names, so that every column has its final spelling.

use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArguments, Ident, Join, JoinOperator, ObjectName, Query, Select, SelectItem,
    VisitMut as _, VisitorMut,
};
use sqlparser::tokenizer::Span;

use super::columns::{Columns, Names, Tables};
use super::functions::call;
use super::{outcome, row_comparisons};
use crate::error::Error;
use crate::sql::made;

/// The functions whose first argument may be a row.
const TAKERS: [&str; 4] = ["st_asmvt", "st_asgeobuf", "st_asflatgeobuf", "st_asgeojson"];

/// The functions of which every argument may be a row.
const WRITERS: [&str; 16] = [
    "array_agg",
    "array_to_json",
    "concat",
    "concat_ws",
    "format",
    "json_agg",
    "json_build_array",
    "json_build_object",
    "json_object_agg",
    "jsonb_agg",
    "jsonb_build_array",
    "jsonb_build_object",
    "jsonb_object_agg",
    "row_to_json",
    "to_json",
    "to_jsonb",
];

/// Rewrites every whole row of the query.
pub(crate) fn rewrite(query: &mut Query, tables: Tables<'_>) -> Result<(), Error> {
    outcome(query.visit(&mut WholeRows { columns: Columns::new(tables), selects: Vec::new() }))
}

struct WholeRows<'a> {
    columns: Columns<'a>,
    /// What stands in FROM of the selects around, innermost last.
    selects: Vec<Scope>,
}

/// What stands in a FROM.
struct Scope {
    /// Lower-case aliases and columns.
    relations: Vec<(String, Names)>,
    /// Whether a row of one may be absent, which is NULL in all columns.
    has_outer_join: bool,
}

impl VisitorMut for WholeRows<'_> {
    type Break = Error;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        self.columns.enter(query);
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &mut Query) -> ControlFlow<Error> {
        self.columns.leave();
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Error> {
        let relations = self.columns.of_from(&select.from);
        let has_outer_join = select.from.iter().flat_map(|table| &table.joins).any(is_outer);
        self.selects.push(Scope { relations, has_outer_join });
        for item in &mut select.projection {
            self.expand_item(item);
        }
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, _select: &mut Select) -> ControlFlow<Error> {
        self.selects.pop();
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        let Expr::Function(function) = expr else {
            self.expand_operand(expr);
            return ControlFlow::Continue(());
        };
        match self.expand(function) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }
}

impl WholeRows<'_> {
    /// Puts a record in the place of a row in a select list: `SELECT t FROM t`.
    fn expand_item(&self, item: &mut SelectItem) {
        let SelectItem::UnnamedExpr(Expr::Identifier(name)) = item else { return };
        let Some(Scope { relations, .. }) = self.selects.last() else { return };
        let mut named = relations.iter().filter(|(alias, _)| !alias.is_empty());
        let is_known = named.all(|(_, columns)| columns.is_some());
        let wanted = name.value.to_lowercase();
        let found = relations.iter().find(|(alias, _)| *alias == wanted);
        if let Some((_, Some(columns))) = found
            && is_known
            && !self.is_column(&name.value)
        {
            let (expr, alias) = (record(name, columns), name.clone());
            *item = SelectItem::ExprWithAlias { expr, alias };
        }
    }

    /// Puts a record in the place of a row that is cast, and values in that of one that is tested.
    fn expand_operand(&self, expr: &mut Expr) {
        match expr {
            Expr::Cast { expr: row, .. } => {
                if let Some((relation, columns)) = self.row(row) {
                    let record = record(relation, columns);
                    **row = record;
                }
            }
            Expr::BinaryOp { left, op: BinaryOperator::StringConcat, right } => {
                for side in [left, right] {
                    if let Some((relation, columns)) = self.row(side) {
                        let record = record(relation, columns);
                        **side = record;
                    }
                }
            }
            Expr::IsNull(row) | Expr::IsNotNull(row) => {
                let Some(values) = self.values(row) else { return };
                **row = values;
            }
            Expr::BinaryOp { left, right, .. }
            | Expr::IsDistinctFrom(left, right)
            | Expr::IsNotDistinctFrom(left, right) => {
                let (Some(first), Some(second)) = (self.values(left), self.values(right)) else {
                    return;
                };
                (**left, **right) = (first, second);
            }
            _ => return,
        }
        if let Some(comparison) = row_comparisons::of(expr) {
            *expr = comparison;
        }
    }

    /// Returns the values of a row: `(t.a, t.b)`.
    fn values(&self, expr: &Expr) -> Option<Expr> {
        let (relation, columns) = self.row(expr)?;
        Some(Expr::Tuple(columns.iter().map(|column| value(relation, column)).collect()))
    }

    /// Returns the relation whose row an expression is, and its columns.
    fn row<'b>(&'b self, expr: &'b Expr) -> Option<(&'b Ident, &'b [String])> {
        match expr {
            Expr::Identifier(name) => Some((name, self.relation(name, true)?.as_deref()?)),
            Expr::Nested(inner) => self.row(inner),
            _ => None,
        }
    }

    /// Puts records in the places of rows.
    fn expand(&self, function: &mut Function) -> Result<(), Error> {
        let [part] = function.name.0.as_slice() else { return Ok(()) };
        let Some(name) = part.as_ident() else { return Ok(()) };
        let is_count = name.value.eq_ignore_ascii_case("count");
        let count = match name.value.as_str() {
            _ if is_count => 1,
            name if TAKERS.contains(&name) => 1,
            name if WRITERS.contains(&name) => usize::MAX,
            _ => return Ok(()),
        };
        let FunctionArguments::List(list) = &mut function.args else { return Ok(()) };
        let is_distinct = matches!(list.duplicate_treatment, Some(DuplicateTreatment::Distinct));
        let has_outer_join = self.selects.last().is_some_and(|select| select.has_outer_join);
        let value: fn(&Ident, &[String]) -> Expr = match (is_count && !is_distinct, has_outer_join)
        {
            (true, true) => present,
            (true, false) => there,
            (false, _) => record,
        };
        for argument in list.args.iter_mut().take(count) {
            if let FunctionArg::Unnamed(argument) = argument {
                self.expand_argument(argument, is_count, value)?;
            }
        }
        Ok(())
    }

    /// Puts a value of a row in its place.
    fn expand_argument(
        &self,
        argument: &mut FunctionArgExpr,
        is_count: bool,
        value: fn(&Ident, &[String]) -> Expr,
    ) -> Result<(), Error> {
        let (relation, may_be_column) = match &*argument {
            FunctionArgExpr::Expr(Expr::Identifier(name)) => (name.clone(), true),
            FunctionArgExpr::QualifiedWildcard(ObjectName(parts)) => match parts.as_slice() {
                [part] => match part.as_ident() {
                    Some(name) => (name.clone(), false),
                    None => return Ok(()),
                },
                _ => return Ok(()),
            },
            _ => return Ok(()),
        };
        match self.relation(&relation, may_be_column) {
            Some(Some(columns)) => {
                *argument = FunctionArgExpr::Expr(value(&relation, columns));
                Ok(())
            }
            Some(None) if !is_count => Err(Error::unsupported(format!(
                "the columns of \"{}\" are not known here",
                relation.value
            ))
            .with_hint("Name them: named_struct('geom', geom, 'name', name).")),
            _ => Ok(()),
        }
    }

    /// Returns the columns of the relation that a name stands for, unless it is nearer to hand as
    /// the name of a column.
    fn relation(&self, name: &Ident, may_be_column: bool) -> Option<&Names> {
        let wanted = name.value.to_lowercase();
        for Scope { relations, .. } in self.selects.iter().rev() {
            let mut columns =
                relations.iter().filter_map(|(_, columns)| columns.as_ref()).flatten();
            if may_be_column && columns.any(|column| column.eq_ignore_ascii_case(&name.value)) {
                return None;
            }
            if let Some((_, columns)) = relations.iter().find(|(alias, _)| *alias == wanted) {
                return Some(columns);
            }
        }
        None
    }

    /// Returns whether a name is a column of what stands in the innermost FROM.
    fn is_column(&self, name: &str) -> bool {
        self.selects.last().is_some_and(|select| {
            let columns =
                select.relations.iter().filter_map(|(_, columns)| columns.as_ref()).flatten();
            columns.into_iter().any(|column| column.eq_ignore_ascii_case(name))
        })
    }
}

/// Returns the record of a row: `named_struct('a', t.a, ...)`.
fn record(relation: &Ident, columns: &[String]) -> Expr {
    let fields = columns.iter().flat_map(|column| {
        let label = super::label(column).to_owned();
        [made::text(label), value(relation, column)]
    });
    call("named_struct", fields.collect(), Span::empty())
}

/// Returns a column of a row.
fn value(relation: &Ident, column: &str) -> Expr {
    Expr::CompoundIdentifier(vec![relation.clone(), Ident::with_quote('"', column)])
}

/// Returns whether a join may put NULL in the place of a row.
fn is_outer(join: &Join) -> bool {
    matches!(
        join.join_operator,
        JoinOperator::Left(_)
            | JoinOperator::LeftOuter(_)
            | JoinOperator::Right(_)
            | JoinOperator::RightOuter(_)
            | JoinOperator::FullOuter(_)
            | JoinOperator::OuterApply
    )
}

/// Returns a value that is NULL where all columns of a row are, as those of an absent row.
fn present(relation: &Ident, columns: &[String]) -> Expr {
    let columns = columns.iter().map(|column| value(relation, column));
    let known = call("num_nonnulls", columns.collect(), Span::empty());
    let none = made::number("0");
    call("nullif", vec![known, none], Span::empty())
}

/// Returns what counts a row that is always there, even one of NULLs.
fn there(_relation: &Ident, _columns: &[String]) -> Expr {
    made::number("1")
}
