"""Every EPSG code of a plane or of longitude and latitude, transformed by Godwit and by PROJ.

usage: GODWIT_BINARY=... python tests/parity/crs.py [--codes N] [--seed N] [--results FILE] [--write] [CODE ...]

25 positions spread over the area of use of each code go forward and back, from EPSG:4326 (with the
change of the datum) and from the longitude and latitude of the code's own datum (the projection
alone). PROJ chooses its operation as pyproj does without grids. --codes takes that many codes, at
least one of each projection method; without it, all. --write puts the tables into
docs/crs-accuracy.md; --results keeps what was measured in a file, and reads it when it is there.
Needs the packages of benches/peers/requirements.txt and pyproj.
"""

import argparse
import collections
import json
import math
import os
import random
import re
import statistics
import sys
import tempfile

import adbc_driver_flightsql.dbapi as flightsql
import pyproj
from pyproj.database import query_crs_info
from pyproj.enums import PJType

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
sys.path.insert(0, os.path.join(ROOT, "benches/peers"))
from bench import Godwit  # noqa: E402

PAGE = os.path.join(ROOT, "docs/crs-accuracy.md")
STEPS = [0.04, 0.27, 0.5, 0.73, 0.96]
# Codes that people ask for, in every selection.
FAMILIAR = [3857, 4326, 4269, 4267, 4258, 3395, 4087, 32633, 32733, 25832, 2154, 27700, 28992, 31370, 2056, 21781, 3035, 5070, 3005, 3031, 3413, 27582, 27562, 2180, 5514, 23700, 3067, 2193, 7856, 6933]
MILLIMETRE = 0.001


class Server:
    def __init__(self, connection):
        self.connection = connection

    def rows(self, source, target, positions):
        values = ", ".join(f"({index}, CAST({x!r} AS DOUBLE), CAST({y!r} AS DOUBLE))" for index, (x, y) in enumerate(positions))
        sql = f"SELECT ST_X(p), ST_Y(p) FROM (SELECT i, ST_Transform(ST_MakePoint(x, y), '{source}', '{target}') AS p FROM (VALUES {values}) AS t(i, x, y)) ORDER BY i"
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def transform(self, source, target, positions):
        """Returns positions, NaN where there is an error, and the first error."""
        try:
            return self.rows(source, target, positions), None
        except Exception as error:
            failure = str(error)
        if "lies outside" not in failure and "converge" not in failure and "out of range" not in failure:
            return None, failure
        moved = []
        for position in positions:
            try:
                moved += self.rows(source, target, [position])
            except Exception:
                moved.append((math.nan, math.nan))
        return moved, failure


def positions_of(area):
    west, south, east, north = area.bounds
    if east < west:
        east += 360
    positions = [(west + (east - west) * x, south + (north - south) * y) for x in STEPS for y in STEPS]
    return [((x + 180) % 360 - 180, y) for x, y in positions]


def metres(crs, expected, found):
    """Returns how far two positions of a system are apart."""
    dx, dy = (found[0] - expected[0], found[1] - expected[1])
    if crs.is_geographic:
        degree = crs.axis_info[0].unit_conversion_factor * crs.ellipsoid.semi_major_metre
        dx = (dx + 180) % 360 - 180
        return math.hypot(dx * degree * math.cos(math.radians(expected[1])), dy * degree)
    return math.hypot(dx, dy) * crs.axis_info[0].unit_conversion_factor


def compare(server, source, target, positions):
    """Returns the worst error forward and back in metres, positions refused, and why."""
    forward = pyproj.Transformer.from_crs(source, target, always_xy=True)
    names = [f"EPSG:{crs.to_epsg()}" for crs in (source, target)]
    expected = [forward.transform(*position) for position in positions]
    kept = [(position, there) for position, there in zip(positions, expected) if all(map(math.isfinite, there))]
    if not kept:
        return None, None, 0, "PROJ transforms no position"
    here, there = zip(*kept)
    own, failure = server.transform(*names, here)
    if own is None:
        return None, None, 0, failure
    worst = max((metres(target, *pair) for pair in zip(there, own) if not math.isnan(pair[1][0])), default=None)
    expected = [forward.transform(*position, direction="INVERSE") for position in there]
    back, other_failure = server.transform(*reversed(names), there)
    if back is None:
        return worst, None, 0, other_failure
    worst_back = max((metres(source, *pair) for pair in zip(expected, back) if not math.isnan(pair[1][0]) and all(map(math.isfinite, pair[0]))), default=None)
    refused = sum(math.isnan(x) for x, _ in own) + sum(math.isnan(x) for x, _ in back)
    return worst, worst_back, refused, failure or other_failure


def method(crs):
    operation = crs.coordinate_operation
    return operation.method_name if operation else "longitude and latitude"


def choose(infos, count, seed):
    """Returns as many codes, each method getting its share and at least one."""
    groups = collections.defaultdict(list)
    for info in infos:
        groups[method(pyproj.CRS.from_epsg(info.code))].append(int(info.code))
    draw = random.Random(seed)
    chosen = {code for code in FAMILIAR if any(int(info.code) == code for info in infos)}
    for codes in groups.values():
        draw.shuffle(codes)
    depth = 0
    while len(chosen) < count and any(depth < len(codes) for codes in groups.values()):
        for codes in groups.values():
            if depth < len(codes) and len(chosen) < count:
                chosen.add(codes[depth])
        depth += 1
    return sorted(chosen)


Result = collections.namedtuple("Result", "code name method datum plane_forward plane_back forward back refused error")


def measure(server, code):
    crs = pyproj.CRS.from_epsg(code)
    positions = positions_of(crs.area_of_use)
    base = crs.geodetic_crs if crs.is_projected else None
    plane = (None, None, 0, None)
    if base is not None and base.to_epsg():
        plane = compare(server, base, crs, positions)
    whole = compare(server, pyproj.CRS.from_epsg(4326), crs, positions)
    return Result(code, crs.name, method(crs), crs.datum.name if crs.datum else crs.geodetic_crs.name, *plane[:2], *whole[:2], max(plane[2], whole[2]), whole[3] or plane[3])


def worst(*errors):
    return max((error for error in errors if error is not None), default=None)


def plane_error(result):
    return worst(result.plane_forward, result.plane_back)


def whole_error(result):
    return worst(result.forward, result.back)


def shown(error):
    if error is None:
        return ""
    if error < 1e-6:
        return "< 0.000001"
    return f"{error:.6f}" if error < 0.1 else f"{error:.2f}"


def reason(result):
    """Returns the error without the codes and hints in it."""
    text = (result.error or "").split("\n")[0].replace("INVALID_ARGUMENT: [FlightSQL] ", "")
    text = re.sub(r" \([A-Za-z]+; .*", "", text)
    text = re.sub(r"(were unavailable): .*", r"\1", text)
    text = re.sub(r"EPSG:\d+", "EPSG:...", text)
    return re.sub(r"EPSG \d+", "EPSG ...", text)


def table(head, rows):
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def by_method(results):
    groups = collections.defaultdict(list)
    for result in results:
        groups[result.method].append(result)
    for method, group in sorted(groups.items(), key=lambda item: -len(item[1])):
        plane = [error for error in map(plane_error, group) if error is not None]
        whole = [error for error in map(whole_error, group) if error is not None]
        yield method, len(group), len(whole), shown(statistics.median(plane) if plane else None), shown(max(plane, default=None)), sum(error <= MILLIMETRE for error in whole), shown(max(whole, default=None))


def by_datum(results):
    groups = collections.defaultdict(list)
    for result in results:
        if (whole_error(result) or 0) > MILLIMETRE and (plane_error(result) or 0) <= MILLIMETRE:
            groups[result.datum].append(result)
    for datum, group in sorted(groups.items(), key=lambda item: -len(item[1])):
        errors = [whole_error(result) for result in group]
        yield datum, len(group), shown(statistics.median(errors)), shown(max(errors)), choices(max(group, key=whole_error).code), ", ".join(str(result.code) for result in group[:4]) + (", ..." if len(group) > 4 else "")


def choices(code):
    """Returns how many operations PROJ takes for the positions of a code, and whether one moves no datum."""
    crs = pyproj.CRS.from_epsg(code)
    forward = pyproj.Transformer.from_crs(4326, crs, always_xy=True)
    names = set()
    for position in positions_of(crs.area_of_use):
        forward.transform(*position)
        names.add(forward.get_last_used_operation().description)
    return f"{len(names)}, at times no shift" if any("Ballpark" in name for name in names) else str(len(names))


def by_reason(results):
    groups = collections.defaultdict(list)
    for result in results:
        if whole_error(result) is None:
            groups[reason(result)].append(result)
    for text, group in sorted(groups.items(), key=lambda item: -len(item[1])):
        yield f"`{text[:160]}`", len(group), ", ".join(str(result.code) for result in group[:12]) + (", ..." if len(group) > 12 else "")


def page(results, selection):
    supported = sum(whole_error(result) is not None for result in results)
    planes = [error for error in map(plane_error, results) if error is not None]
    off = [result for result in results if (plane_error(result) or 0) > MILLIMETRE]
    selected = [result for result in results if result.code in selection]
    return f"""# Accuracy of reference systems

`ST_Transform` against PROJ {pyproj.proj_version_str}, for all {len(results)} EPSG codes of planes and of longitude and latitude that are in force: 25 positions spread over the area of use of each, forward and back, the worst of them in metres. This page is written by

```
pip install -r benches/peers/requirements.txt pyproj
GODWIT_BINARY=target/release/godwit python tests/parity/crs.py --write
```

Two things are measured. *The projection alone* goes from the longitude and latitude of the code's own datum to its plane; {sum(error <= MILLIMETRE for error in planes)} of {len(planes)} planes are within a millimetre, half of them within {statistics.median(planes):.0e} m. *From EPSG:4326* adds the change of the datum. There both programs choose among the transformations that EPSG lists, of which a datum may have a dozen, with accuracies from decimetres to tens of metres: PROJ for each position by the areas they are made for, and where a position is in none of them it moves no datum at all; Godwit one for the two systems. Where none is registered that needs no grid, both take longitudes and latitudes over as they are. PROJ was run as it is installed with pyproj, without grids of datum shifts; Godwit has none either.

{supported} of the {len(results)} codes can be transformed from EPSG:4326.

## By projection method

{table(["method", "codes", "supported", "median, projection alone (m)", "worst, projection alone (m)", "within 1 mm from EPSG:4326", "worst from EPSG:4326 (m)"], by_method(results))}

## Projections that differ by more than a millimetre

{table(["code", "name", "method", "metres"], [(result.code, result.name, result.method, shown(plane_error(result))) for result in off])}

{REASONS}

## Datums on which the two choose differently

"Operations of PROJ" is how many it takes for the 25 positions of the worst code. Where it has "at times no shift", the worst figure is the size of the shift that PROJ leaves out. For MGI 1901 PROJ takes EPSG's operation for Kosovo in a part of the area, which is 1.6 km off all seven others, one of which Godwit takes.

{table(["datum", "codes", "median (m)", "worst (m)", "operations of PROJ", "such as"], by_datum(results))}

## Codes that are not supported

Each is refused with SQLSTATE 22023.

{table(["error", "codes", "which"], by_reason(results))}

## Two hundred codes

The same figures code by code, for {len(selected)} codes: familiar ones, and a share of each projection method.

{table(["code", "name", "method", "projection alone (m)", "from EPSG:4326 (m)"], [(result.code, result.name, result.method, shown(plane_error(result)), shown(whole_error(result)) or "not supported") for result in selected])}
"""


REASONS = """The grid 31300 turns its cone by 29.2985 seconds, which PROJ leaves out. The modified Krovak grids lack a part of the correcting polynomial; the inverse of Cassini-Soldner is a series that is short at the rim of the area; the codes on the meridians of Paris and Ferro that are listed here have a base in grads or without a twin that counts from Greenwich, and between that base and the plane the longitudes are not moved. From EPSG:4326 those are transformed with the twin, or refused when there is none."""


def measure_all(codes, is_listed):
    results = []
    with tempfile.TemporaryDirectory() as folder, Godwit(folder) as godwit, flightsql.connect(godwit.flight, autocommit=True) as connection:
        server = Server(connection)
        for code in codes:
            try:
                results.append(measure(server, code))
            except pyproj.exceptions.ProjError as error:
                print(code, "PROJ:", error)
                continue
            if is_listed:
                print(results[-1])
    return results


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("listed", nargs="*", type=int)
    parser.add_argument("--codes", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--results")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    infos = query_crs_info(auth_name="EPSG", pj_types=[PJType.PROJECTED_CRS, PJType.GEOGRAPHIC_2D_CRS])
    codes = options.listed or (choose(infos, options.codes, options.seed) if options.codes else sorted(int(info.code) for info in infos))
    if options.results and os.path.exists(options.results):
        with open(options.results) as file:
            results = [Result(*row) for row in json.load(file)]
    else:
        results = measure_all(codes, options.listed)
        if options.results:
            with open(options.results, "w") as file:
                json.dump(results, file)
    for row in by_method(results):
        print("{:45s}{:6d}{:6d}  {:>12s}{:>16s}{:6d}{:>12s}".format(*row))
    if options.write:
        with open(PAGE, "w") as file:
            file.write(page(results, set(choose(infos, 200, options.seed))))


if __name__ == "__main__":
    main()
