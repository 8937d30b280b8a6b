//! `FROM t TABLESAMPLE BERNOULLI (10)`: each row of a table is taken with a chance of so many percent,
//! also with `SYSTEM`, which takes whole blocks of rows in `PostgreSQL`.

use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr, Query, SetExpr, TableAlias, TableFactor, TableSample, TableSampleKind,
    TableSampleMethod, TableSampleUnit, Value, VisitMut as _, VisitorMut,
};

use super::outcome;
use crate::error::{Code, Error};
use crate::sql::template;

/// Makes a subquery with a condition of each table of which a sample is asked for.
pub(crate) fn rewrite(query: &mut Query) -> Result<(), Error> {
    outcome(query.visit(&mut Samples))
}

struct Samples;

impl VisitorMut for Samples {
    type Break = Error;

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Error> {
        match sampled(factor) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }
}

fn sampled(factor: &mut TableFactor) -> Result<(), Error> {
    let TableFactor::Table { name, alias, sample, args: None, .. } = factor else { return Ok(()) };
    let Some(name) = name.0.last().and_then(|part| part.as_ident()).cloned() else { return Ok(()) };
    let sample = match sample.take() {
        Some(
            TableSampleKind::AfterTableAlias(sample) | TableSampleKind::BeforeTableAlias(sample),
        ) => *sample,
        None => return Ok(()),
    };
    let is_taken = Expr::BinaryOp {
        left: Box::new(template::expr("random() * 100")?),
        op: BinaryOperator::Lt,
        right: Box::new(Expr::Nested(Box::new(percentage(sample)?))),
    };
    let alias = alias.take().unwrap_or_else(|| TableAlias {
        explicit: false,
        name,
        columns: Vec::new(),
        at: None,
    });
    let mut subquery = template::query("SELECT * FROM sampled")?;
    if let SetExpr::Select(select) = subquery.body.as_mut()
        && let Some(table) = select.from.first_mut()
    {
        std::mem::swap(&mut table.relation, factor);
        select.selection = Some(is_taken);
    }
    *factor = TableFactor::Derived { lateral: false, subquery, alias: Some(alias), sample: None };
    Ok(())
}

/// Returns how many percent of the rows are asked for.
fn percentage(sample: TableSample) -> Result<Expr, Error> {
    let is_known = matches!(
        sample.name,
        None | Some(TableSampleMethod::Bernoulli | TableSampleMethod::System)
    );
    let is_plain = is_known && sample.seed.is_none() && sample.offset.is_none();
    let (Some(quantity), true) = (sample.quantity, is_plain) else { return Err(unsupported()) };
    if quantity.unit == Some(TableSampleUnit::Rows) {
        return Err(unsupported());
    }
    let (digits, is_negative) = match &quantity.value {
        Expr::UnaryOp { expr, .. } => (number(expr), true),
        other => (number(other), false),
    };
    if digits.is_some_and(|percent| percent > 100.0 || is_negative) {
        let message = "the percentage of a sample is from 0 to 100";
        return Err(Error::new(Code::InvalidParameter, message)
            .with_hint("Type for example TABLESAMPLE BERNOULLI (10) for a tenth of the rows."));
    }
    Ok(quantity.value)
}

fn number(expr: &Expr) -> Option<f64> {
    let Expr::Value(value) = expr else { return None };
    let Value::Number(digits, _) = &value.value else { return None };
    digits.parse().ok()
}

fn unsupported() -> Error {
    Error::unsupported("TABLESAMPLE takes a percentage, and no REPEATABLE").with_hint(
        "Type TABLESAMPLE BERNOULLI (10), or ORDER BY random() LIMIT 100 for a number of rows.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_conditions() {
        let rewritten = |text: &str| {
            let mut query = template::query(text).expect("a query");
            rewrite(&mut query).map(|()| query.to_string())
        };
        assert_eq!(
            rewritten("SELECT t.a FROM s.t TABLESAMPLE SYSTEM (10)").ok().as_deref(),
            Some("SELECT t.a FROM (SELECT * FROM s.t WHERE random() * 100 < (10)) t")
        );
        assert_eq!(
            rewritten("SELECT 1 FROM t AS x TABLESAMPLE BERNOULLI (0.5)").ok().as_deref(),
            Some("SELECT 1 FROM (SELECT * FROM t WHERE random() * 100 < (0.5)) AS x")
        );
        for text in [
            "SELECT 1 FROM t TABLESAMPLE BERNOULLI (101)",
            "SELECT 1 FROM t TABLESAMPLE BERNOULLI (-1)",
            "SELECT 1 FROM t TABLESAMPLE BERNOULLI (10) REPEATABLE (1)",
            "SELECT 1 FROM t TABLESAMPLE BERNOULLI (10 ROWS)",
        ] {
            assert!(rewritten(text).is_err(), "{text}");
        }
    }
}
