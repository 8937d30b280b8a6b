//! `ST_MakeLine_Agg`: a line through all geometries.

use super::super::constructor::line_through;
use crate::aggregate::{Accumulation, Aggregate};

pub(super) static AGGREGATE: Aggregate = Aggregate {
    title: "ST_MakeLine_Agg",
    summary: "Returns a line through all points, multipoints and lines; null when there are none.",
    notes: "Nulls are left out. `ORDER BY` inside of the call sets the order of the points. \
            `ST_MakeLine(geom)` with one argument is the same.",
    example: "SELECT ST_AsText(ST_MakeLine(geom ORDER BY n)) FROM (VALUES (2, ST_Point(2, 1)), \
              (1, ST_Point(0, 0))) AS t(n, geom)",
    accumulation: Accumulation::Listed(|geometries, _| Ok(line_through(geometries)?.into())),
    ..Aggregate::BASE
};
