//! Credentials, and handles that were changed or stolen.

use arrow_flight::sql::{ProstMessageExt as _, TicketStatementQuery};
use godwit_config::{AuthMode, Role, Secret, Token};
use prost::Message as _;
use tonic::Code;

use super::super::command;
use super::*;

fn required() -> Auth {
    let token = |name: &str, role| Token {
        name: name.to_owned(),
        value: Some(Secret::new(format!("{name}-secret"))),
        sha256: None,
        role,
    };
    Auth {
        mode: AuthMode::Required,
        tokens: vec![token("ada", Role::Admin), token("rita", Role::Reader)],
        ..Auth::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_needs_credentials() {
    let server = TestServer::start_with(required()).await;
    let mut client = server.connect().await;
    let anonymous = status(client.execute("SELECT 1".to_owned(), None).await.unwrap_err());
    assert_eq!(anonymous.code(), Code::Unauthenticated);
    assert_eq!(anonymous.metadata().get("x-sqlstate").unwrap(), "28000");
    client.set_token("nobody-secret".to_owned());
    let wrong = status(client.execute("SELECT 1".to_owned(), None).await.unwrap_err());
    assert_eq!(wrong.code(), Code::Unauthenticated);
    client.set_token("ada-secret".to_owned());
    assert_eq!(query(&mut client, "SELECT 1").await[0].num_rows(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handshake_trades_a_password_for_a_token() {
    let server = TestServer::start_with(required()).await;
    let mut client = server.connect().await;
    assert!(client.handshake("ada", "wrong").await.is_err());
    let payload = client.handshake("ada", "ada-secret").await.unwrap();
    assert_eq!(client.token().unwrap().as_bytes(), &payload[..]);
    assert_eq!(query(&mut client, "SELECT 1").await[0].num_rows(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn anonymous_clients_may_shake_hands_where_they_are_served() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    client.handshake("", "").await.unwrap();
    assert_eq!(query(&mut client, "SELECT 1").await[0].num_rows(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_change_nothing() {
    let server = TestServer::start_with(required()).await;
    let mut client = server.connect().await;
    client.set_token("rita-secret".to_owned());
    let sql = "CREATE TABLE t AS SELECT 1 AS n".to_owned();
    let refused = status(client.execute(sql, None).await.unwrap_err());
    assert_eq!(refused.code(), Code::PermissionDenied);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_serves_only_who_got_it() {
    let server = TestServer::start_with(required()).await;
    let mut client = server.connect().await;
    client.set_token("ada-secret".to_owned());
    let info = client.execute("SELECT 1".to_owned(), None).await.unwrap();
    client.set_token("rita-secret".to_owned());
    let stolen = status(client.do_get(ticket(&info)).await.unwrap_err());
    assert_eq!(stolen.code(), Code::PermissionDenied);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_ticket_is_refused() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let info = client.execute("SELECT 1".to_owned(), None).await.unwrap();
    let command = command::of_bytes(&ticket(&info).ticket).unwrap();
    let arrow_flight::sql::Command::TicketStatementQuery(mut inner) = command else { panic!() };
    let mut handle = inner.statement_handle.to_vec();
    let last = handle.len() - 1;
    handle[last] ^= 1;
    inner = TicketStatementQuery { statement_handle: handle.into() };
    let changed = Ticket { ticket: inner.as_any().encode_to_vec().into() };
    let refused = status(client.do_get(changed).await.unwrap_err());
    assert_eq!(refused.code(), Code::InvalidArgument);
    for ticket in [&b""[..], b"\xff\xff", b"\x0a\xff\xff\xff\xff\x0f"] {
        let ticket = Ticket { ticket: ticket.to_vec().into() };
        assert_eq!(status(client.do_get(ticket).await.unwrap_err()).code(), Code::InvalidArgument);
    }
    assert_eq!(query(&mut client, "SELECT 1").await[0].num_rows(), 1);
}
