//! Reads the boxes of a record.

use super::{invalid, literal};
use crate::xml::{self, Element, Shape};
use crate::{Coord, GeometryError, Kind};

/// Below this difference in degrees, two angles of a box are the same.
const TOLERANCE: f64 = 1e-7;

/// Reads the boxes of a record as canonical WKB: polygons, and points for boxes without extent.
///
/// Nothing when the record has no box.
pub fn parse(text: &str) -> Result<Option<Vec<u8>>, GeometryError> {
    let document = xml::parse(text).map_err(invalid)?;
    let root = document.root().ok_or_else(|| invalid("there is no element"))?;
    if root.name() != "record" {
        return Err(invalid(format!("<record> is expected, not <{}>", root.name())));
    }
    let mut parts = Vec::new();
    for field in root.children() {
        if field.name() == "datafield" && field.attribute("tag") == Some("034") {
            parts.extend(shape(field)?);
        }
    }
    let Some(first) = parts.first() else {
        return Ok(None);
    };
    if parts.len() == 1 {
        return Ok(Some(first.to_wkb()));
    }
    let is_uniform = parts.iter().all(|part| part.kind() == first.kind());
    let kind = if is_uniform { first.kind().multi() } else { Kind::GeometryCollection };
    Ok(Some(Shape::Collection(kind, parts).to_wkb()))
}

/// Reads the box of a field: its west, east, north and south.
fn shape(field: Element<'_>) -> Result<Option<Shape>, GeometryError> {
    const CODES: [&str; 4] = ["d", "e", "f", "g"];
    let mut sides = [None; 4];
    for subfield in field.children().filter(|child| child.name() == "subfield") {
        let code = subfield.attribute("code");
        let Some(index) = CODES.iter().position(|known| Some(*known) == code) else {
            continue;
        };
        let text = subfield.text();
        let angle = literal::read(&text);
        sides[index] = Some(angle.ok_or_else(|| {
            invalid(format!("\"{text}\" in 034${} is not an angle", CODES[index]))
        })?);
    }
    let [west, east, north, south] = match sides {
        [Some(west), Some(east), Some(north), Some(south)] => [west, east, north, south],
        [None, None, None, None] => return Ok(None),
        _ => return Err(invalid("a field 034 must have all of $d, $e, $f and $g")),
    };
    if (west - east).abs() < TOLERANCE && (north - south).abs() < TOLERANCE {
        return Ok(Some(Shape::Point(Some(Coord::xy(west, south)))));
    }
    let mut ring = [(west, north), (east, north), (east, south), (west, south), (west, north)];
    // The ring runs clockwise, even when the sides are mixed up.
    if (east - west) * (north - south) < 0.0 {
        ring.reverse();
    }
    Ok(Some(Shape::Polygon(vec![ring.map(|(x, y)| Coord::xy(x, y)).to_vec()])))
}
