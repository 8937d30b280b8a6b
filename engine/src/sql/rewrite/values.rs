//! Rewrites `VALUES` rows that mix NULL with computed values, or geometries of several reference
//! systems, or have subqueries, into a `UNION ALL`, and gives texts beside geometries, numbers, dates
//! and the like their type, those of set operations too.
//!
//! The planner refuses rows of one `VALUES` list whose columns differ in metadata, and a NULL never
//! has a geometry's. A union takes the metadata of the side that knows. Subqueries are computed in
//! select lists, never in `VALUES`.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    CastKind, DataType, ExactNumberInfo, Expr, FunctionArg, FunctionArgExpr, FunctionArguments,
    Ident, ObjectName, Query, SelectItem, SetExpr, SetOperator, SetQuantifier, UnaryOperator,
    Value, Values, VisitMut as _, VisitorMut, visit_expressions,
};

use super::{names_column, outcome};
use crate::error::Error;
use crate::sql::made;
use crate::sql::template;

/// Longer lists stay as they are: a union of that many branches would be slow to plan.
const MAX_ROWS: usize = 256;

/// Rewrites every `VALUES` list in the query that needs it.
pub(crate) fn rewrite(query: &mut Query) -> Result<(), Error> {
    outcome(query.visit(&mut Lists::default()))
}

#[derive(Default)]
struct Lists {
    /// How many queries are around.
    depth: usize,
}

impl VisitorMut for Lists {
    type Break = Error;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        self.depth += 1;
        if matches!(query.body.as_ref(), SetExpr::SetOperation { .. }) {
            type_branches(&mut query.body);
            return ControlFlow::Continue(());
        }
        let SetExpr::Values(values) = query.body.as_mut() else {
            return ControlFlow::Continue(());
        };
        // The rows of an INSERT have the types of its table.
        type_texts(values, self.depth > 1);
        let is_plain = !mixes_nulls_with_calls(values) && !mixes_systems(values);
        if is_plain && !has_subqueries(values) {
            return ControlFlow::Continue(());
        }
        match union(values) {
            Ok(Some(body)) => {
                *query.body = body;
                ControlFlow::Continue(())
            }
            Ok(None) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }

    fn post_visit_query(&mut self, _query: &mut Query) -> ControlFlow<Error> {
        self.depth = self.depth.saturating_sub(1);
        ControlFlow::Continue(())
    }
}

fn mixes_nulls_with_calls(values: &Values) -> bool {
    let has = |test: fn(&Expr) -> bool| values.rows.iter().flat_map(|row| row.iter()).any(test);
    (2..=MAX_ROWS).contains(&values.rows.len()) && has(is_null) && has(is_computed)
}

/// Returns whether the geometries of a column may be in several reference systems, or in none, as
/// far as their spelling tells.
fn mixes_systems(values: &Values) -> bool {
    if !(2..=MAX_ROWS).contains(&values.rows.len()) || names_column(values) {
        return false;
    }
    let width = values.rows.first().map_or(0, |row| row.content.len());
    (0..width).any(|column| {
        let cells = || values.rows.iter().filter_map(move |row| row.content.get(column));
        let has_geometry = cells().any(|cell| spatial_type(cell).is_some());
        has_geometry && cells().map(spelled).collect::<BTreeSet<String>>().len() > 1
    })
}

/// Returns what of a value may decide its reference system: the functions that are called, the SRIDs
/// among their arguments, and those that texts name.
fn spelled(expr: &Expr) -> String {
    match expr {
        Expr::Cast { expr, data_type, .. } => format!("{}::{data_type}", spelled(expr)),
        Expr::Nested(expr) => spelled(expr),
        Expr::Function(function) => {
            let name = function.name.to_string().to_lowercase();
            let FunctionArguments::List(list) = &function.args else { return name };
            let places = godwit_udfs::literal_integers(&name);
            let arguments = list.args.iter().enumerate().map(|(place, argument)| match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(number)) if places.contains(&place) => {
                    number.to_string()
                }
                FunctionArg::Unnamed(FunctionArgExpr::Expr(argument)) => spelled(argument),
                _ => String::new(),
            });
            format!("{name}({})", arguments.collect::<Vec<_>>().join(","))
        }
        Expr::Value(value) => match &value.value {
            // Hexadecimal EWKB has it in the middle.
            Value::SingleQuotedString(text) => match text.split_once(';') {
                Some((system, _)) => system.to_lowercase(),
                None if text.starts_with('0') => text.chars().take(18).collect(),
                None => String::new(),
            },
            Value::Placeholder(_) => "$".to_owned(),
            _ => String::new(),
        },
        _ => String::new(),
    }
}

fn has_subqueries(values: &Values) -> bool {
    let is_subquery = |expr: &Expr| match expr {
        Expr::Subquery(_) | Expr::Exists { .. } | Expr::InSubquery { .. } => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    visit_expressions(values, is_subquery).is_break()
}

/// Makes the texts of columns in which another row has a cast to a geometry, or a call that returns
/// one, geometries as well, and those of columns of numbers numbers.
fn type_texts(values: &mut Values, may_be_numbers: bool) {
    let width = values.rows.first().map_or(0, |row| row.content.len());
    for column in 0..width {
        let cells: Vec<&Expr> =
            values.rows.iter().filter_map(|row| row.content.get(column)).collect();
        let spatial = cells.iter().find_map(|cell| spatial_type(cell));
        let other = || evident_type(&cells).filter(|_| may_be_numbers);
        let Some(data_type) = spatial.or_else(other) else { continue };
        for cell in values.rows.iter_mut().filter_map(|row| row.content.get_mut(column)) {
            type_text(cell, &data_type);
        }
    }
}

/// Makes texts in the branches of set operations values of the type that those of the others have.
fn type_branches(body: &mut SetExpr) {
    let mut lists: Vec<&mut Vec<SelectItem>> = Vec::new();
    if !collect(body, &mut lists) {
        return;
    }
    let width = lists.first().map_or(0, |list| list.len());
    for column in 0..width {
        let cells: Vec<&Expr> =
            lists.iter().filter_map(|list| list.get(column).and_then(cell_of)).collect();
        if cells.len() < lists.len() {
            continue;
        }
        let Some(data_type) = evident_type(&cells) else { continue };
        for item in lists.iter_mut().filter_map(|list| list.get_mut(column)) {
            if let SelectItem::UnnamedExpr(cell) | SelectItem::ExprWithAlias { expr: cell, .. } =
                item
            {
                type_text(cell, &data_type);
            }
        }
    }
}

fn cell_of(item: &SelectItem) -> Option<&Expr> {
    match item {
        SelectItem::UnnamedExpr(cell) | SelectItem::ExprWithAlias { expr: cell, .. } => Some(cell),
        _ => None,
    }
}

/// Collects the select lists of set operations, and returns whether there is nothing else.
fn collect<'a>(body: &'a mut SetExpr, lists: &mut Vec<&'a mut Vec<SelectItem>>) -> bool {
    match body {
        SetExpr::Select(select) => {
            lists.push(&mut select.projection);
            true
        }
        SetExpr::Query(query) => collect(&mut query.body, lists),
        SetExpr::SetOperation { left, right, .. } => collect(left, lists) && collect(right, lists),
        _ => false,
    }
}

/// Makes a text a value of a type.
fn type_text(cell: &mut Expr, data_type: &DataType) {
    if matches!(cell, Expr::Value(value) if matches!(value.value, Value::SingleQuotedString(_))) {
        *cell = made::cast(cell.clone(), data_type.clone());
    }
}

/// Returns `GEOMETRY` or `GEOGRAPHY` for an expression that is one, as far as its text tells.
fn spatial_type(expr: &Expr) -> Option<DataType> {
    let named = |name: &str| DataType::Custom(ObjectName::from(Ident::new(name)), Vec::new());
    match expr {
        Expr::Cast { data_type: DataType::Custom(name, _), .. } => {
            let name = name.to_string().to_lowercase();
            ["geometry", "geography"].contains(&name.as_str()).then(|| named(&name))
        }
        Expr::Function(function) => {
            let name = function.name.to_string().to_lowercase();
            let known = godwit_udfs::catalogue().iter().find(|info| info.name == name)?;
            ["geometry", "geography"]
                .contains(&known.returns.as_str())
                .then(|| named(&known.returns))
        }
        _ => None,
    }
}

/// Returns the type of a column of texts and of other values, as far as their spelling tells.
fn evident_type(cells: &[&Expr]) -> Option<DataType> {
    number_type(cells, |_| None)
        .or_else(|| written_type(cells))
        .or_else(|| number_type(cells, has_point))
}

/// Returns the type that all values of a column have but for texts, if it is written there.
fn written_type(cells: &[&Expr]) -> Option<DataType> {
    let mut known: Option<DataType> = None;
    for cell in cells {
        let data_type = match *cell {
            Expr::Value(value) => match &value.value {
                Value::Null | Value::SingleQuotedString(_) => continue,
                Value::Boolean(_) => DataType::Boolean,
                _ => return None,
            },
            Expr::Cast { kind: CastKind::Cast | CastKind::DoubleColon, data_type, .. } => {
                data_type.clone()
            }
            Expr::TypedString(typed) => typed.data_type.clone(),
            Expr::Interval(_) => DataType::Interval { fields: None, precision: None },
            _ => return None,
        };
        if known.as_ref().is_some_and(|known| *known != data_type) {
            return None;
        }
        known = Some(data_type);
    }
    known.filter(is_read)
}

/// Returns whether a text is read as a value of a type, of which nothing is lost.
fn is_read(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Array(_)
            | DataType::BigInt(_)
            | DataType::Boolean
            | DataType::Date
            | DataType::Decimal(ExactNumberInfo::None)
            | DataType::Double(_)
            | DataType::DoublePrecision
            | DataType::Int(_)
            | DataType::Integer(_)
            | DataType::Interval { .. }
            | DataType::JSON
            | DataType::JSONB
            | DataType::Numeric(ExactNumberInfo::None)
            | DataType::Real
            | DataType::SmallInt(_)
            | DataType::Time(None, _)
            | DataType::Timestamp(None, _)
    )
}

/// Returns whether a type is one of doubles, or of integers; nothing for others.
fn has_point(data_type: &DataType) -> Option<bool> {
    match data_type {
        DataType::Double(_)
        | DataType::DoublePrecision
        | DataType::Float(_)
        | DataType::Float4
        | DataType::Float8
        | DataType::Real => Some(true),
        DataType::BigInt(_) | DataType::Int(_) | DataType::Integer(_) | DataType::SmallInt(_) => {
            Some(false)
        }
        _ => None,
    }
}

/// Returns the type of a column in which there are numbers as written, or those of some casts, and
/// texts beside them.
fn number_type(cells: &[&Expr], of_cast: fn(&DataType) -> Option<bool>) -> Option<DataType> {
    let mut has_number = false;
    let mut has_point = false;
    for cell in cells {
        let value = match *cell {
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => expr.as_ref(),
            other => other,
        };
        if let Expr::Cast { data_type, .. } = value {
            has_point |= of_cast(data_type)?;
            has_number = true;
            continue;
        }
        let Expr::Value(value) = value else { return None };
        match &value.value {
            Value::Number(digits, _) => {
                has_number = true;
                has_point |= digits.contains(['.', 'e', 'E']);
            }
            Value::SingleQuotedString(_) | Value::Null => {}
            _ => return None,
        }
    }
    let data_type =
        if has_point { DataType::Double(ExactNumberInfo::None) } else { DataType::BigInt(None) };
    has_number.then_some(data_type)
}

/// Returns whether an expression is NULL, of whatever type.
fn is_null(expr: &Expr) -> bool {
    match expr {
        Expr::Value(value) => value.value == Value::Null,
        Expr::Cast { expr, .. } | Expr::Nested(expr) => is_null(expr),
        _ => false,
    }
}

fn is_computed(expr: &Expr) -> bool {
    matches!(expr, Expr::Function(_) | Expr::Cast { .. }) && !is_null(expr)
}

/// Returns one `SELECT` a row, with the column names that `VALUES` gives.
fn union(values: &Values) -> Result<Option<SetExpr>, Error> {
    let template = template::query("SELECT 1")?;
    let mut branches = Vec::with_capacity(values.rows.len());
    for row in &values.rows {
        let SetExpr::Select(mut select) = template.body.as_ref().clone() else { return Ok(None) };
        let item = |(index, expr): (usize, &Expr)| SelectItem::ExprWithAlias {
            expr: expr.clone(),
            alias: Ident::new(format!("column{}", index + 1)),
        };
        select.projection = row.iter().enumerate().map(item).collect();
        branches.push(SetExpr::Select(select));
    }
    Ok(balanced(branches))
}

/// Returns the union of all branches as a tree of small depth.
fn balanced(mut branches: Vec<SetExpr>) -> Option<SetExpr> {
    if branches.len() < 2 {
        return branches.pop();
    }
    let right = branches.split_off(branches.len() / 2);
    Some(SetExpr::SetOperation {
        op: SetOperator::Union,
        set_quantifier: SetQuantifier::All,
        left: Box::new(balanced(branches)?),
        right: Box::new(balanced(right)?),
    })
}
