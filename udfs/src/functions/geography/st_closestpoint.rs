//! `ST_ClosestPoint` of geographies: the closest position on the earth.

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
    returns: Type::Geography,
    evaluate: |arguments| {
        // Both figures have the same closest positions, which are found on the sphere.
        (arguments.geometry(0)?, arguments.geometry(1)?, figures(arguments, 2)?)
            .map_bytes(|(a, b, _)| geodesic::closest_point(a, b))
    },
    ..Overload::BASE
}];
