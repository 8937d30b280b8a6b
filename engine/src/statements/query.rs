//! Queries: from a plan to a stream.

use std::str::FromStr as _;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, SchemaRef};
use datafusion::common::ParamValues;
use datafusion::common::format::ExplainFormat;
use datafusion::common::metadata::{FieldMetadata, ScalarAndMetadata};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::{ExplainOption, LogicalPlan, LogicalPlanBuilder};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use godwit_geometry::is_geometry;

use super::ready::{Ready, Work};
use super::{Step, show};
use crate::Value;
use crate::error::{Code, Error};
use crate::plan::{Bound, Scope, deciding, schema_of, with_own_system};
use crate::prepared::Parameter;
use crate::sql::{Describe, Explain, Statement};
use crate::stream::{in_turn, spawned};

/// Starts a query.
pub(super) async fn run(
    statement: &Statement,
    ready: Ready,
    values: Vec<Value>,
) -> Result<Step, Error> {
    let Ready { scope, work, parameters, schema } = ready;
    let (bound, plan) = match work {
        Work::Query(bound, plan) => (bound, plan),
        Work::Analyzed(plan) => {
            let optimizer = scope.state.optimizer();
            let optimized = optimizer.optimize(plan, scope.state.as_ref(), |_, _| {})?;
            let stream = started(&optimized, &scope).await?;
            return Ok(Step::Rows { schema, stream });
        }
        Work::Rows(batch) => {
            let rows = futures::stream::iter([Ok(batch)]);
            let stream = Box::pin(RecordBatchStreamAdapter::new(SchemaRef::clone(&schema), rows));
            return Ok(Step::Rows { schema, stream });
        }
        Work::Command => return Err(Error::new(Code::Internal, "a command was run as a query")),
    };
    let has_parameters = !parameters.is_empty();
    let mut plan = with_values(&bound, plan, &parameters, values)?;
    match statement {
        Statement::Explain(explain) => plan = explained(explain, plan)?,
        Statement::Describe(Describe::Query(_)) => {
            let batch = show::description(&schema_of(&plan))?;
            let rows = futures::stream::iter([Ok(batch)]);
            let stream = Box::pin(RecordBatchStreamAdapter::new(SchemaRef::clone(&schema), rows));
            return Ok(Step::Rows { schema, stream });
        }
        _ => {}
    }
    let is_plain = matches!(statement, Statement::Query(_));
    let (logical, stream) = execute(&plan, &scope).await?;
    // The types of bound values may have changed the columns.
    let schema = if is_plain && has_parameters { logical } else { schema };
    Ok(Step::Rows { schema, stream })
}

/// Returns the columns and the optimised plan of a query; nothing for what is none, as `EXPLAIN`.
pub(crate) fn optimized(
    statement: &Statement,
    ready: Ready,
    values: Vec<Value>,
) -> Result<Option<(SchemaRef, LogicalPlan)>, Error> {
    if !matches!(statement, Statement::Query(_)) {
        return Ok(None);
    }
    let Ready { scope, work, parameters, schema } = ready;
    let plan = match work {
        Work::Query(bound, plan) => with_values(&bound, plan, &parameters, values)?,
        Work::Analyzed(plan) => plan,
        Work::Rows(_) | Work::Command => return Ok(None),
    };
    let optimized = scope.state.optimize(&plan)?;
    let schema = if parameters.is_empty() { schema } else { schema_of(&optimized) };
    Ok(Some((schema, optimized)))
}

/// Returns the columns of a statement once values are bound, whose types only a query shows.
pub(crate) fn bound_schema(
    statement: &Statement,
    ready: &Ready,
    values: Vec<Value>,
) -> Result<SchemaRef, Error> {
    let (Statement::Query(_), Work::Query(bound, plan)) = (statement, &ready.work) else {
        return Ok(SchemaRef::clone(&ready.schema));
    };
    let plan = with_values(bound, plan.clone(), &ready.parameters, values)?;
    let analyzer = ready.scope.state.analyzer();
    let options = ready.scope.state.config_options();
    Ok(schema_of(&analyzer.execute_and_check(plan, options, |_, _| {})?))
}

/// Returns the plan with the values in place of the parameters, planned again when a value has
/// another type than was guessed, and with the values when they decide types: as SRIDs do, and
/// geometries that name one.
pub(super) fn with_values(
    bound: &Bound,
    plan: LogicalPlan,
    parameters: &[Parameter],
    values: Vec<Value>,
) -> Result<LogicalPlan, Error> {
    if parameters.is_empty() {
        return Ok(plan);
    }
    let fits = |(known, value): (&Parameter, &Value)| known.data_type == value.data_type();
    let all_fit = parameters.iter().zip(&values).all(fits);
    let mut fields = Vec::with_capacity(parameters.len());
    let mut literals = Vec::with_capacity(parameters.len());
    let mut decide = !deciding(&plan)?.is_empty();
    for (known, value) in parameters.iter().zip(values) {
        if let Some((geometry, field)) = with_own_system(known, &value)? {
            decide = true;
            let metadata = FieldMetadata::from(field.as_ref());
            literals.push(ScalarAndMetadata::new(geometry, Some(metadata)));
            fields.push(Some(field));
        } else {
            let of_column = is_geometry(&known.field) && known.data_type == value.data_type();
            let metadata = of_column.then(|| FieldMetadata::from(known.field.as_ref()));
            fields.push(Some(field(known, &value)));
            literals.push(ScalarAndMetadata::new(value, metadata));
        }
    }
    let values = ParamValues::List(literals);
    if decide {
        return bound.plan_with(fields, values);
    }
    let plan = if all_fit { plan } else { bound.plan(fields)? };
    Ok(plan.with_param_values(values)?)
}

fn field(parameter: &Parameter, value: &Value) -> FieldRef {
    let data_type = value.data_type();
    if data_type == DataType::Null || data_type == parameter.data_type {
        return Arc::clone(&parameter.field);
    }
    Arc::new(Field::new(&parameter.name, data_type, true))
}

fn explained(explain: &Explain, plan: LogicalPlan) -> Result<LogicalPlan, Error> {
    let mut option =
        ExplainOption::default().with_verbose(explain.verbose).with_analyze(explain.analyze);
    if let Some(format) = &explain.format {
        let format = ExplainFormat::from_str(format).map_err(|error| {
            Error::new(Code::InvalidParameter, format!("\"{format}\" is no format of EXPLAIN"))
                .with_hint("Type FORMAT INDENT, TREE, PGJSON or GRAPHVIZ.")
                .with_source(error)
        })?;
        option = option.with_format(format);
    }
    Ok(LogicalPlanBuilder::from(plan).explain_option_format(option)?.build()?)
}

/// Starts a plan; returns its columns and its rows.
pub(super) async fn execute(
    plan: &LogicalPlan,
    scope: &Scope,
) -> Result<(SchemaRef, SendableRecordBatchStream), Error> {
    let optimized = scope.state.optimize(plan)?;
    let schema = schema_of(&optimized);
    Ok((schema, started(&optimized, scope).await?))
}

/// Starts an optimised plan.
async fn started(
    optimized: &LogicalPlan,
    scope: &Scope,
) -> Result<SendableRecordBatchStream, Error> {
    let physical = physical(optimized, scope).await?;
    Ok(spawned(in_turn(physical, &scope.task_context())?))
}

/// Returns the operators of an optimised plan.
pub(crate) async fn physical(
    optimized: &LogicalPlan,
    scope: &Scope,
) -> Result<Arc<dyn ExecutionPlan>, Error> {
    let planner = scope.state.query_planner();
    Ok(Box::pin(planner.create_physical_plan(optimized, scope.state.as_ref())).await?)
}
