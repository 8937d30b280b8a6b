//! What an aggregate is, as data, and the engine's object made of it.

mod listed;
mod running;
mod udaf;

use godwit_geometry::{Geometry, GeometryError};

use crate::function::{Argument, Parity};

pub(crate) use running::Running;
pub(crate) use udaf::AggregateFunction;

/// One aggregate function with everything there is to say about it.
#[derive(Debug)]
pub(crate) struct Aggregate {
    /// The name as documentation spells it; SQL finds it in lower case.
    pub(crate) title: &'static str,
    /// Other names for the same function, as documentation spells them.
    pub(crate) aliases: &'static [&'static str],
    /// One sentence that says what the function returns.
    pub(crate) summary: &'static str,
    /// What a careful reader needs to know beyond the summary; may be empty.
    pub(crate) notes: &'static str,
    /// A short call that shows the function.
    pub(crate) example: &'static str,
    /// How the function compares with the `PostGIS` function of its name.
    pub(crate) parity: Parity,
    /// The arguments.
    pub(crate) arguments: &'static [Argument],
    /// How rows become a value.
    pub(crate) accumulation: Accumulation,
}

/// How rows become a value; null rows are never seen.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Accumulation {
    /// Each row changes a small state, and the order of rows does not matter.
    Running(fn() -> Box<dyn Running>),
    /// All rows are kept, in the order asked for, and combined at the end.
    Listed(fn(&[Geometry<'_>]) -> Result<Vec<u8>, GeometryError>),
}

impl Aggregate {
    /// Returns the name SQL finds the function by.
    pub(crate) fn name(&self) -> String {
        self.title.to_ascii_lowercase()
    }
}
