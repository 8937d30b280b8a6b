"""Random and adversarial geometries through Godwit, shapely and, where there is one, PostGIS.

usage: GODWIT_BINARY=... python tests/parity/parity.py [--pairs N] [--seed N] [--postgis DSN] [WORD ...]

Small integer grids give shared vertices, shared edges and touching rings at every turn; other draws
are far from the origin, tiny, or smooth. Prints each difference with both inputs, and a table of
counts a function. Needs the packages of benches/peers/requirements.txt (and psycopg2 for PostGIS).
"""

import argparse
import collections
import math
import os
import random
import sys
import tempfile

import adbc_driver_flightsql.dbapi as flightsql
import pyarrow
import pyarrow.parquet
import shapely
from shapely import wkb

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../benches/peers"))
from bench import Godwit  # noqa: E402

EMPTY = ["POINT EMPTY", "LINESTRING EMPTY", "POLYGON EMPTY", "MULTIPOINT EMPTY", "MULTIPOLYGON EMPTY", "GEOMETRYCOLLECTION EMPTY"]


class Draw:
    """Draws geometries; valid ones, because the answer on others is not defined."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def number(self):
        return self.random.randint(0, 6)

    def point(self):
        return shapely.Point(self.number(), self.number())

    def line(self):
        while True:
            line = shapely.LineString([(self.number(), self.number()) for _ in range(self.random.randint(2, 5))])
            if line.length > 0:
                return line

    def polygon(self):
        for _ in range(100):
            corners = [(self.number(), self.number()) for _ in range(self.random.randint(3, 6))]
            shell = shapely.Polygon(corners)
            if shell.is_valid and shell.area > 0:
                if self.random.random() < 0.3:
                    hole = shapely.Polygon([(self.number(), self.number()) for _ in range(3)])
                    cut = shell.difference(hole) if hole.is_valid else shell
                    if cut.geom_type == "Polygon" and cut.area > 0:
                        return cut
                return shell
        return shapely.box(0, 0, 2, 3)

    def areas(self):
        return shapely.union_all([self.polygon() for _ in range(self.random.randint(1, 3))])

    def geometry(self):
        kind = self.random.randint(0, 9)
        if kind == 0:
            return shapely.from_wkt(self.random.choice(EMPTY))
        if kind <= 2:
            return self.point()
        if kind <= 4:
            return self.line()
        if kind <= 6:
            return self.polygon()
        if kind == 7:
            return self.areas()
        if kind == 8:
            parts = [self.random.choice([self.point, self.line])() for _ in range(self.random.randint(1, 3))]
            return shapely.MultiPoint([p for p in parts if p.geom_type == "Point"]) if parts[0].geom_type == "Point" else shapely.MultiLineString([p for p in parts if p.geom_type == "LineString"])
        return shapely.GeometryCollection([self.random.choice([self.point, self.line, self.polygon])() for _ in range(self.random.randint(1, 3))])

    def pair(self):
        left, right = self.geometry(), self.geometry()
        change = self.random.randint(0, 9)
        if change == 0:
            right = left
        if change <= 2:
            return left, right
        if change == 3:
            return tuple(shapely.transform(g, lambda c: c * 0.1 + 500_000.3) for g in (left, right))
        if change == 4:
            return tuple(shapely.transform(g, lambda c: c * 1e-7) for g in (left, right))
        if change == 5:
            angle = self.random.random()
            turn = [[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]]
            return tuple(shapely.transform(g, lambda c: c @ turn) for g in (left, right))
        return left, right


def same_geometry(own, other):
    if own is None or other is None:
        return own is other
    if own.is_empty or other.is_empty:
        return own.is_empty and other.is_empty
    if shapely.equals_exact(shapely.normalize(own), shapely.normalize(other), 1e-9):
        return True
    size = max(abs(value) for value in [*own.bounds, *other.bounds]) or 1.0
    try:
        if own.equals(other):
            return True
    except shapely.errors.GEOSException:
        pass
    return shapely.hausdorff_distance(own, other, densify=0.3) <= 1e-7 * size and abs(own.area - other.area) <= 1e-7 * size * max(own.length, 1.0)


def same_number(own, other):
    if own is None or other is None or math.isnan(other):
        return own is None and (other is None or math.isnan(other))
    return abs(own - other) <= 1e-9 * max(1.0, abs(other))


def same(own, other):
    return own == other


# name, SQL over a and b, shapely's twin, how to compare
FUNCTIONS = [
    *[(f"ST_{name}", f"ST_{name}(a, b)", twin, same) for name, twin in [("Intersects", shapely.intersects), ("Contains", shapely.contains), ("Within", shapely.within), ("Covers", shapely.covers), ("CoveredBy", shapely.covered_by), ("Touches", shapely.touches), ("Crosses", shapely.crosses), ("Overlaps", shapely.overlaps), ("Disjoint", shapely.disjoint), ("Equals", shapely.equals), ("ContainsProperly", shapely.contains_properly), ("Relate", shapely.relate)]],
    ("ST_DWithin", "ST_DWithin(a, b, 2)", lambda a, b: shapely.dwithin(a, b, 2), same),
    ("ST_Distance", "ST_Distance(a, b)", shapely.distance, same_number),
    ("ST_HausdorffDistance", "ST_HausdorffDistance(a, b)", shapely.hausdorff_distance, same_number),
    ("ST_Area", "ST_Area(a)", lambda a, _: shapely.area(a), same_number),
    ("ST_IsValid", "ST_IsValid(a)", lambda a, _: shapely.is_valid(a), same),
    ("ST_IsSimple", "ST_IsSimple(a)", lambda a, _: shapely.is_simple(a), same),
    *[(f"ST_{name}", f"ST_AsBinary(ST_{name}(a, b))", twin, same_geometry) for name, twin in [("Intersection", shapely.intersection), ("Union", shapely.union), ("Difference", shapely.difference), ("SymDifference", shapely.symmetric_difference)]],
    *[(f"ST_{name}", f"ST_AsBinary(ST_{name}(a))", lambda a, _, twin=twin: twin(a), same_geometry) for name, twin in [("ConvexHull", shapely.convex_hull), ("Boundary", shapely.boundary), ("Centroid", shapely.centroid), ("MakeValid", shapely.make_valid), ("Normalize", shapely.normalize), ("LineMerge", shapely.line_merge), ("UnaryUnion", shapely.union_all)]],
    ("ST_Buffer", "ST_AsBinary(ST_Buffer(a, 1))", lambda a, _: shapely.buffer(a, 1, quad_segs=8), same_geometry),
]


def expected(twin, left, right):
    """Returns the twin's answer, or the error's class when it has none."""
    try:
        return twin(left, right)
    except Exception as error:  # GEOS refuses some collections
        return type(error)


def postgis(dsn, pairs, chosen):
    """Returns PostGIS's answers by function."""
    import psycopg2

    connection = psycopg2.connect(dsn)
    connection.autocommit = True
    answers = {}
    for name, sql, *_ in chosen:
        column = []
        with connection.cursor() as cursor:
            for left, right in pairs:
                try:
                    cursor.execute(f"WITH t AS (SELECT '{left.wkb_hex}'::geometry AS a, '{right.wkb_hex}'::geometry AS b) SELECT {sql} FROM t")
                    value = cursor.fetchone()[0]
                    column.append(wkb.loads(bytes(value)) if isinstance(value, memoryview) else value)
                except psycopg2.Error as error:
                    column.append(type(error))
        answers[name] = column
    return answers


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="*")
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgis")
    parser.add_argument("--show", type=int, default=3)
    options = parser.parse_args()
    draw = Draw(options.seed)
    pairs = [draw.pair() for _ in range(options.pairs)]
    chosen = [row for row in FUNCTIONS if not options.words or any(word.lower() in row[0].lower() for word in options.words)]
    counts = collections.Counter()
    with tempfile.TemporaryDirectory() as folder, Godwit(folder) as server, flightsql.connect(server.flight, autocommit=True) as connection:
        path = os.path.join(folder, "pairs.parquet")
        columns = {name: pyarrow.array([pair[side].wkb for pair in pairs], pyarrow.binary()) for side, name in enumerate("ab")}
        pyarrow.parquet.write_table(pyarrow.table({"row": range(len(pairs)), **columns}), path)
        other = postgis(options.postgis, pairs, chosen) if options.postgis else {}
        for name, sql, twin, compare in chosen:
            with connection.cursor() as cursor:
                try:
                    cursor.execute(f"SELECT {sql} AS answer FROM '{path}' ORDER BY row")
                    answers = [row[0] for row in cursor.fetchall()]
                except Exception as error:
                    print(f"{name}: {error}")
                    continue
            shown = 0
            for (left, right), answer in zip(pairs, answers):
                if isinstance(answer, bytes):
                    answer = wkb.loads(answer)
                for peer, value in [("shapely", expected(twin, left, right)), *([("postgis", other[name][counts[name, "rows"]])] if name in other else [])]:
                    if isinstance(value, type):
                        counts[name, peer, "refused"] += 1
                    elif not compare(answer, value):
                        counts[name, peer, "different"] += 1
                        if shown < options.show:
                            shown += 1
                            print(f"{name}: {peer} says {value}, Godwit {answer}\n  a {left}\n  b {right}")
                counts[name, "rows"] += 1
    print(f"{'':24s}{'pairs':>8s}{'shapely differs':>17s}{'refused':>9s}{'PostGIS differs':>17s}{'refused':>9s}")
    for name, *_ in chosen:
        figures = [counts[name, peer, what] for peer in ("shapely", "postgis") for what in ("different", "refused")]
        print(f"{name:24s}{counts[name, 'rows']:8d}{figures[0]:17d}{figures[1]:9d}{figures[2]:17d}{figures[3]:9d}")


if __name__ == "__main__":
    main()
