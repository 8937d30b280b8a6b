//! Limits on memory, time, rows and text.

use std::time::Duration;

use datafusion::common::runtime::SpawnedTask;
use futures::StreamExt as _;

use super::{Fixture, refused, rows};
use crate::{
    Code, Execution, Grant, Outcome, Principal, QueryState, ResultStream, Rights, Role,
    SessionOptions,
};

/// A query that would run for minutes.
const ENDLESS: &str = "SELECT a.value FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b \
                       WHERE a.value + b.value = -1";

/// A query whose join makes batches without end for an aggregate, which puts out nothing.
const COLLECTED: &str = "SELECT sum(length(a.value::TEXT || b.value::TEXT)) \
                         FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b";

/// A query whose functions compute for minutes over one batch.
const COMPUTED: &str = "SELECT sum(ST_Area(ST_Intersection(ST_Buffer(ST_Point(value, 0), 10, 100), \
                        ST_Buffer(ST_Point(value + 1, 0), 10, 100)))) \
                        FROM generate_series(1, 1000000)";

async fn started(session: &crate::Session, sql: &str) -> (uuid::Uuid, ResultStream) {
    match session.execute(sql, Vec::new()).await.expect("starts") {
        Execution { query_id, outcome: Outcome::Rows(stream) } => (query_id, stream),
        Execution { .. } => panic!("{sql} returned no rows"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn queries_can_be_killed() {
    let fixture = Fixture::new().await;
    let (id, mut stream) = started(&fixture.session, ENDLESS).await;
    assert!(fixture.rows("SHOW QUERIES").await.contains(&id.to_string()));
    fixture.done(&format!("KILL QUERY '{id}'")).await;
    let error = stream.next().await.expect("an item").expect_err("killed");
    assert_eq!(error.code, Code::Canceled);
    assert!(stream.next().await.is_none());
    let queries = fixture.engine.queries();
    let query = queries.iter().find(|query| query.id == id).expect("listed");
    assert_eq!(query.state, QueryState::Canceled);
    assert!(!fixture.engine.cancel(id));
    assert_eq!(fixture.refused(&format!("KILL QUERY '{id}'")).await.code, Code::UndefinedObject);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn aggregates_over_joins_give_way() {
    let fixture = Fixture::new().await;
    let mut queries = Vec::new();
    for _ in 0..4 {
        let (id, mut stream) = started(&fixture.session, COLLECTED).await;
        queries.push((id, SpawnedTask::spawn(async move { stream.next().await })));
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    for (id, rows) in queries {
        let kill = format!("KILL QUERY '{id}'");
        let killed = tokio::time::timeout(Duration::from_secs(10), fixture.done(&kill)).await;
        assert!(killed.is_ok(), "the statement that ends the query has its turn");
        let ended = tokio::time::timeout(Duration::from_secs(10), rows).await.expect("it ends");
        let error = ended.expect("no panic").expect("an item").expect_err("killed");
        assert_eq!(error.code, Code::Canceled);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn functions_end_with_their_query() {
    let fixture = Fixture::new().await;
    let mut queries = Vec::new();
    for _ in 0..4 {
        let (id, mut stream) = started(&fixture.session, COMPUTED).await;
        queries.push((id, SpawnedTask::spawn(async move { stream.next().await })));
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    for (id, rows) in queries {
        fixture.done(&format!("KILL QUERY '{id}'")).await;
        let error = rows.await.expect("no panic").expect("an item").expect_err("killed");
        assert_eq!(error.code, Code::Canceled);
    }
    // The threads are free long before the batches would have been done.
    let sql = "SELECT count(*) AS n FROM generate_series(1, 3)";
    let answered = tokio::time::timeout(Duration::from_secs(20), fixture.rows(sql)).await;
    assert_eq!(answered.expect("a thread is free"), "n\n3");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_admins_kill_the_queries_of_others() {
    let fixture = Fixture::new().await;
    let (id, _stream) = started(&fixture.session, ENDLESS).await;
    let eve = Principal::network("eve", Role::Writer);
    let eve = fixture.engine.session(eve, SessionOptions::default());
    assert_eq!(refused(&eve, &format!("KILL '{id}'")).await.code, Code::PermissionDenied);
    // Nor may a role with grants know of them.
    let limited = Principal {
        rights: Rights::of(vec![Grant::parse("SELECT ON maps.*").expect("a grant")]),
        ..Principal::network("bob", Role::Writer)
    };
    let limited = fixture.engine.session(limited, SessionOptions::default());
    let error = refused(&limited, &format!("KILL '{id}'")).await;
    assert_eq!(error.code, Code::UndefinedObject, "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropping_the_rows_frees_the_slot() {
    let fixture = Fixture::with(|config| {
        config.limits.max_concurrent_queries = Some(1);
        config.limits.max_queued_queries = 1;
        config.limits.queue_timeout_seconds = 1;
    })
    .await;
    let (id, stream) = started(&fixture.session, ENDLESS).await;
    assert_eq!(fixture.engine.metrics().queries_running, 1);
    let waited = fixture.refused("SELECT 1").await;
    assert_eq!(waited.code, Code::TooManyQueries);
    drop(stream);
    assert_eq!(fixture.rows("SELECT 1 AS a").await, "a\n1");
    assert_eq!(fixture.engine.metrics().queries_running, 0);
    let queries = fixture.engine.queries();
    assert!(queries.iter().any(|query| query.id == id && query.state == QueryState::Canceled));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_refuses_at_once() {
    let fixture = Fixture::with(|config| {
        config.limits.max_concurrent_queries = Some(1);
        config.limits.max_queued_queries = 0;
        config.limits.queue_timeout_seconds = 60;
    })
    .await;
    let (_, _stream) = started(&fixture.session, ENDLESS).await;
    let refused = tokio::time::timeout(Duration::from_secs(5), fixture.refused("SELECT 1")).await;
    assert_eq!(refused.expect("at once").code, Code::TooManyQueries);
    // What looks at queries needs no slot.
    assert!(fixture.rows("SHOW QUERIES").await.contains("running"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn queries_time_out() {
    let fixture = Fixture::new().await;
    fixture.done("SET query_timeout = '200ms'").await;
    assert_eq!(fixture.refused(ENDLESS).await.code, Code::Timeout);
    let sql = format!("CREATE TABLE t AS {ENDLESS}");
    assert_eq!(fixture.refused(&sql).await.code, Code::Timeout);
    assert_eq!(fixture.refused("SELECT * FROM t").await.code, Code::UndefinedTable);
    fixture.done("RESET query_timeout").await;
    assert_eq!(fixture.rows("SHOW query_timeout").await, "name|value\nquery_timeout|0");
}

#[tokio::test]
async fn rows_are_limited() {
    let fixture = Fixture::new().await;
    let options = SessionOptions { max_rows: Some(10), ..SessionOptions::default() };
    let session = fixture.engine.session(Principal::local("ada"), options);
    assert!(rows(&session, "SELECT * FROM generate_series(1, 10)", Vec::new()).await.is_ok());
    let error = refused(&session, "SELECT * FROM generate_series(1, 11)").await;
    assert_eq!(error.code, Code::LimitExceeded);
}

#[tokio::test]
async fn long_texts_are_refused() {
    let fixture = Fixture::with(|config| config.limits.max_sql_bytes = 1000).await;
    let sql = format!("SELECT '{}'", "x".repeat(1000));
    assert_eq!(fixture.refused(&sql).await.code, Code::LimitExceeded);
}

#[tokio::test]
async fn many_alternatives_are_planned_and_answered() {
    let fixture = Fixture::new().await;
    let alternatives: Vec<_> =
        (0..1500).map(|n| format!("(x > {n} AND x % 7 = {})", n % 7)).collect();
    let sql = format!(
        "SELECT count(*) AS n FROM (SELECT value AS x FROM generate_series(1, 20)) AS t WHERE {}",
        alternatives.join(" OR ")
    );
    assert_eq!(fixture.rows(&sql).await, "n\n14");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_is_limited_and_sorts_spill() {
    let fixture = Fixture::with(|config| {
        config.limits.memory_bytes = Some(64 << 20);
        config.limits.target_partitions = Some(2);
    })
    .await;
    let sql = "SELECT max(n) AS n FROM (SELECT row_number() OVER (ORDER BY t, value DESC) AS n \
               FROM (SELECT value, repeat('x', 200) AS t FROM generate_series(1, 400000)))";
    assert_eq!(fixture.rows(sql).await, "n\n400000");
    let sql = "SELECT length(string_agg(repeat('x', 1000), '')) FROM generate_series(1, 500000)";
    let error = fixture.refused(sql).await;
    assert_eq!(error.code, Code::OutOfMemory, "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shutdown_ends_what_runs_and_refuses_what_comes() {
    let fixture = Fixture::new().await;
    let (_, mut stream) = started(&fixture.session, ENDLESS).await;
    let engine = fixture.engine.clone();
    let shutdown =
        SpawnedTask::spawn(async move { engine.shutdown(Duration::from_millis(50)).await });
    let error = stream.next().await.expect("an item").expect_err("canceled");
    assert_eq!(error.code, Code::ShuttingDown);
    shutdown.join().await.expect("ends");
    assert!(!fixture.engine.is_ready());
    assert_eq!(fixture.refused("SELECT 1").await.code, Code::ShuttingDown);
}
