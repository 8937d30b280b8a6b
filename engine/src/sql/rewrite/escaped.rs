//! The functions of JDBC and ODBC that mean something else in `{fn ..}` than without it, or are
//! only there: each is an expression of what is known here.
//!
//! The tokens of such a call have a mark before its name (`parser/escapes.rs`), so that no keyword
//! is in the parser's way; after parsing the mark is a flag of the call.

use std::ops::ControlFlow;

use sqlparser::ast::{
    DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident,
    ObjectNamePart, Query, Value, VisitMut as _, VisitorMut,
};
use sqlparser::parser::Parser;

use super::{outcome, position};
use crate::error::{Code, Error};
use crate::sql::dialect::GeoDialect;
use crate::sql::made;
use crate::sql::template;

/// What stands before the name of a function between parsing tokens and the tree.
const MARK: &str = "godwit_escaped_";

/// The functions, in the order of their names, and what a call with so many arguments means.
const FUNCTIONS: [(&str, &[&str]); 36] = [
    ("ceiling", &["ceil($1)"]),
    ("char", &["chr($1)"]),
    ("char_length", &["char_length($1)"]),
    ("character_length", &["char_length($1)"]),
    // Its second argument is a type.
    ("convert", &[]),
    ("curdate", &["current_date"]),
    ("curtime", &["current_time"]),
    ("database", &["current_database()"]),
    ("dayname", &["to_char($1, '%A')"]),
    ("dayofmonth", &["date_part('day', $1)"]),
    // From 1 for Sunday.
    ("dayofweek", &["date_part('dow', $1) + 1"]),
    ("dayofyear", &["date_part('doy', $1)"]),
    ("hour", &["date_part('hour', $1)"]),
    ("ifnull", &["coalesce($1, $2)"]),
    ("insert", &["overlay($1 PLACING $4 FROM $2 FOR $3)"]),
    ("lcase", &["lower($1)"]),
    // Blanks at the end do not count.
    ("length", &["char_length(rtrim($1))"]),
    (
        "locate",
        &[
            "strpos($2, $1)",
            "CASE WHEN $3 < 1 OR strpos(substr($2, $3), $1) = 0 THEN 0 \
             ELSE strpos(substr($2, $3), $1) + $3 - 1 END",
        ],
    ),
    // The natural logarithm.
    ("log", &["ln($1)"]),
    ("minute", &["date_part('minute', $1)"]),
    ("month", &["date_part('month', $1)"]),
    ("monthname", &["to_char($1, '%B')"]),
    ("octet_length", &["octet_length($1)"]),
    ("quarter", &["date_part('quarter', $1)"]),
    // The same number for the same seed: the distant digits of a sine.
    ("rand", &["random()", "abs(sin($1) * 43758.5453) - floor(abs(sin($1) * 43758.5453))"]),
    ("second", &["floor(date_part('second', $1))::int"]),
    ("sign", &["signum($1)"]),
    ("space", &["repeat(' ', $1)"]),
    ("substring", &["substr($1, $2, $3)", "substr($1, $2)"]),
    ("timestampadd", &["timestampadd($1, $2, $3)"]),
    ("timestampdiff", &["timestampdiff($1, $2, $3)"]),
    ("truncate", &["trunc($1, $2)", "trunc($1)"]),
    ("ucase", &["upper($1)"]),
    ("user", &["current_user"]),
    ("week", &["date_part('week', $1)"]),
    ("year", &["date_part('year', $1)"]),
];

/// The types of `{fn convert(x, SQL_TYPE)}` that have another name here.
const TYPES: [(&str, &str); 21] = [
    ("BINARY", "VARBINARY"),
    ("BIT", "BOOLEAN"),
    ("BLOB", "VARBINARY"),
    ("CHAR", "VARCHAR"),
    ("CLOB", "VARCHAR"),
    ("FLOAT", "DOUBLE"),
    ("LONGNVARCHAR", "VARCHAR"),
    ("LONGVARBINARY", "VARBINARY"),
    ("LONGVARCHAR", "VARCHAR"),
    ("NCHAR", "VARCHAR"),
    ("NCLOB", "VARCHAR"),
    ("NVARCHAR", "VARCHAR"),
    ("TIMESTAMP_WITH_TIMEZONE", "TIMESTAMP WITH TIME ZONE"),
    ("TYPE_DATE", "DATE"),
    ("TYPE_TIME", "TIME"),
    ("TYPE_TIMESTAMP", "TIMESTAMP"),
    ("WCHAR", "VARCHAR"),
    ("WLONGVARCHAR", "VARCHAR"),
    ("WVARCHAR", "VARCHAR"),
    ("INTERVAL_DAY_TO_SECOND", "INTERVAL"),
    ("INTERVAL_YEAR_TO_MONTH", "INTERVAL"),
];

/// The types that have the same name here.
const SAME_TYPES: [&str; 13] = [
    "BIGINT",
    "BOOLEAN",
    "DATE",
    "DECIMAL",
    "DOUBLE",
    "INTEGER",
    "NUMERIC",
    "REAL",
    "SMALLINT",
    "TIME",
    "TIMESTAMP",
    "TINYINT",
    "VARBINARY",
];

/// Returns the functions, to tell clients of them.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|(name, _)| *name)
}

/// Returns the name of a function with a mark, if it means something of its own in an escape.
pub(crate) fn marked(name: &str) -> Option<String> {
    let name = name.to_lowercase();
    names().any(|known| known == name).then(|| format!("{MARK}{name}"))
}

/// Makes the marks of names flags of their calls.
pub(crate) fn recall(query: &mut Query) {
    let _ = query.visit(&mut Recall);
}

struct Recall;

impl VisitorMut for Recall {
    type Break = Error;

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        if let Expr::Function(function) = expr
            && let Some(name) = name_of(function)
            && let Some(plain) = name.value.strip_prefix(MARK)
        {
            name.value = plain.to_owned();
            function.uses_odbc_syntax = true;
        }
        ControlFlow::Continue(())
    }
}

/// Puts what they mean in the place of such calls.
pub(crate) fn rewrite(query: &mut Query) -> Result<(), Error> {
    outcome(query.visit(&mut Escaped))
}

struct Escaped;

impl VisitorMut for Escaped {
    type Break = Error;

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        if let Expr::Function(function) = expr
            && std::mem::take(&mut function.uses_odbc_syntax)
        {
            match meaning(function) {
                Ok(meaning) => *expr = as_part(meaning),
                Err(error) => return ControlFlow::Break(error),
            }
        }
        ControlFlow::Continue(())
    }
}

fn name_of(function: &mut Function) -> Option<&mut Ident> {
    match function.name.0.as_mut_slice() {
        [ObjectNamePart::Identifier(name)] => Some(name),
        _ => None,
    }
}

/// Returns the expression that a call is.
fn meaning(function: &mut Function) -> Result<Expr, Error> {
    let Some(ident) = name_of(function).cloned() else {
        return Err(Error::new(Code::Internal, "an escaped function has no name"));
    };
    let name = ident.value.as_str();
    let wrong = |message: String| {
        let error = Error::new(Code::SyntaxError, message);
        match position(ident.span) {
            Some(position) => error.with_position(position),
            None => error,
        }
    };
    let mut arguments = arguments_of(function)
        .ok_or_else(|| wrong(format!("{{fn {name}}} takes plain arguments")))?;
    let mut name = name;
    match (name, arguments.as_mut_slice()) {
        ("convert", [value, target]) => {
            let data_type = type_named(target).ok_or_else(|| {
                wrong(format!("{{fn convert}} knows no type {target}"))
                    .with_hint("Type SQL_INTEGER, SQL_DOUBLE, SQL_VARCHAR, SQL_DATE or the like.")
            })?;
            let value = made::take(value);
            return filled(&format!("CAST($1 AS {data_type})"), vec![value]);
        }
        ("timestampadd" | "timestampdiff", [unit @ Expr::Identifier(_), _, _]) => {
            *unit = made::text(unit.to_string());
        }
        ("char_length" | "character_length" | "length" | "octet_length", [_, counted])
        | ("substring", [_, _, _, counted]) => {
            match counted.to_string().to_uppercase().as_str() {
                "CHARACTERS" => {}
                "OCTETS" if name != "substring" => name = "octet_length",
                _ => return Err(wrong(format!("{{fn {name}}} cannot count {counted}"))),
            }
            arguments.pop();
        }
        _ => {}
    }
    let forms =
        FUNCTIONS.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, forms)| forms);
    if let Some(form) = forms.iter().find(|form| parameter_count(form) == arguments.len()) {
        return filled(form, arguments);
    }
    let counts: Vec<String> = forms.iter().map(|form| parameter_count(form).to_string()).collect();
    let counts = if counts.is_empty() { "2".to_owned() } else { counts.join(" or ") };
    Err(wrong(format!("{{fn {name}}} takes {counts} arguments, not {}", arguments.len())))
}

/// Takes the arguments out of a call; nothing if there is more than values.
fn arguments_of(function: &mut Function) -> Option<Vec<Expr>> {
    let is_plain = function.filter.is_none() && function.over.is_none();
    let FunctionArguments::List(list) = &mut function.args else { return None };
    if !is_plain || list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
        return None;
    }
    let values = list.args.drain(..).map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) => Some(value),
        _ => None,
    });
    values.collect()
}

/// Returns the type that a name of SQL or ODBC means, `DECIMAL(10, 2)` and `SQL_WVARCHAR` among
/// them.
fn type_named(name: &Expr) -> Option<DataType> {
    let name = name.to_string().to_uppercase();
    let name = name.strip_prefix("SQL_").unwrap_or(&name);
    let (base, modifiers) = match name.find('(') {
        Some(place) => name.split_at(place),
        None => (name, ""),
    };
    let known = TYPES.iter().find(|(odbc, _)| *odbc == base).map(|(_, known)| *known);
    let is_same = SAME_TYPES.contains(&base) || base == "VARCHAR";
    let known = known.or_else(|| is_same.then_some(base))?;
    let mut parser = Parser::new(&GeoDialect).try_with_sql(&format!("{known}{modifiers}")).ok()?;
    parser.parse_data_type().ok()
}

/// Returns how many parameters a text has.
fn parameter_count(form: &str) -> usize {
    (1..10).take_while(|number| form.contains(&format!("${number}"))).count()
}

/// Returns the expression of a text with values for `$1`, `$2` and so on.
fn filled(form: &str, values: Vec<Expr>) -> Result<Expr, Error> {
    let mut expr = template::expr(form)?;
    let _ = expr.visit(&mut Fill { values });
    Ok(expr)
}

struct Fill {
    values: Vec<Expr>,
}

impl VisitorMut for Fill {
    type Break = ();

    // After its parts, so that placeholders in the values are not taken for those of the text.
    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::Value(value) = expr
            && let Value::Placeholder(name) = &value.value
            && let Some(number) = name.strip_prefix('$').and_then(|number| number.parse().ok())
            && let Some(value) = usize::checked_sub(number, 1).and_then(|at| self.values.get(at))
        {
            *expr = as_part(value.clone());
        }
        ControlFlow::Continue(())
    }
}

/// Returns a value as a part of another expression, in parentheses where it has operators.
fn as_part(value: Expr) -> Expr {
    match value {
        Expr::Value(_)
        | Expr::TypedString(_)
        | Expr::Identifier(_)
        | Expr::CompoundIdentifier(_)
        | Expr::Function(_)
        | Expr::Nested(_) => value,
        other => Expr::Nested(Box::new(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_an_expression() {
        for (name, forms) in FUNCTIONS {
            for form in forms {
                let values = vec![made::null(); parameter_count(form)];
                let expr = filled(form, values).unwrap_or_else(|error| panic!("{name}: {error}"));
                assert!(!expr.to_string().contains('$'), "{name}: {expr}");
            }
        }
    }

    #[test]
    fn types_have_their_names_of_odbc() {
        let named = |name: &str| {
            let expr = template::expr(name).unwrap();
            type_named(&expr).map(|data_type| data_type.to_string())
        };
        for (odbc, _) in TYPES {
            assert!(named(&format!("SQL_{odbc}")).is_some(), "{odbc}");
            assert!(named(odbc).is_some(), "{odbc}");
        }
        for same in SAME_TYPES {
            assert_eq!(named(same).as_deref(), Some(same));
        }
        assert_eq!(named("SQL_DECIMAL(10, 2)").as_deref(), Some("DECIMAL(10,2)"));
        assert_eq!(named("varchar(3)").as_deref(), Some("VARCHAR(3)"));
        assert_eq!(named("SQL_ROWID"), None);
    }
}
