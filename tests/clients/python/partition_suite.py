"""Results in several streams over ADBC and pyarrow: the session option `partitions`.

usage: partition_suite.py FLIGHT_URL [HTTP_URL FOLDER] [--user USER --password PASSWORD]

Needs what flight_suite.py needs.
"""

import sys
import threading

import pyarrow
import pyarrow.compute
import pyarrow.flight as flight

from cases import SCHEMA, case, expect, expect_equal, expect_error, main, rows, run

ROWS = 1_000_000
TABLE = f"{SCHEMA}.large"


def command(sql):
    """Returns the descriptor of a statement's text."""
    def field(number, payload):
        length, size = b"", len(payload)
        while size > 127:
            length, size = length + bytes([size % 128 + 128]), size // 128
        return bytes([number << 3 | 2]) + length + bytes([size]) + payload

    url = b"type.googleapis.com/arrow.flight.protocol.sql.CommandStatementQuery"
    return flight.FlightDescriptor.for_command(field(1, url) + field(2, field(1, sql.encode())))


class Reader:
    """A client of pyarrow whose calls ask for partitions."""

    def __init__(self, server, partitions):
        self.client, options = server.flight()
        headers = [(b"partitions", str(partitions).encode())]
        self.options = flight.FlightCallOptions(headers=headers)
        if server.user is not None:
            header = self.client.authenticate_basic_token(server.user, server.password)
            self.options = flight.FlightCallOptions(headers=headers + [header])

    def describe(self, sql):
        return self.client.get_flight_info(command(sql), self.options)

    def open(self, endpoint):
        return self.client.do_get(endpoint.ticket, self.options)


def make(server):
    """Makes the table once: two commits of several megabytes."""
    with server.connect() as connection:
        if rows(connection, f"SELECT count(*) FROM information_schema.tables WHERE table_schema = '{SCHEMA}' AND table_name = 'large'") == [(0,)]:
            run(connection, f"CREATE TABLE {TABLE} AS SELECT value AS id, sin(value) AS x, cos(value) AS y "
                            f"FROM generate_series(1, {ROWS // 2})")
            run(connection, f"INSERT INTO {TABLE} SELECT value AS id, sin(value) AS x, cos(value) AS y "
                            f"FROM generate_series({ROWS // 2 + 1}, {ROWS})")


def ids(tables):
    return pyarrow.concat_tables([table.select(["id"]) for table in tables]).column("id")


@case
def a_result_is_one_stream_unless_more_are_asked_for(server):
    make(server)
    for partitions in (1, "auto", 4):
        info = Reader(server, partitions).describe(f"SELECT id FROM {TABLE}")
        if partitions == 1:
            expect_equal((len(info.endpoints), info.ordered), (1, True))
        else:
            expect(len(info.endpoints) > 1, len(info.endpoints))
            expect_equal(info.ordered, False)
            expect(all(endpoint.expiration_time is not None for endpoint in info.endpoints), "an expiry")
    for wrong in ("0", "-1", "many", "1000"):
        expect_error(lambda: Reader(server, wrong).describe("SELECT 1"), "partitions")


@case
def every_row_is_in_one_of_the_streams(server):
    make(server)
    for sql, wanted in (
        (f"SELECT * FROM {TABLE}", ROWS),
        (f"SELECT id, x + y AS z FROM {TABLE} WHERE id % 10 = 0", ROWS // 10),
        (f"SELECT id, unnest([x, y]) AS z FROM {TABLE} WHERE id > {ROWS - 100}", 200),
        (f"SELECT id FROM (SELECT id, x FROM {TABLE}) AS t WHERE x > 2", 0),
    ):
        reader = Reader(server, 7)
        info = reader.describe(sql)
        # No file has to be read where the statistics of each say so.
        expect(len(info.endpoints) in range(2 if wanted else 1, 8), f"{sql}: {len(info.endpoints)} endpoints")
        tables = [reader.open(endpoint).read_all() for endpoint in info.endpoints]
        expect(all(table.schema.equals(info.schema) for table in tables), "one schema")
        found = ids(tables)
        expect_equal(len(found), wanted)
        expect_equal(len(found.unique()), 100 if wanted == 200 else wanted)
        expect(sum(table.num_rows > 0 for table in tables) > 1 or wanted < ROWS // 10, "shares of the rows")


@case
def what_needs_all_rows_is_one_stream(server):
    make(server)
    reader = Reader(server, 4)
    for sql in (
        f"SELECT * FROM {TABLE} ORDER BY id",
        f"SELECT * FROM {TABLE} LIMIT 10",
        f"SELECT count(*) FROM {TABLE}",
        f"SELECT DISTINCT id % 7 AS k FROM {TABLE}",
        f"SELECT id, row_number() OVER (ORDER BY id) AS n FROM {TABLE}",
        f"SELECT a.id FROM {TABLE} AS a JOIN {TABLE} AS b ON a.id = b.id",
        f"SELECT id FROM {TABLE} UNION ALL SELECT id FROM {TABLE}",
        "SELECT value FROM generate_series(1, 1000000)",
        "SELECT 1 AS n",
        "SHOW TABLES",
        f"EXPLAIN SELECT * FROM {TABLE}",
    ):
        info = reader.describe(sql)
        expect_equal((sql, len(info.endpoints)), (sql, 1))
        reader.open(info.endpoints[0]).read_all()
    info = reader.describe(f"SELECT id FROM {TABLE} ORDER BY id DESC")
    expect_equal(info.ordered, True)
    expect_equal(reader.open(info.endpoints[0]).read_chunk().data.column(0)[0].as_py(), ROWS)


@case
def streams_are_read_in_any_order_again_or_never(server):
    make(server)
    reader = Reader(server, 16)
    info = reader.describe(f"SELECT * FROM {TABLE}")
    # More streams than queries may run at once: none may wait for another to be read.
    opened = [reader.open(endpoint) for endpoint in info.endpoints]
    found = ids([stream.read_all() for stream in reversed(opened)])
    expect_equal(len(found.unique()), ROWS)
    first = reader.open(info.endpoints[0]).read_all()
    expect(first.equals(reader.open(info.endpoints[0]).read_all()), "the same share again")
    # A share without a row group of its own is empty.
    full = [endpoint for endpoint in info.endpoints if reader.open(endpoint).read_all().num_rows > 0]
    expect(len(full) > 1, len(full))
    left, other = reader.open(full[0]), reader.open(full[1])
    left.read_chunk()
    left.cancel()
    expect(other.read_all().num_rows > 0, "who leaves one stream leaves the others alone")
    # Described, and never read.
    for _ in range(20):
        reader.describe(f"SELECT * FROM {TABLE}")
    with server.connect() as connection:
        running = rows(connection, "SELECT count(*) FROM system.queries WHERE state IN ('queued', 'running') "
                                   "AND sql NOT LIKE '%system.queries%'")
        expect_equal(running, [(0,)])


@case
def all_streams_show_the_table_of_one_moment(server):
    name = f"{SCHEMA}.moving"
    with server.connect() as connection:
        run(connection, f"CREATE TABLE {name} AS SELECT value AS id, sin(value) AS x FROM generate_series(1, 400000)")
        reader = Reader(server, 4)
        info = reader.describe(f"SELECT id, x FROM {name}")
        expect(len(info.endpoints) > 1, len(info.endpoints))
        tables = [reader.open(info.endpoints[0]).read_all()]
        run(connection, f"INSERT INTO {name} VALUES (0, 0)")
        run(connection, f"DELETE FROM {name} WHERE id = 400000")
        tables += [reader.open(endpoint).read_all() for endpoint in info.endpoints[1:]]
        found = ids(tables)
        expect_equal((len(found), pyarrow.compute.sum(found).as_py()), (400000, 400000 * 400001 // 2))


@case
def adbc_reads_all_partitions_at_once(server):
    make(server)
    with server.connect(headers={"partitions": "4"}) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {TABLE}")
        expect_equal(len(ids([cursor.fetch_arrow_table()]).unique()), ROWS)
        cursor.execute(f"SELECT id FROM {TABLE} WHERE id <= ?", (1000,))
        expect_equal(cursor.fetch_arrow_table().num_rows, 1000)
        cursor.execute(f"SELECT id FROM {TABLE} ORDER BY id LIMIT 3")
        expect_equal(cursor.fetchall(), [(1,), (2,), (3,)])
        cursor.execute(f"SELECT * FROM {TABLE}")
        next(iter(cursor.fetch_record_batch()))
    option = {"adbc.flight.sql.session.option.partitions": "3"}
    with server.connect(options={"adbc.flight.sql.rpc.with_cookie_middleware": "true"}) as connection:
        connection.adbc_connection.set_options(**option)
        with connection.cursor() as cursor:
            partitions, schema = cursor.adbc_execute_partitions(f"SELECT id FROM {TABLE}")
        expect(len(partitions) in (2, 3), len(partitions))
        expect_equal(schema.names, ["id"])
    # They are read by others, each on a connection of its own.
    found = []

    def read(partition):
        with server.connect() as connection, connection.cursor() as cursor:
            cursor.adbc_read_partition(partition)
            found.append(cursor.fetch_arrow_table())

    workers = [threading.Thread(target=read, args=(partition,)) for partition in partitions]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    expect_equal(len(ids(found).unique()), ROWS)


if __name__ == "__main__":
    sys.exit(main(__doc__))
