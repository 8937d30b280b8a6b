//! What an aggregate is, as data, and the engine's object made of it.

mod blocks;
mod grouped;
mod listed;
mod lists;
mod properties;
mod records;
mod running;
mod udaf;
mod value;

use godwit_geometry::{Geometry, GeometryError, Kinds, curve};

use crate::function::{Argument, Parity, Type};
use crate::options::Options;

pub(crate) use properties::{converted, geometry_index, index_of, properties, values_of};
pub(crate) use records::{RecordAggregate, RecordFunction, Records};
pub(crate) use running::{Running, Starts};
pub(crate) use udaf::AggregateFunction;
pub(crate) use value::Value;

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
    /// The arguments: the geometry of each row, then options, which are literals.
    pub(crate) arguments: &'static [Argument],
    /// The type of the result.
    pub(crate) returns: Type,
    /// How rows become a value.
    pub(crate) accumulation: Accumulation,
}

impl Aggregate {
    /// The values an aggregate need not repeat.
    pub(crate) const BASE: Self = Self {
        title: "",
        aliases: &[],
        summary: "",
        notes: "",
        example: "",
        parity: Parity::Same,
        arguments: &[Argument::geometry("geom", "The geometries.")],
        returns: Type::Geometry,
        accumulation: Accumulation::Listed(|_, _| Ok(Value::Null)),
    };

    /// Returns the name SQL finds the function by.
    pub(crate) fn name(&self) -> String {
        self.title.to_ascii_lowercase()
    }
}

/// Makes one value of all rows that are not null, of which there is at least one.
pub(crate) type Combine = fn(&[Geometry<'_>], &Options) -> Result<Value, GeometryError>;

/// How rows become a value; null rows are never seen, and no rows make null.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Accumulation {
    /// Each row changes a small state, and the order of rows does not matter.
    Running(Starts),
    /// All rows are kept, in the order asked for, and combined at the end.
    Listed(Combine),
    /// The same for rows of any kind; otherwise they are brought to a basic kind before.
    ListedAny(Combine),
}

impl Accumulation {
    /// Returns the accumulation in a state that rows change one by one.
    pub(crate) const fn running<S: Running>() -> Self {
        Self::Running(Starts::new::<S>())
    }

    /// Returns the kinds of geometry that the aggregate knows.
    fn kinds(self) -> Kinds {
        match self {
            Self::Running(starts) => starts.kinds,
            Self::Listed(_) => Kinds::Basic,
            Self::ListedAny(_) => Kinds::All,
        }
    }
}

/// Does something with the geometry of a row, brought to a basic kind unless all are known.
pub(crate) fn with_row<T>(
    bytes: &[u8],
    kinds: Kinds,
    work: impl FnOnce(Geometry<'_>) -> Result<T, GeometryError>,
) -> Result<T, GeometryError> {
    match Geometry::try_of(bytes, kinds) {
        Err(GeometryError::NotBasic { .. }) => {
            let basic = curve::to_basic(Geometry::try_any(bytes)?)?;
            work(Geometry::try_new(&basic)?)
        }
        geometry => work(geometry?),
    }
}
