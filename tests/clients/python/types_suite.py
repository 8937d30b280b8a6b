"""SQL types, literals, bound values and changes of rows, as ADBC clients send and read them.

usage: types_suite.py FLIGHT_URL [HTTP_URL FOLDER] [--user USER --password PASSWORD]

Needs what flight_suite.py needs, and deltalake to read the log of a table.
"""

import datetime
import decimal
import sys
import threading

import adbc_driver_manager
import deltalake
import pyarrow

from cases import SCHEMA, case, expect, expect_equal, expect_error, main, rows, run, table, update


def columns(connection, sql):
    """Returns the types and the values of the columns of a result."""
    found = table(connection, sql)
    return [field.type for field in found.schema], [column.to_pylist() for column in found.columns]


def version(connection, name):
    sql = f"SELECT location FROM system.tables WHERE schema_name = '{SCHEMA}' AND table_name = '{name}'"
    [(location,)] = rows(connection, sql)
    return deltalake.DeltaTable(location.removeprefix("file://")).version()


LITERALS = [
    ("from_hex('00ff')", pyarrow.binary(), b"\x00\xff"),
    ("X'00ff'", pyarrow.binary(), b"\x00\xff"),
    ("TRUE", pyarrow.bool_(), True),
    ("DATE '2023-05-15'", pyarrow.date32(), datetime.date(2023, 5, 15)),
    ("CAST(123.45 AS NUMERIC(10, 2))", pyarrow.decimal128(10, 2), decimal.Decimal("123.45")),
    ("CAST(3.5 AS REAL)", pyarrow.float32(), 3.5),
    ("CAST(3.5 AS DOUBLE PRECISION)", pyarrow.float64(), 3.5),
    ("CAST(42 AS SMALLINT)", pyarrow.int16(), 42),
    ("CAST(42 AS INT)", pyarrow.int32(), 42),
    ("CAST(42 AS BIGINT)", pyarrow.int64(), 42),
    ("'hello'", pyarrow.string(), "hello"),
    ("'Hello, \u4e16\u754c \U0001f680'", pyarrow.string(), "Hello, \u4e16\u754c \U0001f680"),
    ("CAST('13:45:31.123456' AS TIME)", pyarrow.time64("us"), datetime.time(13, 45, 31, 123456)),
    ("TIME '13:45:31'", pyarrow.time64("us"), datetime.time(13, 45, 31)),
    ("TIMESTAMP '2023-05-15 13:45:30'", pyarrow.timestamp("us"), datetime.datetime(2023, 5, 15, 13, 45, 30)),
    ("TIMESTAMP '0001-01-01 00:00:00'", pyarrow.timestamp("us"), datetime.datetime(1, 1, 1)),
    ("TIMESTAMP WITH TIME ZONE '2023-05-15 13:45:30'", pyarrow.timestamp("us", "UTC"),
     datetime.datetime(2023, 5, 15, 13, 45, 30, tzinfo=datetime.timezone.utc)),
    ("TIMESTAMP WITH TIME ZONE '2023-05-15 13:45:30+02'", pyarrow.timestamp("us", "UTC"),
     datetime.datetime(2023, 5, 15, 11, 45, 30, tzinfo=datetime.timezone.utc)),
    ("CAST('{\"a\": 1}' AS JSON)", pyarrow.json_(pyarrow.string()), '{"a": 1}'),
    ("N'na\u00efve'", pyarrow.string(), "na\u00efve"),
    ("U&'d!0061ta' UESCAPE '!'", pyarrow.string(), "data"),
    ("'two '\n  'lines'", pyarrow.string(), "two lines"),
    ("INTERVAL '1-2' YEAR TO MONTH", pyarrow.month_day_nano_interval(), pyarrow.MonthDayNano((14, 0, 0))),
    ("{d '2023-05-15'}", pyarrow.date32(), datetime.date(2023, 5, 15)),
    ("{t '13:45:31'}", pyarrow.time64("us"), datetime.time(13, 45, 31)),
    ("{ts '2023-05-15 13:45:30'}", pyarrow.timestamp("us"), datetime.datetime(2023, 5, 15, 13, 45, 30)),
    ("{fn ucase('hello')}", pyarrow.string(), "HELLO"),
    ("'100%' LIKE '100!%' {escape '!'}", pyarrow.bool_(), True),
]


@case
def literals_have_their_types(server):
    failures = []
    with server.connect() as connection:
        for literal, wanted, value in LITERALS:
            try:
                types, [[found]] = columns(connection, f"SELECT {literal} AS res")
                expect_equal((types, found), ([wanted], value))
            except Exception as error:
                failures.append(f"{literal}: {error}")
    expect(not failures, "\n".join(failures))


NANOSECONDS = pyarrow.timestamp("ns")

# Each SQL type, literals of it, and the Arrow type and values that come back.
DECLARED = [
    ("BLOB", ["X'deadbeef'", "X''", "NULL"], pyarrow.binary(), [b"\xde\xad\xbe\xef", b"", None]),
    ("VARBINARY", ["X'00'"], pyarrow.binary(), [b"\x00"]),
    ("BOOLEAN", ["TRUE", "FALSE", "NULL"], pyarrow.bool_(), [True, False, None]),
    ("SMALLINT", ["-32768", "32767"], pyarrow.int16(), [-32768, 32767]),
    ("INT", ["1", "NULL"], pyarrow.int32(), [1, None]),
    ("BIGINT", ["9223372036854775807", "-9223372036854775808"], pyarrow.int64(), [2**63 - 1, -(2**63)]),
    ("REAL", ["1.5", "NULL"], pyarrow.float32(), [1.5, None]),
    ("DOUBLE PRECISION", ["1.5e300"], pyarrow.float64(), [1.5e300]),
    ("NUMERIC(10, 2)", ["123.45", "-999.99", "9999999.99", "0.00"], pyarrow.decimal128(10, 2),
     [decimal.Decimal(text) for text in ("123.45", "-999.99", "9999999.99", "0.00")]),
    ("VARCHAR", ["'a'", "''", "NULL"], pyarrow.string(), ["a", "", None]),
    ("VARCHAR(20)", ["'b'"], pyarrow.string(), ["b"]),
    ("CHARACTER VARYING(20)", ["'b'"], pyarrow.string(), ["b"]),
    ("TEXT", ["'c'"], pyarrow.string(), ["c"]),
    ("UUID", ["'0190a0d4-0000-7000-8000-000000000000'"], pyarrow.string(), ["0190a0d4-0000-7000-8000-000000000000"]),
    ("JSON", ["'[1]'"], pyarrow.json_(pyarrow.string()), ["[1]"]),
    ("DATE", ["DATE '0001-01-01'", "DATE '9999-12-31'", "NULL"], pyarrow.date32(),
     [datetime.date(1, 1, 1), datetime.date(9999, 12, 31), None]),
    ("TIME", ["TIME '13:45:31.123456'", "TIME '00:00:00'", "NULL"], pyarrow.time64("us"),
     [datetime.time(13, 45, 31, 123456), datetime.time(0), None]),
    ("TIME(0)", ["TIME '13:45:31'"], pyarrow.time32("s"), [datetime.time(13, 45, 31)]),
    ("TIME(3)", ["TIME '13:45:31.123'"], pyarrow.time32("ms"), [datetime.time(13, 45, 31, 123000)]),
    ("TIMESTAMP", ["TIMESTAMP '2023-05-15 13:45:30.123456'", "TIMESTAMP '9999-12-31 23:59:59.999999'"],
     pyarrow.timestamp("us"), [datetime.datetime(2023, 5, 15, 13, 45, 30, 123456), datetime.datetime.max]),
    ("INTERVAL", ["INTERVAL '1 month 2 days'", "NULL"], pyarrow.month_day_nano_interval(),
     [pyarrow.MonthDayNano([1, 2, 0]), None]),
]
for digits in range(10):
    unit = "s" if digits == 0 else "ms" if digits <= 3 else "us" if digits <= 6 else "ns"
    fraction = ("." + "123456789"[:digits]) if digits else ""
    count = int("1684158330" + "123456789"[:digits].ljust({"s": 0, "ms": 3, "us": 6, "ns": 9}[unit], "0"))
    for suffix, zone in (("", None), (" WITH TIME ZONE", "UTC")):
        offset = "+00" if zone else ""
        kind = pyarrow.timestamp(unit, zone)
        DECLARED.append((f"TIMESTAMP({digits}){suffix}",
                         [f"TIMESTAMP{suffix} '2023-05-15 13:45:30{fraction}{offset}'", "NULL"],
                         kind, pyarrow.array([count, None], kind).to_pylist() if unit != "ns" else [count, None]))


def values_of(column):
    if pyarrow.types.is_timestamp(column.type) and column.type.unit == "ns":
        return column.cast(pyarrow.int64()).to_pylist()
    return column.to_pylist()


@case
def declared_columns_keep_their_types(server):
    failures = []
    with server.connect() as connection:
        for number, (declared, literals, wanted, values) in enumerate(DECLARED):
            name = f"{SCHEMA}.declared_{number}"
            try:
                expect_equal(update(connection, f"CREATE TABLE {name} (\n    idx INTEGER,\n    res {declared}\n)"), 0)
                for index, literal in enumerate(literals):
                    insert = f"INSERT INTO {name} (idx, res) VALUES ({index}, {literal})"
                    expect_equal(update(connection, insert), 1)
                found = table(connection, f"SELECT res FROM {name} ORDER BY idx")
                expect_equal((found.schema.field(0).type, values_of(found.column(0))), (wanted, values))
                schema = connection.adbc_get_table_schema(name.split(".")[1], db_schema_filter=SCHEMA)
                expect_equal(schema.field("res").type, wanted)
                with connection.cursor() as cursor:
                    expect_equal(cursor.adbc_execute_schema(f"SELECT res FROM {name}").field(0).type, wanted)
            except Exception as error:
                failures.append(f"{declared}: {error}")
    expect(not failures, "\n".join(failures))


@case
def a_geometry_column_has_its_reference_system(server):
    with server.connect() as connection:
        run(connection, f"CREATE TABLE {SCHEMA}.places (id INT, geom GEOMETRY(Point, 4326))")
        run(connection, f"INSERT INTO {SCHEMA}.places VALUES (1, ST_Point(1, 2, 4326)), (2, NULL)")
        batch = pyarrow.record_batch({"0": [3, 4], "1": ["POINT (3 4)", None]})
        expect_equal(update(connection, f"INSERT INTO {SCHEMA}.places VALUES (?, ?)", batch), 2)
        found = rows(connection, f"SELECT id, ST_AsEWKT(geom) FROM {SCHEMA}.places ORDER BY id")
        expect_equal(found, [(1, "SRID=4326;POINT(1 2)"), (2, None), (3, "SRID=4326;POINT(3 4)"), (4, None)])


def time(unit, values):
    return pyarrow.array(values, pyarrow.time32(unit) if unit in ("s", "ms") else pyarrow.time64(unit))


# Each SQL type of a column, the values that are bound to it, and what they are read back as.
BOUND = [
    ("BLOB", pyarrow.array([b"a", b"", None]), None),
    ("BLOB", pyarrow.array([b"a", None], pyarrow.large_binary()), pyarrow.binary()),
    ("BLOB", pyarrow.array([b"a", None], pyarrow.binary_view()), pyarrow.binary()),
    ("BLOB", pyarrow.array([b"ab", None], pyarrow.binary(2)), pyarrow.binary()),
    ("BOOLEAN", pyarrow.array([True, False, None]), None),
    ("SMALLINT", pyarrow.array([-32768, 32767, None], pyarrow.int16()), None),
    ("INT", pyarrow.array([-(2**31), 2**31 - 1, None], pyarrow.int32()), None),
    ("BIGINT", pyarrow.array([-(2**63), 2**63 - 1, None]), None),
    ("REAL", pyarrow.array([1.5, None], pyarrow.float16()), pyarrow.float32()),
    ("REAL", pyarrow.array([1.5, None], pyarrow.float32()), None),
    ("DOUBLE PRECISION", pyarrow.array([1.5e300, None]), None),
    ("NUMERIC(10, 2)", pyarrow.array([decimal.Decimal("-1.23"), None], pyarrow.decimal128(10, 2)), None),
    ("VARCHAR", pyarrow.array(["a", "", None]), None),
    ("VARCHAR", pyarrow.array(["a", None], pyarrow.large_string()), pyarrow.string()),
    ("VARCHAR", pyarrow.array(["a", None], pyarrow.string_view()), pyarrow.string()),
    ("VARCHAR", pyarrow.array(["a", "b", "a", None]).dictionary_encode(), pyarrow.string()),
    ("DATE", pyarrow.array([datetime.date(1, 1, 1), None]), None),
    ("TIME(0)", time("s", [0, None, 86399]), None),
    ("TIME(3)", time("ms", [0, None, 86399999]), None),
    ("TIME(6)", time("us", [0, None, 86399999999]), None),
    ("TIME(9)", time("ns", [0, None, 86399999999999]), None),
]
for unit, digits in (("s", 0), ("ms", 3), ("us", 6), ("ns", 9)):
    counts = [1684158330 * 10**digits + (10**digits - 1), -1, None]
    BOUND.append((f"TIMESTAMP({digits})", pyarrow.array(counts, pyarrow.timestamp(unit)), None))
    for zone in ("UTC", "Asia/Tokyo"):
        bound = pyarrow.array(counts, pyarrow.timestamp(unit, zone))
        BOUND.append((f"TIMESTAMP({digits}) WITH TIME ZONE", bound, pyarrow.timestamp(unit, "UTC")))


@case
def bound_values_of_every_type_are_one_commit(server):
    failures = []
    with server.connect() as connection:
        for number, (declared, bound, read) in enumerate(BOUND):
            name = f"bound_{number}"
            try:
                update(connection, f"CREATE TABLE {SCHEMA}.{name} (idx INT, res {declared})")
                index = pyarrow.array(range(len(bound)), pyarrow.int32())
                batch = pyarrow.record_batch([index, bound], names=["idx", "res"])
                insert = f"INSERT INTO {SCHEMA}.{name} VALUES ($1, $2)"
                expect_equal(update(connection, insert, batch), len(bound))
                expect_equal(version(connection, name), 1)
                # One row takes another way than many.
                expect_equal(update(connection, insert, batch.slice(0, 1)), 1)
                wanted = bound
                if read is not None:
                    plain = bound.dictionary_decode() if pyarrow.types.is_dictionary(bound.type) else bound
                    wanted = plain.cast(read)
                found = table(connection, f"SELECT res FROM {SCHEMA}.{name} ORDER BY idx").column(0)
                twice = pyarrow.concat_arrays([wanted.slice(0, 1), wanted])
                expect_equal((found.type, values_of(found)), (twice.type, values_of(twice)))
                count = f"SELECT count(*) FROM {SCHEMA}.{name} WHERE idx = ? AND res = ?"
                with connection.cursor() as cursor:
                    cursor.adbc_prepare(count)
                    cursor.adbc_statement.bind(batch.slice(0, 1))
                    handle, _ = cursor.adbc_statement.execute_query()
                    counted = pyarrow.RecordBatchReader._import_from_c(handle.address).read_all()
                expect_equal(counted.column(0).to_pylist(), [2])
            except Exception as error:
                failures.append(f"{declared} from {bound.type}: {error}")
    expect(not failures, "\n".join(failures))


@case
def many_rows_of_values_are_one_commit(server):
    with server.connect() as connection:
        run(connection, f"CREATE TABLE {SCHEMA}.many (n BIGINT, t VARCHAR, d DOUBLE PRECISION)")
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {SCHEMA}.many (t, n) VALUES (upper(?), ? + 1)",
                               [(f"row {index}", index) for index in range(10_000)])
        found = rows(connection, f"SELECT count(*), sum(n), min(t), count(d) FROM {SCHEMA}.many")
        expect_equal(found, [(10_000, 10_000 * 10_001 // 2, "ROW 0", 0)])
        expect_equal(version(connection, "many"), 1)


@case
def many_rows_of_changes_are_one_commit(server):
    name = f"{SCHEMA}.often"
    with server.connect() as connection:
        run(connection, f"CREATE TABLE {name} AS SELECT value AS id, 'old' AS t FROM generate_series(1, 150) AS g(value)")
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {name} SET t = ? WHERE id = ?", [(f"new {n}", n) for n in range(1, 101)])
        expect_equal(rows(connection, f"SELECT count(*), count(DISTINCT t) FROM {name}"), [(150, 101)])
        expect_equal(rows(connection, f"SELECT t FROM {name} WHERE id IN (7, 120) ORDER BY id"), [("new 7",), ("old",)])
        expect_equal(version(connection, "often"), 1)
        ids = pyarrow.record_batch({"0": range(51, 201)})
        expect_equal(update(connection, f"DELETE FROM {name} WHERE id = ?", ids), 100)
        expect_equal(version(connection, "often"), 2)
        # Where one row of values could see what another has done, each is executed for itself.
        steps = pyarrow.record_batch({"0": [1, 2, 3]})
        expect_equal(update(connection, f"UPDATE {name} SET id = id + 1000 WHERE id = ?", steps), 3)
        twice = pyarrow.record_batch({"0": ["a", "b"], "1": [1001, 1001]})
        expect_equal(update(connection, f"UPDATE {name} SET t = t || ? WHERE id = ?", twice), 2)
        expect_equal(rows(connection, f"SELECT t FROM {name} WHERE id = 1001"), [("new 1ab",)])


@case
def a_value_that_does_not_fit_leaves_nothing(server):
    with server.connect() as connection:
        run(connection, f"CREATE TABLE {SCHEMA}.fit (n SMALLINT)")
        insert = f"INSERT INTO {SCHEMA}.fit VALUES (?)"
        for bad in (["x", "y"], ["1", "y"]):
            batch = pyarrow.record_batch({"0": bad})
            expect_error(lambda: update(connection, insert, batch), "$1", state="22P02")
        expect_equal(rows(connection, f"SELECT count(*) FROM {SCHEMA}.fit"), [(0,)])


@case
def parameters_are_inferred_where_they_stand(server):
    statements = {
        "SELECT 1 + ?": ["int64"],
        "SELECT 1 + ? + ?": ["int64", "int64"],
        "SELECT value FROM generate_series(1, 9) LIMIT ? OFFSET ?": ["int64", "int64"],
        "SELECT ST_Point(?, ?)": ["double", "double"],
        "SELECT ST_GeomFromText(?)": ["string"],
        "SELECT 'a_b' LIKE ? ESCAPE '!'": ["string"],
        "SELECT CAST(? AS DATE), ?::SMALLINT": ["date32[day]", "int16"],
        "SELECT * FROM generate_series(1, 9) WHERE value BETWEEN ? AND ?": ["int64", "int64"],
        f"INSERT INTO {SCHEMA}.inferred VALUES (?, ?, ?)": ["int32", "string", "decimal128(10, 2)"],
        f"INSERT INTO {SCHEMA}.inferred (t) SELECT ?": ["string"],
        f"UPDATE {SCHEMA}.inferred SET n = ?, t = ? WHERE d > ?": ["int32", "string", "decimal128(10, 2)"],
        f"DELETE FROM {SCHEMA}.inferred WHERE n = ?": ["int32"],
        "SELECT coalesce(?, 1), greatest(?, 1.5), ARRAY[?, 2]": ["int64", "double", "int64"],
        "SELECT NOT ?, CASE WHEN ? THEN 1 END WHERE ?": ["bool", "bool", "bool"],
        "SELECT ? AS x UNION ALL SELECT 1": ["int64"],
        "SELECT ST_SetSRID(ST_Point(?, ?), ?)": ["double", "double", "int64"],
        "SELECT ? || ?, upper(? || ? || 'z')": ["string", "string", "string", "string"],
    }
    with server.connect() as connection:
        run(connection, f"CREATE TABLE {SCHEMA}.inferred (n INT, t VARCHAR, d NUMERIC(10, 2))")
        for sql, wanted in statements.items():
            with connection.cursor() as cursor:
                schema = cursor.adbc_prepare(sql)
                expect_equal((sql, [str(field.type) for field in schema]), (sql, wanted))
                expect(all(field.nullable for field in schema), schema)


@case
def a_null_of_no_type_fills_any_column(server):
    with server.connect() as connection, connection.cursor() as cursor:
        run(connection, f"CREATE TABLE {SCHEMA}.untyped (id INT, value VARCHAR, geom GEOMETRY)")
        for ids in ([7001], [7002, 7003]):
            batch = pyarrow.record_batch({"0": ids, "1": pyarrow.nulls(len(ids)), "2": pyarrow.nulls(len(ids))})
            cursor.adbc_statement.set_sql_query(f"INSERT INTO {SCHEMA}.untyped (id, value, geom) VALUES (?, ?, ?)")
            cursor.adbc_statement.prepare()
            cursor.adbc_statement.bind(batch)
            expect_equal(cursor.adbc_statement.execute_update(), len(ids))
        expect_equal(rows(connection, f"SELECT id, value, geom FROM {SCHEMA}.untyped ORDER BY id"),
                     [(id, None, None) for id in (7001, 7002, 7003)])


@case
def rows_are_updated_and_deleted_and_counted(server):
    with server.connect() as connection:
        name = f"{SCHEMA}.changed"
        expect_equal(update(connection, f"CREATE TABLE {name} (id INT, t VARCHAR, geom GEOMETRY(Point, 4326))"), 0)
        insert = f"INSERT INTO {name} (id, t) VALUES (1, 'a'), (2, 'b'), (3, 'c'), (NULL, 'd')"
        expect_equal(update(connection, insert), 4)
        expect_equal(update(connection, f"UPDATE {name} SET id = id + 10, geom = 'POINT (1 2)' WHERE id > 1"), 2)
        found = rows(connection, f"SELECT id, t, ST_AsEWKT(geom) FROM {name} ORDER BY t")
        point = "SRID=4326;POINT(1 2)"
        expect_equal(found, [(1, "a", None), (12, "b", point), (13, "c", point), (None, "d", None)])
        expect_equal(update(connection, f"UPDATE {name} SET t = 'x' WHERE id = 99"), 0)
        expect_equal(update(connection, f"DELETE FROM {name} WHERE id = 12"), 1)
        expect_equal(rows(connection, f"SELECT t FROM {name} ORDER BY t"), [("a",), ("c",), ("d",)])
        batch = pyarrow.record_batch({"0": ["bound"], "1": [13]})
        expect_equal(update(connection, f"UPDATE {name} SET t = ? WHERE id = ?", batch), 1)
        expect_equal(update(connection, f"DELETE FROM {name} WHERE t = ?", pyarrow.record_batch({"0": ["bound"]})), 1)
        expect_equal(update(connection, f"DELETE FROM {name}"), 2)
        expect_equal(rows(connection, f"SELECT count(*) FROM {name}"), [(0,)])
        expect_error(lambda: update(connection, f"UPDATE {name} SET nme = 1"), "nme", state="42703")
        expect_error(lambda: update(connection, "DELETE FROM no_such_table"), "no_such_table", state="42P01")


@case
def changes_and_insertions_at_once_lose_nothing(server):
    name, problems = f"{SCHEMA}.busy", []
    with server.connect() as connection:
        run(connection, f"CREATE TABLE {name} AS SELECT 0 AS n, 'counter' AS t")

    def repeat(sql, times):
        with server.connect() as connection:
            while times:
                try:
                    expect_equal(update(connection, sql), 1)
                    times -= 1
                except adbc_driver_manager.Error as error:
                    # Changes of rows and insertions make way for each other.
                    problems.append(str(error))
                    return

    increment = f"UPDATE {name} SET n = n + 1 WHERE t = 'counter'"
    insert = f"INSERT INTO {name} VALUES (0, 'row')"
    jobs = [threading.Thread(target=repeat, args=job) for job in [(increment, 3)] * 3 + [(insert, 8)] * 2]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    expect(not problems, "\n".join(problems))
    with server.connect() as connection:
        expect_equal(rows(connection, f"SELECT max(n), count(*) FROM {name}"), [(9, 17)])


@case
def constraints_and_bad_types_are_named(server):
    with server.connect() as connection:
        attempt = lambda: run(connection, f"CREATE TABLE {SCHEMA}.bad (a NOSUCHTYPE)")
        expect_error(attempt, "nosuchtype")
        expect_error(lambda: rows(connection, "SELECT from_hex('0g')"), "hexadecimal", state="22P02")


if __name__ == "__main__":
    sys.exit(main("Runs SQL types, parameters and changes of rows over ADBC."))
