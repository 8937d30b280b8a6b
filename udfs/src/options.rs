//! Arguments that are the same for all rows of a call.

use datafusion::common::ScalarValue;

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

    fn get(&self, argument: usize) -> Option<&ScalarValue> {
        self.values.get(argument.checked_sub(1)?)
    }
}
