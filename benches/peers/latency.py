"""`SELECT 1` over HTTP and ADBC, start-up time, idle memory."""

import http.client
import time
import urllib.parse

import adbc_driver_flightsql.dbapi as flightsql

from bench import Godwit, folder, memory_mb


def percentiles(call, count=1000):
    for _ in range(100):
        call()
    times = []
    for _ in range(count):
        started = time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1000)
    times.sort()
    return times[count // 2], times[count * 99 // 100]


def main():
    with Godwit(folder()) as server:
        time.sleep(1)
        print(f"started in {server.started_in * 1000:.0f} ms, idle at {memory_mb(server.process.pid):.0f} MB")
        connection = http.client.HTTPConnection(urllib.parse.urlparse(server.http).netloc)

        def over_http():
            connection.request("POST", "/v1/sql", b"SELECT 1")
            connection.getresponse().read()

        print("SELECT 1 over HTTP: p50 {:.3f} ms, p99 {:.3f} ms".format(*percentiles(over_http)))
        with flightsql.connect(server.flight, autocommit=True) as flight, flight.cursor() as cursor:

            def over_adbc():
                cursor.execute("SELECT 1")
                cursor.fetchall()

            print("SELECT 1 over ADBC: p50 {:.3f} ms, p99 {:.3f} ms".format(*percentiles(over_adbc)))


if __name__ == "__main__":
    main()
