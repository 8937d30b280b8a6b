//! Results as files, and tables that are directories of files.

use std::fs;

use godwit_formats::FormatOptions;
use godwit_geometry::{Crs, GeometryType};

use super::{Fixture, failing_stream, name, places, places_schema, stream};
use crate::{CatalogError, CreateMode, TableFormat, TableSpec, Written};

async fn copy(
    fixture: &Fixture,
    to: &str,
    partition_by: &[&str],
    streams: Vec<datafusion::execution::SendableRecordBatchStream>,
) -> Result<Written, CatalogError> {
    let location = fixture.path(to).to_string_lossy().into_owned();
    let location = if to.ends_with('/') { format!("{location}/") } else { location };
    let partition_by: Vec<String> = partition_by.iter().map(ToString::to_string).collect();
    let options = FormatOptions::new();
    let format = to.ends_with('/').then_some("PARQUET");
    fixture
        .catalog
        .copy_to(&location, format, &options, &partition_by, places_schema(), streams)
        .await
}

fn count(directory: &std::path::Path) -> usize {
    fs::read_dir(directory).map_or(0, Iterator::count)
}

async fn rows(fixture: &Fixture, location: &str) -> String {
    let location = fixture.path(location).to_string_lossy().into_owned();
    let state = fixture.session.state();
    let none = FormatOptions::new();
    let table = fixture.catalog.open_location(&state, &location, None, &none).await.unwrap();
    fixture.query_provider(table, "SELECT count(*), sum(id) FROM t").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_replaced_only_when_its_successor_is_complete() {
    let fixture = Fixture::new().await;
    for to in ["out/a.csv", "out/a.csv.gz", "out/a.csv.zst", "out/a.parquet", "out/a.geojson"] {
        let streams = vec![stream(vec![places(0..5)]), stream(vec![places(5..7), places(7..8)])];
        let written = copy(&fixture, to, &[], streams).await.unwrap();
        assert_eq!((written.rows, written.files), (8, 1), "{to}");
        let size = fs::metadata(fixture.path(to)).unwrap().len();
        assert_eq!(written.bytes, size, "{to}");
        let failed = copy(&fixture, to, &[], vec![failing_stream(vec![places(0..1)])]).await;
        assert!(failed.is_err());
        assert_eq!(fs::metadata(fixture.path(to)).unwrap().len(), size, "{to}");
        assert!(rows(&fixture, to).await.contains("| 8        | 28 "), "{to}");
    }
    assert_eq!(count(&fixture.path("out")), 5);
    assert_eq!(fixture.catalog.inner.metastore.pending_writes().unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_is_written_once() {
    let fixture = Fixture::new().await;
    let streams = || vec![stream(vec![places(0..5)]), stream(vec![places(5..8)])];
    let failed = vec![stream(vec![places(0..5)]), failing_stream(vec![places(0..5)])];
    assert!(copy(&fixture, "out/d/", &[], failed).await.is_err());
    assert_eq!(count(&fixture.path("out")), 0);
    let written = copy(&fixture, "out/d/", &[], streams()).await.unwrap();
    assert_eq!((written.rows, written.files), (8, 2));
    assert!(rows(&fixture, "out/d").await.contains("| 8        | 28 "));
    let again = copy(&fixture, "out/d/", &[], streams()).await;
    assert!(matches!(again, Err(CatalogError::InvalidLocation { .. })), "{again:?}");
    copy(&fixture, "out/p/", &["NAME"], streams()).await.unwrap();
    assert!(fixture.path("out/p/name=place 3").is_dir());
    assert!(rows(&fixture, "out/p").await.contains("| 8        | 28 "));
    copy(&fixture, "out/e/", &[], vec![stream(vec![])]).await.unwrap();
    assert_eq!(count(&fixture.path("out/e")), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_past_the_catalog() {
    let fixture = Fixture::new().await;
    for to in ["data/metastore.sqlite", "data/x.csv", "data/tables/"] {
        let refused = copy(&fixture, to, &[], vec![stream(vec![places(0..1)])]).await;
        assert!(matches!(refused, Err(CatalogError::LocationDenied { .. })), "{to} {refused:?}");
    }
    let unknown = copy(&fixture, "out/x", &[], vec![stream(vec![places(0..1)])]).await;
    assert!(matches!(unknown, Err(CatalogError::UnknownFormat { .. })), "{unknown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_geoparquet_table_has_versions() {
    let fixture = Fixture::new().await;
    for partition_by in [vec![], vec!["name".to_owned()]] {
        let spec = TableSpec {
            format: TableFormat::GeoParquet,
            partition_by: partition_by.clone(),
            ..TableSpec::default()
        };
        let make = |mode, streams| fixture.try_create("t", &spec, mode, streams);
        let made = make(CreateMode::Replace, vec![stream(vec![places(0..5)])]).await.unwrap();
        assert_eq!((made.rows, made.version), (5, None));
        let schema = fixture.provider("t").await.schema();
        let (_, geometry) = schema.column_with_name("geom").unwrap();
        let geometry = GeometryType::from_field(geometry).unwrap().unwrap();
        assert_eq!(geometry.crs, Some(Crs::from_epsg(3857)));

        // The columns of an insert are those of the table, in its order.
        let order: Vec<usize> =
            schema.fields().iter().map(|f| places_schema().index_of(f.name()).unwrap()).collect();
        let insert = |overwrite, ids: std::ops::Range<i64>| {
            let rows = places(ids).project(&order).unwrap();
            fixture.insert("t", overwrite, vec![stream(vec![rows])])
        };
        insert(false, 5..7).await.unwrap();
        assert_eq!(fixture.number("t", "SELECT count(DISTINCT id) FROM t").await, 7);
        insert(true, 7..9).await.unwrap();
        assert_eq!(fixture.number("t", "SELECT min(id) FROM t").await, 7);
        assert!(make(CreateMode::Replace, vec![failing_stream(vec![places(0..5)])]).await.is_err());
        assert_eq!(fixture.number("t", "SELECT count(*) FROM t").await, 2);
    }
    let fixture = fixture.reopened().await;
    assert_eq!(fixture.number("t", "SELECT count(*) FROM t").await, 2);
    assert_eq!(fixture.files("tables").len(), 2);
    assert!(fixture.catalog.drop_table(&name("t"), false).await.unwrap());
    let fixture = fixture.reopened().await;
    assert_eq!(count(&fixture.path("data/tables")), 0);
}
