//! `ST_ClosestPoint`: the position of one geometry that is closest to another.

use godwit_geometry::measure::{self, Target};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ClosestPoint",
    category: Category::Measurement,
    summary: "Returns the point of the first geometry that is closest to the second; null when one \
            is empty.",
    notes: "Where the geometries meet, it is a point they share. Heights are ignored and the \
            result has none.",
    example: "SELECT ST_AsText(ST_ClosestPoint('LINESTRING(0 0, 4 0)', ST_Point(1, 3)))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
        ],
        returns: Type::Geometry,
        evaluate: |arguments| {
            let (first, second) = (arguments.geometry(0)?, arguments.geometry(1)?);
            if let (None, Some(constant)) = (first.constant(), second.constant()) {
                let target = Target::new(constant);
                return first.map_appended(|row, bytes| target.append_closest_point(bytes, row));
            }
            (first, second).map_bytes(|(a, b)| measure::closest_point(a, b))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
