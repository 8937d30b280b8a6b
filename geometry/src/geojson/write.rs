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
    Writer { out, max_decimals }.geometry(geometry, crs);
}

struct Writer<'o> {
    out: &'o mut String,
    max_decimals: usize,
}

impl Writer<'_> {
    fn geometry(&mut self, geometry: Geometry<'_>, crs: Option<&str>) {
        self.out.push_str("{\"type\":\"");
        self.out.push_str(geometry.kind().geojson_name());
        self.out.push('"');
        if let Some(crs) = crs {
            self.out.push_str(",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":");
            self.out.push_str(&serde_json::Value::from(crs).to_string());
            self.out.push_str("}}");
        }
        if geometry.kind() == Kind::GeometryCollection {
            self.out.push_str(",\"geometries\":");
            if geometry.is_empty() {
                self.out.push_str("[]}");
                return;
            }
            self.list(geometry.parts(), |this, part| this.geometry(part, None));
        } else {
            self.out.push_str(",\"coordinates\":");
            if geometry.is_empty() {
                self.out.push_str("[]");
            } else {
                self.coordinates(geometry);
            }
        }
        self.out.push('}');
    }

    fn coordinates(&mut self, geometry: Geometry<'_>) {
        match geometry.kind() {
            Kind::Point => match geometry.point() {
                Some(coord) => self.coord(coord, geometry.dimension()),
                None => self.out.push_str("[]"),
            },
            Kind::LineString => match geometry.line() {
                Some(line) => self.sequence(line),
                None => self.out.push_str("[]"),
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
        self.out.push('[');
        for (index, item) in items.enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            write(self, item);
        }
        self.out.push(']');
    }

    fn coord(&mut self, coord: Coord, dimension: Dimension) {
        self.out.push('[');
        self.ordinate(coord.x);
        self.out.push(',');
        self.ordinate(coord.y);
        if dimension.has_z() {
            self.out.push(',');
            self.ordinate(coord.z);
        }
        self.out.push(']');
    }

    fn ordinate(&mut self, value: f64) {
        if value.is_finite() {
            write_ordinate(self.out, value, self.max_decimals);
        } else {
            self.out.push_str("null");
        }
    }
}
