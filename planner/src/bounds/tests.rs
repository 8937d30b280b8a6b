//! Boxes find their way to a scan, and tell rows apart.

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryArray, Int64Array, RecordBatch};
use datafusion::dataframe::DataFrameWriteOptions;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_plan::{ExecutionPlan, collect, displayable};
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
use godwit_geometry::filter::Boxes;
use godwit_geometry::{Bounds, wkt, write};

use super::ProbeBounds;
use super::meets_boxes::meets_boxes;

fn rows() -> RecordBatch {
    let empty = wkt::parse("POLYGON EMPTY").unwrap().0;
    let (near, far) = (write::point_xy(1.0, 1.0), write::point_xy(9.0, 9.0));
    let geometries = [Some(near.as_slice()), Some(far.as_slice()), None, Some(empty.as_slice())];
    let ids: ArrayRef = Arc::new(Int64Array::from_iter_values(0..4));
    let geometries: ArrayRef = Arc::new(BinaryArray::from_iter(geometries));
    RecordBatch::try_from_iter([("id", ids), ("geom", geometries)]).unwrap()
}

#[test]
fn rows_without_coordinates_meet_no_box() {
    let boxes = Boxes::new(vec![Bounds::new(5.0, 5.0, 6.0, 6.0), Bounds::new(0.0, 1.0, 1.0, 2.0)]);
    let condition = meets_boxes(Arc::new(Column::new("geom", 1)), &boxes);
    let answers = condition.evaluate(&rows()).unwrap().into_array(4).unwrap();
    let expected = arrow::array::BooleanArray::from(vec![true, false, false, false]);
    assert_eq!(answers.as_ref(), &expected as &dyn arrow::array::Array);
}

async fn scan(sql: &str) -> (SessionContext, Arc<dyn ExecutionPlan>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.parquet").to_str().unwrap().to_owned();
    let config = SessionConfig::new().with_target_partitions(2);
    let context = SessionContext::new_with_config(config);
    let frame = context.read_batch(rows()).unwrap();
    frame.write_parquet(&path, DataFrameWriteOptions::new(), None).await.unwrap();
    let frame = context.read_parquet(path, ParquetReadOptions::default()).await.unwrap();
    let view = frame.into_view();
    #[expect(clippy::disallowed_methods, reason = "a bare session for the test")]
    context.register_table("t", view).unwrap();
    let plan = context.sql(sql).await.unwrap().create_physical_plan().await.unwrap();
    (context, plan, folder)
}

#[tokio::test]
async fn a_scan_takes_boxes_through_filters_and_renamings() {
    let sql = "SELECT shape, number FROM (SELECT id + 1 AS number, geom AS shape FROM t) WHERE number > 0";
    let (context, plan, _folder) = scan(sql).await;
    let geometry: Arc<dyn PhysicalExpr> = Arc::new(Column::new("shape", 0));
    let state = context.state();
    let options = state.config_options();
    let (plan, bounds) = ProbeBounds::offer(&plan, &geometry, options).unwrap().unwrap();
    let shown = || displayable(plan.as_ref()).indent(true).to_string();
    assert!(shown().contains("DynamicFilter"), "{}", shown());
    bounds.publish(vec![Bounds::new(0.0, 0.0, 2.0, 2.0)]).unwrap();
    assert!(shown().contains("godwit_meets_boxes(geom@"), "{}", shown());
    // The filter only leaves out what it can leave out cheaply; the join looks at the rest.
    let found = collect(Arc::clone(&plan), context.task_ctx()).await.unwrap();
    assert!(found.iter().map(RecordBatch::num_rows).sum::<usize>() >= 1);
}

#[tokio::test]
async fn a_limit_takes_no_boxes() {
    let (context, plan, _folder) = scan("SELECT geom FROM t LIMIT 3").await;
    let geometry: Arc<dyn PhysicalExpr> = Arc::new(Column::new("geom", 0));
    let state = context.state();
    assert!(ProbeBounds::offer(&plan, &geometry, state.config_options()).unwrap().is_none());
}
