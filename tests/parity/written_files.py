"""FlatGeobuf and GeoPackage files that Godwit writes, read by GDAL.

usage: GODWIT_BINARY=... python tests/parity/written_files.py

Compares rows, types, reference systems, layer names, extents and windows with what was written, and
adds a row to each GeoPackage, whose index must find it. Needs geopandas and pyogrio.
"""

import os
import subprocess
import sys
import tempfile

import geopandas
import pyogrio
import shapely

# Without Z: pyogrio does not take layers of mixed kinds with it.
KINDS = [
    "POINT (1 2)", "LINESTRING (0 0, 1 1)", "POLYGON ((0 0, 4 0, 4 4, 0 0), (2 1, 3 1, 3 2, 2 1))",
    "MULTIPOINT ((1 2), (4 5))", "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))",
    "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
    "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1))",
]
TYPES = """SELECT CAST(n AS SMALLINT) AS small, CAST(n AS INTEGER) AS whole, n * 1000000000000 AS big,
    CAST(n AS REAL) / 4 AS single, n / 8.0 AS fraction, n > 1 AS flag, 'P' || n AS name,
    TIMESTAMP '2020-02-29 12:34:56.5' AS at, ST_PointZ(n, n, 7, 3301) AS geom FROM (VALUES (1), (2)) AS t(n)"""
MANY = "SELECT n, ST_Point(n % 360 - 180, n % 180 - 90, 4326) AS geom FROM generate_series(1, 50000) AS t(n)"
failures = 0


def expect(what, found, wanted):
    global failures
    is_equal = found == wanted
    failures += not is_equal
    print(f"{'ok  ' if is_equal else 'FAIL'} {what}" + ("" if is_equal else f": {found!r}, not {wanted!r}"))


def main():
    kinds = ", ".join(f"({index}, '{text}'::geometry)" for index, text in enumerate(KINDS))
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ["fgb", "gpkg"]:
            path = {name: f"{folder}/{name}.{suffix}" for name in ["kinds", "types", "many", "esri", "none"]}
            sql = f"""COPY (SELECT n, g AS geom FROM (VALUES {kinds}, (99, NULL)) AS t(n, g)) TO '{path["kinds"]}';
                COPY ({TYPES}) TO '{path["types"]}'; COPY ({MANY}) TO '{path["many"]}';
                COPY (SELECT 1 AS n, ST_Point(1, 2) AS geom) TO '{path["esri"]}' (assume_crs 'ESRI:54009');
                COPY ({MANY} WHERE FALSE) TO '{path["none"]}'"""
            command = [os.environ["GODWIT_BINARY"], "sql", "--data-dir", f"{folder}/data", "-c", sql]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

            frame = geopandas.read_file(path["kinds"]).sort_values("n")
            found = [None if geometry is None else shapely.to_wkb(geometry) for geometry in frame.geometry]
            wanted = [shapely.to_wkb(shapely.from_wkt(text)) for text in KINDS] + [None]
            expect(f"{suffix}: every kind of geometry", found, wanted)

            frame = geopandas.read_file(path["types"]).sort_values("whole")
            row = frame.iloc[1]
            found = [row.small, row.whole, row.big, row.single, row.fraction, row.flag, row["name"], str(row["at"])[:23]]
            expect(f"{suffix}: values", found, [2, 2, 2000000000000, 0.5, 0.25, True, "P2", "2020-02-29 12:34:56.500"])
            expect(f"{suffix}: height", row.geometry.z, 7.0)
            expect(f"{suffix}: reference system", frame.crs.to_epsg(), 3301)
            info = pyogrio.read_info(path["types"])
            expect(f"{suffix}: types", [str(each) for each in info["dtypes"]][:7], ["int16", "int32", "int64", "float32", "float64", "bool", "object"])
            expect(f"{suffix}: layer", info["layer_name"], "types")
            authority = geopandas.read_file(path["esri"]).crs.to_authority()
            expect(f"{suffix}: system of another authority", authority, ("ESRI", "54009"))

            info = pyogrio.read_info(path["many"])
            expect(f"{suffix}: extent", tuple(info["total_bounds"]), (-180, -90, 179, 89))
            frame = geopandas.read_file(path["many"])
            expect(f"{suffix}: rows", (len(frame), int(frame.n.sum())), (50000, 1250025000))
            window = geopandas.read_file(path["many"], bbox=(-10, -10, 10, 10))
            inside = frame.cx[-10:10, -10:10]
            expect(f"{suffix}: window", (len(window), int(window.n.sum())), (len(inside), int(inside.n.sum())))
            expect(f"{suffix}: no rows", len(geopandas.read_file(path["none"])), 0)

        path = f"{folder}/many.gpkg"
        added = geopandas.GeoDataFrame({"n": [0]}, geometry=[shapely.Point(500, 500)], crs=4326).rename_geometry("geom")
        pyogrio.write_dataframe(added, path, append=True)
        expect("gpkg: a row that GDAL adds", len(geopandas.read_file(path, bbox=(499, 499, 501, 501))), 1)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
