//! What a request may say, and how.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Response, Server};

#[tokio::test(flavor = "multi_thread")]
async fn lists_and_features_are_parameters() {
    let server = Server::start().await;
    let sql = "SELECT n FROM (VALUES (1), (2), (3)) AS t(n) WHERE n = ANY($1) ORDER BY n";
    let response = server.request(&json!({"sql": sql, "params": [[3, 1, null]]})).await;
    assert_eq!(response.json(), json!([{"n": 1}, {"n": 3}]));
    let response = server.request(&json!({"sql": sql, "params": [[]]})).await;
    assert_eq!(response.json(), json!([]));
    let sql = "SELECT DATE '2026-01-02' = ANY($1) AS days, 'b' = ANY($2) AS names";
    let days = json!({"type": "DATE[]", "value": ["2026-01-01", "2026-01-02"]});
    let response = server.request(&json!({"sql": sql, "params": [days, ["a", "b"]]})).await;
    assert_eq!(response.json(), json!([{"days": true, "names": true}]));
    let point = json!({"type": "Point", "coordinates": [1, 2]});
    let feature = json!({"type": "Feature", "properties": {"a": 1}, "geometry": point});
    let body = json!({"sql": "SELECT ST_AsText($1) AS t", "params": [feature]});
    assert_eq!(server.request(&body).await.json(), json!([{"t": "POINT(1 2)"}]));
    for wrong in [json!([1, "a"]), json!([[1]]), json!({"type": "DATE", "value": "soon"})] {
        let body = json!({"sql": "SELECT $1 AS v", "params": [wrong]});
        server.request(&body).await.assert_problem(400, "invalid_text");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_must_be_there() {
    let server = Server::start().await;
    let response = server.sql("schema=INFORMATION_SCHEMA", "SELECT count(*) > 0 AS c FROM tables");
    assert_eq!(response.await.json(), json!([{"c": true}]));
    assert_eq!(server.sql("schema=", "SELECT 1").await.status, 200);
    let response = server.sql("schema=no_such_schema", "SELECT 1").await;
    let problem = response.assert_problem(400, "undefined_schema");
    assert_eq!(problem["sqlstate"], "3F000");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_whose_rows_are_cut_has_succeeded() {
    let server = Server::start().await;
    for limit in [0, 3] {
        let sql = "SELECT value FROM generate_series(1, 100000000)";
        let response = server.sql(&format!("limit_rows={limit}"), sql).await;
        assert_eq!(response.json().as_array().unwrap().len(), limit);
        let id = response.header("x-query-id").unwrap();
        let query = server.get(&format!("/v1/queries/{id}")).await.json();
        assert_eq!(query["state"], "succeeded");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_texts() {
    let server = Server::start().await;
    let response = server.sql("", "\u{feff}SELECT 1 AS n").await;
    assert_eq!(response.json(), json!([{"n": 1}]));
    assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
    let head = "POST /v1/sql HTTP/1.1\r\nContent-Encoding: ";
    let response = server.send(&format!("{head}br"), "SELECT 1").await;
    response.assert_problem(415, "unsupported_media_type");
    let response = server.send(&format!("{head}gzip"), "SELECT 1").await;
    response.assert_problem(400, "invalid_text");
    assert_eq!(server.send(&format!("{head}identity"), "SELECT 1").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn methods_that_clients_invent_are_counted_as_one() {
    let server = Server::start().await;
    for method in ["DANCE", "SING"] {
        let response = server.send(&format!("{method} /v1/nowhere HTTP/1.1"), "").await;
        response.assert_problem(404, "not_found");
    }
    let metrics = server.get("/metrics").await;
    assert!(metrics.text().contains("method=\"other other\""), "{}", metrics.text());
    assert!(!metrics.text().contains("DANCE"), "{}", metrics.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_may_be_compressed() {
    let server = Server::start().await;
    let packed = zstd::stream::encode_all(&b"SELECT 1 AS n"[..], 1).unwrap();
    let mut stream = TcpStream::connect(server.running.http_addr()).await.unwrap();
    let head = format!(
        "POST /v1/sql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Encoding: zstd\r\nContent-Length: {}\r\n\r\n",
        packed.len()
    );
    stream.write_all(&[head.as_bytes(), &packed].concat()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    assert_eq!(Response::parse(&bytes).json(), json!([{"n": 1}]));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stands_still_is_given_up_on() {
    let server = Server::start().await;
    let (http, flight) = (server.running.http_addr(), server.running.flight_addr());
    for (address, begin) in [(http, ""), (http, "PRI * HT"), (flight, "PRI * HT")] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(begin.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        // Whether the connection is closed or reset does not matter.
        let read = timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes)).await;
        assert!(read.is_ok(), "{address} waits for ever behind \"{begin}\"");
    }
    let mut stream = TcpStream::connect(http).await.unwrap();
    let head = "POST /v1/sql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nSEL";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let read = timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes)).await;
    assert!(read.is_ok(), "the server waits for ever for a body");
    Response::parse(&bytes).assert_problem(408, "request_timeout");
}
