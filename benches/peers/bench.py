"""What the runs against peers share: a process with its time and memory, a server, a table."""

import os
import re
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def binary():
    named = os.environ.get("GODWIT_BINARY")
    target = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
    return named or os.path.join(target, "release", "godwit")


def folder():
    path = os.environ.get("GODWIT_BENCH_DIR", os.path.join(tempfile.gettempdir(), "godwit-bench"))
    os.makedirs(path, exist_ok=True)
    return path


def measure(command, **options):
    """Runs a command; returns wall seconds, CPU seconds, peak MB and what it printed."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    if status != 0:
        raise RuntimeError(f"{command[:3]} failed")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output.strip()


def median_of(command, runs=3, warm_up=1, **options):
    for _ in range(warm_up):
        measure(command, **options)
    results = sorted(measure(command, **options) for _ in range(runs))
    return results[len(results) // 2]


DUCKDB = """
import duckdb, duckdb_extension_spatial, glob, os, sys
c = duckdb.connect(config={"allow_unsigned_extensions": True})
extensions = os.path.dirname(duckdb_extension_spatial.__file__)
[spatial] = glob.glob(f"{extensions}/extensions/*/spatial.duckdb_extension")
c.execute(f"LOAD '{spatial}'")
c.execute("SET enable_progress_bar = false")
"""


def python(code, *arguments):
    return [sys.executable, "-c", code, *arguments]


def memory_mb(pid, which="VmRSS"):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(which + r":\s+(\d+) kB", status.read()).group(1)) / 1024


class Godwit:
    """A server on free ports with a fresh data directory."""

    def __init__(self, readable, environment=None, data_dir=None):
        self.folder = tempfile.TemporaryDirectory()
        data = data_dir or os.path.join(self.folder.name, "data")
        command = [binary(), "serve", "--data-dir", data, "--flight-addr", "127.0.0.1:0", "--http-addr", "127.0.0.1:0"]
        variables = dict(os.environ, GODWIT_STORAGE__ALLOWED_LOCATIONS=readable, **(environment or {}))
        started = time.perf_counter()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=variables)
        self.http = self.flight = None
        for line in self.process.stdout:
            for word in line.split():
                if word.startswith("http://"):
                    self.http = word.rstrip("/")
                if word.startswith("grpc://"):
                    self.flight = word.rstrip("/")
            if self.http and self.flight:
                break
        self.started_in = time.perf_counter() - started

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()


def table(title, rows):
    """Prints rows of (name, {figure: value}); the first is Godwit, the ratios are to it."""
    print(f"\n{title}")
    first = rows[0][1]
    for name, figures in rows:
        text = "  ".join(f"{key} {value:10.3f}" for key, value in figures.items())
        key = next(iter(figures))
        ratio = figures[key] / first[key] if first[key] else float("nan")
        print(f"  {name:28s} {text}  x{ratio:.2f}")


def compare(title, commands):
    """Runs commands with one answer, by name, and prints what each takes."""
    rows = []
    for name, command in commands:
        wall, cpu, peak, output = median_of(command, runs=3, cwd=folder())
        print(name, output.splitlines()[-1])
        rows.append((name, {"wall s": wall, "cpu s": cpu, "peak MB": peak}))
    table(title, rows)
