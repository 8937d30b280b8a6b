"""10 million rows over Flight SQL with one ADBC script: Godwit, GizmoSQL."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import adbc_driver_flightsql.dbapi as flightsql
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


class GizmoSql:
    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = tempfile.TemporaryDirectory()
        command = [shutil.which("gizmosql_server", path=os.path.dirname(sys.executable)) or "gizmosql_server"]
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


def main():
    if not os.path.exists(PATH):
        measure(python(MAKE, PATH))
    print("rows", parquet.read_metadata(PATH).num_rows)
    rows = []
    with Godwit(folder()) as server:
        seconds, size = download(server.flight, f"SELECT * FROM '{PATH}'", {})
        rows.append(("godwit", {"s": seconds, "GB/s": size / seconds / 1e9, "peak MB": memory_mb(server.process.pid, "VmHWM")}))
    with GizmoSql() as server:
        options = {"username": "u", "password": "p"}
        seconds, size = download(f"grpc://127.0.0.1:{server.port}", f"SELECT * FROM '{PATH}'", options)
        rows.append(("gizmosql", {"s": seconds, "GB/s": size / seconds / 1e9, "peak MB": memory_mb(server.process.pid, "VmHWM")}))
    table("10 million rows of a Parquet file over Flight SQL", rows)


if __name__ == "__main__":
    main()
