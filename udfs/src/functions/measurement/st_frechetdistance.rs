//! `ST_FrechetDistance`: how far apart two lines are when both are walked along at once.

use godwit_geometry::measure;

use super::densify::{checked_fraction, distances};
use crate::function::{Argument, Category, Function, Overload, Type};

pub(super) static FUNCTION: Function = Function {
    title: "ST_FrechetDistance",
    category: Category::Measurement,
    summary: "Returns the length of the shortest leash with which the vertices of both geometries \
            can be walked along from start to end; null when one is empty.",
    notes: "The direction of lines matters. The smaller the fraction, the more positions between \
            the vertices are looked at too; 0 and less mean none.",
    example: "SELECT ST_FrechetDistance('LINESTRING(0 0, 2 0)', 'LINESTRING(0 1, 2 1)')",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
            Argument::float(
                "densifyfrac",
                "The part of its length into which every edge is cut, at most 1.",
            )
            .optional(),
        ],
        returns: Type::Float64,
        evaluate: |arguments| {
            distances(arguments, measure::frechet_distance, |fraction| {
                if fraction <= 0.0 {
                    return Ok(None);
                }
                checked_fraction(FUNCTION.title, fraction).map(Some)
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
