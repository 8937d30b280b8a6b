//! `ST_Intersects` of geographies: within a hundredth of a millimetre.

use godwit_geometry::geodesic::{self, Figure};

use crate::function::{Argument, Overload, Type};
use crate::rows::Rows as _;

pub(super) static OVERLOADS: &[Overload] = &[Overload {
    arguments: &[
        Argument::geography("geom1", "The first geography."),
        Argument::geography("geom2", "The second geography."),
    ],
    returns: Type::Boolean,
    evaluate: |arguments| {
        (arguments.geometry(0)?, arguments.geometry(1)?)
            .map_bool(|(a, b)| geodesic::dwithin(a, b, 0.0, Figure::Sphere))
    },
    ..Overload::BASE
}];
