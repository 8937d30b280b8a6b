//! `ST_Intersection` of geographies: in the projection that suits both.

use godwit_geometry::{geodesic, overlay};

use crate::function::{Argument, Overload, Type};
use crate::rows::Rows as _;

pub(super) static OVERLOADS: &[Overload] = &[Overload {
    arguments: &[
        Argument::geography("geom1", "The first geography."),
        Argument::geography("geom2", "The second geography."),
    ],
    returns: Type::Geography,
    evaluate: |arguments| {
        (arguments.geometry(0)?, arguments.geometry(1)?)
            .map_bytes(|(a, b)| geodesic::in_plane_together(a, b, overlay::intersection))
    },
    ..Overload::BASE
}];
