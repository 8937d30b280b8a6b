//! Buffers whose curves cross too often for one overlay, computed of parts.
//!
//! The buffer of a geometry is the union of those of its parts, and where corners and ends are
//! round, that of a line is the union of those of its pieces, and that of a polygon is the polygon
//! with, or without, that of its rings. Of thousands of curves beside each other, little but an
//! outline remains, and outlines cross rarely.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;

use super::{BufferStyle, EndCap, Join, Side, start, undivided};
use crate::GeometryError;
use crate::overlay::{AreaOverlay, Rings};
use crate::planar::{Path, Role, Shape, Xy};

/// Returns the polygons of a buffer, computed of parts of a shape.
pub(super) fn polygons(
    shape: &Shape,
    distance: f64,
    style: &BufferStyle,
) -> Result<Vec<Rings>, GeometryError> {
    let mut polygons = Divided { distance, style }.of_halves(&mut parts(shape), 0)?;
    start::choose(&mut polygons, &[]);
    Ok(polygons)
}

/// Returns the points, lines and polygons of a shape, each as a shape of its own.
fn parts(shape: &Shape) -> Vec<Shape> {
    let mut parts = Vec::new();
    for point in &shape.points {
        let mut part = Shape::default();
        part.points.push(*point);
        parts.push(part);
    }
    let is_same = |a: &Path, b: &Path| a.is_ring() && b.is_ring() && a.polygon == b.polygon;
    for paths in shape.paths.chunk_by(is_same) {
        let coords: Vec<&[Xy]> = paths.iter().map(|path| shape.path_coords(path)).collect();
        if paths.iter().all(Path::is_ring) {
            let mut part = Shape::default();
            part.add_polygon(coords, 0);
            parts.push(part);
        } else {
            parts.extend(coords.into_iter().map(line_of));
        }
    }
    parts
}

/// How parts of a shape are buffered.
struct Divided<'s> {
    distance: f64,
    style: &'s BufferStyle,
}

impl Divided<'_> {
    /// Returns the buffer of parts, computed at once if possible.
    fn of(&self, parts: &mut [Shape], axis: usize) -> Result<Vec<Rings>, GeometryError> {
        let mut shape = Shape::default();
        for part in parts.iter() {
            shape.append(part);
        }
        match undivided(&shape, self.distance, self.style) {
            Err(GeometryError::TooComplex) => self.of_halves(parts, axis),
            polygons => polygons,
        }
    }

    /// Returns the union of the buffers of the parts on either side of a line across an axis.
    fn of_halves(&self, parts: &mut [Shape], axis: usize) -> Result<Vec<Rings>, GeometryError> {
        match parts {
            [] => return Ok(Vec::new()),
            [part] => return self.of_part(part),
            _ => {}
        }
        let middle = parts.len() / 2;
        let place = |part: &Shape| {
            let first = part.coords.first().or(part.points.first());
            first.and_then(|at| at.get(axis)).copied().unwrap_or_default()
        };
        parts.select_nth_unstable_by(middle, |a, b| place(a).total_cmp(&place(b)));
        let (low, high) = parts.split_at_mut(middle);
        let low = self.of(low, 1 - axis)?;
        let high = self.of(high, 1 - axis)?;
        combined([&low, &high], OverlayRule::Union)
    }

    /// Returns the buffer of a point, a line or a polygon, of pieces of it.
    fn of_part(&self, part: &Shape) -> Result<Vec<Rings>, GeometryError> {
        let Some(path) = part.paths.first().filter(|_| self.style.join == Join::Round) else {
            return Err(GeometryError::TooComplex);
        };
        if path.is_ring() {
            return self.of_polygon(part);
        }
        let line = part.path_coords(path);
        let is_round = self.style.end_cap == EndCap::Round && self.style.side == Side::Both;
        if line.len() < 3 || !is_round {
            return Err(GeometryError::TooComplex);
        }
        let middle = line.len() / 2;
        let (head, tail) = (line.iter().take(middle + 1), line.iter().skip(middle));
        self.of_halves(&mut [line_of(head), line_of(tail)], 0)
    }

    fn of_polygon(&self, polygon: &Shape) -> Result<Vec<Rings>, GeometryError> {
        let area = undivided(polygon, 0.0, self.style)?;
        if self.distance == 0.0 {
            return Ok(area);
        }
        let style = BufferStyle { end_cap: EndCap::Round, side: Side::Both, ..*self.style };
        let border = Divided { distance: self.distance.abs(), style: &style };
        let rings = polygon.paths.iter().map(|path| line_of(polygon.path_coords(path)));
        let border = border.of(&mut rings.collect::<Vec<Shape>>(), 0)?;
        let is_grown = self.distance > 0.0;
        let rule = if is_grown { OverlayRule::Union } else { OverlayRule::Difference };
        combined([&area, &border], rule)
    }
}

fn line_of<'c>(coords: impl IntoIterator<Item = &'c Xy>) -> Shape {
    let mut shape = Shape::default();
    shape.add_path(coords.into_iter().copied(), Role::Line, 0);
    shape
}

fn combined(
    [first, second]: [&[Rings]; 2],
    rule: OverlayRule,
) -> Result<Vec<Rings>, GeometryError> {
    let rings = first.iter().chain(second).flatten().map(Vec::as_slice);
    let mut overlay = AreaOverlay::of(rings);
    for ring in first.iter().flatten() {
        overlay.add_subject(ring);
    }
    for ring in second.iter().flatten() {
        overlay.add_clip(ring);
    }
    overlay.run(rule, FillRule::NonZero)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planar::signed_area;
    use crate::{Geometry, wkt};

    #[test]
    fn a_buffer_of_parts_is_that_of_the_whole() {
        let points: Vec<String> = (0..40)
            .map(|number| format!("{} {}", number * 37 % 40 % 8, number * 37 % 40 / 8))
            .collect();
        let points = points.join(",");
        for (text, distance) in [
            (format!("MULTIPOINT({points})"), 0.7),
            (format!("LINESTRING({points})"), 0.2),
            ("POLYGON((0 0,9 0,9 9,5 2,0 9,0 0),(1 1,2 1,2 2,1 2,1 1))".to_owned(), 0.3),
            ("POLYGON((0 0,9 0,9 9,5 2,0 9,0 0),(1 1,2 1,2 2,1 2,1 1))".to_owned(), -0.3),
            (
                "GEOMETRYCOLLECTION(POINT(0 0),LINESTRING(0 0,4 4,0 4,4 0),\
                 MULTIPOLYGON(((3 3,9 3,9 9,3 3)),((0 5,1 5,1 6,0 5))))"
                    .to_owned(),
                1.0,
            ),
        ] {
            let (wkb, _) = wkt::parse(&text).unwrap();
            let shape = Shape::new(Geometry::try_new(&wkb).unwrap());
            let style = BufferStyle { quad_segs: 32, ..BufferStyle::default() };
            let area = |polygons: Vec<Rings>| -> f64 {
                polygons.iter().flatten().map(|ring| signed_area(ring)).sum()
            };
            let whole = area(undivided(&shape, distance, &style).unwrap());
            let parts = area(polygons(&shape, distance, &style).unwrap());
            assert!((whole - parts).abs() < 1e-3 * whole.abs(), "{text}: {whole} and {parts}");
        }
    }

    #[test]
    fn what_is_neither_round_nor_of_parts_stays_refused() {
        let (wkb, _) = wkt::parse("LINESTRING(0 0,4 4,0 4,4 0)").unwrap();
        let shape = Shape::new(Geometry::try_new(&wkb).unwrap());
        for style in ["join=mitre", "endcap=flat", "side=left"] {
            let style = BufferStyle::parse(style).unwrap();
            assert_eq!(polygons(&shape, 1.0, &style), Err(GeometryError::TooComplex));
        }
    }
}
