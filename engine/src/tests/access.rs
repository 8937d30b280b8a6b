//! Who may name which location.

use super::{Fixture, batches, refused, rows};
use crate::{Code, Principal, Role, SessionOptions};

fn network(role: Role) -> Principal {
    Principal::network("eve", role)
}

#[tokio::test]
async fn network_principals_name_only_allowed_locations() {
    let allowed = tempfile::tempdir().expect("a directory");
    let path = allowed.path().join("a.csv");
    std::fs::write(&path, "a\n1\n").expect("writes");
    let prefix = allowed.path().to_string_lossy().into_owned();
    let fixture = Fixture::with(|config| config.storage.allowed_locations = vec![prefix]).await;
    let secret = fixture.file("secret.csv", "a\n1\n");
    let eve = fixture.engine.session(network(Role::Writer), SessionOptions::default());
    for sql in [
        format!("SELECT * FROM '{secret}'"),
        format!("SELECT * FROM \"{secret}\""),
        format!("SELECT * FROM read_csv('{secret}')"),
        format!("SELECT 1 WHERE EXISTS (SELECT 1 FROM '{secret}')"),
        format!("CREATE EXTERNAL TABLE s STORED AS CSV LOCATION '{secret}'"),
        format!("CREATE VIEW s AS SELECT * FROM '{secret}'"),
        format!("CREATE TABLE s AS SELECT * FROM '{secret}'"),
        format!("CREATE TABLE s LOCATION '{secret}/t' AS SELECT 1 AS a"),
        format!("COPY (SELECT 1 AS a) TO '{secret}'"),
        format!("SELECT * FROM '{}/../x.csv'", allowed.path().display()),
    ] {
        assert_eq!(refused(&eve, &sql).await.code, Code::PermissionDenied, "{sql}");
    }
    let sql = format!("SELECT a FROM '{}'", path.display());
    assert_eq!(rows(&eve, &sql, Vec::new()).await.expect("allowed"), "a\n1");
    // What someone allowed has defined is for everybody.
    fixture.done(&format!("CREATE VIEW s AS SELECT * FROM '{secret}'")).await;
    assert_eq!(rows(&eve, "SELECT a FROM s", Vec::new()).await.expect("allowed"), "a\n1");
    // A view that outlives a table does not open the file that is called like it.
    for sql in [
        format!("CREATE TABLE \"{secret}\" AS SELECT 1 AS a"),
        format!("CREATE VIEW w AS SELECT * FROM \"{secret}\""),
        format!("DROP TABLE \"{secret}\""),
    ] {
        batches(&eve, &sql, Vec::new()).await.expect("is its own");
    }
    assert_eq!(refused(&eve, "SELECT * FROM w").await.code, Code::UndefinedTable);
}

#[tokio::test]
async fn readers_and_read_only_sessions_change_nothing() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE t AS SELECT 1 AS a").await;
    let reader = fixture.engine.session(network(Role::Reader), SessionOptions::default());
    let options = SessionOptions { read_only: true, ..SessionOptions::default() };
    let read_only = fixture.engine.session(Principal::local("ada"), options);
    for sql in [
        "INSERT INTO t VALUES (2)",
        "CREATE TABLE u AS SELECT 1 AS a",
        "CREATE VIEW v AS SELECT 1 AS a",
        "DROP TABLE t",
        "CREATE SCHEMA s",
        "COPY t TO '/tmp/never.csv'",
    ] {
        assert_eq!(refused(&reader, sql).await.code, Code::PermissionDenied, "{sql}");
        assert_eq!(refused(&read_only, sql).await.code, Code::ReadOnly, "{sql}");
    }
    for sql in [
        "SELECT a FROM t",
        "EXPLAIN CREATE TABLE u AS SELECT 1 AS a",
        "SHOW TABLES",
        "SET batch_size = 10",
    ] {
        assert!(rows(&reader, sql, Vec::new()).await.is_ok(), "{sql}");
    }
}
