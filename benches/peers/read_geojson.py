"""A 350 MB GeoJSON file, every value read: Godwit, pyogrio, DuckDB."""

import math
import os
import random

from bench import DUCKDB, binary, compare, folder, python

PATH = os.path.join(folder(), "buildings.geojson")
BYTES = 350 * 1024 * 1024


def make():
    if os.path.exists(PATH) and os.path.getsize(PATH) >= BYTES:
        return
    random.seed(1)
    with open(PATH, "w") as file:
        file.write('{"type":"FeatureCollection","features":[\n')
        number = 0
        while file.tell() < BYTES:
            x, y = random.uniform(-179, 179), random.uniform(-80, 80)
            corners = random.randint(4, 24)
            turns = [2 * math.pi * k / corners for k in range(corners)]
            ring = [[round(x + 0.001 * math.cos(t), 7), round(y + 0.001 * math.sin(t), 7)] for t in turns]
            ring.append(ring[0])
            kind = random.choice(["house", "garage", "school", "church"])
            height = "null" if number % 7 == 0 else f"{random.uniform(2, 80):.2f}"
            separator = ",\n" if number else ""
            file.write(
                f'{separator}{{"type":"Feature","properties":{{"id":{number},"kind":"{kind}","name":"Building {number}","height":{height},'
                f'"levels":{random.randint(1, 9)}}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}'.replace(", ", ",")
            )
            number += 1
        file.write("\n]}\n")


GODWIT = f"""SELECT count(*), sum(id), count(DISTINCT kind), max(name), sum(height), sum(levels),
round(sum(ST_Area(geometry)) * 1000, 6) FROM '{PATH}'"""
READ_DUCKDB = DUCKDB + """
print(c.execute(f"SELECT count(*), sum(id), count(DISTINCT kind), max(name), sum(height), sum(levels), round(sum(ST_Area(geom)) * 1000, 6) FROM ST_Read('{sys.argv[1]}')").fetchone())
"""
PYOGRIO = """
import pyogrio, sys
meta, t = pyogrio.read_arrow(sys.argv[1])
print(t.num_rows)
"""
PYOGRIO_FRAME = """
import pyogrio, sys
f = pyogrio.read_dataframe(sys.argv[1], use_arrow=True)
print(len(f), f.geometry.area.sum())
"""


def main():
    make()
    compare(f"read {os.path.getsize(PATH) / 1e6:.0f} MB of GeoJSON", [
        ("godwit", [binary(), "sql", "--format", "csv", "-c", GODWIT]),
        ("duckdb ST_Read", python(READ_DUCKDB, PATH)),
        ("pyogrio read_arrow", python(PYOGRIO, PATH)),
        ("pyogrio read_dataframe", python(PYOGRIO_FRAME, PATH)),
    ])


if __name__ == "__main__":
    main()
