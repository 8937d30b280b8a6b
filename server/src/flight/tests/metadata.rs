//! Metadata commands over the wire.

use arrow::array::{Array as _, AsArray as _};
use arrow::datatypes::{DataType, UInt32Type};
use arrow_flight::Criteria;
use arrow_flight::sql::{
    CommandGetDbSchemas, CommandGetPrimaryKeys, CommandGetTables, CommandGetXdbcTypeInfo, SqlInfo,
};

use super::*;

fn texts(batches: &[RecordBatch], column: usize) -> Vec<String> {
    batches
        .iter()
        .flat_map(|batch| {
            let column = batch.column(column).as_string::<i32>();
            (0..column.len()).map(|row| column.value(row).to_owned()).collect::<Vec<_>>()
        })
        .collect()
}

async fn tables(client: &mut Client, request: CommandGetTables) -> Vec<String> {
    let info = client.get_tables(request).await.unwrap();
    texts(&fetch(client, &info).await.1, 2)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_stream_has_the_schema_that_was_described() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let infos = [
        client.get_catalogs().await.unwrap(),
        client.get_db_schemas(CommandGetDbSchemas::default()).await.unwrap(),
        client.get_tables(CommandGetTables::default()).await.unwrap(),
        client.get_table_types().await.unwrap(),
        client.get_primary_keys(CommandGetPrimaryKeys::default()).await.unwrap(),
        client.get_xdbc_type_info(CommandGetXdbcTypeInfo::default()).await.unwrap(),
        client.get_sql_info(vec![]).await.unwrap(),
    ];
    for info in &infos {
        let (schema, _) = fetch(&mut client, info).await;
        assert_eq!(*schema, info_schema(info));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn catalogs_schemas_and_types_are_listed() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let info = client.get_catalogs().await.unwrap();
    assert_eq!(texts(&fetch(&mut client, &info).await.1, 0), ["godwit"]);
    for catalog in [None, Some("%".to_owned()), Some("godwit".to_owned())] {
        let request = CommandGetDbSchemas { catalog, db_schema_filter_pattern: None };
        let info = client.get_db_schemas(request).await.unwrap();
        let schemas = texts(&fetch(&mut client, &info).await.1, 1);
        for name in ["information_schema", "public", "system"] {
            assert!(schemas.contains(&name.to_owned()), "{schemas:?}");
        }
    }
    let info = client.get_table_types().await.unwrap();
    let types = texts(&fetch(&mut client, &info).await.1, 0);
    assert_eq!(types, ["LOCAL TEMPORARY", "SYSTEM TABLE", "TABLE", "VIEW"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_are_filtered_as_clients_ask() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    for sql in [
        "CREATE TABLE a_b AS SELECT 1 AS n",
        "CREATE TABLE axb AS SELECT 1 AS n",
        "CREATE VIEW v AS SELECT 1 AS n",
    ] {
        client.execute_update(sql.to_owned(), None).await.unwrap();
    }
    let public = || CommandGetTables {
        db_schema_filter_pattern: Some("public".to_owned()),
        table_types: vec!["TABLE".to_owned(), "VIEW".to_owned()],
        ..CommandGetTables::default()
    };
    assert_eq!(tables(&mut client, public()).await, ["a_b", "axb", "v"]);
    let pattern = |pattern: &str| CommandGetTables {
        table_name_filter_pattern: Some(pattern.to_owned()),
        ..public()
    };
    assert_eq!(tables(&mut client, pattern("a_b")).await, ["a_b", "axb"]);
    assert_eq!(tables(&mut client, pattern("a\\_b")).await, ["a_b"]);
    let typed = |name: &str| CommandGetTables { table_types: vec![name.to_owned()], ..public() };
    assert_eq!(tables(&mut client, typed("VIEW")).await, ["v"]);
    assert_eq!(tables(&mut client, typed("TABLE")).await, ["a_b", "axb"]);
    assert_eq!(tables(&mut client, typed("BASE TABLE")).await, ["a_b", "axb"]);
    let elsewhere = CommandGetTables { catalog: Some(String::new()), ..public() };
    assert!(tables(&mut client, elsewhere).await.is_empty());
    let system = CommandGetTables {
        table_types: vec!["SYSTEM TABLE".to_owned()],
        ..CommandGetTables::default()
    };
    assert!(tables(&mut client, system).await.contains(&"columns".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn sql_info_answers_all_codes_or_those_asked_for() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let info = client.get_sql_info(vec![]).await.unwrap();
    let (schema, batches) = fetch(&mut client, &info).await;
    assert!(matches!(schema.field(1).data_type(), DataType::Union(..)));
    assert_eq!(batches[0].num_rows(), 91);
    let codes = batches[0].column(0).as_primitive::<UInt32Type>();
    let bulk_ingestion = codes.values().iter().position(|code| *code == 10).unwrap();
    assert!(batches[0].column(1).as_union().value(bulk_ingestion).as_boolean().value(0));
    let asked = vec![SqlInfo::FlightSqlServerTransaction, SqlInfo::FlightSqlServerName];
    let info = client.get_sql_info(asked).await.unwrap();
    let (_, batches) = fetch(&mut client, &info).await;
    assert_eq!(batches[0].column(0).as_primitive::<UInt32Type>().values(), &[0, 8]);
    let union = batches[0].column(1).as_union();
    assert_eq!(union.type_ids().as_ref(), &[0, 3]);
    assert_eq!(union.value(0).as_string::<i32>().value(0), "Godwit");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_function_that_is_announced_exists() {
    /// What the parser knows by itself.
    const SYNTAX: [&str; 4] = ["current_timestamp", "extract", "mod", "position"];

    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let mut known = texts(&query(&mut client, "SHOW FUNCTIONS").await, 0);
    let aliases = godwit_engine::function_catalogue().iter().flat_map(|known| known.aliases.iter());
    known.extend(aliases.map(|alias| alias.to_lowercase()));
    known.extend(godwit_engine::escaped_functions().map(str::to_owned));
    known.extend(SYNTAX.map(str::to_owned));
    let lists = [
        SqlInfo::SqlNumericFunctions,
        SqlInfo::SqlStringFunctions,
        SqlInfo::SqlSystemFunctions,
        SqlInfo::SqlDatetimeFunctions,
    ];
    let info = client.get_sql_info(lists.to_vec()).await.unwrap();
    let (_, batches) = fetch(&mut client, &info).await;
    let union = batches[0].column(1).as_union();
    let listed: Vec<String> = (0..lists.len())
        .flat_map(|row| {
            let list = union.value(row).as_list::<i32>().value(0);
            list.as_string::<i32>().iter().flatten().map(str::to_lowercase).collect::<Vec<_>>()
        })
        .collect();
    let unknown: Vec<&String> = listed.iter().filter(|name| !known.contains(name)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let missing: Vec<&str> = godwit_engine::escaped_functions()
        .filter(|name| *name != "convert" && !listed.iter().any(|listed| listed == name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_flight_clients_list_and_read_tables() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let sql = "CREATE TABLE \"Mixed Case\" AS SELECT 1 AS n".to_owned();
    client.execute_update(sql, None).await.unwrap();
    let flights = client.inner_mut().list_flights(Criteria::default()).await.unwrap();
    let flights: Vec<FlightInfo> = flights.into_inner().try_collect().await.unwrap();
    assert_eq!(flights.len(), 1);
    let path = flights[0].flight_descriptor.clone().unwrap();
    assert_eq!(path.path, ["godwit", "public", "Mixed Case"]);
    let (schema, batches) = fetch(&mut client, &flights[0]).await;
    assert_eq!(*schema, info_schema(&flights[0]));
    assert_eq!(batches[0].num_rows(), 1);
    let info = client.inner_mut().get_flight_info(path).await.unwrap().into_inner();
    assert_eq!(fetch(&mut client, &info).await.1[0].num_rows(), 1);
}
