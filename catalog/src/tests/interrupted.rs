//! Writes that fail, are dropped, or end with the process.

use std::path::PathBuf;
use std::time::Duration;

use uuid::Uuid;

use super::{Fixture, failing_stream, name, open, places, places_schema, stalling_stream, stream};
use crate::delta::{self, Change, Definition, StoredSchema};
use crate::location::Location;
use crate::metastore::{PendingWrite, WriteKind};
use crate::{Catalog, CatalogError, CreateMode, TableName, TableSpec, writer};

const NOTHING: Vec<PathBuf> = Vec::new();

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_query_makes_no_table() {
    let fixture = Fixture::new().await;
    let streams = vec![stream(vec![places(0..50)]), failing_stream(vec![places(0..50)])];
    let made = fixture
        .try_create("t", &TableSpec::default(), CreateMode::ErrorIfExists, streams)
        .await
        .unwrap_err();
    assert!(matches!(made, CatalogError::Query(_)), "{made:?}");
    assert!(fixture.catalog.entry(&name("t")).is_none());
    assert_eq!(fixture.files("tables"), NOTHING);
    assert_eq!(fixture.catalog.inner.metastore.pending_writes().unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_query_leaves_the_old_version() {
    let fixture = Fixture::new().await;
    fixture.create("t", CreateMode::ErrorIfExists, vec![places(0..5)]).await;
    let files = fixture.files("tables").len();
    for round in 0..2 {
        let streams = vec![failing_stream(vec![places(0..50)])];
        let failed = if round == 0 {
            fixture.try_create("t", &TableSpec::default(), CreateMode::Replace, streams).await
        } else {
            fixture.insert("t", true, streams).await
        };
        assert!(failed.is_err());
        assert_eq!(fixture.number("t", "SELECT count(*) FROM t").await, 5);
        assert_eq!(fixture.files("tables").len(), files);
    }
    let added = fixture.insert("t", false, vec![stream(vec![places(5..6)])]).await.unwrap();
    assert_eq!(added.version, Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_write_leaves_nothing() {
    let fixture = Fixture::new().await;
    fixture.create("t", CreateMode::ErrorIfExists, vec![places(0..5)]).await;
    let files = fixture.files("tables").len();
    let spec = TableSpec::default();
    for (table, mode) in [("new", CreateMode::ErrorIfExists), ("t", CreateMode::Replace)] {
        let streams = vec![stalling_stream(vec![places(0..50)])];
        let write = fixture.try_create(table, &spec, mode, streams);
        assert!(tokio::time::timeout(Duration::from_millis(200), write).await.is_err());
    }
    for _ in 0..500 {
        if fixture.catalog.inner.metastore.pending_writes().unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(fixture.catalog.inner.metastore.pending_writes().unwrap(), []);
    assert_eq!(fixture.files("tables").len(), files);
    assert!(fixture.catalog.entry(&name("new")).is_none());
    assert_eq!(fixture.number("t", "SELECT count(*) FROM t").await, 5);
}

/// Writes files for a table the way a killed server would have left them behind.
async fn orphan_files(catalog: &Catalog, pending: &PendingWrite) -> writer::WrittenFiles {
    catalog.inner.metastore.begin_write(pending).unwrap();
    let location = Location::parse(&pending.location).unwrap().into_directory();
    let schema = StoredSchema::for_rows(&places_schema(), false).unwrap();
    let target = catalog.target(&location, pending.id, schema, Vec::new(), 1024 * 1024).unwrap();
    writer::write(target, vec![stream(vec![places(0..20)])]).await.unwrap()
}

fn pending(location: String, kind: WriteKind) -> PendingWrite {
    PendingWrite { id: Uuid::now_v7(), kind, location }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_killed_server_are_removed() {
    let fixture = Fixture::new().await;
    fixture.create("t", CreateMode::ErrorIfExists, vec![places(0..5)]).await;
    let files = fixture.files("tables").len();
    let entry = fixture.catalog.entry(&name("t")).unwrap();
    let replace = WriteKind::Delta { base_version: Some(0) };
    let replace = pending(entry.location().unwrap().to_owned(), replace);
    orphan_files(&fixture.catalog, &replace).await;
    let new = fixture.catalog.managed_location(Uuid::now_v7()).unwrap().url.to_string();
    orphan_files(&fixture.catalog, &pending(new, WriteKind::Directory)).await;
    assert_eq!(fixture.files("tables").len(), files + 2);
    let table = fixture.path("data/tables").join(entry.id.to_string());
    std::fs::write(table.join(format!("part-{}.parquet#1", replace.id.simple())), "x").unwrap();

    let fixture = fixture.reopened().await;
    assert_eq!(fixture.files("tables").len(), files);
    assert_eq!(fixture.number("t", "SELECT count(*) FROM t").await, 5);
    assert_eq!(fixture.catalog.inner.metastore.pending_writes().unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_before_the_kill_counts() {
    let fixture = Fixture::new().await;
    fixture.create("t", CreateMode::ErrorIfExists, vec![places(0..5)]).await;
    let entry = fixture.catalog.entry(&name("t")).unwrap();
    let append = WriteKind::Delta { base_version: Some(0) };
    let append = pending(entry.location().unwrap().to_owned(), append);
    let files = orphan_files(&fixture.catalog, &append).await;
    let location = Location::parse(&append.location).unwrap().into_directory();
    let table = delta::open(&fixture.catalog.inner.stores, &location).await.unwrap();
    let log = table.log_store();
    let change = Change::Append(Box::new(table));
    delta::commit(&log, change, files.adds, append.id, Some(0)).await.unwrap();

    let fixture = fixture.reopened().await;
    assert_eq!(fixture.number("t", "SELECT count(*) FROM t").await, 25);
    assert_eq!(fixture.catalog.inner.metastore.pending_writes().unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_table_without_a_name_is_undone() {
    let fixture = Fixture::new().await;
    let lake = fixture.path("lake");
    let location = Location::parse(&format!("{}/", lake.display())).unwrap();
    let create = WriteKind::Delta { base_version: None };
    let create = pending(location.url.to_string(), create);
    let files = orphan_files(&fixture.catalog, &create).await;
    let definition = Definition {
        schema: StoredSchema::for_rows(&places_schema(), false).unwrap(),
        partition_by: Vec::new(),
        name: "t".to_owned(),
        comment: None,
        properties: Vec::new(),
    };
    let log = delta::log_store(&fixture.catalog.inner.stores, &location).unwrap();
    let change = Change::Create(definition);
    delta::commit(&log, change, files.adds, create.id, None).await.unwrap();

    let fixture = fixture.reopened().await;
    let spec =
        TableSpec { location: Some(lake.to_string_lossy().into_owned()), ..TableSpec::default() };
    let streams = vec![stream(vec![places(0..5)])];
    let made = fixture.try_create("t", &spec, CreateMode::ErrorIfExists, streams).await.unwrap();
    assert_eq!(made.version, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_is_refused() {
    let fixture = Fixture::new().await;
    let second = open(fixture.directory.path()).await;
    assert!(matches!(second, Err(CatalogError::DataDirectoryLocked { .. })));
    let fixture = fixture.reopened().await;
    assert!(fixture.catalog.has_schema("PUBLIC"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_sessions_left_is_removed_at_the_next_start() {
    let fixture = Fixture::new().await;
    let schema = Catalog::new_temporary_schema();
    fixture.catalog.create_schema(&schema, false).await.unwrap();
    let own = TableName::new(&schema, "t");
    let rows = vec![stream(vec![places(0..3)])];
    let spec = TableSpec::default();
    let mode = CreateMode::ErrorIfExists;
    fixture.catalog.create_table(&own, &spec, mode, places_schema(), rows).await.unwrap();
    assert_eq!(own.to_string(), "temp.t");
    assert!(!fixture.catalog.schema_names().contains(&schema));
    assert!(!fixture.files("tables").is_empty());
    let fixture = fixture.reopened().await;
    assert!(!fixture.catalog.has_schema(&schema));
    assert!(fixture.files("tables").is_empty());
}
