//! `ST_Azimuth` of geographies: where the shortest way starts.

use godwit_geometry::{Geometry, GeometryError, Kind, geodesic};

use crate::function::{Argument, Overload, Type};
use crate::rows::Rows as _;

pub(super) static OVERLOADS: &[Overload] = &[Overload {
    arguments: &[
        Argument::geography("origin", "The point to stand on."),
        Argument::geography("target", "The point to look at."),
    ],
    returns: Type::Float64,
    evaluate: |arguments| {
        (arguments.geometry(0)?, arguments.geometry(1)?)
            .map_f64(|(origin, target)| azimuth(origin, target))
    },
    ..Overload::BASE
}];

fn azimuth(origin: Geometry<'_>, target: Geometry<'_>) -> Result<Option<f64>, GeometryError> {
    if origin.kind() != Kind::Point || target.kind() != Kind::Point {
        return Err(GeometryError::InvalidArgument {
            reason: "ST_Azimuth takes two points".to_owned(),
        });
    }
    Ok(geodesic::azimuth(origin, target))
}
