//! `RETURNING`, as a query over the rows that a statement wrote or removed.

use sqlparser::ast::{ObjectName, Query, SetExpr, TableAlias, TableFactor};

use super::GeoParser;
use crate::error::Error;
use crate::sql::RETURNED_ROWS;
use crate::sql::template;

impl GeoParser<'_> {
    /// Parses the clause, if there is one. The rows have the name of the table, or its alias.
    pub(super) fn returning(
        &mut self,
        table: &ObjectName,
        alias: Option<&TableAlias>,
    ) -> Result<Option<Box<Query>>, Error> {
        if !self.word("RETURNING") {
            return Ok(None);
        }
        let items = self.parser.parse_projection()?;
        let text = format!("SELECT * FROM \"{RETURNED_ROWS}\" AS changed");
        let mut query = template::query(&text)?;
        let SetExpr::Select(select) = query.body.as_mut() else {
            return Err(self.expected("columns"));
        };
        let last = table.0.last().and_then(|part| part.as_ident());
        let name = alias.map(|alias| &alias.name).or(last).cloned();
        if let Some(from) = select.from.first_mut()
            && let TableFactor::Table { alias: Some(place), .. } = &mut from.relation
            && let Some(name) = name
        {
            place.name = name;
        }
        select.projection = items;
        Ok(Some(query))
    }
}
