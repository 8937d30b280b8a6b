//! Geometries brought to the grid of a tile.

use super::clip::{Window, clip_line, clip_polygon};
use super::parts::{At, Parts, Place};
use crate::{Bounds, Coord, Dimension, Geometry, GeometryError, Kind, WkbWriter, interrupt};

/// The magnitude that no number on a grid exceeds: renderers have 32 bits.
const LARGEST: f64 = 2_147_483_647.0;

/// The grid of a tile, its rows counted from above.
#[derive(Debug, Clone, Copy)]
pub struct TileGrid {
    bounds: Bounds,
    extent: i64,
    /// How far geometries reach beyond the border, if they are cut at all.
    buffer: Option<i64>,
}

impl TileGrid {
    /// Returns the grid of a tile with `extent` cells on a side.
    pub fn new(bounds: Bounds, extent: i64, buffer: Option<i64>) -> Result<Self, GeometryError> {
        let invalid = |reason: &str| GeometryError::InvalidArgument {
            reason: format!("ST_AsMVTGeom: {reason}"),
        };
        if !(1..=i64::from(i32::MAX)).contains(&extent) {
            return Err(invalid("the extent must be positive"));
        }
        if buffer.is_some_and(|buffer| !(0..=i64::from(i32::MAX)).contains(&buffer)) {
            return Err(invalid("the buffer must not be negative"));
        }
        if !(bounds.width() > 0.0 && bounds.height() > 0.0) {
            return Err(invalid("the bounds must have a width and a height"));
        }
        Ok(Self { bounds, extent, buffer })
    }

    /// Returns whether a geometry is smaller than half a cell of the grid.
    fn is_too_small(&self, geometry: Geometry<'_>) -> bool {
        let has_extent = matches!(
            geometry.kind(),
            Kind::LineString | Kind::MultiLineString | Kind::Polygon | Kind::MultiPolygon
        );
        let half = 2.0 * self.extent as f64;
        has_extent
            && geometry.bounds().is_some_and(|bounds| {
                bounds.width() < self.bounds.width() / half
                    && bounds.height() < self.bounds.height() / half
            })
    }

    #[expect(clippy::cast_possible_truncation, reason = "the number was brought into range")]
    fn cell(&self, [x, y]: [f64; 2]) -> At {
        let across = (x - self.bounds.xmin) * (self.extent as f64 / self.bounds.width());
        let down = (self.bounds.ymax - y) * (self.extent as f64 / self.bounds.height());
        [across, down].map(|value| value.round_ties_even().clamp(-LARGEST, LARGEST) as i64)
    }

    fn window(&self) -> Option<Window> {
        let buffer = self.buffer?;
        Some(Window { low: [-buffer; 2], high: [self.extent + buffer; 2] })
    }
}

/// Returns a geometry on the grid of a tile, cut at its border; nothing when nothing is left.
///
/// Of a collection, the members of the highest dimension remain. Polygons are made valid and lose
/// their heights and measures; what is cut loses its measures.
pub fn place(geometry: Geometry<'_>, grid: &TileGrid) -> Result<Option<Vec<u8>>, GeometryError> {
    if geometry.is_empty() || grid.is_too_small(geometry) {
        return Ok(None);
    }
    let parts = Parts::new(geometry, &|at| grid.cell(at));
    let window = grid.window();
    Ok(match parts {
        Parts::Points(points) => write_points(points, window.as_ref(), geometry.dimension()),
        Parts::Lines(lines) => write_lines(&lines, window.as_ref(), geometry.dimension()),
        Parts::Polygons(polygons) => {
            let mut clipped = Vec::new();
            for rings in &polygons {
                clipped.extend(guarded(|| clip_polygon(rings, window.as_ref()))?);
            }
            write_polygons(&clipped)
        }
    })
}

fn write_points(
    mut points: Vec<Place>,
    window: Option<&Window>,
    dimension: Dimension,
) -> Option<Vec<u8>> {
    let count = points.len();
    if let Some(window) = window {
        points.retain(|place| window.contains(place.at));
    }
    let is_cut = points.len() < count;
    let dimension = Dimension::new(dimension.has_z(), dimension.has_m() && !is_cut);
    let mut seen = std::collections::HashSet::new();
    points.retain(|place| seen.insert(place.at));
    write(Kind::Point, dimension, &points, |writer, place| writer.point(coord_of(place)))
}

fn write_lines(
    lines: &[Vec<Place>],
    window: Option<&Window>,
    dimension: Dimension,
) -> Option<Vec<u8>> {
    let Some(window) = window else { return write_pieces(lines, dimension) };
    let is_within = |line: &Vec<Place>| line.iter().all(|place| window.contains(place.at));
    if lines.iter().all(is_within) {
        return write_pieces(lines, dimension);
    }
    let pieces: Vec<Vec<Place>> = lines.iter().flat_map(|line| clip_line(line, window)).collect();
    // As GEOS has it: a line has heights if its first position has one.
    let has_height = |piece: &Vec<Place>| piece.first().is_some_and(|place| !place.z.is_nan());
    let has_z = dimension.has_z() && pieces.iter().any(has_height);
    write_pieces(&pieces, Dimension::new(has_z, false))
}

fn write_pieces(lines: &[Vec<Place>], dimension: Dimension) -> Option<Vec<u8>> {
    write(Kind::LineString, dimension, lines, |writer, line| {
        writer.line(line.iter().map(coord_of));
    })
}

fn write_polygons(polygons: &[Vec<Vec<At>>]) -> Option<Vec<u8>> {
    write(Kind::Polygon, Dimension::Xy, polygons, |writer, rings| {
        writer.begin(Kind::Polygon);
        for ring in rings {
            writer.ring(ring.iter().map(coord));
        }
        writer.end();
    })
}

/// Writes one part, or a multi geometry of several.
fn write<P>(
    kind: Kind,
    dimension: Dimension,
    parts: &[P],
    part: impl Fn(&mut WkbWriter, &P),
) -> Option<Vec<u8>> {
    let mut writer = WkbWriter::new(dimension);
    match parts {
        [] => return None,
        [only] => part(&mut writer, only),
        several => {
            writer.begin(kind.multi());
            for each in several {
                part(&mut writer, each);
            }
            writer.end();
        }
    }
    Some(writer.into_bytes())
}

fn coord([x, y]: &At) -> Coord {
    Coord::xy(*x as f64, *y as f64)
}

fn coord_of(place: &Place) -> Coord {
    Coord { z: place.z, m: place.m, ..coord(&place.at) }
}

/// Leaves what is computed once nobody waits for it, and turns a panic into an error.
fn guarded<T>(compute: impl FnOnce() -> Result<T, GeometryError>) -> Result<T, GeometryError> {
    interrupt::contained_or("the polygon cannot be cut at the border of the tile", compute)?
}
