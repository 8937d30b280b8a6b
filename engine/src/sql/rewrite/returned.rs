//! Names of `RETURNING` that mean columns of the other relations of a statement: those of `FROM`
//! and `USING`, and the source of a `MERGE`. Such columns are asked for beside the rows.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Ident, Query, SelectItem, SelectItemQualifiedWildcardKind, SetExpr, TableFactor,
    VisitMut as _, VisitorMut, WildcardAdditionalOptions,
};

use super::{outcome, position};
use crate::error::{Code, Error};
use crate::sql::change::match_column;

/// A column of another relation.
#[derive(Debug, Clone)]
pub(crate) struct OtherColumn {
    pub(crate) relation: Option<String>,
    pub(crate) name: String,
}

/// What is asked for beside the rows.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) expr: Expr,
    /// The place among the columns of the other relations; none for `merge_action()`.
    pub(crate) column: Option<usize>,
}

/// Puts columns beside the rows in the place of those of other relations, and returns what these
/// columns are. The columns of a source come before those of the table. The items have their labels.
pub(crate) fn rewrite(
    query: &mut Query,
    table: &[String],
    others: &[OtherColumn],
    is_merge: bool,
) -> Result<Vec<Asked>, Error> {
    let SetExpr::Select(select) = query.body.as_mut() else { return Ok(Vec::new()) };
    let alias = select.from.first().and_then(|from| match &from.relation {
        TableFactor::Table { alias, .. } => alias.as_ref(),
        _ => None,
    });
    let Some(alias) = alias.map(|alias| alias.name.clone()) else { return Ok(Vec::new()) };
    let mut clause = Clause { alias, table, others, is_merge, asked: Vec::new(), depth: 0 };
    let mut items = Vec::with_capacity(select.projection.len());
    for item in std::mem::take(&mut select.projection) {
        clause.resolve(item, &mut items)?;
    }
    select.projection = items;
    Ok(clause.asked)
}

struct Clause<'a> {
    /// The name of the rows.
    alias: Ident,
    /// The columns of the rows.
    table: &'a [String],
    others: &'a [OtherColumn],
    is_merge: bool,
    asked: Vec<Asked>,
    /// How many queries are around.
    depth: usize,
}

impl Clause<'_> {
    fn resolve(&mut self, item: SelectItem, items: &mut Vec<SelectItem>) -> Result<(), Error> {
        match item {
            SelectItem::Wildcard(options) if is_plain(&options) => {
                if !self.is_merge {
                    self.own(items);
                }
                self.foreign(None, items);
                if self.is_merge {
                    self.own(items);
                }
            }
            SelectItem::QualifiedWildcard(
                SelectItemQualifiedWildcardKind::ObjectName(name),
                options,
            ) if is_plain(&options) => {
                let relation = name.0.last().and_then(|part| part.as_ident());
                let is_known =
                    |relation: &Ident| self.others.iter().any(|other| other.is_of(relation));
                if relation.is_some_and(|relation| is_same(relation, &self.alias.value)) {
                    self.own(items);
                } else if relation.is_some_and(is_known) {
                    self.foreign(relation, items);
                } else {
                    let kind = SelectItemQualifiedWildcardKind::ObjectName(name);
                    items.push(SelectItem::QualifiedWildcard(kind, options));
                }
            }
            SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..) => {
                let message = "RETURNING beside other relations takes no options of *";
                return Err(Error::unsupported(message).with_hint("Name the columns."));
            }
            SelectItem::UnnamedExpr(mut expr) => {
                let name = match self.meant(&expr)? {
                    Some(column) => self.others.get(column).map(|other| other.name.clone()),
                    None => self.own_name(&expr),
                };
                outcome(expr.visit(self))?;
                items.push(match name {
                    Some(name) => named(expr, &name),
                    None => SelectItem::UnnamedExpr(expr),
                });
            }
            SelectItem::ExprWithAlias { mut expr, alias } => {
                outcome(expr.visit(self))?;
                items.push(SelectItem::ExprWithAlias { expr, alias });
            }
            item @ SelectItem::ExprWithAliases { .. } => items.push(item),
        }
        Ok(())
    }

    /// Adds the columns of the rows.
    fn own(&self, items: &mut Vec<SelectItem>) {
        for column in self.table {
            let parts = vec![self.alias.clone(), Ident::with_quote('"', column)];
            items.push(named(Expr::CompoundIdentifier(parts), column));
        }
    }

    /// Adds the columns of another relation, or of all.
    fn foreign(&mut self, relation: Option<&Ident>, items: &mut Vec<SelectItem>) {
        let others = self.others;
        for (index, other) in others.iter().enumerate() {
            if relation.is_none_or(|relation| other.is_of(relation)) {
                let expr = self.ask(Some(index), other.expr());
                items.push(named(expr, &other.name));
            }
        }
    }

    /// Returns the name of a column of the rows.
    fn own_name(&self, expr: &Expr) -> Option<String> {
        let name = match expr {
            Expr::Identifier(name) => name,
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [relation, name] if is_same(relation, &self.alias.value) => name,
                _ => return None,
            },
            _ => return None,
        };
        self.table.iter().find(|own| is_same(name, own)).cloned()
    }

    /// Returns which column of the other relations a name means.
    fn meant(&self, expr: &Expr) -> Result<Option<usize>, Error> {
        let (relation, name) = match expr {
            Expr::Identifier(name) if self.depth == 0 => (None, name),
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [.., relation, name] => (Some(relation), name),
                _ => return Ok(None),
            },
            _ => return Ok(None),
        };
        let mut found = self.others.iter().enumerate().filter(|(_, other)| {
            is_same(name, &other.name) && relation.is_none_or(|relation| other.is_of(relation))
        });
        let Some((index, _)) = found.next() else { return Ok(None) };
        let is_own = relation.is_none() && self.table.iter().any(|own| is_same(name, own));
        if is_own || found.next().is_some() {
            let message = format!("column \"{}\" is ambiguous", name.value);
            let error = Error::new(Code::AmbiguousColumn, message)
                .with_hint(format!("Say which one: {}.{}.", self.alias, name));
            return Err(match position(name.span) {
                Some(position) => error.with_position(position),
                None => error,
            });
        }
        Ok(Some(index))
    }

    fn is_action(&self, expr: &Expr) -> bool {
        self.is_merge
            && matches!(expr, Expr::Function(function)
                if function.name.to_string().eq_ignore_ascii_case("merge_action"))
    }

    /// Returns the column beside the rows that has a value.
    fn ask(&mut self, column: Option<usize>, expr: Expr) -> Expr {
        let known = self.asked.iter().position(|asked| asked.column == column);
        let place = known.unwrap_or(self.asked.len());
        if known.is_none() {
            self.asked.push(Asked { expr, column });
        }
        Expr::CompoundIdentifier(vec![self.alias.clone(), match_column(place)])
    }
}

impl VisitorMut for Clause<'_> {
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
        if self.is_action(expr) {
            *expr = self.ask(None, expr.clone());
            return ControlFlow::Continue(());
        }
        let column = match self.meant(expr) {
            Ok(column) => column,
            Err(error) => return ControlFlow::Break(error),
        };
        let others = self.others;
        if let Some((index, other)) = column.and_then(|index| Some((index, others.get(index)?))) {
            *expr = self.ask(Some(index), other.expr());
        }
        ControlFlow::Continue(())
    }
}

impl OtherColumn {
    fn is_of(&self, relation: &Ident) -> bool {
        self.relation.as_ref().is_some_and(|own| is_same(relation, own))
    }

    fn expr(&self) -> Expr {
        let name = Ident::with_quote('"', &self.name);
        match &self.relation {
            Some(relation) => {
                Expr::CompoundIdentifier(vec![Ident::with_quote('"', relation), name])
            }
            None => Expr::Identifier(name),
        }
    }
}

/// Returns an item with a name that says no table, so that those of several may have one name.
fn named(expr: Expr, name: &str) -> SelectItem {
    SelectItem::ExprWithAlias { expr, alias: Ident::with_quote('"', name) }
}

fn is_same(ident: &Ident, name: &str) -> bool {
    if ident.quote_style.is_some() {
        ident.value == name
    } else {
        ident.value.eq_ignore_ascii_case(name)
    }
}

fn is_plain(options: &WildcardAdditionalOptions) -> bool {
    *options == WildcardAdditionalOptions::default()
}
