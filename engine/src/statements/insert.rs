//! `INSERT`: rows of a query into a table that is there.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef};
use arrow::compute::can_cast_types;
use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema, SchemaRef};
use datafusion::common::{Column, ScalarValue};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, ScalarUDF, lit};
use godwit_catalog::{Entry, EntryKind};
use godwit_geometry::{GeometryType, check_column_crs, is_geometry};
use godwit_udfs::is_json;
use sqlparser::ast::Ident;

use super::match_columns::is_assignable;
use super::ready::{Ready, Work};
use super::returning::{Clause, Returned};
use super::write::{done, start};
use super::{Step, named_systems, query, target};
use crate::Value;
use crate::error::{Code, Error, nearest};
use crate::functions::{GeometryCast, json_cast_function};
use crate::outcome::Completion;
use crate::plan::{Scope, cast_columns, cast_to, deciding, entry_schema};
use crate::queries::RowCounter;
use crate::rights::Privilege;
use crate::sql::Insert;
use crate::stream::{align_stream, with_nulls};

pub(super) async fn run(
    insert: &Insert,
    ready: Ready,
    values: Vec<Value>,
    counter: &RowCounter,
) -> Result<Step, Error> {
    let Ready { scope, work, parameters, schema: announced } = ready;
    let Work::Query(bound, plan) = work else {
        return Err(Error::new(Code::Internal, "INSERT was planned without a query"));
    };
    let target = table(insert, &scope).await?;
    let Some(returning) = &insert.returning else {
        let plan = query::with_values(&bound, plan, &parameters, values)?;
        return write(insert, plan, &scope, target, None, counter).await.map(Step::Done);
    };
    let plan = query::with_values(&bound, plan, &parameters, values.clone())?;
    let clause = Clause::new(returning, None, false, &target.1, &parameters, &scope);
    let clause = Box::pin(clause).await?;
    let returned = Returned::new(clause, &target.0, &target.1, &parameters, values, &scope);
    let returned = Arc::new(Box::pin(returned).await?);
    write(insert, plan, &scope, target, Some(&returned), counter).await?;
    Box::pin(returned.step(announced, counter)).await
}

/// Plans the statement once for many rows of values; nothing when its query is more than one row of
/// expressions over them.
pub(crate) fn plan_rows(ready: &Ready, values: &[ArrayRef]) -> Result<Option<LogicalPlan>, Error> {
    let Work::Query(bound, plan) = &ready.work else { return Ok(None) };
    let values = cast_columns(&ready.parameters, values)?;
    let mut constants = BTreeMap::new();
    for index in deciding(plan)? {
        let Some(value) = values.columns().get(index).map(only_value).transpose()? else {
            continue;
        };
        // Of values that decide types each is planned for itself.
        let Some(value) = value else { return Ok(None) };
        constants.insert(index, value);
    }
    bound.plan_over(values, &constants)
}

/// Returns the value that all rows of a column have; nothing if they differ, or there are none.
fn only_value(column: &ArrayRef) -> Result<Option<ScalarValue>, Error> {
    if column.is_empty() {
        return Ok(None);
    }
    let first = ScalarValue::try_from_array(column, 0)?;
    for row in 1..column.len() {
        if ScalarValue::try_from_array(column, row)? != first {
            return Ok(None);
        }
    }
    Ok(Some(first))
}

/// Runs the statement for the rows of a plan, in one commit.
pub(crate) async fn run_plan(
    insert: &Insert,
    plan: LogicalPlan,
    scope: &Scope,
    counter: &RowCounter,
) -> Result<Completion, Error> {
    let target = table(insert, scope).await?;
    write(insert, plan, scope, target, None, counter).await
}

async fn write(
    insert: &Insert,
    plan: LogicalPlan,
    scope: &Scope,
    (entry, schema): (Entry, SchemaRef),
    returned: Option<&Arc<Returned>>,
    counter: &RowCounter,
) -> Result<Completion, Error> {
    let plan = aligned(plan, &insert.columns, &schema)?;
    let (_, streams) = start(&plan, scope, counter).await?;
    let shape = with_nulls(&schema);
    let mut streams = streams.into_iter().map(|stream| align_stream(stream, &shape)).collect();
    if let Some(returned) = returned {
        streams = Returned::keep(returned, streams);
    }
    let catalog = &scope.engine.catalog;
    let written = Box::pin(catalog.insert(&entry, insert.overwrite, schema, streams)).await?;
    let operation = if insert.overwrite { "INSERT OVERWRITE" } else { "INSERT" };
    Ok(done(operation, &written))
}

/// Checks that the rows of the plan fit the table.
pub(super) async fn check(insert: &Insert, plan: &LogicalPlan, scope: &Scope) -> Result<(), Error> {
    let (_, schema) = table(insert, scope).await?;
    aligned(plan.clone(), &insert.columns, &schema).map(|_| ())
}

/// Returns the columns of the table.
pub(super) async fn columns(insert: &Insert, scope: &Scope) -> Result<SchemaRef, Error> {
    Ok(table(insert, scope).await?.1)
}

/// Returns the columns that the rows fill, in the order of the rows.
pub(super) async fn fields(insert: &Insert, scope: &Scope) -> Result<Vec<FieldRef>, Error> {
    let (_, schema) = table(insert, scope).await?;
    let indexes = filled(&insert.columns, &schema)?;
    Ok(indexes.into_iter().filter_map(|index| schema.fields().get(index).cloned()).collect())
}

async fn table(insert: &Insert, scope: &Scope) -> Result<(Entry, SchemaRef), Error> {
    let mut privileges = vec![Privilege::Insert];
    privileges.extend(insert.overwrite.then_some(Privilege::Delete));
    privileges.extend(insert.returning.as_ref().map(|_| Privilege::Select));
    let entry = target::changed(&target::parts(&insert.table)?, &privileges, scope)?;
    if matches!(entry.kind, EntryKind::View { .. }) {
        return Err(Error::unsupported(format!(
            "\"{}\" is a view, which takes no rows",
            entry.name
        )));
    }
    let schema = Box::pin(entry_schema(&entry, scope)).await?;
    Ok((entry, schema))
}

/// Returns the place in the table of each column that the rows fill.
fn filled(columns: &[Ident], schema: &Schema) -> Result<Vec<usize>, Error> {
    if columns.is_empty() {
        return Ok((0..schema.fields().len()).collect());
    }
    let mut indexes = Vec::with_capacity(columns.len());
    for column in columns {
        let index = find(column, schema)?;
        if indexes.contains(&index) {
            return Err(Error::new(
                Code::SyntaxError,
                format!("column \"{}\" is filled twice", column.value),
            ));
        }
        indexes.push(index);
    }
    Ok(indexes)
}

pub(super) fn find(column: &Ident, schema: &Schema) -> Result<usize, Error> {
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    if let Some(index) = names.iter().position(|name| *name == column.value) {
        return Ok(index);
    }
    let similar: Vec<usize> = names
        .iter()
        .enumerate()
        .filter(|(_, name)| {
            column.quote_style.is_none() && name.eq_ignore_ascii_case(&column.value)
        })
        .map(|(index, _)| index)
        .collect();
    if let [only] = similar.as_slice() {
        return Ok(*only);
    }
    let error =
        Error::new(Code::UndefinedColumn, format!("the table has no column \"{}\"", column.value));
    Err(match nearest(&column.value, names.iter().copied()) {
        Some(near) => error.with_hint(format!("Did you mean \"{near}\"?")),
        None => error.with_hint(format!("The columns are {}.", names.join(", "))),
    })
}

/// Returns the plan of these columns, or of the first ones, with exactly the table's columns.
pub(super) fn aligned(
    plan: LogicalPlan,
    columns: &[Ident],
    schema: &Schema,
) -> Result<LogicalPlan, Error> {
    aligned_beside(plan, columns, schema, &[])
}

/// Returns the plan of these columns, or of the first ones, with the table's columns and those
/// beside them, which come last in the plan, too.
pub(super) fn aligned_beside(
    plan: LogicalPlan,
    columns: &[Ident],
    schema: &Schema,
    beside: &[FieldRef],
) -> Result<LogicalPlan, Error> {
    let mut indexes = filled(columns, schema)?;
    let given = plan.schema().fields().len().saturating_sub(beside.len());
    if columns.is_empty() {
        // Where none are named, the last ones may be left out.
        indexes.truncate(given);
    }
    if given != indexes.len() {
        return Err(Error::new(
            Code::SyntaxError,
            format!("the rows have {given} columns, {} are to be filled", indexes.len()),
        )
        .with_hint(format!("The table's columns are {}.", names(schema))));
    }
    let own =
        (0..schema.fields().len()).map(|index| indexes.iter().position(|filled| *filled == index));
    let places: Vec<Option<usize>> = own.chain((given..given + beside.len()).map(Some)).collect();
    let fields: Fields = schema.fields().iter().chain(beside).cloned().collect();
    projected(plan, &places, &Schema::new(fields))
}

/// Returns the plan with the table's columns, each from its place in the plan or null.
pub(super) fn projected(
    plan: LogicalPlan,
    places: &[Option<usize>],
    schema: &Schema,
) -> Result<LogicalPlan, Error> {
    let plan = named_systems::checked(plan, places, schema)?;
    let mut columns = Vec::with_capacity(schema.fields().len());
    for (place, field) in places.iter().zip(schema.fields()) {
        let value = match *place {
            Some(position) => {
                let (qualifier, source) = plan.schema().qualified_field(position);
                let column = Expr::Column(Column::from((qualifier, source)));
                converted(column, source, field)?
            }
            None if field.is_nullable() => lit(ScalarValue::try_new_null(field.data_type())?),
            None => {
                return Err(Error::new(
                    Code::NotNullViolation,
                    format!("column \"{}\" needs a value", field.name()),
                ));
            }
        };
        columns.push(value.alias(field.name()));
    }
    Ok(LogicalPlanBuilder::from(plan).project(columns)?.build()?)
}

fn converted(value: Expr, source: &Field, target: &Field) -> Result<Expr, Error> {
    let text =
        matches!(source.data_type(), DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8);
    if is_geometry(target) {
        let GeometryType { crs, edges } = GeometryType::from_field(target)?.unwrap_or_default();
        let given = GeometryType::from_field(source)?;
        let are_bytes = matches!(
            source.data_type(),
            DataType::Binary | DataType::BinaryView | DataType::LargeBinary
        );
        if text || are_bytes && given.is_none() {
            let srid = crs.and_then(|crs| crs.srid()).map_or(0, i64::from);
            let arguments = vec![value, lit(""), lit(srid)];
            return Ok(Arc::new(ScalarUDF::from(GeometryCast::new(edges))).call(arguments));
        }
        let given = given.and_then(|known| known.crs);
        check_column_crs(given.as_ref(), crs.as_ref())
            .map_err(|error| in_column(target, error.into()))?;
    }
    if text && is_json(target) && !is_json(source) {
        return Ok(json_cast_function(false, false).call(vec![value]));
    }
    if source.data_type() == target.data_type() {
        return Ok(value);
    }
    let (from, to) = (source.data_type(), target.data_type());
    if !can_cast_types(from, to) || !is_assignable(from, to) {
        return Err(Error::new(
            Code::DatatypeMismatch,
            format!(
                "column \"{}\" is {}, a value of type {} does not fit",
                target.name(),
                crate::sql_type_name(target),
                crate::sql_type_name(source)
            ),
        ));
    }
    // A text would become the one element of a list.
    if text && target.data_type().is_list() {
        return Err(Error::new(
            Code::DatatypeMismatch,
            format!("column \"{}\" is a list, a text does not fit", target.name()),
        )
        .with_hint("Type ARRAY['a', 'b'] or '{a,b}'::text[]."));
    }
    Ok(cast_to(value, from, to.clone()))
}

/// Returns an error about the values of a column with its name.
pub(super) fn in_column(column: &Field, error: Error) -> Error {
    Error { message: format!("{}, in column \"{}\"", error.message, column.name()), ..error }
}

fn names(schema: &Schema) -> String {
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    names.join(", ")
}
