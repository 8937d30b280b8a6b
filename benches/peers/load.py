"""Many ADBC cursors at once: errors, the server's memory, latencies, and a catalog of many tables.

usage: load.py [--cursors 64] [--seconds 60] [--tables 10000] [--without KIND]...

Each cursor has a connection of its own and runs queries of many kinds in turn; a third reads slowly
or leaves before the end. No error is expected, and the memory at the end is that in the middle.
"""

import argparse
import collections
import multiprocessing
import random
import threading
import time

import adbc_driver_flightsql.dbapi as flightsql
import pyarrow

from bench import Godwit, folder, memory_mb

PROCESSES = 4

POINTS = ("CREATE TABLE points AS SELECT value AS id, "
          "ST_Point(value % 3600 / 10.0 - 180, value % 1700 / 10.0 - 85, 4326) AS geom "
          "FROM generate_series(1, 200000)")


def connect(url):
    return flightsql.connect(url, autocommit=True)


def read(cursor, sql, parameters=None):
    cursor.execute(sql, parameters)
    return cursor.fetch_arrow_table().num_rows


def leave(cursor):
    """Reads one batch of a large result, and leaves the rest."""
    cursor.execute("SELECT value AS n, value * 0.5 AS x FROM generate_series(1, 20000000)")
    next(iter(cursor.fetch_record_batch()))


def read_slowly(cursor):
    cursor.execute("SELECT value AS n, repeat('x', 100) AS t FROM generate_series(1, 200000)")
    for _ in cursor.fetch_record_batch():
        time.sleep(0.02)


def cancel(cursor):
    timer = threading.Timer(0.2, cursor.adbc_cancel)
    timer.start()
    try:
        read(cursor, "SELECT count(*) FROM generate_series(1, 30000000) AS a(x), generate_series(1, 100) AS b(y) "
                     "WHERE sin(a.x) * b.y > 200")
    except flightsql.Error as error:
        if "cancel" not in str(error).lower():
            raise
    timer.join()


def keep_for_a_while(cursor):
    name = f"kept_{random.randrange(10**9)}"
    cursor.adbc_ingest(name, pyarrow.table({"n": range(1000)}), temporary=True)
    read(cursor, f"SELECT sum(n) FROM {name}")
    cursor.execute(f"DROP TABLE {name}")


KINDS = {
    "one row": lambda cursor: read(cursor, "SELECT 1 AS n"),
    "parameters": lambda cursor: read(cursor, "SELECT geom FROM points WHERE id = ?", (random.randrange(200_000),)),
    "aggregate": lambda cursor: read(cursor, "SELECT id % 100 AS k, count(*), ST_Extent(geom) FROM points GROUP BY 1"),
    "window": lambda cursor: read(cursor, "SELECT * FROM points WHERE ST_Intersects(geom, ST_MakeEnvelope("
                                          f"{random.randrange(-180, 170)}, 0, {random.randrange(-180, 180)}, 20, 4326))"),
    "50 thousand rows": lambda cursor: read(cursor, "SELECT id, geom FROM points WHERE id <= 50000"),
    "insert": lambda cursor: cursor.execute("INSERT INTO log VALUES (?, now())", (random.randrange(1000),)),
    "temporary table": keep_for_a_while,
    "slow reader": read_slowly,
    "left early": leave,
    "canceled": cancel,
}


def work(url, threads, without, until, results):
    """Runs queries on as many cursors as there are threads, each on its own connection."""
    counts, errors, lock = collections.Counter(), collections.Counter(), threading.Lock()

    def one(number):
        kinds = [(name, run) for name, run in KINDS.items() if name not in without]
        try:
            connection = connect(url)
        except flightsql.Error as error:
            with lock:
                errors[f"connect: {error}"[:200]] += 1
            return
        with connection:
            for name, run in iter(lambda: kinds[random.randrange(len(kinds))], None):
                if time.time() > until:
                    return
                try:
                    with connection.cursor() as cursor:
                        run(cursor)
                    with lock:
                        counts[name] += 1
                except Exception as error:  # Whatever fails is counted.
                    with lock:
                        errors[f"{name}: {error}"[:200]] += 1

    jobs = [threading.Thread(target=one, args=(number,)) for number in range(threads)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    results.put((counts, errors))


def load(server, cursors, seconds, without):
    with connect(server.flight) as connection, connection.cursor() as cursor:
        cursor.execute(POINTS)
        cursor.execute("CREATE TABLE log (n INT, at TIMESTAMP WITH TIME ZONE)")
    # The driver does not survive a fork.
    processes = multiprocessing.get_context("spawn")
    started, results = time.time() + 3, processes.Queue()
    share = [cursors // PROCESSES + (index < cursors % PROCESSES) for index in range(PROCESSES)]
    jobs = [processes.Process(target=work, args=(server.flight, threads, without, started + seconds, results))
            for threads in share if threads]
    for job in jobs:
        job.start()
    memory = {}
    for name, part in (("a tenth", 0.1), ("half", 0.5), ("nine tenths", 0.9)):
        time.sleep(max(0, started + part * seconds - time.time()))
        memory[name] = memory_mb(server.process.pid)
    counts, errors = collections.Counter(), collections.Counter()
    for _ in jobs:
        done, failed = results.get()
        counts, errors = counts + done, errors + failed
    for job in jobs:
        job.join()
    print(f"{cursors} cursors for {seconds} s: {sum(counts.values())} statements, {sum(errors.values())} errors")
    print("  " + ", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    for error, count in errors.most_common(10):
        print(f"  {count} times {error}")
    print("  resident: " + ", ".join(f"after {name} {size:.0f} MB" for name, size in memory.items()))
    time.sleep(5)
    with connect(server.flight) as connection, connection.cursor() as cursor:
        left = "SELECT state, sql FROM system.queries WHERE state IN ('queued', 'running') AND sql NOT LIKE '%system.queries%'"
        cursor.execute(left)
        print(f"  5 s later: {memory_mb(server.process.pid):.0f} MB, queries left: {cursor.fetchall()}")


def cycle(server, count=2000):
    """Times a prepared statement from preparation to its closing."""
    with connect(server.flight) as connection:
        def once():
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
                cursor.fetchall()

        times = []
        for turn in range(count + 200):
            started = time.perf_counter()
            once()
            if turn >= 200:
                times.append((time.perf_counter() - started) * 1000)
    times.sort()
    print(f"prepared SELECT 1, four calls: p50 {times[count // 2]:.3f} ms, p99 {times[count * 99 // 100]:.3f} ms")


def catalog(server, tables):
    with connect(server.flight) as connection, connection.cursor() as cursor:
        started = time.perf_counter()
        for number in range(tables):
            cursor.adbc_statement.set_sql_query(f"CREATE TABLE t{number} (id BIGINT, name VARCHAR, geom GEOMETRY(Point, 4326))")
            cursor.adbc_statement.execute_update()
        made = time.perf_counter() - started
        for turn in ("first", "second", "third"):
            started = time.perf_counter()
            listed = connection.adbc_get_objects(depth="all").read_all()
            seconds = time.perf_counter() - started
            print(f"{tables} tables (made in {made:.0f} s) with their columns, {turn} time: {seconds * 1000:.0f} ms, {listed.nbytes / 1e6:.1f} MB")


def main():
    parser = argparse.ArgumentParser(description="Puts load on a server.")
    parser.add_argument("--cursors", type=int, default=64)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--tables", type=int, default=10_000)
    parser.add_argument("--without", action="append", default=[], choices=list(KINDS))
    arguments = parser.parse_args()
    with Godwit(folder(), {"GODWIT_LIMITS__MEMORY_BYTES": "2GB"}) as server:
        cycle(server)
        load(server, arguments.cursors, arguments.seconds, arguments.without)
    if arguments.tables:
        with Godwit(folder()) as server:
            catalog(server, arguments.tables)


if __name__ == "__main__":
    main()
