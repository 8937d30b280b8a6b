//! The framework under a bare session: calls, aggregates, reference systems, nulls and slices.
//!
//! What each function returns is tested by the `.slt` file of its name.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray as _, BinaryArray, BinaryViewArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Schema};
use arrow::util::pretty::pretty_format_batches;
use datafusion::common::Result;
use datafusion::datasource::MemTable;
use datafusion::prelude::SessionContext;
use godwit_geometry::{Crs, GeometryError, GeometryType, write};

use crate::function::{Overload, Type};
use crate::functions::{AGGREGATES, SCALARS};
use crate::{
    Shape, aggregate_functions, catalogue, reference_page, scalar_functions, window_functions,
};

fn session() -> SessionContext {
    let context = SessionContext::new();
    for function in scalar_functions() {
        context.register_udf(function.as_ref().clone());
    }
    for function in aggregate_functions() {
        context.register_udaf(function.as_ref().clone());
    }
    for function in window_functions() {
        context.register_udwf(function.as_ref().clone());
    }
    context
}

/// Returns the rows as text, values separated by bars.
async fn rows(context: &SessionContext, sql: &str) -> Result<Vec<String>> {
    let batches = context.sql(sql).await?.collect().await?;
    let text = pretty_format_batches(&batches)?.to_string();
    let lines = text.lines().filter(|line| line.starts_with('|')).skip(1);
    Ok(lines
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>().join("|"))
        .collect())
}

async fn row(sql: &str) -> String {
    match rows(&session(), sql).await {
        Ok(rows) => rows.join("\n"),
        Err(error) => format!("error: {error}"),
    }
}

/// Returns the geometry error of a query that must fail.
async fn failure(sql: &str) -> GeometryError {
    let error = rows(&session(), sql).await.expect_err("the query must fail");
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(current) = source {
        if let Some(found) = current.downcast_ref::<GeometryError>() {
            return found.clone();
        }
        source = current.source();
    }
    panic!("not a geometry error: {error}")
}

/// Registers a table of points (i, i) with a null in every fifth row, sliced out of a longer one.
fn register_points(context: &SessionContext, storage: &DataType, crs: Option<Crs>) {
    let points: Vec<Option<Vec<u8>>> = (0..40_i32)
        .map(|i| (i % 5 != 4).then(|| write::point_xy(f64::from(i), f64::from(i))))
        .collect();
    let array: ArrayRef = Arc::new(BinaryArray::from_iter(points));
    let array = cast(&array, storage).expect("a binary storage").slice(10, 20);
    let field = GeometryType::new(crs).field("geom", true).with_data_type(storage.clone());
    let schema = Arc::new(Schema::new(vec![field]));
    let batch = RecordBatch::try_new(Arc::clone(&schema), vec![array]).expect("a batch");
    let halves = vec![vec![batch.slice(0, 7)], vec![batch.slice(7, 13)]];
    let table = MemTable::try_new(schema, halves).expect("a table");
    #[expect(clippy::disallowed_methods, reason = "a test has no engine above it")]
    context.register_table("points", Arc::new(table)).expect("a session");
}

#[tokio::test]
async fn calls_take_literals_names_and_conversions() {
    assert_eq!(row("SELECT ST_AsText(ST_Point(1, 2.5))").await, "POINT(1 2.5)");
    assert_eq!(row("SELECT st_astext(st_point(y => 1, x => 2))").await, "POINT(2 1)");
    assert_eq!(row("SELECT ST_AsText('POINT(1 2)')").await, "POINT(1 2)");
    assert_eq!(row("SELECT ST_X('0101000000000000000000F03F0000000000000040')").await, "1.0");
    assert_eq!(row("SELECT ST_Area(NULL)").await, "");
    assert_eq!(
        row("SELECT ST_AsText(geom) FROM (VALUES (ST_Point(1, 2)), (ST_GeomFromText(NULL))) AS t(geom)").await,
        "POINT(1 2)\n"
    );
}

#[tokio::test]
async fn reference_systems_travel_with_the_column() {
    assert_eq!(row("SELECT ST_SRID(ST_Point(1, 2, 4326))").await, "4326");
    assert_eq!(row("SELECT ST_SRID('SRID=3857;POINT(1 2)')").await, "3857");
    assert_eq!(row("SELECT ST_SRID(ST_GeomFromText('SRID=3857;POINT(1 2)'))").await, "3857");
    assert_eq!(row("SELECT ST_SRID(ST_SetSRID(ST_Point(1, 2), 25832))").await, "25832");
    assert_eq!(
        row("SELECT ST_AsEWKT(ST_StartPoint(ST_SetSRID('LINESTRING(1 2, 3 4)', 4326)))").await,
        "SRID=4326;POINT(1 2)"
    );
    let context = session();
    register_points(&context, &DataType::BinaryView, Some(Crs::from_epsg(3857)));
    for (sql, expected) in [
        ("SELECT DISTINCT ST_SRID(geom) FROM points WHERE geom IS NOT NULL", "3857"),
        ("SELECT ST_AsEWKT(ST_SetSRID(geom, 4326)) FROM points LIMIT 1", "SRID=4326;POINT(10 10)"),
        (
            "SELECT ST_AsEWKT(ST_Extent(geom)) FROM points",
            "SRID=3857;POLYGON((10 10,10 28,28 28,28 10,10 10))",
        ),
        (
            "SELECT ST_AsEWKT(g) FROM (SELECT ST_Extent(geom) AS g FROM points GROUP BY ST_X(geom) > 26 ORDER BY ST_X(g) LIMIT 1)",
            "error",
        ),
    ] {
        let answer =
            rows(&context, sql).await.map_or_else(|_| "error".to_owned(), |rows| rows.join("\n"));
        assert_eq!(answer, expected, "{sql}");
    }
}

#[tokio::test]
async fn mixed_reference_systems_are_refused_before_running() {
    let mixed = failure("SELECT ST_Intersects(ST_Point(1, 2, 4326), ST_Point(1, 2, 3857)) FROM (SELECT 1 WHERE false)").await;
    assert_eq!(
        mixed,
        GeometryError::CrsMismatch { left: "EPSG:4326".to_owned(), right: "EPSG:3857".to_owned() }
    );
    let with_text =
        failure("SELECT ST_Distance(ST_Point(1, 2, 4326), 'SRID=3857;POINT(1 2)')").await;
    assert!(matches!(with_text, GeometryError::CrsMismatch { .. }), "{with_text:?}");
    assert_eq!(row("SELECT ST_Intersects(ST_Point(1, 2, 4326), ST_Point(1, 2))").await, "true");
}

#[tokio::test]
async fn wrong_calls_are_told_apart() {
    let answer = row("SELECT ST_Area(1, 2)").await;
    assert!(answer.contains("No function matches st_area(bigint, bigint)"), "{answer}");
    assert!(answer.contains("ST_Area(geom geometry)"), "{answer}");
    let text = failure("SELECT ST_Area(t.a) FROM (VALUES ('POINT(1 2)')) AS t(a)").await;
    assert!(text.to_string().contains("ST_GeomFromText"), "{text}");
    let literal = failure("SELECT ST_SetSRID(ST_Point(1, 2), t.a) FROM (VALUES (1)) AS t(a)").await;
    assert!(literal.to_string().contains("must be a literal"), "{literal}");
    let bytes = failure("SELECT ST_GeomFromWKB(x'0102')").await;
    assert!(matches!(bytes, GeometryError::InvalidWkb { .. }), "{bytes:?}");
    let wkt = failure("SELECT ST_Area('POLYGON((0 0')").await;
    assert!(matches!(wkt, GeometryError::InvalidWkt { .. }), "{wkt:?}");
}

#[tokio::test]
async fn every_storage_slice_and_null_gives_the_same() {
    for storage in [DataType::Binary, DataType::LargeBinary, DataType::BinaryView] {
        let context = session();
        register_points(&context, &storage, None);
        for (sql, expected) in [
            ("SELECT count(*), count(geom), sum(ST_X(geom)) FROM points", "20|16|304.0"),
            (
                "SELECT count(*) FROM points WHERE ST_Intersects(geom, 'POLYGON((0 0, 15 0, 15 15, 0 15, 0 0))')",
                "5",
            ),
            (
                "SELECT count(*) FROM points WHERE ST_Within(geom, ST_MakeEnvelope(0, 0, 15, 15))",
                "4",
            ),
            ("SELECT count(*) FROM points a JOIN points b ON ST_Equals(a.geom, b.geom)", "16"),
            (
                "SELECT count(*) FROM points WHERE ST_Intersects(geom, (SELECT geom FROM points WHERE ST_X(geom) = 12))",
                "1",
            ),
            ("SELECT count(DISTINCT ST_AsBinary(ST_SetSRID(geom, 4326))) FROM points", "16"),
            (
                "SELECT ST_AsText(ST_Collect_Agg(geom ORDER BY ST_X(geom) DESC)) FROM points WHERE ST_X(geom) < 13",
                "MULTIPOINT((12 12),(11 11),(10 10))",
            ),
            (
                "SELECT ST_AsText(ST_MakeLine_Agg(geom ORDER BY ST_X(geom))) FROM points WHERE ST_X(geom) < 12",
                "LINESTRING(10 10,11 11)",
            ),
            ("SELECT ST_AsText(ST_Extent(geom)) FROM points WHERE geom IS NULL", ""),
            (
                "SELECT k, ST_AsText(ST_Collect_Agg(geom ORDER BY ST_X(geom))) FROM (SELECT ST_X(geom) % 2 AS k, geom FROM points WHERE ST_X(geom) < 14) GROUP BY k ORDER BY k",
                "0.0|MULTIPOINT((10 10),(12 12))\n1.0|MULTIPOINT((11 11),(13 13))",
            ),
        ] {
            let answer = rows(&context, sql)
                .await
                .map_or_else(|error| error.to_string(), |rows| rows.join("\n"));
            assert_eq!(answer, expected, "{storage}: {sql}");
        }
    }
}

#[tokio::test]
async fn passing_rows_through_copies_nothing() {
    let context = session();
    register_points(&context, &DataType::BinaryView, None);
    let batches = context
        .sql("SELECT geom, ST_SetSRID(ST_GeomFromWKB(geom), 4326) AS same FROM points")
        .await
        .expect("a plan")
        .collect()
        .await
        .expect("rows");
    for batch in &batches {
        let (before, after) = (batch.column(0), batch.column(1));
        assert_eq!(after.data_type(), &DataType::BinaryView);
        let before: &BinaryViewArray = before.as_binary_view();
        assert!(Array::to_data(before).ptr_eq(&after.to_data()));
    }
}

#[tokio::test]
async fn group_by_and_order_by_of_calls_with_text_geometries_work() {
    let context = session();
    register_points(&context, &DataType::Binary, None);
    let sql = "SELECT ST_Intersects(geom, 'POINT(12 12)') AS hit, count(*) FROM points \
               WHERE geom IS NOT NULL GROUP BY ST_Intersects(geom, 'POINT(12 12)') ORDER BY 1";
    assert_eq!(rows(&context, sql).await.expect("rows"), ["false|15", "true|1"]);
}

#[test]
fn every_function_is_documented_and_named_once() {
    let mut names = std::collections::HashSet::new();
    for info in catalogue() {
        assert!(names.insert(info.name.clone()), "{} is there twice", info.name);
        for alias in info.aliases {
            assert!(names.insert(alias.to_ascii_lowercase()), "{alias} is there twice");
        }
        assert!(
            info.summary.starts_with("Returns ") && info.summary.ends_with('.'),
            "{}",
            info.name
        );
        assert!(info.example.starts_with("SELECT "), "{} has no example", info.name);
        let takes_nothing = info.signatures.iter().any(|signature| signature.ends_with("()"));
        assert!(takes_nothing || !info.arguments.is_empty(), "{}", info.name);
        assert!(reference_page(info).contains(info.summary));
    }
    assert!(names.len() > 100);
}

#[tokio::test]
async fn every_example_runs() {
    let context = session();
    // Only the engine takes records and sets apart, and makes a join of `ST_KNN`.
    let values = catalogue().iter().filter(|info| info.shape == Shape::Value);
    for info in values.filter(|info| info.title != "ST_KNN") {
        let sql = info.example.replace("ST_Union(geom)", "ST_Union_Agg(geom)");
        let sql = sql.replace("ST_Collect(geom)", "ST_Collect_Agg(geom)");
        let sql = sql.replace("ST_MakeLine(geom ", "ST_MakeLine_Agg(geom ");
        let sql = sql.replace("ST_ClusterWithin(geom,", "ST_ClusterWithin_Agg(geom,");
        let sql = sql.replace("ST_ClusterIntersecting(geom)", "ST_ClusterIntersecting_Agg(geom)");
        let answer = rows(&context, &sql).await;
        assert!(answer.is_ok(), "{}: {answer:?}", info.title);
    }
}

#[tokio::test]
async fn null_arguments_give_null() {
    let context = session();
    for function in SCALARS.iter().flat_map(|category| category.iter()) {
        // There is no literal for a null row; the laws try one.
        let is_row =
            |overload: &Overload| overload.arguments.iter().any(|each| each.kind == Type::Row);
        let overloads = function.all_overloads();
        for overload in overloads.filter(|each| !each.arguments.is_empty() && !is_row(each)) {
            let nulls: Vec<&str> = overload
                .arguments
                .iter()
                .map(|argument| match argument.kind {
                    Type::Geometry | Type::Geography | Type::Binary => "CAST(NULL AS BYTEA)",
                    Type::GeometryList => "CAST(NULL AS BYTEA[])",
                    Type::Float64 => "CAST(NULL AS DOUBLE)",
                    Type::Int64 => "CAST(NULL AS BIGINT)",
                    Type::Int64List => "CAST(NULL AS BIGINT[])",
                    Type::TextList => "CAST(NULL AS VARCHAR[])",
                    Type::Boolean => "CAST(NULL AS BOOLEAN)",
                    _ => "CAST(NULL AS VARCHAR)",
                })
                .collect();
            let sql = format!("SELECT {}({}) IS NULL", function.title, nulls.join(", "));
            let answer = rows(&context, &sql).await;
            let is_literal_error = answer.as_ref().is_err_and(|error| {
                let text = error.to_string();
                text.contains("must be a literal") || text.contains("reference system")
            });
            assert!(
                is_literal_error || answer.as_deref().is_ok_and(|rows| rows == ["true"]),
                "{sql}: {answer:?}"
            );
        }
    }
    assert!(!AGGREGATES.is_empty());
}
