//! How often a statement is planned on its way from a client to its rows, and that it never reads what
//! is gone for that.

use arrow::array::{ArrayRef, AsArray as _, Int64Array};
use arrow::datatypes::Int64Type;

use super::*;

/// Returns how often statements are planned while something is done. It is done several times, and
/// the fewest count: plans are kept for a moment, which may be too short on a busy machine.
async fn plannings(server: &TestServer, mut work: impl AsyncFnMut()) -> u64 {
    let mut fewest = u64::MAX;
    for _ in 0..3 {
        let before = server.engine.metrics().statements_planned;
        work().await;
        fewest = fewest.min(server.engine.metrics().statements_planned - before);
    }
    fewest
}

fn five() -> RecordBatch {
    let column: ArrayRef = Arc::new(Int64Array::from(vec![5]));
    RecordBatch::try_from_iter([("0", column)]).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_is_planned_once() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let made = "CREATE TABLE t AS SELECT 1::bigint AS n".to_owned();
    client.execute_update(made, None).await.unwrap();
    let text = plannings(&server, async || {
        query(&mut client, "SELECT n FROM t WHERE n < 5").await;
    });
    assert_eq!(text.await, 1, "a text");
    for (sql, is_bound) in [
        ("SELECT n FROM t WHERE n < 5", false),
        ("SELECT n FROM t WHERE n < ?", true),
        ("SELECT n, ? AS guessed FROM t", true),
    ] {
        let prepared = plannings(&server, async || {
            let mut statement = client.prepare(sql.to_owned(), None).await.unwrap();
            if is_bound {
                statement.set_parameters(five()).unwrap();
            }
            let info = statement.execute().await.unwrap();
            fetch(&mut client, &info).await;
        });
        assert_eq!(prepared.await, 1, "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_prepared_before_a_change_sees_it() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let made = "CREATE TABLE t AS SELECT 1::bigint AS n".to_owned();
    client.execute_update(made, None).await.unwrap();
    for (sql, is_bound, expected) in
        [("SELECT count(*) FROM t", false, 2), ("SELECT count(*) FROM t WHERE n < ?", true, 3)]
    {
        let mut statement = client.prepare(sql.to_owned(), None).await.unwrap();
        client.execute_update("INSERT INTO t VALUES (2)".to_owned(), None).await.unwrap();
        if is_bound {
            statement.set_parameters(five()).unwrap();
        }
        let info = statement.execute().await.unwrap();
        let (_, batches) = fetch(&mut client, &info).await;
        let found = batches[0].column(0).as_primitive::<Int64Type>().value(0);
        assert_eq!(found, expected, "{sql}");
    }
}
