//! Says in the words of SQL what the engine below says in those of Arrow.

/// The names of types in Arrow and in SQL.
const TYPES: [(&str, &str); 31] = [
    ("Binary", "binary"),
    ("BinaryView", "binary"),
    ("Boolean", "boolean"),
    ("Date32", "date"),
    ("Date64", "date"),
    ("Decimal", "numeric"),
    ("Decimal128", "numeric"),
    ("Decimal256", "numeric"),
    ("Decimal32", "numeric"),
    ("Decimal64", "numeric"),
    ("Duration", "interval"),
    ("FixedSizeBinary", "binary"),
    ("Float16", "real"),
    ("Float32", "real"),
    ("Float64", "double"),
    ("Int16", "smallint"),
    ("Int32", "integer"),
    ("Int64", "bigint"),
    ("Int8", "smallint"),
    ("Interval", "interval"),
    ("LargeBinary", "binary"),
    ("LargeUtf8", "text"),
    ("Time32", "time"),
    ("Time64", "time"),
    ("Timestamp", "timestamp"),
    ("UInt16", "integer"),
    ("UInt32", "bigint"),
    ("UInt64", "bigint"),
    ("UInt8", "smallint"),
    ("Utf8", "text"),
    ("Utf8View", "text"),
];

/// Types whose brackets tell more of the type; those of others hold a value.
const PARAMETRIC: [&str; 6] = ["binary", "interval", "numeric", "time", "timestamp", "date"];

/// Returns a message in the words of SQL.
pub(super) fn in_sql(message: &str) -> String {
    known(message).unwrap_or_else(|| with_types(message))
}

/// Returns what some messages mean that speak of the engine's own business.
fn known(message: &str) -> Option<String> {
    if let Some((value, name)) = between(message, "cannot cast string '", "' to value of ")
        && let Some(name) = name.strip_suffix(" type")
    {
        return Some(format!("invalid input syntax for type {}: \"{value}\"", with_types(name)));
    }
    if let Some((value, name)) = between(message, "can't cast value ", " to type ") {
        return Some(format!("{value} is out of range for type {}", with_types(name)));
    }
    if let Some((operation, _)) =
        between(message, "cannot coerce arithmetic expression ", " to valid types")
    {
        return does_not_take(operation);
    }
    for prefix in [
        "cannot infer common string type for string concat operation ",
        "cannot infer common argument type for comparison operation ",
    ] {
        if let Some(operation) = message.strip_prefix(prefix) {
            return does_not_take(operation);
        }
    }
    if let Some((_, rest)) = message.split_once("must be in GROUP BY or an aggregate function: ")
        && let Some((column, _)) = between(rest, "While expanding wildcard, column \"", "\" must")
    {
        return Some(format!("column \"{column}\" must appear in GROUP BY or in an aggregate"));
    }
    let (condition, _) =
        between(message, "HAVING clause references: ", " must appear in the GROUP BY clause")?;
    let condition = with_types(condition);
    Some(format!("HAVING {condition}: its columns must appear in GROUP BY or in an aggregate"))
}

/// Returns what stands between two texts, of which the first begins a message, and what follows.
fn between<'a>(text: &'a str, before: &str, behind: &str) -> Option<(&'a str, &'a str)> {
    text.strip_prefix(before)?.rsplit_once(behind)
}

/// Returns that an operator does not take its operands: `Utf8 + Int64`.
fn does_not_take(operation: &str) -> Option<String> {
    let operation = with_types(operation);
    let words: Vec<&str> = operation.split(' ').collect();
    let at = words.iter().position(|word| {
        !word.is_empty() && word.chars().all(|letter| !letter.is_alphanumeric() && letter != ',')
    })?;
    let (left, rest) = words.split_at_checked(at)?;
    let (operator, right) = rest.split_first()?;
    let (left, right) = (left.join(" "), right.join(" "));
    Some(format!("the operator {operator} does not take {left} and {right}; cast one of them"))
}

/// Returns a text with the names of types in SQL.
fn with_types(text: &str) -> String {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let length = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let known = TYPES.iter().find(|(arrow, _)| *arrow == word).map(|(_, sql)| *sql);
        rest = after;
        let Some(name) = known else {
            plain.push_str(word);
            if let Some(other) = rest.chars().next() {
                plain.push(other);
                rest = rest.get(other.len_utf8()..).unwrap_or_default();
            }
            continue;
        };
        match in_brackets(rest) {
            Some((_, after)) if PARAMETRIC.contains(&name) => {
                plain.push_str(name);
                rest = after;
            }
            Some((value, after)) => {
                plain.push_str(&value.replace('"', "'"));
                rest = after;
            }
            None => plain.push_str(name),
        }
    }
    plain
}

/// Returns what stands in the brackets that a text begins with, and what follows.
fn in_brackets(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('(')?;
    let mut depth = 1_usize;
    for (place, letter) in inner.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((inner.get(..place)?, inner.get(place + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_the_names_of_sql() {
        for (message, expected) in [
            (
                "cannot cast string 'a' to value of Int64 type",
                "invalid input syntax for type bigint: \"a\"",
            ),
            (
                "cannot cast string 'to value of Int64 type' to value of Date32 type",
                "invalid input syntax for type date: \"to value of Int64 type\"",
            ),
            (
                "can't cast value 99999999999 to type Int32",
                "99999999999 is out of range for type integer",
            ),
            (
                "cannot coerce arithmetic expression Utf8View + Int64 to valid types",
                "the operator + does not take text and bigint; cast one of them",
            ),
            (
                "cannot coerce arithmetic expression Timestamp(ns, \"UTC\") * Int64 to valid types",
                "the operator * does not take timestamp and bigint; cast one of them",
            ),
            (
                "cannot infer common string type for string concat operation Int64 || BinaryView",
                "the operator || does not take bigint and binary; cast one of them",
            ),
            (
                "column in SELECT must be in GROUP BY or an aggregate function: While expanding wildcard, column \"r.id\" must appear in the GROUP BY clause or must be part of an aggregate function, currently only \"r.name\" appears in the SELECT clause satisfies this requirement",
                "column \"r.id\" must appear in GROUP BY or in an aggregate",
            ),
            (
                "HAVING clause references: r.id > Int64(1) must appear in the GROUP BY clause or be used in an aggregate function",
                "HAVING r.id > 1: its columns must appear in GROUP BY or in an aggregate",
            ),
            (
                "f takes no Decimal128(10, 2), Utf8(\"x\") or List(Int64)",
                "f takes no numeric, 'x' or List(bigint)",
            ),
            ("nothing of that kind: é", "nothing of that kind: é"),
        ] {
            assert_eq!(in_sql(message), expected);
        }
    }
}
