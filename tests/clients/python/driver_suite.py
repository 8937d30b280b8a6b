"""What ADBC's own suites ask of a driver beside types: names that need quotes, listings at each depth, and
clear statuses for what a server does not do.

usage: driver_suite.py FLIGHT_URL [HTTP_URL FOLDER] [--user USER --password PASSWORD]

Needs what flight_suite.py needs.
"""

import sys

import adbc_driver_manager
import pyarrow

from cases import SCHEMA, case, expect, expect_equal, expect_error, main, rows, run, table, update

SMALL = pyarrow.table({"a": [1, 2], "b": ["x", None]})
NAMES = ["select", "My Table", 'quo"te', "a.b", "it's", "tab\tname", "\u65e5\u672c", "a/b", "..", "$1", "%41", "x" * 200]


def ingest(connection, name, data, mode="create", **options):
    with connection.cursor() as cursor:
        return cursor.adbc_ingest(name, data, mode=mode, db_schema_name=SCHEMA, **options)


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def listed(connection, depth="all", **filters):
    """Returns the names of schemas, tables and columns that are listed, as a tree."""
    catalogs = connection.adbc_get_objects(depth=depth, **filters).read_all().to_pylist()
    return {
        catalog["catalog_name"]: {
            schema["db_schema_name"]: {
                found["table_name"]: [column["column_name"] for column in found["table_columns"] or []]
                for found in schema["db_schema_tables"] or []
            }
            for schema in catalog["catalog_db_schemas"] or []
        }
        for catalog in catalogs
    }


@case
def tables_have_any_name(server):
    with server.connect() as connection:
        for name in NAMES:
            expect_equal((name, ingest(connection, name, SMALL)), (name, 2))
            expect_equal(ingest(connection, name, SMALL, "append"), 2)
            found = rows(connection, f"SELECT count(*), count(b) FROM {SCHEMA}.{quoted(name)}")
            expect_equal((name, found), (name, [(4, 2)]))
            schema = connection.adbc_get_table_schema(name, db_schema_filter=SCHEMA)
            expect_equal((name, schema.names), (name, ["a", "b"]))
            update(connection, f"DROP TABLE {SCHEMA}.{quoted(name)}")
        for nameless in (" ", "\t"):
            expect_error(lambda: ingest(connection, nameless, SMALL), "needs a name", state="42601")


@case
def columns_have_any_name(server):
    names = ["select", "A b", 'q"', "a.b", "a,b;{}()", "\n", "="]
    data = pyarrow.table({name: [number] for number, name in enumerate(names)})
    with server.connect() as connection:
        expect_equal(ingest(connection, "any_columns", data), 1)
        expect_equal(table(connection, f"SELECT * FROM {SCHEMA}.any_columns").to_pydict(), data.to_pydict())
        listing = ", ".join(quoted(name) for name in names)
        expect_equal(rows(connection, f"SELECT {listing} FROM {SCHEMA}.any_columns"), [tuple(range(len(names)))])
        expect_error(lambda: ingest(connection, "nameless", pyarrow.table({"": [1]})), "no name", state="42601")
        twice = pyarrow.table([pyarrow.array([1]), pyarrow.array([2])], names=["a", "A"])
        expect_error(lambda: ingest(connection, "twice", twice), "two columns", state="42702")


@case
def objects_are_listed_at_each_depth_and_by_pattern(server):
    with server.connect() as connection:
        run(connection, f"CREATE TABLE {SCHEMA}.listed_one AS SELECT 1 AS id, 'x' AS name")
        run(connection, f"CREATE VIEW {SCHEMA}.listed_two AS SELECT 1 AS id")
        one, both = {"listed_one": ["id", "name"]}, {"listed_one": ["id", "name"], "listed_two": ["id"]}
        inside = {"db_schema_filter": SCHEMA, "table_name_filter": "listed%"}
        expect(SCHEMA in listed(connection, "db_schemas")["godwit"], "the schema is not listed")
        expect_equal(list(listed(connection, "catalogs")), ["godwit"])
        expect_equal(listed(connection, "tables", **inside), {"godwit": {SCHEMA: {name: [] for name in both}}})
        for depth in ("all", "columns"):
            expect_equal(listed(connection, depth, **inside), {"godwit": {SCHEMA: both}})
        for filters, tables in [
            ({"table_name_filter": "listed_on_"}, one), ({"table_types_filter": ["TABLE"]}, one),
            ({"table_types_filter": ["nothing"]}, {}), ({"table_name_filter": ""}, {}),
            ({"column_name_filter": "id"}, {"listed_one": ["id"], "listed_two": ["id"]}),
        ]:
            expect_equal((filters, listed(connection, **(inside | filters))), (filters, {"godwit": {SCHEMA: tables}}))
        expect_equal(listed(connection, catalog_filter="god%", **inside), {"godwit": {SCHEMA: both}})
        expect_equal(listed(connection, catalog_filter="nowhere"), {})
        expect_equal(listed(connection, db_schema_filter="no_such_schema"), {"godwit": {}})


@case
def what_is_not_there_is_not_found(server):
    with server.connect() as connection:
        for filters in ({}, {"db_schema_filter": "no_such_schema"}, {"catalog_filter": "nowhere"}):
            error = expect_error(lambda: connection.adbc_get_table_schema("no_such_table", **filters))
            expect_equal(error.status_code.name, "NOT_FOUND")
        for sql, status, state in [
            ("SELECT * FROM no_such_table", "NOT_FOUND", "42P01"), ("SELECT nope", "INVALID_ARGUMENT", "42703"),
            ("SELEC 1", "INVALID_ARGUMENT", "42601"), ("SELECT nope(1)", "INVALID_ARGUMENT", "42883"),
            ("SELECT 'x'::int", "INVALID_ARGUMENT", "22P02"), ("SELECT 1 / 0", "INVALID_ARGUMENT", "22012"),
            (f"CREATE SCHEMA {SCHEMA}", "ALREADY_EXISTS", "42P06"), ("BEGIN", "NOT_IMPLEMENTED", "0A000"),
        ]:
            error = expect_error(lambda: update(connection, sql), state=state)
            expect_equal((sql, error.status_code.name), (sql, status))


@case
def what_the_server_does_not_do_is_told(server):
    def refused(action):
        try:
            action()
        except adbc_driver_manager.Error as error:
            return error.status_code.name
        return None

    with server.connect() as connection:
        expect_equal(refused(lambda: connection.adbc_connection.set_autocommit(False)), "NOT_IMPLEMENTED")
        expect_equal(refused(connection.adbc_get_statistics), "NOT_IMPLEMENTED")
        with connection.cursor() as cursor:
            cursor.adbc_statement.set_substrait_plan(b"plan")
            expect_equal(refused(cursor.adbc_statement.execute_query), "NOT_IMPLEMENTED")
        expect_error(lambda: rows(connection, " ; "), "empty", state="42601")
        for option in ({"adbc.flight.sql.session.option.nope": "1"}, {"adbc.flight.sql.session.option.query_timeout": "x"}):
            expect_error(lambda: connection.adbc_connection.set_options(**option), "invalid")


@case
def schemas_are_told_without_execution(server):
    with server.connect() as connection, connection.cursor() as cursor:
        run(connection, f"CREATE TABLE {SCHEMA}.told (id INT)")
        schema = cursor.adbc_execute_schema(f"SELECT id, ? AS guess FROM {SCHEMA}.told WHERE id = ?")
        expect_equal([str(field.type) for field in schema], ["int32", "string"])
        expect_error(lambda: cursor.adbc_execute_schema("SELECT 1; SELECT 2"), "several statements", state="42601")
        insert = f"INSERT INTO {SCHEMA}.told VALUES (1)"
        expect_error(lambda: connection.cursor().adbc_execute_schema(insert))
        expect_equal(rows(connection, f"SELECT count(*) FROM {SCHEMA}.told"), [(0,)])


if __name__ == "__main__":
    sys.exit(main("Asks of a server what suites of ADBC drivers ask."))
