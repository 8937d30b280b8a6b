//! Names, tables, views and schemas.

use super::Fixture;
use crate::{Code, Principal, TableFilter, TableKind};

#[tokio::test]
async fn external_tables_and_views_are_used() {
    let fixture = Fixture::new().await;
    let path = fixture.file("cities.csv", "name,lon,lat\nOslo,10.7,59.9\nRome,12.5,41.9\n");
    fixture
        .done(&format!(
            "CREATE EXTERNAL TABLE cities STORED AS CSV LOCATION '{path}' OPTIONS (geometry 'xy:lon,lat', srid 4326)"
        ))
        .await;
    let described = fixture.rows("DESCRIBE cities").await;
    assert!(described.contains("|GEOMETRY|YES|EPSG:4326"), "{described}");
    fixture.done("CREATE VIEW northern AS SELECT Name FROM cities WHERE LAT > 50").await;
    assert_eq!(fixture.rows("SELECT * FROM northern").await, "name\nOslo");
    fixture.done("CREATE OR REPLACE VIEW northern (town) AS SELECT name FROM cities").await;
    assert_eq!(fixture.rows("SELECT count(town) AS n FROM northern").await, "n\n2");
    let shown = fixture.rows("SHOW CREATE VIEW northern").await;
    assert!(shown.contains("SELECT name FROM cities"), "{shown}");
    assert!(fixture.rows("SHOW CREATE TABLE cities").await.contains("STORED AS CSV"));
    assert_eq!(
        fixture.refused("CREATE OR REPLACE VIEW northern AS SELECT * FROM northern").await.code,
        Code::Unsupported
    );
    assert_eq!(
        fixture.refused("CREATE VIEW bad AS SELECT nope FROM cities").await.code,
        Code::UndefinedColumn
    );
    assert_eq!(fixture.refused("INSERT INTO northern VALUES ('x')").await.code, Code::Unsupported);
    assert_eq!(fixture.refused("DROP TABLE northern").await.code, Code::WrongObjectType);
    fixture.done("DROP VIEW northern").await;
    assert_eq!(
        fixture
            .refused("CREATE EXTERNAL TABLE gone STORED AS CSV LOCATION '/nowhere/x.csv'")
            .await
            .code,
        Code::LocationNotFound
    );
}

#[tokio::test]
async fn the_catalog_describes_itself() {
    let fixture = Fixture::new().await;
    fixture
        .done("CREATE TABLE t AS SELECT 1::bigint AS id, 1.5::decimal(10,2) AS d, 'x' AS name")
        .await;
    fixture.done("CREATE VIEW v AS SELECT id FROM t").await;
    assert_eq!(
        fixture.rows("SELECT column_name, data_type, numeric_precision FROM information_schema.columns WHERE table_name = 't' ORDER BY ordinal_position").await,
        "column_name|data_type|numeric_precision\nid|BIGINT|64\nd|DECIMAL|10\nname|VARCHAR|"
    );
    assert_eq!(
        fixture.rows("SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'public' AND table_type <> 'SYSTEM TABLE' ORDER BY 1").await,
        "table_name|table_type\nt|BASE TABLE\nv|VIEW"
    );
    assert_eq!(
        fixture.rows("SELECT view_definition FROM information_schema.views").await,
        "view_definition\nSELECT id FROM t"
    );
    assert_eq!(fixture.rows("SHOW SCHEMAS LIKE 'p%'").await, "schema_name\npublic");
    assert_eq!(fixture.rows("SHOW DATABASES").await, "database_name\ngodwit");
    assert_eq!(
        fixture.rows("SHOW COLUMNS FROM t LIKE 'n%'").await,
        "column_name|data_type|is_nullable|crs\nname|VARCHAR|YES|"
    );
    assert!(fixture.rows("SHOW TABLES").await.contains("public|t|TABLE|DELTA"));
    assert!(fixture.rows("SHOW FUNCTIONS LIKE 'st\\_area'").await.contains("st_area|scalar"));
    for table in ["table_constraints", "key_column_usage", "referential_constraints"] {
        let sql = format!("SELECT count(*) AS n FROM information_schema.{table}");
        assert_eq!(fixture.rows(&sql).await, "n\n0");
    }
    for table in ["queries", "functions", "formats", "tables", "settings", "error_codes"] {
        let sql = format!("SELECT count(*) > 0 AS n FROM System.{table}");
        assert_eq!(fixture.rows(&sql).await, "n\ntrue", "{table}");
    }
    assert_eq!(
        fixture.refused("CREATE TABLE system.x AS SELECT 1 AS a").await.code,
        Code::PermissionDenied
    );
}

#[tokio::test]
async fn a_broken_table_is_listed_with_its_error() {
    let fixture = Fixture::new().await;
    let path = fixture.file("gone.csv", "a\n1\n");
    fixture.done(&format!("CREATE EXTERNAL TABLE gone STORED AS CSV LOCATION '{path}'")).await;
    fixture.done("CREATE VIEW on_gone AS SELECT * FROM gone").await;
    fixture.done("CREATE TABLE fine AS SELECT 1 AS a").await;
    std::fs::remove_file(&path).expect("removes");
    let principal = Principal::local("ada");
    let filter = TableFilter {
        schema_pattern: Some("public".into()),
        with_schema: true,
        types: vec!["TABLE".into(), "VIEW".into()],
        ..TableFilter::default()
    };
    let tables = fixture.engine.tables(&filter, &principal).await.expect("lists");
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["fine", "gone", "on_gone"]);
    assert!(tables.iter().any(|table| table.name == "fine" && table.arrow_schema.is_some()));
    assert!(tables.iter().any(|table| table.name == "on_gone" && table.error.is_some()));
    assert!(tables.iter().all(|table| table.kind != TableKind::System));
    let none = TableFilter { catalog: Some("other".into()), ..TableFilter::default() };
    assert!(fixture.engine.tables(&none, &principal).await.expect("lists").is_empty());
    assert_eq!(fixture.refused("SELECT * FROM gone").await.code, Code::LocationNotFound);
}

#[tokio::test]
async fn views_are_listed_with_the_columns_of_the_moment() {
    let fixture = Fixture::new().await;
    for sql in [
        "CREATE SCHEMA s",
        "CREATE TABLE t AS SELECT 1 AS a",
        "CREATE VIEW s.u AS SELECT * FROM t",
        "CREATE VIEW v AS SELECT * FROM t",
        "CREATE VIEW w AS WITH c AS (SELECT * FROM v) SELECT * FROM c",
    ] {
        fixture.done(sql).await;
    }
    let listed = "SELECT string_agg(column_name, ',' ORDER BY table_name) AS columns FROM information_schema.columns WHERE table_name IN ('u', 'v', 'w')";
    let steps = [
        ("CREATE OR REPLACE TABLE t AS SELECT 1 AS b", "b,b,b"),
        // The name in the first view means what it meant, though another table is nearer now.
        ("CREATE TABLE s.t AS SELECT 1 AS c", "b,b,b"),
        ("CREATE OR REPLACE VIEW v AS SELECT 1 AS d", "b,d,d"),
        ("DROP TABLE s.t", "b,d,d"),
        ("CREATE VIEW c AS SELECT 1 AS e", "b,d,d"),
    ];
    for (sql, columns) in steps {
        // Columns are remembered once the last change is some time ago.
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        for _ in 0..2 {
            fixture.rows(listed).await;
        }
        fixture.done(sql).await;
        assert_eq!(fixture.rows(listed).await, format!("columns\n{columns}"), "{sql}");
    }
}

#[tokio::test]
async fn a_listing_has_the_columns_of_the_moment() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE t AS SELECT 1 AS a").await;
    let listed = "SELECT column_name FROM information_schema.columns WHERE table_name = 't'";
    // Columns are remembered once the last change is some time ago.
    tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    for _ in 0..2 {
        assert_eq!(fixture.rows(listed).await, "column_name\na");
    }
    fixture.done("CREATE OR REPLACE TABLE t AS SELECT 1 AS b").await;
    assert_eq!(fixture.rows(listed).await, "column_name\nb");
    fixture.done("DROP TABLE t").await;
    fixture.done("CREATE TABLE t AS SELECT 1 AS c").await;
    assert_eq!(fixture.rows(listed).await, "column_name\nc");
}

#[tokio::test]
async fn variables_are_set_shown_and_reset() {
    let fixture = Fixture::new().await;
    fixture.done("SET batch_size = 100").await;
    assert_eq!(fixture.rows("SHOW batch_size").await, "name|value\nbatch_size|100");
    fixture.done("RESET batch_size").await;
    assert_eq!(fixture.rows("SHOW batch_size").await, "name|value\nbatch_size|8192");
    fixture.done("SET TIME ZONE 'Europe/Paris'").await;
    assert_eq!(fixture.rows("SHOW time zone").await, "name|value\ntime_zone|Europe/Paris");
    assert_eq!(fixture.refused("SET time_zone = 'Mars'").await.code, Code::InvalidParameter);
    assert_eq!(fixture.refused("SET batch_size = 0").await.code, Code::InvalidParameter);
    let unknown = fixture.refused("SET bach_size = 1").await;
    assert_eq!(unknown.code, Code::UndefinedObject);
    assert_eq!(unknown.hint.as_deref(), Some("Did you mean batch_size?"));
    assert_eq!(
        fixture
            .refused("SET datafusion.optimizer.enable_aggregate_dynamic_filter_pushdown = true")
            .await
            .code,
        Code::UndefinedObject
    );
}
