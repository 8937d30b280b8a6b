//! Geometries as GeoJSON text, written straight from WKB.

use godwit_geometry::{Coord, Dimension, Geometry, GeometryError, Kind, Sequence, curve};

use crate::encode::text::write_float;

/// Writes a geometry of any kind as a GeoJSON geometry object, with segments in place of arcs.
pub(crate) fn write_any_geojson(
    geometry: Geometry<'_>,
    out: &mut Vec<u8>,
) -> Result<(), GeometryError> {
    if geometry.is_basic() {
        write_geojson(geometry, out);
    } else {
        write_geojson(Geometry::try_new(&curve::to_basic(geometry)?)?, out);
    }
    Ok(())
}

/// Writes a GeoJSON geometry object. GeoJSON knows heights, but no measures.
pub(crate) fn write_geojson(geometry: Geometry<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"type\":\"");
    out.extend_from_slice(geometry.kind().geojson_name().as_bytes());
    if geometry.kind() == Kind::GeometryCollection {
        out.extend_from_slice(b"\",\"geometries\":");
        write_list(geometry.parts(), out, write_geojson);
    } else {
        out.extend_from_slice(b"\",\"coordinates\":");
        write_coordinates(geometry, out);
    }
    out.push(b'}');
}

fn write_coordinates(geometry: Geometry<'_>, out: &mut Vec<u8>) {
    match geometry.kind() {
        Kind::Point => match geometry.point() {
            Some(coord) => write_position(coord, geometry.dimension(), out),
            None => out.extend_from_slice(b"[]"),
        },
        Kind::LineString => match geometry.line() {
            Some(line) => write_positions(line, out),
            None => out.extend_from_slice(b"[]"),
        },
        Kind::Polygon => write_list(geometry.rings(), out, write_positions),
        _ => write_list(geometry.parts(), out, write_coordinates),
    }
}

fn write_list<T>(items: impl Iterator<Item = T>, out: &mut Vec<u8>, write: fn(T, &mut Vec<u8>)) {
    out.push(b'[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(item, out);
    }
    out.push(b']');
}

fn write_positions(sequence: Sequence<'_>, out: &mut Vec<u8>) {
    let dimension = sequence.dimension();
    out.push(b'[');
    for index in 0..sequence.len() {
        if index > 0 {
            out.push(b',');
        }
        write_position(sequence.coord(index), dimension, out);
    }
    out.push(b']');
}

#[inline]
fn write_position(coord: Coord, dimension: Dimension, out: &mut Vec<u8>) {
    out.push(b'[');
    write_ordinate(coord.x, out);
    out.push(b',');
    write_ordinate(coord.y, out);
    if dimension.has_z() {
        out.push(b',');
        write_ordinate(coord.z, out);
    }
    out.push(b']');
}

/// JSON has no word for what is not finite.
#[inline]
fn write_ordinate(value: f64, out: &mut Vec<u8>) {
    if value.is_finite() {
        write_float(value, out);
    } else {
        out.extend_from_slice(b"null");
    }
}

#[cfg(test)]
mod tests {
    use godwit_geometry::wkt;

    use super::*;

    #[test]
    fn every_kind_is_written() {
        for (text, expected) in [
            ("POINT(1 2.5)", r#"{"type":"Point","coordinates":[1,2.5]}"#),
            ("POINT EMPTY", r#"{"type":"Point","coordinates":[]}"#),
            ("POINT ZM (1 2 3 4)", r#"{"type":"Point","coordinates":[1,2,3]}"#),
            ("LINESTRING(0 0,1 1)", r#"{"type":"LineString","coordinates":[[0,0],[1,1]]}"#),
            (
                "POLYGON((0 0,1 0,1 1,0 0))",
                r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#,
            ),
            ("MULTIPOINT((0 0),(1 1))", r#"{"type":"MultiPoint","coordinates":[[0,0],[1,1]]}"#),
            (
                "GEOMETRYCOLLECTION(POINT(1 2),MULTIPOLYGON EMPTY)",
                r#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"MultiPolygon","coordinates":[]}]}"#,
            ),
        ] {
            let (wkb, _) = wkt::parse(text).unwrap();
            let mut out = Vec::new();
            write_geojson(Geometry::try_new(&wkb).unwrap(), &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
