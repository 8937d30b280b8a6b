//! The parts of a geometry that a tile shows: those of its highest dimension.

use crate::{Coord, Geometry, Kind, Sequence};

/// A position on the grid of a tile, which has whole numbers.
pub(super) type At = [i64; 2];

/// A position on the grid, with a height and a measure that the grid leaves as they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) at: At,
    pub(super) z: f64,
    pub(super) m: f64,
}

/// Parts of one dimension; rings are closed, exterior first.
#[derive(Debug)]
pub(super) enum Parts {
    Points(Vec<Place>),
    Lines(Vec<Vec<Place>>),
    Polygons(Vec<Vec<Vec<At>>>),
}

impl Parts {
    /// Returns the parts of the highest dimension, their positions brought to the grid.
    ///
    /// Positions that come together are one, and parts too small for the grid are left out.
    pub(super) fn new(geometry: Geometry<'_>, to_grid: &impl Fn([f64; 2]) -> At) -> Self {
        let kind = highest(geometry);
        let mut parts = match kind {
            Kind::Point => Self::Points(Vec::new()),
            Kind::LineString => Self::Lines(Vec::new()),
            _ => Self::Polygons(Vec::new()),
        };
        parts.collect(geometry, to_grid);
        parts
    }

    fn collect(&mut self, geometry: Geometry<'_>, to_grid: &impl Fn([f64; 2]) -> At) {
        match (geometry.kind(), &mut *self) {
            (Kind::Point, Self::Points(points)) => {
                points.extend(geometry.point().map(|coord| placed(coord, to_grid)));
            }
            (Kind::LineString, Self::Lines(lines)) => {
                let mut line = Vec::new();
                for coord in geometry.line().into_iter().flatten() {
                    keep(&mut line, placed(coord, to_grid), |place| place.at);
                }
                if line.len() >= 2 {
                    lines.push(line);
                }
            }
            (Kind::Polygon, Self::Polygons(polygons)) => {
                let mut rings = geometry.rings().map(|ring| gridded(ring, to_grid));
                let Some(exterior) = rings.next().filter(|ring| ring.len() >= 4) else {
                    return;
                };
                let mut kept = vec![exterior];
                kept.extend(rings.filter(|ring| ring.len() >= 4));
                polygons.push(kept);
            }
            (kind, _) if kind.is_collection() => {
                for part in geometry.parts() {
                    self.collect(part, to_grid);
                }
            }
            _ => {}
        }
    }
}

/// Returns the kind of the members of the highest dimension.
fn highest(geometry: Geometry<'_>) -> Kind {
    match geometry.kind() {
        Kind::GeometryCollection => geometry.parts().map(highest).max().unwrap_or(Kind::Point),
        kind => kind.member().unwrap_or(kind),
    }
}

fn placed(coord: Coord, to_grid: &impl Fn([f64; 2]) -> At) -> Place {
    Place { at: to_grid([coord.x, coord.y]), z: coord.z, m: coord.m }
}

/// Returns a ring on the grid.
fn gridded(ring: Sequence<'_>, to_grid: &impl Fn([f64; 2]) -> At) -> Vec<At> {
    let mut kept = Vec::with_capacity(ring.len());
    ring.for_each_xy(|x, y| keep(&mut kept, to_grid([x, y]), |at| *at));
    kept
}

/// Adds the next position, without those that come to lie on it or on the straight line to it.
fn keep<P>(kept: &mut Vec<P>, next: P, at_of: impl Fn(&P) -> At) {
    let at = at_of(&next);
    if kept.last().is_some_and(|last| at_of(last) == at) {
        return;
    }
    if let [.., before, last] = kept.as_slice()
        && is_between(at_of(before), at_of(last), at)
    {
        kept.pop();
    }
    kept.push(next);
}

/// Returns whether a position lies on the straight line from one to another.
fn is_between([x1, y1]: At, [x, y]: At, [x2, y2]: At) -> bool {
    let cross = i128::from(x - x1) * i128::from(y2 - y1) - i128::from(y - y1) * i128::from(x2 - x1);
    let dot = i128::from(x - x1) * i128::from(x2 - x) + i128::from(y - y1) * i128::from(y2 - y);
    cross == 0 && dot > 0
}
