//! `ST_Hilbert`: a key that sorts near geometries near to each other.

use godwit_geometry::{Bounds, Crs, hilbert};

use crate::function::{Argument, Category, Function, Kinds, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Hilbert",
    category: Category::Processing,
    summary: "Returns the place of the centre of a geometry's box on a Hilbert curve; null when \
              it is empty.",
    notes: "The key has 32 bits. Without `bounds` the curve covers the whole world: longitude \
            and latitude for a geographic reference system, and a square of 40075017 metres \
            around the origin for a projected one. Without a reference system, positions inside \
            of the longitudes and latitudes are taken for such. Positions outside of the curve \
            are moved to its border.",
    example: "SELECT ST_Hilbert(ST_Point(24.75, 59.44))",
    parity: Parity::Extension(
        "PostGIS has no such function; DuckDB has it with other keys where `bounds` is left out.",
    ),
    kinds: Kinds::All,
    overloads: &[
        Overload {
            arguments: &[Argument::geometry("geom", "The geometry.")],
            returns: Type::Int64,
            evaluate: |arguments| {
                let crs = arguments.crs(0)?;
                let is_geographic = crs.as_ref().map(Crs::is_geographic);
                arguments.geometry(0)?.map_i64(|geometry| {
                    let [x, y] = geometry.bounds()?.centre();
                    let is_degrees = is_geographic.unwrap_or_else(|| DEGREES.contains_xy(x, y));
                    let world = if is_degrees { &DEGREES } else { &METRES };
                    Some(i64::from(hilbert::key(world, x, y)))
                })
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::geometry("bounds", "A geometry whose box the curve fills."),
            ],
            returns: Type::Int64,
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.geometry(1)?).map_i64(|(geometry, bounds)| {
                    let [x, y] = geometry.bounds()?.centre();
                    Some(i64::from(hilbert::key(&bounds.bounds()?, x, y)))
                })
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::float("x", "The X of a position."),
                Argument::float("y", "The Y of a position."),
                Argument::geometry("bounds", "A geometry whose box the curve fills."),
            ],
            returns: Type::Int64,
            evaluate: |arguments| {
                (arguments.floats::<2>(0)?, arguments.geometry(2)?).map_i64(|([x, y], bounds)| {
                    Some(i64::from(hilbert::key(&bounds.bounds()?, x, y)))
                })
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

/// The longitudes and latitudes.
const DEGREES: Bounds = Bounds::new(-180.0, -90.0, 180.0, 90.0);

/// The square of the web Mercator projection, in which most projected coordinates lie.
const METRES: Bounds =
    Bounds::new(-20_037_508.343, -20_037_508.343, 20_037_508.343, 20_037_508.343);
