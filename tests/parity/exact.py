"""The DE-9IM matrix of two geometries in rational arithmetic: slow, and right to the last digit.

It settles who is right when Godwit and another engine differ. Collections are not taken.
"""

from fractions import Fraction

import shapely

# Less than two positions of a drawing in doubles are apart.
STEP = Fraction(1, 10**80)
INTERIOR, BOUNDARY, EXTERIOR = range(3)


def exactly(coords):
    return [(Fraction(float(x)), Fraction(float(y))) for x, y, *_ in coords]


def turn(a, b, c):
    value = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (value > 0) - (value < 0)


def is_on(p, segment):
    a, b = segment
    return turn(a, b, p) == 0 and min(a[0], b[0]) <= p[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= p[1] <= max(a[1], b[1])


class Exact:
    """A point, line or polygon, or several, in fractions."""

    def __init__(self, geometry):
        self.points, self.lines, self.polygons = [], [], []
        for part in getattr(geometry, "geoms", [geometry]):
            if part.is_empty:
                continue
            if part.geom_type == "Point":
                self.points += exactly(part.coords)
            elif part.geom_type == "LineString":
                self.lines.append(exactly(part.coords))
            else:
                self.polygons.append([exactly(ring.coords) for ring in [part.exterior, *part.interiors]])
        ends = [end for line in self.lines for end in (line[0], line[-1])]
        self.ends = {end for end in ends if ends.count(end) % 2}
        self.dimension = 2 if self.polygons else 1 if self.lines else 0

    def paths(self):
        return [*self.lines, *(ring for polygon in self.polygons for ring in polygon)]

    def segments(self):
        return [(a, b) for path in self.paths() for a, b in zip(path, path[1:]) if a != b]

    def locate(self, p):
        for polygon in self.polygons:
            if any(is_on(p, edge) for ring in polygon for edge in zip(ring, ring[1:])):
                return BOUNDARY
            if sum(is_left(p, edge) for ring in polygon for edge in zip(ring, ring[1:])) % 2:
                return INTERIOR
        if p in self.ends:
            return BOUNDARY
        if p in self.points or any(is_on(p, edge) for line in self.lines for edge in zip(line, line[1:])):
            return INTERIOR
        return EXTERIOR


def is_left(p, edge):
    (x0, y0), (x1, y1) = edge
    return (y0 > p[1]) != (y1 > p[1]) and p[0] < x0 + (x1 - x0) * (p[1] - y0) / (y1 - y0)


def crossing(one, other):
    (a, b), (c, d) = one, other
    ends = [p for p in (c, d) if is_on(p, one)] + [p for p in (a, b) if is_on(p, other)]
    if ends or turn(a, b, c) == turn(a, b, d) or turn(c, d, a) == turn(c, d, b):
        return ends
    u, v = (b[0] - a[0], b[1] - a[1]), (d[0] - c[0], d[1] - c[1])
    t = ((c[0] - a[0]) * v[1] - (c[1] - a[1]) * v[0]) / (u[0] * v[1] - u[1] * v[0])
    return [(a[0] + t * u[0], a[1] + t * u[1])]


def relate(left, right):
    """Returns the matrix as text."""
    a, b = Exact(left), Exact(right)
    cells = [-1] * 8 + [2]

    def see(p, dimension):
        cell = a.locate(p) * 3 + b.locate(p)
        cells[cell] = max(cells[cell], dimension)

    segments = a.segments() + b.segments()
    for p in [*a.points, *b.points, *(p for path in a.paths() + b.paths() for p in path)]:
        see(p, 0)
    for segment in segments:
        cuts = {segment[0], segment[1], *(p for other in segments for p in crossing(segment, other)), *(p for p in a.points + b.points if is_on(p, segment))}
        cuts = sorted(cuts)
        for p in cuts:
            see(p, 0)
        for p, q in zip(cuts, cuts[1:]):
            middle = ((p[0] + q[0]) / 2, (p[1] + q[1]) / 2)
            see(middle, 1)
            across = ((q[1] - p[1]) * STEP, (p[0] - q[0]) * STEP)
            for sign in (1, -1):
                see((middle[0] + sign * across[0], middle[1] + sign * across[1]), 2)
    return "".join("F012"[cell + 1] for cell in cells)


def is_collection(geometry):
    return geometry.geom_type == "GeometryCollection"


if __name__ == "__main__":
    square, line = shapely.box(0, 0, 2, 2), shapely.LineString([(1, 1), (3, 1)])
    assert relate(square, line) == shapely.relate(square, line)
