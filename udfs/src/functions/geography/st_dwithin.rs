//! `ST_DWithin` of geographies: within metres over the earth.

use godwit_geometry::geodesic;

use super::figure::{USE_SPHEROID, figures};
use crate::function::{Argument, Overload, Type};
use crate::rows::Rows as _;

pub(super) static OVERLOADS: &[Overload] = &[Overload {
    arguments: &[
        Argument::geography("geom1", "The first geography."),
        Argument::geography("geom2", "The second geography."),
        Argument::float("distance", "The largest distance in metres."),
        USE_SPHEROID,
    ],
    returns: Type::Boolean,
    evaluate: |arguments| {
        let pairs = (arguments.geometry(0)?, arguments.geometry(1)?);
        (pairs, arguments.float(2)?, figures(arguments, 3)?)
            .map_bool(|((a, b), distance, figure)| geodesic::dwithin(a, b, distance, figure))
    },
    ..Overload::BASE
}];
