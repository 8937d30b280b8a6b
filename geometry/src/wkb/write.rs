//! Whole geometries as canonical WKB, in one call.

use super::WkbWriter;
use crate::{Coord, Dimension, Kind};

/// Returns a point of X and Y: 21 bytes.
#[inline]
pub fn point_xy(x: f64, y: f64) -> Vec<u8> {
    point_xy_array(x, y).to_vec()
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

/// Returns a multi geometry or collection of members that are canonical WKB already.
pub fn collection(kind: Kind, dimension: Dimension, parts: &[&[u8]]) -> Vec<u8> {
    let size: usize = parts.iter().map(|part| part.len()).sum();
    let mut bytes = Vec::with_capacity(9 + size);
    bytes.push(1);
    bytes.extend_from_slice(&dimension.iso_code(kind).to_le_bytes());
    let count = u32::try_from(parts.len()).unwrap_or(u32::MAX);
    bytes.extend_from_slice(&count.to_le_bytes());
    for part in parts {
        bytes.extend_from_slice(part);
    }
    bytes
}
