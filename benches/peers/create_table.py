"""A CSV file of 10 million points into a table: Godwit (Delta), DuckDB (Parquet), deltalake."""

import os
import shutil

from bench import DUCKDB, binary, folder, median_of, python, table

PATH = os.path.join(folder(), "points.csv")
ROWS = 10_000_000

MAKE = """
import sys, numpy, pyarrow as pa, pyarrow.csv
g = numpy.random.default_rng(1); n = int(sys.argv[2])
t = pa.table({"id": numpy.arange(n), "lon": g.uniform(-180, 180, n).round(6), "lat": g.uniform(-85, 85, n).round(6), "value": g.normal(size=n).round(4)})
pa.csv.write_csv(t, sys.argv[1])
"""
COPY_DUCKDB = DUCKDB + """
c.execute(f"COPY (SELECT id, value, ST_Point(lon, lat) AS geom FROM read_csv('{sys.argv[1]}')) TO '{sys.argv[2]}' (FORMAT parquet, COMPRESSION zstd)")
"""
DELTALAKE = """
import sys, numpy, deltalake, pyarrow as pa, pyarrow.csv
t = pa.csv.read_csv(sys.argv[1])
n = t.num_rows
wkb = numpy.zeros((n, 21), dtype=numpy.uint8); wkb[:, 0] = 1; wkb[:, 1] = 1
wkb[:, 5:13] = t["lon"].to_numpy().view(numpy.uint8).reshape(n, 8)
wkb[:, 13:21] = t["lat"].to_numpy().view(numpy.uint8).reshape(n, 8)
offsets = pa.py_buffer(numpy.arange(0, 21 * (n + 1), 21, dtype=numpy.int32))
geom = pa.Array.from_buffers(pa.binary(), n, [None, offsets, pa.py_buffer(wkb.tobytes())])
deltalake.write_deltalake(sys.argv[2], pa.table({"id": t["id"], "value": t["value"], "geom": geom}), mode="overwrite")
"""


def main():
    if not os.path.exists(PATH):
        median_of(python(MAKE, PATH, str(ROWS)), runs=1, warm_up=0)
    rows = []
    data = os.path.join(folder(), "create-table")
    statement = f"CREATE OR REPLACE TABLE points AS SELECT id, value, ST_Point(lon, lat, 4326) AS geom FROM '{PATH}'"
    for name, command in [
        ("godwit CTAS into Delta", [binary(), "sql", "--data-dir", os.path.join(data, "godwit"), "-c", statement]),
        ("duckdb COPY to Parquet", python(COPY_DUCKDB, PATH, os.path.join(data, "duckdb.parquet"))),
        ("deltalake write_deltalake", python(DELTALAKE, PATH, os.path.join(data, "deltalake"))),
    ]:
        os.makedirs(data, exist_ok=True)
        wall, cpu, peak, _ = median_of(command, runs=3)
        rows.append((name, {"wall s": wall, "cpu s": cpu, "peak MB": peak}))
        shutil.rmtree(data)
    table(f"{ROWS:,} points of CSV into a table", rows)


if __name__ == "__main__":
    main()
