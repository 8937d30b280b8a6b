//! `ST_Centroid` of geographies: the centre on the earth.

use godwit_geometry::geodesic;

use super::figure::{USE_SPHEROID, figures};
use crate::function::{Argument, Overload, Type};
use crate::rows::Rows as _;

pub(super) static OVERLOADS: &[Overload] = &[Overload {
    arguments: &[Argument::geography("geom", "The geography."), USE_SPHEROID],
    returns: Type::Geography,
    evaluate: |arguments| {
        (arguments.geometry(0)?, figures(arguments, 1)?)
            .map_bytes(|(geography, figure)| geodesic::centroid(geography, figure))
    },
    ..Overload::BASE
}];
