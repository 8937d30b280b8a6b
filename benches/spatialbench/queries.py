"""The twelve queries of SpatialBench, as each engine wants them."""

POINT = "ST_GeomFromText('POINT (-111.7610 34.8697)')"
SQUARE = "ST_GeomFromText('POLYGON((-111.9060 34.7347, -111.6160 34.7347, -111.6160 35.0047, -111.9060 35.0047, -111.9060 34.7347))')"
REGION = "ST_GeomFromText('POLYGON((-112.2110 34.4197, -111.3110 34.4197, -111.3110 35.3197, -112.2110 35.3197, -112.2110 34.4197))')"
PICKUP = "ST_GeomFromWKB(t.t_pickuploc)"
DROPOFF = "ST_GeomFromWKB(t.t_dropoffloc)"
ZONE = "ST_GeomFromWKB(z.z_boundary)"
BUILDING = "ST_GeomFromWKB(b.b_boundary)"

NEAREST = f"""
WITH trips AS (SELECT t_tripkey, t_pickuploc, {PICKUP} AS pickup FROM trip t),
     buildings AS (SELECT b_buildingkey, b_name, {BUILDING} AS boundary FROM building b)
SELECT t.t_tripkey, t.t_pickuploc, b.b_buildingkey, b.b_name AS building_name,
       ST_Distance(t.pickup, b.boundary) AS distance_to_building
FROM trips t JOIN buildings b ON ST_KNN(t.pickup, b.boundary, 5, FALSE)
ORDER BY distance_to_building, b.b_buildingkey
"""
NEAREST_LATERAL = f"""
SELECT t.t_tripkey, t.t_pickuploc, n.b_buildingkey, n.building_name, n.distance_to_building
FROM trip t CROSS JOIN LATERAL (
    SELECT b.b_buildingkey, b.b_name AS building_name, ST_Distance({PICKUP}, {BUILDING}) AS distance_to_building
    FROM building b ORDER BY distance_to_building LIMIT 5
) AS n
ORDER BY n.distance_to_building, n.b_buildingkey
"""


def hulls(collect):
    return f"""
SELECT c.c_custkey, c.c_name AS customer_name, date_trunc('month', t.t_pickuptime) AS pickup_month,
       ST_Area(ST_ConvexHull({collect})) AS monthly_travel_hull_area, count(*) AS dropoff_count
FROM trip t JOIN customer c ON t.t_custkey = c.c_custkey
GROUP BY c.c_custkey, c.c_name, pickup_month
HAVING count(*) > 5
ORDER BY dropoff_count DESC, c.c_custkey
"""


QUERIES = {
    1: f"""
SELECT t.t_tripkey, ST_X({PICKUP}) AS pickup_lon, ST_Y({PICKUP}) AS pickup_lat, t.t_pickuptime,
       ST_Distance({PICKUP}, {POINT}) AS distance_to_center
FROM trip t WHERE ST_DWithin({PICKUP}, {POINT}, 0.45)
ORDER BY distance_to_center, t.t_tripkey
""",
    2: f"""
SELECT count(*) AS trip_count FROM trip t
WHERE ST_Intersects({PICKUP}, (SELECT {ZONE} FROM zone z WHERE z.z_name = 'Coconino County' LIMIT 1))
""",
    3: f"""
SELECT date_trunc('month', t.t_pickuptime) AS pickup_month, count(t.t_tripkey) AS total_trips,
       avg(t.t_distance) AS avg_distance, avg(t.t_dropofftime - t.t_pickuptime) AS avg_duration, avg(t.t_fare) AS avg_fare
FROM trip t WHERE ST_DWithin({PICKUP}, {SQUARE}, 0.045)
GROUP BY pickup_month ORDER BY pickup_month
""",
    4: f"""
SELECT z.z_zonekey, z.z_name, count(*) AS trip_count
FROM zone z JOIN (SELECT t_pickuploc FROM trip ORDER BY t_tip DESC, t_tripkey LIMIT 1000) t ON ST_Within({PICKUP}, {ZONE})
GROUP BY z.z_zonekey, z.z_name ORDER BY trip_count DESC, z.z_zonekey
""",
    5: hulls(f"ST_Collect({DROPOFF})"),
    6: f"""
SELECT z.z_zonekey, z.z_name, count(t.t_tripkey) AS total_pickups, avg(t.t_totalamount) AS avg_amount,
       avg(t.t_dropofftime - t.t_pickuptime) AS avg_duration
FROM trip t, zone z WHERE ST_Contains({REGION}, {ZONE}) AND ST_Within({PICKUP}, {ZONE})
GROUP BY z.z_zonekey, z.z_name ORDER BY total_pickups DESC, z.z_zonekey
""",
    7: f"""
WITH lengths AS (
    SELECT t.t_tripkey, t.t_distance AS reported, ST_Length(ST_MakeLine({PICKUP}, {DROPOFF})) / 0.000009 AS line FROM trip t
)
SELECT t_tripkey, reported, line, reported / nullif(line, 0) AS detour_ratio
FROM lengths ORDER BY detour_ratio DESC NULLS LAST, reported DESC, t_tripkey
""",
    8: f"""
SELECT b.b_buildingkey, b.b_name, count(*) AS nearby_pickup_count
FROM trip t JOIN building b ON ST_DWithin({PICKUP}, {BUILDING}, 0.0045)
GROUP BY b.b_buildingkey, b.b_name ORDER BY nearby_pickup_count DESC, b.b_buildingkey
""",
    9: f"""
WITH one AS (SELECT b_buildingkey AS id, {BUILDING} AS geom FROM building b),
     two AS (SELECT b_buildingkey AS id, {BUILDING} AS geom FROM building b),
     pairs AS (
         SELECT one.id AS building_1, two.id AS building_2, ST_Area(one.geom) AS area1, ST_Area(two.geom) AS area2,
                ST_Area(ST_Intersection(one.geom, two.geom)) AS overlap
         FROM one JOIN two ON one.id < two.id AND ST_Intersects(one.geom, two.geom)
     )
SELECT building_1, building_2, area1, area2, overlap,
       CASE WHEN overlap = 0 THEN 0.0 WHEN area1 + area2 - overlap = 0 THEN 1.0 ELSE overlap / (area1 + area2 - overlap) END AS iou
FROM pairs ORDER BY iou DESC, building_1, building_2
""",
    10: f"""
SELECT z.z_zonekey, z.z_name AS pickup_zone, avg(t.t_dropofftime - t.t_pickuptime) AS avg_duration,
       avg(t.t_distance) AS avg_distance, count(t.t_tripkey) AS num_trips
FROM zone z LEFT JOIN trip t ON ST_Within({PICKUP}, {ZONE})
GROUP BY z.z_zonekey, z.z_name ORDER BY avg_duration DESC NULLS LAST, z.z_zonekey
""",
    11: """
SELECT count(*) AS cross_zone_trip_count
FROM trip t
JOIN zone p ON ST_Within(ST_GeomFromWKB(t.t_pickuploc), ST_GeomFromWKB(p.z_boundary))
JOIN zone d ON ST_Within(ST_GeomFromWKB(t.t_dropoffloc), ST_GeomFromWKB(d.z_boundary))
WHERE p.z_zonekey != d.z_zonekey
""",
    12: NEAREST,
}

DUCKDB = {**QUERIES, 5: hulls(f"ST_Collect(array_agg({DROPOFF}))"), 12: NEAREST_LATERAL}
GODWIT = QUERIES
SEDONADB = {**QUERIES, 5: hulls(f"ST_Collect_Agg({DROPOFF})")}
