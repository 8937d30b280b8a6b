"""Tables and files in object stores (S3, Google, Azure) and on a web server, all on this machine.

usage: object_store_suite.py FLIGHT_URL HTTP_URL FOLDER  (starts a server of its own in FOLDER)
GODWIT_BINARY names the binary, GODWIT_AZURITE the Azure store's, which npm has as azurite.
"""

import http.server
import json
import logging
import os
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import deltalake

from object_stores import Azure, Google, S3

FOLDER = sys.argv[3]
DATA = os.path.join(os.path.dirname(__file__), "../../../sql-examples/data")
CONFIGURATION = """
[object_store.{name}]
url = "{url}"
endpoint = "{endpoint}"
allow_http = true
{section}
"""
STORAGE = """
[storage]
allowed_locations = {locations}
"""


class WithRanges(http.server.SimpleHTTPRequestHandler):
    """Serves the example data, parts of files too."""

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, directory=DATA, **named)

    def do_GET(self):
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        path = self.translate_path(self.path)
        if not wanted or not os.path.isfile(path):
            return super().do_GET()
        with open(path, "rb") as file:
            content = file.read()
        start = int(wanted[1])
        part = content[start : int(wanted[2]) + 1 if wanted[2] else None]
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {start}-{start + len(part) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        self.wfile.write(part)

    def log_message(self, *_):
        pass


class Godwit:
    def __init__(self, stores, web):
        configuration = os.path.join(FOLDER, "object_store.toml")
        with open(configuration, "w") as file:
            for store in stores:
                name = type(store).__name__.lower()
                file.write(CONFIGURATION.format(name=name, url=store.url, endpoint=store.endpoint, section=store.section))
            file.write(STORAGE.format(locations=json.dumps([*(store.url for store in stores), web])))
        command = [os.environ["GODWIT_BINARY"], "serve", "--config", configuration]
        command += ["--data-dir", os.path.join(FOLDER, "object-store")]
        command += ["--flight-addr", "127.0.0.1:0", "--http-addr", "127.0.0.1:0"]
        environment = dict(os.environ, S3_KEY="key")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
        self.url = next(word for line in self.process.stdout for word in line.split() if word.startswith("http://127.0.0.1:"))

    def ask(self, sql):
        request = urllib.request.Request(self.url.rstrip("/") + "/v1/sql", data=sql.encode(), headers={"content-type": "application/sql"})
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            return json.load(error)["sqlstate"]


def store_cases(url):
    """Yields (statement, answer): rows, the fields of the first row that matter, or an SQLSTATE."""
    yield f"SELECT count(*) AS n FROM '{url}/demo/earthquakes.geojson'", [{"n": 1707}]
    yield f"SELECT count(*) AS n FROM '{url}/demo/*.csv'", [{"n": 243}]
    yield f"CREATE OR REPLACE EXTERNAL TABLE quakes STORED AS GEOJSON LOCATION '{url}/demo/earthquakes.geojson'", [{"status": "ok"}]
    yield f"CREATE TABLE lake LOCATION '{url}/lake/quakes' AS SELECT * FROM quakes", [{"rows_affected": 1707, "version": 0}]
    yield "INSERT INTO lake SELECT * FROM quakes WHERE mag > 6", [{"version": 1}]
    yield "SELECT max(mag) AS strongest, min(ST_SRID(geometry)) AS srid FROM lake", [{"strongest": 6.4, "srid": 4326}]
    yield f"CREATE OR REPLACE TABLE lake LOCATION '{url}/lake/quakes' AS SELECT * FROM quakes LIMIT 7", [{"rows_affected": 7, "version": 2}]
    yield f"SELECT count(*) AS n FROM read_delta('{url}/lake/quakes')", [{"n": 7}]
    yield f"COPY (SELECT * FROM lake) TO '{url}/out/quakes.parquet'", [{"rows_affected": 7}]
    yield f"SELECT count(*) AS n FROM '{url}/out/quakes.parquet'", [{"n": 7}]
    # Over 10 MB, so that it goes up in parts.
    yield f"COPY (SELECT value, random() AS r FROM generate_series(1, 2000000)) TO '{url}/out/large.parquet'", [{"rows_affected": 2000000}]
    yield f"SELECT count(*) AS n, max(value) AS last FROM '{url}/out/large.parquet'", [{"n": 2000000, "last": 2000000}]
    yield f"SELECT * FROM '{url}/demo/none.csv'", "58P01"
    yield f"SELECT * FROM '{url}x/none.csv'", "42501"


def web_cases(web):
    """Yields (statement, answer) for the web server."""
    yield f"SELECT count(*) AS n FROM '{web}/cities.csv'", [{"n": 243}]
    yield f"SELECT count(*) AS n FROM '{web}/earthquakes.geojson'", [{"n": 1707}]
    yield f"SELECT count(*) AS n FROM '{web}/none.geojson'", "58P01"


def matches(answer, expected):
    if not isinstance(answer, list) or not isinstance(expected, list):
        return answer == expected
    return len(answer) == len(expected) and all(row.get(name) == value for row, want in zip(answer, expected) for name, value in want.items())


def check(godwit, cases):
    """Returns the number of cases that passed, and what the others answered."""
    passed, failed = 0, []
    for statement, expected in cases:
        answer = godwit.ask(statement)
        passed += matches(answer, expected)
        if not matches(answer, expected):
            failed.append(f"{statement}\n  want {expected}\n  got  {answer}")
    return passed, failed


def main():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    stores = [S3(), Google(), *([Azure()] if Azure.program() else [])]
    for store in stores:
        for name in ["cities.csv", "earthquakes.geojson"]:
            store.put(os.path.join(DATA, name), f"demo/{name}")
    pages = http.server.ThreadingHTTPServer(("127.0.0.1", 0), WithRanges)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    web = f"http://127.0.0.1:{pages.server_address[1]}"
    godwit = Godwit(stores, web)
    passed, failed = 0, []
    try:
        for store in stores:
            passed_there, failed_there = check(godwit, store_cases(store.url))
            passed, failed = passed + passed_there, failed + failed_there
            godwit.ask("DROP TABLE lake")
            rows = deltalake.DeltaTable(f"{store.url}/lake/quakes", storage_options=store.delta).to_pyarrow_table().num_rows
            passed += rows == 7
            if rows != 7:
                failed.append(f"deltalake read {rows} rows of {store.url}")
        passed_there, failed_there = check(godwit, web_cases(web))
        passed, failed = passed + passed_there, failed + failed_there
    finally:
        godwit.process.kill()
        for store in stores:
            store.stop()
    print("\n".join(failed))
    print(f"{passed} passed, {len(failed)} failed", flush=True)
    if not failed and not Azure.program():
        print("Azure was left out: no azurite-blob; npm install azurite and name it in GODWIT_AZURITE", flush=True)
        os._exit(77)
    os._exit(1 if failed else 0)


if __name__ == "__main__":
    main()
