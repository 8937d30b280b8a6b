"""One port for gRPC, gRPC-web and HTTP, with TLS and without.

usage: one_port_suite.py FLIGHT_URL HTTP_URL FOLDER  (starts servers of its own in FOLDER)
GODWIT_BINARY names the binary.
"""

import base64
import http.client
import json
import os
import ssl
import struct
import sys
import traceback
import urllib.parse

import adbc_driver_flightsql.dbapi as flightsql
import pyarrow
import pyarrow.flight as flight

from cases import expect, expect_equal, rows
from login import Authority
from own_server import OwnServer

FOLDER = os.path.join(sys.argv[3], "one_port")
SERVICE = "/arrow.flight.protocol.FlightService/"
LISTEN = """
[listen]
flight_addr = "127.0.0.1:0"
single_port = true
cors_origins = ["https://maps.test"]
"""
SECURED = LISTEN + """
plaintext_addr = "127.0.0.1:0"
[tls]
certificate = "{folder}/server.pem"
key = "{folder}/server.key"
[auth]
mode = "required"
tokens = [{{ name = "root", value = "root-token", role = "admin" }}]
"""


def field(number, payload):
    """Returns a protobuf field of fewer than 128 bytes."""
    return bytes([number << 3 | 2, len(payload)]) + payload


def query(sql):
    """Returns the descriptor of a statement's text."""
    name = b"type.googleapis.com/arrow.flight.protocol.sql.CommandStatementQuery"
    command = field(1, name) + field(2, field(1, sql))
    return b"\x08\x02\x12" + bytes([len(command) % 128 | 128, len(command) // 128]) + command


class Web:
    """A browser that speaks gRPC-web over HTTP/1.1."""

    def __init__(self, url, context=None, headers=None):
        self.place, self.context, self.headers = urllib.parse.urlparse(url).netloc, context, headers or {}

    def send(self, method, path, body=None, headers=None):
        kind = http.client.HTTPConnection if self.context is None else http.client.HTTPSConnection
        options = {} if self.context is None else {"context": self.context}
        connection = kind(self.place, timeout=30, **options)
        connection.request(method, path, body, self.headers | (headers or {}))
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, content

    def call(self, method, message, content="application/grpc-web+proto", headers=None):
        """Returns the messages and the trailers of a call."""
        body = b"\0" + struct.pack(">I", len(message)) + message
        is_text = content.startswith("application/grpc-web-text")
        body = base64.b64encode(body) if is_text else body
        headers = {"content-type": content, "x-grpc-web": "1", "accept": content} | (headers or {})
        status, found, content = self.send("POST", SERVICE + method, body, headers)
        expect_equal(status, 200)
        if is_text:
            # Each frame is encoded, and padded, by itself.
            content = b"".join(base64.b64decode(content[at:at + 4]) for at in range(0, len(content), 4))
        messages, trailers = [], dict(found)
        while content:
            flag, length = struct.unpack(">BI", content[:5])
            frame, content = content[5:5 + length], content[5 + length:]
            if flag & 128:
                pairs = (line.split(":", 1) for line in frame.decode().split("\r\n") if line)
                trailers |= {name.strip().lower(): value.strip() for name, value in pairs}
            else:
                messages.append(frame)
        return messages, trailers


def all_protocols_answer_on_one_port():
    with OwnServer(os.path.join(FOLDER, "plain"), LISTEN) as server:
        web_url, flight_url = server.urls
        expect_equal(urllib.parse.urlparse(web_url).netloc, urllib.parse.urlparse(flight_url).netloc)
        with flightsql.connect(flight_url, autocommit=True) as connection:
            expect_equal(rows(connection, "SELECT 1 + 1"), [(2,)])
            batches = pyarrow.table({"n": range(100_000)})
            with connection.cursor() as cursor:
                expect_equal(cursor.adbc_ingest("numbers", batches), 100_000)
            expect_equal(rows(connection, "SELECT sum(n) FROM numbers"), [(4999950000,)])
        client = flight.connect(flight_url)
        info = client.get_flight_info(flight.FlightDescriptor.for_command(b"SELECT 1 AS n"))
        expect_equal(client.do_get(info.endpoints[0].ticket).read_all().to_pydict(), {"n": [1]})
        web = Web(web_url)
        status, headers, body = web.send("POST", "/v1/sql?format=csv", "SELECT count(*) AS n FROM numbers")
        expect_equal((status, body.split()), (200, [b"n", b"100000"]))
        expect_equal(web.send("GET", "/readyz")[0], 200)
        status, _, body = web.send("GET", "/nowhere")
        expect_equal((status, json.loads(body)["code"]), (404, "not_found"))


def browsers_speak_grpc_web():
    with OwnServer(os.path.join(FOLDER, "web"), LISTEN) as server:
        web = Web(server.urls[0])
        for content in ("application/grpc-web+proto", "application/grpc-web", "application/grpc-web-text"):
            messages, trailers = web.call("GetFlightInfo", query(b"SELECT 41 AS answer"), content)
            expect_equal((len(messages), trailers.get("grpc-status")), (1, "0"))
            expect(b"answer" in messages[0], messages)
        messages, trailers = web.call("GetFlightInfo", query(b"SELECT nope"))
        expect_equal((messages, trailers["grpc-status"], trailers["x-sqlstate"]), ([], "3", "42703"))
        messages, trailers = web.call("NoSuchMethod", b"")
        expect_equal((messages, trailers["grpc-status"]), ([], "12"))


def pages_of_strangers_are_kept_away_from_grpc_web():
    with OwnServer(os.path.join(FOLDER, "guard"), LISTEN) as server:
        web = Web(server.urls[0])
        call = {"content-type": "application/grpc-web+proto", "x-grpc-web": "1"}
        asked = {"access-control-request-method": "POST", "access-control-request-headers": "x-grpc-web"}
        for origin, wanted in (("https://evil.test", 403), ("https://maps.test", 200)):
            status, headers, _ = web.send("POST", SERVICE + "GetFlightInfo", b"\0\0\0\0\0", call | {"origin": origin})
            expect_equal((origin, status), (origin, wanted))
            status, headers, _ = web.send("OPTIONS", SERVICE + "GetFlightInfo", None, asked | {"origin": origin})
            expect_equal((origin, status), (origin, 403 if wanted == 403 else 204))
        expect_equal(headers["access-control-allow-origin"], "https://maps.test")
        expect("x-grpc-web" in headers["access-control-allow-headers"], headers)
        _, headers, _ = web.send("POST", SERVICE + "GetFlightInfo", b"\0\0\0\0\0", call | {"origin": "https://maps.test"})
        expect("grpc-status" in headers["access-control-expose-headers"], headers)
        status, _, _ = web.send("POST", SERVICE + "GetFlightInfo", b"\0\0\0\0\0", call | {"host": "evil.test"})
        expect_equal(status, 403)


def one_port_speaks_tls_and_another_does_not():
    folder = os.path.join(FOLDER, "secured")
    os.makedirs(folder)
    authority = Authority("One Port Authority")
    for name, text in zip(("server.pem", "server.key"), authority.server()):
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)
    with OwnServer(folder, SECURED.format(folder=folder)) as server:
        web_url, flight_url, plain_web_url, plain_flight_url = server.urls
        expect(web_url.startswith("https://") and flight_url.startswith("grpc+tls://"), server.urls)
        token = {"adbc.flight.sql.authorization_header": "Bearer root-token"}
        trust = {"adbc.flight.sql.client_option.tls_root_certs": authority.pem}
        for url, options in ((flight_url, token | trust), (plain_flight_url, token)):
            with flightsql.connect(url, db_kwargs=options, autocommit=True) as connection:
                expect_equal(rows(connection, "SELECT current_user"), [("root",)])
        context = ssl.create_default_context(cadata=authority.pem)
        bearer = {"authorization": "Bearer root-token"}
        for web in (Web(web_url, context, bearer), Web(plain_web_url, None, bearer)):
            status, _, body = web.send("POST", "/v1/sql?format=csv", "SELECT current_user AS u")
            expect_equal((status, body.split()), (200, [b"u", b"root"]))
            messages, trailers = web.call("GetFlightInfo", query(b"SELECT 1"))
            expect_equal((len(messages), trailers.get("grpc-status")), (1, "0"))
        status, _, body = Web(plain_web_url).send("POST", "/v1/sql", "SELECT 1")
        expect_equal((status, json.loads(body)["code"]), (401, "unauthenticated"))


def main():
    failed = 0
    for case in (all_protocols_answer_on_one_port, browsers_speak_grpc_web,
                 pages_of_strangers_are_kept_away_from_grpc_web, one_port_speaks_tls_and_another_does_not):
        try:
            case()
        except Exception:  # A case may fail in any way; the others still run.
            failed += 1
            print(f"FAILED  {case.__name__.replace('_', ' ')}\n{traceback.format_exc()}")
        else:
            print(f"passed  {case.__name__.replace('_', ' ')}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
