//! Says in the words of SQL what the engine below says in its own.

use super::type_names::with_types;

/// Returns a message in the words of SQL.
pub(super) fn in_sql(message: &str) -> String {
    known(message).unwrap_or_else(|| with_types(message))
}

/// Returns what some messages mean that speak of the engine's own business.
fn known(message: &str) -> Option<String> {
    for prefix in ["cannot cast string '", "cannot cast value '"] {
        if let Some((value, name)) = between(message, prefix, "' to value of ")
            && let Some(name) = name.strip_suffix(" type")
        {
            let name = with_types(name);
            return Some(format!("invalid input syntax for type {name}: \"{value}\""));
        }
    }
    if let Some((value, _)) = between(message, "error parsing timestamp from '", "': ")
        && !value.contains("' using format '")
    {
        return Some(format!("invalid input syntax for type timestamp: \"{value}\""));
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
    if let Some(said) = mismatch(message).or_else(|| misplaced(message)) {
        return Some(said);
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

/// Returns what is wrong where values of other types are wanted.
fn mismatch(message: &str) -> Option<String> {
    const PREDICATE: &str = "cannot create filter with non-boolean predicate '";
    const LOGICAL: &str = "cannot infer common argument type for logical boolean operation ";
    const COERCED: &str = "there isn't a common type to coerce ";
    const UNION: &str = "incompatible inputs for Union: Previous inputs were of type ";
    if let Some((condition, name)) = between(message, PREDICATE, "' returning ") {
        let (condition, name) = (with_types(condition), with_types(name));
        return Some(format!("the condition {condition} is of type {name}, not boolean"));
    }
    if let Some(operation) = message.strip_prefix(LOGICAL) {
        let of = |operator: &'static str| {
            operation.split_once(operator).map(|operands| (operator.trim(), operands))
        };
        let (operator, (left, right)) = of(" AND ").or_else(|| of(" OR "))?;
        let (left, right) = (with_types(left), with_types(right));
        return Some(format!("the operator {operator} takes booleans, not {left} and {right}"));
    }
    if let Some((types, operator)) = between(message, COERCED, " in ")
        && let Some(operator) = operator.strip_suffix(" expression")
    {
        let types = with_types(types);
        return Some(format!("the operator {operator} does not take {types}; cast one of them"));
    }
    if let Some((types, column)) = between(message, UNION, " on column '") {
        let types = with_types(&types.replace(", but got incompatible type ", " and "));
        let column = column.trim_end_matches('\'');
        return Some(format!(
            "the types {types} in column \"{column}\" of a UNION do not go together; cast one of \
             them"
        ));
    }
    if message == "unable to cast to Date32 for converting from i64 to i32 failed" {
        return Some("the value is not a date, or too far away for one".to_owned());
    }
    if message.starts_with("argument #")
        && let Some((said, _)) = message.split_once(", got Literal(")
    {
        return Some(said.to_owned());
    }
    let (_, name) =
        message.split_once("cannot access field at argument ")?.1.split_once(": type ")?;
    let name = name.strip_suffix(" is not Struct, Map, or Null")?;
    Some(format!("a value of type {} has no fields", with_types(name)))
}

/// Returns what is wrong with the shape of a query, or of a regular expression.
fn misplaced(message: &str) -> Option<String> {
    if let Some((position, _)) =
        between(message, "order by column out of bounds, specified: ", ", max: ")
    {
        return Some(format!("ORDER BY position {position} is not in the select list"));
    }
    if message.starts_with("too many columns! The subquery should only return one column") {
        return Some("a subquery here has one column, not several".to_owned());
    }
    let starts = ["regular expression did not compile: ", "regex parse error: "];
    if starts.iter().any(|start| message.starts_with(start)) {
        // The pattern with a mark below it, which one line cannot show, comes before.
        let (_, reason) = message.rsplit_once("error: ")?;
        let reason = reason.split(" ~").next().unwrap_or(reason);
        return Some(format!("invalid regular expression: {reason}"));
    }
    None
}

/// Returns what stands between two texts, of which the first begins a message, and what follows.
pub(super) fn between<'a>(text: &'a str, before: &str, behind: &str) -> Option<(&'a str, &'a str)> {
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
                "f takes no numeric, 'x' or bigint[]",
            ),
            (
                "no List(List(non-null Utf8, field: 'a'), field: 'b') or FixedSizeList(2 x Float64)",
                "no text[][] or double[]",
            ),
            ("Struct(\"a\": Int64) = List([1, 2])", "record = [1, 2]"),
            ("nothing of that kind: é", "nothing of that kind: é"),
        ] {
            assert_eq!(in_sql(message), expected);
        }
    }

    #[test]
    fn messages_have_the_words_of_sql() {
        for (message, expected) in [
            (
                "cannot cast value 'x' to value of Boolean type",
                "invalid input syntax for type boolean: \"x\"",
            ),
            (
                "error parsing timestamp from '2024-13-01': error parsing date",
                "invalid input syntax for type timestamp: \"2024-13-01\"",
            ),
            (
                "error parsing timestamp from 'x' using format '%Y': input contains invalid characters",
                "error parsing timestamp from 'x' using format '%Y': input contains invalid characters",
            ),
            (
                "cannot create filter with non-boolean predicate 't.a' returning Utf8View",
                "the condition t.a is of type text, not boolean",
            ),
            (
                "cannot infer common argument type for logical boolean operation Int64 AND Boolean",
                "the operator AND takes booleans, not bigint and boolean",
            ),
            (
                "there isn't a common type to coerce Int64 and Utf8 in LIKE expression",
                "the operator LIKE does not take bigint and text; cast one of them",
            ),
            (
                "incompatible inputs for Union: Previous inputs were of type Int64, but got incompatible type Binary on column 'x'",
                "the types bigint and binary in column \"x\" of a UNION do not go together; cast one of them",
            ),
            (
                "argument #2 must be an INTEGER or NULL, got Literal(Utf8(\"a\"), None)",
                "argument #2 must be an INTEGER or NULL",
            ),
            (
                "order by column out of bounds, specified: 5, max: 1",
                "ORDER BY position 5 is not in the select list",
            ),
            (
                "too many columns! The subquery should only return one column: 1, 2",
                "a subquery here has one column, not several",
            ),
            (
                "cannot access field at argument 1: type List(Int64) is not Struct, Map, or Null",
                "a value of type bigint[] has no fields",
            ),
            (
                "regular expression did not compile: Syntax( ~~~ regex parse error: ( ^ error: unclosed group ~~~ )",
                "invalid regular expression: unclosed group",
            ),
        ] {
            assert_eq!(in_sql(message), expected);
        }
    }
}
