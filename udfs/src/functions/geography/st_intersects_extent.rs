//! `ST_Intersects_Extent` of geographies: whether the boxes around them in space meet.

use godwit_geometry::geodesic::Extent;

use crate::function::{Argument, Overload, Type};
use crate::rows::Rows as _;

pub(super) static OVERLOADS: &[Overload] = &[Overload {
    arguments: &[
        Argument::geography("geom1", "The first geography."),
        Argument::geography("geom2", "The second geography."),
    ],
    returns: Type::Boolean,
    evaluate: |arguments| {
        (arguments.geometry(0)?, arguments.geometry(1)?).map_bool(|(a, b)| {
            let boxes = Extent::new(a).zip(Extent::new(b));
            boxes.is_some_and(|(a, b)| a.intersects(&b))
        })
    },
    ..Overload::BASE
}];
