//! `ST_LineSubstring` of geographies: a part of a line over the earth.

use godwit_geometry::geodesic::{self, Figure};

use crate::function::{Argument, Overload, Type};
use crate::rows::Rows as _;

pub(super) static OVERLOADS: &[Overload] = &[Overload {
    arguments: &[
        Argument::geography("line", "The line."),
        Argument::float("startfraction", "Where the part starts, 0 to 1."),
        Argument::float("endfraction", "Where the part ends, 0 to 1."),
    ],
    returns: Type::Geography,
    evaluate: |arguments| {
        (arguments.geometry(0)?, arguments.float(1)?, arguments.float(2)?)
            .map_bytes(|(line, start, end)| geodesic::substring(line, start, end, Figure::Spheroid))
    },
    ..Overload::BASE
}];
