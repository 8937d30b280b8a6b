//! Writes the boxes of geometries as a record.

use std::fmt::Write as _;

use super::literal::Format;
use crate::{Geometry, GeometryError};

/// Returns the record with the box of a geometry in longitude and latitude, or with those of the
/// members of a collection; nothing when it is empty.
pub fn write(geometry: Geometry<'_>, format: &str) -> Result<Option<String>, GeometryError> {
    let format = Format::parse(format)?;
    if geometry.is_empty() {
        return Ok(None);
    }
    let mut record = "<record xmlns=\"http://www.loc.gov/MARC21/slim\">".to_owned();
    if geometry.kind().is_collection() {
        for part in geometry.parts() {
            push_field(&mut record, part, &format);
        }
    } else {
        push_field(&mut record, geometry, &format);
    }
    record.push_str("</record>");
    Ok(Some(record))
}

fn push_field(record: &mut String, geometry: Geometry<'_>, format: &Format) {
    let Some(bounds) = geometry.bounds() else {
        return;
    };
    record.push_str("<datafield tag=\"034\" ind1=\"1\" ind2=\" \">");
    let (longitude, latitude) = (['E', 'W'], ['N', 'S']);
    for (code, angle) in [
        ('a', "a".to_owned()),
        ('d', format.write(bounds.xmin, longitude)),
        ('e', format.write(bounds.xmax, longitude)),
        ('f', format.write(bounds.ymax, latitude)),
        ('g', format.write(bounds.ymin, latitude)),
    ] {
        let _ = write!(record, "<subfield code=\"{code}\">{angle}</subfield>");
    }
    record.push_str("</datafield>");
}
