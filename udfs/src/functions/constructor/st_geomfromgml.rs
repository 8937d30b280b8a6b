//! `ST_GeomFromGML`: a geometry read from GML.

use godwit_geometry::{GeometryError, gml};

use crate::arguments::Arguments;
use crate::function::{Argument, Category, CrsRule, Evaluated, Function, Overload, Parity};
use crate::literal::srid_crs;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeomFromGML",
    aliases: &["ST_GMLToSQL"],
    category: Category::Constructor,
    summary: "Returns the geometry that a GML fragment of version 2 or 3 describes.",
    notes: "The `srsName` of a literal sets the reference system. Names such as \
            `urn:ogc:def:crs:EPSG::4326` have the axes of the authority, and a latitude or northing \
            that comes first is put last. Members in other reference systems are brought to that \
            of the whole. In a column the reference system belongs to the type, so all rows must \
            name the same; name it with `srid` as well. Heights are dropped unless all positions \
            have them. Triangles and patches become polygons.",
    example: "SELECT ST_AsText(ST_GeomFromGML('<gml:Point><gml:pos>1 2</gml:pos></gml:Point>'))",
    parity: Parity::Differs(
        "PostGIS keeps an SRID with each value, and has types for triangles and surfaces.",
    ),
    overloads: &[Overload {
        arguments: &[
            Argument::text("gml", "The GML."),
            Argument::integer("srid", "The reference system.").optional().literal(),
        ],
        crs: CrsRule::Gml(1),
        evaluate: read_rows,
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn read_rows(arguments: &Arguments<'_>) -> Evaluated {
    let is_named = arguments.len() > 1;
    let known = std::cell::Cell::new(None);
    arguments.text(0)?.map_bytes(|text| {
        let (wkb, srid) = gml::parse(text)?;
        match (known.get(), srid) {
            (Some(left), Some(right)) if left != right && !is_named => {
                let name = |srid| srid_crs(srid).map(|crs| crs.name()).unwrap_or_default();
                Err(GeometryError::CrsMismatch { left: name(left), right: name(right) })
            }
            _ => {
                known.set(known.get().or(srid));
                Ok(wkb)
            }
        }
    })
}
