"""Runs one query in one engine and prints what it took, as JSON.

    engines.py ENGINE FOLDER QUERY RUNS
"""

import json
import os
import resource
import sys
import time

import queries
from digest import digest

TABLES = ["trip", "customer", "building", "zone"]


def duckdb(folder):
    import glob

    import duckdb
    import duckdb_extension_spatial

    connection = duckdb.connect(config={"allow_unsigned_extensions": True})
    [spatial] = glob.glob(os.path.dirname(duckdb_extension_spatial.__file__) + "/extensions/*/spatial.duckdb_extension")
    connection.execute(f"LOAD '{spatial}'")
    connection.execute("SET enable_progress_bar = false")
    for table in TABLES:
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{folder}/{table}.parquet')")
    return lambda sql: connection.execute(sql).to_arrow_table()


def sedonadb(folder):
    import sedonadb

    connection = sedonadb.connect()
    for table in TABLES:
        connection.read_parquet(f"{folder}/{table}.parquet").to_view(table)
    return lambda sql: connection.sql(sql).to_arrow_table()


def pycanopy(folder):
    import by_pycanopy

    tables = by_pycanopy.Tables(folder)
    return lambda number: by_pycanopy.QUERIES[number](tables).to_arrow()


def main():
    engine, folder, number, runs = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    run = {"duckdb": duckdb, "sedonadb": sedonadb, "pycanopy": pycanopy}[engine](folder)
    query = number if engine == "pycanopy" else getattr(queries, engine.upper())[number]
    times, cpu = [], []
    for _ in range(runs + 1):
        used, started = time.process_time(), time.perf_counter()
        table = run(query)
        times.append(time.perf_counter() - started)
        cpu.append(time.process_time() - used)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": times[1:], "cpu": cpu[1:], "peak_mb": peak, "digest": digest(table)}))


if __name__ == "__main__":
    main()
