"""The server's memory while 1 GB goes out and while 20 million rows are written under a limit."""

import threading
import time
import urllib.request

import adbc_driver_flightsql.dbapi as flightsql

from bench import Godwit, folder, memory_mb

# 64 million pairs of a 64-bit integer and a 64-bit float: 1.02 GB of Arrow.
QUERY = "SELECT value AS id, CAST(value AS DOUBLE) / 7 AS x FROM generate_series(1, 64000000)"
TABLE = "CREATE OR REPLACE TABLE points AS SELECT value AS id, ST_Point(value % 360 - 180, value % 170 - 85, 4326) AS geom FROM generate_series(1, 20000000)"


class Watch(threading.Thread):
    """Samples a process's resident memory until told to stop."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.samples, self.stopped = pid, [], threading.Event()

    def run(self):
        while not self.stopped.wait(0.05):
            self.samples.append(memory_mb(self.pid))


def watched(server, title, action):
    before = memory_mb(server.process.pid)
    watch = Watch(server.process.pid)
    watch.start()
    started = time.perf_counter()
    size = action()
    seconds = time.perf_counter() - started
    watch.stopped.set()
    watch.join()
    print(f"{title}: {size} in {seconds:.1f} s, resident {before:.0f} MB before, at most {max(watch.samples):.0f} MB")


def over_http(server, query, form):
    request = urllib.request.Request(f"{server.http}/v1/sql?format={form}", data=query.encode())
    with urllib.request.urlopen(request) as response:
        size = 0
        while chunk := response.read(1 << 20):
            size += len(chunk)
    return f"{size / 1e9:.2f} GB"


def over_flight(server, query):
    with flightsql.connect(server.flight, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        size = sum(batch.nbytes for batch in cursor.fetch_record_batch())
    return f"{size / 1e9:.2f} GB"


def main():
    with Godwit(folder()) as server:
        watched(server, "HTTP Arrow", lambda: over_http(server, QUERY, "arrow"))
        watched(server, "Flight SQL", lambda: over_flight(server, QUERY))
    with Godwit(folder(), {"GODWIT_LIMITS__MEMORY_BYTES": "512MB"}) as server:
        watched(server, "CTAS of 20 million rows, 512 MB limit", lambda: over_http(server, TABLE, "json"))


if __name__ == "__main__":
    main()
