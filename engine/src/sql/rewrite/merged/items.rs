//! `SELECT *` over joins that merge columns, written out.

use std::collections::HashSet;

use sqlparser::ast::{
    ExcludeSelectItem, Expr, Ident, ObjectName, RenameSelectItem, SelectItem,
    WildcardAdditionalOptions,
};

use super::Column;
use crate::error::Error;
use crate::sql::rewrite::labels::MARK;

/// Puts the columns of FROM in the place of each `*`.
pub(super) fn expand(items: &mut Vec<SelectItem>, columns: &[Column]) -> Result<(), Error> {
    if !items.iter().any(|item| matches!(item, SelectItem::Wildcard(_))) {
        return Ok(());
    }
    let mut expanded = Vec::with_capacity(items.len() + columns.len());
    let mut seen = HashSet::new();
    for item in std::mem::take(items) {
        match item {
            SelectItem::Wildcard(options) => {
                for column in columns {
                    let Some((expr, name)) = shown(column, &options)? else { continue };
                    let is_new = seen.insert(name.clone());
                    expanded.push(item_of(expr, name, is_new, expanded.len()));
                }
            }
            SelectItem::ExprWithAlias { expr, alias } => {
                let is_new = seen.insert(alias.value.clone());
                let place = expanded.len();
                let marked = format!("{}{MARK}{place}", alias.value);
                let alias = if is_new { alias } else { Ident::with_quote('"', marked) };
                expanded.push(SelectItem::ExprWithAlias { expr, alias });
            }
            other => expanded.push(other),
        }
    }
    *items = expanded;
    Ok(())
}

/// Returns a column as an item; one whose name is there before has a mark behind it.
fn item_of(expr: Expr, name: String, is_new: bool, place: usize) -> SelectItem {
    let has_name = match &expr {
        Expr::CompoundIdentifier(parts) => parts.last().is_some_and(|last| last.value == name),
        _ => false,
    };
    if is_new && has_name {
        return SelectItem::UnnamedExpr(expr);
    }
    let name = if is_new { name } else { format!("{name}{MARK}{place}") };
    SelectItem::ExprWithAlias { expr, alias: Ident::with_quote('"', name) }
}

/// Returns the value and the name that a column has beside the options of `*`; nothing if it is
/// left out.
fn shown(
    column: &Column,
    options: &WildcardAdditionalOptions,
) -> Result<Option<(Expr, String)>, Error> {
    if options.opt_ilike.is_some() || options.opt_alias.is_some() {
        return Err(Error::unsupported("this option of * is not supported beside merged columns")
            .with_hint("Name the columns."));
    }
    let excluded = match &options.opt_exclude {
        Some(ExcludeSelectItem::Single(name)) => is_last(column, name),
        Some(ExcludeSelectItem::Multiple(names)) => names.iter().any(|name| is_last(column, name)),
        None => false,
    };
    let excepted = options.opt_except.as_ref().is_some_and(|except| {
        let mut names = std::iter::once(&except.first_element).chain(&except.additional_elements);
        names.any(|name| column.is_called(name))
    });
    if excluded || excepted {
        return Ok(None);
    }
    let mut replaced = options.opt_replace.iter().flat_map(|replace| &replace.items);
    let replaced = replaced.find(|element| column.is_called(&element.column_name));
    let expr = replaced.map_or_else(|| column.value.clone(), |element| element.expr.clone());
    let renamed = match &options.opt_rename {
        Some(RenameSelectItem::Single(renamed)) => std::slice::from_ref(renamed),
        Some(RenameSelectItem::Multiple(renamed)) => renamed,
        None => &[],
    };
    let renamed = renamed.iter().find(|renamed| column.is_called(&renamed.ident));
    let name = renamed.map_or_else(|| column.name.clone(), |renamed| renamed.alias.value.clone());
    Ok(Some((expr, name)))
}

fn is_last(column: &Column, name: &ObjectName) -> bool {
    name.0.last().and_then(|part| part.as_ident()).is_some_and(|name| column.is_called(name))
}
