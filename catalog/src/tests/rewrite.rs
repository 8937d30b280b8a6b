//! Rows of one version written anew in the next.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::channel::oneshot;

use super::{Fixture, failing_stream, name, places, places_schema, stream};
use crate::{CatalogError, CreateMode, Rewrite};

#[tokio::test(flavor = "multi_thread")]
async fn the_rows_of_a_version_are_written_anew() {
    let fixture = Fixture::new().await;
    fixture.create("t", CreateMode::ErrorIfExists, vec![places(0..10)]).await;
    let entry = fixture.catalog.entry(&name("t")).unwrap();
    let kept = vec![stream(vec![places(0..3)]), stream(vec![places(8..10)])];
    let delete = |base_version| Rewrite { base_version, is_delete: true, is_held: false };
    let written = fixture.catalog.rewrite(&entry, delete(0), places_schema(), kept).await.unwrap();
    assert_eq!((written.rows, written.version), (5, Some(1)));
    assert_eq!(fixture.number("t", "SELECT sum(id) FROM t").await, 20);
    let none = Vec::new();
    let written = fixture.catalog.rewrite(&entry, delete(1), places_schema(), none).await.unwrap();
    assert_eq!((written.rows, written.version), (0, Some(2)));
    assert_eq!(fixture.number("t", "SELECT count(*) FROM t").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_version_is_a_conflict_and_a_failure_leaves_the_old_one() {
    let fixture = Fixture::new().await;
    fixture.create("t", CreateMode::ErrorIfExists, vec![places(0..10)]).await;
    fixture.insert("t", false, vec![stream(vec![places(10..12)])]).await.unwrap();
    let entry = fixture.catalog.entry(&name("t")).unwrap();
    let rewrite = |base_version, stream| {
        let update = Rewrite { base_version, is_delete: false, is_held: false };
        fixture.catalog.rewrite(&entry, update, places_schema(), vec![stream])
    };
    let late = rewrite(0, stream(vec![places(0..1)])).await;
    assert!(matches!(late, Err(CatalogError::Conflict { .. })), "{late:?}");
    let failed = rewrite(1, failing_stream(vec![places(0..1)])).await;
    assert!(matches!(failed, Err(CatalogError::Query(_))), "{failed:?}");
    assert_eq!(fixture.number("t", "SELECT count(*) FROM t").await, 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_held_is_changed_before_others_commit() {
    let fixture = Fixture::new().await;
    fixture.create("t", CreateMode::ErrorIfExists, vec![places(0..10)]).await;
    let entry = fixture.catalog.entry(&name("t")).unwrap();
    let held = fixture.catalog.hold(&entry).await;
    let waiting = fixture.insert("t", false, vec![stream(vec![places(10..12)])]);
    let changing = async {
        let update = Rewrite { base_version: 0, is_delete: false, is_held: true };
        let rows = vec![stream(vec![places(0..5)])];
        let written = fixture.catalog.rewrite(&entry, update, places_schema(), rows).await;
        drop(held);
        written
    };
    let (inserted, changed) = futures::join!(waiting, changing);
    assert_eq!(changed.unwrap().version, Some(1));
    // It began with files that are gone, of which it needs none.
    assert_eq!(inserted.unwrap().version, Some(2));
    assert_eq!(fixture.number("t", "SELECT count(*) FROM t").await, 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_for_columns_that_are_gone_are_a_conflict() {
    let fixture = Fixture::new().await;
    fixture.create("t", CreateMode::ErrorIfExists, vec![places(0..10)]).await;
    let (started, starting) = oneshot::channel();
    let (replaced, replacing) = oneshot::channel();
    let late = late_stream(started, replacing, places(10..12));
    let inserting = fixture.insert("t", false, vec![late]);
    let other = async {
        starting.await.unwrap();
        let columns = RecordBatch::try_from_iter([("n", number(1))]).unwrap();
        fixture.create("t", CreateMode::Replace, vec![columns]).await;
        replaced.send(()).unwrap();
    };
    let (inserted, ()) = futures::join!(inserting, other);
    assert!(matches!(inserted, Err(CatalogError::Conflict { .. })), "{inserted:?}");
    assert_eq!(fixture.number("t", "SELECT sum(n) FROM t").await, 1);
}

fn number(value: i64) -> ArrayRef {
    Arc::new(Int64Array::from(vec![value]))
}

/// Returns rows that say when they are asked for, and come only after a signal.
fn late_stream(
    asked: oneshot::Sender<()>,
    signal: oneshot::Receiver<()>,
    batch: RecordBatch,
) -> SendableRecordBatchStream {
    let schema = batch.schema();
    let rows = futures::stream::once(async move {
        asked.send(()).unwrap();
        signal.await.unwrap();
        Ok(batch)
    });
    Box::pin(RecordBatchStreamAdapter::new(schema, rows))
}
