//! What is still there after a restart.

use super::{Fixture, rows};
use crate::{Engine, Principal, SessionOptions};

#[tokio::test]
async fn definitions_survive_a_restart() {
    let fixture = Fixture::new().await;
    let path = fixture.file("a.csv", "a\n1\n2\n");
    fixture.done("CREATE SCHEMA lake").await;
    fixture
        .done(&format!("CREATE EXTERNAL TABLE lake.files STORED AS CSV LOCATION '{path}'"))
        .await;
    fixture.done("CREATE VIEW lake.v AS SELECT A + 1 AS b FROM files").await;
    fixture
        .done(
            "CREATE TABLE lake.t AS SELECT b, ST_SetSRID(ST_Point(b, 0), 4326) AS geom FROM lake.v",
        )
        .await;
    fixture.done("CREATE TABLE lake.places (geom GEOMETRY(PointZ, 4326))").await;

    let Fixture { engine, session, directory } = fixture;
    engine.shutdown(std::time::Duration::from_secs(1)).await;
    drop((engine, session));
    let mut config = godwit_config::Config::default();
    config.storage.data_dir = directory.path().join("data");
    config.table.insert(
        "configured".to_owned(),
        godwit_config::Table {
            location: path,
            format: None,
            options: std::collections::BTreeMap::new(),
        },
    );
    let engine = Engine::start(&config).await.expect("starts again");
    let session = engine.session(Principal::local("ada"), SessionOptions::default());
    let sql = "SELECT sum(b) AS b, min(ST_SRID(geom)) AS s FROM lake.t";
    assert_eq!(rows(&session, sql, Vec::new()).await.expect("reads"), "b|s\n5|4326");
    let sql = "SELECT sum(b) AS b FROM lake.v";
    assert_eq!(rows(&session, sql, Vec::new()).await.expect("reads"), "b\n5");
    let sql = "SELECT count(*) AS n FROM configured";
    assert_eq!(rows(&session, sql, Vec::new()).await.expect("reads"), "n\n2");
    let sql = "INSERT INTO lake.places VALUES ('POINT(1 2)')";
    let refused = rows(&session, sql, Vec::new()).await.expect_err("lacks Z");
    assert_eq!(refused.message, "Column has Z dimension but geometry does not, in column \"geom\"");
}
