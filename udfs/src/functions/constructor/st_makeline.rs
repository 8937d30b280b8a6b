//! `ST_MakeLine`: a line through points and lines.

use godwit_geometry::wkb::force_dimension;
use godwit_geometry::{Coord, Dimension, Geometry, GeometryError, Kind, Sequence, write};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

/// The first bytes of a line of two positions with X and Y.
const SEGMENT: [u8; 9] = [1, 2, 0, 0, 0, 2, 0, 0, 0];

pub(super) static FUNCTION: Function = Function {
    title: "ST_MakeLine",
    category: Category::Constructor,
    summary: "Returns a line through the points of two points, multipoints or lines.",
    notes: "Where a line starts at the end of what came before, that point is taken once. In a \
            list, what is neither point nor line is left out. With \
            one argument the name means the aggregate `ST_MakeLine_Agg`.",
    example: "SELECT ST_AsText(ST_MakeLine(ST_Point(0, 0), ST_Point(1, 1)))",
    overloads: &[
        Overload {
            arguments: &[
                Argument::geometry("geom1", "The start of the line."),
                Argument::geometry("geom2", "The end of the line."),
            ],
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.geometry(1)?).map_appended(|(a, b), line| {
                    if append_segment(a, b, line) {
                        return Ok(Some(()));
                    }
                    match [a, b].into_iter().find(|end| !is_part_of_lines(*end)) {
                        Some(other) => Err(refused(other)),
                        None => Ok(line_through(&[a, b])?.map(|bytes| line.extend(bytes))),
                    }
                })
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::new("geoms", Type::GeometryList, "The points and lines.")],
            evaluate: |arguments| {
                arguments.geometry_list(0)?.map_bytes(|geometries| line_through(&geometries))
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

/// Appends the line from one point to another, if both have X and Y and nothing else.
#[inline]
fn append_segment(a: Geometry<'_>, b: Geometry<'_>, line: &mut Vec<u8>) -> bool {
    let is_flat = a.dimension() == Dimension::Xy && b.dimension() == Dimension::Xy;
    let (true, Some(start), Some(end)) = (is_flat, a.point_xy(), b.point_xy()) else {
        return false;
    };
    line.extend_from_slice(&SEGMENT);
    for ordinate in start.into_iter().chain(end) {
        line.extend_from_slice(&ordinate.to_le_bytes());
    }
    true
}

fn is_part_of_lines(geometry: Geometry<'_>) -> bool {
    matches!(geometry.kind(), Kind::Point | Kind::MultiPoint | Kind::LineString)
}

fn refused(geometry: Geometry<'_>) -> GeometryError {
    GeometryError::InvalidArgument {
        reason: format!(
            "ST_MakeLine takes points, multipoints and lines, not {}",
            geometry.kind().wkt_name()
        ),
    }
}

/// Returns the line through the coordinates of the geometries; an absent height is 0. Geometries
/// that are neither points nor lines are left out; without any others there is no line.
pub(in crate::functions) fn line_through(
    geometries: &[Geometry<'_>],
) -> Result<Option<Vec<u8>>, GeometryError> {
    let mut dimension = Dimension::Xy;
    let mut coords: Vec<Coord> = Vec::new();
    if !geometries.iter().any(|geometry| is_part_of_lines(*geometry)) {
        return Ok(None);
    }
    for geometry in geometries.iter().filter(|geometry| is_part_of_lines(**geometry)) {
        dimension = dimension.union(geometry.dimension());
        let first_of_line = geometry.line().and_then(Sequence::first);
        let repeats = match (first_of_line, coords.last()) {
            (Some(first), Some(last)) => first.x == last.x && first.y == last.y,
            _ => false,
        };
        let mut skipped = usize::from(repeats);
        geometry.coords(|coord| {
            if skipped > 0 {
                skipped -= 1;
                return;
            }
            coords.push(coord);
        });
    }
    let line = write::line_string(coords, dimension);
    if dimension == Dimension::Xy {
        return Ok(Some(line));
    }
    Ok(Some(force_dimension(Geometry::try_new(&line)?, dimension, 0.0, 0.0)))
}
