//! `ST_Project` of geographies: where one gets by going some metres.

use godwit_geometry::geodesic::{self, Figure};

use crate::function::{Argument, Overload, Type};
use crate::rows::Rows as _;

pub(super) static OVERLOADS: &[Overload] = &[
    Overload {
        arguments: &[
            Argument::geography("geom1", "The point to start from."),
            Argument::float("distance", "The distance in metres."),
            Argument::float("azimuth", "The direction in radians, clockwise from north."),
        ],
        returns: Type::Geography,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.float(1)?, arguments.float(2)?).map_bytes(
                |(from, metres, azimuth)| geodesic::travel(from, metres, azimuth, Figure::Spheroid),
            )
        },
        ..Overload::BASE
    },
    Overload {
        arguments: &[
            Argument::geography("geom1", "The point to look from."),
            Argument::geography("geom2", "The point to start from."),
            Argument::float("distance", "The distance in metres."),
        ],
        returns: Type::Geography,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?, arguments.float(2)?).map_bytes(
                |(from, to, metres)| geodesic::travel_beyond(from, to, metres, Figure::Spheroid),
            )
        },
        ..Overload::BASE
    },
];
