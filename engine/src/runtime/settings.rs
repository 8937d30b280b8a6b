//! The variables of a session: what `SET` and `SHOW` know.

use datafusion::common::config::ConfigOptions;

use crate::error::{Code, Error, nearest};

/// A variable a session may set.
struct Variable {
    name: &'static str,
    /// The option of the query engine behind it.
    option: &'static str,
    summary: &'static str,
}

/// The variables with short names.
const VARIABLES: &[Variable] = &[
    Variable {
        name: "time_zone",
        option: "datafusion.execution.time_zone",
        summary: "time zone of TIMESTAMP WITH TIME ZONE",
    },
    Variable {
        name: "timezone",
        option: "datafusion.execution.time_zone",
        summary: "the same as time_zone",
    },
    Variable {
        name: "target_partitions",
        option: "datafusion.execution.target_partitions",
        summary: "parallel parts of one query",
    },
    Variable {
        name: "batch_size",
        option: "datafusion.execution.batch_size",
        summary: "rows of one batch",
    },
];

/// The engine's options that a session may set by their full name.
const PREFIXES: [&str; 3] =
    ["datafusion.optimizer.", "datafusion.explain.", "datafusion.execution.parquet."];

/// Options that stay as they are, because another value gives wrong results or breaks limits.
const FIXED: [&str; 1] = ["datafusion.optimizer.enable_aggregate_dynamic_filter_pushdown"];

/// Sets a variable.
pub(crate) fn apply(options: &mut ConfigOptions, name: &str, value: &str) -> Result<(), Error> {
    let option = option(name)?;
    if option == "datafusion.execution.time_zone" {
        check_time_zone(value)?;
    }
    if let "datafusion.execution.target_partitions" | "datafusion.execution.batch_size" = option {
        let limit = if option.ends_with("batch_size") { 1 << 20 } else { 1024 };
        let number: Option<usize> = value.trim().parse().ok();
        if number.is_none_or(|number| number == 0 || number > limit) {
            return Err(Error::new(
                Code::InvalidParameter,
                format!("\"{value}\" is no value for {name}: it takes a number from 1 to {limit}"),
            ));
        }
    }
    options.set(option, value).map_err(|error| {
        Error::new(Code::InvalidParameter, format!("\"{value}\" is no value for {name}"))
            .with_source(error)
    })
}

/// Gives a variable the value it has in `base` again.
pub(crate) fn reset(
    options: &mut ConfigOptions,
    base: &ConfigOptions,
    name: &str,
) -> Result<(), Error> {
    match value(base, name)? {
        Some(value) => Ok(options.set(option(name)?, &value)?),
        None => Ok(()),
    }
}

/// Returns the value of a variable.
pub(crate) fn value(options: &ConfigOptions, name: &str) -> Result<Option<String>, Error> {
    let option = option(name)?;
    Ok(options.entries().into_iter().find(|entry| entry.key == option).and_then(|e| e.value))
}

/// Returns every variable with its value and what it means.
pub(crate) fn values(options: &ConfigOptions) -> Vec<(String, Option<String>, String)> {
    let entries = options.entries();
    let mut values: Vec<(String, Option<String>, String)> = VARIABLES
        .iter()
        .map(|variable| {
            let value = entries.iter().find(|entry| entry.key == variable.option);
            let value = value.and_then(|entry| entry.value.clone());
            (variable.name.to_owned(), value, variable.summary.to_owned())
        })
        .collect();
    for entry in entries {
        if is_open(&entry.key) {
            values.push((entry.key, entry.value, entry.description.to_owned()));
        }
    }
    values.sort();
    values
}

fn option(name: &str) -> Result<&str, Error> {
    if let Some(variable) = VARIABLES.iter().find(|variable| variable.name == name) {
        return Ok(variable.option);
    }
    if let Some(variable) = VARIABLES.iter().find(|variable| variable.option == name) {
        return Ok(variable.option);
    }
    if is_open(name) {
        return Ok(name);
    }
    let error = Error::new(Code::UndefinedObject, format!("variable \"{name}\" does not exist"));
    let names = VARIABLES.iter().map(|variable| variable.name);
    Err(match nearest(name, names.chain(["schema", "query_timeout"])) {
        Some(near) => error.with_hint(format!("Did you mean {near}?")),
        None => error.with_hint("SHOW ALL lists the variables."),
    })
}

fn is_open(name: &str) -> bool {
    PREFIXES.iter().any(|prefix| name.starts_with(prefix)) && !FIXED.contains(&name)
}

fn check_time_zone(value: &str) -> Result<(), Error> {
    value.parse::<arrow::array::timezone::Tz>().map(|_| ()).map_err(|error| {
        Error::new(Code::InvalidParameter, format!("time zone \"{value}\" is not known"))
            .with_hint("Name it as UTC, Europe/Paris or +02:00.")
            .with_source(error)
    })
}
