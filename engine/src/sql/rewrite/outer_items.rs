//! Items of a select list that are columns of the query around, but do not name its relation:
//! `FROM t AS a, LATERAL (SELECT x, u.y FROM u) AS s`. In a subquery the planner calls them
//! otherwise, so that `s.x` is none of its columns; here they are given their own names. All columns
//! of a relation around, `a.*`, become such items. Those that name one, `a.x`, have been given names
//! by `labels`.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Ident, Query, Select, SelectItem, SelectItemQualifiedWildcardKind, VisitMut as _,
    VisitorMut,
};

use super::columns::{Columns, Names, Tables};
use super::labels::label;
use super::{outcome, shadowed};
use crate::error::Error;

/// Names every such item of a query whose names are resolved.
pub(crate) fn rewrite(query: &mut Query, tables: Tables<'_>) -> Result<(), Error> {
    let (selects, orders) = (Vec::new(), Vec::new());
    outcome(query.visit(&mut OuterItems { columns: Columns::new(tables), selects, orders }))
}

/// The lower-case alias and the columns of what stands in a FROM.
type Relation = (String, Names);

struct OuterItems<'a> {
    columns: Columns<'a>,
    /// What stands in FROM of the selects around, innermost last.
    selects: Vec<Vec<Relation>>,
    /// The names of the columns that orders mention, of the queries around and the innermost one.
    orders: Vec<Vec<Ident>>,
}

impl VisitorMut for OuterItems<'_> {
    type Break = Error;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        self.columns.enter(query);
        let mentioned = shadowed::columns(&query.order_by).into_iter();
        self.orders.push(mentioned.filter_map(|mut parts| parts.pop()).collect());
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &mut Query) -> ControlFlow<Error> {
        self.columns.leave();
        self.orders.pop();
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Error> {
        let relations = self.columns.of_from(&select.from);
        if !self.selects.is_empty() {
            self.expand(select, &relations);
            self.name(select, &relations);
        }
        self.selects.push(relations);
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, _select: &mut Select) -> ControlFlow<Error> {
        self.selects.pop();
        ControlFlow::Continue(())
    }
}

impl OuterItems<'_> {
    /// Puts the columns of relations around in the places of all of them.
    fn expand(&self, select: &mut Select, own: &[Relation]) {
        let mut items = Vec::with_capacity(select.projection.len());
        for item in select.projection.drain(..) {
            match all_of(&item).filter(|relation| find(own, relation).is_none()) {
                Some(relation) => match self.around(relation) {
                    Some(Some(columns)) => items.extend(columns.iter().map(|column| {
                        let column = Ident::with_quote('"', column);
                        let parts = vec![relation.clone(), column];
                        SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts))
                    })),
                    _ => items.push(item),
                },
                None => items.push(item),
            }
        }
        select.projection = items;
    }

    /// Gives columns of relations around their names, unless another item may have it.
    fn name(&self, select: &mut Select, own: &[Relation]) {
        let names: Vec<Option<String>> = select.projection.iter().map(name_of).collect();
        let has_all = names.iter().any(Option::is_none);
        for (index, item) in select.projection.iter_mut().enumerate() {
            let SelectItem::UnnamedExpr(expr) = item else { continue };
            let Some(name) = self.outer_name(expr, own) else { continue };
            let lower = name.value.to_lowercase();
            let mut others = names.iter().enumerate().filter(|(other, _)| *other != index);
            let is_there = others.any(|(_, other)| other.as_ref() == Some(&lower));
            if is_there || (has_all && may_have(own, &name)) {
                continue;
            }
            *item = SelectItem::ExprWithAlias { expr: expr.clone(), alias: name };
        }
    }

    /// Returns the name of a column, if it is one of the query around.
    fn outer_name(&self, expr: &Expr, own: &[Relation]) -> Option<Ident> {
        match expr {
            Expr::Identifier(name) => (!may_have(own, name)).then(|| name.clone()),
            Expr::CompoundIdentifier(parts) if own.is_empty() => parts.last().cloned(),
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [relation, name] if find(own, relation).is_none() && !self.hides(name, own) => {
                    self.around(relation).map(|_| name.clone())
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Returns whether an item of a name would hide a column that the order of the query mentions.
    fn hides(&self, name: &Ident, own: &[Relation]) -> bool {
        let mut mentioned = self.orders.last().into_iter().flatten();
        may_have(own, name) && mentioned.any(|other| shadowed::is_same(other, name))
    }

    /// Returns the columns of the nearest relation around that has a name.
    fn around(&self, relation: &Ident) -> Option<&Names> {
        self.selects.iter().rev().find_map(|relations| find(relations, relation))
    }
}

/// Returns the columns of a relation.
fn find<'a>(relations: &'a [Relation], name: &Ident) -> Option<&'a Names> {
    let wanted = name.value.to_lowercase();
    relations.iter().find(|(alias, _)| *alias == wanted).map(|(_, columns)| columns)
}

/// Returns whether one of the relations has such a column, or may have it.
fn may_have(relations: &[Relation], name: &Ident) -> bool {
    relations.iter().any(|(_, columns)| match columns {
        Some(columns) => columns.iter().any(|column| column.eq_ignore_ascii_case(&name.value)),
        None => true,
    })
}

/// Returns the relation all of whose columns an item is.
fn all_of(item: &SelectItem) -> Option<&Ident> {
    let SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), options) =
        item
    else {
        return None;
    };
    match name.0.as_slice() {
        [part] if options.to_string().is_empty() => part.as_ident(),
        _ => None,
    }
}

/// Returns the name of an item in lower case; none if it is more than one column.
fn name_of(item: &SelectItem) -> Option<String> {
    let name = match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(label(&alias.value)),
        SelectItem::UnnamedExpr(Expr::Identifier(name)) => Some(name.value.as_str()),
        SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => {
            parts.last().map(|name| name.value.as_str())
        }
        SelectItem::UnnamedExpr(_) => Some(""),
        _ => None,
    };
    name.map(str::to_lowercase)
}
