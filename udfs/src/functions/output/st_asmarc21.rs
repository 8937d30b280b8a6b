//! `ST_AsMARC21`: the box of a geometry as a library record.

use godwit_geometry::{Crs, GeometryError, marc21};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_AsMARC21",
    category: Category::Output,
    summary: "Returns a MARC21/XML record with the box of a geometry; null when it is empty.",
    notes: "A collection has one box for each member. The reference system must be in longitude \
            and latitude. In the format, `h` stands for the direction, which is a sign without it, \
            and `ddd`, `mm` and `ss` for degrees, minutes and seconds; decimals of the last of \
            them follow a point or a comma. Minutes with decimals are one too many where their \
            seconds round up to 60, as in PostGIS.",
    example: "SELECT ST_AsMARC21(ST_Point(-4.5, 54.25, 4326), 'hddd.dd')",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry, in degrees."),
            Argument::text("format", "The format of angles, `hdddmmss` if left out.").optional(),
        ],
        returns: Type::Text,
        evaluate: |arguments| {
            let is_in_degrees = arguments.crs(0)?.as_ref().is_some_and(Crs::is_geographic);
            (arguments.geometry(0)?, arguments.text_or(1, "hdddmmss")?).map_text(
                |(geometry, format)| {
                    if !is_in_degrees {
                        return Err(not_in_degrees());
                    }
                    marc21::write(geometry, format)
                },
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn not_in_degrees() -> GeometryError {
    GeometryError::InvalidArgument {
        reason: "ST_AsMARC21 takes geometries in longitude and latitude; \
                 use ST_Transform(geom, 4326), or ST_SetSRID when the reference system is not known"
            .to_owned(),
    }
}
