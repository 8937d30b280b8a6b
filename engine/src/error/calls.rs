//! Reads what the planner says of calls: of functions that are not there, and of arguments that
//! none of their signatures takes.

use super::nearest::nearest;
use super::words::in_sql;
use super::{Code, Error};

/// What signatures call several types at once, and what a user calls them.
const CLASSES: [(&str, &str); 11] = [
    ("..", "..."),
    ("Any", "any"),
    ("Comparable", "any"),
    ("Date", "date"),
    ("Float", "double"),
    ("Integer", "integer"),
    ("Null", "null"),
    ("NullAry()", ""),
    ("Numeric", "number"),
    ("String", "text"),
    ("Time", "time"),
];

/// How many arguments of one type a signature tells of.
const MOST_ARGUMENTS: usize = 100;

/// Returns what is wrong with a call that fits no signature, which is at the end of what the
/// planner says about it.
pub(super) fn without_match(text: &str) -> Option<Error> {
    let (_, rest) = text.rsplit_once("No function matches the given name and argument types '")?;
    let (call, rest) = rest.split_once("'. You might need to add explicit type casts.")?;
    let (_, list) = rest.split_once("Candidate functions:")?;
    let mut accepted: Vec<String> = Vec::new();
    for candidate in list.lines().map(str::trim) {
        // A function that looks at its arguments itself names none.
        if candidate.is_empty() || candidate.contains("(UserDefined)") {
            continue;
        }
        let candidate = signature(&as_called(candidate));
        if !accepted.contains(&candidate) {
            accepted.push(candidate);
        }
    }
    let message = format!("no function matches {}", in_sql(&as_called(call)));
    let error = Error::new(Code::UndefinedFunction, message).with_hint(CAST);
    if accepted.is_empty() {
        return Some(error);
    }
    Some(error.with_detail(format!("It accepts: {}.", accepted.join(", "))))
}

/// Returns a call by the name that a user typed: functions that stand for one of the engine's own
/// have a prefix, and aggregates that share their names with functions an ending.
pub(super) fn as_called(call: &str) -> String {
    let call = call.strip_prefix("godwit_").unwrap_or(call);
    let Some((name, arguments)) = call.split_once('(') else { return call.to_owned() };
    let short = name.strip_suffix("_agg").or_else(|| name.strip_suffix("_Agg"));
    match short {
        Some(short) if is_twin(short, name) => format!("{short}({arguments}"),
        _ => call.to_owned(),
    }
}

fn is_twin(name: &str, aggregate: &str) -> bool {
    godwit_udfs::aggregate_twin(name, 1).is_some_and(|twin| twin.eq_ignore_ascii_case(aggregate))
}

/// What to do about arguments of other types.
pub(super) const CAST: &str = "Add explicit casts, as x::double, so that the types fit.";

/// Returns a signature in the words of SQL: `repeat(String, Int64)` is `repeat(text, bigint)`.
fn signature(candidate: &str) -> String {
    let Some((name, arguments)) = candidate.split_once('(') else { return in_sql(candidate) };
    let arguments = in_sql(arguments.strip_suffix(')').unwrap_or(arguments));
    let arguments: Vec<String> = arguments.split(", ").map(argument).collect();
    format!("{name}({})", arguments.join(", "))
}

fn argument(written: &str) -> String {
    let several = written.strip_suffix(')').and_then(|written| written.split_once('('));
    // A field of a record in the call may look like a signature of any number.
    if let Some((class, count)) = several
        && let Ok(count @ ..=MOST_ARGUMENTS) = count.parse()
    {
        return vec![in_classes(class); count].join(", ");
    }
    match written.split_once(": ") {
        Some((name, class)) => format!("{name} {}", in_classes(class)),
        None => in_classes(written).to_owned(),
    }
}

fn in_classes(class: &str) -> &str {
    CLASSES.iter().find(|(theirs, _)| *theirs == class).map_or(class, |(_, ours)| *ours)
}

/// Returns that there is no such function; `rest` begins with its name, up to a quote.
pub(super) fn undefined(rest: &str) -> Error {
    let name = rest.split('\'').next().unwrap_or(rest);
    if godwit_udfs::window_functions().iter().any(|function| function.name() == name) {
        let message = format!("the window function \"{name}\" needs an OVER clause");
        return Error::new(Code::UndefinedFunction, message)
            .with_hint(format!("Type OVER () behind {name}(...), or OVER (PARTITION BY ...)."));
    }
    let error = Error::new(Code::UndefinedFunction, format!("function \"{name}\" does not exist"));
    let suggestion =
        rest.split_once("Did you mean '").and_then(|(_, rest)| rest.split('\'').next());
    match suggestion {
        Some(suggestion) if nearest(name, [suggestion]).is_some() => {
            error.with_hint(format!("Did you mean {suggestion}?"))
        }
        _ => error.with_hint("SHOW FUNCTIONS lists the functions."),
    }
}

/// Returns what is wrong with a call over a NULL, or a parameter, that says nothing of its type.
pub(super) fn without_type(function: &str, data_type: &str) -> Error {
    let message = format!("the type of the argument of \"{function}\" is not known");
    Error::new(Code::UndefinedFunction, message)
        .with_hint(format!("Add a cast, as {function}(x::{data_type})."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_without_a_match_tell_what_is_accepted() {
        for (reason, call, candidates, message, accepted) in [
            (
                "Function 'repeat' requires Int64, but received String (DataType: Utf8).",
                "repeat(Utf8, Utf8)",
                "\trepeat(String, Int64)",
                "no function matches repeat(text, text)",
                Some("It accepts: repeat(text, bigint)."),
            ),
            (
                "Failed to coerce arguments to satisfy a call to 'left' function: coercion failed",
                "left(List(Int64), Timestamp(ns, \"UTC\"))",
                "\tleft(Utf8View, Int64)\n\tleft(Utf8, Int64)\n\tleft(str: String, n: Int64)",
                "no function matches left(bigint[], timestamp)",
                Some("It accepts: left(text, bigint), left(str text, n bigint)."),
            ),
            (
                "Function 'nullif' expects 2 arguments but received 1",
                "nullif(Int64)",
                "\tnullif(Comparable(2))",
                "no function matches nullif(bigint)",
                Some("It accepts: nullif(any, any)."),
            ),
            (
                "Function 'f' expects 2 arguments but received 1",
                "f(Int64)",
                "\tf(Any(99999999999))",
                "no function matches f(bigint)",
                Some("It accepts: f(Any(99999999999))."),
            ),
            (
                "The function 'version' expected zero argument but received 1",
                "version(Int64)",
                "\tversion(NullAry())",
                "no function matches version(bigint)",
                Some("It accepts: version()."),
            ),
            (
                "Failed to coerce arguments",
                "godwit_round(Float64, Utf8)",
                "\tgodwit_round(Float64, Int64)\n\tgodwit_round(Integer)",
                "no function matches round(double, text)",
                Some("It accepts: round(double, bigint), round(integer)."),
            ),
            (
                "Failed to coerce arguments",
                "st_collect_agg(Utf8)",
                "\tST_Collect_Agg(geom: geometry)",
                "no function matches st_collect(text)",
                Some("It accepts: ST_Collect(geom geometry)."),
            ),
            (
                "Function 'coalesce' user-defined coercion failed with: no type",
                "coalesce(Int64, Date32)",
                "\tcoalesce(UserDefined)",
                "no function matches coalesce(bigint, date)",
                None,
            ),
        ] {
            let text = format!(
                "{reason}. No function matches the given name and argument types '{call}'. You \
                 might need to add explicit type casts.\n\tCandidate functions:\n{candidates}"
            );
            let error = without_match(&text).unwrap();
            assert_eq!((error.message.as_str(), error.detail.as_deref()), (message, accepted));
        }
        assert!(without_match("No function matches f(text). Candidate functions: f()").is_none());
    }
}
