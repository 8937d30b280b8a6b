//! `ST_Affine`: a geometry mapped by a matrix.

use godwit_geometry::edit::Affine;

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Affine",
    category: Category::Processing,
    summary: "Returns a geometry with its coordinates multiplied by a matrix and moved.",
    notes: "The new X is `a*x + b*y + c*z + xoff`, and so on row by row. A geometry without \
            heights is mapped in the plane. Measures stay as they are.",
    example: "SELECT ST_AsText(ST_Affine(ST_Point(1, 2), 0, -1, 1, 0, 10, 20))",
    kinds: Kinds::All,
    overloads: &[
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::float("a", "The factor of X in X."),
                Argument::float("b", "The factor of Y in X."),
                Argument::float("c", "The factor of Z in X."),
                Argument::float("d", "The factor of X in Y."),
                Argument::float("e", "The factor of Y in Y."),
                Argument::float("f", "The factor of Z in Y."),
                Argument::float("g", "The factor of X in Z."),
                Argument::float("h", "The factor of Y in Z."),
                Argument::float("i", "The factor of Z in Z."),
                Argument::float("xoff", "What is added to X."),
                Argument::float("yoff", "What is added to Y."),
                Argument::float("zoff", "What is added to Z."),
            ],
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.floats::<12>(1)?).map_bytes(
                    |(geometry, [a, b, c, d, e, f, g, h, i, x, y, z])| {
                        let matrix = [[a, b, c], [d, e, f], [g, h, i]];
                        Affine { matrix, offset: [x, y, z] }.apply(geometry)
                    },
                )
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::float("a", "The factor of X in X."),
                Argument::float("b", "The factor of Y in X."),
                Argument::float("d", "The factor of X in Y."),
                Argument::float("e", "The factor of Y in Y."),
                Argument::float("xoff", "What is added to X."),
                Argument::float("yoff", "What is added to Y."),
            ],
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.floats::<6>(1)?).map_bytes(
                    |(geometry, [a, b, d, e, x, y])| {
                        Affine::planar([[a, b], [d, e]], [x, y]).apply(geometry)
                    },
                )
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
