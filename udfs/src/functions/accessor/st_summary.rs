//! `ST_Summary`: what a geometry consists of.

use godwit_geometry::{Edges, GeometryType, wkt};

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Summary",
    summary: "Returns a text that describes a geometry and its parts.",
    notes: "The letters in brackets: `Z` and `M` for heights and measures, `B` where PostGIS keeps \
            a box with the geometry, `G` for a geography, `S` for a known reference system.",
    example: "SELECT ST_Summary('LINESTRING(0 0, 1 1)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Text,
        evaluate: |arguments| {
            let has_crs = arguments.crs(0)?.is_some();
            let given = arguments.fields.first().map(|field| GeometryType::from_field(field));
            let edges = given.transpose()?.flatten().map(|geometry| geometry.edges);
            let is_geography = edges == Some(Edges::Spherical);
            arguments.geometry(0)?.map_text(|geometry| {
                let has_crs = has_crs || geometry.srid().is_some_and(|srid| srid != 0);
                wkt::summary(geometry, wkt::Context { has_crs, is_geography })
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
