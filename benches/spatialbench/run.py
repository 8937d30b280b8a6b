"""SpatialBench on the same Parquet files: Godwit and its peers, query by query.

    run.py [--scale 0.1] [--queries 1,2,3] [--engines godwit,kept,sql,sedonadb,duckdb,pycanopy] [--again]
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "peers"))

import adbc_driver_flightsql.dbapi as flightsql  # noqa: E402
from bench import Godwit, binary, folder, measure, memory_mb  # noqa: E402
from digest import digest, same  # noqa: E402
from queries import GODWIT  # noqa: E402

TABLES = ["trip", "customer", "building", "zone"]
PEERS = ["sedonadb", "duckdb", "pycanopy"]
# So that every run does the whole of its joins.
KEEPS_NOTHING = {"GODWIT_LIMITS__JOIN_CACHE_BYTES": "0"}


def make_data(scale):
    """Makes the tables once; below scale factor 1 the buildings are those of scale factor 1."""
    data = os.path.join(folder(), "spatialbench", f"sf{scale:g}")
    os.makedirs(data, exist_ok=True)
    generator = os.path.join(os.path.dirname(sys.executable), "spatialbench-cli")
    for table in ["trip", "customer", "building"]:
        if not os.path.exists(f"{data}/{table}.parquet"):
            factor = max(scale, 1) if table == "building" else scale
            subprocess.run([generator, "-s", f"{factor:g}", "-T", table, "-o", data], check=True, stdout=subprocess.DEVNULL)
    if not os.path.exists(f"{data}/zone.parquet"):
        subprocess.run([sys.executable, f"{HERE}/zones.py", f"{scale:g}", f"{data}/trip.parquet", f"{data}/zone.parquet"], check=True)
    return data


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def registrations(data):
    return [f"CREATE EXTERNAL TABLE {table} STORED AS PARQUET LOCATION '{data}/{table}.parquet'" for table in TABLES]


def over_flight(data, number, runs, environment=None):
    """Each query gets a server of its own, so that the peak of its memory is known."""
    with Godwit(data, environment) as server, flightsql.connect(server.flight, autocommit=True) as connection, connection.cursor() as cursor:
        for statement in registrations(data):
            cursor.execute(statement)
        times, cpu = [], []
        for _ in range(runs + 1):
            used, started = cpu_seconds(server.process.pid), time.perf_counter()
            cursor.execute(GODWIT[number])
            table = cursor.fetch_arrow_table()
            times.append(time.perf_counter() - started)
            cpu.append(cpu_seconds(server.process.pid) - used)
        peak = memory_mb(server.process.pid, "VmHWM")
        return {"seconds": times[1:], "cpu": cpu[1:], "peak_mb": peak, "digest": digest(table)}


def on_command_line(data, number, runs):
    """`godwit sql`: the whole process, with its start, writing an Arrow file."""
    import pyarrow as pa

    with tempfile.TemporaryDirectory() as place:
        script = f"{place}/query.sql"
        with open(script, "w") as file:
            file.write(";\n".join([*registrations(data), GODWIT[number]]))
        out = f"{place}/out.arrow"
        times, cpu, peak = [], [], 0
        for _ in range(runs + 1):
            subprocess.run(["rm", "-rf", f"{place}/data"], check=True)
            command = [binary(), "sql", "--data-dir", f"{place}/data", "--format", "arrow", "-o", out, script]
            wall, used, most, _ = measure(command)
            times.append(wall)
            cpu.append(used)
            peak = max(peak, most)
        with pa.OSFile(out) as file:
            table = pa.ipc.open_stream(file).read_all()
        return {"seconds": times[1:], "cpu": cpu[1:], "peak_mb": peak, "digest": digest(table)}


def by_peer(engine, data, number, runs, timeout):
    command = [sys.executable, f"{HERE}/engines.py", engine, data, str(number), str(runs)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        out, error = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return {"failed": "timeout"}
    if process.returncode != 0:
        return {"failed": (error.strip().splitlines() or ["error"])[-1][:60]}
    return json.loads(out.strip().splitlines()[-1])


def run(engine, data, number, runs, timeout):
    if engine in PEERS:
        return by_peer(engine, data, number, runs, timeout)
    try:
        if engine == "sql":
            return on_command_line(data, number, runs)
        return over_flight(data, number, runs, KEEPS_NOTHING if engine == "godwit" else None)
    except Exception as error:  # A query that fails is a line of the table.
        return {"failed": " ".join(str(error).split())[:100]}


def line(name, result, best, agrees):
    if "failed" in result:
        return f"    {name:10s} {result['failed']}"
    median = statistics.median(result["seconds"])
    ratio = f"x{median / best:.2f}" if best else "-"
    cpu = statistics.median(result["cpu"])
    verdict = {None: "", True: "agrees", False: "DIFFERS"}[agrees]
    return f"    {name:10s} {median:9.3f} s  {ratio:>7s} of best peer  cpu {cpu:8.2f} s  peak {result['peak_mb']:7.0f} MB  {verdict}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--queries", default=",".join(map(str, GODWIT)))
    parser.add_argument("--engines", default="godwit,sql,sedonadb,duckdb,pycanopy")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--timeout", type=float, default=600)
    parser.add_argument("--again", action="store_true", help="run the peers even where their figures are kept")
    options = parser.parse_args()
    data = make_data(options.scale)
    kept_in = os.path.join(data, "peers.json")
    kept = json.load(open(kept_in)) if os.path.exists(kept_in) else {}
    engines, totals = options.engines.split(","), {}
    for number in map(int, options.queries.split(",")):
        results = {}
        for engine in engines:
            key = f"{engine} {number}"
            if engine in PEERS and key in kept and not options.again:
                results[engine] = kept[key]
                continue
            results[engine] = run(engine, data, number, options.runs, options.timeout)
            if engine in PEERS:
                kept[key] = results[engine]
                with open(kept_in, "w") as file:
                    json.dump(kept, file)
        peers = {engine: result for engine, result in results.items() if engine in PEERS and "failed" not in result}
        best = min((statistics.median(result["seconds"]) for result in peers.values()), default=None)
        reference = next((result["digest"] for result in peers.values()), None)
        print(f"  Q{number}")
        for engine, result in results.items():
            agrees = same(result["digest"], reference) if reference and "digest" in result else None
            print(line(engine, result, best, agrees), flush=True)
            if "seconds" in result:
                seconds, count = totals.get(engine, (0, 0))
                totals[engine] = seconds + statistics.median(result["seconds"]), count + 1
    for engine, (seconds, count) in totals.items():
        print(f"  total {engine:10s} {seconds:9.3f} s over {count} queries")


if __name__ == "__main__":
    main()
