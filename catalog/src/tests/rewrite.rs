//! Rows of one version written anew in the next.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::channel::oneshot;

use super::{Fixture, failing_stream, name, places, places_schema, stream};
use crate::{CatalogError, CreateMode, Rewrite, TableSpec};

#[tokio::test(flavor = "multi_thread")]
async fn the_rows_of_a_version_are_written_anew() {
    let fixture = Fixture::new().await;
    fixture.create("t", CreateMode::ErrorIfExists, vec![places(0..10)]).await;
    let entry = fixture.catalog.entry(&name("t")).unwrap();
    let kept = vec![stream(vec![places(0..3)]), stream(vec![places(8..10)])];
    let delete = |base| Rewrite { base, is_delete: true, is_held: false };
    let base = fixture.version(&entry).await;
    let written = fixture.catalog.rewrite(&entry, delete(base), places_schema(), kept).await;
    let written = written.unwrap();
    assert_eq!((written.rows, written.version), (5, Some(1)));
    assert_eq!(fixture.number("t", "SELECT sum(id) FROM t").await, 20);
    let none = Vec::new();
    let base = fixture.version(&entry).await;
    let written = fixture.catalog.rewrite(&entry, delete(base), places_schema(), none).await;
    let written = written.unwrap();
    assert_eq!((written.rows, written.version), (0, Some(2)));
    assert_eq!(fixture.number("t", "SELECT count(*) FROM t").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_version_is_a_conflict_and_a_failure_leaves_the_old_one() {
    let fixture = Fixture::new().await;
    fixture.create("t", CreateMode::ErrorIfExists, vec![places(0..10)]).await;
    let entry = fixture.catalog.entry(&name("t")).unwrap();
    let old = fixture.version(&entry).await;
    fixture.insert("t", false, vec![stream(vec![places(10..12)])]).await.unwrap();
    let newest = fixture.version(&entry).await;
    assert_eq!((old.number, newest.number), (0, 1));
    let rewrite = |base, stream| {
        let update = Rewrite { base, is_delete: false, is_held: false };
        fixture.catalog.rewrite(&entry, update, places_schema(), vec![stream])
    };
    let late = rewrite(old, stream(vec![places(0..1)])).await;
    assert!(matches!(late, Err(CatalogError::Conflict { .. })), "{late:?}");
    let failed = rewrite(newest, failing_stream(vec![places(0..1)])).await;
    assert!(matches!(failed, Err(CatalogError::Query(_))), "{failed:?}");
    assert_eq!(fixture.number("t", "SELECT count(*) FROM t").await, 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_held_is_changed_before_others_commit() {
    let fixture = Fixture::new().await;
    fixture.create("t", CreateMode::ErrorIfExists, vec![places(0..10)]).await;
    let entry = fixture.catalog.entry(&name("t")).unwrap();
    let base = fixture.version(&entry).await;
    let held = fixture.catalog.hold(&entry).await;
    let waiting = fixture.insert("t", false, vec![stream(vec![places(10..12)])]);
    let changing = async {
        let update = Rewrite { base, is_delete: false, is_held: true };
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

#[tokio::test(flavor = "multi_thread")]
async fn another_table_with_as_many_versions_is_a_conflict() {
    let fixture = Fixture::new().await;
    let path = fixture.path("elsewhere");
    let spec = || {
        let location = Some(format!("{}/", path.display()));
        TableSpec { location, ..TableSpec::default() }
    };
    let rows = vec![stream(vec![places(0..10)])];
    fixture.try_create("t", &spec(), CreateMode::ErrorIfExists, rows).await.unwrap();
    let entry = fixture.catalog.entry(&name("t")).unwrap();
    let base = fixture.version(&entry).await;
    let made_anew = async || {
        std::fs::remove_dir_all(&path).unwrap();
        let other = Fixture::new().await;
        let rows = vec![stream(vec![places(50..60)])];
        other.try_create("t", &spec(), CreateMode::ErrorIfExists, rows).await.unwrap();
    };
    made_anew().await;
    let rewrite = |base, stream| {
        let update = Rewrite { base, is_delete: false, is_held: false };
        fixture.catalog.rewrite(&entry, update, places_schema(), vec![stream])
    };
    let late = rewrite(base.clone(), stream(vec![places(0..1)])).await;
    assert!(matches!(late, Err(CatalogError::Conflict { .. })), "{late:?}");
    let other = fixture.version(&entry).await;
    assert_eq!(other.number, base.number);
    assert!(!other.is_of_same_table(&base));
    // Also when it is made anew while the rows are computed.
    let (started, starting) = oneshot::channel();
    let (replaced, replacing) = oneshot::channel();
    let changing = rewrite(other, late_stream(started, replacing, places(0..1)));
    let making = async {
        starting.await.unwrap();
        made_anew().await;
        replaced.send(()).unwrap();
    };
    let (changed, ()) = futures::join!(changing, making);
    assert!(matches!(changed, Err(CatalogError::Conflict { .. })), "{changed:?}");
    assert_eq!(fixture.number("t", "SELECT min(id) FROM t").await, 50);
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
