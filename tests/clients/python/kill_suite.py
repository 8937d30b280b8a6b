"""Kills the server at random moments of writes and checks with Python deltalake what is left.

usage: kill_suite.py FLIGHT_URL HTTP_URL FOLDER  (starts servers of its own in FOLDER)
GODWIT_BINARY names the binary, KILL_ROUNDS the number of rounds (default 6).

Each round starts a server, lets two writers send CREATE OR REPLACE, INSERT and CREATE TABLE, and
sends SIGKILL after a random time. Then every version of every Delta table must be readable, every
version must hold whole statements only, and the next start must be clean.
"""

import glob
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import deltalake

BLOCK = 50_000
BINARY = os.environ["GODWIT_BINARY"]


class Server:
    """One run of the binary on the folder's data."""

    def __init__(self, folder):
        command = [BINARY, "serve", "--data-dir", os.path.join(folder, "killed")]
        command += ["--flight-addr", "127.0.0.1:0", "--http-addr", "127.0.0.1:0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.url = None
        for line in self.process.stdout:
            for word in line.split():
                if word.startswith("http://127.0.0.1:"):
                    self.url = word.rstrip("/")
            if self.url:
                break
        assert self.url, "the server did not start"

    def ask(self, sql):
        request = urllib.request.Request(self.url + "/v1/sql", data=sql.encode(), headers={"content-type": "application/sql"})
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def block(number):
    # A block is BLOCK rows that all carry its number: half a block can be seen.
    return f"SELECT {number} AS block, value AS row, ST_Point(value, {number}, 3857) AS geom FROM generate_series(1, {BLOCK})"


def write(server, name, stop, counter):
    """Sends writes to a table of its own until the server is gone."""
    while not stop.is_set():
        number = counter[0] = counter[0] + 1
        statement = random.choice(
            [
                f"CREATE OR REPLACE TABLE {name} AS {block(number)}",
                f"INSERT INTO {name} {block(number)}",
                f"INSERT INTO {name} {block(number)}",
                f"CREATE TABLE {name}_{number} AS {block(number)}",
            ]
        )
        try:
            server.ask(statement)
        except urllib.error.HTTPError as error:
            body = error.read().decode()
            if error.code >= 500:
                raise AssertionError(f"{statement}: {body}") from error
        except (OSError, ValueError):
            return


def logs(folder):
    """Returns the folders of Delta logs, and which of them have no commit: no tables yet."""
    found = glob.glob(os.path.join(folder, "killed", "**", "_delta_log"), recursive=True)
    return found, [log for log in found if not glob.glob(os.path.join(log, "*.json"))]


def check_delta(folder, seen):
    """Reads the versions that are not in `seen`; fails on one that is broken or partial."""
    found, unborn = logs(folder)
    for log in set(found) - set(unborn):
        path = os.path.dirname(log)
        latest = deltalake.DeltaTable(path).version()
        for version in range(latest + 1):
            if (path, version) in seen:
                continue
            table = deltalake.DeltaTable(path, version=version).to_pyarrow_table(columns=["block"])
            for count in table.group_by("block").aggregate([("block", "count")])["block_count"].to_pylist():
                assert count == BLOCK, f"{path} version {version} has {count} rows of a block"
            seen.add((path, version))


def check_start(server, folder):
    """Fails unless every listed table answers with whole blocks and nothing is left of others."""
    assert not logs(folder)[1], f"left behind: {logs(folder)[1]}"
    names = [row["table_name"] for row in server.ask("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'")]
    for name in names:
        rows = server.ask(f"SELECT block, count(*) AS n FROM {name} GROUP BY block")
        assert all(row["n"] == BLOCK for row in rows), f"{name} is partial: {rows}"
    return names


def main():
    folder = sys.argv[3]
    rounds = int(os.environ.get("KILL_ROUNDS", "6"))
    random.seed(7)
    counters = [[0], [1_000_000]]
    passed, seen = 0, set()
    for number in range(rounds):
        server = Server(folder)
        tables = len(check_start(server, folder))
        stop = threading.Event()
        writers = [threading.Thread(target=write, args=(server, f"t{index}", stop, counters[index])) for index in range(2)]
        for writer in writers:
            writer.start()
        time.sleep(random.uniform(0.05, 1.5))
        server.kill()
        stop.set()
        for writer in writers:
            writer.join()
        check_delta(folder, seen)
        passed += 1
        print(f"round {number + 1}: {len(seen)} versions readable and whole, {tables} tables at the start", flush=True)
    server = Server(folder)
    check_start(server, folder)
    server.kill()
    # At the end every version once more: nothing that came later broke an earlier one.
    versions = set()
    check_delta(folder, versions)
    assert versions, "no write was ever committed"
    print(f"{passed} passed, 0 failed", flush=True)
    # The native threads of the libraries sometimes abort a process that ends in the usual way.
    os._exit(0)


if __name__ == "__main__":
    main()
