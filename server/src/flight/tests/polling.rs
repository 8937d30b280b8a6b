//! Statements that are polled, and endpoints that are renewed.

use std::time::Duration;

use arrow_flight::sql::{CommandStatementQuery, ProstMessageExt as _};
use arrow_flight::{
    Action, CancelFlightInfoRequest, CancelFlightInfoResult, CancelStatus, FlightDescriptor,
    FlightEndpoint, PollInfo, RenewFlightEndpointRequest,
};
use prost::Message as _;
use tonic::{Code, Request};

use super::*;

/// Writes for much longer than any test waits.
const LONG: &str = "CREATE TABLE long AS SELECT a.value AS n FROM generate_series(1, 100000000) AS a \
                    CROSS JOIN generate_series(1, 1000) AS b WHERE sin(a.value) * b.value > 2000";

fn statement(sql: &str) -> FlightDescriptor {
    let command = CommandStatementQuery { query: sql.to_owned(), transaction_id: None };
    FlightDescriptor::new_cmd(command.as_any().encode_to_vec())
}

async fn poll(client: &mut Client, descriptor: FlightDescriptor) -> Result<PollInfo, Status> {
    let mut request = Request::new(descriptor);
    // The server answers in half the time that the client waits.
    request.set_timeout(Duration::from_secs(2));
    Ok(client.inner_mut().poll_flight_info(request).await?.into_inner())
}

/// Polls a statement to its end.
async fn ended(client: &mut Client, mut descriptor: FlightDescriptor) -> FlightInfo {
    loop {
        let polled = poll(client, descriptor).await.unwrap();
        match polled.flight_descriptor {
            Some(again) => descriptor = again,
            None => return polled.info.unwrap(),
        }
    }
}

async fn act(client: &mut Client, name: &str, body: Vec<u8>) -> bytes::Bytes {
    let action = Action { r#type: name.to_owned(), body: body.into() };
    let mut results = client.do_action(action).await.unwrap();
    results.message().await.unwrap().unwrap().body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_statement_runs_until_it_is_canceled() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let first = poll(&mut client, statement(LONG)).await.unwrap();
    let again = first.flight_descriptor.unwrap();
    assert!(first.expiration_time.is_some() && first.progress.is_none());
    let info = first.info.unwrap();
    assert_eq!(info.flight_descriptor.as_ref(), Some(&statement(LONG)));
    assert!(info.endpoint.is_empty());
    let second = poll(&mut client, again.clone()).await.unwrap();
    let again = second.flight_descriptor.unwrap();
    let runs = |server: &TestServer| {
        server.engine.queries().iter().any(|query| query.sql == LONG && !query.state.is_ended())
    };
    assert!(runs(&server));

    let request = CancelFlightInfoRequest { info: Some(info) };
    let body = act(&mut client, "CancelFlightInfo", request.encode_to_vec()).await;
    let result = CancelFlightInfoResult::decode(body).unwrap();
    assert_eq!(result.status(), CancelStatus::Cancelled);
    let refused = poll(&mut client, again).await.unwrap_err();
    assert_eq!(refused.code(), Code::NotFound, "{refused}");
    while runs(&server) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(client.execute("SELECT * FROM long".to_owned(), None).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_statement_and_a_query_end_with_the_first_answer() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let made = poll(&mut client, statement("CREATE TABLE t AS SELECT 1 AS n")).await.unwrap();
    assert!(made.flight_descriptor.is_none());
    assert_eq!((made.progress, made.info.unwrap().total_records), (Some(1.0), 1));
    let found = poll(&mut client, statement("SELECT n FROM t")).await.unwrap();
    assert!(found.flight_descriptor.is_none());
    let (_, rows) = fetch(&mut client, &found.info.unwrap()).await;
    assert_eq!(rows[0].num_rows(), 1);
    let refused = poll(&mut client, statement("CREATE TABLE t AS SELECT 1 AS n")).await;
    assert_eq!(refused.unwrap_err().code(), Code::AlreadyExists);
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_before_the_last_run_while_they_are_polled() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let text = "CREATE TABLE t AS SELECT 1 AS n; INSERT INTO t VALUES (2); SELECT n FROM t";
    let info = ended(&mut client, statement(text)).await;
    let (_, rows) = fetch(&mut client, &info).await;
    assert_eq!(rows.iter().map(RecordBatch::num_rows).sum::<usize>(), 2);
    let last = ended(&mut client, statement("SELECT 1 AS n; DELETE FROM t")).await;
    assert_eq!(last.total_records, 2);

    // The first call answers although the first statement runs on.
    let endless = format!("{LONG}; SELECT 1 AS n");
    let first = poll(&mut client, statement(&endless)).await.unwrap();
    assert!(first.flight_descriptor.is_some() && first.progress.is_none());
    let request = CancelFlightInfoRequest { info: first.info };
    let body = act(&mut client, "CancelFlightInfo", request.encode_to_vec()).await;
    let result = CancelFlightInfoResult::decode(body).unwrap();
    assert_eq!(result.status(), CancelStatus::Cancelled);
    let refused = poll(&mut client, first.flight_descriptor.unwrap()).await.unwrap_err();
    assert_eq!(refused.code(), Code::NotFound, "{refused}");
    let wrong = poll(&mut client, statement("SELECT 1 AS n;\nSELECT nope")).await.unwrap_err();
    assert_eq!(wrong.code(), Code::InvalidArgument, "{wrong}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_no_statement_cannot_be_polled() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let info = client.execute("SELECT 1 AS n".to_owned(), None).await.unwrap();
    let other = FlightDescriptor::new_cmd(ticket(&info).ticket);
    assert_eq!(poll(&mut client, other).await.unwrap_err().code(), Code::InvalidArgument);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_is_renewed() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    // A text of this length waits in the server.
    let long = format!("SELECT 1 AS n -- {}", "x".repeat(100_000));
    for sql in ["SELECT 1 AS n", long.as_str()] {
        let info = client.execute(sql.to_owned(), None).await.unwrap();
        assert!(info.endpoint[0].expiration_time.is_some());
        let request = RenewFlightEndpointRequest { endpoint: Some(info.endpoint[0].clone()) };
        let body = act(&mut client, "RenewFlightEndpoint", request.encode_to_vec()).await;
        let renewed = FlightEndpoint::decode(body).unwrap();
        assert!(renewed.expiration_time.is_some());
        let info = FlightInfo { endpoint: vec![renewed], ..info };
        assert_eq!(fetch(&mut client, &info).await.1[0].num_rows(), 1);
    }
    let catalogs = client.get_catalogs().await.unwrap();
    let request = RenewFlightEndpointRequest { endpoint: Some(catalogs.endpoint[0].clone()) };
    let body = act(&mut client, "RenewFlightEndpoint", request.encode_to_vec()).await;
    assert_eq!(FlightEndpoint::decode(body).unwrap(), catalogs.endpoint[0]);
    let foreign = RenewFlightEndpointRequest {
        endpoint: Some(FlightEndpoint {
            ticket: Some(Ticket { ticket: vec![0xff].into() }),
            ..FlightEndpoint::default()
        }),
    };
    let action =
        Action { r#type: "RenewFlightEndpoint".to_owned(), body: foreign.encode_to_vec().into() };
    let refused = status(client.do_action(action).await.unwrap_err());
    assert_eq!(refused.code(), Code::InvalidArgument);
}
