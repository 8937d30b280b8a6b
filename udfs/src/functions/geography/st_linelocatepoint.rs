//! `ST_LineLocatePoint` of geographies: how far along a line over the earth a point lies.

use godwit_geometry::geodesic;

use super::figure::{USE_SPHEROID, figures};
use crate::function::{Argument, Overload, Type};
use crate::rows::Rows as _;

pub(super) static OVERLOADS: &[Overload] = &[Overload {
    arguments: &[
        Argument::geography("line", "The line."),
        Argument::geography("point", "The point."),
        USE_SPHEROID,
    ],
    returns: Type::Float64,
    evaluate: |arguments| {
        (arguments.geometry(0)?, arguments.geometry(1)?, figures(arguments, 2)?)
            .map_f64(|(line, point, figure)| geodesic::locate(line, point, figure))
    },
    ..Overload::BASE
}];
