//! What the protocols show of tables.

mod info;
mod list;
mod pattern;

pub use info::{TableFilter, TableInfo, TableKind};
pub(crate) use list::{list, schemas};
pub(crate) use pattern::is_like;
