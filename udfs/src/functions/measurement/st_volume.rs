//! `ST_Volume`: the volume inside of a closed surface.

use godwit_geometry::measure::space;

use crate::function::{Argument, Category, Function, Kinds, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Volume",
    aliases: &["CG_Volume"],
    category: Category::Measurement,
    summary: "Returns the volume that a POLYHEDRALSURFACE or a TIN encloses.",
    notes: "A surface that is open, or whose faces do not all face outwards or all inwards, has \
            volume 0, and so does any other geometry.",
    parity: Parity::Differs(
        "PostGIS has the function with SFCGAL, and measures what ST_MakeSolid made a solid.",
    ),
    example: "SELECT ST_Volume(ST_Extrude('POLYGON((0 0, 2 0, 2 3, 0 3, 0 0))', 0, 0, 4))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Float64,
        evaluate: |arguments| arguments.geometry(0)?.map_f64(space::volume),
        ..Overload::BASE
    }],
    ..Function::BASE
};
