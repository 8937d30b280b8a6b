"""What tools ask for beside queries: Power BI and its kin, dashboards, and browsers of tables.

usage: tools_suite.py FLIGHT_URL HTTP_URL FOLDER  (FOLDER is readable for the server)

Needs what flight_suite.py needs.
"""

import os
import sys

import pyarrow
import pyarrow.parquet

from cases import SCHEMA, case, expect, expect_equal, main, rows, run, table


@case
def the_connector_of_power_bi_finds_its_tables(server):
    with server.connect(headers={"database": "godwit"}) as connection:
        run(connection, f"CREATE TABLE {SCHEMA}.shown (id INT NOT NULL, name VARCHAR(20), geom GEOMETRY(Point, 4326))")
        run(connection, f"CREATE VIEW {SCHEMA}.looked_at AS SELECT 1 AS n")
        found = table(connection, "SHOW DATABASES")
        expect_equal(found.to_pydict(), {"database_name": ["godwit"]})
        expect((("godwit", SCHEMA)) in rows(connection, "SELECT catalog_name, schema_name FROM information_schema.schemata"), SCHEMA)
        listed = ("SELECT table_catalog, table_schema, table_name, table_type FROM information_schema.tables "
                  f"WHERE table_schema = '{SCHEMA}' ORDER BY table_name")
        expect_equal(rows(connection, listed), [("godwit", SCHEMA, "looked_at", "VIEW"), ("godwit", SCHEMA, "shown", "BASE TABLE")])
        columns = ("SELECT column_name, data_type, is_nullable, ordinal_position FROM information_schema.columns "
                   f"WHERE table_schema = '{SCHEMA}' AND table_name = 'shown' ORDER BY ordinal_position")
        expect_equal(rows(connection, columns),
                     [("id", "INTEGER", "NO", 1), ("name", "VARCHAR", "YES", 2), ("geom", "GEOMETRY", "YES", 3)])
        keys = ("SELECT k.column_name, c.constraint_type FROM information_schema.table_constraints AS c "
                "JOIN information_schema.key_column_usage AS k ON k.constraint_name = c.constraint_name "
                f"AND k.table_schema = c.table_schema WHERE c.table_schema = '{SCHEMA}'")
        expect_equal(rows(connection, keys), [])
        expect_equal(rows(connection, "SELECT count(*) FROM information_schema.referential_constraints"), [(0,)])


@case
def what_dashboards_probe_is_there(server):
    with server.connect() as connection:
        [(catalog, schema, name)] = rows(connection, "SELECT current_catalog(), current_schema(), 'x'")
        expect_equal((catalog, schema, name), ("godwit", "public", "x"))
        [(version, user, session)] = rows(connection, "SELECT version(), current_user, session_user")
        expect("godwit" in version.lower() and user == session, (version, user, session))
        expect_equal(rows(connection, "SELECT 1 WHERE 1 = 0"), [])
        expect_equal(rows(connection, "SELECT CAST('test plain returns' AS VARCHAR(60)) AS anon_1"), [("test plain returns",)])


@case
def a_table_that_cannot_be_read_hides_no_other(server):
    folder = sys.argv[3]
    path = os.path.join(folder, f"{SCHEMA}_gone.parquet")
    pyarrow.parquet.write_table(pyarrow.table({"n": [1]}), path)
    with server.connect() as connection:
        run(connection, f"CREATE EXTERNAL TABLE {SCHEMA}.gone STORED AS PARQUET LOCATION '{path}'")
        run(connection, f"CREATE TABLE {SCHEMA}.stays (n INT)")
        run(connection, f"CREATE VIEW {SCHEMA}.dangling AS SELECT n FROM {SCHEMA}.gone")
        os.remove(path)
        listed = connection.adbc_get_objects(depth="columns", db_schema_filter=SCHEMA).read_all().to_pylist()
        found = {entry["table_name"]: [column["column_name"] for column in entry["table_columns"]]
                 for catalog in listed for schema in catalog["catalog_db_schemas"] for entry in schema["db_schema_tables"]}
        expect({"gone", "stays", "dangling"} <= set(found), found)
        expect_equal(found["stays"], ["n"])


@case
def statistics_of_files_change_no_schema(server):
    with server.connect() as connection, connection.cursor() as cursor:
        run(connection, f"CREATE TABLE {SCHEMA}.measured AS SELECT value AS n, 'x' AS t FROM generate_series(1, 1000) AS s(value)")
        for sql in ("min(n), max(n), count(*)", "count(n)", "max(t)", "sum(n), avg(n)"):
            sql = f"SELECT {sql} FROM {SCHEMA}.measured"
            announced = cursor.adbc_execute_schema(sql)
            # The driver compares what is announced with what is sent, too.
            expect_equal(table(connection, sql).schema, announced)
            expect(all(field.nullable for field in announced), announced)
        expect_equal(rows(connection, f"SELECT min(n), max(n), count(*) FROM {SCHEMA}.measured"), [(1, 1000, 1000)])


if __name__ == "__main__":
    sys.exit(main("Asks a server what tools ask."))
