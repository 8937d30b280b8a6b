"""The twelve queries of SpatialBench for PyCanopy, which has a Python interface and no SQL.

Each function reads only the columns it needs and gives the rows and columns of the SQL query.
"""

import polars as pl
import pycanopy
import shapely
from pycanopy import SpatialFrame, wkb_points_to_xy

POINT = (-111.7610, 34.8697)
SQUARE = shapely.box(-111.9060, 34.7347, -111.6160, 35.0047)
REGION = (-112.2110, 34.4197, -111.3110, 35.3197)
DURATION = (pl.col("t_dropofftime") - pl.col("t_pickuptime")).dt.total_microseconds() / 1e6


class Tables:
    def __init__(self, folder):
        self.folder = folder

    def scan(self, table, *columns):
        return pl.scan_parquet(f"{self.folder}/{table}.parquet").select(columns)

    def read(self, *scans):
        return pl.collect_all(scans)

    def points(self):
        return SpatialFrame.scan_parquet(f"{self.folder}/trip.parquet", geometry_col="t_pickuploc", geometry_kind="point")


def with_xy(frame, column="t_pickuploc"):
    xs, ys = wkb_points_to_xy(frame[column])
    return frame.drop(column).with_columns(pl.Series("x", xs), pl.Series("y", ys))


def near_a_point(tables):
    found = tables.points().lazy().within_distance_of_point(*POINT, 0.45)
    found = found.select("t_tripkey", "_x", "_y", "t_pickuptime").collect()
    distance = ((pl.col("_x") - POINT[0]) ** 2 + (pl.col("_y") - POINT[1]) ** 2).sqrt()
    return found.with_columns(distance=distance).sort("distance", "t_tripkey")


def in_one_zone(tables):
    [names] = tables.read(tables.scan("zone", "z_name").with_row_index("row"))
    row = names.filter(pl.col("z_name") == "Coconino County")["row"][0]
    zone, trips = tables.read(tables.scan("zone", "z_boundary").slice(row, 1), tables.scan("trip", "t_pickuploc"))
    points = SpatialFrame.from_wkb_points(trips, "t_pickuploc")
    found = points.engine.points_within_distance_of_polygon(shapely.from_wkb(zone["z_boundary"][0]), 0.0)
    return pl.DataFrame({"trip_count": [len(found)]})


def near_a_square(tables):
    found = tables.points().lazy().points_within_distance_of_polygon(SQUARE, 0.045)
    found = found.select("t_pickuptime", "t_dropofftime", "t_distance", "t_fare").collect()
    by_month = found.group_by(pl.col("t_pickuptime").dt.truncate("1mo"))
    means = pl.col("t_distance").mean(), DURATION.mean().alias("duration"), pl.col("t_fare").mean()
    return by_month.agg(pl.len().alias("total"), *means).sort("t_pickuptime")


def zones_of_the_best_tips(tables):
    scan = pl.scan_parquet(f"{tables.folder}/trip.parquet")
    best = scan.select("t_tripkey", "t_tip").top_k(1000, by=["t_tip", "t_tripkey"], reverse=[False, True])
    best, zones = tables.read(best.select("t_tripkey"), tables.scan("zone", "z_zonekey", "z_name", "z_boundary"))
    is_best = pl.col("t_tripkey").is_in(best["t_tripkey"].implode())
    trips = with_xy(scan.select("t_tripkey", "t_pickuploc").filter(is_best).collect())
    joined = SpatialFrame.from_wkb_polygons(zones, "z_boundary").lazy().within_join(trips, "x", "y")
    counted = joined.group_by(["z_zonekey", "z_name"]).agg(count=pycanopy.agg.count())
    return counted.sort(["count", "z_zonekey"], descending=[True, False])


def hulls_of_customers(tables):
    trips, customers = tables.read(
        tables.scan("trip", "t_custkey", "t_dropoffloc", "t_pickuptime"), tables.scan("customer", "c_custkey", "c_name")
    )
    trips = with_xy(trips.with_columns(pl.col("t_pickuptime").dt.truncate("1mo").alias("month")), "t_dropoffloc")
    groups = trips.group_by("t_custkey", "month").agg(pl.col("x"), pl.col("y"), pl.len().alias("count"))
    groups = groups.filter(pl.col("count") > 5)
    areas = pycanopy.Engine.group_convex_hull_areas(groups["x"], groups["y"])
    groups = groups.with_columns(pl.Series("area", areas, dtype=pl.Float64))
    groups = groups.join(customers, left_on="t_custkey", right_on="c_custkey")
    columns = groups.select("t_custkey", "c_name", "month", "area", "count")
    return columns.sort(["count", "t_custkey"], descending=[True, False])


def zones_in_a_region(tables):
    columns = "t_pickuploc", "t_totalamount", "t_pickuptime", "t_dropofftime"
    zones, trips = tables.read(tables.scan("zone", "z_zonekey", "z_name", "z_boundary"), tables.scan("trip", *columns))
    # The boxes choose first; the zones that stick out of the region are few.
    zones = zones.filter(pl.Series(shapely.contains(shapely.box(*REGION), inside(zones, REGION))))
    trips = with_xy(trips.with_columns(DURATION.alias("duration"), pl.col("t_totalamount").cast(pl.Float64)))
    joined = SpatialFrame.from_wkb_polygons(zones, "z_boundary").lazy()
    joined = joined.within_join(trips.select("x", "y", "t_totalamount", "duration"), "x", "y")
    counted = joined.group_by(["z_zonekey", "z_name"]).agg(
        count=pycanopy.agg.count(), amount=pycanopy.agg.mean("t_totalamount"), duration=pycanopy.agg.mean("duration")
    )
    return counted.sort(["count", "z_zonekey"], descending=[True, False])


def inside(zones, region):
    """Returns the boundaries that an index finds in a region, and NULL for the others."""
    engine = pycanopy.Engine.from_wkb_polygons(zones["z_boundary"])
    boundaries = [None] * len(zones)
    for row in engine.range_query(*region):
        boundaries[row] = shapely.from_wkb(zones["z_boundary"][int(row)])
    return boundaries


def detours(tables):
    columns = "t_tripkey", "t_distance", "t_pickuploc", "t_dropoffloc"
    [trips] = tables.read(tables.scan("trip", *columns))
    line = pycanopy.wkb_point_distance(trips["t_pickuploc"], trips["t_dropoffloc"]) / 0.000009
    trips = trips.select("t_tripkey", "t_distance").with_columns(pl.Series("line", line))
    ratio = pl.when(pl.col("line") != 0).then(pl.col("t_distance").cast(pl.Float64) / pl.col("line"))
    trips = trips.with_columns(ratio.alias("ratio"))
    order = ["ratio", "t_distance", "t_tripkey"]
    return trips.sort(order, descending=[True, True, False], nulls_last=True)


def near_buildings(tables):
    buildings, trips = tables.read(
        tables.scan("building", "b_buildingkey", "b_name", "b_boundary"), tables.scan("trip", "t_pickuploc")
    )
    joined = SpatialFrame.from_wkb_polygons(buildings, "b_boundary").lazy()
    joined = joined.polygon_within_distance_join(with_xy(trips), "x", "y", distance=0.0045)
    counted = joined.group_by(["b_buildingkey", "b_name"]).agg(count=pycanopy.agg.count())
    return counted.sort(["count", "b_buildingkey"], descending=[True, False])


def overlaps(tables):
    [buildings] = tables.read(tables.scan("building", "b_buildingkey", "b_boundary"))
    pairs = SpatialFrame.from_wkb_polygons(buildings, "b_boundary").intersects_pairs("b_buildingkey")
    return pairs.sort(["iou", "b_buildingkey_1", "b_buildingkey_2"], descending=[True, False, False])


def all_zones(tables):
    columns = "t_pickuploc", "t_pickuptime", "t_dropofftime", "t_distance"
    zones, trips = tables.read(tables.scan("zone", "z_zonekey", "z_name", "z_boundary"), tables.scan("trip", *columns))
    trips = with_xy(trips.with_columns(DURATION.alias("duration"), pl.col("t_distance").cast(pl.Float64)))
    names = zones.select("z_zonekey", "z_name")
    joined = SpatialFrame.from_wkb_polygons(zones, "z_boundary").lazy()
    joined = joined.within_join(trips.select("x", "y", "t_distance", "duration"), "x", "y")
    counted = joined.group_by(["z_zonekey", "z_name"]).agg(
        duration=pycanopy.agg.mean("duration"), distance=pycanopy.agg.mean("t_distance"), count=pycanopy.agg.count()
    )
    result = names.join(counted, on=["z_zonekey", "z_name"], how="left").with_columns(pl.col("count").fill_null(0))
    # The others average decimals, and whole units of time.
    cut = [(pl.col(name) * unit + 1e-4).floor() / unit for name, unit in (("distance", 1e9), ("duration", 1e3))]
    result = result.with_columns(*cut)
    return result.sort(["duration", "z_zonekey"], descending=[True, False], nulls_last=True)


def across_zones(tables):
    zones, trips = tables.read(
        tables.scan("zone", "z_zonekey", "z_boundary"), tables.scan("trip", "t_tripkey", "t_pickuploc", "t_dropoffloc")
    )
    index, count = SpatialFrame.from_wkb_polygons(zones, "z_boundary"), 0
    del zones

    def zones_of(column):
        joined = index.lazy().within_join(with_xy(trips.select("t_tripkey", column), column), "x", "y")
        return joined.select(["t_tripkey", "z_zonekey"]).collect_batched()

    # The batches of both joins are of the same trips.
    for starts, ends in zip(zones_of("t_pickuploc"), zones_of("t_dropoffloc"), strict=True):
        both = starts.join(ends, on="t_tripkey")
        count += both.filter(pl.col("z_zonekey") != pl.col("z_zonekey_right")).height
    return pl.DataFrame({"count": [count]})


def nearest_buildings(tables):
    buildings, trips = tables.read(
        tables.scan("building", "b_buildingkey", "b_name", "b_boundary"), tables.scan("trip", "t_tripkey", "t_pickuploc")
    )
    xs, ys = wkb_points_to_xy(trips["t_pickuploc"])
    trips = trips.with_columns(pl.Series("x", xs), pl.Series("y", ys))
    joined = SpatialFrame.from_wkb_polygons(buildings, "b_boundary").lazy()
    joined = joined.polygon_knn_join(trips, "x", "y", k=5, sorted_output=True)
    return joined.select(["t_tripkey", "t_pickuploc", "b_buildingkey", "b_name", "distance_to_polygon"]).collect()


QUERIES = {
    1: near_a_point,
    2: in_one_zone,
    3: near_a_square,
    4: zones_of_the_best_tips,
    5: hulls_of_customers,
    6: zones_in_a_region,
    7: detours,
    8: near_buildings,
    9: overlaps,
    10: all_zones,
    11: across_zones,
    12: nearest_buildings,
}
