//! `ST_GeomFromKML`: a geometry read from KML.

use godwit_geometry::kml;

use crate::function::{Argument, Category, CrsRule, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeomFromKML",
    category: Category::Constructor,
    summary: "Returns the geometry that a KML fragment describes.",
    notes: "The result is in longitude and latitude on WGS 84, as KML demands. Open rings are \
            closed, collections inside of collections become one, and heights are dropped unless \
            all positions have them.",
    example: "SELECT ST_AsText(ST_GeomFromKML('<Point><coordinates>1,2</coordinates></Point>'))",
    overloads: &[Overload {
        arguments: &[Argument::text("kml", "The KML.")],
        crs: CrsRule::Wgs84,
        evaluate: |arguments| arguments.text(0)?.map_bytes(kml::parse),
        ..Overload::BASE
    }],
    ..Function::BASE
};
