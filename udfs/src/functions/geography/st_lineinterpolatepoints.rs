//! `ST_LineInterpolatePoints` of geographies: positions along a line over the earth.

use godwit_geometry::geodesic;

use super::figure::{USE_SPHEROID, figures};
use crate::function::{Argument, Overload, Type};
use crate::rows::Rows as _;

pub(super) static OVERLOADS: &[Overload] = &[Overload {
    arguments: &[
        Argument::geography("line", "The line."),
        Argument::float("fraction", "The part of the length between two points, 0 to 1."),
        USE_SPHEROID,
        Argument::new("repeat", Type::Boolean, "Whether to go on after the first point.")
            .optional(),
    ],
    returns: Type::Geography,
    evaluate: |arguments| {
        let lines = (arguments.geometry(0)?, arguments.float(1)?, figures(arguments, 2)?);
        if arguments.len() < 4 {
            return lines.map_bytes(|(line, fraction, figure)| {
                geodesic::interpolate_all(line, fraction, figure)
            });
        }
        (lines, arguments.boolean(3)?).map_bytes(|((line, fraction, figure), repeat)| {
            if repeat {
                return geodesic::interpolate_all(line, fraction, figure);
            }
            geodesic::interpolate(line, fraction, figure)
        })
    },
    ..Overload::BASE
}];
