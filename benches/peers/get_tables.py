"""GetTables with the columns of many tables: the first time, and again.

usage: get_tables.py [--tables 10000] [--runs 10]

Half of the tables are Delta tables, half are views. Times are those of the call over the loopback, with
the CPU seconds of the server beside them.
"""

import argparse
import os
import time

import adbc_driver_flightsql.dbapi as flightsql
import pyarrow.flight as flight

from bench import Godwit, folder
from doget import cpu_seconds, read
from flight_download import field

COMMAND = field(1, b"type.googleapis.com/arrow.flight.protocol.sql.CommandGetTables") + field(2, b"\x28\x01")


def listed(client):
    info = client.get_flight_info(flight.FlightDescriptor.for_command(COMMAND))
    return read(client, info.endpoints[0].ticket)


def make(server, tables):
    with flightsql.connect(server.flight, autocommit=True) as connection, connection.cursor() as cursor:
        for number in range(tables // 2):
            for sql in (f"CREATE TABLE t{number} (id BIGINT, name VARCHAR, geom GEOMETRY(Point, 4326))",
                        f"CREATE VIEW v{number} AS SELECT {number} AS id, 'x' AS name, ST_Point(1, 2, 4326) AS geom"):
                cursor.adbc_statement.set_sql_query(sql)
                cursor.adbc_statement.execute_update()


def main():
    parser = argparse.ArgumentParser(description="Times the listing of many tables.")
    parser.add_argument("--tables", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=10)
    arguments = parser.parse_args()
    data = os.path.join(folder(), f"tables_{arguments.tables}")
    is_made = os.path.isdir(data)
    with Godwit(folder(), data_dir=data) as server:
        started = time.perf_counter()
        if not is_made:
            make(server, arguments.tables)
            print(f"{arguments.tables} tables and views made in {time.perf_counter() - started:.0f} s")
    with Godwit(folder(), data_dir=data) as server:
        client = flight.connect(server.flight)
        times = []
        for _ in range(arguments.runs + 1):
            started, cpu = time.perf_counter(), cpu_seconds(server.process.pid)
            rows, size = listed(client)
            times.append((time.perf_counter() - started, cpu_seconds(server.process.pid) - cpu))
        assert rows >= arguments.tables // 2 * 2, rows
        (first, first_cpu), again = times[0], sorted(times[1:])
        seconds, cpu = again[len(again) // 2]
        print(f"{rows} tables with their columns, {size / 1e6:.1f} MB")
        print(f"  the first time {first * 1000:8.0f} ms, server CPU {first_cpu * 1000:8.0f} ms")
        print(f"  again          {seconds * 1000:8.0f} ms, server CPU {cpu * 1000:8.0f} ms")


if __name__ == "__main__":
    main()
