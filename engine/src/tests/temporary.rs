//! What belongs to a session goes with it.

use std::time::Duration;

use super::{Fixture, refused, rows};
use crate::{Code, Principal, Protocol, Session, SessionOptions};

fn hidden_schema(session: &Session) -> String {
    let temporary = session.scope().temporary.expect("a session");
    temporary.schema().expect("made").to_owned()
}

async fn is_gone(fixture: &Fixture, schema: &str) {
    let catalog = &fixture.session.engine().catalog;
    while catalog.has_schema(schema) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_takes_its_tables_along() {
    let fixture = Fixture::new().await;
    let session = fixture.engine.session(Principal::local("ada"), SessionOptions::default());
    session.execute("CREATE TEMP TABLE t AS SELECT 1 AS n", Vec::new()).await.expect("runs");
    session.execute("CREATE TEMP VIEW v AS SELECT n FROM t", Vec::new()).await.expect("runs");
    let schema = hidden_schema(&session);
    let catalog = &fixture.session.engine().catalog;
    assert!(catalog.has_schema(&schema));
    assert!(!catalog.schema_names().contains(&schema));
    assert_eq!(fixture.refused("SELECT * FROM t").await.code, Code::UndefinedTable);
    let named = format!("SELECT * FROM \"{schema}\".t");
    assert!(
        [Code::UndefinedTable, Code::UndefinedSchema].contains(&fixture.refused(&named).await.code)
    );
    let curious = SessionOptions { schema: Some(schema.clone()), ..SessionOptions::default() };
    let stranger = fixture.engine.session(Principal::local("eve"), curious);
    assert_eq!(refused(&stranger, "SELECT * FROM t").await.code, Code::UndefinedTable);

    let other =
        session.with_options(SessionOptions { max_rows: Some(9), ..SessionOptions::default() });
    assert!(other.is_same(&session) && !stranger.is_same(&session));
    assert_eq!(rows(&other, "SELECT n FROM v", Vec::new()).await.expect("runs"), "n\n1");
    session.end();
    is_gone(&fixture, &schema).await;
    assert_eq!(refused(&other, "SELECT n FROM v").await.code, Code::UndefinedTable);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_to_hold_a_session_ends_it() {
    let fixture = Fixture::new().await;
    let session = fixture.engine.session(Principal::local("ada"), SessionOptions::default());
    session.execute("CREATE TEMP TABLE t (n INT)", Vec::new()).await.expect("runs");
    let schema = hidden_schema(&session);
    let plan = session.prepare("SELECT n FROM t").await.expect("plans");
    drop(session);
    assert!(fixture.session.engine().catalog.has_schema(&schema));
    drop(plan);
    is_gone(&fixture, &schema).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_protocol_without_sessions_says_what_to_do() {
    let fixture = Fixture::new().await;
    let options = SessionOptions { protocol: Protocol::Http, ..SessionOptions::default() };
    let session = fixture.engine.session(Principal::local("ada"), options);
    for sql in ["CREATE TEMP TABLE t AS SELECT 1 AS n", "CREATE TABLE temp.t (n INT)"] {
        let error = refused(&session, sql).await;
        assert_eq!(error.code, Code::Unsupported, "{sql}");
        assert!(error.hint.is_some_and(|hint| hint.contains("WITH")));
    }
}
