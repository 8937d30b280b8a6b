//! Reads the texts of errors that say what they mean in no other way.

use arrow::error::ArrowError;

use super::calls::{self, without_type};
use super::words::{between, in_sql};
use super::{Code, Error, Position};

/// Returns one line in the house style: it starts in lower case and has no full stop.
pub(super) fn tidy(text: &str) -> String {
    let text = text.split("\n\nbacktrace:").next().unwrap_or(text);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim_end_matches('.');
    let mut characters = text.chars();
    match (characters.next(), characters.clone().next()) {
        // `SQL` and `$1` keep their form.
        (Some(first), Some(second)) if first.is_uppercase() && second.is_lowercase() => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => text.to_owned(),
    }
}

/// Splits ` at Line: 3, Column: 7` off a parser's text.
pub(super) fn split_position(text: &str) -> (&str, Option<Position>) {
    let Some((head, place)) = text.rsplit_once(" at Line: ") else { return (text, None) };
    let position = place.split_once(", Column: ").and_then(|(line, column)| {
        let (line, column): (u64, u64) = (line.parse().ok()?, column.trim().parse().ok()?);
        (line > 0).then_some(Position { line, column })
    });
    (head, position)
}

/// Returns what an Arrow error says, without the name of its variant.
pub(super) fn arrow(error: &ArrowError) -> String {
    let text = match error {
        ArrowError::CastError(text)
        | ArrowError::ParseError(text)
        | ArrowError::ComputeError(text)
        | ArrowError::SchemaError(text)
        | ArrowError::InvalidArgumentError(text)
        | ArrowError::ArithmeticOverflow(text)
        | ArrowError::NotYetImplemented(text)
        | ArrowError::CsvError(text)
        | ArrowError::JsonError(text)
        | ArrowError::ParquetError(text)
        | ArrowError::IpcError(text) => text.clone(),
        ArrowError::DivideByZero => "division by zero".to_owned(),
        other => other.to_string(),
    };
    // Functions of the query engine are called by kernels, which put an error into words.
    in_sql(&tidy(text.strip_prefix("Execution error: ").unwrap_or(&text)))
}

/// Returns whether a conversion failed because the value does not fit.
pub(super) fn is_out_of_range(text: &str) -> bool {
    const WORDS: [&str; 4] = [
        "Can't cast value",
        "is too large to store in a Decimal",
        "is too small to store in a Decimal",
        "is out of range",
    ];
    WORDS.iter().any(|words| text.contains(words))
}

/// Returns the code of a computation that has no result, if its words tell it.
pub(super) fn computed(text: &str) -> Option<Code> {
    let has = |words: &str| text.contains(words);
    if has("square root of a negative") || has("zero raised to a negative power") {
        return Some(Code::InvalidPower);
    }
    if has("imestamp out of range") || has("Overflowing on") {
        return Some(Code::DatetimeOverflow);
    }
    has("overflow on abs").then_some(Code::ValueOutOfRange)
}

/// Returns a text without the kinds of the errors that it quotes.
fn without_kind(text: &str) -> &str {
    const KINDS: [&str; 3] = ["Internal error: ", "Execution error: ", "External error: "];
    KINDS.iter().find_map(|kind| text.strip_prefix(kind)).unwrap_or(text)
}

/// What planning errors about types say.
const TYPE_WORDS: [&str; 8] =
    ["type", "coerc", "cast", "utf8", "int64", "float64", "infer", "non-boolean"];

/// Returns what a planning error says.
pub(super) fn plan(text: &str) -> Error {
    // Errors about signatures quote other errors.
    let text = text.replace("Error during planning: ", "");
    let text = without_kind(&text);
    // What a function says of its own arguments is all there is to say.
    if let Some((_, said)) = text.split_once("user-defined coercion failed with: ")
        && !said.contains("find the coerced type")
    {
        let said = said.split_once(" No function matches").map_or(said, |(said, _)| said);
        return Error::new(Code::UndefinedFunction, in_sql(&tidy(without_kind(said))));
    }
    if let Some(error) = calls::without_match(text) {
        return error;
    }
    if text.starts_with("LIMIT must be") {
        return Error::new(Code::InvalidLimit, "LIMIT must not be negative");
    }
    if text.starts_with("OFFSET must be") {
        return Error::new(Code::InvalidOffset, "OFFSET must not be negative");
    }
    if text.starts_with("Inconsistent metadata across values list") {
        let message = "a column of VALUES has geometries of several reference systems, or of none";
        return Error::new(Code::DatatypeMismatch, message)
            .with_hint("Give all of them one: ST_SetSRID(geom, 4326).");
    }
    for prefix in ["Invalid function '", "table function '"] {
        if let Some(rest) = text.strip_prefix(prefix) {
            return calls::undefined(rest);
        }
    }
    if let Some(name) = text.strip_prefix("Invalid qualifier ") {
        let message = format!("table \"{name}\" is not in FROM");
        return Error::new(Code::UndefinedTable, message);
    }
    if let Some((name, "")) = between(text, "Field ", " not found in struct") {
        return Error::new(Code::UndefinedColumn, format!("the record has no field \"{name}\""));
    }
    let message = tidy(text);
    let lower = message.to_lowercase();
    let has = |needle: &str| lower.contains(needle);
    let code = if has("no function matches") {
        Code::UndefinedFunction
    } else if has("table") && has("not found") {
        Code::UndefinedTable
    } else if has("group by") && (has("must appear") || has("must be in") || has("while")) {
        Code::GroupingError
    } else if has("ambiguous") {
        Code::AmbiguousColumn
    } else if has("does not support zero arguments")
        || has("invalid number of arguments")
        || has("expects") && has("argument")
        || has("signature")
    {
        Code::UndefinedFunction
    } else if has("not supported") || has("unsupported") || has("not implemented") {
        Code::Unsupported
    } else if TYPE_WORDS.iter().any(|word| has(word)) {
        Code::DatatypeMismatch
    } else {
        Code::SyntaxError
    };
    candidates(code, &message)
}

/// Splits the list of signatures off that our functions give with a call that fits none.
fn candidates(code: Code, message: &str) -> Error {
    let Some((head, list)) = message.split_once(" Candidate functions:") else {
        return Error::new(code, in_sql(message));
    };
    let head = tidy(head);
    let head = match head.split_once("function matches ") {
        Some((start, call)) => format!("{start}function matches {}", calls::as_called(call)),
        None => head,
    };
    let list: Vec<String> = list.trim().split("), ").map(calls::as_called).collect();
    Error::new(code, in_sql(&head))
        .with_detail(format!("It accepts: {}.", in_sql(&list.join("), "))))
        .with_hint(calls::CAST)
}

/// Returns what an error about something that is not done says.
pub(super) fn not_implemented(text: &str) -> Error {
    if text.contains("unnest() does not support null") {
        return without_type("unnest", "integer[]");
    }
    if ["OuterReferenceColumn", "ScalarSubquery", "correlated subquery of this form"]
        .iter()
        .any(|word| text.contains(word))
    {
        return Error::new(
            Code::Unsupported,
            "a correlated subquery of this form is not supported",
        )
        .with_hint(
            "Join the tables instead; recursion, a computed LIMIT and grouping sets that come \
                 twice cannot speak of the outer row.",
        );
    }
    if text.contains("should be rewritten to LogicalPlan::Unnest") {
        return Error::new(Code::Unsupported, "a call that makes rows cannot stand here")
            .with_hint("Put it into FROM: FROM t, ST_Dump(t.geom) AS d.");
    }
    if let Some((from, to)) = between(text, "Unsupported CAST from ", " to ") {
        let message = format!("a value of type {} cannot be cast to {}", in_sql(from), in_sql(to));
        return Error::new(Code::DatatypeMismatch, message);
    }
    if let Some(name) = text.strip_prefix("Unsupported SQL type ") {
        let is_name = name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        return if is_name {
            Error::new(Code::UndefinedObject, format!("type \"{name}\" does not exist"))
        } else {
            Error::new(Code::Unsupported, format!("the type {name} is not supported"))
        };
    }
    if let Some(node) = text.strip_prefix("Physical plan does not support logical expression ") {
        return out_of_place(node);
    }
    if let Some(node) = text.strip_prefix("Unsupported ast node in sqltorel: ") {
        // What follows the name is the syntax tree, in no language a user knows.
        let name = node.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
        let name = name.to_uppercase();
        return Error::new(Code::Unsupported, format!("{name} expressions are not supported"));
    }
    Error::new(Code::Unsupported, in_sql(&tidy(text)))
}

/// Returns what is wrong with an expression where it stands, which the planner describes in a
/// language no user knows.
fn out_of_place(expression: &str) -> Error {
    let what = if expression.starts_with("AggregateFunction") {
        "an aggregate"
    } else if expression.starts_with("WindowFunction") {
        "a window function"
    } else {
        return Error::unsupported("an expression of this kind cannot be computed here");
    };
    Error::new(Code::GroupingError, format!("{what} cannot stand here"))
        .with_hint("Compute it in a subquery, and name its column here.")
}

/// Returns what an execution error says.
pub(super) fn execution(text: &str) -> Error {
    if let Some(call) = text.strip_suffix(" not supported for Null") {
        let name = call.rsplit(' ').next().unwrap_or(call).to_lowercase();
        return without_type(&name, "double");
    }
    let message = tidy(text);
    let lower = message.to_lowercase();
    let has = |needle: &str| lower.contains(needle);
    let code = if let Some(code) = computed(text) {
        code
    } else if has("more than one row") {
        Code::CardinalityViolation
    } else if has("overflow") || has("out of range") {
        Code::ValueOutOfRange
    } else if has("parse") || has("cast") || has("invalid timestamp") {
        Code::InvalidText
    } else {
        Code::InvalidParameter
    };
    Error::new(code, in_sql(&message))
}

/// Returns what an exhausted resource says.
pub(super) fn resources(text: &str) -> Error {
    let detail = tidy(text);
    let lower = detail.to_lowercase();
    if ["disk", "temporary", "spill file", "tmp"].iter().any(|word| lower.contains(word)) {
        return Error::new(Code::DiskFull, "the spill directory has reached its limit")
            .with_detail(format!("{detail}."))
            .with_hint("Raise storage.spill_limit_bytes, or let the query read less.");
    }
    Error::new(Code::OutOfMemory, "the query needs more memory than is left")
        .with_detail(format!("{detail}."))
        .with_hint("Run it when fewer queries run, let it read less, or raise limits.memory_bytes.")
}
