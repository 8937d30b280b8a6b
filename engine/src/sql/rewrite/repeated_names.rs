//! Items that are called like a column that `*` stands for: `SELECT *, x::text FROM t`.
//!
//! The planner takes no two columns of a name, so such an item has a mark behind its name, which is
//! taken away where the columns are shown.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Ident, Query, Select, SelectItem, SelectItemQualifiedWildcardKind, VisitMut as _, VisitorMut,
};

use super::columns::{Columns, Tables};
use super::labels::MARK;
use super::outcome;
use crate::error::Error;

/// Marks every such item of a query whose names are resolved.
pub(crate) fn rewrite(query: &mut Query, tables: Tables<'_>) -> Result<(), Error> {
    outcome(query.visit(&mut Selects { columns: Columns::new(tables) }))
}

struct Selects<'a> {
    columns: Columns<'a>,
}

impl VisitorMut for Selects<'_> {
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
        let mut items = select.projection.iter();
        let has_alias = items.any(|item| matches!(item, SelectItem::ExprWithAlias { .. }));
        let is_all = |item: &SelectItem| {
            matches!(item, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..))
        };
        if has_alias && select.projection.iter().any(is_all) {
            self.mark(select);
        }
        ControlFlow::Continue(())
    }
}

impl Selects<'_> {
    fn mark(&mut self, select: &mut Select) {
        let relations = self.columns.of_from(&select.from);
        let mut known: Vec<String> = Vec::new();
        for item in &select.projection {
            let wanted = match item {
                // Such an item may stand for one that is left out.
                SelectItem::QualifiedWildcard(_, options) | SelectItem::Wildcard(options)
                    if !options.to_string().is_empty() =>
                {
                    continue;
                }
                SelectItem::QualifiedWildcard(
                    SelectItemQualifiedWildcardKind::ObjectName(name),
                    _,
                ) => name.0.last().and_then(|part| part.as_ident()),
                SelectItem::Wildcard(_) => None,
                _ => continue,
            };
            let wanted = wanted.map(|name| name.value.to_lowercase());
            for (alias, columns) in &relations {
                if wanted.as_ref().is_none_or(|wanted| wanted == alias) {
                    known.extend(columns.iter().flatten().cloned());
                }
            }
        }
        for (place, item) in select.projection.iter_mut().enumerate() {
            if let SelectItem::ExprWithAlias { alias, .. } = item
                && known.contains(&alias.value)
            {
                *alias = Ident::with_quote('"', format!("{}{MARK}{place}", alias.value));
            }
        }
    }
}
