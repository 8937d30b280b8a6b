-- Which city lies in which country? Two files, one join.

CREATE OR REPLACE EXTERNAL TABLE countries
STORED AS GEOJSON
LOCATION 'sql-examples/data/countries.geojson';

-- A CSV file has no geometry of its own: name the two columns that make the point.
CREATE OR REPLACE EXTERNAL TABLE cities
STORED AS CSV
LOCATION 'sql-examples/data/cities.csv'
OPTIONS (geometry 'xy:longitude,latitude', srid '4326');

DESCRIBE countries;

SELECT count(*) AS cities_within
FROM cities
JOIN countries ON ST_Within(cities.geometry, countries.geometry);

-- Tables and columns keep their spelling; you may write them in any case.
SELECT continent, count(*) AS cities
FROM CITIES
JOIN countries ON ST_Within(cities.Geometry, countries.geometry)
GROUP BY continent
ORDER BY cities DESC, continent;

-- The cities that the coarse outlines leave in the sea.
SELECT cities.name
FROM cities
LEFT JOIN countries ON ST_Intersects(cities.geometry, countries.geometry)
WHERE countries.name IS NULL
ORDER BY cities.name
LIMIT 5;

CREATE OR REPLACE VIEW city_countries AS
SELECT cities.name AS city, countries.name AS country, cities.geometry
FROM cities
JOIN countries ON ST_Within(cities.geometry, countries.geometry);

SELECT city, country, ST_AsText(geometry) AS place
FROM city_countries
WHERE country = 'France'
ORDER BY city;
