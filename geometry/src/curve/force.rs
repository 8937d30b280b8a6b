//! Kinds changed without changing positions, and paths of several parts turned around.

use std::borrow::Cow;

use crate::{Geometry, Kind, Layout, Sequence, WkbWriter, to_iso, write};

/// Returns a line as a path of one part, a polygon as an area whose rings may have arcs, and
/// several of them as the multi kinds that may have arcs; others as they are.
pub fn force_curve(geometry: Geometry<'_>) -> Cow<'_, [u8]> {
    let kind = match geometry.kind() {
        Kind::LineString => Kind::CompoundCurve,
        Kind::Polygon => Kind::CurvePolygon,
        Kind::MultiLineString => Kind::MultiCurve,
        Kind::MultiPolygon => Kind::MultiSurface,
        _ => return to_iso(geometry),
    };
    let dimension = geometry.dimension();
    let mut writer = WkbWriter::new(dimension);
    writer.begin(kind);
    for part in geometry.parts() {
        writer.geometry(part);
    }
    for ring in geometry.rings() {
        writer.line_of(ring);
    }
    for line in geometry.line().into_iter().filter(|line| !line.is_empty()) {
        writer.line_of(line);
    }
    writer.end();
    Cow::Owned(writer.into_bytes())
}

/// Returns the geometry with the positions of every path and ring in the opposite order, and the
/// parts of a path of several parts too.
pub fn reverse(geometry: Geometry<'_>) -> Vec<u8> {
    let (kind, dimension) = (geometry.kind(), geometry.dimension());
    let turned = |sequence: Sequence<'_>| sequence.iter().rev().collect::<Vec<_>>();
    match kind.layout() {
        Layout::Position => to_iso(geometry).into_owned(),
        Layout::Path => {
            write::path(kind, geometry.path().map(turned).unwrap_or_default(), dimension)
        }
        Layout::Rings => {
            let mut writer = WkbWriter::new(dimension);
            writer.begin(kind);
            for ring in geometry.rings() {
                writer.ring(turned(ring));
            }
            writer.end();
            writer.into_bytes()
        }
        Layout::Members => {
            let mut parts: Vec<Vec<u8>> = geometry.parts().map(reverse).collect();
            if kind == Kind::CompoundCurve {
                parts.reverse();
            }
            write::collection(kind, dimension, &parts)
        }
    }
}
