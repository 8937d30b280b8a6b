//! `ST_LineInterpolatePoint` of geographies: a position along a line over the earth.

use godwit_geometry::geodesic;

use super::figure::{USE_SPHEROID, figures};
use crate::function::{Argument, Overload, Type};
use crate::rows::Rows as _;

pub(super) static OVERLOADS: &[Overload] = &[Overload {
    arguments: &[
        Argument::geography("line", "The line."),
        Argument::float("fraction", "The part of the length, 0 to 1."),
        USE_SPHEROID,
    ],
    returns: Type::Geography,
    evaluate: |arguments| {
        (arguments.geometry(0)?, arguments.float(1)?, figures(arguments, 2)?)
            .map_bytes(|(line, fraction, figure)| geodesic::interpolate(line, fraction, figure))
    },
    ..Overload::BASE
}];
