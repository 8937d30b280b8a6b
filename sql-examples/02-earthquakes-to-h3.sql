-- A week of earthquakes, counted in H3 cells, kept in a Delta table.

-- A file can be asked without being registered.
SELECT count(*) AS quakes, round(max(mag), 1) AS strongest
FROM 'sql-examples/data/earthquakes.geojson';

CREATE OR REPLACE TABLE quake_cells AS
SELECT
    h3_latlng_to_cell(ST_Y(geometry), ST_X(geometry), 2) AS cell,
    count(*) AS quakes,
    max(mag) AS strongest
FROM read_geojson('sql-examples/data/earthquakes.geojson')
WHERE mag IS NOT NULL
GROUP BY 1;

SELECT h3_cell_to_string(cell) AS cell, quakes, strongest
FROM quake_cells
ORDER BY quakes DESC, cell
LIMIT 5;

-- A cell is a polygon when you want it on a map.
SELECT h3_cell_to_string(cell) AS cell, ST_NPoints(h3_cell_to_boundary(cell)) AS points
FROM quake_cells
ORDER BY strongest DESC, cell
LIMIT 1;

-- Written again in one commit: readers see the old rows or the new ones, never a gap.
CREATE OR REPLACE TABLE quake_cells AS
SELECT
    h3_latlng_to_cell(ST_Y(geometry), ST_X(geometry), 1) AS cell,
    count(*) AS quakes,
    max(mag) AS strongest
FROM read_geojson('sql-examples/data/earthquakes.geojson')
WHERE mag IS NOT NULL
GROUP BY 1;

SELECT count(*) AS cells, sum(quakes) AS quakes FROM quake_cells;
