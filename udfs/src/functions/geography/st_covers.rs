//! `ST_Covers` of geographies: no position of the second lies outside of the first.

use godwit_geometry::geodesic;

use crate::function::{Argument, Overload, Type};
use crate::rows::Rows as _;

pub(super) static OVERLOADS: &[Overload] = &[Overload {
    arguments: &[
        Argument::geography("geom1", "The first geography."),
        Argument::geography("geom2", "The second geography."),
    ],
    returns: Type::Boolean,
    evaluate: |arguments| {
        (arguments.geometry(0)?, arguments.geometry(1)?).map_bool(|(a, b)| geodesic::covers(a, b))
    },
    ..Overload::BASE
}];
