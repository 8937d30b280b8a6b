//! Session options, set by action or by header.

use std::collections::HashMap;

use arrow::array::AsArray as _;
use arrow_flight::Action;
use prost::Message;
use tonic::Code;

use super::super::session_messages::{
    CloseResult, CloseStatus, OptionValue, SessionOptions, SetErrorValue, SetResult, Value,
};
use super::*;

async fn act<M: Message + Default>(client: &mut Client, name: &str, body: &impl Message) -> M {
    let action = Action { r#type: name.to_owned(), body: body.encode_to_vec().into() };
    let mut results = client.do_action(action).await.unwrap();
    M::decode(results.message().await.unwrap().unwrap().body).unwrap()
}

fn options(pairs: &[(&str, &str)]) -> SessionOptions {
    let value = |text: &str| OptionValue { value: Some(Value::Text(text.to_owned())) };
    let pairs = pairs.iter().map(|(name, text)| ((*name).to_owned(), value(text)));
    SessionOptions { options: pairs.collect::<HashMap<_, _>>() }
}

#[tokio::test(flavor = "multi_thread")]
async fn options_last_as_long_as_the_session() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let set = options(&[
        ("geometry_format", "wkt"),
        ("compression", "7z"),
        ("timezone", "Mars/Olympus"),
        ("colour", "red"),
    ]);
    let result: SetResult = act(&mut client, "SetSessionOptions", &set).await;
    assert_eq!(result.errors.len(), 3);
    assert_eq!(result.errors["compression"].value(), SetErrorValue::InvalidValue);
    assert_eq!(result.errors["timezone"].value(), SetErrorValue::InvalidValue);
    assert_eq!(result.errors["colour"].value(), SetErrorValue::InvalidName);
    let found: SessionOptions = act(&mut client, "GetSessionOptions", &options(&[])).await;
    for pair in [("geometry_format", "wkt"), ("catalog", "godwit"), ("schema", "public")] {
        assert_eq!(found.options[pair.0], options(&[pair]).options[pair.0]);
    }
    let batches = query(&mut client, "SELECT ST_Point(1, 2) AS g").await;
    let text = batches[0].column(0).as_string::<i32>().value(0).replace(' ', "");
    assert_eq!(text, "POINT(12)");

    let mut other = server.connect().await;
    assert!(
        query(&mut other, "SELECT ST_Point(1, 2) AS g").await[0]
            .column(0)
            .as_binary_opt::<i32>()
            .is_some()
    );
    let closed: CloseResult = act(&mut client, "CloseSession", &options(&[])).await;
    assert_eq!(closed.status(), CloseStatus::Closed);
    let found: SessionOptions = act(&mut client, "GetSessionOptions", &options(&[])).await;
    assert_eq!(found.options["geometry_format"], options(&[("x", "wkb")]).options["x"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_exist_is_not_found_and_nothing_is_set() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    for (name, state) in [("catalog", "42704"), ("schema", "3F000")] {
        let set = options(&[("geometry_format", "wkt"), (name, "nowhere")]);
        let body = set.encode_to_vec().into();
        let action = Action { r#type: "SetSessionOptions".to_owned(), body };
        let refused = status(client.do_action(action).await.unwrap_err());
        assert_eq!(refused.code(), Code::NotFound, "{}", refused.message());
        assert_eq!(refused.metadata().get("x-sqlstate").unwrap(), state);
        let found: SessionOptions = act(&mut client, "GetSessionOptions", &options(&[])).await;
        assert_eq!(found.options["geometry_format"], options(&[("x", "wkb")]).options["x"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_changes_one_call() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    client.execute_update("CREATE SCHEMA raw".to_owned(), None).await.unwrap();
    client.execute_update("CREATE TABLE raw.t AS SELECT 1 AS n".to_owned(), None).await.unwrap();
    client.set_header("schema", "raw");
    assert_eq!(query(&mut client, "SELECT n FROM t").await[0].num_rows(), 1);
    client.set_header("geometry_format", "svg");
    let refused = status(client.execute("SELECT 1".to_owned(), None).await.unwrap_err());
    assert_eq!(refused.code(), Code::InvalidArgument);
    let mut other = server.connect().await;
    other.set_header("schema", "nowhere");
    let refused = status(other.execute("SELECT 1".to_owned(), None).await.unwrap_err());
    assert_eq!(refused.code(), Code::NotFound);
    assert_eq!(refused.metadata().get("x-sqlstate").unwrap(), "3F000");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_changes_the_session_of_its_connection() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    for sql in ["CREATE SCHEMA raw", "CREATE TABLE raw.t AS SELECT 1 AS n", "USE raw"] {
        client.execute_update(sql.to_owned(), None).await.unwrap();
    }
    assert_eq!(query(&mut client, "SELECT n FROM t").await[0].num_rows(), 1);
    let found: SessionOptions = act(&mut client, "GetSessionOptions", &options(&[])).await;
    assert_eq!(found.options["schema"], options(&[("x", "raw")]).options["x"]);
    let mut other = server.connect().await;
    assert!(other.execute("SELECT n FROM t".to_owned(), None).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_option_leaves_what_statements_have_set() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let statements = [
        "CREATE SCHEMA raw",
        "USE raw",
        "SET timezone = 'Asia/Tokyo'",
        "SET query_timeout = '20s'",
        "SET datafusion.execution.batch_size = 100",
    ];
    for sql in statements {
        client.execute_update(sql.to_owned(), None).await.unwrap();
    }
    let left = [("schema", "raw"), ("timezone", "Asia/Tokyo"), ("query_timeout", "20")];
    for set in [("geometry_format", "wkt"), ("query_timeout", "20")] {
        let _done: SetResult = act(&mut client, "SetSessionOptions", &options(&[set])).await;
        let found: SessionOptions = act(&mut client, "GetSessionOptions", &options(&[])).await;
        for pair in left {
            assert_eq!(found.options[pair.0], options(&[pair]).options[pair.0]);
        }
    }
    for (name, value) in [("timezone", "Asia/Tokyo"), ("datafusion.execution.batch_size", "100")] {
        let shown = query(&mut client, &format!("SHOW {name}")).await;
        assert_eq!(shown[0].column(1).as_string::<i32>().value(0), value);
    }
    let later = options(&[("timezone", "Europe/Berlin")]);
    let _done: SetResult = act(&mut client, "SetSessionOptions", &later).await;
    let found = query(&mut client, "SELECT current_schema()").await;
    assert_eq!(found[0].column(0).as_string::<i32>().value(0), "raw");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_done_is_said() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    for name in ["BeginTransaction", "CreatePreparedSubstraitPlan", "Dance"] {
        let action = Action { r#type: name.to_owned(), body: bytes::Bytes::new() };
        let refused = status(client.do_action(action).await.unwrap_err());
        assert_eq!(refused.code(), Code::Unimplemented, "{name}");
        assert!(!refused.message().is_empty());
    }
}
