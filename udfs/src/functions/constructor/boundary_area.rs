//! The areas enclosed by the multilinestrings that the texts in the first argument spell.

use godwit_geometry::{Geometry, GeometryError, Kind, noding, wkt, write};

use crate::arguments::Arguments;
use crate::function::Evaluated;
use crate::rows::Rows as _;

/// Returns a polygon for each text, or a multipolygon.
pub(super) fn boundary_rows(arguments: &Arguments<'_>, is_multi: bool) -> Evaluated {
    arguments.text(0)?.map_bytes(|text| {
        let (wkb, _) = wkt::parse(text)?;
        area(Geometry::try_new(&wkb)?, is_multi)
    })
}

fn area(lines: Geometry<'_>, is_multi: bool) -> Result<Option<Vec<u8>>, GeometryError> {
    if lines.kind() != Kind::MultiLineString {
        return Err(invalid(&format!(
            "a boundary is a MULTILINESTRING, not a {}",
            lines.kind().wkt_name()
        )));
    }
    if lines.is_empty() {
        let kind = if is_multi { Kind::MultiPolygon } else { Kind::Polygon };
        return Ok(Some(write::empty(kind, lines.dimension())));
    }
    let Some(area) = noding::build_area(lines)? else {
        return Ok(None);
    };
    let geometry = Geometry::try_new(&area)?;
    match (geometry.kind(), is_multi) {
        (Kind::Polygon, true) => {
            Ok(Some(write::collection(Kind::MultiPolygon, geometry.dimension(), &[&area])))
        }
        (Kind::Polygon, false) | (_, true) => Ok(Some(area)),
        (_, false) => Err(invalid("the lines enclose several polygons; use ST_BdMPolyFromText")),
    }
}

fn invalid(reason: &str) -> GeometryError {
    GeometryError::InvalidArgument { reason: reason.to_owned() }
}
