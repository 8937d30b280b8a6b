//! The same geometry in other bytes: canonical, EWKB, another dimension, moved coordinates.

use std::borrow::Cow;

use super::{Geometry, Sequence, WkbWriter, write};
use crate::{Coord, Dimension, Kind, Layout};

/// Returns the geometry as canonical WKB, without copying when it already is.
pub fn to_iso(geometry: Geometry<'_>) -> Cow<'_, [u8]> {
    if geometry.is_canonical() {
        return Cow::Borrowed(geometry.bytes());
    }
    let mut bytes = Vec::new();
    append_iso(&mut bytes, geometry);
    Cow::Owned(bytes)
}

/// Returns the geometry as canonical WKB in which what has no positions has no members either.
pub fn to_iso_without_hollows(geometry: Geometry<'_>) -> Cow<'_, [u8]> {
    if !has_hollow(geometry) {
        return to_iso(geometry);
    }
    let mut writer = WkbWriter::new(geometry.dimension());
    copy_without_hollows(&mut writer, geometry);
    Cow::Owned(writer.into_bytes())
}

/// Returns whether a geometry, or a member of it, has members but no positions.
fn has_hollow(geometry: Geometry<'_>) -> bool {
    if geometry.kind().layout() != Layout::Members {
        return false;
    }
    if geometry.is_empty() {
        return geometry.parts().next().is_some();
    }
    // Members of these have none themselves.
    let is_flat =
        matches!(geometry.kind(), Kind::MultiPoint | Kind::MultiLineString | Kind::MultiPolygon);
    !is_flat && geometry.parts().any(has_hollow)
}

fn copy_without_hollows(writer: &mut WkbWriter, geometry: Geometry<'_>) {
    if geometry.kind().layout() != Layout::Members {
        copy(writer, geometry, &mut |coord| coord);
        return;
    }
    writer.begin(geometry.kind());
    if !geometry.is_empty() {
        for part in geometry.parts() {
            copy_without_hollows(writer, part);
        }
    }
    writer.end();
}

/// Returns the geometry with every coordinate replaced; NaN points stay empty points.
#[inline]
pub fn map_coords(geometry: Geometry<'_>, map: impl FnMut(Coord) -> Coord) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(geometry.bytes().len());
    append_mapped(&mut bytes, geometry, map);
    bytes
}

/// Appends the geometry with every coordinate replaced; NaN points stay empty points.
#[inline]
pub fn append_mapped(
    bytes: &mut Vec<u8>,
    geometry: Geometry<'_>,
    mut map: impl FnMut(Coord) -> Coord,
) {
    if let (true, Some([x, y])) = (geometry.is_simple_point(), geometry.point_xy()) {
        let coord = map(Coord::xy(x, y));
        bytes.extend_from_slice(&write::point_xy_array(coord.x, coord.y));
        return;
    }
    let mut writer = WkbWriter::append_to(std::mem::take(bytes), geometry.dimension());
    copy(&mut writer, geometry, &mut map);
    *bytes = writer.into_bytes();
}

/// Appends a canonical path, polygon or triangle with its coordinates in the opposite order, or
/// returns that it is something else.
pub(crate) fn append_reversed_paths(bytes: &mut Vec<u8>, geometry: Geometry<'_>) -> bool {
    let is_path = matches!(geometry.kind().layout(), Layout::Path | Layout::Rings);
    if !is_path || !geometry.is_canonical() || geometry.rings().any(Sequence::is_empty) {
        return false;
    }
    bytes.extend_from_slice(geometry.bytes().get(..9).unwrap_or_default());
    if let Some(path) = geometry.path() {
        path.append_reversed(bytes);
        return true;
    }
    for ring in geometry.rings() {
        bytes.extend_from_slice(&u32::try_from(ring.len()).unwrap_or(u32::MAX).to_le_bytes());
        ring.append_reversed(bytes);
    }
    true
}

/// Appends the geometry as canonical WKB.
#[inline]
pub fn append_iso(bytes: &mut Vec<u8>, geometry: Geometry<'_>) {
    if geometry.is_canonical() {
        bytes.extend_from_slice(geometry.bytes());
    } else {
        append_mapped(bytes, geometry, |coord| coord);
    }
}

/// Returns the geometry in another dimension.
///
/// Ordinates that the geometry lacks get the given values.
pub fn force_dimension(geometry: Geometry<'_>, dimension: Dimension, z: f64, m: f64) -> Vec<u8> {
    let mut writer = WkbWriter::new(dimension);
    copy(&mut writer, geometry, &mut |coord| Coord {
        z: if coord.z.is_nan() { z } else { coord.z },
        m: if coord.m.is_nan() { m } else { coord.m },
        ..coord
    });
    writer.into_bytes()
}

/// Returns the geometry as little-endian EWKB, with an SRID in the outermost header if given.
pub fn to_ewkb(geometry: Geometry<'_>, srid: Option<i32>) -> Vec<u8> {
    let mut bytes = to_iso(geometry).into_owned();
    // A member's header is as long in EWKB as in ISO WKB, so the types are patched in place.
    patch_types(&mut bytes);
    if let Some(srid) = srid {
        set_flag(&mut bytes, 0, 0x2000_0000);
        let tail = bytes.split_off(bytes.len().min(5));
        bytes.reserve(4 + tail.len());
        bytes.extend_from_slice(&srid.to_le_bytes());
        bytes.extend_from_slice(&tail);
    }
    bytes
}

/// Writes a geometry in the dimension of the writer.
fn copy(writer: &mut WkbWriter, geometry: Geometry<'_>, map: &mut impl FnMut(Coord) -> Coord) {
    let kind = geometry.kind();
    match kind.layout() {
        Layout::Position => writer.point(geometry.point().map_or(Coord::NAN, map)),
        Layout::Path => {
            if let Some(path) = geometry.path() {
                writer.mapped_path(kind, path, map);
            }
        }
        Layout::Rings => {
            writer.begin(kind);
            for ring in geometry.rings() {
                writer.mapped_ring(ring, map);
            }
            writer.end();
        }
        Layout::Members => {
            writer.begin(kind);
            for part in geometry.parts() {
                copy(writer, part, map);
            }
            writer.end();
        }
    }
}

/// Replaces the ISO types of all headers of canonical WKB by EWKB types.
fn patch_types(bytes: &mut [u8]) {
    let mut headers = Vec::new();
    if let Ok(geometry) = Geometry::try_any(bytes) {
        collect_headers(geometry, 0, &mut headers);
    }
    for (offset, kind, dimension) in headers {
        let z = if dimension.has_z() { 0x8000_0000 } else { 0 };
        let m = if dimension.has_m() { 0x4000_0000 } else { 0 };
        set_type(bytes, offset, kind.code() | z | m);
    }
}

fn collect_headers(
    geometry: Geometry<'_>,
    offset: usize,
    headers: &mut Vec<(usize, Kind, Dimension)>,
) {
    if geometry.dimension() != Dimension::Xy {
        headers.push((offset, geometry.kind(), geometry.dimension()));
    }
    let mut position = offset + 9;
    for part in geometry.parts() {
        collect_headers(part, position, headers);
        position += part.bytes().len();
    }
}

fn set_flag(bytes: &mut [u8], offset: usize, flag: u32) {
    if let Some(field) = type_field(bytes, offset) {
        *field = (u32::from_le_bytes(*field) | flag).to_le_bytes();
    }
}

fn set_type(bytes: &mut [u8], offset: usize, code: u32) {
    if let Some(field) = type_field(bytes, offset) {
        *field = code.to_le_bytes();
    }
}

fn type_field(bytes: &mut [u8], offset: usize) -> Option<&mut [u8; 4]> {
    bytes.get_mut(offset + 1..).and_then(<[u8]>::first_chunk_mut::<4>)
}
