//! `ST_Collect`: geometries put together without changing them.

use godwit_geometry::{Dimension, Geometry, GeometryError, Kind, to_iso, write};

use crate::answers::BytesAnswers;
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Kinds, Nulls, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Collect",
    category: Category::Constructor,
    summary: "Returns a multi geometry or collection with two geometries as its members.",
    notes: "Two points, lines or polygons make a multi geometry, anything else a collection. A \
            null is left out. With one argument the name means the aggregate `ST_Collect_Agg`.",
    example: "SELECT ST_AsText(ST_Collect(ST_Point(0, 0), ST_Point(1, 1)))",
    nulls: Nulls::Seen,
    kinds: Kinds::All,
    overloads: &[
        Overload {
            arguments: &[
                Argument::geometry("geom1", "The first member."),
                Argument::geometry("geom2", "The second member."),
            ],
            evaluate: collect_rows,
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::new("geoms", Type::GeometryList, "The members.")],
            evaluate: |arguments| {
                arguments.geometry_list(0)?.map_bytes(|geometries| {
                    (!geometries.is_empty()).then(|| collection_of(&geometries)).transpose()
                })
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn collect_rows(arguments: &Arguments<'_>) -> Evaluated {
    let (left, right) = (arguments.geometry(0)?, arguments.geometry(1)?);
    let mut answers = BytesAnswers::new(arguments.row_count, 0);
    for row in 0..arguments.row_count {
        match (left.get(row)?, right.get(row)?) {
            (Some(a), Some(b)) => answers.push(Some(&collection_of(&[a, b])?))?,
            (Some(only), None) | (None, Some(only)) => answers.push(Some(&to_iso(only)))?,
            (None, None) => answers.push(None)?,
        }
    }
    answers.finish()
}

/// Returns the smallest multi geometry or collection that has the geometries as members.
pub(in crate::functions) fn collection_of(
    geometries: &[Geometry<'_>],
) -> Result<Vec<u8>, GeometryError> {
    let Some(first) = geometries.first() else {
        return Ok(write::empty(Kind::GeometryCollection, Dimension::Xy));
    };
    let mut is_uniform = !first.kind().is_collection();
    let mut parts = Vec::with_capacity(geometries.len());
    for geometry in geometries {
        if geometry.dimension() != first.dimension() {
            return Err(GeometryError::InvalidArgument {
                reason: "a collection cannot mix geometries with and without heights or measures; use ST_Force2D".to_owned(),
            });
        }
        is_uniform &= geometry.kind() == first.kind();
        parts.push(to_iso(*geometry));
    }
    let kind = if is_uniform { first.kind().multi() } else { Kind::GeometryCollection };
    Ok(write::collection(kind, first.dimension(), &parts))
}
