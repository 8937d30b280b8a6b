"""10 million rows over Flight SQL with one ADBC script: Godwit, GizmoSQL, a bare Flight server.

GizmoSQL's package loads its server from the web when it is first started; a machine that may not do
so is told, and the bare server of pyarrow (C++) that streams the same file stays as the peer.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import adbc_driver_flightsql.dbapi as flightsql
import pyarrow.flight as flight
import pyarrow.parquet as parquet

from bench import Godwit, folder, measure, memory_mb, python, table

PATH = os.path.join(folder(), "download.parquet")
MAKE = """
import sys, numpy, pyarrow as pa, pyarrow.parquet as pq
g = numpy.random.default_rng(1); n = 10_000_000
pq.write_table(pa.table({"id": numpy.arange(n), "a": g.uniform(size=n), "b": g.uniform(size=n), "name": pa.array([f"name {i % 1000}" for i in range(n)])}), sys.argv[1])
"""


def download(uri, query, options, runs=3):
    """Returns the best seconds and the bytes of a complete fetch."""
    seconds = []
    with flightsql.connect(uri, db_kwargs=options, autocommit=True) as connection:
        for _ in range(runs + 1):
            with connection.cursor() as cursor:
                started = time.perf_counter()
                cursor.execute(query)
                rows = size = 0
                for batch in cursor.fetch_record_batch():
                    rows += batch.num_rows
                    size += batch.nbytes
                seconds.append(time.perf_counter() - started)
            assert rows == 10_000_000, rows
    return sorted(seconds[1:])[runs // 2], size


def field(number, payload):
    """Returns a protobuf field of bytes."""
    length, size = b"", len(payload)
    while size > 127:
        length, size = length + bytes([size % 128 + 128]), size // 128
    return bytes([number << 3 | 2]) + length + bytes([size]) + payload


def download_bare(uri, query, runs=3):
    """As `download`, with the Flight client of pyarrow, which asks nothing but the query."""
    url = b"type.googleapis.com/arrow.flight.protocol.sql.CommandStatementQuery"
    command = field(1, url) + field(2, field(1, query.encode()))
    client = flight.connect(uri)
    seconds = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        info = client.get_flight_info(flight.FlightDescriptor.for_command(command))
        rows = size = 0
        for chunk in client.do_get(info.endpoints[0].ticket):
            rows += chunk.data.num_rows
            size += chunk.data.nbytes
        seconds.append(time.perf_counter() - started)
        assert rows == 10_000_000, rows
    return sorted(seconds[1:])[runs // 2], size


class GizmoSql:
    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = tempfile.TemporaryDirectory()
        command = [shutil.which("gizmosql_server", path=os.path.dirname(sys.executable))]
        command += ["--database-filename", os.path.join(self.folder.name, "g.db"), "--port", str(self.port), "--username", "u", "--password", "p"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            time.sleep(0.1)
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    break

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()


BARE = """
import sys, pyarrow.flight as flight, pyarrow.parquet as parquet

class Server(flight.FlightServerBase):
    def get_flight_info(self, context, descriptor):
        endpoint = flight.FlightEndpoint(b"rows", [])
        return flight.FlightInfo(parquet.read_schema(sys.argv[1]), descriptor, [endpoint], -1, -1)

    def do_get(self, context, ticket):
        file = parquet.ParquetFile(sys.argv[1])
        return flight.GeneratorStream(file.schema_arrow, file.iter_batches(65536))

server = Server("grpc://127.0.0.1:0")
print(server.port, flush=True)
server.serve()
"""


class BareFlight:
    def __enter__(self):
        self.process = subprocess.Popen(python(BARE, PATH), stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def figures(seconds, size, process):
    return {"s": seconds, "GB/s": size / seconds / 1e9, "peak MB": memory_mb(process.pid, "VmHWM")}


def main():
    if not os.path.exists(PATH):
        measure(python(MAKE, PATH))
    print("rows", parquet.read_metadata(PATH).num_rows)
    rows = []
    query = f"SELECT * FROM '{PATH}'"
    with Godwit(folder()) as server:
        rows.append(("godwit, ADBC", figures(*download(server.flight, query, {}), server.process)))
        rows.append(("godwit, pyarrow", figures(*download_bare(server.flight, query), server.process)))
    if shutil.which("gizmosql_server", path=os.path.dirname(sys.executable)):
        with GizmoSql() as server:
            options = {"username": "u", "password": "p"}
            uri = f"grpc://127.0.0.1:{server.port}"
            rows.append(("gizmosql, ADBC", figures(*download(uri, query, options), server.process)))
    else:
        print("gizmosql_server is not on this machine: left out")
    with BareFlight() as server:
        uri = f"grpc://127.0.0.1:{server.port}"
        rows.append(("bare C++ server, pyarrow", figures(*download_bare(uri, query), server.process)))
    table("10 million rows of a Parquet file over Flight SQL", rows)


if __name__ == "__main__":
    main()
