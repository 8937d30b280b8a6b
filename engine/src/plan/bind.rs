//! Opens the tables of a query and plans it.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema, SchemaRef};
use datafusion::common::metadata::ScalarAndMetadata;
use datafusion::common::{ParamValues, ScalarValue, TableReference};
use datafusion::datasource::{MemTable, provider_as_source};
use datafusion::logical_expr::{LogicalPlan, TableSource};
use sqlparser::ast::Query;

use super::context::PlanContext;
use super::guard::Guard;
use super::scope::Scope;
use super::translate::translate;
use super::{
    calls, conversions, elements, lateral, lengths, limits, locate, ordered, sets, subqueries,
    typed, unions,
};
use crate::error::Error;
use crate::sql::rewrite::{self, Relation};

/// The name of the rows of bound values, which no user can write unquoted.
const BOUND_ROWS: &str = "bound values";

/// A query whose tables are open and whose names are resolved.
#[derive(Debug)]
pub(crate) struct Bound {
    query: Query,
    pub(crate) context: PlanContext,
}

/// Rows under a name of their own.
pub(crate) type NamedRows<'a> = (&'a str, &'a Arc<dyn TableSource>);

/// Opens the tables of `query` and resolves its names.
pub(crate) async fn bind(query: Query, scope: &Scope) -> Result<Bound, Error> {
    Box::pin(bind_over(query, None, scope)).await
}

/// Opens the tables of `query`, beside rows that are not in the catalog, and resolves its names.
pub(crate) async fn bind_over(
    mut query: Query,
    rows: Option<NamedRows<'_>>,
    scope: &Scope,
) -> Result<Bound, Error> {
    rewrite::samples(&mut query)?;
    rewrite::refuse(&query)?;
    rewrite::labels(&mut query)?;
    rewrite::escaped(&mut query)?;
    rewrite::values(&mut query)?;
    rewrite::literals(&mut query)?;
    rewrite::windows(&mut query)?;
    rewrite::functions(&mut query)?;
    rewrite::outer_arrays(&mut query)?;
    rewrite::untyped(&mut query)?;
    rewrite::rows(&mut query, &scope.engine.base)?;
    rewrite::row_membership(&mut query)?;
    rewrite::truths(&mut query)?;
    let requests = rewrite::relations(&mut query)?;
    let mut context = PlanContext::new(scope).guarded(Guard::new(scope));
    let mut relations = Vec::with_capacity(requests.len());
    for request in requests {
        let opened = match rows {
            Some((name, source)) if request.name == [name] => {
                let source = Arc::clone(source);
                Some(locate::Opened { spelling: request.name.clone(), source, object: None })
            }
            _ => Box::pin(locate::open(&request, scope)).await?,
        };
        let Some(opened) = opened else { continue };
        let reference = locate::reference(&opened.spelling);
        if let Some(object) = opened.object {
            context.guard.insert(reference.clone(), object);
        }
        context.insert(reference, Arc::clone(&opened.source));
        relations.push(Relation {
            name: request.name,
            spelling: opened.spelling,
            columns: column_names(&opened.source),
        });
    }
    rewrite::names(&mut query, &relations)?;
    let columns = |parts: &[String]| context.columns(&locate::reference(parts));
    rewrite::unmarked(&mut query, &columns)?;
    rewrite::nameless(&mut query, &columns)?;
    rewrite::merged(&mut query, &columns)?;
    rewrite::repeated_names(&mut query, &columns)?;
    rewrite::whole_rows(&mut query, &columns)?;
    rewrite::outer_items(&mut query, &columns)?;
    rewrite::fields(&mut query)?;
    rewrite::hidden_relations(&mut query, &columns)?;
    Ok(Bound { query, context })
}

/// Returns a planning context without tables.
pub(crate) fn empty_context(scope: &Scope) -> PlanContext {
    PlanContext::new(scope)
}

impl Bound {
    /// Plans the query with the parameter types that are known.
    pub(crate) fn plan(&self, parameters: Vec<Option<FieldRef>>) -> Result<LogicalPlan, Error> {
        plan(self.query.clone(), &self.context, parameters, None)
    }

    /// Plans the query as if the values were written in it.
    pub(crate) fn plan_with(
        &self,
        parameters: Vec<Option<FieldRef>>,
        values: ParamValues,
    ) -> Result<LogicalPlan, Error> {
        plan(self.query.clone(), &self.context, parameters, Some(values))
    }

    /// Plans the query, if it is one row of expressions over parameters, once for each row of
    /// their values. Some of the parameters may be constants, as if these were written in it.
    pub(crate) fn plan_over(
        &self,
        values: RecordBatch,
        constants: &BTreeMap<usize, ScalarValue>,
    ) -> Result<Option<LogicalPlan>, Error> {
        let are_rows = |index: usize| !constants.contains_key(&index);
        let Some(query) = rewrite::over_rows(&self.query, BOUND_ROWS, &are_rows)? else {
            return Ok(None);
        };
        let mut fields = Vec::new();
        let mut literals = Vec::new();
        for (index, field) in values.schema_ref().fields().iter().enumerate() {
            fields.push(Some(Arc::clone(field)));
            let literal = constants.get(&index).cloned().unwrap_or(ScalarValue::Null);
            literals.push(ScalarAndMetadata::new(literal, None));
        }
        let literals = (!constants.is_empty()).then_some(ParamValues::List(literals));
        let mut context = self.context.without_tables();
        let rows = MemTable::try_new(values.schema(), vec![vec![values]])?;
        context.insert(TableReference::bare(BOUND_ROWS), provider_as_source(Arc::new(rows)));
        plan(query, &context, fields, literals).map(Some)
    }

    /// Returns the query with its names resolved.
    pub(crate) fn query(&self) -> &Query {
        &self.query
    }
}

fn plan(
    query: Query,
    context: &PlanContext,
    parameters: Vec<Option<FieldRef>>,
    values: Option<ParamValues>,
) -> Result<LogicalPlan, Error> {
    let plan = translate(query, context, parameters)?;
    let plan = match values {
        Some(values) => plan.with_param_values(values)?,
        None => plan,
    };
    context.guard.check(&plan)?;
    let plan = subqueries::beside(calls::told_apart(plan)?)?;
    let plan = sets::rewrite(limits::rewrite(unions::rewrite(plan)?)?)?;
    let plan = lengths::rewrite(conversions::rewrite(plan)?)?;
    let plan = ordered::rewrite(plan)?;
    let plan = lateral::rewrite(subqueries::in_reach(plan)?)?;
    let plan = elements::rewrite(subqueries::as_joins(plan)?)?;
    Ok(typed::rewrite(plan, context.functions())?)
}

/// Returns the schema of a plan's rows as clients see it: every column may be null, because
/// planning, execution and statistics disagree about it, and nothing a file said of itself is left.
pub(crate) fn schema_of(plan: &LogicalPlan) -> SchemaRef {
    let fields: Fields = plan
        .schema()
        .fields()
        .iter()
        .map(|field| {
            let name = rewrite::label(field.name()).to_owned();
            Arc::new(Field::clone(field).with_name(name).with_nullable(true))
        })
        .collect();
    Arc::new(Schema::new(fields))
}

fn column_names(source: &Arc<dyn TableSource>) -> Vec<String> {
    let mut names = Vec::new();
    collect_names(source.schema().fields(), &mut names);
    names
}

fn collect_names(fields: &Fields, names: &mut Vec<String>) {
    for field in fields {
        names.push(field.name().clone());
        if let DataType::Struct(inner) = field.data_type() {
            collect_names(inner, names);
        }
    }
}
