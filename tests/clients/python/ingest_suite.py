"""Bulk ingestion over ADBC: modes, names, types, geometries, and what is left after a failure.

usage: ingest_suite.py FLIGHT_URL [HTTP_URL FOLDER] [--user USER --password PASSWORD]

Needs what flight_suite.py needs, deltalake to read the log of a table, and geopandas for one case.
"""

import datetime
import decimal
import json
import os
import sys

import deltalake
import pyarrow
import pyarrow.flight as flight

from cases import SCHEMA, Skip, case, expect, expect_equal, expect_error, main, rows, run, table


def ingest(connection, name, data, mode="create", schema=SCHEMA, **options):
    with connection.cursor() as cursor:
        return cursor.adbc_ingest(name, data, mode=mode, db_schema_name=schema, **options)


def log(connection, name):
    """Returns the commits of a table, newest first."""
    sql = f"SELECT location FROM system.tables WHERE schema_name = '{SCHEMA}' AND table_name = '{name}'"
    [(location,)] = rows(connection, sql)
    return deltalake.DeltaTable(location.removeprefix("file://")).history()


SMALL = pyarrow.table({"idx": [1, 2, 3], "value": ["foo", "bar", None]})


@case
def create_makes_a_table_in_one_commit(server):
    with server.connect() as connection:
        expect_equal(ingest(connection, "created", SMALL), 3)
        found = table(connection, f"SELECT idx, value FROM {SCHEMA}.created ORDER BY idx")
        expect_equal(found.to_pydict(), SMALL.to_pydict())
        expect_equal(len(log(connection, "created")), 1)


@case
def create_refuses_a_table_that_is_there(server):
    with server.connect() as connection:
        ingest(connection, "taken", SMALL)
        expect_error(lambda: ingest(connection, "taken", SMALL), "taken", "exists", state="42P07")
        expect_equal(rows(connection, f"SELECT count(*) FROM {SCHEMA}.taken"), [(3,)])


@case
def append_adds_rows_and_refuses_a_missing_table(server):
    with server.connect() as connection:
        error = expect_error(lambda: ingest(connection, "missing", SMALL, "append"), "missing", state="42P01")
        expect_equal(error.status_code.name, "NOT_FOUND")
        ingest(connection, "grown", SMALL)
        expect_equal(ingest(connection, "grown", SMALL, "append"), 3)
        expect_equal(rows(connection, f"SELECT count(*) FROM {SCHEMA}.grown"), [(6,)])
        expect_equal(len(log(connection, "grown")), 2)


@case
def replace_puts_a_table_in_the_place_of_another(server):
    with server.connect() as connection:
        expect_equal(ingest(connection, "replaced", SMALL, "replace"), 3)
        other = pyarrow.table({"colour": ["red"]})
        expect_equal(ingest(connection, "replaced", other, "replace"), 1)
        expect_equal(table(connection, f"SELECT * FROM {SCHEMA}.replaced").to_pydict(), {"colour": ["red"]})


@case
def create_append_does_either(server):
    with server.connect() as connection:
        for count in (3, 6):
            expect_equal(ingest(connection, "either", SMALL, "create_append"), 3)
            expect_equal(rows(connection, f"SELECT count(*) FROM {SCHEMA}.either"), [(count,)])


@case
def a_view_is_no_table(server):
    with server.connect() as connection:
        run(connection, f"CREATE VIEW {SCHEMA}.seen AS SELECT 1 AS idx, 'x' AS value")
        replace = lambda: ingest(connection, "seen", SMALL, "replace")
        error = expect_error(replace, "seen", "is a view, not a table", "DROP VIEW", state="42809")
        expect_equal(error.status_code.name, "INVALID_ARGUMENT")
        for mode in ("append", "create_append"):
            expect_error(lambda: ingest(connection, "seen", SMALL, mode), "is a view", state="0A000")
        expect_equal(rows(connection, f"SELECT * FROM {SCHEMA}.seen"), [(1, "x")])


@case
def many_batches_are_one_commit(server):
    reader = pyarrow.RecordBatchReader.from_batches(SMALL.schema, SMALL.to_batches() * 50)
    with server.connect() as connection:
        expect_equal(ingest(connection, "batches", reader), 150)
        expect_equal(len(log(connection, "batches")), 1)


@case
def a_batch_of_many_megabytes_arrives(server):
    text = "x" * 1000
    large = pyarrow.table({"n": range(40_000), "t": [text] * 40_000})
    # The client has a limit of its own, 16 MiB unless it is told another.
    with server.connect(options={"adbc.flight.sql.client_option.with_max_msg_size": str(2**28)}) as connection:
        expect_equal(ingest(connection, "large", large), 40_000)
        found = rows(connection, f"SELECT count(*), sum(n), min(length(t)) FROM {SCHEMA}.large")
        expect_equal(found, [(40_000, 40_000 * 39_999 // 2, 1000)])


@case
def a_stream_without_rows_makes_an_empty_table(server):
    # Of a stream without batches the driver sends nothing, not even its schema.
    no_rows = SMALL.to_batches()[0].slice(0, 0)
    with server.connect() as connection:
        expect_equal(ingest(connection, "empty", no_rows), 0)
        found = table(connection, f"SELECT * FROM {SCHEMA}.empty")
        expect_equal((found.num_rows, found.schema.names), (0, ["idx", "value"]))
        expect_equal(ingest(connection, "empty", no_rows, "append"), 0)
        nothing = pyarrow.RecordBatchReader.from_batches(SMALL.schema, [])
        expect_error(lambda: ingest(connection, "nothing", nothing), "no message")


@case
def a_hundred_columns_are_ingested(server):
    wide = pyarrow.table({f"col_{index}": range(5) for index in range(100)})
    with server.connect() as connection:
        expect_equal(ingest(connection, "wide", wide), 5)
        expect_equal(table(connection, f"SELECT * FROM {SCHEMA}.wide").num_columns, 100)


@case
def columns_are_matched_by_name(server):
    with server.connect() as connection:
        ingest(connection, "named", SMALL)
        turned = pyarrow.table({"VALUE": ["turned"], "idx": pyarrow.array([9], pyarrow.int16())})
        expect_equal(ingest(connection, "named", turned, "append"), 1)
        expect_equal(ingest(connection, "named", pyarrow.table({"idx": [10]}), "append"), 1)
        found = rows(connection, f"SELECT idx, value FROM {SCHEMA}.named WHERE idx > 3 ORDER BY idx")
        expect_equal(found, [(9, "turned"), (10, None)])


@case
def columns_that_do_not_fit_are_named(server):
    with server.connect() as connection:
        ingest(connection, "strict", SMALL)
        def attempt(**columns):
            return lambda: ingest(connection, "strict", pyarrow.table(columns), "append")

        expect_error(attempt(idx=[1], vaule=["typo"]), "vaule", "did you mean", state="42703")
        expect_error(attempt(idx=["text"]), "idx", "BIGINT", "VARCHAR", state="42804")
        expect_error(attempt(idx=[1], value=[b"bytes"]), "value", state="42804")
        expect_error(attempt(idx=[1], IDX=[2]), "idx", state="42702")
        run(connection, f"CREATE TABLE {SCHEMA}.narrow (n SMALLINT NOT NULL)")
        narrow = pyarrow.table({"n": [70_000]})
        expect_error(lambda: ingest(connection, "narrow", narrow, "append"), "n", state="22003")
        other = pyarrow.table({"n": pyarrow.array([None], pyarrow.int16())})
        expect_error(lambda: ingest(connection, "narrow", other, "append"), "\"n\"", "null")
        expect_equal(rows(connection, f"SELECT count(*) FROM {SCHEMA}.strict"), [(3,)])
        expect_equal(rows(connection, f"SELECT count(*) FROM {SCHEMA}.narrow"), [(0,)])


@case
def a_failure_in_the_middle_leaves_nothing(server):
    def batches():
        yield from SMALL.to_batches()
        raise ValueError("the source broke")

    with server.connect() as connection:
        reader = pyarrow.RecordBatchReader.from_batches(SMALL.schema, batches())
        try:
            ingest(connection, "broken", reader)
        except Exception as error:
            expect("broke" in str(error) or "cancel" in str(error).lower(), str(error))
        else:
            raise AssertionError("no error")
    with server.connect() as connection:
        expect_error(lambda: rows(connection, f"SELECT * FROM {SCHEMA}.broken"), "broken")


@case
def catalog_and_schema_can_be_named(server):
    with server.connect() as connection:
        ingest(connection, "placed", SMALL, catalog_name="godwit")
        expect_equal(rows(connection, f"SELECT count(*) FROM godwit.{SCHEMA}.placed"), [(3,)])
        elsewhere = lambda: ingest(connection, "placed", SMALL, catalog_name="elsewhere")
        expect_error(elsewhere, "elsewhere", state="3F000")
        nowhere = lambda: ingest(connection, "placed", SMALL, schema="no_such_schema")
        expect_error(nowhere, "no_such_schema", state="3F000")
        connection.adbc_current_db_schema = SCHEMA
        ingest(connection, "by_session", SMALL, schema=None)
        expect_equal(rows(connection, f"SELECT count(*) FROM {SCHEMA}.by_session"), [(3,)])


@case
def names_keep_their_case(server):
    with server.connect() as connection:
        ingest(connection, "MixedCase", pyarrow.table({"GeoID": ["1"]}))
        expect_equal(rows(connection, f"SELECT geoid FROM {SCHEMA}.mixedcase"), [("1",)])
        found = table(connection, f'SELECT "GeoID" FROM {SCHEMA}."MixedCase"')
        expect_equal(found.schema.names, ["GeoID"])


UTC = datetime.timezone.utc
MOMENT = datetime.datetime(2023, 5, 15, 13, 45, 30, 123456)
TIMES = [0, 3_661, 49_531, 86_399]

# Each type as it is sent, the values, and the type it is read back as when that is another.
TYPES = [
    ("boolean", pyarrow.bool_(), [True, False, None], None),
    ("int8", pyarrow.int8(), [-128, 127, None], None),
    ("int16", pyarrow.int16(), [-32768, 32767, None], None),
    ("int32", pyarrow.int32(), [-(2**31), 2**31 - 1, None], None),
    ("int64", pyarrow.int64(), [-(2**63), 2**63 - 1, None], None),
    ("uint8", pyarrow.uint8(), [0, 255, None], pyarrow.int16()),
    ("uint16", pyarrow.uint16(), [0, 65535, None], pyarrow.int32()),
    ("uint32", pyarrow.uint32(), [0, 2**32 - 1, None], pyarrow.int64()),
    ("uint64", pyarrow.uint64(), [0, 2**64 - 1, None], pyarrow.decimal128(20, 0)),
    ("float16", pyarrow.float16(), [0.0, 1.5, None], pyarrow.float32()),
    ("float32", pyarrow.float32(), [0.0, -1.5, None], None),
    ("float64", pyarrow.float64(), [0.0, -1.5e300, None], None),
    ("decimal", pyarrow.decimal128(10, 2), [decimal.Decimal("-9999999.99"), None], None),
    ("hundreds", pyarrow.decimal128(2, -2), [decimal.Decimal(9900), decimal.Decimal(-1000), None],
     pyarrow.decimal128(4, 0)),
    ("decimal38", pyarrow.decimal128(38, 0), [decimal.Decimal("9" * 38), None], None),
    ("decimal256", pyarrow.decimal256(20, 5), [decimal.Decimal("1.00001"), None], pyarrow.decimal128(20, 5)),
    ("string", pyarrow.string(), ["", "\u00e9\u4e16\U0001f680", None], None),
    ("large_string", pyarrow.large_string(), ["a", None], pyarrow.string()),
    ("string_view", pyarrow.string_view(), ["a", "a text that is not inlined", None], pyarrow.string()),
    ("binary", pyarrow.binary(), [b"", b"\x00\xff", None], None),
    ("large_binary", pyarrow.large_binary(), [b"\x00", None], pyarrow.binary()),
    ("binary_view", pyarrow.binary_view(), [b"\x00", b"\x01" * 20, None], pyarrow.binary()),
    ("fixed_binary", pyarrow.binary(4), [b"\x00\x01\x02\x03", None], pyarrow.binary()),
    ("date32", pyarrow.date32(), [datetime.date(1, 1, 1), datetime.date(9999, 12, 31), None], None),
    ("date64", pyarrow.date64(), [datetime.date(1969, 12, 31), None], pyarrow.date32()),
    ("time_s", pyarrow.time32("s"), TIMES + [None], None),
    ("time_ms", pyarrow.time32("ms"), [1000 * time + 7 for time in TIMES] + [None], None),
    ("time_us", pyarrow.time64("us"), [10**6 * time + 123456 for time in TIMES] + [None], None),
    ("time_ns", pyarrow.time64("ns"), [10**9 * time + 123456789 for time in TIMES] + [None], None),
    ("timestamp_s", pyarrow.timestamp("s"), [0, -62135596800, 253402300799, None], None),
    ("timestamp_ms", pyarrow.timestamp("ms"), [0, -62135596800001, 253402300799999, None], None),
    ("timestamp_us", pyarrow.timestamp("us"), [0, -62135596800000000, 253402300799999999, None], None),
    ("timestamp_ns", pyarrow.timestamp("ns"), [0, 1684158330123456789, -(2**63) + 1, None], None),
    ("instant_s", pyarrow.timestamp("s", "UTC"), [0, 253402300799, None], None),
    ("instant_ms", pyarrow.timestamp("ms", "UTC"), [0, 1684158330123, None], None),
    ("instant_us", pyarrow.timestamp("us", "UTC"), [0, 1684158330123456, None], None),
    ("instant_ns", pyarrow.timestamp("ns", "UTC"), [0, 1684158330123456789, None], None),
    ("instant_tokyo", pyarrow.timestamp("us", "Asia/Tokyo"), [0, 1684158330123456, None],
     pyarrow.timestamp("us", "UTC")),
    ("duration", pyarrow.duration("us"), [0, -5, None], None),
    ("interval", pyarrow.month_day_nano_interval(),
     [pyarrow.MonthDayNano([14, 3, 3_661_000_000_007]), pyarrow.MonthDayNano([0, -1, 0]), None], None),
    ("dictionary", pyarrow.dictionary(pyarrow.int8(), pyarrow.string()), ["a", "b", "a", None], pyarrow.string()),
    ("null", pyarrow.null(), [None, None], pyarrow.string()),
]


@case
def every_type_comes_back_as_it_was(server):
    failures = []
    with server.connect() as connection:
        for name, sent, values, read in TYPES:
            column = pyarrow.array(values, sent)
            data = pyarrow.table({"idx": range(len(values)), "value": column})
            wanted = column
            if read is not None:
                wanted = column.dictionary_decode() if pyarrow.types.is_dictionary(sent) else column.cast(read)
            try:
                expect_equal(ingest(connection, f"type_{name}", data), len(values))
                found = table(connection, f"SELECT value FROM {SCHEMA}.type_{name} ORDER BY idx")
                expect_equal(found.schema.field(0).type, wanted.type)
                expect(found.column(0).combine_chunks().equals(wanted), f"{found.column(0)}")
                expect_equal(ingest(connection, f"type_{name}", data, "append"), len(values))
                schema = connection.adbc_get_table_schema(f"type_{name}", db_schema_filter=SCHEMA)
                expect_equal(schema.field("value").type, wanted.type)
            except Exception as error:  # All types are tried before the case fails.
                failures.append(f"{name}: {error}")
    expect(not failures, "\n".join(failures))


@case
def nested_values_come_back(server):
    nested = pyarrow.table({
        "idx": [1, 2],
        "list": pyarrow.array([[1, None], None], pyarrow.list_(pyarrow.int32())),
        "struct": pyarrow.array([{"a": 1, "b": "x"}, None],
                                pyarrow.struct([("a", pyarrow.int64()), ("b", pyarrow.string())])),
        "map": pyarrow.array([[("k", 1)], []], pyarrow.map_(pyarrow.string(), pyarrow.int32())),
    })
    with server.connect() as connection:
        expect_equal(ingest(connection, "nested", nested), 2)
        found = table(connection, f"SELECT * FROM {SCHEMA}.nested ORDER BY idx").to_pydict()
        expect_equal(found, nested.to_pydict())
        expect_equal(ingest(connection, "nested", nested, "append"), 2)


@case
def what_cannot_be_stored_is_named(server):
    union = pyarrow.UnionArray.from_sparse(pyarrow.array([0], pyarrow.int8()), [pyarrow.array([1])])
    with server.connect() as connection:
        attempt = lambda: ingest(connection, "union", pyarrow.table({"u": union}))
        expect_error(attempt, "\"u\"")


@case
def columns_that_take_no_nulls_are_told(server):
    fields = [pyarrow.field("idx", pyarrow.int64()), pyarrow.field("value", pyarrow.string(), nullable=False)]
    data = pyarrow.table({"idx": [1], "value": ["a"]}, schema=pyarrow.schema(fields))
    with server.connect() as connection:
        ingest(connection, "required", data)
        schema = connection.adbc_get_table_schema("required", db_schema_filter=SCHEMA)
        expect_equal([field.nullable for field in schema], [True, False])
        insert = f"INSERT INTO {SCHEMA}.required VALUES (2, NULL)"
        expect_error(lambda: run(connection, insert), "value")


CRS84 = json.dumps({"crs": "OGC:CRS84", "crs_type": "authority_code"})


def geometry(name, storage, crs=CRS84):
    metadata = {"ARROW:extension:name": name, "ARROW:extension:metadata": crs}
    return pyarrow.field("geom", storage, metadata=metadata)


POINT = bytes.fromhex("0101000000000000000000f03f0000000000000040")


@case
def geoarrow_columns_are_geometries_with_their_reference_system(server):
    coordinates = pyarrow.struct([("x", pyarrow.float64()), ("y", pyarrow.float64())])
    shapes = {
        "wkb": (geometry("geoarrow.wkb", pyarrow.binary()), [POINT, None]),
        "large_wkb": (geometry("geoarrow.wkb", pyarrow.large_binary()), [POINT, None]),
        "point": (geometry("geoarrow.point", coordinates), [{"x": 1.0, "y": 2.0}, None]),
        "wkt": (geometry("geoarrow.wkt", pyarrow.string()), ["POINT (1 2)", None]),
    }
    with server.connect() as connection:
        for name, (field, values) in shapes.items():
            data = pyarrow.table([pyarrow.array(values, field.type)], schema=pyarrow.schema([field]))
            expect_equal(ingest(connection, f"geo_{name}", data), 2)
            found = table(connection, f"SELECT geom FROM {SCHEMA}.geo_{name}")
            metadata = found.schema.field("geom").metadata
            expect_equal(metadata[b"ARROW:extension:name"], b"geoarrow.wkb")
            expect(b"CRS84" in metadata[b"ARROW:extension:metadata"], metadata)
            expect_equal(found.column("geom").to_pylist(), [POINT, None])
            expect_equal(ingest(connection, f"geo_{name}", data, "append"), 2)
        found = rows(connection, f"SELECT ST_X(geom) FROM {SCHEMA}.geo_point WHERE geom IS NOT NULL")
        expect_equal(found, [(1.0,), (1.0,)])


@case
def another_reference_system_is_refused(server):
    def data(crs):
        field = geometry("geoarrow.wkb", pyarrow.binary(), json.dumps({"crs": crs}))
        return pyarrow.table([pyarrow.array([POINT])], schema=pyarrow.schema([field]))

    with server.connect() as connection:
        ingest(connection, "systems", data("EPSG:4326"))
        expect_error(lambda: ingest(connection, "systems", data("EPSG:3857"), "append"), "SRID (3857)", state="22023")
        text = pyarrow.table({"geom": ["POINT (1 2)"]})
        expect_error(lambda: ingest(connection, "systems", text, "append"), "geom", state="42804")


@case
def a_geopandas_frame_is_a_spatial_table(server):
    try:
        import geopandas
        import shapely
    except ImportError as missing:
        if "CI" in os.environ:
            raise
        raise Skip(str(missing))
    frame = geopandas.GeoDataFrame(
        {"name": ["Delft", "Leiden"]}, geometry=[shapely.Point(4.36, 52.01), shapely.Point(4.49, 52.16)], crs=4326
    )
    with server.connect() as connection:
        for encoding in ("WKB", "geoarrow"):
            name = f"frame_{encoding.lower()}"
            arrow = pyarrow.table(frame.to_arrow(index=False, geometry_encoding=encoding))
            expect_equal(ingest(connection, name, arrow), 2)
            [(srid, kilometres)] = rows(connection, f"SELECT max(ST_SRID(geometry)), round(max(ST_Distance("
                                        f"geometry::geography, 'POINT (4.36 52.01)'::geography)) / 1000) "
                                        f"FROM {SCHEMA}.{name}")
            expect_equal((srid, kilometres), (4326, 19.0))
            back = geopandas.GeoDataFrame.from_arrow(table(connection, f"SELECT * FROM {SCHEMA}.{name}"))
            expect(back.geometry.geom_equals(frame.geometry).all(), back)
            expect_equal(back.crs.to_epsg(), 4326)


def text_field(number, value):
    """Returns a field of a message of Protocol Buffers; no value here has more than 127 bytes."""
    return bytes([number << 3 | 2, len(value)]) + value


def upload(server, name, data):
    """Appends rows as a client does that sets no limit to the length of a batch."""
    client, _ = server.flight()
    limitless = flight.FlightCallOptions(write_options=pyarrow.ipc.IpcWriteOptions(allow_64bit=True))
    fail_and_append = b"\x08\x02\x10\x02"
    command = text_field(1, fail_and_append) + text_field(2, name.encode()) + text_field(3, SCHEMA.encode())
    url = b"type.googleapis.com/arrow.flight.protocol.sql.CommandStatementIngest"
    descriptor = flight.FlightDescriptor.for_command(text_field(1, url) + text_field(2, command))
    writer, _ = client.do_put(descriptor, data.schema, options=limitless)
    with writer:
        writer.write_batch(data)


@case
def rows_that_take_no_bytes_are_bounded(server):
    if server.user is not None:
        raise Skip("the call has no credentials")
    nulls = lambda count: pyarrow.Array.from_buffers(pyarrow.null(), count, [None])
    with server.connect() as connection:
        run(connection, f"CREATE TABLE {SCHEMA}.hollow (idx BIGINT, value DOUBLE)")
        upload(server, "hollow", pyarrow.record_batch({"idx": nulls(1_000_000)}))
        expect_equal(rows(connection, f"SELECT count(*), count(idx) FROM {SCHEMA}.hollow"), [(1_000_000, 0)])
        huge = pyarrow.record_batch({"idx": nulls(2**40)})
        expect_error(lambda: upload(server, "hollow", huge), "too many")
        expect_equal(rows(connection, f"SELECT count(*) FROM {SCHEMA}.hollow"), [(1_000_000,)])


if __name__ == "__main__":
    sys.exit(main("Ingests into a server over ADBC."))
