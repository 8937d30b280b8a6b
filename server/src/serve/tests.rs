//! A server whose statements keep their threads.

use std::net::SocketAddr;
use std::num::NonZero;
use std::time::Duration;

use godwit_config::Config;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::Running;

/// A query whose one call computes for seconds without giving its thread up.
const LONG: &str = "SELECT levenshtein(repeat('a', 25000), repeat('b', 25000))";

async fn answer(address: SocketAddr, request: String) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

fn sql(sql: &str) -> String {
    format!(
        "POST /v1/sql?format=csv HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n{sql}",
        sql.len()
    )
}

#[tokio::test]
async fn statements_that_keep_their_threads_stop_nobody() {
    let data = tempfile::tempdir().unwrap();
    let mut config = Config::default();
    config.storage.data_dir = data.path().join("data");
    config.listen.flight_addr = "127.0.0.1:0".parse().unwrap();
    config.listen.http_addr = "127.0.0.1:0".parse().unwrap();
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    config.limits.max_concurrent_queries = Some(cores + 1);
    let server = Box::pin(Running::start(config)).await.unwrap();
    let address = server.http_addr();

    let mut long = JoinSet::new();
    for _ in 0..cores {
        long.spawn(answer(address, sql(LONG)));
    }
    while server.engine().metrics().queries_running < cores {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    for _ in 0..3 {
        let live = "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        let live = answer(address, live.to_owned()).await;
        assert!(live.starts_with("HTTP/1.1 200"), "{live}");
        let one = answer(address, sql("SELECT 1 AS one")).await;
        assert!(one.contains("one\n1") || one.contains("one\r\n1"), "{one}");
    }
    assert!(long.try_join_next().is_none(), "the long queries still run");
}
