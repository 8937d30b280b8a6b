"""Ends queries that compute, one of each kind, and checks that the server is quiet soon afterwards.

usage: cancel_suite.py FLIGHT_URL HTTP_URL FOLDER  (starts servers of its own in FOLDER)
GODWIT_BINARY names the binary, CANCEL_ONLY a part of the names of the cases to run.

A query that its client no longer sees may still compute, so what counts is the CPU time of the
process. Each case starts a query that would take hours, ends it once it has computed for a while,
and waits until the process does nothing. The work of every case is made of short pieces, also
where the server is not optimised. A server that does not get quiet is replaced.
"""

import http.client
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import adbc_driver_flightsql.dbapi as flightsql
import adbc_driver_manager

from cases import expect
from own_server import OwnServer

CONFIG = """
[listen]
flight_addr = "127.0.0.1:0"
http_addr = "127.0.0.1:0"
[limits]
memory_bytes = "2GB"
[storage]
allowed_locations = [{folder}]
"""

# CPU seconds after which a query counts as computing, and how long that may take.
COMPUTES, LONGEST_START = 0.4, 120
# A process is quiet that takes less CPU than this share of a window, in seconds.
QUIET, WINDOW = 0.15, 0.4
# How long a server may take to get quiet; it takes far less, but machines may be busy.
LONGEST_END = 20

SERIES = "generate_series(1, {})"
MANY = SERIES.format(2_000_000_000)
POINT = "ST_Point(value % 1000, value / 1000 % 1000)"
# One row that is made of many points.
LINE = "(SELECT ST_MakeLine({}) AS l FROM {})"
SCATTERED = "ST_Point(value * 7919 % 100003, value * 104729 % 100019)"
LONG_LINE = LINE.format(SCATTERED, SERIES.format(200_000))
LONGER_LINE = LINE.format(SCATTERED, SERIES.format(3_000_000))

QUERIES = {
    "groups": f"SELECT max(n) FROM (SELECT value % 1000003 AS k, count(*) AS n FROM {MANY} GROUP BY 1)",
    "distinct rows": f"SELECT count(DISTINCT value % 1000003) FROM {MANY}",
    "percentiles": f"SELECT max(p) FROM (SELECT value % 1009 AS k, percentile_cont(0.5) WITHIN GROUP (ORDER BY value * 0.5) AS p FROM {SERIES.format(20_000_000)} GROUP BY 1)",
    "unions of groups": f"SELECT sum(ST_Area(u)) FROM (SELECT value % 50000 AS k, ST_Union(ST_Buffer({POINT}, 0.7)) AS u FROM {SERIES.format(500_000)} GROUP BY 1)",
    "collections of groups": f"SELECT sum(ST_NPoints(u)) FROM (SELECT value % 100003 AS k, ST_Collect({POINT}) AS u FROM {SERIES.format(20_000_000)} GROUP BY 1)",
    "hulls": f"SELECT ST_Area(ST_ConvexHull(ST_Collect({POINT}))) FROM {SERIES.format(20_000_000)}",
    "text aggregates": f"SELECT max(length(t)) FROM (SELECT value % 1009 AS k, string_agg(value::text, ',') AS t FROM {SERIES.format(50_000_000)} GROUP BY 1)",
    "sorts": f"SELECT max(value) FROM (SELECT value FROM {SERIES.format(100_000_000)} ORDER BY -value OFFSET 5)",
    "ranks": f"SELECT max(r) FROM (SELECT rank() OVER (PARTITION BY value % 10 ORDER BY -value) AS r FROM {SERIES.format(50_000_000)})",
    "moving sums": f"SELECT max(s) FROM (SELECT sum(value) OVER (ORDER BY value ROWS BETWEEN 500 PRECEDING AND 500 FOLLOWING) AS s FROM {MANY})",
    "k-means": f"SELECT max(c) FROM (SELECT ST_ClusterKMeans({POINT}, 200) OVER () AS c FROM {SERIES.format(200_000)})",
    "DBSCAN": f"SELECT max(c) FROM (SELECT ST_ClusterDBSCAN({POINT}, 60, 10000) OVER () AS c FROM {SERIES.format(200_000)})",
    "hash joins": f"SELECT count(*) FROM {SERIES.format(1_000_000)} AS a(x) JOIN {SERIES.format(1_000_000)} AS b(y) ON a.x % 50 = b.y % 50",
    "nested loops": f"SELECT count(*) FROM {SERIES.format(1_000_000)} AS a(x) JOIN {SERIES.format(1_000_000)} AS b(y) ON a.x * b.y % 7 = 3",
    "cross joins": f"SELECT sum(a.x * b.y % 7) FROM {SERIES.format(1_000_000)} AS a(x) CROSS JOIN {SERIES.format(1_000_000)} AS b(y)",
    "spatial joins": f"SELECT count(*) FROM (SELECT ST_Buffer({POINT}, 30) AS g FROM {SERIES.format(20_000)}) a JOIN (SELECT {POINT} AS g FROM {SERIES.format(10_000_000)}) b ON ST_Intersects(a.g, b.g)",
    "spatial joins of polygons": f"SELECT count(*) FROM (SELECT ST_Buffer({POINT}, 30) AS g FROM {SERIES.format(20_000)}) a JOIN (SELECT ST_Buffer({POINT}, 30) AS g FROM {SERIES.format(20_000)}) b ON ST_Overlaps(a.g, b.g)",
    "spatial joins without matches": f"SELECT count(*) FROM (SELECT ST_Buffer({POINT}, 30) AS g FROM {SERIES.format(20_000)}) a JOIN (SELECT ST_Buffer({POINT}, 30) AS g FROM {SERIES.format(20_000)}) b ON ST_Contains(a.g, b.g) AND ST_Touches(a.g, b.g)",
    "nearest joins": f"SELECT count(*) FROM (SELECT {POINT} AS g FROM {SERIES.format(10_000_000)}) a JOIN (SELECT {POINT} AS g FROM {SERIES.format(20_000)}) b ON ST_KNN(a.g, b.g, 100)",
    "lists to rows": f"SELECT count(*) FROM {SERIES.format(1_000_000)} AS a(x), LATERAL unnest(range(1, 1000)) AS b(y)",
    "grids to rows": f"SELECT count(*) FROM {SERIES.format(1_000_000)} AS a(x), LATERAL ST_SquareGrid(1, ST_MakeEnvelope(0, 0, 30, 30))",
    "recursion": "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 1000000000) SELECT max(n) FROM t",
    "distances of texts": f"SELECT sum(levenshtein(repeat('a', 1500), repeat('b', 1500) || value)) FROM {MANY}",
    "distance of two texts": f"SELECT max(levenshtein(repeat('ab', 500000), repeat('ba', 500000) || value)) FROM {SERIES.format(2)}",
    "Frechet distances": f"SELECT max(ST_FrechetDistance(l, ST_Reverse(l))) FROM {LONG_LINE}",
    "Hausdorff distances": f"SELECT max(ST_HausdorffDistance(l, ST_Translate(l, 50000, 0), 0.001)) FROM {LONG_LINE}",
    "Voronoi diagrams": f"SELECT max(ST_NPoints(ST_VoronoiPolygons(l))) FROM {LONGER_LINE}",
    "concave hulls": f"SELECT max(ST_NPoints(ST_ConcaveHull(l, 0.2))) FROM {LONGER_LINE}",
    "distances on the earth": f"SELECT max(ST_Distance(l::geography, ST_Translate(l, 20, 0)::geography)) FROM (SELECT ST_Scale(l, 0.0001, 0.0001) AS l FROM {LONG_LINE})",
    "long texts": f"SELECT sum(length(repeat('ab', 20000 + value % 2))) FROM {MANY}",
    "regular expressions": f"SELECT sum(length(regexp_replace(repeat('xa', 2000) || value, '(x|a)+?a', 'b', 'g'))) FROM {MANY}",
    "patterns": f"SELECT count(*) FROM {MANY} WHERE repeat('ab', 5000) || value LIKE '%a%a%a%c'",
    "buffers": f"SELECT sum(ST_Area(ST_Buffer({POINT}, 1, 100))) FROM {MANY}",
    "simple rows": f"SELECT value FROM {MANY} WHERE value < 0",
}

WRITES = {
    "CREATE TABLE AS": f"CREATE OR REPLACE TABLE made AS SELECT value, {POINT} AS g FROM {MANY}",
    "COPY": f"COPY (SELECT value, {POINT} AS g FROM {MANY}) TO '{{folder}}/copied.parquet'",
    "COPY to FlatGeobuf": f"COPY (SELECT value, {POINT} AS g FROM {MANY}) TO '{{folder}}/copied.fgb'",
    "INSERT": f"INSERT INTO target SELECT value, value FROM {MANY}",
    "UPDATE": f"UPDATE target SET v = (SELECT count(*) FROM {MANY} WHERE value % 7 = 3)",
    "DELETE": f"DELETE FROM target WHERE k IN (SELECT value % 1000003 + 100000 FROM {MANY})",
    "MERGE": f"MERGE INTO target AS t USING (SELECT value % 1000003 AS k, count(*) AS n FROM {MANY} GROUP BY 1) AS s ON t.k = s.k WHEN MATCHED THEN UPDATE SET v = s.n",
}


class Server(OwnServer):
    """A server whose CPU time is known."""

    def __init__(self, folder):
        super().__init__(folder, CONFIG.format(folder=json.dumps(os.path.dirname(folder))))
        self.folder = folder
        self.http_url = next(url for url in self.urls if url.startswith("http")).rstrip("/")
        self.flight_url = next(url for url in self.urls if url.startswith("grpc"))
        self.ask("CREATE OR REPLACE TABLE target AS SELECT value AS k, value AS v FROM generate_series(1, 1000)")

    def ask(self, sql, timeout=60):
        request = urllib.request.Request(self.http_url + "/v1/sql", sql.encode(), {"content-type": "application/sql"})
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return json.load(response)

    def cpu(self):
        """Returns the CPU seconds of the process so far."""
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def running(self, mark):
        """Returns the id of the query whose text has a mark, while it runs."""
        with urllib.request.urlopen(self.http_url + "/v1/queries", timeout=60) as response:
            queries = json.load(response)
        queries = queries.get("queries", []) if isinstance(queries, dict) else queries
        return next((query["id"] for query in queries if mark in query["sql"] and query["state"] == "running"), None)

    def wait_until_quiet(self):
        """Returns the seconds until the process does nothing; nothing if that takes too long."""
        began = time.monotonic()
        while time.monotonic() - began < LONGEST_END:
            start, before = time.monotonic(), self.cpu()
            time.sleep(WINDOW)
            if self.cpu() - before < QUIET * (time.monotonic() - start):
                return start - began
        return None


class Query(threading.Thread):
    """A statement that a client of its own waits for."""

    def __init__(self, server, sql, over="http", timeout=None):
        super().__init__(daemon=True)
        self.server, self.sql, self.over, self.timeout = server, sql, over, timeout
        self.answer = None
        self.connection = None
        self.start()

    def run(self):
        try:
            self.answer = self.over_flight() if self.over == "flight" else self.over_http()
        except (OSError, adbc_driver_manager.Error, http.client.HTTPException, ValueError, AttributeError) as error:
            self.answer = f"failed: {error}"

    def over_http(self):
        address = urllib.parse.urlsplit(self.server.http_url)
        self.connection = http.client.HTTPConnection(address.hostname, address.port, timeout=300)
        options = f"?timeout={self.timeout}" if self.timeout else ""
        self.connection.request("POST", "/v1/sql" + options, self.sql.encode(), {"content-type": "application/sql"})
        response = self.connection.getresponse()
        return f"{response.status}: {response.read().decode()}"

    def over_flight(self):
        with flightsql.connect(self.server.flight_url, autocommit=True) as connection, connection.cursor() as cursor:
            self.connection = cursor
            cursor.execute(self.sql)
            return f"200: {cursor.fetchall()}"


def end_by_kill(server, query, mark):
    identity = server.running(mark)
    expect(identity, f"the query is not on the list any more: {query.answer}")
    server.ask(f"KILL QUERY '{identity}'")


def end_by_dropped_connection(_server, query, _mark):
    query.connection.sock.shutdown(2)


def end_by_cancel(_server, query, _mark):
    query.connection.adbc_cancel()


def end_by_time_limit(_server, _query, _mark):
    pass


def try_one(server, name, sql, end, over="http", timeout=None):
    """Starts a query, ends it while it computes, and returns the seconds until all is quiet."""
    mark = f"/* {name} */"
    idle = server.wait_until_quiet()
    expect(idle is not None, "the server is busy before the query")
    before, began = server.cpu(), time.monotonic()
    query = Query(server, f"{mark} {sql}", over, timeout)
    while server.cpu() - before < COMPUTES or (not timeout and not server.running(mark)):
        expect(query.answer is None or timeout, f"the query ended by itself: {query.answer}")
        expect(time.monotonic() - began < LONGEST_START, "the query does not start to compute")
        time.sleep(0.05)
    if timeout:
        query.join(60)
        expect(query.answer, "the time limit did not end the query")
    end(server, query, mark)
    took = server.wait_until_quiet()
    expect(took is not None, f"the server still computes after {LONGEST_END} s")
    query.join(30)
    answer = query.answer
    expect(answer and not answer.startswith("200"), f"the query was not ended: {answer}")
    return took


def cases(folder):
    for name, sql in QUERIES.items():
        yield name, sql, end_by_kill, {}
    for name, sql in WRITES.items():
        yield name, sql.format(folder=folder), end_by_kill, {}
    for name in ("groups", "spatial joins", "sorts"):
        yield f"{name}, dropped over HTTP", QUERIES[name], end_by_dropped_connection, {}
        yield f"{name}, canceled over Flight SQL", QUERIES[name], end_by_cancel, {"over": "flight"}
        yield f"{name}, out of time", QUERIES[name], end_by_time_limit, {"timeout": "2s"}


def main():
    if not os.path.exists("/proc/self/stat"):
        print("this system does not tell the CPU time of a process")
        return 77
    folder, only = sys.argv[3], os.environ.get("CANCEL_ONLY", "")
    servers, passed, failed = 1, 0, 0
    server = Server(os.path.join(folder, "cancel1"))
    try:
        for name, sql, end, options in cases(folder):
            if only not in name:
                continue
            try:
                took = try_one(server, name, sql, end, **options)
            except Exception as error:  # A case may fail in any way; the others still run.
                failed += 1
                print(f"FAILED  {name}: {error}", flush=True)
                server.__exit__()
                servers += 1
                server = Server(os.path.join(folder, f"cancel{servers}"))
            else:
                passed += 1
                print(f"passed  {name} ({took:.1f} s)", flush=True)
    finally:
        server.__exit__()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
