//! The names of types: in SQL what the engine below calls as Arrow does.

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

/// Types of lists, in whose brackets is that of their elements.
const LISTS: [&str; 5] = ["FixedSizeList", "LargeList", "LargeListView", "List", "ListView"];

/// Types whose brackets tell more of the type; those of others hold a value.
const PARAMETRIC: [&str; 6] = ["binary", "interval", "numeric", "time", "timestamp", "date"];

/// Longer texts stay as they are. Nobody reads them, and each bracket in them that nothing closes is
/// looked for up to their end.
const LONGEST: usize = 32_768;

/// Lists whose elements are told in more letters stay as they are, so that there is an end to lists
/// in lists.
const LONGEST_LIST: usize = 1_000;

/// Returns a text with the names of types in SQL.
pub(super) fn with_types(text: &str) -> String {
    if text.len() > LONGEST {
        return text.to_owned();
    }
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let length = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let known = TYPES.iter().find(|(arrow, _)| *arrow == word).map(|(_, sql)| *sql);
        rest = after;
        if let Some((name, after)) = nested(word, rest) {
            plain.push_str(&name);
            rest = after;
            continue;
        }
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

/// Returns the name of a type that holds others, of which the text behind its word tells, and what
/// follows.
fn nested<'a>(word: &str, behind: &'a str) -> Option<(String, &'a str)> {
    let is_list = LISTS.contains(&word);
    if !is_list && word != "Struct" {
        return None;
    }
    let (inner, after) = in_brackets(behind)?;
    if inner.starts_with(['[', '{']) {
        // A value of the type, and not the type.
        return Some((inner.to_owned(), after));
    }
    if !is_list {
        return Some(("record".to_owned(), after));
    }
    if inner.len() > LONGEST_LIST {
        return None;
    }
    let element = match inner.split_once(" x ") {
        Some((_, element)) if word == "FixedSizeList" => element,
        _ => inner,
    };
    let element = with_types(element.strip_prefix("non-null ").unwrap_or(element));
    let element = element.split_once(", field: ").map_or(element.as_str(), |(element, _)| element);
    Some((format!("{element}[]"), after))
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
    fn texts_of_users_may_look_like_types_without_end() {
        let lists = |count| format!("{}Int64{}", "List(".repeat(count), ")".repeat(count));
        assert_eq!(with_types(&lists(100)), format!("bigint{}", "[]".repeat(100)));
        let deep = with_types(&lists(1_000));
        assert!(deep.starts_with("List(List(") && deep.contains("(bigint[]"), "{deep}");
        let endless = "List(".repeat(200_000);
        assert_eq!(with_types(&endless), endless);
    }
}
