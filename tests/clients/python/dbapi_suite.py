"""flightsql-dbapi and its SQLAlchemy dialect, which Superset uses.

usage: dbapi_suite.py FLIGHT_URL [HTTP_URL FOLDER]

Needs flightsql-dbapi, pandas and SQLAlchemy 1.4. Without them it says so, and fails only with CI set.
"""

import os
import sys

from cases import SCHEMA, case, expect, expect_equal, expect_error, main, run

try:
    import sqlalchemy
    from flightsql import FlightSQLClient, connect
    from sqlalchemy.dialects import registry

    registry.register("datafusion.flightsql", "flightsql.sqlalchemy", "DataFusionDialect")
except ImportError as missing:
    print(f"skipped all cases: {missing}")
    sys.exit(1 if "CI" in os.environ else 0)


def place(server):
    host, _, port = server.url.removeprefix("grpc://").partition(":")
    return host, int(port)


def client(server):
    host, port = place(server)
    return FlightSQLClient(host=host, port=port, insecure=True)


def engine(server):
    host, port = place(server)
    return sqlalchemy.create_engine(f"datafusion+flightsql://{host}:{port}?insecure=True")


@case
def the_client_reads_a_query(server):
    flight = client(server)
    info = flight.execute("SELECT 1 AS n, 'a' AS t")
    found = flight.do_get(info.endpoints[0].ticket).read_all()
    expect_equal(found.to_pydict(), {"n": [1], "t": ["a"]})


@case
def a_cursor_returns_rows_and_errors(server):
    cursor = connect(client(server)).cursor()
    cursor.execute("SELECT value, NULL AS nothing FROM generate_series(1, 3)")
    expect_equal([row[0] for row in cursor.fetchall()], [1, 2, 3])
    expect_equal([column[0] for column in cursor.description], ["value", "nothing"])
    expect_error(lambda: cursor.execute("SELECT * FROM no_such_table"), "no_such_table")


@case
def the_inspector_finds_tables_and_columns(server):
    with server.connect() as connection:
        run(connection, f"CREATE TABLE {SCHEMA}.inspected (id INT NOT NULL, name VARCHAR, at TIMESTAMP)")
    inspector = sqlalchemy.inspect(engine(server))
    expect(SCHEMA in inspector.get_schema_names(), inspector.get_schema_names())
    expect("inspected" in inspector.get_table_names(SCHEMA), inspector.get_table_names(SCHEMA))
    columns = inspector.get_columns("inspected", SCHEMA)
    expect_equal([column["name"] for column in columns], ["id", "name", "at"])


@case
def sqlalchemy_reads_a_query(server):
    with engine(server).connect() as connection:
        found = list(connection.execute(sqlalchemy.text("SELECT 1 AS one, 'two' AS two")))
        expect_equal(found, [(1, "two")])


if __name__ == "__main__":
    sys.exit(main("Runs flightsql-dbapi against a server."))
