"""Random positions, cells and polygons through Godwit's H3 functions and the reference library.

usage: GODWIT_BINARY=... python tests/parity/h3.py [--rows N] [--polygons N] [--seed N] [--show N] [WORD ...]

A third of the positions are uniform on the sphere, the others close to pentagons, poles, the
antimeridian and the centres, edges and corners of cells. Prints a table of counts a function:
"explained" differences are positions on an edge of two cells, and areas and lengths that are those
of the library's own corners. Needs
the packages of benches/peers/requirements.txt and h3 (pip install h3), the binding of the C library.
"""

import argparse
import math
import os
import random
import sys
import tempfile

import adbc_driver_flightsql.dbapi as flightsql
import pyarrow
import pyarrow.parquet

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../benches/peers"))
# This file must not be taken for the library of the same name.
sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != os.path.dirname(os.path.abspath(__file__))]
import h3 as library  # noqa: E402
import h3.api.basic_int as h3  # noqa: E402
import shapely  # noqa: E402
from bench import Godwit  # noqa: E402

BATCH = 100_000
# Degrees: a tenth of a millimetre.
NEARNESS = 1e-9
# The arc sine of numbers near 1 keeps half of the digits.
POLAR, POLAR_NEARNESS = 89.5, 1e-6
EARTH_RADIUS_KM = 6371.007180918475


class Draw:
    """Rows of what the functions take."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.pentagons = [h3.cell_to_latlng(cell) for res in range(0, 16, 3) for cell in h3.get_pentagons(res)]

    def position(self):
        kind = self.random.randrange(9)
        if kind <= 2:
            return math.degrees(math.asin(self.random.uniform(-1, 1))), self.random.uniform(-180, 180)
        near = 10 ** self.random.uniform(-9, 1)
        dlat, dlng = self.random.uniform(-near, near), self.random.uniform(-near, near)
        if kind == 3:
            lat, lng = self.random.choice(self.pentagons)
        elif kind == 4:
            lat, lng = self.random.choice([90.0, -90.0]), self.random.uniform(-180, 180)
        elif kind == 5:
            lat, lng = self.random.uniform(-90, 90), self.random.choice([180.0, -180.0])
        else:
            cell = h3.latlng_to_cell(self.random.uniform(-89, 89), self.random.uniform(-180, 180), self.random.randrange(16))
            corners = h3.cell_to_boundary(cell)
            lat, lng = {6: lambda: h3.cell_to_latlng(cell), 7: lambda: corners[0], 8: lambda: [sum(pair) / 2 for pair in zip(corners[0], corners[1])]}[kind]()
            dlat, dlng = dlat * 1e-6, dlng * 1e-6
        return max(-90.0, min(90.0, lat + dlat)), max(-180.0, min(180.0, lng + dlng))

    def row(self):
        lat, lng = self.position()
        res = self.random.randrange(16)
        cell = h3.latlng_to_cell(lat, lng, res)
        far = self.random.choice([1, 1, 2, 3, 5, 9])
        other = cell
        for _ in range(far):
            other = self.random.choice(h3.grid_disk(other, 1))
        neighbour = self.random.choice([near for near in h3.grid_disk(cell, 1) if near != cell])
        edge = h3.cells_to_directed_edge(cell, neighbour)
        vertex = self.random.choice(h3.cell_to_vertexes(cell))
        return dict(lat=lat, lng=lng, res=res, cell=cell, other=other, neighbour=neighbour, edge=edge, vertex=vertex, k=self.random.randrange(3), up=self.random.randrange(res + 1), down=min(15, res + self.random.randrange(3)), i=self.random.randint(-9, 9), j=self.random.randint(-9, 9))

    def polygon(self):
        """Returns a polygon of a few cells at its resolution, at times with a hole."""
        res = self.random.randrange(1, 12)
        while True:
            lat, lng = math.degrees(math.asin(self.random.uniform(-0.98, 0.98))), self.random.uniform(-179, 179)
            size = h3.average_hexagon_edge_length(res, "km") / 111 * self.random.uniform(0.2, 9)
            stretch = size / math.cos(math.radians(lat))
            if abs(lat) + size > 88 or abs(lng) + stretch > 179 or stretch > 60:
                continue
            angles = sorted(self.random.uniform(0, math.tau) for _ in range(self.random.randint(3, 12)))
            radii = [self.random.uniform(0.2, 1) for _ in angles]
            corners = lambda part: [(lng + stretch * r * part * math.cos(a), lat + size * r * part * math.sin(a)) for a, r in zip(angles, radii)]
            polygon = shapely.Polygon(corners(1), [corners(0.5)] if self.random.random() < 0.3 else [])
            if polygon.is_valid and polygon.area > 0:
                return polygon, res


def close(own, other):
    return own is other if own is None or other is None else abs(own - other) <= 1e-7 * abs(other)


def degrees(own, other):
    """Compares positions, latitude first, by how far they are apart."""
    if own is None or other is None:
        return own is other
    turn = (own[1] - other[1] + 180) % 360 - 180
    apart = math.hypot(own[0] - other[0], turn * math.cos(math.radians(other[0])))
    return apart <= (POLAR_NEARNESS if abs(other[0]) > POLAR else NEARNESS)


def on_shared_edge(row, own, other):
    """Returns whether a position is so close to the edge of two cells that rounding decides."""
    if not h3.are_neighbor_cells(own, other):
        return False
    corners = h3.directed_edge_to_boundary(h3.cells_to_directed_edge(own, other))
    if row["res"] >= 6:
        # Vectors of corners this close lose the digits that are asked for; a plane is exact enough.
        scale = math.cos(math.radians(row["lat"]))
        local = [(((lng - row["lng"] + 180) % 360 - 180) * scale, lat - row["lat"]) for lat, lng in corners]
        return shapely.LineString(local).distance(shapely.Point(0, 0)) <= 10 * NEARNESS

    def vector(position):
        lat, lng = map(math.radians, position)
        return math.cos(lat) * math.cos(lng), math.cos(lat) * math.sin(lng), math.sin(lat)

    at = vector((row["lat"], row["lng"]))
    off = []
    for (x0, y0, z0), (x1, y1, z1) in zip(map(vector, corners), map(vector, corners[1:])):
        normal = (y0 * z1 - z0 * y1, z0 * x1 - x0 * z1, x0 * y1 - y0 * x1)
        off.append(abs(sum(map(float.__mul__, normal, at))) / math.hypot(*normal))
    return math.degrees(min(off)) <= NEARNESS


def is_area_of_corners(row, own, _):
    """Returns whether an area is that of the library's own corners, computed without cancellation."""
    (lat, lng), *others = [tuple(map(math.radians, corner)) for corner in h3.cell_to_boundary(row["cell"])]
    seen = []
    for y, x in others:
        turn, rise = x - lng, y - lat
        bulge = 2 * math.sin(turn / 2) ** 2
        seen.append((math.cos(y) * math.sin(turn), math.sin(rise) + math.sin(lat) * math.cos(y) * bulge, math.cos(rise) - math.cos(lat) * math.cos(y) * bulge))
    area = sum(2 * math.atan2(b[0] * c[1] - b[1] * c[0], 1 + b[2] + c[2] + sum(map(float.__mul__, b, c))) for b, c in zip(seen, seen[1:]))
    # Corners close to a pole are less certain than the area of small cells needs.
    return abs(own - abs(area) * EARTH_RADIUS_KM**2) <= (2e-2 if abs(row["lat"]) > POLAR else 1e-6) * own


def is_length_of_corners(row, own, _):
    """Returns whether a length is that between the library's own corners."""
    corners = h3.directed_edge_to_boundary(row["edge"])
    length = sum(h3.great_circle_distance(a, b) for a, b in zip(corners, corners[1:]))
    return abs(own - length) <= (2e-2 if abs(row["lat"]) > POLAR else 1e-6) * own


def ring(own, other):
    """Compares a line or polygon in WKB with corners, latitude first.

    Godwit cuts cells at the antimeridian; then the corners are among those of the parts.
    """
    if own is None or other is None:
        return own is other
    shape = shapely.from_wkb(own)
    corners = [(y, x) for x, y in shapely.get_coordinates(shape)]
    if shape.geom_type == "Polygon":
        corners.pop()
    if len(corners) == len(other) and all(degrees(a, b) for a, b in zip(corners, other)):
        return True
    is_cut = any(abs(lng) > 180 - 1e-6 or abs(lat) > 90 - 1e-6 for lat, lng in corners)
    return is_cut and all(any(degrees(a, b) for a in corners) for b in other)


def same(own, other):
    return own == other


def members(own, other):
    if own is None or other is None:
        return own is other
    return sorted(own) == sorted(other)


# name, SQL, the library's twin of a row, how to compare, what explains a difference
FUNCTIONS = [
    ("h3_latlng_to_cell", "h3_latlng_to_cell(lat, lng, res)", lambda r: h3.latlng_to_cell(r["lat"], r["lng"], r["res"]), same, on_shared_edge),
    ("h3_cell_to_latlng", "h3_cell_to_latlng(cell)", lambda r: h3.cell_to_latlng(r["cell"]), degrees),
    ("h3_cell_to_boundary", "h3_cell_to_boundary_wkb(cell)", lambda r: h3.cell_to_boundary(r["cell"]), ring),
    ("h3_get_resolution", "h3_get_resolution(cell)", lambda r: h3.get_resolution(r["cell"]), same),
    ("h3_get_base_cell_number", "h3_get_base_cell_number(cell)", lambda r: h3.get_base_cell_number(r["cell"]), same),
    ("h3_is_pentagon", "h3_is_pentagon(cell)", lambda r: h3.is_pentagon(r["cell"]), same),
    ("h3_is_valid_cell", "h3_is_valid_cell(cell + i)", lambda r: h3.is_valid_cell(r["cell"] + r["i"]), same),
    ("h3_is_valid_vertex", "h3_is_valid_vertex(vertex + i)", lambda r: h3.is_valid_vertex(r["vertex"] + r["i"]), same),
    ("h3_is_valid_directed_edge", "h3_is_valid_directed_edge(edge + i)", lambda r: h3.is_valid_directed_edge(r["edge"] + r["i"]), same),
    ("h3_get_icosahedron_faces", "h3_get_icosahedron_faces(cell)", lambda r: h3.get_icosahedron_faces(r["cell"]), members),
    ("h3_cell_area", "h3_cell_area(cell, 'km^2')", lambda r: h3.cell_area(r["cell"], "km^2"), close, is_area_of_corners),
    ("h3_cell_to_parent", "h3_cell_to_parent(cell, up)", lambda r: h3.cell_to_parent(r["cell"], r["up"]), same),
    ("h3_cell_to_center_child", "h3_cell_to_center_child(cell, down)", lambda r: h3.cell_to_center_child(r["cell"], r["down"]), same),
    ("h3_cell_to_children", "h3_cell_to_children(cell, down)", lambda r: h3.cell_to_children(r["cell"], r["down"]), members),
    ("h3_cell_to_child_pos", "h3_cell_to_child_pos(cell, up)", lambda r: h3.cell_to_child_pos(r["cell"], r["up"]), same),
    ("h3_child_pos_to_cell", "h3_child_pos_to_cell(CAST(5 AS BIGINT), cell, down)", lambda r: h3.child_pos_to_cell(r["cell"], r["down"], 5), same),
    ("h3_grid_disk", "h3_grid_disk(cell, k)", lambda r: h3.grid_disk(r["cell"], r["k"]), members),
    ("h3_grid_ring", "h3_grid_ring(cell, k)", lambda r: h3.grid_ring(r["cell"], r["k"]), members),
    ("h3_grid_distance", "h3_grid_distance(cell, other)", lambda r: h3.grid_distance(r["cell"], r["other"]), same),
    ("h3_grid_path_cells", "h3_grid_path_cells(cell, other)", lambda r: h3.grid_path_cells(r["cell"], r["other"]), same),
    ("h3_are_neighbor_cells", "h3_are_neighbor_cells(cell, other)", lambda r: h3.are_neighbor_cells(r["cell"], r["other"]), same),
    ("h3_cells_to_directed_edge", "h3_cells_to_directed_edge(cell, other)", lambda r: h3.cells_to_directed_edge(r["cell"], r["other"]), same),
    ("h3_origin_to_directed_edges", "h3_origin_to_directed_edges(cell)", lambda r: h3.origin_to_directed_edges(r["cell"]), members),
    ("h3_directed_edge_to_cells", "h3_directed_edge_to_cells(edge)", lambda r: h3.directed_edge_to_cells(r["edge"]), lambda own, other: own == list(other)),
    ("h3_directed_edge_to_boundary", "h3_directed_edge_to_boundary_wkb(edge)", lambda r: h3.directed_edge_to_boundary(r["edge"]), ring),
    ("h3_edge_length", "h3_edge_length(edge, 'km')", lambda r: h3.edge_length(r["edge"], "km"), close, is_length_of_corners),
    ("h3_cell_to_vertexes", "h3_cell_to_vertexes(cell)", lambda r: h3.cell_to_vertexes(r["cell"]), members),
    ("h3_vertex_to_latlng", "h3_vertex_to_latlng(vertex)", lambda r: h3.vertex_to_latlng(r["vertex"]), degrees),
    ("h3_cell_to_local_ij", "h3_cell_to_local_ij(cell, other)", lambda r: list(h3.cell_to_local_ij(r["cell"], r["other"])), same),
    ("h3_local_ij_to_cell", "h3_local_ij_to_cell(cell, i, j)", lambda r: h3.local_ij_to_cell(r["cell"], r["i"], r["j"]), same),
    ("h3_compact_cells", "h3_compact_cells(h3_cell_to_children(cell, down))", lambda r: h3.compact_cells(h3.cell_to_children(r["cell"], r["down"])), members),
    ("h3_uncompact_cells", "h3_uncompact_cells([cell, neighbour], down)", lambda r: h3.uncompact_cells([r["cell"], r["neighbour"]], r["down"]), members),
]

MODES = [("center", "center"), ("full", "full"), ("overlap", "overlap"), ("overlap_bbox", "bbox_overlap")]
POLYGONS = [
    ("h3_polygon_to_cells", "h3_polygon_to_cells(shape, res)", lambda shape, res: h3.geo_to_cells(shape, res)),
    *[(f"... {mode}", f"h3_polygon_to_cells_experimental(shape, res, '{mode}')", lambda shape, res, word=word: h3.h3shape_to_cells_experimental(library.geo_to_h3shape(shape), res, contain=word)) for mode, word in MODES],
]


def answer(twin, *arguments):
    try:
        return twin(*arguments)
    except (library.H3BaseException, ValueError):
        return None


def report(name, count, differences, explained, nulls, shown):
    print(f"{name:30s}{count:10d}{differences:12d}{explained:12d}{nulls:10d}", flush=True)
    for line in shown:
        print("    ", line)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="*")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--polygons", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=3)
    options = parser.parse_args()
    draw = Draw(options.seed)
    chosen = lambda table: [row for row in table if not options.words or any(word in row[0] for word in options.words)]
    print(f"h3 {library.versions()}\n{'':30s}{'rows':>10s}{'different':>12s}{'explained':>12s}{'null':>10s}")
    with tempfile.TemporaryDirectory() as folder, Godwit(folder) as server, flightsql.connect(server.flight, autocommit=True) as connection:
        path = os.path.join(folder, "rows.parquet")

        def answers(sql):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {sql} AS answer FROM '{path}' ORDER BY row")
                return [value for (value,) in cursor.fetchall()]

        totals = {}
        for start in range(0, options.rows, BATCH) if chosen(FUNCTIONS) else []:
            rows = [draw.row() for _ in range(min(BATCH, options.rows - start))]
            pyarrow.parquet.write_table(pyarrow.Table.from_pylist([dict(row, row=number) for number, row in enumerate(rows)]), path)
            for name, sql, twin, compare, *explain in chosen(FUNCTIONS):
                total = totals.setdefault(name, [0, 0, 0, 0, []])
                try:
                    own = answers(sql)
                except Exception as error:
                    total[4].append(str(error)[:200])
                    continue
                for row, value in zip(rows, own):
                    other = answer(twin, row)
                    total[0] += 1
                    total[3] += other is None
                    if compare(value, other):
                        continue
                    total[1] += 1
                    if explain and None not in (value, other) and explain[0](row, value, other):
                        total[2] += 1
                    elif len(total[4]) < options.show:
                        total[4].append(f"{row}: library {other}, Godwit {value}")
        for name, total in totals.items():
            report(name, *total)
        if not chosen(POLYGONS):
            return
        drawn = [draw.polygon() for _ in range(options.polygons)]
        pyarrow.parquet.write_table(pyarrow.table({"row": range(len(drawn)), "shape": pyarrow.array([shape.wkb for shape, _ in drawn], pyarrow.binary()), "res": [res for _, res in drawn]}), path)
        for name, sql, twin in chosen(POLYGONS):
            count = differences = cells = 0
            shown = []
            for (shape, res), value in zip(drawn, answers(sql)):
                other = set(twin(shape, res))
                count += 1
                cells += len(other)
                if set(value) != other:
                    differences += 1
                    if len(shown) < options.show:
                        shown.append(f"{shape} at {res}: library only {[hex(c) for c in other - set(value)]}, Godwit only {[hex(c) for c in set(value) - other]}")
            report(name, count, differences, 0, 0, shown)


if __name__ == "__main__":
    main()
