"""Thirty kinds of bad input over HTTP and Flight SQL: what each is answered, and the server lives.

usage: bad_input_suite.py FLIGHT_URL HTTP_URL FOLDER  (FOLDER is readable for the server)
"""

import gzip
import json
import os
import struct
import sys
import urllib.error
import urllib.request

import adbc_driver_flightsql.dbapi as flightsql
import adbc_driver_manager
import pyarrow
import pyarrow.parquet

FLIGHT, HTTP, FOLDER = sys.argv[1:4]
BAD = os.path.join(FOLDER, "bad")


def file(name, content):
    os.makedirs(BAD, exist_ok=True)
    path = os.path.join(BAD, name)
    with open(path, "wb") as out:
        out.write(content)
    return path


def parquet(name, cut=None, patch=None, footer=None):
    path = os.path.join(BAD, name)
    os.makedirs(BAD, exist_ok=True)
    pyarrow.parquet.write_table(pyarrow.table({"a": list(range(10_000)), "b": ["text"] * 10_000}), path)
    with open(path, "rb") as source:
        content = source.read()
    if patch:
        at, value = patch
        content = content[:at] + value + content[at + len(value) :]
    if footer:
        content = content[:-8] + struct.pack("<I", footer) + content[-4:]
    return file(name, content[:cut])


FEATURE = b'{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[1,2]}}'
HUGE_RINGS = (b"\x01" + struct.pack("<II", 3, 2**31 - 1)).hex()
NESTED = (b"\x01" + struct.pack("<II", 7, 1)) * 5000


def cases():
    """Yields (name, SQL, SQLSTATEs that are right)."""
    select = "SELECT count(*), max(ST_AsText(geometry)) FROM '{}'"
    collection = b'{"type":"FeatureCollection","features":['
    yield "GeoJSON that ends in a feature", select.format(file("cut.geojson", collection + FEATURE[:40])), {"XX001"}
    yield "GeoJSON with a broken number", select.format(file("number.geojson", collection + FEATURE.replace(b"1,2", b"1,2e") + b"]}")), {"XX001"}
    yield "GeoJSON that is not JSON", select.format(file("text.geojson", b"hello, world")), {"XX001"}
    yield "GeoJSON with bytes that are not UTF-8", select.format(file("utf8.geojson", collection + FEATURE.replace(b'"a":1', b'"a":"\xff\xfe"') + b"]}")), {"XX001"}
    deep = b'{"type":"Feature","properties":{"a":' + b"[" * 100_000 + b"]" * 100_000 + b'},"geometry":null}'
    yield "GeoJSON nested 100,000 deep", "SELECT a FROM '{}'".format(file("deep.geojson", collection + deep + b"]}")), {"XX001", "54001"}
    yield "GeoJSON gzip cut short", select.format(file("cut.geojson.gz", gzip.compress(collection + FEATURE * 1000)[:60])), {"XX001"}
    yield "an empty GeoJSON file", select.format(file("empty.geojson", b"")), {"XX001"}
    yield "a truncated Parquet file", f"SELECT count(*), max(b) FROM '{parquet('cut.parquet', cut=2000)}'", {"XX001"}
    yield "a Parquet file with a wrong footer length", f"SELECT max(b) FROM '{parquet('footer.parquet', footer=2**31 - 1)}'", {"XX001"}
    yield "a Parquet file with broken pages", f"SELECT max(b), sum(a) FROM '{parquet('pages.parquet', patch=(40, bytes(range(200))))}'", {"XX001"}
    yield "Parquet that is text", f"SELECT * FROM '{file('text.parquet', b'hello')}'", {"XX001"}
    yield "Arrow that is text", f"SELECT * FROM '{file('text.arrow', b'hello, world')}'", {"XX001"}
    yield "CSV with a row too long", f"SELECT count(*), max(a) FROM '{file('long.csv', b'a,b' + bytes([10]) + b'1,2' + bytes([10]) + b'1,2,3,4' + bytes([10]))}'", {"XX001"}
    yield "a suffix nobody knows", f"SELECT * FROM '{file('what.xyz', bytes(range(256)))}'", {"22023", "0A000", "XX001"}
    yield "a missing file", f"SELECT * FROM '{BAD}/missing.geojson'", {"58P01"}
    yield "a denied location", "SELECT * FROM '/etc/passwd'", {"42501"}
    yield "a denied location by a way round", f"SELECT * FROM '{BAD}/../../../../../../../../etc/hostname'", {"42501"}
    yield "a location behind a link", f"SELECT * FROM read_csv('{link()}')", {"42501"}
    yield "WKB with 2^31 rings", f"SELECT ST_AsText(ST_GeomFromWKB(X'{HUGE_RINGS}'))", {"22023"}
    yield "WKB nested 5,000 deep", f"SELECT ST_AsText(ST_GeomFromWKB(X'{NESTED.hex()}'))", {"22023"}
    yield "WKB cut short", "SELECT ST_Area(ST_GeomFromWKB(X'0101000000000000'))", {"22023"}
    yield "WKT nonsense", "SELECT ST_GeomFromText('POLYGON((banana')", {"22P02"}
    yield "WKT with 100,000 brackets", f"SELECT ST_GeomFromText('{'GEOMETRYCOLLECTION(' * 20_000}')", {"22P02"}
    yield "an unknown EPSG code", "SELECT ST_Transform(ST_Point(1, 2, 4326), 999999)", {"22023"}
    yield "a CRS that is nonsense", "SELECT ST_Transform(ST_Point(1, 2, 4326), 'nonsense')", {"22023"}
    yield "two CRSs", "SELECT ST_Distance(ST_Point(1, 2, 4326), ST_Point(1, 2, 3857))", {"22023"}
    yield "text where a number belongs", "SELECT ST_Point('one', 2)", {"22P02", "42804", "42883"}
    yield "too few arguments", "SELECT ST_Intersects(ST_Point(1, 2))", {"42883"}
    yield "an expression nested 20,000 deep", "SELECT " + "(" * 20_000 + "1" + ")" * 20_000, {"54000"}
    yield "50 MB of SQL", "SELECT '" + "x" * 50_000_000 + "'", {"54000", "42601", None}
    yield "a division by zero", "SELECT 1 / (value - 1) FROM generate_series(1, 3)", {"22012", "22003"}
    yield "more rows than memory holds", "SELECT count(DISTINCT CAST(a.value AS VARCHAR) || ' ' || CAST(b.value AS VARCHAR)) FROM generate_series(1, 30000) AS a, generate_series(1, 30000) AS b", {"53200", "57014"}


def link():
    os.makedirs(BAD, exist_ok=True)
    path = os.path.join(BAD, "link.csv")
    if not os.path.islink(path):
        os.symlink("/etc/passwd", path)
    return path


def over_http(sql, headers=None):
    """Returns (HTTP status, SQLSTATE, message); SQLSTATE 00000 for success."""
    request = urllib.request.Request(f"{HTTP}/v1/sql?timeout=20s", data=sql.encode(), headers={"content-type": "application/sql", **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            response.read()
            return response.status, "00000", ""
    except urllib.error.HTTPError as error:
        body = error.read()
        try:
            problem = json.loads(body)
        except ValueError:
            return error.code, None, body.decode(errors="replace")[:100]
        return error.code, problem.get("sqlstate"), problem.get("detail", "")
    except (urllib.error.URLError, ConnectionError) as error:
        # A body over the limit may be refused while it is still being sent.
        return 413, None, f"connection closed: {error}"


def over_flight(connection, sql):
    """Returns (SQLSTATE, message)."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            cursor.fetchall()
        return "00000", ""
    except adbc_driver_manager.Error as error:
        state = dict(error.details or []).get(b"x-sqlstate")
        return state.decode() if state else None, str(error)


def main():
    passed = failed = 0

    def report(name, problems, answer):
        nonlocal passed, failed
        passed, failed = (passed, failed + 1) if problems else (passed + 1, failed)
        print(f"{'FAIL' if problems else 'ok  '} {name}: {answer}{' -- ' + '; '.join(problems) if problems else ''}")

    options = {"adbc.flight.sql.rpc.call_header.query_timeout": "20"}
    with flightsql.connect(FLIGHT, db_kwargs=options, autocommit=True) as connection:
        for name, sql, states in cases():
            status, state, message = over_http(sql)
            flight_state, flight_message = over_flight(connection, sql)
            problems = []
            if state not in states:
                problems.append(f"HTTP SQLSTATE {state}")
            if state is not None and flight_state not in states:
                problems.append(f"Flight SQLSTATE {flight_state}: {flight_message[:200]}")
            if status == 500 or "panic" in (message + flight_message).lower():
                problems.append("a fault of the server")
            if over_http("SELECT 1")[0] != 200:
                problems.append("the server is gone")
            report(name, problems, f"{status} {state} {message[:140]}")
    status, state, message = over_http("SELECT 1", {"host": "evil.example"})
    report("a foreign host", [] if status in (403, 421) else ["let in"], f"{status} {state} {message}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
