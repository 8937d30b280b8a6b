//! The line at some distance from a line.
//!
//! It is the part of the border of the line's buffer that follows the raw offset curve, so loops
//! that the raw curve has in narrow bends are gone.

use super::curve::{Offset, beside_ring, offset_line};
use super::{BufferStyle, EndCap, Join, Side, polygons};
use crate::overlay::Rings;
use crate::planar::{EdgeTree, Role, Shape, Xy, closest_on_segment, distance_squared, signed_area};
use crate::{Bounds, Coord, Dimension, Geometry, GeometryError, Kind, WkbWriter, to_iso};

/// The border and the raw curve are taken for the same within this part of the distance.
const MATCH: f64 = 1e-4;
/// Fewer segments in a quarter circle would move the border too far from the raw curve.
const MIN_QUAD_SEGS: u32 = 8;

/// Returns the line at a distance from a line, to its left or, with a negative distance, to its
/// right; several lines for a multi geometry or when it falls apart. The style says how corners
/// are drawn.
pub fn offset_curve(
    geometry: Geometry<'_>,
    distance: f64,
    style: &BufferStyle,
) -> Result<Vec<u8>, GeometryError> {
    if !distance.is_finite() {
        let reason = format!("the offset must be a finite number, not {distance}");
        return Err(GeometryError::InvalidArgument { reason });
    }
    if distance == 0.0 || geometry.is_empty() {
        return Ok(to_iso(geometry).into_owned());
    }
    check_linear(geometry)?;
    let style = BufferStyle {
        quad_segs: style.quad_segs.max(MIN_QUAD_SEGS),
        end_cap: EndCap::Round,
        side: Side::Both,
        ..*style
    };
    let mut lines = Vec::new();
    collect(geometry, distance, &style, &mut lines)?;
    let is_multi = lines.len() > 1 || (lines.is_empty() && geometry.kind().is_collection());
    let mut writer = WkbWriter::new(Dimension::Xy);
    if is_multi {
        writer.begin(Kind::MultiLineString);
    } else if lines.is_empty() {
        writer.empty(Kind::LineString);
    }
    for line in lines {
        writer.line(line.into_iter().map(|[x, y]| Coord::xy(x, y)));
    }
    if is_multi {
        writer.end();
    }
    Ok(writer.into_bytes())
}

fn check_linear(geometry: Geometry<'_>) -> Result<(), GeometryError> {
    match geometry.kind() {
        Kind::LineString | Kind::MultiLineString => Ok(()),
        Kind::GeometryCollection => geometry.parts().try_for_each(check_linear),
        kind => Err(GeometryError::InvalidArgument {
            reason: format!(
                "an offset curve is drawn beside lines, not beside a {}",
                kind.pg_name()
            ),
        }),
    }
}

fn collect(
    geometry: Geometry<'_>,
    distance: f64,
    style: &BufferStyle,
    lines: &mut Vec<Vec<Xy>>,
) -> Result<(), GeometryError> {
    if geometry.kind() != Kind::LineString {
        return geometry.parts().try_for_each(|part| collect(part, distance, style, lines));
    }
    let shape = Shape::new(geometry);
    if let [path] = shape.paths.as_slice() {
        lines.extend(curves(shape.path_coords(path), distance, style)?);
    }
    Ok(())
}

/// Returns the parts of the offset curve of one line, in its direction.
fn curves(line: &[Xy], distance: f64, style: &BufferStyle) -> Result<Vec<Vec<Xy>>, GeometryError> {
    let is_ring = line.len() > 3 && line.first() == line.last();
    let raw = if is_ring && style.join == Join::Bevel {
        // The curve of a ring closes where its corners are single edges.
        let side = if distance < 0.0 { Offset::Right } else { Offset::Left };
        beside_ring(line, distance.abs(), side, style)
    } else {
        offset_line(line, distance, style)
    };
    if line.len() == 2 {
        return Ok(vec![raw]);
    }
    let mut shape = Shape::default();
    shape.add_path(line.iter().copied(), Role::Line, 0);
    let mut sections = Vec::new();
    for mut ring in largest(polygons(&shape, distance.abs(), style)?) {
        // Left of the line the border of its buffer runs in its direction.
        if distance < 0.0 {
            ring.reverse();
        }
        Border::new(&ring, &raw, distance.abs() * MATCH).add_sections(&mut sections);
    }
    sections.sort_by(|a, b| a.0.total_cmp(&b.0));
    Ok(sections.into_iter().map(|(_, line)| line).collect())
}

fn largest(polygons: Vec<Rings>) -> Rings {
    let area = |rings: &Rings| rings.iter().map(|ring| signed_area(ring)).sum::<f64>().abs();
    polygons.into_iter().max_by(|a, b| area(a).total_cmp(&area(b))).unwrap_or_default()
}

/// A ring of a buffer and which of its edges follow the raw offset curve.
struct Border<'r> {
    ring: &'r [Xy],
    /// How far along the raw curve each edge starts, in edges, if it follows it.
    places: Vec<Option<f64>>,
    /// The edge that starts first.
    first: Option<usize>,
}

impl<'r> Border<'r> {
    fn new(ring: &'r [Xy], raw: &[Xy], tolerance: f64) -> Self {
        let mut shape = Shape::default();
        shape.add_path(ring.iter().copied(), Role::Line, 0);
        let tree = EdgeTree::new(&shape);
        let count = ring.len().saturating_sub(1);
        let mut border = Self { ring, places: vec![None; count], first: None };
        for (index, edge) in raw.windows(2).enumerate() {
            border.follow([edge[0], edge[1]], index as f64, tolerance, &shape, &tree);
        }
        border
    }

    /// Notes the edges that follow an edge of the raw curve.
    fn follow(&mut self, raw: [Xy; 2], index: f64, tolerance: f64, shape: &Shape, tree: &EdgeTree) {
        let mut window = Bounds::NOTHING;
        for [x, y] in raw {
            window.add(x, y);
        }
        let is_near =
            |at: Xy| distance_squared(at, closest_on_segment(at, raw)) <= tolerance * tolerance;
        let mut start: Option<(f64, usize)> = None;
        tree.search(shape, &window.expand(tolerance), |segment| {
            let [from, to] = shape.segment(segment);
            if !is_near(from) || !is_near(to) {
                return;
            }
            let place = index + fraction(from, raw);
            if let Some(known) = self.places.get_mut(segment) {
                *known = Some(place);
            }
            if start.is_none_or(|(first, _)| place < first) {
                start = Some((place, segment));
            }
        });
        let place = |segment: usize| self.places.get(segment).copied().flatten();
        if let Some((found, segment)) = start
            && self.first.and_then(place).is_none_or(|first| found < first)
        {
            self.first = Some(segment);
        }
    }

    /// Adds the runs of edges that follow the raw curve, each with its place along it.
    fn add_sections(&self, sections: &mut Vec<(f64, Vec<Xy>)>) {
        let Some(first) = self.first else { return };
        let count = self.places.len();
        let mut current: Option<(f64, Vec<Xy>)> = None;
        for step in 0..count {
            let index = (first + step) % count;
            let (Some(from), Some(to)) = (self.ring.get(index), self.ring.get(index + 1)) else {
                return;
            };
            match self.places.get(index).copied().flatten() {
                Some(place) => {
                    current.get_or_insert_with(|| (place, vec![*from])).1.push(*to);
                }
                None => sections.extend(current.take()),
            }
        }
        sections.extend(current);
    }
}

/// Returns how far along an edge a position lies, from 0 to 1.
fn fraction(at: Xy, [from, to]: [Xy; 2]) -> f64 {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let along = (at[0] - from[0]) * dx + (at[1] - from[1]) * dy;
    let length = dx * dx + dy * dy;
    if length > 0.0 { (along / length).clamp(0.0, 1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn offset(text: &str, distance: f64, style: &str) -> String {
        let (wkb, _) = wkt::parse(text).unwrap();
        let style = BufferStyle::parse(style).unwrap();
        match offset_curve(Geometry::try_new(&wkb).unwrap(), distance, &style) {
            Ok(curve) => wkt::format(Geometry::try_new(&curve).unwrap(), 6),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn curves_run_beside_their_lines() {
        let corner = "LINESTRING(0 0,10 0,10 10)";
        assert_eq!(offset(corner, 2.0, ""), "LINESTRING(0 2,8 2,8 10)");
        assert_eq!(offset(corner, -2.0, "join=mitre"), "LINESTRING(0 -2,12 -2,12 10)");
        assert_eq!(offset(corner, -2.0, "join=bevel"), "LINESTRING(0 -2,10 -2,12 0,12 10)");
        assert_eq!(offset("LINESTRING(0 0,0 10)", 3.0, ""), "LINESTRING(-3 0,-3 10)");
        assert_eq!(offset(corner, 0.0, ""), corner);
        assert_eq!(
            offset("MULTILINESTRING((0 0,1 0),(5 5,6 5))", 1.0, ""),
            "MULTILINESTRING((0 1,1 1),(5 6,6 6))"
        );
        assert_eq!(offset("LINESTRING EMPTY", 1.0, ""), "LINESTRING EMPTY");
    }

    #[test]
    fn only_lines_have_curves() {
        assert!(offset("POINT(1 1)", 1.0, "").contains("ST_Point"));
        assert!(offset("LINESTRING(0 0,1 1)", f64::INFINITY, "").contains("finite"));
    }
}
