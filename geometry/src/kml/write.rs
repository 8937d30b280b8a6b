//! Writes geometries as KML.

use super::invalid;
use crate::number::write_ordinate;
use crate::{Geometry, GeometryError, Kind, Sequence};

/// Returns the KML of a geometry in longitude and latitude; nothing when it is empty.
///
/// The prefix stands in front of the colon of names; without it, names have no colon.
pub fn write(
    geometry: Geometry<'_>,
    max_decimals: usize,
    prefix: &str,
) -> Result<Option<String>, GeometryError> {
    if geometry.is_empty() {
        return Ok(None);
    }
    if prefix.contains(|character: char| "<>&'\"".contains(character)) {
        return Err(invalid(format!("\"{prefix}\" cannot be a prefix")));
    }
    let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}:") };
    let mut writer = Writer { out: String::new(), prefix, max_decimals };
    writer.geometry(geometry)?;
    Ok(Some(writer.out))
}

struct Writer {
    out: String,
    prefix: String,
    max_decimals: usize,
}

impl Writer {
    fn geometry(&mut self, geometry: Geometry<'_>) -> Result<(), GeometryError> {
        match geometry.kind() {
            Kind::Point => {
                self.open("Point");
                self.open("coordinates");
                if geometry.point().is_some() {
                    geometry.sequences(&mut |_, sequence| self.positions(sequence));
                }
                self.close("coordinates");
                self.close("Point");
            }
            Kind::LineString => {
                self.open("LineString");
                if let Some(line) = geometry.line() {
                    self.coordinates(line);
                }
                self.close("LineString");
            }
            Kind::Polygon => {
                self.open("Polygon");
                for (index, ring) in geometry.rings().enumerate() {
                    let side = if index == 0 { "outerBoundaryIs" } else { "innerBoundaryIs" };
                    self.open(side);
                    self.open("LinearRing");
                    self.coordinates(ring);
                    self.close("LinearRing");
                    self.close(side);
                }
                self.close("Polygon");
            }
            Kind::GeometryCollection => {
                return Err(GeometryError::Unsupported {
                    reason: "a GEOMETRYCOLLECTION cannot be written as KML".to_owned(),
                });
            }
            _ => {
                self.open("MultiGeometry");
                for part in geometry.parts() {
                    self.geometry(part)?;
                }
                self.close("MultiGeometry");
            }
        }
        Ok(())
    }

    fn coordinates(&mut self, sequence: Sequence<'_>) {
        self.open("coordinates");
        self.positions(sequence);
        self.close("coordinates");
    }

    fn positions(&mut self, sequence: Sequence<'_>) {
        let has_z = sequence.dimension().has_z();
        for (index, coord) in sequence.iter().enumerate() {
            if index > 0 {
                self.out.push(' ');
            }
            write_ordinate(&mut self.out, coord.x, self.max_decimals);
            self.out.push(',');
            write_ordinate(&mut self.out, coord.y, self.max_decimals);
            if has_z {
                self.out.push(',');
                write_ordinate(&mut self.out, coord.z, self.max_decimals);
            }
        }
    }

    fn open(&mut self, name: &str) {
        self.out.push('<');
        self.out.push_str(&self.prefix);
        self.out.push_str(name);
        self.out.push('>');
    }

    fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(&self.prefix);
        self.out.push_str(name);
        self.out.push('>');
    }
}
