//! `ST_Distance` of geographies: metres over the earth.

use godwit_geometry::geodesic;

use super::figure::{USE_SPHEROID, figures};
use crate::function::{Argument, Overload, Type};
use crate::rows::Rows as _;

pub(super) static OVERLOADS: &[Overload] = &[Overload {
    arguments: &[
        Argument::geography("geom1", "The first geography."),
        Argument::geography("geom2", "The second geography."),
        USE_SPHEROID,
    ],
    returns: Type::Float64,
    evaluate: |arguments| {
        (arguments.geometry(0)?, arguments.geometry(1)?, figures(arguments, 2)?)
            .map_f64(|(a, b, figure)| geodesic::distance_rounded(a, b, figure))
    },
    ..Overload::BASE
}];
