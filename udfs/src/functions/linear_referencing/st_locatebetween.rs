//! `ST_LocateBetween`: the parts of a geometry between two measures.

use godwit_geometry::construct::{self, BufferStyle};
use godwit_geometry::edit::Ordinate;
use godwit_geometry::{Dimension, Geometry, GeometryError, Kind, linear, write};

use crate::function::{Argument, Category, Function, Overload};
use crate::functions::expect::refusal;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_LocateBetween",
    category: Category::LinearReferencing,
    summary: "Returns the parts of a geometry between two measures, as a multi geometry or \
              collection.",
    notes: "Lines and rings are cut where they reach the measures; a line that only touches the \
            range leaves a point. Two equal measures mean ST_LocateAlong. Lines moved aside have no \
            measures, and points are left out then. Geometries without measures are refused.",
    example: "SELECT ST_AsText(ST_LocateBetween('LINESTRING M (0 0 0, 10 0 20)', 5, 10))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry with measures."),
            Argument::float("measure_start", "One end of the range."),
            Argument::float("measure_end", "The other end of the range."),
            Argument::float("leftrightoffset", "The distance to the left of the line.").optional(),
        ],
        evaluate: |arguments| {
            let (geometry, range) = (arguments.geometry(0)?, arguments.floats::<2>(1)?);
            if arguments.len() == 3 {
                return (geometry, range)
                    .map_bytes(|(geometry, range)| parts(geometry, range, 0.0));
            }
            (geometry, range, arguments.float(3)?)
                .map_bytes(|(geometry, range, offset)| parts(geometry, range, offset))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn parts(
    geometry: Geometry<'_>,
    [start, end]: [f64; 2],
    offset: f64,
) -> Result<Vec<u8>, GeometryError> {
    if !geometry.dimension().has_m() {
        return Err(refusal("ST_LocateBetween takes a geometry with measures"));
    }
    if start == end {
        return linear::locate_along(geometry, start, offset);
    }
    let parts = linear::between(geometry, Ordinate::M, [start, end]);
    // As with PostGIS, nothing to move keeps its kind and its measures.
    if offset == 0.0 || Geometry::try_new(&parts)?.is_empty() {
        return Ok(parts);
    }
    aside(Geometry::try_new(&parts)?, offset)
}

/// Returns the lines of a geometry moved to their left, or with a negative distance to their right.
fn aside(parts: Geometry<'_>, offset: f64) -> Result<Vec<u8>, GeometryError> {
    let style = BufferStyle::default();
    let mut moved = Vec::new();
    for line in parts.parts().filter(|part| part.kind() == Kind::LineString) {
        moved.push(construct::offset_curve(line, offset, &style)?);
    }
    let mut lines = Vec::new();
    for curve in &moved {
        let curve = Geometry::try_new(curve)?;
        if curve.kind() == Kind::LineString {
            lines.push(curve.bytes());
        }
        lines.extend(curve.parts().map(Geometry::bytes));
    }
    Ok(write::collection(Kind::MultiLineString, Dimension::Xy, &lines))
}
