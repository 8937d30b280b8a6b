//! Files that a query does not need are not opened.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::DataType;
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarUDF, Volatility, col, create_udf, lit};
use datafusion::physical_plan::displayable;
use datafusion::scalar::ScalarValue;

use super::{Fixture, places, stream};
use crate::{CreateMode, TableSpec};

/// Returns a function that is true of everything, under the name of a relation.
fn relation(name: &str, arguments: Vec<DataType>) -> ScalarUDF {
    let yes =
        Arc::new(|_: &[ColumnarValue]| Ok(ColumnarValue::Scalar(ScalarValue::Boolean(Some(true)))));
    create_udf(name, arguments, DataType::Boolean, Volatility::Immutable, yes)
}

fn point(x: f64, y: f64) -> Expr {
    lit(ScalarValue::BinaryView(Some(godwit_geometry::write::point_xy(x, y))))
}

async fn scanned_files(fixture: &Fixture, filters: &[Expr]) -> usize {
    let provider = fixture.provider("t").await;
    let plan = provider.scan(&fixture.session.state(), None, filters, None).await.unwrap();
    displayable(plan.as_ref()).indent(true).to_string().matches(".parquet").count()
}

async fn three_files() -> Fixture {
    let fixture = Fixture::new().await;
    fixture.create("t", CreateMode::ErrorIfExists, vec![places(0..100)]).await;
    for ids in [1000..1100, 2000..2100] {
        fixture.insert("t", false, vec![stream(vec![places(ids)])]).await.unwrap();
    }
    fixture
}

#[tokio::test(flavor = "multi_thread")]
async fn boxes_leave_files_out() {
    let fixture = three_files().await;
    let binary = || vec![DataType::BinaryView, DataType::BinaryView];
    let intersects = relation("st_intersects", binary());
    let disjoint = relation("st_disjoint", binary());
    let within =
        relation("st_dwithin", vec![DataType::BinaryView, DataType::BinaryView, DataType::Float64]);
    let geom = || col("geom");
    assert_eq!(scanned_files(&fixture, &[]).await, 3);
    let cases = [
        (intersects.call(vec![geom(), point(1050.0, -1050.0)]), 1),
        (intersects.call(vec![point(1050.0, -1050.0), geom()]), 1),
        (intersects.call(vec![geom(), point(0.0, 0.0)]), 1),
        (intersects.call(vec![geom(), point(500.0, 0.0)]), 0),
        (intersects.call(vec![geom(), point(f64::NAN, f64::NAN)]), 3),
        (disjoint.call(vec![geom(), point(500.0, 0.0)]), 3),
        (within.call(vec![geom(), point(1000.0, -1000.0), lit(10.0)]), 1),
        (within.call(vec![geom(), point(1000.0, -1000.0), lit(1000.0)]), 3),
        (within.call(vec![geom(), point(1000.0, -1000.0), lit(-1.0)]), 3),
        (
            intersects
                .call(vec![geom(), point(0.0, 0.0)])
                .or(intersects.call(vec![geom(), point(2000.0, -2000.0)])),
            2,
        ),
        (col("id").gt(lit(1500_i64)), 1),
        (col("id").eq(lit(42_i64)).or(col("name").eq(lit("zzz"))), 1),
        (col("name").is_null(), 0),
    ];
    for (filter, files) in cases {
        let text = filter.to_string();
        assert_eq!(scanned_files(&fixture, &[filter]).await, files, "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn counting_opens_no_file() {
    let fixture = three_files().await;
    let plan = fixture.query("t", "EXPLAIN SELECT count(*) FROM t").await;
    assert!(!plan.contains("DataSourceExec"), "{plan}");
    assert_eq!(fixture.number("t", "SELECT count(*) FROM t").await, 300);
}

#[tokio::test(flavor = "multi_thread")]
async fn partitions_leave_files_out() {
    let fixture = Fixture::new().await;
    let rows: Vec<RecordBatch> = vec![places(0..3)];
    let spec = TableSpec { partition_by: vec!["id".to_owned()], ..TableSpec::default() };
    fixture.try_create("t", &spec, CreateMode::ErrorIfExists, vec![stream(rows)]).await.unwrap();
    assert_eq!(scanned_files(&fixture, &[col("id").eq(lit(1_i64))]).await, 1);
    assert_eq!(scanned_files(&fixture, &[col("id").lt(lit(2_i64))]).await, 2);
    assert_eq!(fixture.number("t", "SELECT sum(id) FROM t").await, 3);
}
