//! The ADBC driver manager of Rust against the real binary, with the driver of the Python package.
//!
//! A machine without the package is told what was skipped; with `CI` set that fails.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use adbc_core::error::{Error, Status};
use adbc_core::options::{
    AdbcVersion, IngestMode, ObjectDepth, OptionConnection, OptionDatabase, OptionStatement,
    OptionValue,
};
use adbc_core::{Connection as _, Database as _, Driver as _, Optionable as _, Statement as _};
use adbc_driver_manager::{ManagedConnection, ManagedDriver};
use arrow::array::{
    AsArray as _, Float64Array, Int64Array, RecordBatch, RecordBatchReader as _, StringArray,
};
use arrow::datatypes::Int64Type;
use libtest_mimic::{Completion, Failed, Trial};

use crate::clients::{Server, python, skipped};
use crate::secured::{CLIENT, Secured};

const OPTION: &str = "adbc.flight.sql.client_option.";

/// Returns the trial of the driver manager.
pub(crate) fn trials() -> Vec<Trial> {
    vec![Trial::ignorable_test("clients::rust::adbc", run)]
}

fn run() -> Result<Completion, Failed> {
    let Some(library) = library() else {
        return skipped("no Python with tests/clients/python/requirements.txt; set GODWIT_PYTHON");
    };
    let mut driver = ManagedDriver::load_dynamic_from_filename(library, None, AdbcVersion::V110)?;
    let folder = tempfile::tempdir()?;
    let server = Server::start(folder.path())?;
    let mut connection = connect(&mut driver, &server.flight_url, Vec::new())?;
    queries(&mut connection)?;
    updates(&mut connection)?;
    ingestion(&mut connection)?;
    listings(&connection)?;
    failures(&mut connection)?;
    partitions(&mut connection)?;
    drop(connection);
    drop(server);
    security(&mut driver, &Secured::start(folder.path())?)?;
    Ok(Completion::Completed)
}

/// Returns the driver's library, which the Python package has.
fn library() -> Option<PathBuf> {
    let program = "import adbc_driver_flightsql as driver; print(driver._driver_path())";
    let output = Command::new(python()?).args(["-c", program]).output().ok()?;
    let path = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    path.is_file().then_some(path)
}

fn connect(
    driver: &mut ManagedDriver,
    url: &str,
    options: Vec<(&str, String)>,
) -> Result<ManagedConnection, Error> {
    let named = |(name, value): (&str, String)| {
        (OptionDatabase::Other(name.to_owned()), OptionValue::String(value))
    };
    let uri = (OptionDatabase::Uri, OptionValue::String(url.to_owned()));
    let options = options.into_iter().map(named).chain([uri]);
    driver.new_database_with_opts(options)?.new_connection()
}

fn rows(connection: &mut ManagedConnection, sql: &str) -> Result<RecordBatch, Failed> {
    let mut statement = connection.new_statement()?;
    statement.set_sql_query(sql)?;
    let reader = statement.execute()?;
    let schema = reader.schema();
    let batches = reader.collect::<Result<Vec<_>, _>>()?;
    Ok(arrow::compute::concat_batches(&schema, &batches)?)
}

fn update(connection: &mut ManagedConnection, sql: &str) -> Result<Option<i64>, Error> {
    let mut statement = connection.new_statement()?;
    statement.set_sql_query(sql)?;
    statement.execute_update()
}

fn number(batch: &RecordBatch) -> i64 {
    batch.column(0).as_primitive::<Int64Type>().value(0)
}

fn expect(holds: bool, what: impl std::fmt::Debug) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(format!("{what:?}").into()) }
}

fn queries(connection: &mut ManagedConnection) -> Result<(), Failed> {
    expect(number(&rows(connection, "SELECT 40 + 2")?) == 42, "an expression")?;
    let points = rows(connection, "SELECT ST_Point(1, 2, 4326) AS geom")?;
    let schema = points.schema();
    let metadata = schema.field(0).metadata();
    let extension = metadata.get("ARROW:extension:name").map(String::as_str);
    expect(extension == Some("geoarrow.wkb"), metadata)?;
    expect(points.column(0).as_binary::<i32>().value(0).len() == 21, "a point of 21 bytes")?;

    let mut statement = connection.new_statement()?;
    statement.set_sql_query("SELECT ? + 1 AS n, upper(?) AS t")?;
    statement.prepare()?;
    expect(statement.get_parameter_schema()?.fields().len() == 2, "two parameters")?;
    let numbers = Arc::new(Int64Array::from(vec![Some(1), None, Some(3)])) as _;
    let texts = Arc::new(StringArray::from(vec![Some("a"), Some("b"), None])) as _;
    statement.bind(RecordBatch::try_from_iter([("0", numbers), ("1", texts)])?)?;
    let batches = statement.execute()?.collect::<Result<Vec<_>, _>>()?;
    let found = arrow::compute::concat_batches(&batches[0].schema(), &batches)?;
    let numbers: Vec<_> = found.column(0).as_primitive::<Int64Type>().iter().collect();
    expect(numbers == [Some(2), None, Some(4)], numbers)?;
    let texts: Vec<_> = found.column(1).as_string::<i32>().iter().collect();
    expect(texts == [Some("A"), Some("B"), None], texts)
}

fn updates(connection: &mut ManagedConnection) -> Result<(), Failed> {
    update(connection, "CREATE TABLE counted (n BIGINT, t VARCHAR)")?;
    let inserted = update(connection, "INSERT INTO counted VALUES (1, 'a'), (2, 'b')")?;
    expect(inserted == Some(2), inserted)?;
    let changed = update(connection, "UPDATE counted SET t = 'c' WHERE n = 2")?;
    expect(changed == Some(1), changed)?;
    expect(update(connection, "DELETE FROM counted")? == Some(2), "two rows go")
}

fn ingestion(connection: &mut ManagedConnection) -> Result<(), Failed> {
    let ids = Arc::new(Int64Array::from_iter_values(0..1000)) as _;
    let values = Arc::new(Float64Array::from_iter_values((0..1000).map(f64::from))) as _;
    let batch = RecordBatch::try_from_iter([("id", ids), ("x", values)])?;
    for (mode, count) in [
        (IngestMode::Create, 1000),
        (IngestMode::Append, 2000),
        (IngestMode::Replace, 1000),
        (IngestMode::CreateAppend, 2000),
    ] {
        let mut statement = connection.new_statement()?;
        statement.set_option(OptionStatement::IngestMode, mode.into())?;
        statement.set_option(OptionStatement::TargetTable, "ingested".into())?;
        statement.bind(batch.clone())?;
        let written = statement.execute_update()?;
        expect(written == Some(1000), written)?;
        let found = number(&rows(connection, "SELECT count(*) FROM ingested")?);
        expect(found == count, found)?;
    }
    Ok(())
}

fn listings(connection: &ManagedConnection) -> Result<(), Failed> {
    let columns = connection.get_table_schema(None, Some("public"), "ingested")?;
    let names: Vec<_> = columns.fields().iter().map(|field| field.name().as_str()).collect();
    expect(names == ["id", "x"], names)?;
    let types = connection.get_table_types()?.collect::<Result<Vec<_>, _>>()?;
    expect(types.iter().map(RecordBatch::num_rows).sum::<usize>() == 4, "four types")?;
    let objects =
        connection.get_objects(ObjectDepth::All, None, Some("public"), Some("ing%"), None, None)?;
    let objects = objects.collect::<Result<Vec<_>, _>>()?;
    let catalogs: Vec<_> =
        objects.iter().flat_map(|batch| batch.column(0).as_string::<i32>().iter()).collect();
    expect(catalogs == [Some("godwit")], catalogs)?;
    let current = connection.get_option_string(OptionConnection::CurrentSchema)?;
    expect(current == "public", current)
}

fn failures(connection: &mut ManagedConnection) -> Result<(), Failed> {
    for (sql, status, sqlstate) in [
        ("SELECT * FROM nowhere", Status::NotFound, "42P01"),
        ("SELECT nope FROM counted", Status::InvalidArguments, "42703"),
        ("CREATE TABLE counted (n BIGINT)", Status::AlreadyExists, "42P07"),
        ("BEGIN", Status::NotImplemented, "0A000"),
    ] {
        let error = update(connection, sql).err().ok_or(format!("{sql} is done"))?;
        expect(error.status == status, &error)?;
        let details = error.details.clone().unwrap_or_default();
        let has_state = details.iter().any(|(_, value)| value == sqlstate.as_bytes());
        expect(has_state, (&error, details))?;
    }
    Ok(())
}

fn partitions(connection: &mut ManagedConnection) -> Result<(), Failed> {
    let sql = "CREATE TABLE parts AS SELECT value AS id, sin(value) AS x \
               FROM generate_series(1, 300000)";
    update(connection, sql)?;
    let mut statement = connection.new_statement()?;
    let header = "adbc.flight.sql.rpc.call_header.partitions";
    statement.set_option(OptionStatement::Other(header.to_owned()), "4".into())?;
    statement.set_sql_query("SELECT id FROM parts")?;
    let result = statement.execute_partitions()?;
    expect(result.partitions.len() > 1, result.partitions.len())?;
    let mut sum = 0;
    for partition in result.partitions {
        for batch in connection.read_partition(partition)? {
            sum += batch?.column(0).as_primitive::<Int64Type>().values().iter().sum::<i64>();
        }
    }
    expect(sum == 300_000 * 300_001 / 2, sum)
}

/// Connects with TLS: a token, and a certificate alone.
fn security(driver: &mut ManagedDriver, secured: &Secured) -> Result<(), Failed> {
    let text = |path: &PathBuf| std::fs::read_to_string(path);
    let authority = (format!("{OPTION}tls_root_certs"), text(&secured.authority)?);
    let token = ("adbc.flight.sql.authorization_header".to_owned(), "Bearer root-token".to_owned());
    let certificate = (format!("{OPTION}mtls_cert_chain"), text(&secured.certificate)?);
    let key = (format!("{OPTION}mtls_private_key"), text(&secured.key)?);
    for (shown, name) in [(vec![token], "root"), (vec![certificate, key], CLIENT)] {
        let options: Vec<_> = shown.iter().chain([&authority]).collect();
        let options = options.into_iter().map(|(name, value)| (name.as_str(), value.clone()));
        let mut connection = connect(driver, &secured.server.flight_url, options.collect())?;
        let user = rows(&mut connection, "SELECT current_user")?;
        expect(user.column(0).as_string::<i32>().value(0) == name, user)?;
    }
    let options = vec![(authority.0.as_str(), authority.1.clone())];
    let refused = connect(driver, &secured.server.flight_url, options)
        .and_then(|mut connection| update(&mut connection, "SELECT 1"));
    let error = refused.err().ok_or("nobody is let in")?;
    expect(error.status == Status::Unauthenticated, error)
}
