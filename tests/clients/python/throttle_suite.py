"""Wrong passwords: whoever tries too many has to wait, over Flight SQL and HTTP.

usage: throttle_suite.py FLIGHT_URL HTTP_URL FOLDER  (starts a server of its own in FOLDER)
GODWIT_BINARY names the binary.
"""

import base64
import json
import os
import sys
import time
import urllib.error
import urllib.request

import adbc_driver_flightsql.dbapi as flightsql
import adbc_driver_manager

from cases import expect, expect_equal, rows
from own_server import OwnServer

# The hash of "enchantress", of the least costs: what is tried here is not its strength.
CONFIG = """
[listen]
flight_addr = "127.0.0.1:0"
http_addr = "127.0.0.1:0"
[auth]
mode = "required"
tokens = [{ name = "dashboard", value = "s3cret", role = "reader" }]
users = [
    { name = "ada", password_hash = "$argon2id$v=19$m=64,t=1,p=1$oQ2kVKr2y011D7Q+n6pIDA$XFiT3rKArHI44TEZU5br+6xVz/FvGIrKnON/4hj8COk", role = "reader" },
    { name = "bob", password_hash = "$argon2id$v=19$m=64,t=1,p=1$oQ2kVKr2y011D7Q+n6pIDA$XFiT3rKArHI44TEZU5br+6xVz/FvGIrKnON/4hj8COk", role = "reader" },
]
"""


def user_of(url, name, password):
    """Returns who a login is, or the message that refuses it."""
    options = {"username": name, "password": password}
    try:
        with flightsql.connect(url, db_kwargs=options, autocommit=True) as connection:
            return rows(connection, "SELECT current_user")[0][0]
    except adbc_driver_manager.Error as error:
        expect(error.status_code == adbc_driver_manager.AdbcStatusCode.UNAUTHENTICATED, error)
        return str(error)


def over_http(url, name, password):
    """Returns status, Retry-After and text of an answer."""
    login = base64.b64encode(f"{name}:{password}".encode()).decode()
    request = urllib.request.Request(url + "/v1/sql?format=csv", b"SELECT current_user AS u", {"authorization": "Basic " + login})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, None, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["retry-after"], error.read().decode()


def main():
    with OwnServer(os.path.join(sys.argv[3], "throttle"), CONFIG) as server:
        http_url, flight_url = server.urls
        expect_equal(user_of(flight_url, "ada", "enchantress"), "ada")
        for _ in range(5):
            expect("not valid" in user_of(flight_url, "ada", "wrong"), "a wrong password is refused")
        paused = user_of(flight_url, "ada", "enchantress")
        expect("too many logins have failed; try again in" in paused, paused)
        status, retry_after, body = over_http(http_url, "ada", "enchantress")
        expect_equal(status, 429)
        expect(1 <= int(retry_after) <= 3, retry_after)
        expect_equal(json.loads(body)["sqlstate"], "28000")
        expect_equal(over_http(http_url, "bob", "enchantress")[2].split(), ["u", "bob"])
        expect_equal(user_of(flight_url, "dashboard", "s3cret"), "dashboard")
        # A second is the first pause, and a right password ends the row.
        time.sleep(int(retry_after))
        expect_equal(user_of(flight_url, "ada", "enchantress"), "ada")
        expect_equal(over_http(http_url, "ada", "wrong")[0], 401)
        expect_equal(over_http(http_url, "ada", "enchantress")[0], 200)
        # Names that nobody has are no way around, nor do they tell that nobody has them.
        answers = [over_http(http_url, "nobody", "x")[0] for _ in range(7)]
        expect_equal(answers, [401] * 5 + [429] * 2)
    print("passed  whoever guesses has to wait")
    return 0


if __name__ == "__main__":
    sys.exit(main())
