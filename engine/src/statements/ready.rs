//! Opens a statement's tables and plans it, for its columns and parameters.

use std::iter::once;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Field, FieldRef, Schema, SchemaRef};

use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::logical_expr::LogicalPlan;
use sqlparser::ast::{Expr, SelectItem, SetExpr, SetOperator, Value as SqlValue};

use super::returning::Clause;
use super::{analyze, change, definitions, insert, merge, show, target, typed_values};
use crate::error::{Code, Error};
use crate::plan::{Bound, Scope, Sources, bind, infer, schema_of};
use crate::prepared::Parameter;
use crate::session::Session;
use crate::sql::{Describe, Statement};

/// A statement whose tables are open.
pub(crate) struct Ready {
    pub(crate) scope: Scope,
    pub(super) work: Work,
    pub(crate) parameters: Vec<Parameter>,
    /// The columns of the result; none for a statement without one.
    pub(crate) schema: SchemaRef,
}

/// What planning left to do.
pub(super) enum Work {
    /// A query with parameters, or one to explain, or to write somewhere.
    Query(Arc<Bound>, LogicalPlan),
    /// A query without parameters whose types are settled.
    Analyzed(LogicalPlan),
    /// Rows that are known already.
    Rows(RecordBatch),
    /// Nothing is planned.
    Command,
}

impl Ready {
    /// Returns a query for another execution, if planning it again would give the same: it reads no
    /// table, and the settings of the session are those it was planned with.
    pub(crate) fn again(&self, session: &Session) -> Option<Self> {
        let work = match &self.work {
            Work::Query(bound, plan) if reads_nothing(plan) => {
                Work::Query(Arc::clone(bound), plan.clone())
            }
            Work::Analyzed(plan) if reads_nothing(plan) => Work::Analyzed(plan.clone()),
            _ => return None,
        };
        let scope = session.scope();
        Arc::ptr_eq(&scope.origin, &self.scope.origin).then(|| Self {
            scope,
            work,
            parameters: self.parameters.clone(),
            schema: Arc::clone(&self.schema),
        })
    }
}

impl Ready {
    /// Plans again where what is bound to a parameter is not what the statement tells of it.
    pub(crate) fn declared(mut self, own: &[Option<FieldRef>]) -> Result<Self, Error> {
        let mut is_told = true;
        for (known, own) in self.parameters.iter_mut().zip(own) {
            if let Some(own) = own
                && known.field != *own
            {
                *known = known.declared(own);
                is_told = false;
            }
        }
        if let Work::Query(bound, plan) = &mut self.work
            && !is_told
        {
            *plan = with_fields(bound, plan.clone(), &self.parameters)?;
        }
        Ok(self)
    }
}

/// Returns the plan with the types of its parameters as far as they are known.
fn with_fields(
    bound: &Bound,
    plan: LogicalPlan,
    parameters: &[Parameter],
) -> Result<LogicalPlan, Error> {
    let fields = parameters.iter().map(|known| Some(Arc::clone(&known.field))).collect();
    // Where a guess does not fit, the real type comes with the value.
    bound.plan(fields).or_else(|error| {
        if parameters.iter().any(|known| known.is_inferred) { Ok(plan) } else { Err(error) }
    })
}

fn reads_nothing(plan: &LogicalPlan) -> bool {
    let mut has_scan = false;
    let walk = plan.apply_with_subqueries(|node| {
        has_scan = matches!(node, LogicalPlan::TableScan(_));
        Ok(if has_scan { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    });
    walk.is_ok() && !has_scan
}

/// Opens and plans a statement; never runs it.
pub(crate) async fn ready(
    statement: &Statement,
    session: &Session,
    names: &[String],
) -> Result<Ready, Error> {
    let scope = session.scope();
    session.engine().counts.note_planned();
    check(statement, &scope)?;
    match statement {
        Statement::Show(show) => {
            let batch = show::rows(show, session, &scope).await?;
            Ok(rows(scope, batch))
        }
        Statement::Describe(Describe::Table(name)) => {
            let batch = show::describe(name, &scope).await?;
            Ok(rows(scope, batch))
        }
        Statement::Analyze(_) => Ok(command(scope, analyze::schema())),
        _ => match statement.query() {
            Some(_) => planned(statement, scope, names).await,
            None => Ok(command(scope, Arc::new(Schema::empty()))),
        },
    }
}

fn command(scope: Scope, schema: SchemaRef) -> Ready {
    Ready { scope, schema, work: Work::Command, parameters: Vec::new() }
}

fn rows(scope: Scope, batch: RecordBatch) -> Ready {
    Ready { scope, schema: batch.schema(), work: Work::Rows(batch), parameters: Vec::new() }
}

/// Refuses early what can be told without planning.
fn check(statement: &Statement, scope: &Scope) -> Result<(), Error> {
    match statement {
        Statement::CreateTable(create) => {
            let mode = definitions::mode(create.or_replace, create.if_not_exists);
            target::new_object(&create.name, create.is_temporary, mode, scope)?;
            if let Some(location) = &create.location {
                scope.check_location(location)?;
            }
        }
        Statement::CreateView(create) => {
            let mode = definitions::mode(create.or_replace, create.if_not_exists);
            target::new_object(&create.name, create.is_temporary, mode, scope)?;
        }
        Statement::CreateExternalTable(create) => {
            let mode = definitions::mode(create.or_replace, create.if_not_exists);
            target::new_object(&create.name, false, mode, scope)?;
            scope.check_location(&create.location)?;
        }
        Statement::Copy(copy) => {
            scope.check_location(&copy.location)?;
        }
        Statement::CreateSchema { name, .. } => {
            definitions::new_schema(name, scope)?;
        }
        Statement::Analyze(tables) => {
            analyze::targets(tables, scope)?;
        }
        // What is there when it runs counts, but not for those who may not know.
        Statement::Drop(drop) if scope.rights.is_limited() => {
            definitions::droppable(drop, scope)?;
        }
        _ => {}
    }
    Ok(())
}

/// Refuses to show a plan in which a view leads to what the principal may not read itself.
fn check_shown(sources: &Sources, scope: &Scope) -> Result<(), Error> {
    if !scope.rights.is_limited() || scope.may_read_all(&sources.opened()) {
        return Ok(());
    }
    let message = "EXPLAIN would show what is behind a view, and there is no grant of SELECT on it";
    Err(Error::new(Code::PermissionDenied, message)
        .with_hint("DESCRIBE shows the columns of a query; SHOW GRANTS lists your grants."))
}

async fn planned(
    statement: &Statement,
    mut scope: Scope,
    names: &[String],
) -> Result<Ready, Error> {
    let Some(query) = statement.query() else {
        return Err(Error::new(Code::Internal, "a statement without a query was planned"));
    };
    if matches!(statement, Statement::CreateView(_)) && !names.is_empty() {
        return Err(Error::new(Code::SyntaxError, "a view takes no parameters")
            .with_hint("Write the values into the query."));
    }
    let sources = Arc::new(Sources::default());
    if matches!(statement, Statement::CreateView(_) | Statement::Explain(_)) {
        scope.sources = Some(Arc::clone(&sources));
    }
    let query_scope = match statement {
        // A view is planned as it will be opened: in its own schema.
        Statement::CreateView(create) => definitions::view_scope(create, &scope)?,
        _ => scope.clone(),
    };
    let mut query = query.clone();
    if let Statement::Insert(insert) = statement
        && typed_values::has_open_texts(&query)
    {
        let fields = Box::pin(insert::fields(insert, &scope)).await?;
        typed_values::type_texts(&mut query, &fields);
    }
    let bound = Box::pin(bind(query, &query_scope)).await;
    let bound = bound.map_err(|error| definitions::hidden(error, &scope, &query_scope))?;
    if let Statement::Explain(_) = statement {
        check_shown(&sources, &scope)?;
    }
    let hints = match statement {
        Statement::Insert(insert) if !names.is_empty() => {
            let fields = insert::fields(insert, &scope).await?;
            value_fields(&bound, &fields)
        }
        Statement::Change(change) if !names.is_empty() => {
            let fields = change::fields(change, &scope).await?;
            value_fields(&bound, &fields)
        }
        _ => Vec::new(),
    };
    let mut plan = bound.plan(hints)?;
    let returned = if names.is_empty() {
        None
    } else {
        Box::pin(returned_plan(statement, &[], &scope)).await?
    };
    let parameters = infer(once(&plan).chain(&returned), names)?;
    if !parameters.is_empty() {
        plan = with_fields(&bound, plan, &parameters)?;
    }
    if let Statement::CreateView(_) = statement {
        definitions::check_view_columns(&schema_of(&plan))?;
    }
    if let Statement::Insert(insert) = statement {
        insert::check(insert, &plan, &scope).await?;
    }
    if let Statement::Change(change) = statement {
        change::check(change, &plan, &scope).await?;
    }
    if let Statement::Merge(merge) = statement {
        Box::pin(merge::check(merge, &parameters, &scope)).await?;
    }
    let analyzed = analyzed(&plan, &parameters, &scope)?;
    let schema = Box::pin(returned_schema(statement, &parameters, &scope)).await?;
    let schema = schema.unwrap_or_else(|| result_schema(statement, &analyzed));
    let work = match statement {
        Statement::Query(_) if parameters.is_empty() => Work::Analyzed(analyzed),
        _ => Work::Query(Arc::new(bound), plan),
    };
    Ok(Ready { scope, work, parameters, schema })
}

/// Returns the columns of what `RETURNING` makes of rows, if the statement has such a clause.
async fn returned_schema(
    statement: &Statement,
    parameters: &[Parameter],
    scope: &Scope,
) -> Result<Option<SchemaRef>, Error> {
    let Some(plan) = Box::pin(returned_plan(statement, parameters, scope)).await? else {
        return Ok(None);
    };
    Ok(Some(schema_of(&analyzed(&plan, parameters, scope)?)))
}

/// Returns the plan of `RETURNING` over no rows, if the statement has such a clause.
async fn returned_plan(
    statement: &Statement,
    parameters: &[Parameter],
    scope: &Scope,
) -> Result<Option<LogicalPlan>, Error> {
    let Some(returning) = statement.returning() else { return Ok(None) };
    let columns = Box::pin(changed_columns(statement, scope)).await?;
    let (others, is_merge) = (statement.others(), matches!(statement, Statement::Merge(_)));
    let clause = Clause::new(returning, others, is_merge, &columns, parameters, scope);
    let clause = Box::pin(clause).await?;
    Box::pin(clause.plan(parameters, scope)).await.map(Some)
}

/// Returns the columns of the table whose rows a statement writes or removes.
async fn changed_columns(statement: &Statement, scope: &Scope) -> Result<SchemaRef, Error> {
    match statement {
        Statement::Insert(insert) => insert::columns(insert, scope).await,
        Statement::Change(change) => change::columns(change, scope).await,
        Statement::Merge(merge) => merge::columns(merge, scope).await,
        _ => Ok(Arc::new(Schema::empty())),
    }
}

/// Returns the plan with its types settled, as far as those of its parameters are known.
fn analyzed(
    plan: &LogicalPlan,
    parameters: &[Parameter],
    scope: &Scope,
) -> Result<LogicalPlan, Error> {
    let options = scope.state.config_options();
    let analyzed = scope.state.analyzer().execute_and_check(plan.clone(), options, |_, _| {});
    match analyzed {
        Ok(analyzed) => Ok(analyzed),
        Err(_) if parameters.iter().any(|known| known.is_inferred) => Ok(plan.clone()),
        Err(error) => Err(error.into()),
    }
}

fn result_schema(statement: &Statement, analyzed: &LogicalPlan) -> SchemaRef {
    match statement {
        Statement::Query(_) => schema_of(analyzed),
        Statement::Explain(_) => nullable(&LogicalPlan::explain_schema()),
        Statement::Describe(_) => show::description_schema(),
        _ => Arc::new(Schema::empty()),
    }
}

fn nullable(schema: &Schema) -> SchemaRef {
    let fields: Vec<Field> =
        schema.fields().iter().map(|field| Field::clone(field).with_nullable(true)).collect();
    Arc::new(Schema::new(fields))
}

/// Returns the types of the placeholders that stand alone in `VALUES` or in the select list: those
/// of the columns.
fn value_fields(bound: &Bound, fields: &[FieldRef]) -> Vec<Option<FieldRef>> {
    let mut known: Vec<Option<FieldRef>> = Vec::new();
    for row in rows_of_values(bound.query().body.as_ref()) {
        for (value, field) in row.into_iter().zip(fields) {
            let Expr::Value(value) = value else { continue };
            let SqlValue::Placeholder(name) = &value.value else { continue };
            let number = name.strip_prefix('$').and_then(|number| number.parse::<usize>().ok());
            let Some(index) = number.and_then(|number| number.checked_sub(1)) else { continue };
            if known.len() <= index {
                known.resize(index + 1, None);
            }
            if let Some(place) = known.get_mut(index) {
                place.get_or_insert_with(|| Arc::clone(field));
            }
        }
    }
    known
}

/// Returns the expressions of each row of `VALUES`, or those of a select list, or of a union of them.
fn rows_of_values(body: &SetExpr) -> Vec<Vec<&Expr>> {
    match body {
        SetExpr::Values(values) => {
            values.rows.iter().map(|row| row.content.iter().collect()).collect()
        }
        SetExpr::Select(select) => {
            let exprs = select.projection.iter().map_while(|item| match item {
                SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
                    Some(expr)
                }
                _ => None,
            });
            vec![exprs.collect()]
        }
        // What a list of VALUES has become.
        SetExpr::SetOperation { op: SetOperator::Union, left, right, .. } => {
            let mut rows = rows_of_values(left);
            rows.extend(rows_of_values(right));
            rows
        }
        _ => Vec::new(),
    }
}
