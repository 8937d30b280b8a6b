//! The piece of a line between two fractions of its length.

use super::{distance, interpolate, length};
use crate::edit::push_distinct;
use crate::{Coord, Dimension, Geometry, Kind, Sequence, write};

/// Returns the piece of a line between two fractions of its length, or the pieces of a multiline;
/// a piece without length is a point.
///
/// Nothing is returned for an empty geometry, or one that is no line.
pub fn substring(geometry: Geometry<'_>, [start, end]: [f64; 2]) -> Option<Vec<u8>> {
    if geometry.is_empty() {
        return None;
    }
    let dimension = geometry.dimension();
    if let Some(line) = geometry.line() {
        return Some(write_piece(piece(line, [start, end]), dimension));
    }
    if geometry.kind() != Kind::MultiLineString {
        return None;
    }
    let lines: Vec<Sequence<'_>> = geometry.parts().filter_map(Geometry::line).collect();
    let total: f64 = lines.iter().map(|line| length(*line)).sum();
    let mut pieces = Vec::with_capacity(lines.len());
    let mut has_points = false;
    let mut passed = 0.0;
    let mut last = 0.0;
    for line in lines {
        passed += length(line);
        let (first, next) = (last, passed / total);
        last = next;
        if start > next || end < first {
            continue;
        }
        let part = |fraction: f64| (fraction - first) / (next - first);
        let from = if start <= first { 0.0 } else { part(start) };
        let to = if end >= next { 1.0 } else { part(end) };
        let coords = piece(line, [from, to]);
        if !coords.is_empty() {
            has_points |= coords.len() == 1;
            pieces.push(write_piece(coords, dimension));
        }
    }
    let kind = if has_points { Kind::GeometryCollection } else { Kind::MultiLineString };
    Some(write::collection(kind, dimension, &pieces))
}

fn write_piece(coords: Vec<Coord>, dimension: Dimension) -> Vec<u8> {
    match coords.as_slice() {
        [only] => write::point(*only, dimension),
        _ => write::line_string(coords, dimension),
    }
}

/// Returns the vertices between two fractions, none of them twice in a row.
fn piece(line: Sequence<'_>, fractions: [f64; 2]) -> Vec<Coord> {
    let total = length(line);
    let [start, end] = fractions.map(|fraction| total * fraction);
    let mut coords = Vec::new();
    let mut passed = 0.0;
    let mut is_inside = false;
    for (from, to) in line.iter().zip(line.iter().skip(1)) {
        let edge = distance(from, to);
        let reached = passed + edge;
        let at = |wanted: f64| interpolate(from, to, (wanted - passed) / edge);
        if !is_inside && start <= reached {
            is_inside = true;
            if start == reached {
                // The piece begins with the end of this edge.
                push_distinct(&mut coords, to);
                passed = reached;
                continue;
            }
            push_distinct(&mut coords, if start == passed { from } else { at(start) });
        }
        if is_inside {
            if end == reached {
                push_distinct(&mut coords, to);
                break;
            }
            if end < reached {
                push_distinct(&mut coords, if end == passed { from } else { at(end) });
                break;
            }
            push_distinct(&mut coords, to);
        }
        passed = reached;
    }
    coords
}
