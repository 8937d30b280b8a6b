//! Geometries of one kind, read from text or bytes; others are null, and so are those with measures
//! but no heights, whose kind has another name in `PostGIS`.

use godwit_geometry::{Dimension, Geometry, GeometryError, Kind, check_complete, to_iso, wkt};

use super::st_geomfromtext::check_same_srid;
use crate::arguments::Arguments;
use crate::function::{Argument, CrsRule, Evaluated, Overload, Type};
use crate::rows::Rows as _;

const SRID: Argument = Argument::integer("srid", "The reference system.").optional().literal();

const TEXT_AND_SRID: &[Argument] = &[Argument::text("wkt", "The text."), SRID];

const BYTES_AND_SRID: &[Argument] = &[Argument::new("wkb", Type::Binary, "The bytes."), SRID];

/// Returns the overload of a function that reads texts.
pub(super) const fn of_text(evaluate: fn(&Arguments<'_>) -> Evaluated) -> Overload {
    Overload { arguments: TEXT_AND_SRID, crs: CrsRule::Text(1), evaluate, ..Overload::BASE }
}

/// Returns the overload of a function that reads bytes.
pub(super) const fn of_bytes(evaluate: fn(&Arguments<'_>) -> Evaluated) -> Overload {
    Overload { arguments: BYTES_AND_SRID, crs: CrsRule::Bytes(1), evaluate, ..Overload::BASE }
}

/// Returns the geometries of a kind that the texts in the first argument spell.
pub(super) fn text_rows(arguments: &Arguments<'_>, kind: Kind) -> Evaluated {
    let texts = arguments.text(0)?;
    if arguments.len() == 1 {
        check_same_srid(&texts)?;
    }
    texts.map_bytes(|text| {
        let (wkb, _) = wkt::parse(text)?;
        let is_wanted = is_of(Geometry::try_any(&wkb)?, kind);
        Ok::<_, GeometryError>(is_wanted.then_some(wkb))
    })
}

/// Returns the geometries of a kind that the bytes in the first argument hold.
pub(super) fn wkb_rows(arguments: &Arguments<'_>, kind: Kind) -> Evaluated {
    arguments.geometry(0)?.map_borrowed(|geometry| {
        check_complete(geometry)?;
        Ok::<_, GeometryError>(is_of(geometry, kind).then(|| to_iso(geometry)))
    })
}

fn is_of(geometry: Geometry<'_>, kind: Kind) -> bool {
    geometry.kind() == kind && geometry.dimension() != Dimension::Xym
}
