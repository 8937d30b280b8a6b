"""Values of every Arrow type bound to queries and insertions, one row at a time and many at once.

usage: binding_suite.py FLIGHT_URL [HTTP_URL FOLDER] [--user USER --password PASSWORD]

Needs what flight_suite.py needs.
"""

import datetime
import decimal
import json
import sys

import pyarrow
import pyarrow.compute

from cases import SCHEMA, case, expect, expect_equal, expect_error, main, rows, run, update


def asked(connection, sql, batch):
    """Returns the answer to a query that was prepared and bound."""
    with connection.cursor() as cursor:
        cursor.adbc_statement.set_sql_query(sql)
        cursor.adbc_statement.prepare()
        cursor.adbc_statement.bind(batch)
        stream, _ = cursor.adbc_statement.execute_query()
        return pyarrow.RecordBatchReader._import_from_c(stream.address).read_all()


def bound(connection, sql, *columns):
    """Returns the answer to a query to which these columns were bound."""
    batch = pyarrow.record_batch(list(columns), names=[str(number) for number in range(len(columns))])
    return asked(connection, sql, batch)


def values_of(column):
    kind = column.type
    counts = pyarrow.types.is_timestamp(kind) or pyarrow.types.is_duration(kind) or pyarrow.types.is_time(kind)
    return column.cast(pyarrow.int64() if kind.bit_width == 64 else pyarrow.int32()).to_pylist() if counts else column.to_pylist()


D = decimal.Decimal

# Each type, values of it, and the type that comes back when that is another.
VALUES = [
    (pyarrow.int8(), [-128, 127, None], None), (pyarrow.int16(), [-(2**15), None], None),
    (pyarrow.int32(), [-(2**31), None], None), (pyarrow.int64(), [-(2**63), 2**63 - 1, None], None),
    (pyarrow.uint8(), [255, None], None), (pyarrow.uint16(), [65535, None], None),
    (pyarrow.uint32(), [2**32 - 1, None], None), (pyarrow.uint64(), [2**64 - 1, None], None),
    (pyarrow.float16(), [1.5, None], pyarrow.float32()), (pyarrow.float32(), [float("inf"), -0.5, None], None),
    (pyarrow.float64(), [1.5e300, None], None), (pyarrow.bool_(), [True, False, None], None),
    (pyarrow.decimal32(5, 2), [D("1.23"), None], pyarrow.decimal128(5, 2)),
    (pyarrow.decimal64(12, 2), [D("-1.23"), None], pyarrow.decimal128(12, 2)),
    (pyarrow.decimal128(38, 0), [D("9" * 38), None], None), (pyarrow.decimal128(3, -2), [D(1200), None], pyarrow.decimal128(5, 0)),
    (pyarrow.decimal256(60, 0), [D("9" * 60), None], None),
    (pyarrow.string(), ["", "\u4e16", None], None), (pyarrow.large_string(), ["a", None], pyarrow.string()),
    (pyarrow.string_view(), ["a", "a text that is not inlined", None], pyarrow.string()),
    (pyarrow.binary(), [b"", b"\x00\xff", None], None), (pyarrow.large_binary(), [b"a", None], pyarrow.binary()),
    (pyarrow.binary_view(), [b"x" * 40, None], pyarrow.binary()), (pyarrow.binary(2), [b"ab", None], None),
    (pyarrow.date32(), [datetime.date(1, 1, 1), datetime.date(9999, 12, 31), None], None),
    (pyarrow.date64(), [datetime.date(1969, 12, 31), None], pyarrow.date32()),
    (pyarrow.time32("s"), [86399, None], None), (pyarrow.time32("ms"), [86399999, None], None),
    (pyarrow.time64("us"), [86399999999, None], None), (pyarrow.time64("ns"), [86399999999999, None], None),
    (pyarrow.month_day_nano_interval(), [pyarrow.MonthDayNano((14, -3, 7)), None], None),
    (pyarrow.list_(pyarrow.int32()), [[1, None], [], None], None), (pyarrow.large_list(pyarrow.int32()), [[1], None], pyarrow.list_(pyarrow.int32())),
    (pyarrow.list_(pyarrow.list_(pyarrow.string())), [[["a"], []], None], None),
    (pyarrow.struct([("a", pyarrow.int32()), ("b", pyarrow.string())]), [{"a": 1, "b": None}, None], None),
    (pyarrow.list_(pyarrow.struct([("a", pyarrow.int32())])), [[{"a": 1}], None], None),
    (pyarrow.map_(pyarrow.string(), pyarrow.int32()), [[("k", 1)], [], None], None),
    (pyarrow.null(), [None, None], None),
]
for unit, digits in (("s", 0), ("ms", 3), ("us", 6), ("ns", 9)):
    counts = [1684158330 * 10**digits + 10**digits - 1, -1, None]
    VALUES.append((pyarrow.duration(unit), counts, None))
    for zone in (None, "UTC", "America/New_York"):
        VALUES.append((pyarrow.timestamp(unit, zone), counts, None))
    # Java knows no offsets.
    VALUES.append((pyarrow.timestamp(unit, "+05:30"), counts, pyarrow.timestamp(unit, "UTC")))


def fit(found, wanted):
    # Clients may call the elements of lists what they want.
    equal = found.type.equals(wanted.type) or pyarrow.types.is_nested(found.type)
    expect(equal and values_of(found) == values_of(wanted), f"found {found.type} {found}, wanted {wanted.type} {wanted}")


@case
def a_value_of_any_type_comes_back(server):
    failures = []
    with server.connect() as connection:
        for kind, values, read in VALUES:
            try:
                column = pyarrow.array(values, kind)
                wanted = column if read is None else column.cast(read)
                fit(bound(connection, "SELECT ? AS v", column).column(0).combine_chunks(), wanted)
                for place in range(len(values)):
                    one = bound(connection, "SELECT n, ? AS v FROM generate_series(1, 1) AS t(n)", column.slice(place, 1))
                    fit(one.column(1).combine_chunks(), wanted.slice(place, 1))
                nulls = bound(connection, "SELECT ? IS NULL AS v", column).column(0).to_pylist()
                expect_equal(nulls, [value is None for value in values])
            except Exception as error:  # All types are tried before the case fails.
                failures.append(f"{kind}: {error}")
    expect(not failures, "\n".join(failures))


@case
def dictionaries_and_runs_are_their_values(server):
    texts = pyarrow.array(["a", "b", "a", None])
    runs = pyarrow.RunEndEncodedArray.from_arrays(pyarrow.array([2, 3], pyarrow.int32()), pyarrow.array(["a", "b"]))
    with server.connect() as connection:
        fit(bound(connection, "SELECT ? AS v", texts.dictionary_encode()).column(0).combine_chunks(), texts)
        fit(bound(connection, "SELECT ? AS v", runs).column(0).combine_chunks(), pyarrow.compute.run_end_decode(runs))


@case
def numbers_are_no_moments_and_moments_no_numbers(server):
    days, numbers = pyarrow.array([datetime.date(2024, 1, 1)] * 2), pyarrow.array([5, 6])
    moments = days.cast(pyarrow.timestamp("us"))
    with server.connect() as connection:
        run(connection, f"CREATE TABLE {SCHEMA}.kinds (n BIGINT, d DATE, t TIMESTAMP, m TIME, b BLOB)")
        for column, values in [("n", days), ("n", moments), ("d", numbers), ("t", numbers), ("m", numbers), ("b", numbers)]:
            for part in (values, values.slice(0, 1)):
                batch = pyarrow.record_batch({"0": part})
                insert = lambda: update(connection, f"INSERT INTO {SCHEMA}.kinds ({column}) VALUES (?)", batch)
                expect_error(insert, f'"{column}"', "does not fit", state="42804")
        expect_equal(rows(connection, f"SELECT count(*) FROM {SCHEMA}.kinds"), [(0,)])
        found = bound(connection, "SELECT DATE '2024-01-10' - ? AS v", numbers).column(0).to_pylist()
        expect_equal(found, [datetime.date(2024, 1, 5), datetime.date(2024, 1, 4)])


@case
def each_row_is_one_execution(server):
    numbers = pyarrow.array([1, 4, 9])
    with server.connect() as connection:
        def answers(sql, *columns):
            return bound(connection, sql, *columns).column(0).to_pylist()

        expect_equal(answers("SELECT count(*) FROM generate_series(1, 5) AS t(n) WHERE n > ?", numbers), [4, 1, 0])
        expect_equal(answers("SELECT n FROM generate_series(1, 5) AS t(n) ORDER BY n LIMIT ?", pyarrow.array([1, 2])), [1, 1, 2])
        expect_equal(answers("SELECT n FROM generate_series(1, ?) AS t(n)", pyarrow.array([1, 2])), [1, 1, 2])
        expect_equal(answers("SELECT x FROM (VALUES (1), (2)) AS v(x) WHERE x = ANY(?)", pyarrow.array([[2, 3]])), [2])


@case
def a_fraction_beside_whole_numbers_is_none_of_them(server):
    with server.connect() as connection:
        for values in ([1.5], [1.0, 1.5], [None, 1.5]):
            found = bound(connection, "SELECT 1 + ? AS v", pyarrow.array(values)).column(0)
            expect_equal((found.type, found.to_pylist()), (pyarrow.float64(), [value and value + 1 for value in values]))


@case
def what_does_not_fit_the_statement_is_counted(server):
    one, two = pyarrow.array([1]), pyarrow.array([2])
    with server.connect() as connection:
        run(connection, f"CREATE TABLE {SCHEMA}.counted (a INT, b VARCHAR)")
        for sql, columns, word in [
            ("SELECT ? + ?", [one], "needs 2 parameters, 1 were bound"), ("SELECT ?", [one, two], "needs 1 parameter, 2 were bound"),
            ("SELECT 1", [one], "needs 0 parameters"), (f"INSERT INTO {SCHEMA}.counted VALUES (?, ?)", [one], "needs 2 parameters"),
            (f"DELETE FROM {SCHEMA}.counted", [one], "needs 0 parameters"),
        ]:
            error = expect_error(lambda: bound(connection, sql, *columns), word)
            expect_equal(error.status_code.name, "INVALID_ARGUMENT")


@case
def insertions_take_values_beside_expressions(server):
    name = f"{SCHEMA}.mixed"
    batch = pyarrow.record_batch({"0": [1, 2, 3], "1": ["x", "y", None]})
    pair = pyarrow.record_batch({"0": [1, 2], "1": [10, 20]})
    with server.connect() as connection:
        run(connection, f"CREATE TABLE {name} (a INT, b VARCHAR, c DOUBLE, g GEOMETRY(Point, 4326))")
        expect_equal(update(connection, f"INSERT INTO {name} (b, a) VALUES (upper($2), $1 * 2 + 1)", batch), 3)
        expect_equal(rows(connection, f"SELECT a, b FROM {name} ORDER BY a"), [(3, "X"), (5, "Y"), (7, None)])
        expect_equal(update(connection, f"INSERT INTO {name} VALUES (?, ?, random(), ST_Point(1, 2, 4326))", batch), 3)
        expect_equal(rows(connection, f"SELECT count(DISTINCT c), count(g) FROM {name}"), [(3, 3)])
        run(connection, f"DELETE FROM {name}")
        expect_equal(update(connection, f"INSERT INTO {name} (a, b) VALUES (?, 'k'), (?, 'l')", pair), 4)
        expect_equal(rows(connection, f"SELECT a, b FROM {name} ORDER BY a"), [(1, "k"), (2, "k"), (10, "l"), (20, "l")])
        expect_equal(update(connection, f"INSERT INTO {name} (a) VALUES ((SELECT max(a) + ? FROM {name} WHERE a < ?))", pair), 2)
        expect_equal(update(connection, f"INSERT INTO {name} (g, a) VALUES (ST_Point(?, ?, 4326), 5)", pair), 2)
        returned = bound(connection, f"INSERT INTO {name} (a) VALUES (?) RETURNING a", pyarrow.array([601, 602]))
        expect_equal(returned.to_pydict(), {"a": [601, 602]})
        expect_equal(update(connection, f"UPDATE {name} SET a = ? WHERE a = ?", pair), 2)
        expect_equal(update(connection, f"DELETE FROM {name} WHERE a = ? OR a = ?", pair), 4)


def geometry(values, kind, encoding, system, **more):
    """Returns a column with its field, as GeoArrow describes it."""
    extension = json.dumps({"crs": system, "crs_type": "authority_code"} | more if system else more)
    metadata = {"ARROW:extension:name": f"geoarrow.{encoding}", "ARROW:extension:metadata": extension}
    return pyarrow.record_batch([pyarrow.array(values, kind)], schema=pyarrow.schema([pyarrow.field("0", kind, metadata=metadata)]))


SEPARATED = pyarrow.struct([("x", pyarrow.float64()), ("y", pyarrow.float64())])
POINT = bytes.fromhex("0101000000000000000000f03f0000000000000040")
POINTS = {
    "wkb": ([POINT, None], pyarrow.binary()), "wkt": (["POINT (1 2)", None], pyarrow.string()),
    "point": ([{"x": 1.0, "y": 2.0}, None], SEPARATED),
}


@case
def bound_geometries_have_the_reference_system_of_their_column(server):
    with server.connect() as connection:
        run(connection, f"CREATE TABLE {SCHEMA}.located (g GEOMETRY(Point, 4326))")
        insert = f"INSERT INTO {SCHEMA}.located VALUES (?)"
        for encoding, (values, kind) in POINTS.items():
            for system, srid in (("EPSG:3857", 3857), ("EPSG:4326", 4326), ("OGC:CRS84", 4326), (None, 0)):
                batch = geometry(values, kind, encoding, system)
                text = "POINT(1 2)" if srid == 0 else f"SRID={srid};POINT(1 2)"
                for part in (batch, batch.slice(0, 1)):
                    found = asked(connection, "SELECT ST_AsEWKT(?) AS t", part).column(0).to_pylist()
                    expect_equal((encoding, system, found), (encoding, system, [text, None][:len(part)]))
                back = asked(connection, "SELECT ? AS g", batch)
                expect_equal(back.schema.field(0).metadata[b"ARROW:extension:name"], b"geoarrow.wkb")
                expect_equal(back.column(0).to_pylist(), [POINT, None])
                if srid == 3857:
                    for part in (batch, batch.slice(0, 1)):
                        expect_error(lambda: update(connection, insert, part), "SRID (3857)", state="22023")
                    continue
                expect_equal(update(connection, insert, batch), 2)
                expect_equal(update(connection, insert, batch.slice(0, 1)), 1)
        found = rows(connection, f"SELECT ST_AsEWKT(g), count(*) FROM {SCHEMA}.located GROUP BY g ORDER BY 2")
        expect_equal(found, [(None, 9), ("SRID=4326;POINT(1 2)", 18)])
        near = f"SELECT count(*) FROM {SCHEMA}.located WHERE ST_Intersects(g, ?)"
        expect_equal(asked(connection, near, geometry([POINT], pyarrow.binary(), "wkb", "EPSG:4326")).column(0).to_pylist(), [18])
        other = geometry([POINT], pyarrow.binary(), "wkb", "EPSG:3857")
        expect_error(lambda: asked(connection, near, other), "ST_Transform", state="22023")


EWKB = bytes.fromhex("0101000020e6100000000000000000f03f0000000000000040")


@case
def bound_srids_decide_the_reference_system(server):
    name = f"{SCHEMA}.decided"
    one, two, srid = pyarrow.array([1.0]), pyarrow.array([2.0]), pyarrow.array([3857])
    with server.connect() as connection:
        for sql, read in [
            ("SELECT ST_AsEWKT(ST_SetSRID(ST_Point(?, ?), ?))", "SRID=3857;POINT(1 2)"),
            ("SELECT ST_AsEWKT(ST_Point(?, ?, ?::int))", "SRID=3857;POINT(1 2)"),
            ("SELECT ST_SRID(ST_Transform(ST_Point(?, ?, 4326), ?))", 3857),
        ]:
            expect_equal((sql, bound(connection, sql, one, two, srid).column(0).to_pylist()), (sql, [read]))
        field = bound(connection, "SELECT ST_Point(?, ?, ?) AS g", one, two, srid).schema.field(0)
        expect(b"3857" in field.metadata[b"ARROW:extension:metadata"], field.metadata)
        several = bound(connection, "SELECT ST_SRID(ST_SetSRID('POINT(1 2)', ?))", pyarrow.array([4326, 3857]))
        expect_equal(several.column(0).to_pylist(), [4326, 3857])
        run(connection, f"CREATE TABLE {name} (g GEOMETRY(Point, 4326))")
        insert = f"INSERT INTO {name} VALUES (ST_SetSRID(ST_MakePoint(?, ?), ?))"
        rows_of = lambda srids: pyarrow.record_batch({"0": [1.0] * len(srids), "1": [2.0] * len(srids), "2": srids})
        expect_equal(update(connection, insert, rows_of([4326] * 3)), 3)
        for srids in ([3857], [3857, 3857], [3857, 4326]):
            error = expect_error(lambda: update(connection, insert, rows_of(srids)), "SRID (3857)", state="22023")
            expect_equal(error.status_code.name, "INVALID_ARGUMENT")
        expect_equal(rows(connection, f"SELECT count(*), min(ST_SRID(g)) FROM {name}"), [(3, 4326)])


@case
def texts_and_bytes_are_cast_to_geometries(server):
    name, other = f"{SCHEMA}.cast_geometries", "SRID=3857;POINT(1 2)"
    with server.connect() as connection:
        for value in (POINT, EWKB, EWKB.hex(), "POINT(1 2)", "SRID=4326;POINT(1 2)"):
            found = bound(connection, "SELECT ST_AsText(?::geometry)", pyarrow.array([value, None])).column(0)
            expect_equal((value, found.to_pylist()), (value, ["POINT(1 2)", None]))
        run(connection, f"CREATE TABLE {name} (g GEOMETRY(Point, 4326))")
        for read in ("?", "?::geometry", "ST_GeomFromEWKT(?)", "ST_GeomFromText(?)"):
            for insert in (f"INSERT INTO {name} VALUES ({read})", f"INSERT INTO {name} SELECT {read}"):
                for texts in (["SRID=4326;POINT(1 2)"], ["SRID=4326;POINT(1 2)", "POINT(3 4)", None]):
                    expect_equal(update(connection, insert, pyarrow.record_batch({"0": texts})), len(texts))
                for texts in ([other], [other, other], ["POINT(3 4)", other]):
                    attempt = lambda: update(connection, insert, pyarrow.record_batch({"0": texts}))
                    expect_error(attempt, "Geometry SRID (3857) does not match column SRID (4326)", state="22023")
        for read in ("?", "?::geometry", "ST_GeomFromEWKB(?)"):
            insert = f"INSERT INTO {name} VALUES ({read})"
            expect_equal(update(connection, insert, pyarrow.record_batch({"0": [EWKB, POINT]})), 2)
        expect_equal(rows(connection, f"SELECT count(*), count(g), min(ST_SRID(g)) FROM {name}"), [(38, 30, 4326)])


@case
def rows_of_values_take_parameters_beside_calls(server):
    name = f"{SCHEMA}.beside"
    with server.connect() as connection:
        run(connection, f"CREATE TABLE {name} (n INT, g GEOMETRY(Point, 4326))")
        insert = f"INSERT INTO {name} VALUES (1, ?), (2, ST_Point(1, 2))"
        for value in ("POINT(3 4)", EWKB, None):
            expect_equal(update(connection, insert, pyarrow.record_batch({"0": pyarrow.array([value])})), 2)
        other = pyarrow.record_batch({"0": ["SRID=3857;POINT(1 2)"]})
        expect_error(lambda: update(connection, insert, other), "SRID (3857)", state="22023")


@case
def values_keep_their_types_where_several_are_taken(server):
    moment = pyarrow.array([datetime.datetime(2020, 5, 6, 7, 8, 9)])
    with server.connect() as connection:
        for sql, column, wanted in [
            ("SELECT to_char(?, 'YYYY-MM')", moment, "2020-05"), ("SELECT abs(?)", pyarrow.array([-5]), 5),
            ("SELECT coalesce(?, 1)", pyarrow.array([5]), 5), ("SELECT greatest(?, 1.5)", pyarrow.array([5]), 5.0),
            ("SELECT '[1, 2]'::json -> ?", pyarrow.array([1]), "2"), ("SELECT NOT ?", pyarrow.array(["true"]), False),
            ("SELECT ? UNION ALL SELECT 1 WHERE false", pyarrow.array([5]), 5),
            ("SELECT 2 = ANY(?)", pyarrow.array(["{2,3}"]), True), ("SELECT 2 = ANY(?)", pyarrow.array([[1]]), False),
            ("SELECT TIMESTAMP '2020-01-02' - ?", pyarrow.array([datetime.timedelta(days=1)]), datetime.datetime(2020, 1, 1)),
            ("SELECT TIMESTAMP '2020-01-02' - ?", pyarrow.array([pyarrow.MonthDayNano((0, 1, 0))]), datetime.datetime(2020, 1, 1)),
        ]:
            expect_equal((sql, bound(connection, sql, column).column(0).to_pylist()), (sql, [wanted]))
        for sql in ("SELECT sum(?)", "SELECT * FROM unnest(?)"):
            expect_error(lambda: bound(connection, sql, pyarrow.array([1])), "is not known", "cast", state="42883")


@case
def texts_become_lists_and_structures(server):
    name = f"{SCHEMA}.nested"
    with server.connect() as connection:
        run(connection, f"CREATE TABLE {name} (l INT[], s STRUCT<a INT, b VARCHAR>, i INTERVAL)")
        batch = pyarrow.record_batch({"0": ["[1, 2]", "{3,NULL}", None], "1": ['{"a": 1, "b": "x"}', None, None], "2": ["1 day", None, "2 hours"]})
        expect_equal(update(connection, f"INSERT INTO {name} VALUES (?, ?, ?)", batch), 3)
        expect_equal(update(connection, f"INSERT INTO {name} VALUES (?, ?, ?)", batch.slice(0, 1)), 1)
        found = rows(connection, f"SELECT l, s, i FROM {name} ORDER BY l[1] NULLS LAST")
        first = ([1, 2], {"a": 1, "b": "x"}, pyarrow.MonthDayNano((0, 1, 0)))
        expect_equal(found, [first, first, ([3, None], None, None), (None, None, pyarrow.MonthDayNano((0, 0, 7_200_000_000_000)))])
        wrong = pyarrow.record_batch({"0": ["1"], "1": [None], "2": [None]},
                                     schema=pyarrow.schema([(str(n), pyarrow.string()) for n in range(3)]))
        expect_error(lambda: update(connection, f"INSERT INTO {name} VALUES (?, ?, ?)", wrong), "$1", "JSON", state="22P02")


if __name__ == "__main__":
    sys.exit(main("Binds values of every type over ADBC."))
