//! The HTTP interface over a real connection to a server on a free port.

mod requests;
mod several;

use std::time::Duration;

use godwit_config::{AuthMode, Config, Role, Secret, Token};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::serve::Running;

struct Server {
    running: Running,
    _data: TempDir,
}

struct Response {
    status: u16,
    headers: String,
    body: Vec<u8>,
    /// Whether the body came to its proper end.
    is_whole: bool,
}

impl Server {
    async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.storage.data_dir = data.path().join("data");
        config.listen.flight_addr = "127.0.0.1:0".parse().unwrap();
        config.listen.http_addr = "127.0.0.1:0".parse().unwrap();
        config.limits.memory_bytes = Some(256 << 20);
        change(&mut config);
        Self { running: Box::pin(Running::start(config)).await.unwrap(), _data: data }
    }

    async fn connect(&self, head: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.running.http_addr()).await.unwrap();
        let host =
            if head.to_ascii_lowercase().contains("\nhost:") { "" } else { "Host: localhost\r\n" };
        let length = body.len();
        let request =
            format!("{head}\r\n{host}Content-Length: {length}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.write_all(body.as_bytes()).await.unwrap();
        stream
    }

    async fn send(&self, head: &str, body: &str) -> Response {
        let mut bytes = Vec::new();
        // A connection that breaks off still has delivered something.
        let _reset = self.connect(head, body).await.read_to_end(&mut bytes).await;
        Response::parse(&bytes)
    }

    async fn sql(&self, options: &str, sql: &str) -> Response {
        self.send(&format!("POST /v1/sql?{options} HTTP/1.1"), sql).await
    }

    async fn request(&self, body: &Json) -> Response {
        let head = "POST /v1/sql HTTP/1.1\r\nContent-Type: application/json";
        self.send(head, &body.to_string()).await
    }

    async fn get(&self, path: &str) -> Response {
        self.send(&format!("GET {path} HTTP/1.1"), "").await
    }
}

impl Response {
    fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("an answer");
        let headers = String::from_utf8(bytes[..end].to_vec()).unwrap().to_ascii_lowercase();
        let status = headers.get(9..12).unwrap().parse().unwrap();
        let rest = &bytes[end + 4..];
        let (body, is_whole) = if headers.contains("transfer-encoding: chunked") {
            unchunk(rest)
        } else {
            (rest.to_vec(), true)
        };
        Self { status, headers, body, is_whole }
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    fn assert_problem(&self, status: u16, code: &str) -> Json {
        let problem = self.json();
        assert_eq!((self.status, problem["code"].as_str()), (status, Some(code)), "{problem}");
        assert_eq!(problem["status"], status);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        problem
    }
}

fn unchunk(mut rest: &[u8]) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|window| window == b"\r\n") {
        let size = std::str::from_utf8(&rest[..end]).unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            return (body, true);
        }
        rest = &rest[end + 2..];
        if rest.len() < size + 2 {
            break;
        }
        body.extend_from_slice(&rest[..size]);
        rest = &rest[size + 2..];
    }
    (body, false)
}

/// Fails at row 3,000,000, long after the first byte is sent.
const LATE_FAILURE: &str =
    "SELECT value, 1 / (3000000 - value) AS q FROM generate_series(1, 4000000)";

#[tokio::test(flavor = "multi_thread")]
async fn sql_comes_in_every_way() {
    let server = Server::start().await;
    let expected = json!([{"one": 1}]);
    for head in [
        "POST /v1/sql HTTP/1.1",
        "POST /v1/sql HTTP/1.1\r\nContent-Type: application/sql",
        "POST /v1/sql HTTP/1.1\r\nContent-Type: text/plain; charset=utf-8",
        "POST /v1/sql HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded",
    ] {
        let response = server.send(head, "SELECT 1 AS one").await;
        assert_eq!((response.status, response.json()), (200, expected.clone()), "{head}");
        assert!(response.header("x-query-id").is_some());
        assert!(response.header("x-request-id").is_some());
        assert!(response.header("server-timing").unwrap().contains("plan;dur="));
    }
    let response = server.request(&json!({"sql": "SELECT 1 AS one"})).await;
    assert_eq!(response.json(), expected);
    let response = server.get("/v1/sql?q=SELECT%201%20AS%20one").await;
    assert_eq!(response.json(), expected);
    let response = server.get("/v1/sql?q=CREATE%20SCHEMA%20s").await;
    response.assert_problem(403, "read_only");
}

#[tokio::test(flavor = "multi_thread")]
async fn formats_are_negotiated() {
    let server = Server::start().await;
    let sql = "SELECT 1 AS n, ST_SetSRID(ST_Point(1, 2), 4326) AS g";
    for (format, media_type) in [
        ("json", "application/json"),
        ("table", "application/vnd.geo.table+json"),
        ("ndjson", "application/x-ndjson"),
        ("csv", "text/csv"),
        ("tsv", "text/tab-separated-values"),
        ("arrow", "application/vnd.apache.arrow.stream"),
        ("arrow_file", "application/vnd.apache.arrow.file"),
        ("parquet", "application/vnd.apache.parquet"),
        ("geojson", "application/geo+json"),
        ("geojsonseq", "application/geo+json-seq"),
        ("flatgeobuf", "application/flatgeobuf"),
        ("geopackage", "application/geopackage+sqlite3"),
    ] {
        let response = server.sql(&format!("format={format}"), sql).await;
        assert_eq!(response.status, 200, "{format}: {}", String::from_utf8_lossy(&response.body));
        assert!(response.header("content-type").unwrap().starts_with(media_type), "{format}");
        let head = format!("POST /v1/sql HTTP/1.1\r\nAccept: {media_type}");
        assert_eq!(server.send(&head, sql).await.body.len(), response.body.len(), "{format}");
    }
    let geojson = server.sql("format=geojson", sql).await.json();
    assert_eq!(geojson["features"][0]["geometry"]["coordinates"], json!([1, 2]));
    let wkt = server.sql("format=csv&geometry=wkt", sql).await;
    assert_eq!(wkt.text().lines().nth(1), Some("1,POINT(1 2)"));
    let table = server.sql("format=table", sql).await.json();
    assert_eq!((&table["status"], &table["row_count"]), (&json!("succeeded"), &json!(1)));
    server.sql("format=xml", sql).await.assert_problem(406, "not_acceptable");
    let head = "POST /v1/sql HTTP/1.1\r\nAccept: image/png";
    server.send(head, sql).await.assert_problem(406, "not_acceptable");
    let response = server.sql("format=geojson", "SELECT 1").await;
    response.assert_problem(422, "no_geometry_column");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_put_in_order_at_the_end_arrive_whole() {
    let server = Server::start().await;
    // More than one piece of a megabyte.
    let sql = "SELECT n, repeat('x', 100) AS t, ST_Point(n % 360 - 180, n % 180 - 90, 4326) AS g \
               FROM generate_series(1, 20000) AS s(n)";
    let file = server.sql("format=flatgeobuf", sql).await.body;
    assert!(file.starts_with(b"fgb\x03fgb") && file.len() > 2 * 1024 * 1024, "{}", file.len());
    let file = server.sql("format=geopackage", sql).await.body;
    // A database says itself how many pages it has, and how long they are.
    let page = u16::from_be_bytes([file[16], file[17]]);
    let pages = u32::from_be_bytes([file[28], file[29], file[30], file[31]]);
    assert_eq!(file.len() as u64, u64::from(page) * u64::from(pages));
    let two = "SELECT ST_Point(1, 2) AS a, ST_Point(1, 2) AS b";
    assert_eq!(server.sql("format=flatgeobuf", two).await.status, 501);
}

#[tokio::test(flavor = "multi_thread")]
async fn empty_results_are_well_formed() {
    let server = Server::start().await;
    let sql = "SELECT 1 AS n, ST_SetSRID(ST_Point(1, 2), 4326) AS g WHERE false";
    assert_eq!(server.sql("format=json", sql).await.json(), json!([]));
    assert_eq!(server.sql("format=csv", sql).await.text().lines().count(), 1);
    let geojson = server.sql("format=geojson", sql).await.json();
    assert_eq!(geojson["features"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_are_bound() {
    let server = Server::start().await;
    let point = json!({"type": "Point", "coordinates": [1, 2]});
    let body = json!({
        "sql": "SELECT $n + 1 AS n, ST_AsText($g) AS g",
        "named_params": {"n": 41, "g": {"type": "geometry", "value": point}},
    });
    assert_eq!(server.request(&body).await.json(), json!([{"n": 42, "g": "POINT(1 2)"}]));
    let body = json!({"sql": "SELECT ST_X($1) AS x, $2 AS t", "params": [point, "a'b"]});
    assert_eq!(server.request(&body).await.json(), json!([{"x": 1, "t": "a'b"}]));
    let response = server.get("/v1/sql?q=SELECT%20$1%20*%202%20AS%20n&p.1=21").await;
    assert_eq!(response.json(), json!([{"n": 42}]));
    let body = json!({"sql": "SELECT $1 AS n"});
    server.request(&body).await.assert_problem(400, "invalid_parameter");
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_without_rows_answer_one() {
    let server = Server::start().await;
    let sql = "CREATE TABLE t AS SELECT value AS n FROM generate_series(1, 10)";
    let response = server.sql("", sql).await;
    assert_eq!(response.status, 200, "{}", response.text());
    assert_eq!(response.header("x-operation"), Some("create table"));
    let row = &response.json()[0];
    assert_eq!((&row["status"], &row["operation"]), (&json!("ok"), &json!("CREATE TABLE")));
    assert_eq!(row["rows_affected"], 10);
    let response = server.sql("format=geojson", "INSERT INTO t VALUES (11)").await;
    assert_eq!(response.json()[0]["rows_affected"], 1);
    let head = "POST /v1/sql HTTP/1.1\r\nPrefer: return=minimal";
    let response = server.send(head, "DROP TABLE t").await;
    assert_eq!((response.status, response.body.len()), (204, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_say_what_to_type() {
    let server = Server::start().await;
    let problem = server.sql("", "SELEC 1").await.assert_problem(400, "syntax_error");
    assert_eq!(problem["sqlstate"], "42601");
    assert_eq!(problem["position"]["line"], 1);
    let problem = server.sql("", "SELECT *\nFROM nowhere").await;
    let problem = problem.assert_problem(400, "undefined_table");
    assert!(problem["detail"].as_str().unwrap().contains("nowhere"));
    server.sql("", "").await.assert_problem(400, "syntax_error");
    server.sql("fromat=csv", "SELECT 1").await.assert_problem(400, "invalid_parameter");
    server.get("/v1/nothing").await.assert_problem(404, "not_found");
    server.send("PUT /v1/sql HTTP/1.1", "").await.assert_problem(405, "method_not_allowed");
    let image = "POST /v1/sql HTTP/1.1\r\nContent-Type: image/png";
    server.send(image, "x").await.assert_problem(415, "unsupported_media_type");
    let broken = "POST /v1/sql HTTP/1.1\r\nContent-Type: application/json";
    server.send(broken, "{\"sql\": ").await.assert_problem(400, "invalid_text");
    server.send(broken, &"[".repeat(10_000)).await.assert_problem(400, "invalid_text");
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_are_kept() {
    let server = Server::start_with(|config| {
        config.listen.max_body_bytes = 1000;
        config.limits.max_sql_bytes = 500;
        config.limits.max_http_rows = Some(100);
        config.limits.max_http_bytes = Some(10_000);
    })
    .await;
    server.sql("", &"x".repeat(2000)).await.assert_problem(413, "limit_exceeded");
    let long = format!("SELECT '{}'", "x".repeat(600));
    server.sql("", &long).await.assert_problem(413, "limit_exceeded");
    let many = "SELECT value FROM generate_series(1, 101)";
    server.sql("", many).await.assert_problem(413, "limit_exceeded");
    assert_eq!(server.sql("limit_rows=3", many).await.json().as_array().unwrap().len(), 3);
    let wide = "SELECT repeat('x', 20000) AS x";
    server.sql("", wide).await.assert_problem(413, "limit_exceeded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_failure_breaks_the_body_off() {
    let server = Server::start().await;
    for format in ["json", "csv", "arrow"] {
        let response = server.sql(&format!("format={format}"), LATE_FAILURE).await;
        assert_eq!((response.status, response.is_whole), (200, false), "{format}");
        assert!(!response.body.is_empty());
        let id = response.header("x-query-id").unwrap();
        let query = server.get(&format!("/v1/queries/{id}")).await.json();
        assert_eq!((&query["state"], &query["sqlstate"]), (&json!("failed"), &json!("22012")));
    }
    let response = server.sql("format=table", LATE_FAILURE).await;
    assert!(response.is_whole);
    let table = response.json();
    assert_eq!(table["status"], "failed");
    assert_eq!(table["error"]["code"], "division_by_zero");
    assert_eq!(table["row_count"], table["rows"].as_array().unwrap().len());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_early_failure_gets_its_status() {
    let server = Server::start().await;
    let sql = "SELECT 1 / (value - 1) FROM generate_series(1, 10)";
    server.sql("", sql).await.assert_problem(400, "division_by_zero");
    let sql = "SELECT count(*) FROM generate_series(1, 100000000000)";
    server.sql("timeout=200ms", sql).await.assert_problem(504, "timeout");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_goes_cancels_its_query() {
    let server = Server::start().await;
    let running = "SELECT count(*) AS gone_client FROM generate_series(1, 100000000000)";
    let connection = server.connect("POST /v1/sql HTTP/1.1", running).await;
    let server = &server;
    let state = |wanted: &'static str| async move {
        for _ in 0..200 {
            let queries = server.get("/v1/queries").await.json();
            let found = queries["queries"].as_array().unwrap().iter().find(|query| {
                query["sql"].as_str().unwrap().contains("gone_client") && query["state"] == wanted
            });
            if let Some(query) = found {
                return Some(query["id"].as_str().unwrap().to_owned());
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        None
    };
    assert!(state("running").await.is_some());
    drop(connection);
    assert!(state("canceled").await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_can_be_canceled_by_its_id() {
    let server = Server::start().await;
    let sql = "SELECT count(*) FROM generate_series(1, 100000000000)";
    let cancel = async {
        loop {
            let queries = server.get("/v1/queries").await.json();
            let running = queries["queries"].as_array().unwrap().iter();
            if let Some(query) = running.clone().find(|query| query["state"] == "running") {
                let head = format!("DELETE /v1/queries/{} HTTP/1.1", query["id"].as_str().unwrap());
                return server.send(&head, "").await.status;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    };
    let (response, status) = tokio::join!(server.sql("", sql), cancel);
    assert_eq!(status, 202);
    response.assert_problem(499, "canceled");
    server.get("/v1/queries/nonsense").await.assert_problem(404, "undefined_object");
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_refused() {
    let server = Server::start_with(|config| {
        config.listen.cors_origins = vec!["https://maps.test".to_owned()];
    })
    .await;
    let post = |headers: &str| format!("POST /v1/sql HTTP/1.1\r\n{headers}");
    for headers in [
        "Host: evil.test",
        "Origin: https://evil.test",
        "Sec-Fetch-Site: cross-site",
        "Origin: null",
    ] {
        server.send(&post(headers), "SELECT 1").await.assert_problem(403, "forbidden");
    }
    let response = server.send(&post("Origin: https://maps.test"), "SELECT 1").await;
    assert_eq!(response.status, 200);
    assert_eq!(response.header("access-control-allow-origin"), Some("https://maps.test"));
    let preflight = "OPTIONS /v1/sql HTTP/1.1\r\nOrigin: https://maps.test\r\n\
                     Access-Control-Request-Method: POST";
    let response = server.send(preflight, "").await;
    assert_eq!(response.status, 204);
    assert!(response.header("access-control-allow-methods").unwrap().contains("post"));
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_asked_for() {
    let server = Server::start_with(|config| {
        config.auth.mode = AuthMode::Required;
        config.auth.tokens = vec![Token {
            name: "dashboard".to_owned(),
            value: Some(Secret::new("s3cret")),
            sha256: None,
            role: Role::Reader,
        }];
    })
    .await;
    let response = server.sql("", "SELECT 1").await;
    response.assert_problem(401, "unauthenticated");
    assert!(response.header("www-authenticate").is_some());
    let with = |header: &str| format!("POST /v1/sql HTTP/1.1\r\n{header}");
    for header in [
        "Authorization: Bearer s3cret",
        "X-API-Key: s3cret",
        // dashboard:s3cret
        "Authorization: Basic ZGFzaGJvYXJkOnMzY3JldA==",
    ] {
        assert_eq!(server.send(&with(header), "SELECT 1").await.status, 200, "{header}");
        let ddl = server.send(&with(header), "CREATE SCHEMA s").await;
        ddl.assert_problem(403, "permission_denied");
    }
    for header in ["Authorization: Bearer wrong", "Authorization: Digest x", "X-API-Key: "] {
        let response = server.send(&with(header), "SELECT 1").await;
        response.assert_problem(401, "unauthenticated");
    }
    assert_eq!(server.get("/v1/catalogs").await.status, 401);
    assert_eq!(server.get("/metrics").await.status, 401);
    assert_eq!(server.get("/livez").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalog_can_be_walked() {
    let server = Server::start().await;
    let sql = "CREATE VIEW places AS SELECT 1 AS id, ST_SetSRID(ST_Point(1, 2), 4326) AS geom";
    assert_eq!(server.sql("", sql).await.status, 200);
    assert_eq!(server.get("/v1/catalogs").await.json()["catalogs"][0]["name"], "godwit");
    let schemas = server.get("/v1/catalogs/godwit/schemas").await.text().to_owned();
    assert!(schemas.contains("\"public\""), "{schemas}");
    let tables = server.get("/v1/catalogs/godwit/schemas/public/tables").await.json();
    let mut tables = tables["tables"].as_array().unwrap().iter();
    assert_eq!(tables.find(|table| table["name"] == "places").unwrap()["type"], "VIEW");
    let table = server.get("/v1/catalogs/godwit/schemas/public/tables/places").await.json();
    assert_eq!(table["columns"][0]["type"], "BIGINT");
    assert_eq!(table["columns"][1]["type"], "GEOMETRY");
    assert_eq!(table["columns"][1]["crs"], "EPSG:4326");
    let missing = server.get("/v1/catalogs/godwit/schemas/public/tables/p%25").await;
    missing.assert_problem(404, "undefined_table");
    server.get("/v1/catalogs/other/schemas").await.assert_problem(404, "undefined_object");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_describes_itself() {
    let server = Server::start().await;
    assert!(server.get("/").await.text().contains("curl -d"));
    assert_eq!(server.get("/version").await.json()["name"], "godwit");
    let openapi = server.get("/openapi.json").await.json();
    assert!(openapi["paths"]["/v1/sql"]["post"].is_object());
    assert!(openapi["paths"]["/v1/queries/{id}"]["delete"].is_object());
    let functions = server.get("/v1/functions").await.json();
    assert!(functions["functions"].as_array().unwrap().len() > 50);
    let formats = server.get("/v1/formats").await.json();
    assert!(formats["formats"].as_array().unwrap().len() >= 7);
    let metrics = server.get("/metrics").await;
    assert!(metrics.text().contains("godwit_memory_limit_bytes"));
    assert!(metrics.text().contains("godwit_requests_total{protocol=\"http\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draining_server_says_so() {
    let server = Server::start().await;
    assert_eq!(server.get("/readyz").await.status, 200);
    server.running.drain.begin();
    assert_eq!(server.get("/readyz").await.status, 503);
    assert_eq!(server.get("/livez").await.status, 200);
    let address = server.running.http_addr();
    server.running.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_compressed_on_request() {
    let server = Server::start().await;
    let sql = "SELECT value FROM generate_series(1, 1000)";
    let plain = server.sql("", sql).await;
    let head = "POST /v1/sql HTTP/1.1\r\nAccept-Encoding: gzip";
    let packed = server.send(head, sql).await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    let mut text = String::new();
    let mut decoder = flate2::read::GzDecoder::new(&packed.body[..]);
    std::io::Read::read_to_string(&mut decoder, &mut text).unwrap();
    assert_eq!(text, plain.text());
}
