//! Rows of one version written anew in the next.

use super::{Fixture, failing_stream, name, places, places_schema, stream};
use crate::{CatalogError, CreateMode, Rewrite};

#[tokio::test(flavor = "multi_thread")]
async fn the_rows_of_a_version_are_written_anew() {
    let fixture = Fixture::new().await;
    fixture.create("t", CreateMode::ErrorIfExists, vec![places(0..10)]).await;
    let entry = fixture.catalog.entry(&name("t")).unwrap();
    let kept = vec![stream(vec![places(0..3)]), stream(vec![places(8..10)])];
    let written =
        fixture.catalog.rewrite(&entry, 0, Rewrite::Delete, places_schema(), kept).await.unwrap();
    assert_eq!((written.rows, written.version), (5, Some(1)));
    assert_eq!(fixture.number("t", "SELECT sum(id) FROM t").await, 20);
    let none = Vec::new();
    let written =
        fixture.catalog.rewrite(&entry, 1, Rewrite::Delete, places_schema(), none).await.unwrap();
    assert_eq!((written.rows, written.version), (0, Some(2)));
    assert_eq!(fixture.number("t", "SELECT count(*) FROM t").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_version_is_a_conflict_and_a_failure_leaves_the_old_one() {
    let fixture = Fixture::new().await;
    fixture.create("t", CreateMode::ErrorIfExists, vec![places(0..10)]).await;
    fixture.insert("t", false, vec![stream(vec![places(10..12)])]).await.unwrap();
    let entry = fixture.catalog.entry(&name("t")).unwrap();
    let rewrite = |version, stream| {
        fixture.catalog.rewrite(&entry, version, Rewrite::Update, places_schema(), vec![stream])
    };
    let late = rewrite(0, stream(vec![places(0..1)])).await;
    assert!(matches!(late, Err(CatalogError::Conflict { .. })), "{late:?}");
    let failed = rewrite(1, failing_stream(vec![places(0..1)])).await;
    assert!(matches!(failed, Err(CatalogError::Query(_))), "{failed:?}");
    assert_eq!(fixture.number("t", "SELECT count(*) FROM t").await, 12);
}
