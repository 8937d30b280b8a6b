//! `ST_Segmentize` of geographies: edges no longer than some metres.

use godwit_geometry::geodesic;

use crate::function::{Argument, Overload, Type};
use crate::rows::Rows as _;

pub(super) static OVERLOADS: &[Overload] = &[Overload {
    arguments: &[
        Argument::geography("geom", "The geography."),
        Argument::float("max_segment_length", "The largest length of an edge in metres."),
    ],
    returns: Type::Geography,
    evaluate: |arguments| {
        (arguments.geometry(0)?, arguments.float(1)?)
            .map_bytes(|(geography, metres)| geodesic::segmentize(geography, metres))
    },
    ..Overload::BASE
}];
