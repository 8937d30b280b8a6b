-- Results as files for other programs.

COPY (
    SELECT name, continent, pop_est, geometry
    FROM 'sql-examples/data/countries.geojson'
    WHERE continent = 'South America'
) TO 'exports/south_america.parquet' STORED AS GEOPARQUET CLUSTER BY (geometry);

SELECT count(*) AS countries, round(sum(ST_Area(geometry)), 1) AS square_degrees
FROM 'exports/south_america.parquet';

COPY (
    SELECT name, ST_Centroid(geometry) AS geometry
    FROM 'exports/south_america.parquet'
) TO 'exports/centroids.geojson';

SELECT name, ST_AsText(geometry, 2) AS centre
FROM 'exports/centroids.geojson'
ORDER BY name
LIMIT 3;

COPY (SELECT name, pop_est FROM 'exports/south_america.parquet' ORDER BY name)
TO 'exports/population.csv';

SELECT sum(pop_est) AS people FROM 'exports/population.csv';
