//! `information_schema`: what the SQL standard wants tools to read.

use arrow::datatypes::{DataType, Field};
use godwit_catalog::TextLength;

use super::batch::Cell;
use crate::DEFAULT_CATALOG;
use crate::plan::Scope;
use crate::sql_type_name;
use crate::tables::{self, TableFilter, TableInfo, TableKind};

pub(super) fn schemata(scope: &Scope) -> Vec<Vec<Cell>> {
    tables::schemas(&scope.engine.catalog, scope.temporary.as_deref(), &scope.rights)
        .into_iter()
        .map(|schema| vec![Cell::text(DEFAULT_CATALOG), Cell::Text(schema), Cell::Null])
        .collect()
}

pub(super) async fn tables(scope: &Scope) -> Vec<Vec<Cell>> {
    let tables = tables::list(scope, &TableFilter::default()).await;
    tables
        .into_iter()
        .map(|table| {
            let is_insertable = matches!(table.kind, TableKind::Table | TableKind::Temporary)
                && matches!(table.format.as_deref(), Some("DELTA" | "GEOPARQUET"));
            vec![
                Cell::Text(table.catalog),
                Cell::Text(table.schema),
                Cell::Text(table.name),
                Cell::text(table.kind.standard_name()),
                Cell::text(yes_or_no(is_insertable)),
                Cell::maybe(table.comment),
            ]
        })
        .collect()
}

pub(super) async fn columns(scope: &Scope) -> Vec<Vec<Cell>> {
    let filter = TableFilter { with_schema: true, ..TableFilter::default() };
    let tables = tables::list(scope, &filter).await;
    tables.iter().flat_map(columns_of).collect()
}

fn columns_of(table: &TableInfo) -> Vec<Vec<Cell>> {
    let Some(schema) = &table.arrow_schema else { return Vec::new() };
    schema
        .fields()
        .iter()
        .zip(1_i64..)
        .map(|(field, position)| {
            let mut row = vec![
                Cell::text(&table.catalog),
                Cell::text(&table.schema),
                Cell::text(&table.name),
                Cell::text(field.name()),
                Cell::Number(position),
                Cell::Null,
                Cell::text(yes_or_no(field.is_nullable())),
            ];
            row.extend(type_cells(field));
            row
        })
        .collect()
}

/// Returns the cells from `data_type` to `udt_name`.
fn type_cells(field: &Field) -> Vec<Cell> {
    let name = sql_type_name(field);
    // A decimal's digits have columns of their own.
    let plain = name.split('(').next().unwrap_or(&name).to_owned();
    let is_decimal = plain == "DECIMAL";
    let length = TextLength::of(field).and_then(|it| i64::try_from(it.characters).ok());
    let (precision, radix, scale) = match field.data_type() {
        DataType::Int8 | DataType::UInt8 => (Some(8), Some(2), Some(0)),
        DataType::Int16 | DataType::UInt16 => (Some(16), Some(2), Some(0)),
        DataType::Int32 | DataType::UInt32 => (Some(32), Some(2), Some(0)),
        DataType::Int64 | DataType::UInt64 => (Some(64), Some(2), Some(0)),
        DataType::Float32 => (Some(24), Some(2), None),
        DataType::Float64 => (Some(53), Some(2), None),
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale)
        | DataType::Decimal256(precision, scale) => {
            (Some(i64::from(*precision)), Some(10), Some(i64::from(*scale)))
        }
        _ => (None, None, None),
    };
    let fraction: Option<i64> = match field.data_type() {
        DataType::Date32 | DataType::Date64 => Some(0),
        DataType::Timestamp(unit, _) | DataType::Time32(unit) | DataType::Time64(unit) => {
            Some(match unit {
                arrow::datatypes::TimeUnit::Second => 0,
                arrow::datatypes::TimeUnit::Millisecond => 3,
                arrow::datatypes::TimeUnit::Microsecond => 6,
                arrow::datatypes::TimeUnit::Nanosecond => 9,
            })
        }
        _ => None,
    };
    vec![
        Cell::Text(if is_decimal { plain } else { name.clone() }),
        Cell::maybe_number(length),
        Cell::maybe_number(precision),
        Cell::maybe_number(radix),
        Cell::maybe_number(scale),
        Cell::maybe_number(fraction),
        Cell::Text(name),
    ]
}

pub(super) async fn views(scope: &Scope) -> Vec<Vec<Cell>> {
    let filter = TableFilter { types: vec!["VIEW".to_owned()], ..TableFilter::default() };
    let views = tables::list(scope, &filter).await;
    views
        .into_iter()
        .map(|view| {
            vec![
                Cell::Text(view.catalog),
                Cell::Text(view.schema),
                Cell::Text(view.name),
                Cell::maybe(view.definition),
                Cell::text("NONE"),
                Cell::text("NO"),
            ]
        })
        .collect()
}

fn yes_or_no(value: bool) -> &'static str {
    if value { "YES" } else { "NO" }
}
