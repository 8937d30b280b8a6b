//! What the protocols show of tables.

mod columns;
mod info;
mod list;
mod pattern;
mod views;

pub(crate) use columns::KnownColumns;
pub use info::{TableFilter, TableInfo, TableKind};
pub(crate) use list::{list, schemas};
pub(crate) use pattern::is_like;
pub(crate) use views::KnownViews;
