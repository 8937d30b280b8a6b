"""Tables and files in object stores: an S3 service and a web server, both on this machine.

usage: object_store_suite.py FLIGHT_URL HTTP_URL FOLDER  (starts a server of its own in FOLDER)
GODWIT_BINARY names the binary. The S3 service is moto's.
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

import boto3
import deltalake
from moto.server import ThreadedMotoServer

FOLDER = sys.argv[3]
DATA = os.path.join(os.path.dirname(__file__), "../../../sql-examples/data")
CONFIGURATION = """
[object_store.geo]
url = "s3://geo"
endpoint = "{s3}"
region = "us-east-1"
allow_http = true
options = {{ access_key_id = "${{env:S3_KEY}}", secret_access_key = "secret" }}

[storage]
allowed_locations = ["s3://geo", "{web}"]
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
    def __init__(self, s3, web):
        configuration = os.path.join(FOLDER, "object_store.toml")
        with open(configuration, "w") as file:
            file.write(CONFIGURATION.format(s3=s3, web=web))
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


def cases(web):
    """Yields (statement, answer): rows, the fields of the first row that matter, or an SQLSTATE."""
    yield "SELECT count(*) AS n FROM 's3://geo/demo/earthquakes.geojson'", [{"n": 1707}]
    yield "SELECT count(*) AS n FROM 's3://geo/demo/*.csv'", [{"n": 243}]
    yield "CREATE EXTERNAL TABLE quakes STORED AS GEOJSON LOCATION 's3://geo/demo/earthquakes.geojson'", [{"status": "ok"}]
    yield "CREATE TABLE lake LOCATION 's3://geo/lake/quakes' AS SELECT * FROM quakes", [{"rows_affected": 1707, "version": 0}]
    yield "INSERT INTO lake SELECT * FROM quakes WHERE mag > 6", [{"version": 1}]
    yield "SELECT max(mag) AS strongest, min(ST_SRID(geometry)) AS srid FROM lake", [{"strongest": 6.4, "srid": 4326}]
    yield "CREATE OR REPLACE TABLE lake LOCATION 's3://geo/lake/quakes' AS SELECT * FROM quakes LIMIT 7", [{"rows_affected": 7, "version": 2}]
    yield "SELECT count(*) AS n FROM read_delta('s3://geo/lake/quakes')", [{"n": 7}]
    yield "COPY (SELECT * FROM lake) TO 's3://geo/out/quakes.parquet'", [{"rows_affected": 7}]
    yield "SELECT count(*) AS n FROM 's3://geo/out/quakes.parquet'", [{"n": 7}]
    yield "SELECT * FROM 's3://geo/demo/none.csv'", "58P01"
    yield "SELECT * FROM 's3://other/none.csv'", "42501"
    yield f"SELECT count(*) AS n FROM '{web}/cities.csv'", [{"n": 243}]
    yield f"SELECT count(*) AS n FROM '{web}/earthquakes.geojson'", [{"n": 1707}]
    yield f"SELECT count(*) AS n FROM '{web}/none.geojson'", "58P01"


def matches(answer, expected):
    if not isinstance(answer, list) or not isinstance(expected, list):
        return answer == expected
    return len(answer) == len(expected) and all(row.get(name) == value for row, want in zip(answer, expected) for name, value in want.items())


def main():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    store = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    store.start()
    s3 = "http://{}:{}".format(*store.get_host_and_port())
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
    client = boto3.client("s3", endpoint_url=s3, region_name="us-east-1", **keys)
    client.create_bucket(Bucket="geo")
    for name in ["cities.csv", "earthquakes.geojson"]:
        client.upload_file(os.path.join(DATA, name), "geo", f"demo/{name}")
    pages = http.server.ThreadingHTTPServer(("127.0.0.1", 0), WithRanges)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    web = f"http://127.0.0.1:{pages.server_address[1]}"
    godwit = Godwit(s3, web)
    passed, failed = 0, []
    try:
        for statement, expected in cases(web):
            answer = godwit.ask(statement)
            passed += matches(answer, expected)
            if not matches(answer, expected):
                failed.append(f"{statement}\n  want {expected}\n  got  {answer}")
        options = {"endpoint_url": s3, "allow_http": "true", "region": "us-east-1", **keys}
        rows = deltalake.DeltaTable("s3://geo/lake/quakes", storage_options=options).to_pyarrow_table().num_rows
        passed += rows == 7
        if rows != 7:
            failed.append(f"deltalake read {rows} rows")
    finally:
        godwit.process.kill()
    print("\n".join(failed))
    print(f"{passed} passed, {len(failed)} failed", flush=True)
    os._exit(1 if failed else 0)


if __name__ == "__main__":
    main()
