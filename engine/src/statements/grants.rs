//! `SHOW GRANTS`: what the principal of the session may do.

use arrow::array::RecordBatch;

use crate::error::Error;
use crate::principal::{Principal, Role};
use crate::rights::{Grant, Privilege};
use crate::system::{Cell, Column, Type, batch};

const COLUMNS: &[Column] =
    &[("privilege", Type::Text), ("schema_name", Type::Text), ("table_name", Type::Text)];

/// Returns one row for each privilege on the tables of a pattern; `COPY` is for no table.
pub(super) fn rows(principal: &Principal) -> Result<RecordBatch, Error> {
    let rows = match principal.rights.grants() {
        Some(grants) => grants.iter().flat_map(of_grant).collect(),
        None => of_role(principal.role),
    };
    batch(COLUMNS, rows)
}

/// Returns what a role gives that every server has.
fn of_role(role: Role) -> Vec<Vec<Cell>> {
    let privileges = match role {
        Role::Reader => vec![Privilege::Select],
        Role::Writer | Role::Admin => Privilege::ALL.to_vec(),
    };
    let mut rows: Vec<Vec<Cell>> =
        privileges.into_iter().map(|privilege| row(privilege.name(), Some(("*", "*")))).collect();
    rows.push(row("COPY", None));
    rows
}

fn of_grant(grant: &Grant) -> Vec<Vec<Cell>> {
    match grant {
        Grant::Tables { privileges, schema, table } => {
            let place = Some((schema.as_str(), table.as_str()));
            privileges.iter().map(|privilege| row(privilege.name(), place)).collect()
        }
        Grant::Locations => vec![row("COPY", None)],
    }
}

fn row(privilege: &str, place: Option<(&str, &str)>) -> Vec<Cell> {
    vec![
        Cell::text(privilege),
        Cell::maybe(place.map(|(schema, _)| schema.to_owned())),
        Cell::maybe(place.map(|(_, table)| table.to_owned())),
    ]
}
