"""Random and adversarial geometries through Godwit, shapely and, where there is one, PostGIS.

usage: GODWIT_BINARY=... python tests/parity/parity.py [--pairs N] [--seed N] [--postgis DSN] [WORD ...]

Small integer grids give shared vertices, shared edges and touching rings at every turn; other draws
are far from the origin, tiny, or rotated. Prints differences with both inputs, and a table of counts
a function: differences, those of them with a collection, and for predicates how many of the others
rational arithmetic (exact.py) decides for Godwit and for the peer. "prepared" functions have their
first geometry as a literal. Needs the packages of benches/peers/requirements.txt (and psycopg2 for
PostGIS).
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
from exact import is_collection, relate as exact_relate  # noqa: E402

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
    return own == other or abs(own - other) <= 1e-9 * max(1.0, abs(other))


def same(own, other):
    return own == other


PREDICATES = [("Intersects", shapely.intersects), ("Contains", shapely.contains), ("Within", shapely.within), ("Covers", shapely.covers), ("CoveredBy", shapely.covered_by), ("Touches", shapely.touches), ("Crosses", shapely.crosses), ("Overlaps", shapely.overlaps), ("Disjoint", shapely.disjoint), ("Equals", shapely.equals), ("ContainsProperly", shapely.contains_properly)]

# Which matrices each predicate means; those that depend on dimensions follow below.
PATTERNS = {
    "Intersects": ["T********", "*T*******", "***T*****", "****T****"],
    "Contains": ["T*****FF*"],
    "Within": ["T*F**F***"],
    "Covers": ["T*****FF*", "*T****FF*", "***T**FF*", "****T*FF*"],
    "CoveredBy": ["T*F**F***", "*TF**F***", "**FT*F***", "**F*TF***"],
    "Touches": ["FT*******", "F**T*****", "F***T****"],
    "Disjoint": ["FF*FF****"],
    "Equals": ["T*F**FFF*"],
    "ContainsProperly": ["T**FF*FF*"],
}


def exact_answer(name, left, right):
    """Returns what rational arithmetic says, or nothing where it does not judge."""
    name = name.split("_")[-1]
    if is_collection(left) or is_collection(right) or left.is_empty or right.is_empty:
        return None
    matrix = exact_relate(left, right)
    if name == "Relate":
        return matrix
    patterns = PATTERNS.get(name)
    first, second = (shapely.get_dimensions(g) for g in (left, right))
    if name == "Crosses":
        patterns = ["T*T******"] if first < second else ["T*****T**"] if first > second else ["0********"] if first == 1 else []
    if name == "Overlaps":
        patterns = [] if first != second else ["1*T***T**"] if first == 1 else ["T*T***T**"]
    if patterns is None:
        return None
    return any(all(want == "*" or (want == "F") == (cell == "F") and want in ("T", "F", cell) for want, cell in zip(pattern, matrix)) for pattern in patterns)


# name, SQL over a and b, shapely's twin (nothing when there is none), how to compare
FUNCTIONS = [
    *[(f"ST_{name}", f"ST_{name}(a, b)", twin, same) for name, twin in [*PREDICATES, ("Relate", shapely.relate)]],
    ("ST_DWithin", "ST_DWithin(a, b, 2)", lambda a, b: shapely.dwithin(a, b, 2), same),
    ("ST_DFullyWithin", "ST_DFullyWithin(a, b, 4)", None, same),
    ("ST_OrderingEquals", "ST_OrderingEquals(a, b)", None, same),
    *[(f"ST_{name}", f"ST_{name}(a, b)", twin, same_number) for name, twin in [("Distance", shapely.distance), ("MaxDistance", None), ("HausdorffDistance", shapely.hausdorff_distance), ("FrechetDistance", None)]],
    ("ST_ShortestLine", "ST_Length(ST_ShortestLine(a, b))", None, same_number),
    ("ST_LongestLine", "ST_Length(ST_LongestLine(a, b))", None, same_number),
    ("ST_ClosestPoint", "ST_Distance(ST_ClosestPoint(a, b), b)", None, same_number),
    *[(f"ST_{name}", f"ST_{name}(a)", twin and (lambda a, _, twin=twin: twin(a)), same_number) for name, twin in [("Area", shapely.area), ("Length", None), ("Perimeter", None), ("MinimumClearance", None), ("NPoints", shapely.get_num_coordinates), ("XMin", None), ("YMax", None)]],
    *[(f"ST_{name}", f"ST_{name}(a)", twin and (lambda a, _, twin=twin: twin(a)), same) for name, twin in [("IsValid", shapely.is_valid), ("IsSimple", shapely.is_simple), ("Dimension", None)]],
    *[(f"ST_{name}", f"ST_AsBinary(ST_{name}(a, b))", twin, same_geometry) for name, twin in [("Intersection", shapely.intersection), ("Union", shapely.union), ("Difference", shapely.difference), ("SymDifference", shapely.symmetric_difference)]],
    ("ST_Snap", "ST_AsBinary(ST_Snap(a, b, 0.5))", lambda a, b: shapely.snap(a, b, 0.5), same_geometry),
    *[(f"ST_{name}", f"ST_AsBinary(ST_{name}(a))", twin and (lambda a, _, twin=twin: twin(a)), same_geometry) for name, twin in [("Envelope", shapely.envelope), ("ConvexHull", shapely.convex_hull), ("Boundary", shapely.boundary), ("Centroid", shapely.centroid), ("MakeValid", shapely.make_valid), ("Normalize", shapely.normalize), ("LineMerge", shapely.line_merge), ("UnaryUnion", shapely.union_all), ("Node", shapely.node), ("Reverse", shapely.reverse), ("BuildArea", shapely.build_area)]],
    ("ST_PointOnSurface", "ST_Distance(ST_PointOnSurface(a), a)", None, same_number),
    ("ST_Simplify", "ST_AsBinary(ST_Simplify(a, 0.7))", None, same_geometry),
    *[(f"ST_Buffer {distance}", f"ST_AsBinary(ST_Buffer(a, {distance}))", lambda a, _, distance=distance: shapely.buffer(a, distance, quad_segs=8), same_geometry) for distance in (1, -0.3)],
    ("ST_Buffer mitre", "ST_AsBinary(ST_Buffer(a, 1, 'join=mitre endcap=flat'))", lambda a, _: shapely.buffer(a, 1, quad_segs=8, join_style="mitre", cap_style="flat"), same_geometry),
]


def expected(twin, left, right):
    """Returns the twin's answer, or the error's class when it has none."""
    if twin is None:
        return LookupError
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


def answers(connection, path, sql, first, count):
    """Returns Godwit's answers of some rows; of rows that fail, the error's class."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"SELECT {sql} AS answer FROM '{path}' WHERE row >= {first} AND row < {first + count} ORDER BY row")
            return [row[0] for row in cursor.fetchall()]
        except Exception as error:
            if count == 1:
                return [type(error)]
    half = count // 2
    return answers(connection, path, sql, first, half) + answers(connection, path, sql, first + half, count - half)


class Tally:
    """Counts of one function against one peer."""

    def __init__(self, options):
        self.show, self.shown = options.show, 0
        self.counts = collections.Counter()

    def add(self, name, peer, compare, pair, answer, value):
        if isinstance(value, type):
            self.counts["peer refuses"] += value is not LookupError
            return
        self.counts["rows"] += 1
        if isinstance(answer, type):
            self.counts["refused"] += 1
        elif compare(answer, value):
            return
        else:
            self.counts["different"] += 1
        if any(map(is_collection, pair)):
            self.counts["collections"] += 1
        elif compare is same and not isinstance(answer, type):
            truth = exact_answer(name, *pair)
            if truth is not None:
                self.counts["right" if truth == answer else "wrong"] += 1
        if self.shown < self.show and not any(map(is_collection, pair)):
            self.shown += 1
            print(f"{name}: {peer} says {value}, Godwit {answer}\n  a {pair[0]}\n  b {pair[1]}")


def load(answer):
    return wkb.loads(answer) if isinstance(answer, bytes) else answer


def prepared(connection, path, pairs, options, tallies):
    """Compares predicates of literals with the second geometries of many pairs."""
    literals = [pair[0] for pair in pairs[: options.literals] if not is_collection(pair[0])]
    rows = pairs[:500]
    for name, twin in PREDICATES:
        if options.words and not any(word.lower() in f"prepared {name}".lower() for word in options.words):
            continue
        tally = tallies[f"prepared ST_{name}", "shapely"] = Tally(options)
        for literal in literals:
            sql = f"ST_{name}(ST_GeomFromWKB(decode('{literal.wkb_hex}', 'hex')), b)"
            for (_, right), answer in zip(rows, answers(connection, path, sql, 0, len(rows))):
                tally.add(f"prepared ST_{name}", "shapely", same, (literal, right), answer, expected(twin, literal, right))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="*")
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--literals", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgis")
    parser.add_argument("--show", type=int, default=3)
    options = parser.parse_args()
    draw = Draw(options.seed)
    pairs = [draw.pair() for _ in range(options.pairs)]
    chosen = [row for row in FUNCTIONS if not options.words or any(word.lower() in row[0].lower() for word in options.words)]
    tallies = {}
    with tempfile.TemporaryDirectory() as folder, Godwit(folder) as server, flightsql.connect(server.flight, autocommit=True) as connection:
        path = os.path.join(folder, "pairs.parquet")
        columns = {name: pyarrow.array([pair[side].wkb for pair in pairs], pyarrow.binary()) for side, name in enumerate("ab")}
        pyarrow.parquet.write_table(pyarrow.table({"row": range(len(pairs)), **columns}), path)
        other = postgis(options.postgis, pairs, chosen) if options.postgis else {}
        for name, sql, twin, compare in chosen:
            own = answers(connection, path, sql, 0, len(pairs))
            for peer in ("shapely", "PostGIS") if other else ("shapely",):
                tally = tallies[name, peer] = Tally(options)
                for index, (pair, answer) in enumerate(zip(pairs, own)):
                    value = expected(twin, *pair) if peer == "shapely" else other[name][index]
                    tally.add(name, peer, compare, pair, load(answer), value)
        prepared(connection, path, pairs, options, tallies)
    columns = ["rows", "peer refuses", "refused", "different", "collections", "right", "wrong"]
    print(f"{'':28s}{'peer':8s}" + "".join(f"{column:>14s}" for column in columns))
    for (name, peer), tally in tallies.items():
        if tally.counts["rows"]:
            print(f"{name:28s}{peer:8s}" + "".join(f"{tally.counts[column]:14d}" for column in columns))


if __name__ == "__main__":
    main()
