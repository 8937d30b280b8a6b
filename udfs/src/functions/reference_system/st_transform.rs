//! `ST_Transform`: a geometry brought to another reference system.

use godwit_geometry::transform::Transform;
use godwit_geometry::{Crs, GeometryError};

use crate::arguments::Arguments;
use crate::function::{
    Argument, Category, CrsRule, Evaluated, Function, Kinds, Overload, Parity, Type,
};
use crate::plan::Planned;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Transform",
    category: Category::ReferenceSystem,
    summary: "Returns a geometry with its coordinates brought to another reference system.",
    notes: "The X of a geographic reference system is always the longitude. The reference system \
            that the geometry comes from is that of its column; give `source` when the column \
            has none. Reference systems are EPSG codes or texts and must be literals, or \
            ST_SRID of a column, because the result's column has them. Datums are shifted by a published operation that needs \
            no grid; where none is published, as for Xian 1980, longitudes and latitudes are taken \
            over as they are. Where there are several, as for NAD27, SAD69, Arc 1950 or Pulkovo \
            1942, it need not be the one that PROJ takes in the area: positions differ by up to \
            50 m, on Indian 1975 and IGN72 Nuku Hiva by up to 190 m.",
    example: "SELECT ST_AsText(ST_Transform(ST_Point(2.35, 48.85, 4326), 3857), 3)",
    parity: Parity::Differs("In PostGIS, SRIDs need not be literals."),
    kinds: Kinds::All,
    overloads: &[
        Overload {
            arguments: &[GEOMETRY, Argument::integer("target", "Where to.").literal()],
            crs: CrsRule::Argument(1),
            check: |planned| check_source(planned, planned.crs(0)?, 1),
            evaluate: |arguments| transform(arguments, arguments.crs(0)?),
            ..Overload::BASE
        },
        Overload {
            arguments: &[GEOMETRY, Argument::text("target", "Where to.").literal()],
            crs: CrsRule::Argument(1),
            check: |planned| check_source(planned, planned.crs(0)?, 1),
            evaluate: |arguments| transform(arguments, arguments.crs(0)?),
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                GEOMETRY,
                Argument::text("source", "Where from.").literal(),
                Argument::integer("target", "Where to.").literal(),
            ],
            crs: CrsRule::Argument(2),
            check: |planned| check_source(planned, planned.named_crs(1)?, 2),
            evaluate: |arguments| transform(arguments, named_source(arguments)?),
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                GEOMETRY,
                Argument::text("source", "Where from.").literal(),
                Argument::text("target", "Where to.").literal(),
                ALWAYS_XY.optional(),
            ],
            crs: CrsRule::Argument(2),
            check: |planned| check_source(planned, planned.named_crs(1)?, 2),
            evaluate: |arguments| transform(arguments, named_source(arguments)?),
            ..Overload::BASE
        },
        Overload {
            arguments: &[GEOMETRY, Argument::text("target", "Where to.").literal(), ALWAYS_XY],
            crs: CrsRule::Argument(1),
            check: |planned| check_source(planned, planned.crs(0)?, 1),
            evaluate: |arguments| transform(arguments, arguments.crs(0)?),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

const GEOMETRY: Argument = Argument::geometry("geom", "The geometry.");

const ALWAYS_XY: Argument =
    Argument::new("always_xy", Type::Boolean, "Only true is possible.").literal();

/// Checks that both reference systems are known and one can be reached from the other.
fn check_source(
    planned: &Planned<'_>,
    source: Option<Crs>,
    target: usize,
) -> Result<(), GeometryError> {
    // It stands behind the target.
    if planned.boolean(target + 1) == Some(false) {
        return Err(GeometryError::Unsupported {
            reason: "always_xy => false is not supported: X is always the longitude".to_owned(),
        });
    }
    // A null target is no literal text or number, and makes nulls.
    let is_given = planned
        .literals
        .get(target)
        .is_some_and(|literal| literal.is_some_and(|literal| !literal.is_null()));
    let target = planned.named_crs(target)?;
    if is_given && target.is_none() {
        return Err(unknown_target());
    }
    let (Some(source), Some(target)) = (source, target) else {
        return Ok(());
    };
    Transform::between(&source, &target).map(|_| ())
}

fn unknown_source() -> GeometryError {
    GeometryError::Transform {
        reason: "the reference system of \"geom\" is not known; name it with ST_SetSRID".to_owned(),
    }
}

fn unknown_target() -> GeometryError {
    GeometryError::Transform { reason: "the target reference system is not known".to_owned() }
}

/// Returns the reference system that the second argument names.
fn named_source(arguments: &Arguments<'_>) -> Result<Option<Crs>, GeometryError> {
    arguments.text(1)?.get(0)?.map(Crs::parse).transpose()
}

fn transform(arguments: &Arguments<'_>, source: Option<Crs>) -> Evaluated {
    let Some(source) = source else {
        // Rows without a geometry need no reference system.
        return arguments.geometry(0)?.map_bytes(|_| Err::<Vec<u8>, _>(unknown_source()));
    };
    let target = arguments.result_crs()?.ok_or_else(unknown_target)?;
    let transform = Transform::between(&source, &target)?;
    arguments.geometry(0)?.map_bytes(|geometry| transform.apply(geometry))
}
