//! `system` and `geometry_columns`: what Godwit tells of itself.

use godwit_geometry::{DeclaredKind, Dimension, GeometryType, Kind, is_geometry};
use godwit_udfs::FunctionKind;

use super::batch::Cell;
use crate::error::Code;
use crate::plan::Scope;
use crate::runtime;
use crate::tables::{self, TableFilter, TableKind};

pub(super) async fn tables(scope: &Scope) -> Vec<Vec<Cell>> {
    let filter = TableFilter { with_schema: true, ..TableFilter::default() };
    let tables = tables::list(scope, &filter).await;
    tables
        .into_iter()
        .map(|table| {
            vec![
                Cell::Text(table.schema),
                Cell::Text(table.name),
                Cell::text(table.kind.flight_name()),
                Cell::maybe(table.format),
                Cell::maybe(table.location),
                Cell::maybe(table.comment),
                Cell::maybe(table.error),
            ]
        })
        .collect()
}

pub(super) fn queries(scope: &Scope) -> Vec<Vec<Cell>> {
    let time = |time: Option<_>| time.map_or(Cell::Null, Cell::Time);
    scope
        .engine
        .registry
        .list()
        .into_iter()
        .filter(|query| scope.may_read(query))
        .map(|query| {
            vec![
                Cell::text(query.id.to_string()),
                Cell::text(query.state.name()),
                Cell::Text(query.user),
                Cell::text(query.protocol.name()),
                Cell::Number(i64::try_from(query.rows).unwrap_or(i64::MAX)),
                Cell::Time(query.submitted_at),
                time(query.started_at),
                time(query.finished_at),
                Cell::Text(query.sql),
                Cell::maybe(query.error),
                Cell::maybe(query.sqlstate),
            ]
        })
        .collect()
}

pub(super) fn functions() -> Vec<Vec<Cell>> {
    godwit_udfs::catalogue()
        .iter()
        .map(|function| {
            vec![
                Cell::text(&function.name),
                Cell::text(function.category.name()),
                Cell::Flag(function.kind == FunctionKind::Aggregate),
                Cell::text(function.signatures.join("; ")),
                Cell::text(&function.returns),
                Cell::text(function.summary),
                Cell::text(function.aliases.join(", ")),
                Cell::text(function.example),
            ]
        })
        .collect()
}

pub(super) fn formats() -> Vec<Vec<Cell>> {
    godwit_formats::formats()
        .iter()
        .map(|format| {
            let format = format.describe();
            let options: Vec<&str> = format.options.iter().map(|option| option.name).collect();
            vec![
                Cell::text(format.name),
                Cell::text(format.summary),
                Cell::Flag(format.reads),
                Cell::Flag(format.writes),
                Cell::text(format.extensions.join(", ")),
                Cell::text(format.media_type),
                Cell::text(options.join(", ")),
            ]
        })
        .collect()
}

/// The formats with the columns of DuckDB's `ST_Drivers`.
pub(super) fn drivers() -> Vec<Vec<Cell>> {
    godwit_formats::formats()
        .iter()
        .map(|format| {
            let format = format.describe();
            vec![
                Cell::text(format.name),
                Cell::text(format.summary),
                Cell::Flag(format.writes),
                Cell::Flag(format.writes),
                Cell::Flag(format.reads),
                Cell::Null,
            ]
        })
        .collect()
}

pub(super) fn settings(scope: &Scope) -> Vec<Vec<Cell>> {
    runtime::values(scope.state.config_options())
        .into_iter()
        .map(|(name, value, summary)| {
            vec![Cell::Text(name), Cell::maybe(value), Cell::Text(summary)]
        })
        .collect()
}

pub(super) fn error_codes() -> Vec<Vec<Cell>> {
    Code::all()
        .map(|code| {
            vec![
                Cell::text(code.name()),
                Cell::text(code.sqlstate()),
                Cell::Number(i64::from(code.http_status())),
                Cell::Flag(code.is_retryable()),
                Cell::text(code.meaning()),
            ]
        })
        .collect()
}

pub(super) async fn geometry_columns(scope: &Scope) -> Vec<Vec<Cell>> {
    let filter =
        TableFilter { types: TableKind::of_users(), with_schema: true, ..TableFilter::default() };
    let mut rows = Vec::new();
    for table in tables::list(scope, &filter).await {
        let Some(schema) = &table.arrow_schema else { continue };
        for field in schema.fields().iter().filter(|field| is_geometry(field)) {
            let crs = GeometryType::from_field(field).ok().flatten().and_then(|known| known.crs);
            let srid = crs.as_ref().and_then(godwit_geometry::Crs::srid).unwrap_or(0);
            let declared = DeclaredKind::of(field);
            let dimension = declared.map(DeclaredKind::dimension).unwrap_or_default();
            rows.push(vec![
                Cell::text(&table.catalog),
                Cell::text(&table.schema),
                Cell::text(&table.name),
                Cell::text(field.name()),
                Cell::Number(i64::try_from(dimension.size()).unwrap_or(2)),
                Cell::Number(i64::from(srid)),
                Cell::Text(kind_name(declared)),
                Cell::maybe(crs.map(|crs| crs.name())),
            ]);
        }
    }
    rows
}

/// Returns the name of what a column was declared with: a measure alone shows in it, a height does
/// not.
fn kind_name(declared: Option<DeclaredKind>) -> String {
    let name = declared.and_then(DeclaredKind::kind).map_or("GEOMETRY", Kind::wkt_name);
    let is_measured = declared.is_some_and(|declared| declared.dimension() == Dimension::Xym);
    format!("{name}{}", if is_measured { "M" } else { "" })
}
