-- From a CSV file to the numbers of a bar chart.

CREATE OR REPLACE TABLE places
COMMENT 'Populated places of Natural Earth'
CLUSTER BY (geometry)
AS SELECT name, ST_Point(longitude, latitude, 4326) AS geometry
FROM 'sql-examples/data/cities.csv';

SELECT count(*) AS places, ST_SRID(geometry) AS srid FROM places GROUP BY 2;

INSERT INTO places
SELECT 'Null Island' AS name, ST_Point(0, 0, 4326) AS geometry;

SELECT name, ST_AsText(geometry) AS place FROM places WHERE ST_DWithin(geometry, ST_Point(0, 0, 4326), 0.5);

-- One row a bar: cities by band of latitude.
SELECT
    CAST(floor(ST_Y(geometry) / 30) * 30 AS INT) AS from_latitude,
    count(*) AS places
FROM places
GROUP BY 1
ORDER BY 1;

INSERT OVERWRITE places
SELECT name, geometry FROM places WHERE ST_Y(geometry) > 60;

SELECT count(*) AS northern_places FROM places;
