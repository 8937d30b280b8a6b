//! Delta tables that another writer makes anew in the place of those that were read.

use godwit_formats::FormatOptions;

use super::{Fixture, places, stream};
use crate::{CreateMode, TableSpec};

/// Makes a table with one version for the numbers from each begin to before its end, as a server that
/// nobody else knows of.
async fn write_elsewhere(location: &str, versions: &[(i64, i64)]) {
    let other = Fixture::new().await;
    let spec = TableSpec { location: Some(location.to_owned()), ..TableSpec::default() };
    let (&(begin, end), others) = versions.split_first().unwrap();
    let rows = vec![stream(vec![places(begin..end)])];
    other.try_create("t", &spec, CreateMode::ErrorIfExists, rows).await.unwrap();
    for &(begin, end) in others {
        other.insert("t", false, vec![stream(vec![places(begin..end)])]).await.unwrap();
    }
}

async fn ids(fixture: &Fixture, location: &str) -> String {
    let state = fixture.session.state();
    let none = FormatOptions::new();
    let table = fixture.catalog.open_location(&state, location, None, &none).await.unwrap();
    let shown = fixture.query_provider(table, "SELECT id FROM t ORDER BY id").await;
    let digits = |cell: &str| cell.trim().parse::<i64>().ok().map(|id| id.to_string());
    shown.split('|').filter_map(digits).collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_was_written_anew_is_read_anew() {
    let fixture = Fixture::new().await;
    let path = fixture.path("elsewhere");
    let location = format!("{}/", path.display());
    write_elsewhere(&location, &[(1, 4)]).await;
    assert_eq!(ids(&fixture, &location).await, "1 2 3");
    // As many versions, more of them, and fewer.
    for (versions, expected) in [
        (vec![(10, 12)], "10 11"),
        (vec![(20, 22), (30, 31), (40, 41)], "20 21 30 40"),
        (vec![(50, 51), (60, 61), (70, 71)], "50 60 70"),
        (vec![(80, 81)], "80"),
    ] {
        std::fs::remove_dir_all(&path).unwrap();
        write_elsewhere(&location, &versions).await;
        assert_eq!(ids(&fixture, &location).await, expected);
        assert_eq!(ids(&fixture, &location).await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_did_not_change_is_not_loaded_again() {
    let fixture = Fixture::new().await;
    let written = fixture.create("t", CreateMode::ErrorIfExists, vec![places(0..3)]).await;
    let entry = fixture.catalog.entry(&super::name("t")).unwrap();
    let location = crate::open::delta_location(&entry).unwrap().unwrap();
    let newest = || async {
        let inner = &fixture.catalog.inner;
        inner.snapshots.newest(&inner.stores, &location, true).await.unwrap()
    };
    let first = newest().await;
    assert_eq!(Some(first.version), written.version);
    assert!(std::sync::Arc::ptr_eq(&first, &newest().await));
    for version in 1..=12 {
        fixture.insert("t", false, vec![stream(vec![places(3..4)])]).await.unwrap();
        let later = newest().await;
        assert_eq!(later.version, version);
        assert!(std::sync::Arc::ptr_eq(&later, &newest().await), "version {version}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_gone_since_says_what_happened() {
    let fixture = Fixture::new().await;
    let path = fixture.path("elsewhere");
    let location = format!("{}/", path.display());
    write_elsewhere(&location, &[(1, 4)]).await;
    let state = fixture.session.state();
    let none = FormatOptions::new();
    let table = fixture.catalog.open_location(&state, &location, None, &none).await.unwrap();
    std::fs::remove_dir_all(&path).unwrap();
    write_elsewhere(&location, &[(5, 6)]).await;
    let session = fixture.session();
    let rows = session.read_table(table).unwrap().collect().await;
    let mut error: &dyn std::error::Error = &rows.unwrap_err();
    let mut texts = vec![error.to_string()];
    while let Some(source) = error.source() {
        error = source;
        texts.push(error.to_string());
    }
    let texts = texts.join("\n");
    assert!(texts.contains("is gone: another writer replaced, vacuumed or removed it"), "{texts}");
    assert_eq!(ids(&fixture, &location).await, "5");
}
