"""SpatialBench on tables that each engine has made for itself: Godwit, DuckDB.

    own.py [--scale 0.1] [--queries 1,2,3] [--engines godwit,duckdb] [--runs 3]

Godwit writes Delta tables with `CLUSTER BY`, DuckDB a database of its own along a Hilbert curve
with R-tree indexes.
"""

import argparse
import os
import re
import statistics
import tempfile
import time

import adbc_driver_flightsql.dbapi as flightsql
import queries
from digest import digest, same
from run import KEEPS_NOTHING, TABLES, cpu_seconds, line, make_data, registrations
from bench import Godwit

# The geometries of each table; the first one decides about the order of rows.
GEOMETRIES = {"trip": ["t_pickuploc", "t_dropoffloc"], "customer": [], "building": ["b_boundary"], "zone": ["z_boundary"]}


def on_geometries(sql):
    """Columns are geometries already."""
    return re.sub(r"ST_GeomFromWKB\(([a-z_.]+)\)", r"\1", sql)


def geometry_columns(table):
    return ", ".join(f"ST_GeomFromWKB({name}) AS {name}" for name in GEOMETRIES[table])


def godwit(data):
    folder = tempfile.TemporaryDirectory(dir=data)
    server = Godwit(data, KEEPS_NOTHING, data_dir=folder.name).__enter__()
    connection = flightsql.connect(server.flight, autocommit=True)
    cursor = connection.cursor()
    for table, registration in zip(TABLES, registrations(data)):
        cursor.execute(registration.replace(f"TABLE {table}", f"TABLE {table}_file"))
        columns = geometry_columns(table)
        others = f"* EXCLUDE ({', '.join(GEOMETRIES[table])}), {columns}" if columns else "*"
        order = f"CLUSTER BY ({GEOMETRIES[table][0]})" if columns else ""
        cursor.execute(f"CREATE TABLE {table} {order} AS SELECT {others} FROM {table}_file")

    def run(sql):
        used = cpu_seconds(server.process.pid)
        cursor.execute(sql)
        return cursor.fetch_arrow_table(), cpu_seconds(server.process.pid) - used

    def close():
        cursor.close()
        connection.close()
        server.__exit__()
        folder.cleanup()

    return run, close


def duckdb(data):
    import glob

    import duckdb
    import duckdb_extension_spatial

    folder = tempfile.TemporaryDirectory(dir=data)
    connection = duckdb.connect(f"{folder.name}/own.duckdb", config={"allow_unsigned_extensions": True})
    [spatial] = glob.glob(os.path.dirname(duckdb_extension_spatial.__file__) + "/extensions/*/spatial.duckdb_extension")
    connection.execute(f"LOAD '{spatial}'")
    connection.execute("SET enable_progress_bar = false")
    for table in TABLES:
        columns = geometry_columns(table)
        others = f"* EXCLUDE ({', '.join(GEOMETRIES[table])}), {columns}" if columns else "*"
        order = f"ORDER BY ST_Hilbert({GEOMETRIES[table][0]})" if columns else ""
        source = f"SELECT {others} FROM read_parquet('{data}/{table}.parquet')"
        connection.execute(f"CREATE TABLE {table} AS SELECT * FROM ({source}) {order}")
        for name in GEOMETRIES[table]:
            connection.execute(f"CREATE INDEX {name}_tree ON {table} USING RTREE ({name})")

    def run(sql):
        used = time.process_time()
        return connection.execute(sql).to_arrow_table(), time.process_time() - used

    def close():
        connection.close()
        folder.cleanup()

    return run, close


ENGINES = {
    "godwit": (godwit, queries.GODWIT),
    "duckdb": (duckdb, queries.DUCKDB),
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--queries", default=",".join(map(str, queries.GODWIT)))
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--runs", type=int, default=3)
    # DuckDB has no join for these that ends within minutes.
    parser.add_argument("--skip", default="duckdb 10,duckdb 11,duckdb 12")
    options = parser.parse_args()
    data, results = make_data(options.scale), {}
    for engine in options.engines.split(","):
        make, texts = ENGINES[engine]
        run, close = make(data)
        for number in map(int, options.queries.split(",")):
            if f"{engine} {number}" in options.skip.split(","):
                continue
            times, cpu, table = [], [], None
            try:
                for _ in range(options.runs + 1):
                    started = time.perf_counter()
                    table, used = run(on_geometries(texts[number]))
                    times.append(time.perf_counter() - started)
                    cpu.append(used)
                result = {"seconds": times[1:], "cpu": cpu[1:], "peak_mb": 0, "digest": digest(table)}
            except Exception as error:  # A query that fails is a line of the table.
                result = {"failed": " ".join(str(error).split())[:100]}
            results.setdefault(number, {})[engine] = result
        close()
    for number, found in results.items():
        done = {engine: result for engine, result in found.items() if "seconds" in result}
        peers = [statistics.median(result["seconds"]) for engine, result in done.items() if engine != "godwit"]
        reference = next((result["digest"] for engine, result in done.items() if engine != "godwit"), None)
        print(f"  Q{number}")
        for engine, result in found.items():
            agrees = same(result["digest"], reference) if reference and "digest" in result else None
            print(line(engine, result, min(peers, default=None), agrees))


if __name__ == "__main__":
    main()
