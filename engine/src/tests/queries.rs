//! Queries: streaming, cancelling, listing.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;

use super::Fixture;
use crate::runtime::Workers;
use crate::{Code, Outcome};

#[tokio::test]
async fn queries_return_rows() {
    let fixture = Fixture::new().await;
    assert_eq!(fixture.rows("SELECT 1 AS a, 'x' AS b;").await, "a|b\n1|x");
    assert_eq!(fixture.rows("SELECT count(*) AS n FROM generate_series(1, 10)").await, "n\n10");
    assert_eq!(
        fixture.rows("SELECT current_user, current_schema(), current_catalog, session_user").await,
        "current_user|current_schema|current_catalog|session_user\nada|public|godwit|ada"
    );
    assert!(fixture.rows("SELECT version() AS v").await.contains("Godwit"));
}

#[tokio::test]
async fn files_are_tables() {
    let fixture = Fixture::new().await;
    let path = fixture.file("cities.csv", "Name,lon,lat\nOslo,10.7,59.9\nRome,12.5,41.9\n");
    assert_eq!(
        fixture.rows(&format!("SELECT name FROM '{path}' WHERE lat > 50")).await,
        "Name\nOslo"
    );
    assert_eq!(fixture.rows(&format!("SELECT count(*) AS n FROM \"{path}\"")).await, "n\n2");
    let semicolons = fixture.file("other.csv", "a;b\n1;2\n");
    let sql = format!("SELECT a + b AS c FROM read_csv('{semicolons}', delimiter => ';')");
    assert_eq!(fixture.rows(&sql).await, "c\n3");
    let missing = fixture.refused("SELECT * FROM '/nowhere/x.csv'").await;
    assert_eq!(missing.code, Code::LocationNotFound);
    let option =
        fixture.refused(&format!("SELECT * FROM read_csv('{path}', delimitr => ';')")).await;
    assert_eq!(option.code, Code::InvalidParameter);
}

#[tokio::test]
async fn prepared_schema_is_the_schema_of_the_rows() {
    let fixture = Fixture::new().await;
    for sql in [
        "SELECT 1 AS a, NULL AS b, 'x' AS c",
        "SELECT min(value) AS m, count(*) AS n FROM generate_series(1, 10)",
        "SELECT * FROM information_schema.columns",
        "SHOW TABLES",
        "EXPLAIN SELECT 1",
        "DESCRIBE SELECT 1 AS a",
        "SELECT '2024-01-01'::timestamptz AS t, 1.5::decimal(10,2) AS d, [1,2] AS l",
    ] {
        let prepared = fixture.session.prepare(sql).await.expect(sql);
        assert!(prepared.is_query(), "{sql}");
        let execution = prepared.execute(Vec::new()).await.expect(sql);
        let Outcome::Rows(stream) = execution.outcome else { panic!("{sql} returned no rows") };
        assert_eq!(stream.schema(), prepared.schema(), "{sql}");
        assert!(stream.schema().fields().iter().all(|field| field.is_nullable()), "{sql}");
        let batches: Vec<_> = futures::TryStreamExt::try_collect(stream).await.expect(sql);
        assert!(batches.iter().all(|batch| batch.schema() == prepared.schema()), "{sql}");
    }
}

#[tokio::test]
async fn a_prepared_statement_runs_again() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE t AS SELECT 1 AS a").await;
    let prepared = fixture.session.prepare("SELECT count(*) AS n FROM t").await.expect("plans");
    for expected in 1..=3_u32 {
        let execution = prepared.execute(Vec::new()).await.expect("runs");
        let Outcome::Rows(stream) = execution.outcome else { panic!("no rows") };
        let batches: Vec<arrow::array::RecordBatch> =
            futures::TryStreamExt::try_collect(stream).await.expect("rows");
        let text = arrow::util::pretty::pretty_format_batches(&batches).expect("prints");
        assert!(text.to_string().contains(&format!("| {expected} ")), "{text}");
        fixture.done("INSERT INTO t VALUES (7)").await;
    }
}

#[tokio::test]
async fn geometry_literals_are_cast() {
    let fixture = Fixture::new().await;
    assert_eq!(
        fixture.rows("SELECT ST_AsText('POINT(1 2)'::geometry) AS g").await,
        "g\nPOINT(1 2)"
    );
    assert_eq!(
        fixture.rows("SELECT ST_SRID(CAST('POINT(1 2)' AS GEOMETRY(Point, 4326))) AS s").await,
        "s\n4326"
    );
    assert_eq!(
        fixture.rows("SELECT ST_SRID('SRID=3857;POINT(1 2)'::geometry) AS s").await,
        "s\n3857"
    );
    let wrong = fixture.refused("SELECT 'POINT(1 2)'::geometry(Polygon)").await;
    assert_eq!(wrong.code, Code::InvalidParameter, "{wrong:?}");
    let nonsense = fixture.refused("SELECT 'PINT(1 2)'::geometry").await;
    assert_eq!(nonsense.code, Code::InvalidText, "{nonsense:?}");
    let types = fixture
        .rows("DESCRIBE SELECT 'x'::varbinary AS a, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid AS b, '{}'::json AS c, 'POINT(1 2)'::geometry(Point,4326) AS d, '10:00'::time(3) AS e")
        .await;
    assert_eq!(
        types,
        "column_name|data_type|is_nullable|crs\na|VARBINARY|YES|\nb|VARCHAR|YES|\nc|VARCHAR|YES|\nd|GEOMETRY|YES|EPSG:4326\ne|TIME|YES|"
    );
}

#[tokio::test]
async fn ignored_clauses_are_refused() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE t AS SELECT 1 AS a").await;
    for sql in [
        "SELECT * FROM t VERSION AS OF 1",
        "SELECT * FROM t TIMESTAMP AS OF '2024-01-01'",
        "SELECT * FROM t TABLESAMPLE BERNOULLI (10) REPEATABLE (1)",
        "SELECT a INTO u FROM t",
        "SELECT * FROM t FOR UPDATE",
    ] {
        assert_eq!(fixture.refused(sql).await.code, Code::Unsupported, "{sql}");
    }
}

#[tokio::test]
async fn errors_say_what_to_type() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE buildings AS SELECT 1 AS id, 'x' AS name").await;
    let error = fixture.refused("SELECT id\nFROM bulidings").await;
    assert_eq!(error.code, Code::UndefinedTable);
    assert_eq!(error.hint.as_deref(), Some("Did you mean \"buildings\"?"));
    assert_eq!(error.position.map(|place| (place.line, place.column)), Some((2, 6)));
    let error = fixture.refused("SELECT id, nmae FROM buildings").await;
    assert_eq!(error.code, Code::UndefinedColumn);
    assert_eq!(error.hint.as_deref(), Some("Did you mean \"name\"?"));
    assert_eq!(error.position.map(|place| (place.line, place.column)), Some((1, 12)));
    let error = fixture.refused("SELECT ST_Aera('POINT(1 2)'::geometry)").await;
    assert_eq!(error.code, Code::UndefinedFunction, "{error:?}");
    assert!(error.hint.is_some_and(|hint| hint.to_lowercase().contains("st_area")));
    let error = fixture.refused("SELECT 1/0").await;
    assert_eq!(error.code, Code::DivisionByZero, "{error:?}");
    let error = fixture.refused("SELECT 'x'::int").await;
    assert_eq!(error.code, Code::InvalidText, "{error:?}");
    let error = fixture.refused("SELECT * FROM nowhere.t").await;
    assert_eq!(error.code, Code::UndefinedSchema);
    let error = fixture.refused("SELECT id, count(*) FROM buildings").await;
    assert_eq!(error.code, Code::GroupingError, "{error:?}");
}

/// Keeps every thread of every lane until the sender is dropped.
async fn stuck(workers: &Workers) -> std::sync::mpsc::Sender<()> {
    let (release, released) = std::sync::mpsc::channel::<()>();
    let released = Arc::new(std::sync::Mutex::new(released));
    for _ in 0..workers.most_threads() {
        let released = Arc::clone(&released);
        let (started, is_started) = tokio::sync::oneshot::channel();
        let work = async move {
            started.send(()).expect("somebody waits");
            // Ends with an error when the sender is dropped, one thread after the other.
            let _dropped = released.lock().map(|released| released.recv());
        };
        let mut taken = Box::pin(workers.run(work));
        tokio::select! {
            _ = &mut taken => unreachable!("the work ends with the test"),
            begun = is_started => begun.expect("the work begins"),
        }
    }
    release
}

#[tokio::test]
async fn queries_are_ended_although_all_threads_are_taken() {
    let fixture = Fixture::new().await;
    let sql = "SELECT value FROM generate_series(1, 1000000000000)";
    let execution = fixture.session.execute(sql, Vec::new()).await.expect("starts");
    let Outcome::Rows(mut rows) = execution.outcome else { panic!("no rows") };
    let release = stuck(&fixture.session.engine().workers).await;
    // Whatever needs a plan waits.
    let waiting = fixture.session.execute("SELECT 1", Vec::new());
    tokio::time::timeout(Duration::from_millis(300), waiting).await.expect_err("no thread is free");

    let listed = fixture.rows("SHOW QUERIES").await;
    let id = execution.query_id.to_string();
    assert!(listed.contains(&id), "{listed}");
    fixture.done("SET query_timeout = '5 s'").await;
    assert!(fixture.rows("SHOW query_timeout").await.contains("5000ms"));
    fixture.done(&format!("KILL QUERY '{id}'")).await;
    let error = loop {
        match rows.next().await {
            Some(Ok(_)) => {}
            Some(Err(error)) => break error,
            None => panic!("the query ended"),
        }
    };
    assert_eq!(error.code, Code::Canceled, "{error:?}");
    assert!(!fixture.rows("SHOW QUERIES").await.contains(&id));

    drop(release);
    assert_eq!(fixture.rows("SELECT 1 AS a").await, "a\n1");
}

#[tokio::test]
async fn a_reader_that_stands_still_keeps_no_query() {
    let fixture = Fixture::new().await;
    let sql = "SELECT value FROM generate_series(1, 1000000000000)";
    for code in [Code::Canceled, Code::Timeout] {
        if code == Code::Timeout {
            fixture.done("SET query_timeout = '2 s'").await;
        }
        let execution = fixture.session.execute(sql, Vec::new()).await.expect("starts");
        let Outcome::Rows(mut rows) = execution.outcome else { panic!("no rows") };
        rows.next().await.expect("rows").expect("a batch");
        if code == Code::Canceled {
            assert!(fixture.engine.cancel(execution.query_id));
        }
        let free = async {
            while fixture.engine.metrics().queries_running > 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), free).await.expect("the slot is free");
        let error = rows.next().await.expect("an answer").expect_err("the query was ended");
        assert_eq!(error.code, code, "{error:?}");
        assert!(rows.next().await.is_none());
    }
}
