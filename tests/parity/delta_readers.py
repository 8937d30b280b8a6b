"""Tables that Godwit writes, read by the Delta readers of others.

usage: GODWIT_BINARY=... python tests/parity/delta_readers.py

Makes a partitioned table of two versions and a clustered one from the examples' data, and reads
count, geometries and their bytes with Python deltalake, with DuckDB (packages duckdb and
duckdb-extension-delta) and with Spark (packages pyspark 4.0 and delta-spark 4.0, and Java 17; the
jars come from Maven Central). A reader that is not installed is named.
"""

import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
STATEMENTS = """
CREATE TABLE cities PARTITIONED BY (part) AS
SELECT id % 3 AS part, 'city ' || id AS name, ST_Point(id / 10.0, id / 20.0, 4326) AS geom FROM (SELECT unnest(range(0, 3000)) AS id);
INSERT INTO cities VALUES (1, 'nowhere', NULL);
CREATE TABLE squares CLUSTER BY (geom) AS
SELECT id, ST_Buffer(ST_Point(id % 60, id / 60, 3857), 0.5) AS geom FROM (SELECT unnest(range(0, 3000)) AS id);
"""
QUESTION = "count(*) AS n, count(geom) AS geometries, sum(octet_length(geom)) AS bytes"


def answers(binary, folder):
    """Runs the statements; returns the folder of each table and what Godwit says of it."""
    subprocess.run([binary, "sql", "--data-dir", folder], input=STATEMENTS, text=True, check=True, stdout=subprocess.DEVNULL)
    tables = {}
    for name in ("cities", "squares"):
        def query(sql):
            command = [binary, "sql", "--data-dir", folder, "--format", "json", "-c", sql]
            return json.loads(subprocess.run(command, text=True, check=True, capture_output=True).stdout)
        rows = query(f"SELECT {QUESTION} FROM {name}")
        (row,) = rows["rows"] if isinstance(rows, dict) else rows
        tables[name] = tuple(int(value) for value in (row.values() if isinstance(row, dict) else row))
    return tables


def by_deltalake(path):
    from deltalake import DeltaTable

    column = DeltaTable(path).to_pyarrow_table(columns=["geom"])["geom"]
    values = [value for value in column.to_pylist() if value is not None]
    return len(column), len(values), sum(map(len, values))


def by_duckdb(path):
    import duckdb
    import duckdb_extension_delta

    connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    (extension,) = pathlib.Path(duckdb_extension_delta.__file__).parent.rglob("*.duckdb_extension")
    connection.execute(f"LOAD '{extension}'")
    return tuple(int(value) for value in connection.sql(f"SELECT {QUESTION} FROM delta_scan('{path}')").fetchone())


def by_spark(path):
    import delta
    from pyspark.sql import SparkSession

    builder = (
        SparkSession.builder.master("local[2]")
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.log.level", "ERROR")
    )
    spark = delta.configure_spark_with_delta_pip(builder).getOrCreate()
    frame = spark.read.format("delta").load(path)
    return tuple(int(value) for value in frame.selectExpr(*QUESTION.split(", ")).collect()[0])


READERS = {
    "deltalake": (by_deltalake, ["deltalake"]),
    "DuckDB": (by_duckdb, ["duckdb", "duckdb_extension_delta"]),
    "Spark": (by_spark, ["pyspark", "delta"]),
}


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        expected = answers(os.environ["GODWIT_BINARY"], folder)
        tables = {}
        for log in pathlib.Path(folder).rglob("_delta_log"):
            name = "cities" if any(log.parent.glob("part=*")) else "squares"
            tables[name] = str(log.parent)
        for reader, (read, packages) in READERS.items():
            absent = [package for package in packages if importlib.util.find_spec(package) is None]
            if absent:
                print(f"{reader}: not tried, package {absent[0]} is not installed")
                continue
            for name, path in sorted(tables.items()):
                found = read(path)
                failed += found != expected[name]
                word = "agrees" if found == expected[name] else f"differs from {expected[name]}"
                print(f"{reader}, {name}: {found} {word}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
