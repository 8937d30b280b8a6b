"""The sixty most used functions, nanoseconds a row: Godwit, SedonaDB, DuckDB spatial, shapely.

usage: functions.py [--sets NAME,NAME] [WORD ...]  (only functions with one of the words in their names)

Each function runs over a million points, 200,000 polygons of 20 vertices and 20,000 polygons of 1,000
vertices, where it makes sense, all of them in memory; what would take seconds runs over the first of
them only, in all engines. SQL engines use two cores and answer `count` of the results, Godwit's
functions in the query engine by `udfs/examples/time_functions.rs`; shapely works on its own arrays,
which are geometries read beforehand, in one thread. The median of five runs, of more when they are
quick and of three when they are slow, after one to warm up; an engine that does not have a function,
or refuses it, has a dash.

A row takes what all rows take longer than one row does, divided by the others: what a query costs once
is in no figure of a SQL engine, and shapely has no queries. The last lines also count with it.

A function is won when Godwit is first on every set. Where shapely returns what its objects know
already, such as the box of a polygon of 1,000 vertices, nobody who reads WKB can be first.
"""

import glob
import os
import statistics
import subprocess
import sys
import time

import duckdb
import duckdb_extension_spatial
import numpy
import pyarrow
import pyarrow.ipc
import sedonadb
import shapely

from bench import binary, folder

# Rows, rows when a function is slow, vertices.
SETS = {"points": (1_000_000, 50_000, 1), "small": (200_000, 5_000, 20), "large": (20_000, 500, 1_000)}
# Seconds of a run that make a function slow, as judged by Godwit; of all runs together, at most and at
# least, and how many runs there are at most.
SLOW, LIMIT, ENOUGH, RUNS = 4.0, 20.0, 0.1, 100
# What a batch has at most, as the engines that work by batches are given it.
BATCH_ROWS, BATCH_BYTES = 8192, 4 << 20


def geometries(name):
    count, _, vertices = SETS[name]
    random = numpy.random.default_rng(7)
    x, y = random.uniform(0, 100, count), random.uniform(0, 100, count)
    if vertices == 1:
        return shapely.points(x, y)
    turn = numpy.sort(random.uniform(0, 2 * numpy.pi, (count, vertices)), axis=1)
    radius = random.uniform(0.5, 1.0, (count, vertices))
    corners = numpy.stack([x[:, None] + radius * numpy.cos(turn), y[:, None] + radius * numpy.sin(turn)], axis=2)
    return shapely.polygons(numpy.concatenate([corners, corners[:, :1]], axis=1))


CONSTANT = "POLYGON((20 20, 60 10, 80 50, 50 90, 10 60, 20 20))"
OTHER = shapely.from_wkt(CONSTANT)
K = f"ST_GeomFromText('{CONSTANT}')"
LINE = "ST_ExteriorRing(g)"
ALL, AREAL, POINT = ("points", "small", "large"), ("small", "large"), ("points",)


def ring(g):
    return shapely.get_exterior_ring(g)


# name, sets, SQL (a dictionary when engines differ), shapely's twin
FUNCTIONS = [
    ("ST_X", POINT, "ST_X(g)", shapely.get_x),
    ("ST_Y", POINT, "ST_Y(g)", shapely.get_y),
    ("ST_XMin", AREAL, "ST_XMin(g)", lambda g: shapely.bounds(g)[:, 0]),
    ("ST_YMax", AREAL, "ST_YMax(g)", lambda g: shapely.bounds(g)[:, 3]),
    ("ST_Area", AREAL, "ST_Area(g)", shapely.area),
    ("ST_Length", AREAL, f"ST_Length({LINE})", lambda g: shapely.length(ring(g))),
    ("ST_Perimeter", AREAL, "ST_Perimeter(g)", shapely.length),
    ("ST_NPoints", ALL, "ST_NPoints(g)", shapely.get_num_coordinates),
    ("ST_GeometryType", ALL, "ST_GeometryType(g)", shapely.get_type_id),
    ("ST_IsEmpty", ALL, "ST_IsEmpty(g)", shapely.is_empty),
    ("ST_IsClosed", AREAL, f"ST_IsClosed({LINE})", lambda g: shapely.is_closed(ring(g))),
    ("ST_Dimension", ALL, "ST_Dimension(g)", shapely.get_dimensions),
    ("ST_NumGeometries", AREAL, "ST_NumGeometries(g)", shapely.get_num_geometries),
    ("ST_GeometryN", AREAL, "ST_GeometryN(g, 1)", lambda g: shapely.get_geometry(g, 0)),
    ("ST_ExteriorRing", AREAL, "ST_ExteriorRing(g)", ring),
    ("ST_PointN", AREAL, f"ST_PointN({LINE}, 5)", lambda g: shapely.get_point(ring(g), 4)),
    ("ST_StartPoint", AREAL, f"ST_StartPoint({LINE})", lambda g: shapely.get_point(ring(g), 0)),
    ("ST_EndPoint", AREAL, f"ST_EndPoint({LINE})", lambda g: shapely.get_point(ring(g), -1)),
    ("ST_Envelope", ALL, "ST_Envelope(g)", shapely.envelope),
    ("ST_Centroid", ALL, "ST_Centroid(g)", shapely.centroid),
    ("ST_PointOnSurface", AREAL, "ST_PointOnSurface(g)", shapely.point_on_surface),
    ("ST_ConvexHull", AREAL, "ST_ConvexHull(g)", shapely.convex_hull),
    ("ST_Boundary", AREAL, "ST_Boundary(g)", shapely.boundary),
    ("ST_Buffer", ALL, "ST_Buffer(g, 0.5)", lambda g: shapely.buffer(g, 0.5, quad_segs=8)),
    ("ST_Simplify", AREAL, "ST_Simplify(g, 0.1)", lambda g: shapely.simplify(g, 0.1, preserve_topology=False)),
    ("ST_SimplifyPreserveTopology", AREAL, "ST_SimplifyPreserveTopology(g, 0.1)", lambda g: shapely.simplify(g, 0.1)),
    ("ST_Reverse", AREAL, "ST_Reverse(g)", shapely.reverse),
    ("ST_FlipCoordinates", ALL, "ST_FlipCoordinates(g)", lambda g: shapely.transform(g, lambda c: c[:, ::-1])),
    ("ST_Force2D", AREAL, {"": "ST_Force2D(g)"}, shapely.force_2d),
    ("ST_Multi", AREAL, "ST_Multi(g)", None),
    ("ST_Translate", ALL, {"": "ST_Translate(g, 1, 2)", "duckdb": "ST_Affine(g, 1, 0, 0, 1, 1, 2)"}, lambda g: shapely.transform(g, lambda c: c + [1, 2])),
    ("ST_SnapToGrid", AREAL, {"": "ST_SnapToGrid(g, 0.01)", "duckdb": "ST_ReducePrecision(g, 0.01)"}, lambda g: shapely.set_precision(g, 0.01, mode="pointwise")),
    ("ST_Segmentize", AREAL, "ST_Segmentize(g, 0.1)", lambda g: shapely.segmentize(g, 0.1)),
    ("ST_Normalize", AREAL, "ST_Normalize(g)", shapely.normalize),
    ("ST_MakeValid", AREAL, "ST_MakeValid(g)", shapely.make_valid),
    ("ST_IsValid", AREAL, "ST_IsValid(g)", shapely.is_valid),
    ("ST_IsSimple", AREAL, f"ST_IsSimple({LINE})", lambda g: shapely.is_simple(ring(g))),
    ("ST_AsText", ALL, "ST_AsText(g)", lambda g: shapely.to_wkt(g, rounding_precision=15, trim=True)),
    ("ST_AsBinary", ALL, {"": "ST_AsBinary(g)", "duckdb": "ST_AsWKB(g)"}, shapely.to_wkb),
    ("ST_AsGeoJSON", ALL, "ST_AsGeoJSON(g)", shapely.to_geojson),
    ("ST_GeomFromText", ALL, "ST_GeomFromText(t)", "text"),
    ("ST_Intersects", ALL, f"ST_Intersects(g, {K})", lambda g: shapely.intersects(g, OTHER)),
    ("ST_Contains", ALL, f"ST_Contains({K}, g)", lambda g: shapely.contains(OTHER, g)),
    ("ST_Within", ALL, f"ST_Within(g, {K})", lambda g: shapely.within(g, OTHER)),
    ("ST_Covers", ALL, f"ST_Covers({K}, g)", lambda g: shapely.covers(OTHER, g)),
    ("ST_CoveredBy", ALL, f"ST_CoveredBy(g, {K})", lambda g: shapely.covered_by(g, OTHER)),
    ("ST_Touches", ALL, f"ST_Touches(g, {K})", lambda g: shapely.touches(g, OTHER)),
    ("ST_Crosses", ALL, f"ST_Crosses(g, {K})", lambda g: shapely.crosses(g, OTHER)),
    ("ST_Overlaps", AREAL, f"ST_Overlaps(g, {K})", lambda g: shapely.overlaps(g, OTHER)),
    ("ST_Disjoint", ALL, f"ST_Disjoint(g, {K})", lambda g: shapely.disjoint(g, OTHER)),
    ("ST_Equals", ALL, f"ST_Equals(g, {K})", lambda g: shapely.equals(g, OTHER)),
    ("ST_DWithin", ALL, f"ST_DWithin(g, {K}, 5)", lambda g: shapely.dwithin(g, OTHER, 5)),
    ("ST_Distance", ALL, f"ST_Distance(g, {K})", lambda g: shapely.distance(g, OTHER)),
    ("ST_Azimuth", POINT, "ST_Azimuth(g, ST_Point(50, 50))", None),
    ("ST_ClosestPoint", ALL, f"ST_ClosestPoint(g, {K})", lambda g: shapely.get_point(shapely.shortest_line(g, OTHER), 0)),
    ("ST_Intersection", AREAL, f"ST_Intersection(g, {K})", lambda g: shapely.intersection(g, OTHER)),
    ("ST_Difference", AREAL, f"ST_Difference(g, {K})", lambda g: shapely.difference(g, OTHER)),
    ("ST_Union", AREAL, f"ST_Union(g, {K})", lambda g: shapely.union(g, OTHER)),
    ("ST_LineInterpolatePoint", AREAL, f"ST_LineInterpolatePoint({LINE}, 0.3)", lambda g: shapely.line_interpolate_point(ring(g), 0.3, normalized=True)),
    ("ST_LineLocatePoint", AREAL, f"ST_LineLocatePoint({LINE}, ST_Point(50, 50))", lambda g: shapely.line_locate_point(ring(g), shapely.Point(50, 50), normalized=True)),
]


def timed(call):
    """Returns the median seconds of five runs or more, of three or fewer when they are slow."""
    times = []
    for run in range(RUNS):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
        total = sum(times)
        if total > LIMIT or (run >= 3 and total > 1) or (run >= 5 and total > ENOUGH):
            break
    return statistics.median(times[1:] or times)


def batches(rows):
    """Returns the rows as a table of small batches."""
    each = max(1, min(BATCH_ROWS, BATCH_BYTES * rows.num_rows // rows["g"].nbytes))
    return pyarrow.Table.from_batches(rows.combine_chunks().to_batches(max_chunksize=each))


def engines(names):
    """Returns the geometries of each set, the process of Godwit, and for each engine a function that times a query."""
    tables = {name: geometries(name) for name in names}
    duck = duckdb.connect(config={"allow_unsigned_extensions": True, "threads": 2})
    [spatial] = glob.glob(os.path.join(os.path.dirname(duckdb_extension_spatial.__file__), "extensions/*/spatial.duckdb_extension"))
    duck.execute(f"LOAD '{spatial}'")
    duck.execute("SET enable_progress_bar = false")
    sedona = sedonadb.connect()
    files = []
    for name, values in list(tables.items()):
        tables["few_" + name] = values[: SETS[name][1]]
        tables["one_" + name] = values[:1]
    for name, values in tables.items():
        texts = pyarrow.array(shapely.to_wkt(values, rounding_precision=15))
        rows = batches(pyarrow.table({"g": pyarrow.array(shapely.to_wkb(values), pyarrow.binary()), "t": texts}))
        path = os.path.join(folder(), f"functions-{name}")
        with pyarrow.ipc.new_file(path + ".arrow", rows.schema) as file:
            file.write_table(rows)
        files.append(f"{name}={path}.arrow")
        duck.register("given", rows)
        duck.execute(f"CREATE TABLE {name} AS SELECT ST_GeomFromWKB(g) AS g, t FROM given")
        sedona.create_data_frame(rows).to_view("given", overwrite=True)
        sedona.sql("SELECT ST_GeomFromWKB(g) AS g, t FROM given").to_memtable().to_view(name)
    timer = os.path.join(os.path.dirname(binary()), "examples", "time_functions")
    process = subprocess.Popen([timer, *files], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def godwit(sql):
        process.stdin.write(sql + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if answer.startswith("-"):
            raise RuntimeError(answer)
        return float(answer)

    def with_sedona(sql):
        return timed(lambda: sedona.sql(sql).to_arrow_table())

    def with_duckdb(sql):
        return timed(lambda: duck.execute(sql).fetchall())

    return tables, process, {"godwit": godwit, "sedonadb": with_sedona, "duckdb": with_duckdb}


def seconds(call):
    """Returns the time of a call, or nothing when it fails."""
    try:
        return call()
    except BaseException as error:  # an engine's panic is no Exception
        if isinstance(error, KeyboardInterrupt):
            raise
        return None


def measure(tables, runs, which, sql, twin):
    """Returns the nanoseconds a row of every engine for a function over a set, and the same with what a query
    costs once."""
    rows = len(tables[which])
    one = "one_" + which.removeprefix("few_")
    figures, whole = {}, {}
    for engine, run in runs.items():
        text = sql if isinstance(sql, str) else sql.get(engine, sql[""])
        times = [seconds(lambda: run(f"SELECT count({text}) FROM {table}")) for table in (which, one)]
        if None not in times:
            whole[engine] = times[0] / rows * 1e9
            figures[engine] = max(times[0] - times[1], 0.0) / (rows - 1) * 1e9
    given, call = tables[which], twin
    if twin == "text":
        given, call = shapely.to_wkt(given, rounding_precision=15), shapely.from_wkt
    if twin:
        taken = seconds(lambda: timed(lambda: call(given)))
        if taken is not None:
            figures["shapely"] = whole["shapely"] = taken / rows * 1e9
    return figures, whole


def best_peer(figures, names):
    """Returns how many times as long the best of some peers takes: infinite when none has the function."""
    if "godwit" not in figures:
        return 0.0
    best = min((figures[name] for name in names if name in figures), default=float("inf"))
    return best / max(figures["godwit"], 1e-3)


def is_slow(tables, runs, which, sql):
    """Returns whether Godwit would need long for the whole set."""
    text = sql if isinstance(sql, str) else sql[""]
    few = tables["few_" + which]
    taken = seconds(lambda: runs["godwit"](f"SELECT count({text}) FROM few_{which}"))
    return taken is not None and taken / len(few) * len(tables[which]) > SLOW


def main():
    words = [word.lower() for word in sys.argv[1:]]
    names = list(SETS)
    if words[:1] == ["--sets"]:
        names, words = words[1].split(","), words[2:]
    tables, process, runs = engines(names)
    columns = ["godwit", "sedonadb", "duckdb", "shapely"]
    print(f"{'ns a row':42s}" + "".join(f"{name:>12s}" for name in columns) + "   first      best peer / godwit")
    cells = {}
    for name, sets, sql, twin in FUNCTIONS:
        if words and not any(word in name.lower() for word in words):
            continue
        for which in sets:
            if which not in names:
                continue
            table = "few_" + which if is_slow(tables, runs, which, sql) else which
            figures, whole = measure(tables, runs, table, sql, twin)
            peers = ("sedonadb", "duckdb", "shapely")
            ratio = best_peer(figures, peers)
            cells[name, which] = ratio, best_peer(figures, peers[:2]), best_peer(whole, peers)
            text = "".join(f"{figures[column]:12.1f}" if column in figures else f"{'-':>12s}" for column in columns)
            first = min(figures, key=figures.get)
            print(f"{name + ' ' + table:42s}{text}   {first:10s} {ratio:8.2f}", flush=True)
    process.kill()
    print("\nnot first on every set (best peer / godwit, and the same without shapely):")
    functions = dict.fromkeys(name for name, _ in cells)
    counts = []
    for index in (0, 1, 2):
        lost = {name: [which for (function, which), ratios in cells.items() if function == name and ratios[index] < 1] for name in functions}
        counts.append((sum(ratios[index] >= 1 for ratios in cells.values()), sum(not sets for sets in lost.values())))
        if index == 0:
            for name, sets in lost.items():
                if sets:
                    print(f"  {name}: " + ", ".join("{} {:.2f} ({:.2f})".format(which, *cells[name, which][:2]) for which in sets))
    groups = ("all", "the SQL engines", "all, with what a query costs once")
    for among, (first, won) in zip(groups, counts):
        print(f"among {among}: first on {first} of {len(cells)} sets, and on every set of {won} of {len(functions)} functions")


if __name__ == "__main__":
    main()
