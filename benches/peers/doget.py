"""DoGet over the loopback: 50 million pairs of Float64, 10 million points as WKB.

usage: doget.py [--pairs 50000000] [--points 10000000] [--runs 3]

The limit is a bare Flight server of pyarrow (C++) that sends prebuilt batches from its memory, and the
client is that of pyarrow for all. Godwit computes what it sends, as GizmoSQL does where it is there.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time

import adbc_driver_flightsql.dbapi as flightsql
import pyarrow.flight as flight

from bench import Godwit, folder, python
from flight_download import GizmoSql, field

BARE = """
import sys, struct, numpy, pyarrow as pa, pyarrow.flight as flight

ROWS = 65536
g = numpy.random.default_rng(1)
pairs = pa.record_batch({"a": g.uniform(size=ROWS), "b": g.uniform(size=ROWS)})
points = pa.record_batch({"geom": pa.array([struct.pack("<BIdd", 1, 1, x, 1.0) for x in g.uniform(size=ROWS)], pa.binary())})

def repeated(batch, rows):
    batches = [batch] * (rows // ROWS) + [batch.slice(0, rows % ROWS)]
    return pa.Table.from_batches(batches)

class Server(flight.FlightServerBase):
    def do_get(self, context, ticket):
        name, rows = ticket.ticket.decode().split()
        return flight.RecordBatchStream(repeated({"pairs": pairs, "points": points}[name], int(rows)))

server = Server("grpc://127.0.0.1:0")
print(server.port, flush=True)
server.serve()
"""


class BareFlight:
    def __enter__(self):
        self.process = subprocess.Popen(python(BARE), stdout=subprocess.PIPE, text=True)
        self.url = f"grpc://127.0.0.1:{int(self.process.stdout.readline())}"
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def read(client, ticket, options=None):
    """Returns the rows and bytes of a complete stream."""
    rows = size = 0
    for chunk in client.do_get(ticket, options):
        rows += chunk.data.num_rows
        size += chunk.data.nbytes
    return rows, size


def fetch_ticket(client, ticket):
    return read(client, flight.Ticket(ticket.encode()))


def fetch_query(client, sql, options=None):
    url = b"type.googleapis.com/arrow.flight.protocol.sql.CommandStatementQuery"
    command = field(1, url) + field(2, field(1, sql.encode()))
    info = client.get_flight_info(flight.FlightDescriptor.for_command(command), options)
    return read(client, info.endpoints[0].ticket, options)


def timed(fetch, rows, pid, runs):
    """Returns the median seconds of a fetch, its bytes and the CPU seconds of the server."""
    results = []
    for _ in range(runs + 1):
        started, cpu = time.perf_counter(), cpu_seconds(pid)
        found, size = fetch()
        results.append((time.perf_counter() - started, size, cpu_seconds(pid) - cpu))
        assert found == rows, (found, rows)
    return sorted(results[1:])[runs // 2]


def report(title, results):
    print(f"\n{title}")
    limit = results[0][1][0]
    for name, (seconds, size, cpu) in results:
        print(f"  {name:24s} {seconds:7.2f} s  {size / seconds / 1e9:6.2f} GB/s  server CPU {cpu:6.2f} s"
              f"  {limit / seconds:6.1%} of the limit")


def main():
    parser = argparse.ArgumentParser(description="Times complete streams over the loopback.")
    parser.add_argument("--pairs", type=int, default=50_000_000)
    parser.add_argument("--points", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    kinds = {
        "pairs": (arguments.pairs,
                  "SELECT value * 0.5e0 AS a, value * 0.25e0 AS b FROM generate_series(1, {})",
                  "SELECT value * 0.5e0 AS a, value * 0.25e0 AS b FROM generate_series(1, {}) AS t(value)"),
        "points": (arguments.points,
                   "SELECT ST_Point(value * 1e-6, 1) AS geom FROM generate_series(1, {})",
                   "SELECT ST_AsWKB(ST_Point(value * 1e-6, 1)) AS geom FROM generate_series(1, {}) AS t(value)"),
    }
    gizmosql = shutil.which("gizmosql_server", path=os.path.dirname(sys.executable))
    if not gizmosql:
        print("gizmosql_server is not on this machine: left out")
    for kind, (rows, ours, theirs) in kinds.items():
        results = []
        with BareFlight() as server:
            client = flight.connect(server.url)
            fetch = lambda: fetch_ticket(client, f"{kind} {rows}")
            results.append(("bare C++ server", timed(fetch, rows, server.process.pid, arguments.runs)))
        with Godwit(folder()) as server:
            client = flight.connect(server.flight)
            fetch = lambda: fetch_query(client, ours.format(rows))
            results.append(("godwit", timed(fetch, rows, server.process.pid, arguments.runs)))
        if gizmosql:
            with GizmoSql() as server:
                client = flight.connect(f"grpc://127.0.0.1:{server.port}")
                options = flight.FlightCallOptions(headers=[client.authenticate_basic_token("u", "p")])
                if kind == "points":
                    with flightsql.connect(f"grpc://127.0.0.1:{server.port}", db_kwargs={"username": "u", "password": "p"}) as connection:
                        connection.execute("INSTALL spatial; LOAD spatial")
                fetch = lambda: fetch_query(client, theirs.format(rows), options)
                results.append(("gizmosql", timed(fetch, rows, server.process.pid, arguments.runs)))
        report(f"{rows} {kind}", results)


if __name__ == "__main__":
    main()
