//! `ST_HausdorffDistance`: how far the vertices of two geometries are from the other geometry.

use godwit_geometry::measure;

use super::densify::{checked_fraction, distances};
use crate::function::{Argument, Category, Function, Overload, Type};

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
            distances(arguments, measure::hausdorff_distance, |fraction| {
                checked_fraction(FUNCTION.title, fraction).map(Some)
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
