//! Texts of several statements.

use serde_json::json;

use super::Server;

#[tokio::test(flavor = "multi_thread")]
async fn several_statements_run_in_their_order_and_the_last_one_answers() {
    let server = Server::start().await;
    let text = "CREATE SCHEMA raw; USE raw;\nCREATE TABLE t AS SELECT 1 AS n;\n\
                INSERT INTO t VALUES (2), (3); SELECT * FROM t; -- not this; one\n\
                SELECT count(*) AS n FROM t;";
    let response = server.sql("", text).await;
    assert_eq!((response.status, response.json()), (200, json!([{"n": 3}])));
    // What a text says about its session ends with it.
    server.sql("", "SELECT * FROM t").await.assert_problem(400, "undefined_table");
    let response = server.sql("format=csv", "SELECT 1; INSERT INTO raw.t VALUES (4)").await;
    assert_eq!(response.header("x-operation"), Some("insert"));
    let body = json!({"sql": "SET time_zone = 'UTC'; SELECT $1 + 1 AS n", "params": [41]});
    assert_eq!(server.request(&body).await.json(), json!([{"n": 42}]));
    let response = server.get("/v1/sql?q=USE%20raw;SELECT%20count(*)%20AS%20n%20FROM%20t").await;
    assert_eq!(response.json(), json!([{"n": 4}]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_statement_that_fails_is_named_and_ends_the_text() {
    let server = Server::start().await;
    let text = "CREATE TABLE t AS SELECT 1 AS n;\n SELECT 1 / (n - 1) FROM t; DROP TABLE t";
    let problem = server.sql("", text).await.assert_problem(400, "division_by_zero");
    assert_eq!(problem["position"], json!({"line": 2, "column": 2}));
    let context = problem["context"].as_str().unwrap();
    assert!(context.contains("statement 2 of 3"), "{context}");
    let problem = server.sql("", "SELECT n FROM t; SELECT n,\nm FROM t").await;
    let problem = problem.assert_problem(400, "undefined_column");
    assert!(problem["context"].as_str().unwrap().contains("statement 2 of 2"), "{problem}");
    assert_eq!(problem["position"]["line"], 2);
    // Of a text with a mistake nothing is done.
    let problem = server.sql("", "DROP TABLE t; DROP t").await;
    let problem = problem.assert_problem(400, "syntax_error");
    assert_eq!(problem["position"]["line"], 1);
    assert_eq!(server.sql("", "SELECT n FROM t").await.json(), json!([{"n": 1}]));
    // Reads do not write, whatever comes before.
    let response = server.get("/v1/sql?q=SELECT%201;DROP%20TABLE%20t").await;
    response.assert_problem(403, "read_only");
    server.sql("", "; -- nothing").await.assert_problem(400, "syntax_error");
}
