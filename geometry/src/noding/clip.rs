//! A geometry cut to a box.

use crate::overlay::{intersection, intersection_of_windings};
use crate::planar::Xy;
use crate::{Bounds, Coord, Dimension, Geometry, GeometryError, Kind, WkbWriter, to_iso, write};

/// Returns the part of a geometry inside of a box.
///
/// What lies in the box, its border included, stays as it is. Of the rest, points and lines on the
/// border are outside, and polygons that only touch it leave nothing.
pub fn clip_by_box(geometry: Geometry<'_>, bounds: Bounds) -> Result<Vec<u8>, GeometryError> {
    let Some(extent) = geometry.bounds() else { return Ok(to_iso(geometry).into_owned()) };
    if bounds.contains(&extent) {
        return Ok(to_iso(geometry).into_owned());
    }
    let mut clipped = Clipped { bounds, parts: Vec::new() };
    clipped.add(geometry)?;
    clipped.write(geometry)
}

struct Clipped {
    bounds: Bounds,
    parts: Vec<Vec<u8>>,
}

impl Clipped {
    fn add(&mut self, geometry: Geometry<'_>) -> Result<(), GeometryError> {
        let Some(extent) = geometry.bounds() else { return Ok(()) };
        if !self.bounds.intersects(&extent) {
            return Ok(());
        }
        match geometry.kind() {
            Kind::Point => {
                if geometry.point_xy().is_some_and(|at| self.is_inside(at)) {
                    self.parts.push(to_iso(geometry).into_owned());
                }
                Ok(())
            }
            Kind::LineString => {
                self.add_line(geometry);
                Ok(())
            }
            Kind::Polygon => self.add_polygon(geometry),
            _ => geometry.parts().try_for_each(|part| self.add(part)),
        }
    }

    fn is_inside(&self, [x, y]: Xy) -> bool {
        let bounds = &self.bounds;
        bounds.xmin < x && x < bounds.xmax && bounds.ymin < y && y < bounds.ymax
    }

    fn add_polygon(&mut self, polygon: Geometry<'_>) -> Result<(), GeometryError> {
        if self.bounds.contains(&polygon.bounds().unwrap_or(Bounds::NOTHING)) {
            self.parts.push(to_iso(polygon).into_owned());
            return Ok(());
        }
        let window = self.window();
        let window = Geometry::try_new(&window)?;
        // An invalid polygon is cut as the area its rings wind around.
        let clipped =
            intersection(polygon, window).or_else(|_| intersection_of_windings(polygon, window))?;
        self.add_parts(Geometry::try_new(&clipped)?, Kind::Polygon);
        Ok(())
    }

    fn add_line(&mut self, line: Geometry<'_>) {
        let Some(sequence) = line.line() else { return };
        let coords: Vec<Coord> = sequence.iter().collect();
        let mut piece: Vec<Coord> = Vec::new();
        let mut pieces: Vec<Vec<Coord>> = Vec::new();
        for pair in coords.windows(2) {
            let Some([from, to]) = self.clip_segment(pair[0], pair[1]) else {
                pieces.push(std::mem::take(&mut piece));
                continue;
            };
            if piece.last().is_none_or(|last| (last.x, last.y) != (from.x, from.y)) {
                pieces.push(std::mem::take(&mut piece));
                piece.push(from);
            }
            piece.push(to);
        }
        pieces.push(piece);
        pieces.retain(|piece| piece.len() > 1);
        self.parts
            .extend(pieces.into_iter().map(|piece| write::line_string(piece, line.dimension())));
    }

    /// Returns the part of a segment that runs through the inside of the box.
    fn clip_segment(&self, from: Coord, to: Coord) -> Option<[Coord; 2]> {
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let bounds = &self.bounds;
        let (mut start, mut end) = (0.0f64, 1.0f64);
        for (delta, low, high) in [
            (dx, bounds.xmin - from.x, bounds.xmax - from.x),
            (dy, bounds.ymin - from.y, bounds.ymax - from.y),
        ] {
            if delta == 0.0 {
                if low >= 0.0 || high <= 0.0 {
                    return None;
                }
                continue;
            }
            let (near, far) = (low / delta, high / delta);
            start = start.max(near.min(far));
            end = end.min(near.max(far));
        }
        if start >= end {
            return None;
        }
        let at = |part: f64| {
            let mix = |a: f64, b: f64| a + part * (b - a);
            Coord {
                x: mix(from.x, to.x).clamp(bounds.xmin, bounds.xmax),
                y: mix(from.y, to.y).clamp(bounds.ymin, bounds.ymax),
                z: mix(from.z, to.z),
                m: mix(from.m, to.m),
            }
        };
        Some([if start == 0.0 { from } else { at(start) }, if end == 1.0 { to } else { at(end) }])
    }

    /// Adds the members of one kind.
    fn add_parts(&mut self, geometry: Geometry<'_>, kind: Kind) {
        if geometry.kind() == kind && !geometry.is_empty() {
            self.parts.push(to_iso(geometry).into_owned());
        }
        for part in geometry.parts() {
            self.add_parts(part, kind);
        }
    }

    fn window(&self) -> Vec<u8> {
        let Bounds { xmin, ymin, xmax, ymax } = self.bounds;
        let ring = [[xmin, ymin], [xmin, ymax], [xmax, ymax], [xmax, ymin], [xmin, ymin]];
        write::polygon([ring.map(|[x, y]| Coord::xy(x, y))], Dimension::Xy)
    }

    /// Writes the parts alone, or as a multi geometry or collection.
    fn write(self, geometry: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
        let mut kinds = Vec::with_capacity(self.parts.len());
        let mut dimension = None;
        for part in &self.parts {
            let part = Geometry::try_new(part)?;
            kinds.push(part.kind());
            dimension.get_or_insert(part.dimension());
        }
        let dimension = dimension.unwrap_or(geometry.dimension());
        let Some(first) = kinds.first().copied() else {
            return Ok(write::empty(geometry.kind(), dimension));
        };
        if let ([only], Kind::Point | Kind::LineString | Kind::Polygon) =
            (self.parts.as_slice(), first)
        {
            return Ok(only.clone());
        }
        let is_uniform = kinds.iter().all(|kind| *kind == first);
        let kind = if is_uniform { first.multi() } else { Kind::GeometryCollection };
        let mut writer = WkbWriter::new(dimension);
        writer.begin(kind);
        for part in &self.parts {
            let part = Geometry::try_new(part)?;
            if part.dimension() == dimension {
                writer.geometry(part);
            } else {
                let part = crate::force_dimension(part, dimension, f64::NAN, f64::NAN);
                writer.geometry(Geometry::try_new(&part)?);
            }
        }
        writer.end();
        Ok(writer.into_bytes())
    }
}
