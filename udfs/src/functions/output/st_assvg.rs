//! `ST_AsSVG`: a geometry written as SVG path data.

use godwit_geometry::svg_path;

use super::st_astext::clamp_decimals;
use crate::function::{Argument, Category, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_AsSVG",
    category: Category::Output,
    summary: "Returns the SVG path data of a geometry.",
    notes: "Y is negated, because it grows downwards in SVG. Points become attributes: `cx` and \
            `cy`, or `x` and `y` with relative moves. Members of collections are separated by \
            semicolons. Arcs are arcs there, too.",
    example: "SELECT ST_AsSVG('POLYGON((0 0, 0 1, 1 1, 0 0))')",
    kinds: Kinds::All,
    overloads: &[
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::integer("rel", "1 for relative moves, 0 for positions, which is usual.")
                    .default("0"),
                Argument::integer(
                    "maxdecimaldigits",
                    "The most decimals of a number, 15 if left out.",
                )
                .optional(),
            ],
            returns: Type::Text,
            evaluate: |arguments| {
                let options = (arguments.integer_or(1, 0)?, arguments.integer_or(2, 15)?);
                (arguments.geometry(0)?, options).map_text(|(geometry, (relative, decimals))| {
                    svg_path(geometry, relative != 0, clamp_decimals(decimals))
                })
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::new("relative", Type::Boolean, "Whether moves are relative."),
                Argument::integer("maxdecimaldigits", "The most decimals of a number."),
            ],
            returns: Type::Text,
            evaluate: |arguments| {
                let options = (arguments.boolean(1)?, arguments.integer(2)?);
                (arguments.geometry(0)?, options).map_text(|(geometry, (relative, decimals))| {
                    svg_path(geometry, relative, clamp_decimals(decimals))
                })
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
