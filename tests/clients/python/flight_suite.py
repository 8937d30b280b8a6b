"""Runs Godwit's Flight SQL service with the clients people use: ADBC and plain pyarrow.flight.

usage: flight_suite.py FLIGHT_URL [HTTP_URL FOLDER] [--user USER --password PASSWORD]

A user needs the role writer. The HTTP address and the folder, which other suites need, are not used.

Needs adbc-driver-flightsql, adbc-driver-manager and pyarrow. Prints one line per case, then
"N passed, N failed"; exits with 1 when a case failed, and when none ran.
"""

import json
import os
import sys
import tempfile
import threading
import time
import warnings

import adbc_driver_flightsql.dbapi as flightsql
import adbc_driver_manager
import pyarrow
import pyarrow.compute
import pyarrow.flight as flight

from cases import (
    SCHEMA,
    Server,
    Skip,
    case,
    expect,
    expect_equal,
    expect_error,
    main,
    rows,
    run,
    update,
)


@case
def a_query_returns_its_rows(server):
    with server.connect() as connection:
        expect_equal(rows(connection, "SELECT 1 AS one, 'two' AS two, NULL AS three"),
                     [(1, "two", None)])


@case
def a_definition_runs_exactly_once(server):
    with server.connect() as connection:
        count = run(connection, f"CREATE TABLE {SCHEMA}.once AS SELECT 1 AS n")
        expect(count in (0, 1, -1), f"rowcount {count}")
        expect_equal(rows(connection, f"SELECT count(*) FROM {SCHEMA}.once"), [(1,)])
        run(connection, f"INSERT INTO {SCHEMA}.once VALUES (2)")
        expect_equal(rows(connection, f"SELECT count(*) FROM {SCHEMA}.once"), [(2,)])


@case
def a_second_definition_is_refused(server):
    with server.connect() as connection:
        run(connection, f"CREATE TABLE {SCHEMA}.twice AS SELECT 1 AS n")
        expect_error(lambda: run(connection, f"CREATE TABLE {SCHEMA}.twice AS SELECT 1 AS n"),
                     "exists", "twice")


@case
def a_definition_whose_stream_is_read_still_ran_once(server):
    with server.connect() as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {SCHEMA}.read AS SELECT * FROM (VALUES (1), (2)) AS t(n)")
        cursor.fetchall()
        expect_equal(rows(connection, f"SELECT count(*) FROM {SCHEMA}.read"), [(2,)])


@case
def an_update_counts_its_rows(server):
    with server.connect() as connection, connection.cursor() as cursor:
        run(connection, f"CREATE TABLE {SCHEMA}.counted AS SELECT 1 AS n")
        cursor.adbc_statement.set_sql_query(f"INSERT INTO {SCHEMA}.counted VALUES (2), (3), (4)")
        expect_equal(cursor.adbc_statement.execute_update(), 3)
        expect_equal(rows(connection, f"SELECT count(*) FROM {SCHEMA}.counted"), [(4,)])


@case
def many_rows_of_parameters_are_many_executions(server):
    with server.connect() as connection:
        run(connection, f"CREATE TABLE {SCHEMA}.many AS SELECT CAST(0 AS BIGINT) AS n, 'zero' AS t")
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {SCHEMA}.many VALUES (?, ?)",
                               [(1, "one"), (2, "two"), (3, None)])
        expect_equal(rows(connection, f"SELECT n, t FROM {SCHEMA}.many ORDER BY n"),
                     [(0, "zero"), (1, "one"), (2, "two"), (3, None)])


@case
def parameters_bind_by_position(server):
    with server.connect() as connection:
        found = rows(connection, "SELECT x FROM (VALUES (1), (2), (3)) AS t(x) WHERE x >= ? AND x < ?",
                     (2, 3))
        expect_equal(found, [(2,)])


@case
def twelve_parameters_keep_their_order(server):
    marks = ", ".join(f"CAST(? AS BIGINT) AS c{index}" for index in range(12))
    with server.connect() as connection:
        expect_equal(rows(connection, f"SELECT {marks}", tuple(range(12))), [tuple(range(12))])


@case
def a_parameter_of_no_type_takes_that_of_its_value(server):
    with server.connect() as connection:
        expect_equal(rows(connection, "SELECT ? + ?", (1, 2)), [(3,)])


@case
def a_null_parameter_is_null(server):
    with server.connect() as connection:
        expect_equal(rows(connection, "SELECT CAST(? AS BIGINT) IS NULL", (None,)), [(True,)])


@case
def text_parameters_reach_spatial_functions(server):
    with server.connect() as connection:
        found = rows(connection, "SELECT ST_X(ST_GeomFromText(?))", ("POINT (7 8)",))
        expect_equal(found, [(7.0,)])


@case
def several_rows_of_parameters_give_several_results(server):
    with server.connect() as connection, connection.cursor() as cursor:
        cursor.adbc_statement.set_sql_query("SELECT 1 + CAST(? AS BIGINT) AS n")
        cursor.adbc_statement.prepare()
        batch = pyarrow.record_batch({"0": pyarrow.array([1, 2, 3, 4], pyarrow.int64())})
        cursor.adbc_statement.bind(batch)
        stream, _ = cursor.adbc_statement.execute_query()
        table = pyarrow.RecordBatchReader._import_from_c(stream.address).read_all()
        expect_equal(table.column("n").to_pylist(), [2, 3, 4, 5])


@case
def missing_parameters_are_named(server):
    with server.connect() as connection:
        expect_error(lambda: rows(connection, "SELECT CAST(? AS BIGINT) + CAST(? AS BIGINT)"),
                     "2 parameters")


@case
def one_prepared_statement_sees_new_rows(server):
    with server.connect() as connection, connection.cursor() as cursor:
        run(connection, f"CREATE TABLE {SCHEMA}.fresh AS SELECT 1 AS n")
        cursor.adbc_prepare(f"SELECT count(*) FROM {SCHEMA}.fresh")
        cursor.execute(f"SELECT count(*) FROM {SCHEMA}.fresh")
        expect_equal(cursor.fetchall(), [(1,)])
        run(connection, f"INSERT INTO {SCHEMA}.fresh VALUES (2)")
        cursor.execute(f"SELECT count(*) FROM {SCHEMA}.fresh")
        expect_equal(cursor.fetchall(), [(2,)])


@case
def the_schema_is_known_without_execution(server):
    with server.connect() as connection, connection.cursor() as cursor:
        schema = cursor.adbc_execute_schema("SELECT 1 AS n, 'a' AS t")
        expect_equal(schema.names, ["n", "t"])
        expect_equal([str(field.type) for field in schema], ["int64", "string"])


@case
def wire_types_are_plain(server):
    with server.connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 'a' AS t, ST_AsText(ST_Point(1, 2)) AS w, now() AS z, "
                       "arrow_cast('x', 'Dictionary(Int32, Utf8)') AS d, "
                       "arrow_cast('y', 'LargeUtf8') AS l, arrow_cast('z', 'Utf8View') AS v")
        table = cursor.fetch_arrow_table()
        types = {field.name: str(field.type) for field in table.schema}
        for name in "twdlv":
            expect_equal(types[name], "string")
        expect("tz=UTC" in types["z"], types["z"])
        expect(all(field.nullable for field in table.schema), "a column is not nullable")


@case
def geometry_leaves_as_geoarrow_wkb(server):
    with server.connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT ST_SetSRID(ST_Point(1, 2), 4326) AS geom")
        table = cursor.fetch_arrow_table()
        field = table.schema.field("geom")
        metadata = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
        expect_equal(metadata.get("ARROW:extension:name"), "geoarrow.wkb")
        expect("crs" in json.loads(metadata["ARROW:extension:metadata"]), metadata)
        expect_equal(metadata.get("ARROW:FLIGHT:SQL:TYPE_NAME"), "GEOMETRY")
        expect_equal(table.column("geom")[0].as_py()[:5], b"\x01\x01\x00\x00\x00")


@case
def geometry_can_be_asked_for_as_text(server):
    for name, wanted in [("wkt", "POINT(1 2)"), ("geojson", '{"type":"Point","coordinates":[1,2]}')]:
        with server.connect(headers={"geometry_format": name}) as connection:
            [(found,)] = rows(connection, "SELECT ST_Point(1, 2)")
            expect_equal(found.replace("POINT (", "POINT("), wanted)


@case
def an_unknown_geometry_format_is_refused(server):
    def attempt():
        with server.connect(headers={"geometry_format": "svg"}) as connection:
            rows(connection, "SELECT 1")

    expect_error(attempt, "geometry_format", "wkt")


@case
def compression_can_be_asked_for(server):
    for name in ("lz4", "zstd"):
        with server.connect(headers={"compression": name}) as connection:
            expect_equal(rows(connection, "SELECT count(*) FROM generate_series(1, 100)"), [(100,)])


@case
def a_large_result_arrives_whole(server):
    with server.connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT value AS n, repeat('x', 100) AS t FROM generate_series(1, 500000)")
        table = cursor.fetch_arrow_table()
        expect_equal(table.num_rows, 500000)
        expect_equal(pyarrow.compute.sum(table.column("n")).as_py(), 500000 * 500001 // 2)


@case
def a_value_of_many_megabytes_arrives(server):
    with server.connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT repeat('x', 12000000) AS t")
        expect_equal(len(cursor.fetchall()[0][0]), 12000000)


@case
def an_empty_result_has_its_columns(server):
    with server.connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 AS n WHERE false")
        expect_equal(cursor.fetch_arrow_table().schema.names, ["n"])


@case
def objects_are_listed_to_their_columns(server):
    with server.connect() as connection:
        run(connection, f"CREATE TABLE {SCHEMA}.listed AS SELECT 1 AS id, ST_Point(1, 2) AS geom")
        objects = connection.adbc_get_objects(depth="all", db_schema_filter=SCHEMA)
        [catalog] = objects.read_all().to_pylist()
        expect_equal(catalog["catalog_name"], "godwit")
        schemas = {schema["db_schema_name"]: schema for schema in catalog["catalog_db_schemas"]}
        tables = {table["table_name"]: table for table in schemas[SCHEMA]["db_schema_tables"]}
        expect_equal(tables["listed"]["table_type"], "TABLE")
        columns = [column["column_name"] for column in tables["listed"]["table_columns"]]
        expect_equal(columns, ["id", "geom"])


@case
def name_patterns_honour_the_escape(server):
    with server.connect() as connection:
        for name in ("a_b", "axb"):
            run(connection, f"CREATE TABLE {SCHEMA}.{name} AS SELECT 1 AS n")
        objects = connection.adbc_get_objects(depth="tables", db_schema_filter=SCHEMA,
                                              table_name_filter="a\\_b")
        [catalog] = objects.read_all().to_pylist()
        found = [table["table_name"] for schema in catalog["catalog_db_schemas"]
                 for table in schema["db_schema_tables"] or []]
        expect_equal(found, ["a_b"])


@case
def the_schema_of_a_table_is_that_of_its_rows(server):
    with server.connect() as connection, connection.cursor() as cursor:
        run(connection, f"CREATE TABLE {SCHEMA}.shape AS SELECT 1 AS id, ST_Point(1, 2) AS geom, 'x' AS t")
        schema = connection.adbc_get_table_schema("shape", db_schema_filter=SCHEMA)
        cursor.execute(f"SELECT * FROM {SCHEMA}.shape")
        table = cursor.fetch_arrow_table()
        expect_equal(schema.names, table.schema.names)
        expect_equal([field.type for field in schema], [field.type for field in table.schema])


@case
def table_types_are_the_four(server):
    with server.connect() as connection:
        expect_equal(sorted(connection.adbc_get_table_types()),
                     ["LOCAL TEMPORARY", "SYSTEM TABLE", "TABLE", "VIEW"])


@case
def the_server_says_what_it_is(server):
    with server.connect() as connection:
        info = connection.adbc_get_info()
        expect_equal(info["vendor_name"], "Godwit")
        expect(info["vendor_version"][0].isdigit(), info)


@case
def a_session_starts_in_its_schema(server):
    with server.connect() as connection:
        expect_equal(connection.adbc_current_catalog, "godwit")
        expect_equal(connection.adbc_current_db_schema, "public")
        run(connection, f"CREATE TABLE {SCHEMA}.here AS SELECT 5 AS n")
        connection.adbc_current_db_schema = SCHEMA
        expect_equal(connection.adbc_current_db_schema, SCHEMA)
        expect_equal(rows(connection, "SELECT n FROM here"), [(5,)])


@case
def a_session_cannot_be_where_nothing_is(server):
    with server.connect() as connection:
        for option, state in (("adbc_current_catalog", "42704"), ("adbc_current_db_schema", "3F000")):
            error = expect_error(lambda: setattr(connection, option, "nowhere"), "nowhere", "does not exist", state=state)
            expect_equal(error.status_code.name, "NOT_FOUND")
        expect_equal(connection.adbc_current_db_schema, "public")


@case
def errors_say_what_is_wrong(server):
    with server.connect() as connection:
        expect_error(lambda: rows(connection, "SELEKT 1"), "selekt")
        expect_error(lambda: rows(connection, "SELECT nme FROM (SELECT 1 AS name)"), "nme")
        expect_error(lambda: rows(connection, "SELECT * FROM no_such_table"), "no_such_table")
        expect_error(lambda: rows(connection, "SELECT no_such_function(1)"), "no_such_function")
        error = expect_error(lambda: rows(connection, "SELECT * FROM no_such_table"))
        details = dict(getattr(error, "details", []) or [])
        expect(any("42P01" in str(value) for value in details.values()), f"no SQLSTATE in {details}")


@case
def errors_while_rows_flow_reach_the_client(server):
    with server.connect() as connection:
        expect_error(lambda: rows(connection, "SELECT 1 / (value - 50000) FROM generate_series(1, 100000)"),
                     "zero")


@case
def several_statements_are_refused_where_one_is_prepared(server):
    with server.connect() as connection:
        expect_error(lambda: rows(connection, "SELECT 1; SELECT 2"), "several statements", state="42601")


@case
def several_statements_in_one_text_run_once_and_the_last_answers(server):
    def direct(sql):
        """Executes a text that nobody prepares."""
        with connection.cursor() as cursor:
            cursor.adbc_statement.set_sql_query(sql)
            stream, _ = cursor.adbc_statement.execute_query()
            return pyarrow.RecordBatchReader._import_from_c(stream.address).read_all().to_pylist()

    name = f"{SCHEMA}.several"
    with server.connect() as connection:
        expect_equal(update(connection, f"CREATE TABLE {name} (n INT); INSERT INTO {name} VALUES (1), (2);"), 2)
        expect_equal(direct(f"INSERT INTO {name} VALUES (3); SELECT count(*) AS n FROM {name} -- ;"), [{"n": 3}])
        expect_equal(direct(f"SELECT ';'; INSERT INTO {name} VALUES (4)"), [{"count": 1}])
        direct(f"CREATE TEMP TABLE sums AS SELECT sum(n) AS n FROM {name}; UPDATE {name} SET n = 0")
        expect_equal(rows(connection, "SELECT n FROM sums"), [(10,)])
        expect_error(lambda: update(connection, f"DROP TABLE {name};\nUSE a b"), "line 2", state="42601")
        expect_error(lambda: update(connection, f"INSERT INTO {name} VALUES (5); SELECT 1 / 0"), "zero")
        expect_error(lambda: update(connection, f"INSERT INTO {name} VALUES (?); SELECT 1"), "1 parameter")
        expect_equal(rows(connection, f"SELECT count(*) FROM {name}"), [(5,)])


@case
def a_query_ends_though_nobody_reads_it(server):
    sql = "SELECT value, repeat('x', 1000) AS unread FROM generate_series(1, 100000000)"
    listed = ("SELECT query_id FROM system.queries WHERE state = 'running' AND sql LIKE '%AS unread%' "
              "AND sql NOT LIKE '%system.queries%'")
    with server.connect() as connection, server.connect() as other, connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.fetchone()
        time.sleep(1)
        [(query,)] = rows(other, listed)
        run(other, f"KILL QUERY '{query}'")
        deadline = time.monotonic() + 10
        while rows(other, listed):
            expect(time.monotonic() < deadline, "the query still runs")
            time.sleep(0.1)


@case
def a_canceled_query_ends(server):
    with server.connect() as connection, connection.cursor() as cursor:
        sql = ("SELECT count(*) FROM generate_series(1, 30000000) AS a(x), generate_series(1, 1000) AS b(y) "
               "WHERE sin(a.x) * cos(b.y) > 2")
        started = time.monotonic()
        timer = threading.Timer(1.0, cursor.adbc_cancel)
        timer.start()
        expect_error(lambda: (cursor.execute(sql), cursor.fetchall()), "cancel")
        timer.join()
        expect(time.monotonic() - started < 10, "cancellation took too long")
    with server.connect() as connection:
        deadline = time.monotonic() + 5
        while True:
            running = rows(connection, "SELECT count(*) FROM system.queries "
                                       "WHERE state = 'running' AND sql LIKE '%30000000%' "
                                       "AND sql NOT LIKE '%system.queries%'")
            if running == [(0,)]:
                return
            expect(time.monotonic() < deadline, "the query still runs on the server")
            time.sleep(0.2)


@case
def transactions_are_refused_politely(server):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with flightsql.connect(server.url, db_kwargs=server.options(), autocommit=True) as connection:
            expect_equal(rows(connection, "SELECT 1"), [(1,)])


@case
def partitions_can_be_read_apart(server):
    with server.connect() as connection, connection.cursor() as cursor:
        partitions, schema = cursor.adbc_execute_partitions("SELECT value AS n FROM generate_series(1, 10)")
        expect_equal(schema.names, ["n"])
        found = []
        for partition in partitions:
            with connection.cursor() as reader:
                reader.adbc_read_partition(partition)
                found += reader.fetchall()
        expect_equal(sorted(found), [(n,) for n in range(1, 11)])


@case
def polling_gives_a_finished_result(server):
    with server.connect() as connection, connection.cursor() as cursor:
        cursor.adbc_statement.set_options(**{"adbc.statement.exec.incremental": "true"})
        partitions, _ = cursor.adbc_execute_partitions("SELECT 7 AS n")
        expect_equal(len(partitions), 1)


@case
def a_registered_file_can_be_queried(server):
    path = os.path.join(tempfile.gettempdir(), f"{SCHEMA}.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write("name,lon,lat\nDelft,4.36,52.01\n")
    try:
        with server.connect() as connection:
            try:
                run(connection, f"CREATE EXTERNAL TABLE {SCHEMA}.csv STORED AS CSV LOCATION '{path}'")
            except adbc_driver_manager.Error as error:
                # A server that does not allow this location must say so.
                expect("location" in str(error).lower(), str(error))
                return
            expect_equal(rows(connection, f"SELECT name FROM {SCHEMA}.csv"), [("Delft",)])
    finally:
        os.remove(path)


@case
def plain_flight_reads_sql_and_tables(server):
    client, options = server.flight()
    info = client.get_flight_info(flight.FlightDescriptor.for_command(b"SELECT 1 AS n"), options)
    expect_equal(client.do_get(info.endpoints[0].ticket, options).read_all().to_pydict(), {"n": [1]})
    expect_equal(client.do_get(flight.Ticket(b"SELECT 2 AS n"), options).read_all().to_pydict(), {"n": [2]})
    with server.connect() as connection:
        run(connection, f"CREATE TABLE {SCHEMA}.plain AS SELECT 3 AS n")
    path = flight.FlightDescriptor.for_path("godwit", SCHEMA, "plain")
    info = client.get_flight_info(path, options)
    expect_equal(client.do_get(info.endpoints[0].ticket, options).read_all().to_pydict(), {"n": [3]})
    names = [list(item.descriptor.path) for item in client.list_flights(options=options)]
    expect([b"godwit", SCHEMA.encode(), b"plain"] in names, names)


@case
def actions_are_listed_truthfully(server):
    client, options = server.flight()
    names = {action.type for action in client.list_actions(options)}
    expect({"CreatePreparedStatement", "ClosePreparedStatement", "CancelFlightInfo"} <= names, names)


@case
def the_same_schema_is_announced_everywhere(server):
    client, options = server.flight()
    descriptor = flight.FlightDescriptor.for_command(b"SELECT 1 AS n, ST_Point(1, 2) AS g, 'x' AS t")
    announced = client.get_schema(descriptor, options).schema
    info = client.get_flight_info(descriptor, options)
    streamed = client.do_get(info.endpoints[0].ticket, options).read_all().schema
    expect(announced.equals(info.schema, check_metadata=True), "GetSchema differs from FlightInfo")
    expect(announced.equals(streamed, check_metadata=True), "GetSchema differs from the stream")


@case
def foreign_tickets_are_refused(server):
    client, options = server.flight()
    for ticket in (b"\xff\xfe", b"\x0a\x03abc"):
        expect_error(lambda: client.do_get(flight.Ticket(ticket), options).read_all())


@case
def bad_credentials_are_refused(server):
    if server.user is None:
        raise Skip("the server asks for no credentials")
    stranger = Server(server.url, server.user, "wrong " + server.password)
    expect_error(lambda: rows(stranger.connect(), "SELECT 1"), "auth")


if __name__ == "__main__":
    sys.exit(main("Runs the Flight SQL clients against a server."))
