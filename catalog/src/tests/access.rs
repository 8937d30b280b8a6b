//! Locations of files that somebody else owns.

use std::fs;
use std::path::Path;

use godwit_formats::FormatOptions;
use serde_json::json;

use super::{Fixture, name};
use crate::{Access, CatalogError, CreateMode, ExternalTable};

fn external(location: &str) -> ExternalTable {
    ExternalTable { location: location.to_owned(), ..ExternalTable::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn directories_with_values_become_columns() {
    let fixture = Fixture::new().await;
    for (year, value) in [(2023, "a"), (2024, "b")] {
        let directory = fixture.path(&format!("csv/year={year}"));
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join("x.csv"), format!("v\n{value}\n")).unwrap();
        fs::write(directory.join("notes.txt"), "nothing to see").unwrap();
        fs::write(directory.join(".hidden.csv"), "w\n1\n").unwrap();
    }
    let directory = fixture.path("csv").to_string_lossy().into_owned();
    let state = fixture.session.state();
    fixture
        .catalog
        .create_external(&state, &name("t"), &external(&directory), None, CreateMode::Replace)
        .await
        .unwrap();
    let text = fixture.query("t", "SELECT v, year FROM t WHERE year > 2023").await;
    assert!(text.contains("| b | 2024 |") && !text.contains("| a |"), "{text}");
    let glob = format!("{directory}/*/x.csv");
    let found =
        fixture.catalog.open_location(&state, &glob, None, &FormatOptions::new()).await.unwrap();
    let text = fixture.query_provider(found, "SELECT count(*) FROM t").await;
    assert!(text.contains("| 2 "), "{text}");

    fs::create_dir_all(fixture.path("csv/year=2025")).unwrap();
    fs::write(fixture.path("csv/year=2025/x.csv"), "v\nc\nd\n").unwrap();
    assert_eq!(fixture.number("t", "SELECT count(*) FROM t").await, 4);
    fs::remove_dir_all(fixture.path("csv")).unwrap();
    let entry = fixture.catalog.entry(&name("t")).unwrap();
    let gone = fixture.catalog.provider(&state, &entry).await;
    assert!(matches!(gone, Err(CatalogError::LocationNotFound { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_or_not_known_is_said_so() {
    let fixture = Fixture::new().await;
    let state = fixture.session.state();
    let open = async |location: &str, format: Option<&str>| {
        let location = location.replace('@', &fixture.directory.path().to_string_lossy());
        fixture.catalog.open_location(&state, &location, format, &FormatOptions::new()).await
    };
    fs::write(fixture.path("a.bin"), [0, 1, 2]).unwrap();
    assert!(matches!(open("@/a.csv", None).await, Err(CatalogError::LocationNotFound { .. })));
    assert!(matches!(open("@/*.csv", None).await, Err(CatalogError::LocationNotFound { .. })));
    assert!(matches!(open("@/a.bin", None).await, Err(CatalogError::UnknownFormat { .. })));
    let format = open("@/a.bin", Some("shape")).await;
    assert!(matches!(format, Err(CatalogError::UnknownFormat { .. })));
    assert!(matches!(open("s3://b/x", None).await, Err(CatalogError::UnknownStore { .. })));
    let delta = open("@/", Some("delta")).await;
    assert!(matches!(delta, Err(CatalogError::LocationNotFound { .. })));
    let denied = fixture.catalog.check_location("/etc/passwd", Access::Network);
    assert!(matches!(denied, Err(CatalogError::LocationDenied { .. })));
    assert!(fixture.catalog.check_location("/etc/passwd", Access::Local).is_ok());
    let missing = external("@/a.csv");
    let missing = fixture
        .catalog
        .create_external(&state, &name("t"), &missing, None, CreateMode::Replace)
        .await;
    assert!(missing.is_err() && fixture.catalog.entry(&name("t")).is_none());
}

/// Writes the log of a Delta table that has one file.
fn write_log(table: &Path, file: &str, is_mapped: bool) {
    let (reader, configuration, mapping) = if is_mapped {
        let mapping = json!({
            "delta.columnMapping.id": 1,
            "delta.columnMapping.physicalName": "a",
        });
        (2, json!({ "delta.columnMapping.mode": "name" }), mapping)
    } else {
        (1, json!({}), json!({}))
    };
    let field = json!({ "name": "a", "type": "long", "nullable": true, "metadata": mapping });
    let schema = json!({ "type": "struct", "fields": [field] }).to_string();
    let actions = [
        json!({ "protocol": { "minReaderVersion": reader, "minWriterVersion": 5 } }),
        json!({ "metaData": {
            "id": "00000000-0000-0000-0000-000000000001",
            "format": { "provider": "parquet", "options": {} },
            "schemaString": schema,
            "partitionColumns": [],
            "configuration": configuration,
            "createdTime": 0,
        } }),
        json!({ "add": {
            "path": file,
            "partitionValues": {},
            "size": 1000,
            "modificationTime": 0,
            "dataChange": true,
        } }),
    ];
    let log = table.join("_delta_log");
    fs::create_dir_all(&log).unwrap();
    let lines = actions.map(|action| format!("{action}\n")).concat();
    fs::write(log.join("00000000000000000000.json"), lines).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_names_no_files_outside_of_its_table() {
    let fixture = Fixture::new().await;
    let state = fixture.session.state();
    for (number, (file, is_mapped, is_inside)) in [
        ("a.parquet", false, true),
        ("a.parquet", true, true),
        ("file://@/own/b.parquet", true, true),
        ("file://@/secret/a.parquet", false, false),
        ("file://@/secret/a.parquet", true, false),
        ("s3://other/a.parquet", false, false),
        ("../secret/a.parquet", true, false),
        ("%2e%2e/secret/a.parquet", true, false),
        ("/secret/a.parquet", true, false),
    ]
    .into_iter()
    .enumerate()
    {
        let table = fixture.path(&format!("table{number}"));
        let root = fixture.directory.path().to_string_lossy();
        let file = file.replace('@', &root).replace("own", &format!("table{number}"));
        write_log(&table, &file, is_mapped);
        let location = table.to_string_lossy();
        let options = FormatOptions::new();
        let opened = fixture.catalog.open_location(&state, &location, None, &options).await;
        match opened {
            Ok(_) => assert!(is_inside, "{file} is opened"),
            Err(error) => {
                assert!(matches!(error, CatalogError::Unsupported { .. }), "{file}: {error}");
                assert!(!is_inside, "{file}: {error}");
            }
        }
    }
}
