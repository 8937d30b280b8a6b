"""A FlatGeobuf file, all of it and a window of 1 % of the area: Godwit, pyogrio, DuckDB.

The file is the one of `read_geojson.py`, written by GDAL with an index; `GODWIT_BENCH_FLATGEOBUF`
names another one, of which only rows and areas are counted.
"""

import os

import pyogrio

import read_geojson
from bench import DUCKDB, binary, compare, folder, python

PATH = os.environ.get("GODWIT_BENCH_FLATGEOBUF") or os.path.join(folder(), "buildings.fgb")
# 36 by 16 degrees of 360 by 160.
WINDOW = (3.3, 41.7, 39.3, 57.7)


def make():
    if os.path.exists(PATH):
        return
    read_geojson.make()
    meta, rows = pyogrio.read_arrow(read_geojson.PATH)
    column = meta["geometry_name"] or "wkb_geometry"
    pyogrio.write_arrow(rows, PATH, driver="FlatGeobuf", geometry_name=column, geometry_type="Polygon", crs="EPSG:4326", SPATIAL_INDEX="YES")


COUNT = "SELECT count(*), round(sum(ST_Area({})), 9) FROM "
WHOLE = COUNT.format("geometry") + f"'{PATH}'"
ENVELOPE = "ST_MakeEnvelope({}, {}, {}, {}, 4326)".format(*WINDOW)
# GDAL compares the geometries themselves, not their boxes.
PART = f"{WHOLE} WHERE ST_Intersects(geometry, {ENVELOPE})"
READ_DUCKDB = DUCKDB + """
path, window = sys.argv[1], sys.argv[2]
condition = f" WHERE ST_Intersects(geom, ST_MakeEnvelope({window}))" if window else ""
print(c.execute(f"SELECT count(*), round(sum(ST_Area(geom)), 9) FROM ST_Read('{path}'){condition}").fetchone())
"""
PYOGRIO = """
import pyogrio, shapely, sys
bbox = tuple(map(float, sys.argv[2].split(","))) if sys.argv[2] else None
meta, rows = pyogrio.read_arrow(sys.argv[1], bbox=bbox)
print(rows.num_rows, round(float(shapely.area(shapely.from_wkb(rows[meta["geometry_name"] or "wkb_geometry"])).sum()), 9))
"""


def main():
    make()
    for title, sql, window in [("all", WHOLE, ""), ("a window", PART, ",".join(map(str, WINDOW)))]:
        compare(f"{title} of {os.path.getsize(PATH) / 1e6:.0f} MB of FlatGeobuf", [
            ("godwit", [binary(), "sql", "--format", "csv", "-c", sql]),
            ("duckdb ST_Read", python(READ_DUCKDB, PATH, window)),
            ("pyogrio read_arrow", python(PYOGRIO, PATH, window)),
        ])


if __name__ == "__main__":
    main()
