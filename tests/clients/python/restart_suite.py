"""What outlives a restart of the server: the tokens of those who are logged in, and tickets.

usage: restart_suite.py FLIGHT_URL HTTP_URL FOLDER  (starts servers of its own in FOLDER)
GODWIT_BINARY names the binary.
"""

import os
import sys
import traceback

import pyarrow.flight as flight

from cases import expect, expect_equal, expect_error
from own_server import OwnServer

FOLDER = os.path.join(sys.argv[3], "restart")
CONFIG = """
[listen]
flight_addr = "127.0.0.1:0"
http_addr = "127.0.0.1:0"
[auth]
mode = "required"
"""
TOKEN = """
[[auth.tokens]]
name = "{name}"
value = "{name}-token"
role = "admin"
"""
ADA, BOB = TOKEN.format(name="ada"), TOKEN.format(name="bob")
SQL = flight.FlightDescriptor.for_command(b"SELECT 42 AS n")


def client(server):
    [url] = [url for url in server.urls if url.startswith("grpc://")]
    return flight.FlightClient(url.replace("grpc://", "grpc+tcp://"))


def answer(server, header):
    """Returns the answer to a query, and the ticket that fetched it."""
    connected, options = client(server), flight.FlightCallOptions(headers=[header])
    ticket = connected.get_flight_info(SQL, options).endpoints[0].ticket
    return connected.do_get(ticket, options).read_all().to_pydict(), ticket


def main():
    answers = {"n": [42]}
    with OwnServer(FOLDER, CONFIG + ADA + BOB) as server:
        header = client(server).authenticate_basic_token("ada", "ada-token")
        expect(header[1].startswith(b"Bearer gws_"), header)
        found, ticket = answer(server, header)
        expect_equal(found, answers)
    with OwnServer(FOLDER, CONFIG + ADA + BOB) as server:
        expect_equal(answer(server, header)[0], answers)
        options = flight.FlightCallOptions(headers=[header])
        expect_equal(client(server).do_get(ticket, options).read_all().to_pydict(), answers)
        stranger = flight.FlightCallOptions(headers=[(b"authorization", b"Bearer bob-token")])
        expect_error(lambda: client(server).do_get(ticket, stranger).read_all())
    with OwnServer(FOLDER, CONFIG + BOB) as server:
        # Who was taken away is gone with the restart, however long the token was good for.
        expect_error(lambda: answer(server, header), "auth")
    mode = os.stat(os.path.join(FOLDER, "data", "secret.key")).st_mode
    expect_equal(oct(mode & 0o777), "0o600")


try:
    main()
except Exception:  # One line a case, as in the other suites.
    print("FAILED  a restart")
    traceback.print_exc(file=sys.stdout)
    sys.exit(1)
print("passed  a restart\n1 passed, 0 failed")
