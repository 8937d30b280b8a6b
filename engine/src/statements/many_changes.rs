//! `UPDATE` and `DELETE` for many rows of bound values: a few commits instead of one for each.

use std::collections::HashSet;
use std::iter::repeat_n;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef};

use super::Step;
use super::ready::{Ready, Work};
use super::rewrite::{self, What};
use crate::Value;
use crate::error::{Code, Error};
use crate::outcome::Completion;
use crate::plan::cast_values;
use crate::prepared::Parameter;
use crate::queries::RowCounter;
use crate::sql::Change;

/// How many rows of values one commit takes: a condition is planned for each.
const ROWS: usize = 200;

/// Returns the rows of values, one column a parameter, cast to their types; nothing if the statement
/// must be executed for one row after the other.
pub(crate) fn change_values(
    change: &Change,
    parameters: &[Parameter],
    columns: &[ArrayRef],
) -> Result<Option<Vec<Vec<Value>>>, Error> {
    let (Some(keys), Some(first)) = (change.keys(), columns.first()) else { return Ok(None) };
    let count = first.len();
    let mut rows = Vec::with_capacity(count);
    let mut seen = HashSet::new();
    for row in 0..count {
        let mut values = Vec::with_capacity(columns.len());
        for column in columns {
            values.push(Value::try_from_array(column, row)?);
        }
        let values = cast_values(parameters, values)?;
        let key = keys.iter().filter_map(|key| values.get(*key));
        let key: Vec<String> = key.map(ToString::to_string).collect();
        // Those that only look equal are executed one by one.
        if !keys.is_empty() && !seen.insert(key) {
            return Ok(None);
        }
        rows.push(values);
    }
    Ok(Some(rows))
}

/// Runs the statement for rows of values, and returns how many rows of the table it changed in all.
pub(crate) async fn change_rows(
    change: &Change,
    ready: Ready,
    rows: Vec<Vec<Value>>,
    counter: &RowCounter,
) -> Result<Completion, Error> {
    let Ready { scope, parameters, schema, .. } = ready;
    let mut affected = 0;
    let mut version = None;
    for rows in rows.chunks(ROWS) {
        let repeated = change.repeated(parameters.len(), rows.len());
        let repeated = repeated.ok_or_else(|| internal("it has no condition"))?;
        let ready = Ready {
            scope: scope.clone(),
            work: Work::Command,
            parameters: repeat_n(&parameters, rows.len()).flatten().cloned().collect(),
            schema: Arc::clone(&schema),
        };
        let what = What::Change(&repeated);
        match Box::pin(rewrite::run(what, ready, rows.concat(), counter)).await? {
            Step::Done(done) => {
                affected += done.rows_affected.unwrap_or(0);
                version = done.version.or(version);
            }
            Step::Rows { .. } => return Err(internal("it returns rows")),
        }
    }
    Ok(Completion { operation: change.operation(), rows_affected: Some(affected), version })
}

fn internal(reason: &str) -> Error {
    Error::new(Code::Internal, format!("a change was run for many rows of values, but {reason}"))
}
