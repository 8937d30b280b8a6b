"""A window of 1 % of the area: how much of the data is read, and how long it takes.

Points lie in a Delta table clustered by its geometries, polygons in one GeoParquet file behind an
HTTP server that counts what it sends and waits before each answer like an object store.
"""

import contextlib
import glob
import http.server
import os
import re
import shutil
import socketserver
import threading
import time
import urllib.request

from bench import DUCKDB, Godwit, folder, measure, python, table

POINTS = int(os.environ.get("GODWIT_BENCH_POINTS", "10000000"))
POLYGONS = int(os.environ.get("GODWIT_BENCH_POLYGONS", "500000"))
LATENCY = 0.02
# 36 by 17 degrees of 360 by 170: 1 % of the area, apart from the borders of any grid.
WINDOW = (3.3, 41.7, 39.3, 58.7)
ENVELOPE = "ST_MakeEnvelope({}, {}, {}, {}, 4326)".format(*WINDOW)

# Multiples of two irrational numbers fill the area evenly, and neighbours are far apart in the rows.
PLACES = """SELECT value AS id, (value * 0.7548776662466927) % 1.0 * 360 - 180 AS x,
(value * 0.5698402909980532) % 1.0 * 170 - 85 AS y FROM generate_series(1, {rows})"""
MAKE_POINTS = f"""CREATE TABLE points CLUSTER BY (geom) AS
SELECT id, id % 1000 AS value, ST_Point(x, y, 4326) AS geom FROM ({PLACES.format(rows=POINTS)})"""
MAKE_POLYGONS = f"""COPY (SELECT id, 'polygon number ' || id AS name,
ST_Buffer(ST_Point(x, y, 4326), 0.01 + (id % 50) / 1000.0) AS geometry FROM ({PLACES.format(rows=POLYGONS)}))
TO '{{path}}' STORED AS GEOPARQUET CLUSTER BY (geometry)"""

READ_DUCKDB = DUCKDB + """
import datetime
from fsspec.implementations.http import HTTPFileSystem
class Http(HTTPFileSystem):
    def modified(self, path):
        return datetime.datetime(2026, 1, 1)
source, column, boxes, count, window = sys.argv[1:6]
if source.startswith("http"):
    # The extension for HTTP is not in the package index; small blocks keep reading ahead short.
    c.register_filesystem(Http(block_size=65536))
low = [float(side) for side in window.split(",")]
box = f"{boxes}.xmin <= {low[2]} AND {boxes}.xmax >= {low[0]} AND {boxes}.ymin <= {low[3]} AND {boxes}.ymax >= {low[1]}"
shape = column if source.startswith("http") else f"ST_GeomFromWKB({column})"
query = f"SELECT {count} FROM read_parquet('{source}') WHERE {box} AND ST_Intersects({shape}, ST_MakeEnvelope({window}))"
started = __import__("time").perf_counter()
row = c.execute(query).fetchone()
print(row, __import__("time").perf_counter() - started, sep="|")
"""
READ_SEDONA = """
import glob, sys, time, sedonadb
source, column, _, count, window = sys.argv[1:6]
low = [float(side) for side in window.split(",")]
c = sedonadb.connect()
corners = [(low[0], low[1]), (low[2], low[1]), (low[2], low[3]), (low[0], low[3]), (low[0], low[1])]
text = "POLYGON((" + ",".join(f"{x} {y}" for x, y in corners) + "))"
started = time.perf_counter()
c.read_parquet(glob.glob(source) if "*" in source else source).to_view("t")
if source.startswith("http"):
    condition = f"ST_Intersects({column}, ST_SetSRID(ST_GeomFromWKT('{text}'), 4326))"
else:
    condition = f"ST_Intersects(ST_GeomFromWKB({column}), ST_GeomFromWKT('{text}'))"
row = c.sql(f"SELECT {count} FROM t WHERE {condition}").to_pandas().iloc[0]
print(tuple(row), time.perf_counter() - started, sep="|")
"""


class Counted(http.server.BaseHTTPRequestHandler):
    """Serves ranges of one file, counts them, and is as slow as a store."""

    protocol_version = "HTTP/1.1"
    path_on_disk, sent, requests = None, 0, 0

    def do_HEAD(self):
        self.answer(send=False)

    def do_GET(self):
        self.answer(send=True)

    def answer(self, send):
        time.sleep(LATENCY)
        size = os.path.getsize(Counted.path_on_disk)
        start, end = 0, size
        asked = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        if asked:
            first, last = asked.groups()
            start = int(first) if first else size - int(last)
            end = int(last) + 1 if first and last else size
        self.send_response(206 if asked else 200)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{size}")
        self.send_header("Content-Length", str(end - start))
        self.end_headers()
        if not send:
            return
        Counted.requests += 1
        Counted.sent += end - start
        with open(Counted.path_on_disk, "rb") as file, contextlib.suppress(BrokenPipeError):
            file.seek(start)
            self.wfile.write(file.read(end - start))

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


def text_of(godwit, query):
    request = urllib.request.Request(f"{godwit.http}/v1/sql?format=csv", data=query.encode())
    with urllib.request.urlopen(request) as response:
        return response.read().decode()


def ask(godwit, query):
    return text_of(godwit, query).splitlines()[-1]


def bytes_read(process):
    with open(f"/proc/{process.pid}/io") as counters:
        return int(re.search(r"rchar: (\d+)", counters.read()).group(1))


def peers(title, source, column, boxes, count, size, first, count_sent):
    rows = [first]
    for name, code in [("duckdb", READ_DUCKDB), ("sedonadb", READ_SEDONA)]:
        window = ", ".join(map(str, WINDOW))
        before = Counted.sent
        _, cpu, _, output = measure(python(code, source, column, boxes, count, window))
        answer, seconds = output.splitlines()[-1].split("|")
        figures = {"s": float(seconds), "cpu s": cpu}
        if count_sent:
            figures["MB"] = (Counted.sent - before) / 1e6
            figures["%"] = (Counted.sent - before) / size * 100
        print(name, answer)
        rows.append((name, figures))
    table(title, rows)


def points(godwit, data):
    ask(godwit, MAKE_POINTS)
    files = [path for path in glob.glob(f"{data}/**/*.parquet", recursive=True) if "points" in path or "part-" in path]
    size = sum(map(os.path.getsize, files))
    where = f"FROM points WHERE ST_Intersects(geom, {ENVELOPE})"
    # Once for the snapshot of the table, once for the bytes, then for the time with a known footer.
    ask(godwit, "SELECT count(*) FROM points")
    before = bytes_read(godwit.process)
    answer = ask(godwit, f"SELECT count(*), sum(id) {where}")
    read = bytes_read(godwit.process) - before
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        ask(godwit, f"SELECT count(*), sum(id) {where}")
        seconds.append(time.perf_counter() - started)
    print("godwit", answer)
    plan = text_of(godwit, f"EXPLAIN ANALYZE SELECT count(*), sum(id) {where}")
    print("\n".join(re.findall(r"\w+_pruned_spatial=[^,\]]+|bytes_scanned=[^,\]]+", plan)))
    print(f"{len(files)} files, {size / 1e6:.0f} MB; read {read / 1e6:.2f} MB, {read / size * 100:.2f} %")
    figures = {"s": sorted(seconds)[1], "MB": read / 1e6, "%": read / size * 100}
    source = os.path.join(os.path.dirname(files[0]), "*.parquet")
    title = f"1 % of {POINTS:,} points in a clustered Delta table, on its files"
    peers(title, source, "geom", "geom_bbox", "count(*), sum(id)", size, ("godwit", figures), False)


def polygons(godwit, server, path):
    if not os.path.exists(path):
        ask(godwit, MAKE_POLYGONS.format(path=path))
    Counted.path_on_disk = path
    size = os.path.getsize(path)
    url = f"http://127.0.0.1:{server.server_port}/polygons.parquet"
    where = f"FROM '{url}' WHERE ST_Intersects(geometry, {ENVELOPE})"
    before, asked = Counted.sent, Counted.requests
    started = time.perf_counter()
    answer = ask(godwit, f"SELECT count(*), sum(id) {where}")
    seconds = time.perf_counter() - started
    sent, requests = Counted.sent - before, Counted.requests - asked
    print("godwit", answer, f"{requests} requests")
    figures = {"s": seconds, "MB": sent / 1e6, "%": sent / size * 100}
    print(f"polygons: {size / 1e6:.0f} MB")
    title = f"1 % of {POLYGONS:,} polygons in GeoParquet over HTTP, {LATENCY * 1000:.0f} ms a request"
    peers(title, url, "geometry", "bbox", "count(*), sum(id)", size, ("godwit", figures), True)


def main():
    data = os.path.join(folder(), "window")
    shutil.rmtree(data, ignore_errors=True)
    path = os.path.join(folder(), "polygons.parquet")
    server = Server(("127.0.0.1", 0), Counted)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    readable = f"{folder()},http://127.0.0.1:{server.server_port}/"
    with Godwit(readable, data_dir=data) as godwit:
        polygons(godwit, server, path)
        points(godwit, data)
    server.shutdown()
    shutil.rmtree(data)


if __name__ == "__main__":
    main()
