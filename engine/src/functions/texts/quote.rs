//! `quote_ident`, `quote_literal` and `quote_nullable`: values as they stand in SQL.

use std::borrow::Cow;
use std::sync::Arc;

use super::super::plain::{Compute, Plain, takes};
use arrow::array::{ArrayRef, AsArray as _, StringArray};
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

/// The key words of `PostgreSQL` that cannot name everything:
/// <https://www.postgresql.org/docs/current/sql-keywords-appendix.html>.
const RESERVED: &str = "\
    all analyse analyze and any array as asc asymmetric authorization between bigint binary bit \
    boolean both case cast char character check coalesce collate collation column concurrently \
    constraint create cross current_catalog current_date current_role current_schema \
    current_time current_timestamp current_user dec decimal default deferrable desc distinct do \
    else end except exists extract false fetch float for foreign freeze from full grant greatest \
    group grouping having ilike in initially inner inout int integer intersect interval into is \
    isnull join lateral leading least left like limit localtime localtimestamp national natural \
    nchar none normalize not notnull null nullif numeric offset on only or order out outer \
    overlaps overlay placing position precision primary real references returning right row \
    select session_user setof similar smallint some substring symmetric table tablesample then \
    time timestamp to trailing treat trim true union unique user using values varchar variadic \
    verbose when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest \
    xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable";

/// Returns the functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    let function = |name, compute: Compute| {
        Plain::new(name, vec![takes(&[DataType::Utf8])], DataType::Utf8, compute).into()
    };
    vec![
        function("quote_ident", |columns| each(columns, |text| Some(ident(text?)))),
        function("quote_literal", |columns| each(columns, |text| Some(literal(text?).into()))),
        function("quote_nullable", |columns| each(columns, |text| Some(nullable(text)))),
    ]
}

fn each(
    columns: &[ArrayRef],
    quote: for<'a> fn(Option<&'a str>) -> Option<Cow<'a, str>>,
) -> Result<ArrayRef> {
    let [texts] = columns else { return exec_err!("one text is expected") };
    let quoted = texts.as_string::<i32>().iter().map(quote);
    Ok(Arc::new(quoted.collect::<StringArray>()))
}

/// Returns a name as it stands in SQL, in quotes only if it needs them.
pub(super) fn ident(name: &str) -> Cow<'_, str> {
    let is_plain = |place, character: char| match character {
        'a'..='z' | '_' => true,
        '0'..='9' => place > 0,
        _ => false,
    };
    let mut characters = name.chars().enumerate();
    let is_plain = characters.all(|(place, character)| is_plain(place, character));
    if is_plain && !name.is_empty() && !is_reserved(name) {
        return Cow::Borrowed(name);
    }
    Cow::Owned(format!("\"{}\"", name.replace('"', "\"\"")))
}

fn is_reserved(name: &str) -> bool {
    RESERVED.split_ascii_whitespace().any(|word| word == name)
}

/// Returns a text as a literal.
pub(super) fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') {
        return format!("E'{}'", quoted.replace('\\', "\\\\"));
    }
    format!("'{quoted}'")
}

/// Returns a text as a literal, and nothing as NULL.
pub(super) fn nullable(text: Option<&str>) -> Cow<'_, str> {
    text.map_or(Cow::Borrowed("NULL"), |text| Cow::Owned(literal(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_where_they_must_be() {
        let cases = [
            ("city", "city"),
            ("city_2", "city_2"),
            ("2nd", "\"2nd\""),
            ("City", "\"City\""),
            ("a\"b", "\"a\"\"b\""),
            ("select", "\"select\""),
            ("user", "\"user\""),
            ("name", "name"),
            ("", "\"\""),
            ("größe", "\"größe\""),
        ];
        for (name, expected) in cases {
            assert_eq!(ident(name), expected);
        }
    }

    #[test]
    fn texts_are_literals() {
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("a\\b"), "E'a\\\\b'");
        assert_eq!(nullable(None), "NULL");
    }
}
