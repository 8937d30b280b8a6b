//! Resolves identifiers without quotes case-insensitively to the spelling of what they name.

use std::collections::HashMap;
use std::ops::ControlFlow;

use sqlparser::ast::{
    ExcludeSelectItem, Expr, Ident, Join, JoinConstraint, JoinOperator, ObjectName, ObjectNamePart,
    Query, RenameSelectItem, Select, SelectItem, SelectItemQualifiedWildcardKind, TableAlias,
    TableFactor, TableWithJoins, VisitMut as _, VisitorMut, WildcardAdditionalOptions,
};

use super::labels::MADE;
use super::outcome;
use crate::error::Error;

/// A relation of the query as the catalog spells it.
#[derive(Debug, Clone)]
pub(crate) struct Relation {
    /// The name parts that stand in the query.
    pub(crate) name: Vec<String>,
    /// The same parts in the catalog's spelling.
    pub(crate) spelling: Vec<String>,
    /// The columns, with the names inside structs.
    pub(crate) columns: Vec<String>,
}

/// Rewrites every identifier without quotes that names something in another case.
pub(crate) fn rewrite(query: &mut Query, relations: &[Relation]) -> Result<(), Error> {
    let mut names = Names::default();
    for relation in relations {
        for name in relation.columns.iter().chain(&relation.spelling) {
            names.declare(name);
        }
    }
    let mut made = Vec::new();
    outcome(query.visit(&mut Declare { names: &mut names, relations, made: &mut made }))?;
    for name in made {
        if !names.known.contains_key(&name.to_lowercase()) {
            names.declare(&name);
        }
    }
    outcome(query.visit(&mut Resolve { names: &names, relations }))
}

/// Everything a name in the query can mean, by its lower-case form.
#[derive(Debug, Default)]
struct Names {
    known: HashMap<String, Vec<String>>,
    /// The columns of each table alias whose columns are known.
    qualified: HashMap<String, Vec<String>>,
}

impl Names {
    fn declare(&mut self, name: &str) {
        let spellings = self.known.entry(name.to_lowercase()).or_default();
        if spellings.iter().all(|spelling| spelling != name) {
            spellings.push(name.to_owned());
        }
    }

    /// Returns the one spelling of `name` when it is not spelled so already.
    fn spelling(&self, name: &str) -> Option<&str> {
        match self.known.get(&name.to_lowercase())?.as_slice() {
            [only] if only != name => Some(only),
            _ => None,
        }
    }

    fn resolve(&self, ident: &mut Ident) {
        if matches!(ident.quote_style, None | Some(MADE))
            && let Some(spelling) = self.spelling(&ident.value)
        {
            spelling.clone_into(&mut ident.value);
        }
    }

    fn resolve_parts<'a>(&self, parts: impl Iterator<Item = &'a mut Ident>) {
        let mut columns: Option<&Vec<String>> = None;
        for ident in parts {
            let qualifier = columns.take();
            if ident.quote_style.is_none() {
                let mut of_table = qualifier
                    .into_iter()
                    .flatten()
                    .filter(|column| column.eq_ignore_ascii_case(&ident.value));
                let exact = qualifier.is_some_and(|names| names.contains(&ident.value));
                match (exact, of_table.next(), of_table.next()) {
                    (true, ..) => {}
                    (false, Some(only), None) => only.clone_into(&mut ident.value),
                    (false, ..) => self.resolve(ident),
                }
            }
            columns = self.qualified.get(&ident.value.to_lowercase());
        }
    }

    fn resolve_name(&self, name: &mut ObjectName) {
        self.resolve_parts(name.0.iter_mut().filter_map(|part| match part {
            ObjectNamePart::Identifier(ident) => Some(ident),
            ObjectNamePart::Function(_) => None,
        }));
    }
}

/// Declares the aliases and common table expressions of the query.
struct Declare<'a> {
    names: &'a mut Names,
    relations: &'a [Relation],
    /// The names of items that nobody wrote, which are not known beside others.
    made: &'a mut Vec<String>,
}

impl Declare<'_> {
    /// Notes the columns of a table under its alias, unless the alias renames them.
    fn columns(&mut self, relation: &Relation, alias: Option<&TableAlias>) {
        let qualifier = match alias {
            Some(alias) if alias.columns.is_empty() => Some(&alias.name.value),
            Some(_) => None,
            None => relation.spelling.last(),
        };
        if let Some(qualifier) = qualifier {
            let columns = self.names.qualified.entry(qualifier.to_lowercase()).or_default();
            columns.extend(relation.columns.iter().cloned());
        }
    }

    fn alias(&mut self, alias: &TableAlias) {
        self.names.declare(&alias.name.value);
        for column in &alias.columns {
            self.names.declare(&column.name.value);
        }
    }
}

impl VisitorMut for Declare<'_> {
    type Break = Error;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        for cte in query.with.iter().flat_map(|with| &with.cte_tables) {
            self.alias(&cte.alias);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Error> {
        for item in &select.projection {
            match item {
                SelectItem::ExprWithAlias { alias, .. } if alias.quote_style == Some(MADE) => {
                    self.made.push(alias.value.clone());
                }
                SelectItem::ExprWithAlias { alias, .. } => self.names.declare(&alias.value),
                SelectItem::ExprWithAliases { aliases, .. } => {
                    for alias in aliases {
                        self.names.declare(&alias.value);
                    }
                }
                SelectItem::Wildcard(options) | SelectItem::QualifiedWildcard(_, options) => {
                    for renamed in renames(options) {
                        self.names.declare(&renamed.alias.value);
                    }
                }
                SelectItem::UnnamedExpr(_) => {}
            }
        }
        for window in &select.named_window {
            self.names.declare(&window.0.value);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Error> {
        let alias = match factor {
            TableFactor::Table { name, alias, .. } => {
                if let Some(relation) = find(self.relations, name) {
                    self.columns(relation, alias.as_ref());
                }
                alias
            }
            TableFactor::Derived { alias, .. }
            | TableFactor::TableFunction { alias, .. }
            | TableFactor::Function { alias, .. }
            | TableFactor::UNNEST { alias, .. }
            | TableFactor::NestedJoin { alias, .. } => alias,
            _ => return ControlFlow::Continue(()),
        };
        if let Some(alias) = alias.clone() {
            self.alias(&alias);
        }
        ControlFlow::Continue(())
    }
}

/// Gives every identifier the spelling of what it names.
struct Resolve<'a> {
    names: &'a Names,
    relations: &'a [Relation],
}

impl VisitorMut for Resolve<'_> {
    type Break = Error;

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Error> {
        for item in &mut select.projection {
            match item {
                SelectItem::QualifiedWildcard(
                    SelectItemQualifiedWildcardKind::ObjectName(name),
                    options,
                ) => {
                    self.names.resolve_name(name);
                    self.wildcard(options);
                }
                SelectItem::QualifiedWildcard(_, options) | SelectItem::Wildcard(options) => {
                    self.wildcard(options);
                }
                SelectItem::ExprWithAlias { alias, .. } if alias.quote_style == Some(MADE) => {
                    self.names.resolve(alias);
                }
                _ => {}
            }
        }
        for table in &mut select.from {
            self.joins(table);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Error> {
        match factor {
            TableFactor::Table { name, args: None, .. } => {
                if let Some(relation) = find(self.relations, name) {
                    for (part, spelling) in name.0.iter_mut().zip(&relation.spelling) {
                        if let ObjectNamePart::Identifier(ident) = part {
                            spelling.clone_into(&mut ident.value);
                        }
                    }
                } else {
                    self.names.resolve_name(name);
                }
            }
            TableFactor::NestedJoin { table_with_joins, .. } => self.joins(table_with_joins),
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        match expr {
            Expr::Identifier(ident) => self.names.resolve(ident),
            Expr::CompoundIdentifier(parts) => self.names.resolve_parts(parts.iter_mut()),
            Expr::QualifiedWildcard(name, _) => self.names.resolve_name(name),
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

impl Resolve<'_> {
    fn joins(&self, table: &mut TableWithJoins) {
        for join in &mut table.joins {
            if let Some(JoinConstraint::Using(columns)) = constraint(join) {
                for column in columns {
                    self.names.resolve_name(column);
                }
            }
        }
    }

    fn wildcard(&self, options: &mut WildcardAdditionalOptions) {
        match &mut options.opt_exclude {
            Some(ExcludeSelectItem::Single(column)) => self.names.resolve_name(column),
            Some(ExcludeSelectItem::Multiple(columns)) => {
                for column in columns {
                    self.names.resolve_name(column);
                }
            }
            None => {}
        }
        if let Some(except) = &mut options.opt_except {
            self.names.resolve(&mut except.first_element);
            for column in &mut except.additional_elements {
                self.names.resolve(column);
            }
        }
        if let Some(replace) = &mut options.opt_replace {
            for element in &mut replace.items {
                self.names.resolve(&mut element.column_name);
            }
        }
        match &mut options.opt_rename {
            Some(RenameSelectItem::Single(renamed)) => self.names.resolve(&mut renamed.ident),
            Some(RenameSelectItem::Multiple(renamed)) => {
                for renamed in renamed {
                    self.names.resolve(&mut renamed.ident);
                }
            }
            None => {}
        }
    }
}

fn renames(options: &WildcardAdditionalOptions) -> &[sqlparser::ast::IdentWithAlias] {
    match &options.opt_rename {
        Some(RenameSelectItem::Single(renamed)) => std::slice::from_ref(renamed),
        Some(RenameSelectItem::Multiple(renamed)) => renamed,
        None => &[],
    }
}

fn find<'a>(relations: &'a [Relation], name: &ObjectName) -> Option<&'a Relation> {
    relations.iter().find(|relation| {
        relation.name.len() == name.0.len()
            && relation
                .name
                .iter()
                .zip(&name.0)
                .all(|(known, part)| part.as_ident().is_some_and(|ident| ident.value == *known))
    })
}

fn constraint(join: &mut Join) -> Option<&mut JoinConstraint> {
    match &mut join.join_operator {
        JoinOperator::Join(constraint)
        | JoinOperator::Inner(constraint)
        | JoinOperator::Left(constraint)
        | JoinOperator::LeftOuter(constraint)
        | JoinOperator::Right(constraint)
        | JoinOperator::RightOuter(constraint)
        | JoinOperator::FullOuter(constraint)
        | JoinOperator::CrossJoin(constraint)
        | JoinOperator::Semi(constraint)
        | JoinOperator::LeftSemi(constraint)
        | JoinOperator::RightSemi(constraint)
        | JoinOperator::Anti(constraint)
        | JoinOperator::LeftAnti(constraint)
        | JoinOperator::RightAnti(constraint)
        | JoinOperator::StraightJoin(constraint)
        | JoinOperator::AsOf { constraint, .. } => Some(constraint),
        JoinOperator::CrossApply
        | JoinOperator::OuterApply
        | JoinOperator::ArrayJoin
        | JoinOperator::LeftArrayJoin
        | JoinOperator::InnerArrayJoin => None,
    }
}
