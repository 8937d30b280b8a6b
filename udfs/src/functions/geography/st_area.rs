//! `ST_Area` of geographies: square metres on the earth.

use godwit_geometry::geodesic;

use super::figure::{USE_SPHEROID, figures};
use crate::function::{Argument, Overload, Type};
use crate::rows::Rows as _;

pub(super) static OVERLOADS: &[Overload] = &[Overload {
    arguments: &[Argument::geography("geom", "The geography."), USE_SPHEROID],
    returns: Type::Float64,
    evaluate: |arguments| {
        (arguments.geometry(0)?, figures(arguments, 1)?)
            .map_f64(|(geography, figure)| geodesic::area(geography, figure))
    },
    ..Overload::BASE
}];
