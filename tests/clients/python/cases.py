"""What the suites of Flight SQL clients share: the server, its cases, and how they are run."""

import argparse
import os
import time
import traceback

import adbc_driver_flightsql.dbapi as flightsql
import adbc_driver_manager
import pyarrow
import pyarrow.flight as flight

CASES = []
SCHEMA = f"suite_{os.getpid()}"


class Skip(Exception):
    """Raised by a case that this server cannot run."""


def case(function):
    """Registers a case; its name is its sentence."""
    CASES.append(function)
    return function


class Server:
    """Where the server is, and who we are there."""

    def __init__(self, url, user=None, password=None):
        self.url = url
        self.user = user
        self.password = password

    def options(self):
        return {} if self.user is None else {"username": self.user, "password": self.password}

    def connect(self, headers=None, options=None):
        options = self.options() | (options or {})
        for name, value in (headers or {}).items():
            options["adbc.flight.sql.rpc.call_header." + name] = value
        return flightsql.connect(self.url, db_kwargs=options, autocommit=True)

    def flight(self):
        client = flight.FlightClient(self.url.replace("grpc://", "grpc+tcp://"))
        options = flight.FlightCallOptions()
        if self.user is not None:
            header = client.authenticate_basic_token(self.user, self.password)
            options = flight.FlightCallOptions(headers=[header])
        return client, options


def rows(connection, sql, parameters=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def table(connection, sql):
    """Returns the result as Arrow."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetch_arrow_table()


def run(connection, sql):
    """Executes a statement as the DB-API does, and reads nothing."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.rowcount


def update(connection, sql, batch=None):
    """Executes a statement, prepared only when values are bound to it; returns its count."""
    with connection.cursor() as cursor:
        cursor.adbc_statement.set_sql_query(sql)
        if batch is not None:
            cursor.adbc_statement.prepare()
            cursor.adbc_statement.bind(batch)
        return cursor.adbc_statement.execute_update()


def expect(condition, message):
    if not condition:
        raise AssertionError(message)


def expect_equal(found, wanted):
    expect(found == wanted, f"found {found!r}, wanted {wanted!r}")


def expect_error(action, *words, state=None):
    """Expects a failure that names the words and shows no internals; returns it."""
    try:
        action()
    except (adbc_driver_manager.Error, flight.FlightError, pyarrow.ArrowException) as error:
        text = str(error)
        for word in words:
            expect(word.lower() in text.lower(), f"error does not say {word!r}: {text}")
        for leak in ("DataFusionError", "ParserError(", "SchemaError(", "panicked", "src/"):
            expect(leak not in text, f"error leaks {leak!r}: {text}")
        details = [value for _, value in getattr(error, "details", None) or []]
        found = [value.decode() if isinstance(value, bytes) else value for value in details]
        expect(state is None or state in found, f"no SQLSTATE {state} in {found}: {text}")
        return error
    raise AssertionError("no error")


def run_cases(*arguments, only=""):
    """Runs the cases whose names have this part; returns the exit code of the suite."""
    passed, failed = 0, 0
    for function in CASES:
        name = function.__name__.replace("_", " ")
        if only not in name:
            continue
        started = time.monotonic()
        try:
            function(*arguments)
        except Skip as reason:
            print(f"skipped {name}: {reason}")
        except Exception:  # A case may fail in any way; the others still run.
            failed += 1
            print(f"FAILED  {name}")
            print("    " + traceback.format_exc().strip().replace("\n", "\n    "))
        else:
            passed += 1
            print(f"passed  {name} ({time.monotonic() - started:.2f} s)")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def main(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("flight_url")
    parser.add_argument("others", nargs="*", help="what other suites need")
    parser.add_argument("--user")
    parser.add_argument("--password", default="")
    parser.add_argument("--only", default="", help="a part of the names of the cases to run")
    arguments = parser.parse_args()
    server = Server(arguments.flight_url, arguments.user, arguments.password)
    with server.connect() as connection:
        run(connection, f"CREATE SCHEMA {SCHEMA}")
    code = run_cases(server, only=arguments.only)
    with server.connect() as connection:
        run(connection, f"DROP SCHEMA {SCHEMA} CASCADE")
    return code
