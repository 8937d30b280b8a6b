"""Sessions over ADBC: temporary tables, the current schema, and statements that are polled.

usage: session_suite.py FLIGHT_URL [HTTP_URL FOLDER] [--user USER --password PASSWORD]

Needs what flight_suite.py needs.
"""

import sys
import threading
import time

import pyarrow

from cases import SCHEMA, case, expect, expect_equal, expect_error, main, rows, run, table, update


def ingest(connection, name, data, mode="create", **options):
    with connection.cursor() as cursor:
        return cursor.adbc_ingest(name, data, mode=mode, **options)


def objects(connection, **filters):
    """Returns the schema, name and type of each table that is listed."""
    listed = connection.adbc_get_objects(depth="tables", **filters).read_all().to_pylist()
    return [(schema["db_schema_name"], found["table_name"], found["table_type"])
            for catalog in listed for schema in catalog["catalog_db_schemas"]
            for found in schema["db_schema_tables"]]


FIRST = pyarrow.table({"idx": [1, 2, 3], "value": ["foo", "bar", "baz"]})
OTHER = pyarrow.table({"idx": [4, 5], "value": ["qux", None]})


@case
def a_temporary_table_stands_beside_the_one_it_hides(server):
    name = f"both_{SCHEMA}"
    with server.connect() as connection:
        run(connection, f"DROP TABLE IF EXISTS {name}")
        expect_equal(ingest(connection, name, FIRST, temporary=True), 3)
        expect_equal(ingest(connection, name, OTHER), 2)
        expect_equal(table(connection, f"SELECT * FROM {name} ORDER BY idx").to_pydict(), FIRST.to_pydict())
        expect_equal(table(connection, f"SELECT * FROM temp.{name} ORDER BY idx").to_pydict(), FIRST.to_pydict())
        expect_equal(table(connection, f'SELECT * FROM "public"."{name}" ORDER BY idx').to_pydict(),
                     OTHER.to_pydict())
        # Rows for the permanent table go there, though another hides it.
        expect_equal(ingest(connection, name, OTHER, "append"), 2)
        expect_equal(rows(connection, f"SELECT count(*) FROM public.{name}"), [(4,)])
        expect_equal(rows(connection, f"SELECT count(*) FROM {name}"), [(3,)])
        run(connection, f"DROP TABLE {name}")
        expect_equal(rows(connection, f"SELECT count(*) FROM {name}"), [(4,)])
        run(connection, f"DROP TABLE {name}")
        expect_error(lambda: rows(connection, f"SELECT * FROM {name}"), name, state="42P01")


@case
def a_temporary_table_belongs_to_its_connection(server):
    name = f"own_{SCHEMA}"
    with server.connect() as connection, server.connect() as stranger:
        update(connection, f"CREATE TEMP TABLE {name} (n INT, t VARCHAR)")
        batch = pyarrow.record_batch({"0": [1, 2], "1": ["a", None]})
        expect_equal(update(connection, f"INSERT INTO {name} VALUES (?, ?)", batch), 2)
        expect_equal(rows(connection, f"SELECT * FROM {name} ORDER BY n"), [(1, "a"), (2, None)])
        expect_equal(objects(connection, table_name_filter=name), [("temp", name, "LOCAL TEMPORARY")])
        expect_equal(connection.adbc_get_table_schema(name, db_schema_filter="temp").names, ["n", "t"])
        listed = f"SELECT table_type FROM information_schema.tables WHERE table_name = '{name}'"
        expect_equal(rows(connection, listed), [("LOCAL TEMPORARY",)])

        expect_error(lambda: rows(stranger, f"SELECT * FROM {name}"), name, state="42P01")
        expect_error(lambda: rows(stranger, f"SELECT * FROM temp.{name}"), name, state="42P01")
        expect_equal(objects(stranger, table_name_filter=name), [])
        expect_equal(rows(stranger, listed), [])
        # The other may have one of the same name.
        run(stranger, f"CREATE TEMP TABLE {name} AS SELECT 'other' AS t")
        expect_equal(rows(stranger, f"SELECT * FROM {name}"), [("other",)])
        expect_equal(rows(connection, f"SELECT count(*) FROM {name}"), [(2,)])
    with server.connect() as connection:
        expect_error(lambda: rows(connection, f"SELECT * FROM {name}"), name, state="42P01")


@case
def temporary_tables_are_ingested_in_every_mode(server):
    with server.connect() as connection:
        missing = lambda: ingest(connection, "modes", FIRST, "append", temporary=True)
        error = expect_error(missing, "modes", state="42P01")
        expect_equal(error.status_code.name, "NOT_FOUND")
        expect_equal(ingest(connection, "modes", FIRST, temporary=True), 3)
        expect_error(lambda: ingest(connection, "modes", FIRST, temporary=True), "exists", state="42P07")
        expect_equal(ingest(connection, "modes", OTHER, "append", temporary=True), 2)
        expect_equal(ingest(connection, "modes", OTHER, "create_append", temporary=True), 2)
        expect_equal(rows(connection, "SELECT count(*) FROM modes"), [(7,)])
        expect_equal(ingest(connection, "modes", OTHER, "replace", temporary=True), 2)
        expect_equal(rows(connection, "SELECT count(*) FROM temp.modes"), [(2,)])
        elsewhere = lambda: ingest(connection, "modes", OTHER, temporary=True, db_schema_name=SCHEMA)
        expect_error(elsewhere, "temporary", state="42601")
        # The schema has two names, and is in the catalog.
        expect_equal(ingest(connection, "modes", FIRST, "replace", db_schema_name="pg_temp"), 3)
        expect_equal(ingest(connection, "modes", OTHER, "append", temporary=True, catalog_name="godwit"), 2)
        expect_equal(rows(connection, "SELECT count(*) FROM pg_temp.modes"), [(5,)])
        nowhere = lambda: ingest(connection, "modes", OTHER, temporary=True, catalog_name="nowhere")
        expect_error(nowhere, "nowhere", state="3F000")


@case
def a_session_of_many_cursors_is_one(server):
    with server.connect() as connection:
        with connection.cursor() as one, connection.cursor() as other:
            one.execute("CREATE TEMP TABLE shared AS SELECT 1 AS n")
            other.execute("CREATE TEMP VIEW doubled AS SELECT 2 * n AS n FROM shared")
            one.execute("SELECT n FROM doubled")
            expect_equal(one.fetchall(), [(2,)])


@case
def a_cookie_keeps_a_session_over_connections(server):
    options = {"adbc.flight.sql.rpc.with_cookie_middleware": "true"}
    with server.connect(options=options) as connection:
        run(connection, "CREATE TEMP TABLE before AS SELECT 1 AS n")
        connection.adbc_current_db_schema = SCHEMA
        run(connection, "CREATE TEMP TABLE after AS SELECT 2 AS n")
        expect_equal(rows(connection, "SELECT before.n, after.n FROM before, after"), [(1, 2)])
        expect_equal(connection.adbc_current_db_schema, SCHEMA)


@case
def the_current_schema_must_be_there(server):
    with server.connect() as connection:
        def choose(name):
            connection.adbc_current_db_schema = name

        expect_error(lambda: choose("no_such_schema"), "schema")
        expect_equal(connection.adbc_current_db_schema, "public")
        choose(SCHEMA.upper())
        expect_equal(connection.adbc_current_db_schema, SCHEMA)
        run(connection, "CREATE TEMP TABLE kept AS SELECT 1 AS n")
        choose("public")
        expect_equal(rows(connection, "SELECT n FROM kept"), [(1,)])


@case
def a_name_with_a_backslash_is_found(server):
    with server.connect() as connection:
        ingest(connection, "back\\slash", FIRST, db_schema_name=SCHEMA)
        schema = connection.adbc_get_table_schema("back\\slash", db_schema_filter=SCHEMA)
        expect_equal(schema.names, ["idx", "value"])


@case
def a_statement_that_writes_is_polled_to_its_end(server):
    with server.connect() as connection, connection.cursor() as cursor:
        cursor.adbc_statement.set_options(**{"adbc.statement.exec.incremental": "true"})
        sql = f"CREATE TABLE {SCHEMA}.polled AS SELECT value AS n FROM generate_series(1, 100000)"
        partitions, _ = cursor.adbc_execute_partitions(sql)
        expect_equal(len(partitions), 1)
        expect_equal(rows(connection, f"SELECT count(*) FROM {SCHEMA}.polled"), [(100_000,)])


@case
def a_polled_statement_can_be_killed(server):
    # Runs for longer than one answer of the server takes.
    sql = (f"CREATE TABLE {SCHEMA}.endless AS SELECT a.value AS n FROM generate_series(1, 100000000) AS a, "
           "generate_series(1, 1000) AS b WHERE sin(a.value) * b.value > 2000")
    running = ("SELECT query_id FROM system.queries WHERE state = 'running' AND sql LIKE '%endless%' "
               "AND sql NOT LIKE '%system.queries%'")
    with server.connect() as connection, server.connect() as other, connection.cursor() as cursor:
        def kill():
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                found = rows(other, running)
                if found:
                    time.sleep(6)
                    run(other, f"KILL QUERY '{found[0][0]}'")
                    return
                time.sleep(0.1)

        killer = threading.Thread(target=kill)
        killer.start()
        cursor.adbc_statement.set_options(**{"adbc.statement.exec.incremental": "true"})
        started = time.monotonic()
        expect_error(lambda: cursor.adbc_execute_partitions(sql), "cancel")
        killer.join()
        expect(time.monotonic() - started > 5, "one call was enough")


if __name__ == "__main__":
    sys.exit(main("Uses sessions of a server over ADBC."))
