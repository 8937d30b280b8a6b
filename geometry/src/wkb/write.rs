//! Whole geometries as canonical WKB, in one call.

use super::sequence::record_of;
use super::{Geometry, Sequence, WkbWriter};
use crate::{Coord, Dimension, Kind};

/// Returns a point of X and Y: 21 bytes.
#[inline]
pub fn point_xy(x: f64, y: f64) -> Vec<u8> {
    point_xy_array(x, y).to_vec()
}

/// Returns the ordinates of a coordinate of X and Y.
#[inline]
pub fn xy_bytes(x: f64, y: f64) -> [u8; 16] {
    record_of([x, y])
}

/// Returns a point of X and Y without allocating.
#[inline]
pub fn point_xy_array(x: f64, y: f64) -> [u8; 21] {
    let [a, b, c, d, e, f, g, h] = x.to_le_bytes();
    let [i, j, k, l, m, n, o, p] = y.to_le_bytes();
    [1, 1, 0, 0, 0, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]
}

/// Returns a point.
pub fn point(coord: Coord, dimension: Dimension) -> Vec<u8> {
    let mut writer = WkbWriter::with_capacity(dimension, 5 + dimension.stride());
    writer.point(coord);
    writer.into_bytes()
}

/// Appends a point.
#[inline]
pub fn append_point(bytes: &mut Vec<u8>, coord: Coord, dimension: Dimension) {
    if dimension == Dimension::Xy {
        bytes.extend_from_slice(&point_xy_array(coord.x, coord.y));
    } else {
        bytes.extend_from_slice(&point(coord, dimension));
    }
}

/// Appends a line of the coordinates of a sequence.
#[inline]
pub fn append_line(bytes: &mut Vec<u8>, coords: Sequence<'_>) {
    if let Some(ordinates) = coords.little_endian_bytes() {
        let count = u32::try_from(coords.len()).unwrap_or(u32::MAX);
        bytes.reserve(9 + ordinates.len());
        append_header(bytes, Kind::LineString, coords.dimension(), count);
        bytes.extend_from_slice(ordinates);
        return;
    }
    let mut writer = WkbWriter::append_to(std::mem::take(bytes), coords.dimension());
    writer.line_of(coords);
    *bytes = writer.into_bytes();
}

/// Appends what comes before the members of a collection.
pub fn append_header(bytes: &mut Vec<u8>, kind: Kind, dimension: Dimension, count: u32) {
    let [a, b, c, d] = dimension.iso_code(kind).to_le_bytes();
    let [e, f, g, h] = count.to_le_bytes();
    bytes.extend_from_slice(&[1, a, b, c, d, e, f, g, h]);
}

/// Returns a geometry without coordinates.
pub fn empty(kind: Kind, dimension: Dimension) -> Vec<u8> {
    let mut writer = WkbWriter::new(dimension);
    writer.empty(kind);
    writer.into_bytes()
}

/// Returns a line.
pub fn line_string(coords: impl IntoIterator<Item = Coord>, dimension: Dimension) -> Vec<u8> {
    let mut writer = WkbWriter::new(dimension);
    writer.line(coords);
    writer.into_bytes()
}

/// Returns a line or a path of arcs.
pub fn path(kind: Kind, coords: impl IntoIterator<Item = Coord>, dimension: Dimension) -> Vec<u8> {
    let mut writer = WkbWriter::new(dimension);
    writer.path(kind, coords);
    writer.into_bytes()
}

/// Returns a polygon of closed rings, exterior first.
pub fn polygon<R>(rings: impl IntoIterator<Item = R>, dimension: Dimension) -> Vec<u8>
where
    R: IntoIterator<Item = Coord>,
{
    let mut writer = WkbWriter::new(dimension);
    writer.begin(Kind::Polygon);
    for ring in rings {
        writer.ring(ring);
    }
    writer.end();
    writer.into_bytes()
}

/// Returns a polygon or triangle with the rings of another.
pub fn rings_of(kind: Kind, geometry: Geometry<'_>) -> Vec<u8> {
    let mut writer = WkbWriter::new(geometry.dimension());
    writer.begin(kind);
    for ring in geometry.rings() {
        writer.ring_of(ring);
    }
    writer.end();
    writer.into_bytes()
}

/// Returns a multi geometry or collection of members that are canonical WKB already.
pub fn collection<P: AsRef<[u8]>>(kind: Kind, dimension: Dimension, parts: &[P]) -> Vec<u8> {
    let size: usize = parts.iter().map(|part| part.as_ref().len()).sum();
    let mut bytes = Vec::with_capacity(9 + size);
    let count = u32::try_from(parts.len()).unwrap_or(u32::MAX);
    append_header(&mut bytes, kind, dimension, count);
    for part in parts {
        bytes.extend_from_slice(part.as_ref());
    }
    bytes
}
