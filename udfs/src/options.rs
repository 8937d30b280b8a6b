//! Arguments that are the same for all rows of a call.

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use godwit_geometry::GeometryError;

/// The arguments of an aggregate behind the first; each is one value for all rows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    values: Vec<ScalarValue>,
}

impl Options {
    /// Returns the options with the values of the arguments from the second on.
    pub(crate) fn new(values: Vec<ScalarValue>) -> Self {
        Self { values }
    }

    /// Returns the number of an argument, counted from 0 as in the call; nothing when it was left
    /// out or is null.
    pub(crate) fn float(&self, argument: usize) -> Option<f64> {
        match self.get(argument)? {
            ScalarValue::Float64(value) => *value,
            _ => None,
        }
    }

    /// Returns the truth value of an argument; nothing when it was left out or is null.
    pub(crate) fn boolean(&self, argument: usize) -> Option<bool> {
        match self.get(argument)? {
            ScalarValue::Boolean(value) => *value,
            _ => None,
        }
    }

    /// Returns the text of an argument; nothing when it was left out or is null.
    pub(crate) fn text(&self, argument: usize) -> Option<&str> {
        self.get(argument)?.try_as_str()?
    }

    /// Returns the whole number of an argument of any width; nothing when it was left out or is
    /// null.
    pub(crate) fn integer(&self, argument: usize) -> Result<Option<i64>, GeometryError> {
        let Some(value) = self.get(argument).filter(|value| !value.is_null()) else {
            return Ok(None);
        };
        match value.cast_to(&DataType::Int64) {
            Ok(ScalarValue::Int64(value)) => Ok(value),
            _ => Err(GeometryError::InvalidArgument {
                reason: format!("{value} is not a whole number of 64 bits"),
            }),
        }
    }

    fn get(&self, argument: usize) -> Option<&ScalarValue> {
        self.values.get(argument.checked_sub(1)?)
    }
}
