//! `ST_MakePolygon`: a polygon of its exterior ring.

use godwit_geometry::{Geometry, GeometryError, Sequence, write};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_MakePolygon",
    category: Category::Constructor,
    summary: "Returns the polygon whose rings are closed lines.",
    example: "SELECT ST_AsText(ST_MakePolygon('LINESTRING(0 0, 1 0, 1 1, 0 0)'))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("shell", "A closed line of at least four points."),
            Argument::new("holes", Type::GeometryList, "Such lines for the interior rings.")
                .optional(),
        ],
        evaluate: |arguments| {
            let shell = arguments.geometry(0)?;
            if arguments.len() == 1 {
                return shell.map_bytes(|shell| polygon_of(shell, &[]));
            }
            (shell, arguments.geometry_list(1)?.with_nulls()).map_bytes(|(shell, holes)| {
                // As with PostGIS, a null is not a hole that may be left out.
                let lines: Option<Vec<Geometry<'_>>> = holes.into_iter().collect();
                polygon_of(shell, &lines.ok_or_else(|| invalid("hole is not a line"))?)
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

/// Returns the polygon of a closed line and holes that are closed lines.
pub(super) fn polygon_of(
    shell: Geometry<'_>,
    holes: &[Geometry<'_>],
) -> Result<Vec<u8>, GeometryError> {
    let mut rings = vec![ring_of(shell, "shell")?];
    for hole in holes {
        rings.push(ring_of(*hole, "hole")?);
    }
    Ok(write::polygon(rings, shell.dimension()))
}

fn ring_of<'a>(geometry: Geometry<'a>, name: &str) -> Result<Sequence<'a>, GeometryError> {
    let Some(line) = geometry.line() else {
        return Err(invalid(&format!("{name} is not a line")));
    };
    if line.len() < 4 {
        return Err(invalid(&format!("{name} must have at least 4 points")));
    }
    // As with PostGIS, the ends may be at different heights.
    if line.xy(0) != line.xy(line.len() - 1) {
        return Err(invalid(&format!("{name} must be closed")));
    }
    Ok(line)
}

fn invalid(reason: &str) -> GeometryError {
    GeometryError::InvalidArgument { reason: format!("ST_MakePolygon: {reason}") }
}
