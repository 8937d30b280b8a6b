//! Statements: planned, executed once, bound, replayed, canceled.

use arrow::array::{ArrayRef, AsArray as _, Int64Array, StringArray};
use arrow::datatypes::{DataType, Field, Int64Type};
use arrow_flight::sql::{
    Any, CommandGetTables, CommandPreparedStatementQuery, CommandStatementQuery,
    ProstMessageExt as _,
};
use arrow_flight::{Action, CancelFlightInfoRequest, CancelFlightInfoResult, FlightDescriptor};
use prost::Message as _;
use tonic::Code;

use super::super::prepared::CreatedStatement;
use super::*;

const MIXED: &str = "SELECT 1 AS n, 'a' AS t, ST_SetSRID(ST_Point(1, 2), 4326) AS g, \
                     arrow_cast('x', 'Dictionary(Int32, Utf8)') AS d, now() AS z";

/// Returns the schema that a table has in the listing of tables.
async fn listed_schema(client: &mut Client, table: &str) -> Schema {
    let request = CommandGetTables {
        table_name_filter_pattern: Some(table.to_owned()),
        include_schema: true,
        ..CommandGetTables::default()
    };
    let info = client.get_tables(request).await.unwrap();
    let (_, tables) = fetch(client, &info).await;
    let bytes = tables[0].column(4).as_binary::<i32>().value(0).to_vec();
    Schema::try_from(IpcMessage(bytes.into())).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn five_places_announce_one_schema() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    client.execute_update(format!("CREATE VIEW v AS {MIXED}"), None).await.unwrap();
    let sql = "SELECT * FROM v".to_owned();

    let info = client.execute(sql.clone(), None).await.unwrap();
    let described = info_schema(&info);
    let (streamed, _) = fetch(&mut client, &info).await;
    let prepared = client.prepare(sql.clone(), None).await.unwrap();
    let command = CommandStatementQuery { query: sql, transaction_id: None };
    let descriptor = FlightDescriptor::new_cmd(command.as_any().encode_to_vec());
    let result = client.inner_mut().get_schema(descriptor).await.unwrap().into_inner();
    let announced = Schema::try_from(&result).unwrap();
    let listed = listed_schema(&mut client, "v").await;

    assert_eq!(described, *streamed);
    assert_eq!(described, *prepared.dataset_schema().unwrap());
    assert_eq!(described, announced);
    // The listing says of which table the columns are, and nothing else differs.
    let mut listed: Vec<_> = listed.fields().iter().map(|field| field.as_ref().clone()).collect();
    for field in &mut listed {
        field.metadata_mut().retain(|key, _| {
            !["CATALOG_NAME", "DB_SCHEMA_NAME", "SCHEMA_NAME", "TABLE_NAME"]
                .iter()
                .any(|name| key.strip_prefix("ARROW:FLIGHT:SQL:") == Some(name))
        });
    }
    assert_eq!(described, Schema::new(listed));
    assert!(described.fields().iter().all(|field| field.is_nullable()));
    assert_eq!(described.field(3).data_type(), &DataType::Utf8);
    let geometry = described.field(2);
    assert_eq!(geometry.data_type(), &DataType::Binary);
    assert_eq!(geometry.metadata()["ARROW:extension:name"], "geoarrow.wkb");
    assert_eq!(geometry.metadata()["ARROW:FLIGHT:SQL:TYPE_NAME"], "GEOMETRY");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_definition_runs_once_when_it_is_described() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let sql = "CREATE TABLE t AS SELECT * FROM (VALUES (1), (2), (3)) AS v(n)";
    let info = client.execute(sql.to_owned(), None).await.unwrap();
    assert_eq!(info.total_records, 3);
    assert_eq!(count(&mut client, "SELECT count(*) FROM t").await, 3);
    for _ in 0..2 {
        let (_, batches) = fetch(&mut client, &info).await;
        assert_eq!(batches[0].column(0).as_primitive::<Int64Type>().value(0), 3);
    }
    let insert = client.execute("INSERT INTO t VALUES (4)".to_owned(), None).await.unwrap();
    fetch(&mut client, &insert).await;
    assert_eq!(count(&mut client, "SELECT count(*) FROM t").await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_returns_rows_and_writes_is_executed_once() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    client.execute_update("CREATE TABLE t (n BIGINT)".to_owned(), None).await.unwrap();
    let sql = "INSERT INTO t VALUES (1), (2) RETURNING n".to_owned();
    let info = client.execute(sql.clone(), None).await.unwrap();
    assert_eq!(count(&mut client, "SELECT count(*) FROM t").await, 0);
    let (_, batches) = fetch(&mut client, &info).await;
    assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 2);
    assert!(client.do_get(ticket(&info)).await.is_err());
    assert_eq!(count(&mut client, "SELECT count(*) FROM t").await, 2);
    assert_eq!(client.execute_update(sql, None).await.unwrap(), 2);
    assert_eq!(count(&mut client, "SELECT count(*) FROM t").await, 4);
    assert_eq!(create(&mut client, "DELETE FROM t RETURNING *").await.is_update, Some(false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_of_texts_tells_their_length() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let sql = "CREATE TABLE t (a VARCHAR(7), b VARCHAR)".to_owned();
    client.execute_update(sql, None).await.unwrap();
    let listed = listed_schema(&mut client, "t").await;
    let length = |index| {
        let field: &Field = listed.field(index);
        field.metadata().get("ARROW:FLIGHT:SQL:PRECISION").cloned()
    };
    assert_eq!((length(0).as_deref(), length(1)), (Some("7"), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn preparing_executes_nothing_and_tells_updates_apart() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let mut update =
        client.prepare("CREATE TABLE t AS SELECT 1 AS n".to_owned(), None).await.unwrap();
    assert!(update.dataset_schema().unwrap().fields().is_empty());
    let missing = client.execute("SELECT * FROM t".to_owned(), None).await.unwrap_err();
    assert_eq!(status(missing).code(), Code::NotFound);
    assert_eq!(update.execute_update().await.unwrap(), 1);
    for (sql, is_update) in [("SELECT 1", false), ("INSERT INTO t VALUES (1)", true)] {
        assert_eq!(create(&mut client, sql).await.is_update, Some(is_update));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_without_schema_message_is_counted() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let made = client.execute_update("CREATE TABLE t AS SELECT 1 AS n".to_owned(), None).await;
    assert_eq!(made.unwrap(), 1);
    let inserted = client.execute_update("INSERT INTO t VALUES (2), (3)".to_owned(), None).await;
    assert_eq!(inserted.unwrap(), 2);
    let dropped = client.execute_update("DROP TABLE t".to_owned(), None).await;
    assert_eq!(dropped.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_statements_in_one_text_run_once_and_the_last_answers() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let made = "CREATE TABLE t AS SELECT 1 AS n; INSERT INTO t VALUES (2), (3);";
    assert_eq!(client.execute_update(made.to_owned(), None).await.unwrap(), 2);
    let text =
        "CREATE SCHEMA raw; INSERT INTO t VALUES (4); USE raw; SELECT count(*) FROM public.t";
    assert_eq!(count(&mut client, text).await, 4);
    assert_eq!(count(&mut client, "SELECT count(*) FROM public.t").await, 4);
    let is_there = "SELECT CASE WHEN current_schema() = 'raw' THEN 1 ELSE 0 END";
    assert_eq!(count(&mut client, is_there).await, 1);

    // Of a text with a mistake nothing is done, and what is prepared is one statement.
    let text = "DROP TABLE public.t;\nUSE raw raw";
    let mistaken = status(client.execute(text.to_owned(), None).await.unwrap_err());
    assert!(mistaken.message().contains("line 2"), "{}", mistaken.message());
    let prepared = client.prepare("SELECT 1; SELECT 2".to_owned(), None).await.unwrap_err();
    let descriptor = FlightDescriptor::new_cmd(b"SELECT 1; SELECT 2".to_vec());
    let schema = client.inner_mut().get_schema(descriptor).await.unwrap_err();
    for refused in [mistaken, status(prepared), schema] {
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert_eq!(refused.metadata().get("x-sqlstate").unwrap(), "42601");
    }
    // One that fails later leaves what those before it did.
    let text = "INSERT INTO public.t VALUES (5); INSERT INTO nowhere VALUES (6)";
    let failed = status(client.execute_update(text.to_owned(), None).await.unwrap_err());
    assert_eq!(failed.code(), Code::NotFound);
    assert!(failed.message().contains("statement 2 of 2"), "{}", failed.message());
    assert_eq!(count(&mut client, "SELECT count(*) FROM public.t").await, 5);
    let text = "SELECT 1;\nSELECT 1 / (n - 1) FROM public.t; SELECT 2";
    let failed = status(client.execute(text.to_owned(), None).await.unwrap_err());
    assert!(failed.message().contains("(line 2, column 1)"), "{}", failed.message());
}

#[tokio::test(flavor = "multi_thread")]
async fn bound_values_reach_queries_by_position() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let sql = "SELECT CAST(? AS BIGINT) - CAST(? AS BIGINT) AS d";
    let mut statement = client.prepare(sql.to_owned(), None).await.unwrap();
    let parameters = statement.parameter_schema().unwrap();
    assert_eq!(parameters.field(0).name(), "$1");
    assert!(parameters.fields().iter().all(|field| field.is_nullable()));
    let tens: ArrayRef = Arc::new(Int64Array::from(vec![10, 20, 30]));
    let ones: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
    let rows = RecordBatch::try_from_iter([("x", tens), ("0", ones)]).unwrap();
    statement.set_parameters(rows).unwrap();
    let info = statement.execute().await.unwrap();
    let (_, batches) = fetch(&mut client, &info).await;
    let found: Vec<i64> = batches
        .iter()
        .flat_map(|batch| batch.column(0).as_primitive::<Int64Type>().values().to_vec())
        .collect();
    assert_eq!(found, [9, 18, 27]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undetermined_parameter_takes_the_type_of_its_value() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let mut statement = client.prepare("SELECT ? AS v".to_owned(), None).await.unwrap();
    let one: ArrayRef = Arc::new(Int64Array::from(vec![1]));
    statement.set_parameters(RecordBatch::try_from_iter([("0", one)]).unwrap()).unwrap();
    let info = statement.execute().await.unwrap();
    assert_eq!(info_schema(&info).field(0).data_type(), &DataType::Int64);
    let (schema, _) = fetch(&mut client, &info).await;
    assert_eq!(*schema, info_schema(&info));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_rows_are_many_updates_and_no_rows_are_none() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let made = "CREATE TABLE t AS SELECT CAST(0 AS BIGINT) AS n, 'zero' AS s".to_owned();
    client.execute_update(made, None).await.unwrap();
    let insert = "INSERT INTO t VALUES (?, ?)".to_owned();
    let mut statement = client.prepare(insert, None).await.unwrap();
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("one"), None]));
    let rows = RecordBatch::try_from_iter([("0", numbers), ("1", texts)]).unwrap();
    statement.set_parameters(rows.clone()).unwrap();
    assert_eq!(statement.execute_update().await.unwrap(), 2);
    statement.set_parameters(rows.slice(0, 0)).unwrap();
    assert_eq!(statement.execute_update().await.unwrap(), 0);
    assert_eq!(count(&mut client, "SELECT count(*) FROM t").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prepared_query_sees_what_was_written_since() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    client.execute_update("CREATE TABLE t AS SELECT 1 AS n".to_owned(), None).await.unwrap();
    let sql = "SELECT count(*) FROM t".to_owned();
    let mut statement = client.prepare(sql, None).await.unwrap();
    for expected in 1..4 {
        let info = statement.execute().await.unwrap();
        let (_, batches) = fetch(&mut client, &info).await;
        assert_eq!(batches[0].column(0).as_primitive::<Int64Type>().value(0), expected);
        client.execute_update("INSERT INTO t VALUES (1)".to_owned(), None).await.unwrap();
    }
    statement.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn unbound_parameters_are_asked_for() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let sql = "SELECT CAST(? AS BIGINT), CAST(? AS BIGINT)".to_owned();
    let status = status(client.execute(sql, None).await.unwrap_err());
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(status.message(), "the statement needs 2 parameters, 0 were bound");
}

#[tokio::test(flavor = "multi_thread")]
async fn large_statements_travel_by_reference() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let sql = format!("SELECT length('{}') AS n", "x".repeat(1_000_000));
    let created = create(&mut client, &sql).await;
    assert!(created.prepared_statement_handle.len() < 1024);
    let info = client.execute(sql, None).await.unwrap();
    assert!(ticket(&info).ticket.len() < 1024);
    let (_, batches) = fetch(&mut client, &info).await;
    assert_eq!(batches[0].num_rows(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_carry_their_sqlstate() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    for (sql, code, sqlstate) in [
        ("SELEKT 1", Code::InvalidArgument, "42601"),
        ("SELECT * FROM nowhere", Code::NotFound, "42P01"),
        ("SELECT nope FROM (SELECT 1 AS n)", Code::InvalidArgument, "42703"),
    ] {
        let status = status(client.execute(sql.to_owned(), None).await.unwrap_err());
        assert_eq!(status.code(), code, "{sql}: {}", status.message());
        assert_eq!(status.metadata().get("x-sqlstate").unwrap(), sqlstate, "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_described_query_can_be_canceled() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let info = client.execute("SELECT 1".to_owned(), None).await.unwrap();
    let body = CancelFlightInfoRequest { info: Some(info.clone()) }.encode_to_vec();
    let action = Action { r#type: "CancelFlightInfo".to_owned(), body: body.into() };
    let mut results = client.do_action(action).await.unwrap();
    let result = results.message().await.unwrap().unwrap();
    let result = CancelFlightInfoResult::decode(result.body).unwrap();
    assert_eq!(result.status(), arrow_flight::CancelStatus::Cancelled);
    let status = status(client.do_get(ticket(&info)).await.unwrap_err());
    assert_eq!(status.code(), Code::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_the_stream_ends_the_query() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let sql = "SELECT a.value FROM generate_series(1, 100000000) AS a";
    let info = client.execute(sql.to_owned(), None).await.unwrap();
    let mut stream = client.do_get(ticket(&info)).await.unwrap();
    stream.try_next().await.unwrap().unwrap();
    assert_eq!(server.engine.metrics().queries_running, 1);
    drop(stream);
    for _ in 0..100 {
        if server.engine.metrics().queries_running == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the query still runs");
}

#[tokio::test(flavor = "multi_thread")]
async fn polling_gives_a_finished_description() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let descriptor = FlightDescriptor::new_cmd(b"SELECT 1 AS n".to_vec());
    let poll = client.inner_mut().poll_flight_info(descriptor).await.unwrap().into_inner();
    assert!(poll.flight_descriptor.is_none());
    let (_, batches) = fetch(&mut client, &poll.info.unwrap()).await;
    assert_eq!(batches[0].num_rows(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prepared_handle_works_as_a_ticket() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let created = create(&mut client, "SELECT 7 AS n").await;
    let command = CommandPreparedStatementQuery {
        prepared_statement_handle: created.prepared_statement_handle,
    };
    let ticket = Ticket { ticket: command.as_any().encode_to_vec().into() };
    let stream = client.do_get(ticket).await.unwrap();
    let batches: Vec<RecordBatch> = stream.try_collect().await.unwrap();
    assert_eq!(batches[0].column(0).as_primitive::<Int64Type>().value(0), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_client_runs_queries_and_updates() {
    use crate::flight::client::{Answer, Authentication, Client, ClientError, TlsOptions};
    let server = TestServer::start().await;
    let url = server.url.replace("http://", "grpc://");
    let mut client =
        Client::connect(&url, Authentication::None, &TlsOptions::default()).await.unwrap();
    let made = client.execute("CREATE TABLE t AS SELECT 1 AS n").await.unwrap();
    assert!(matches!(made, Answer::Done { rows_affected: Some(1) }));
    let Answer::Rows(rows) = client.execute("SELECT n FROM t").await.unwrap() else { panic!() };
    assert_eq!(rows.schema.field(0).name(), "n");
    let batches: Vec<RecordBatch> = rows.batches.try_collect().await.unwrap();
    assert_eq!(batches[0].num_rows(), 1);
    let error = client.execute("SELECT * FROM nowhere").await.unwrap_err();
    assert!(matches!(error, ClientError::Server { sqlstate: Some(state), .. } if state == "42P01"));
}

async fn create(client: &mut Client, sql: &str) -> CreatedStatement {
    let request = arrow_flight::sql::ActionCreatePreparedStatementRequest {
        query: sql.to_owned(),
        transaction_id: None,
    };
    let body = request.as_any().encode_to_vec().into();
    let action = Action { r#type: "CreatePreparedStatement".to_owned(), body };
    let mut results = client.do_action(action).await.unwrap();
    let any = Any::decode(results.message().await.unwrap().unwrap().body).unwrap();
    CreatedStatement::decode(any.value).unwrap()
}
