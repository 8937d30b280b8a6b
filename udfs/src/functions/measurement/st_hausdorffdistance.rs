//! `ST_HausdorffDistance`: how far the vertices of two geometries are from the other geometry.

use godwit_geometry::{GeometryError, measure};

use super::densify::checked_fraction;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_HausdorffDistance",
    category: Category::Measurement,
    summary: "Returns the largest distance from a vertex of either geometry to the other geometry; \
            null when one is empty.",
    notes: "Of polygons, the rings count and not the inside. The smaller the fraction, the more \
            positions between the vertices are looked at too.",
    example: "SELECT ST_HausdorffDistance('LINESTRING(0 0, 2 0)', 'LINESTRING(0 1, 2 3)')",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
            Argument::float(
                "densifyfrac",
                "The part of its length into which every edge is cut, above 0 and at most 1.",
            )
            .optional(),
        ],
        returns: Type::Float64,
        evaluate: |arguments| {
            let geometries = (arguments.geometry(0)?, arguments.geometry(1)?);
            if arguments.len() == 2 {
                return geometries.map_f64(|(a, b)| measure::hausdorff_distance(a, b, None));
            }
            (geometries, arguments.float(2)?).map_f64(|((a, b), fraction)| {
                let fraction = checked_fraction("ST_HausdorffDistance", fraction)?;
                Ok::<_, GeometryError>(measure::hausdorff_distance(a, b, Some(fraction)))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
