//! Writes GeoJSON geometries.

use crate::number::write_ordinate;
use crate::{Coord, Dimension, Geometry, Kind, Sequence};

/// Appends a geometry as GeoJSON: heights are kept, measures dropped.
///
/// Ordinates that are no finite number, which JSON cannot express, become `null`.
pub fn write(out: &mut String, geometry: Geometry<'_>, max_decimals: usize) {
    write_with_crs(out, geometry, max_decimals, None);
}

/// Appends a geometry as GeoJSON with a `crs` member that names its reference system.
pub fn write_with_crs(
    out: &mut String,
    geometry: Geometry<'_>,
    max_decimals: usize,
    crs: Option<&str>,
) {
    // Whether bytes are text is found out once for all of them.
    let mut bytes = if out.is_empty() { std::mem::take(out).into_bytes() } else { Vec::new() };
    Writer { out: &mut bytes, max_decimals }.geometry(geometry, crs);
    let text = String::from_utf8(bytes).unwrap_or_default();
    if out.is_empty() {
        *out = text;
    } else {
        out.push_str(&text);
    }
}

struct Writer<'o> {
    out: &'o mut Vec<u8>,
    max_decimals: usize,
}

impl Writer<'_> {
    fn geometry(&mut self, geometry: Geometry<'_>, crs: Option<&str>) {
        self.out.extend_from_slice(b"{\"type\":\"");
        self.out.extend_from_slice(geometry.kind().geojson_name().as_bytes());
        self.out.push(b'"');
        if let Some(crs) = crs {
            self.out.extend_from_slice(b",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":");
            self.out.extend_from_slice(serde_json::Value::from(crs).to_string().as_bytes());
            self.out.extend_from_slice(b"}}");
        }
        if geometry.kind() == Kind::GeometryCollection {
            self.out.extend_from_slice(b",\"geometries\":");
            if geometry.is_empty() {
                self.out.extend_from_slice(b"[]}");
                return;
            }
            self.list(geometry.parts(), |this, part| this.geometry(part, None));
        } else {
            self.out.extend_from_slice(b",\"coordinates\":");
            if geometry.is_empty() {
                self.out.extend_from_slice(b"[]");
            } else {
                self.coordinates(geometry);
            }
        }
        self.out.push(b'}');
    }

    fn coordinates(&mut self, geometry: Geometry<'_>) {
        match geometry.kind() {
            Kind::Point => match geometry.point() {
                Some(coord) => self.coord(coord, geometry.dimension()),
                None => self.out.extend_from_slice(b"[]"),
            },
            Kind::LineString => match geometry.line() {
                Some(line) => self.sequence(line),
                None => self.out.extend_from_slice(b"[]"),
            },
            Kind::Polygon => self.list(geometry.rings(), Self::sequence),
            _ => self.list(geometry.parts(), Self::coordinates),
        }
    }

    fn sequence(&mut self, sequence: Sequence<'_>) {
        let dimension = sequence.dimension();
        self.list(sequence.iter(), |this, coord| this.coord(coord, dimension));
    }

    fn list<T>(&mut self, items: impl Iterator<Item = T>, write: impl Fn(&mut Self, T)) {
        self.out.push(b'[');
        for (index, item) in items.enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            write(self, item);
        }
        self.out.push(b']');
    }

    fn coord(&mut self, coord: Coord, dimension: Dimension) {
        self.out.push(b'[');
        self.ordinate(coord.x);
        self.out.push(b',');
        self.ordinate(coord.y);
        if dimension.has_z() {
            self.out.push(b',');
            self.ordinate(coord.z);
        }
        self.out.push(b']');
    }

    fn ordinate(&mut self, value: f64) {
        if value.is_finite() {
            write_ordinate(self.out, value, self.max_decimals);
        } else {
            self.out.extend_from_slice(b"null");
        }
    }
}
