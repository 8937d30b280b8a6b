//! Prepared polygons.

use super::grid::{EdgeGrid, Inside};
use super::index::LARGEST;
use super::paths::{Edge, Paths};
use crate::planar::{Location, locate_bytes};
use crate::{Bounds, Geometry, Kind, Relation, Sequence};

/// Prepared polygons.
#[derive(Debug)]
pub(super) struct Area {
    pub(super) grid: EdgeGrid,
    /// One position of every ring.
    starts: Box<[[f64; 2]]>,
}

/// What the coordinates of another geometry showed.
#[derive(Debug, Default)]
struct Survey {
    has_interior: bool,
    has_boundary: bool,
    has_exterior: bool,
}

impl Area {
    /// Returns the prepared polygons, or nothing when a ring is no ring.
    pub(super) fn new(geometry: Geometry<'_>, least_cells: usize) -> Option<Self> {
        let mut paths = Paths::default();
        let mut starts = Vec::new();
        let mut is_regular = true;
        geometry.sequences(&mut |_, ring| {
            is_regular &= ring.len() >= 4 && paths.add(ring, true);
            starts.push(ring.xy(0));
        });
        if !is_regular {
            return None;
        }
        let grid = if may_overlap(geometry) {
            EdgeGrid::new(left_paths(geometry), Inside::Overlapping, least_cells)
        } else {
            EdgeGrid::new(paths, Inside::Apart, least_cells)
        };
        Some(Self { grid: grid?, starts: starts.into() })
    }

    /// Returns where a position lies relative to the polygons; nothing when they overlap there.
    #[inline]
    pub(super) fn locate(&self, x: f64, y: f64) -> Option<Location> {
        self.grid.locate(x, y)
    }

    /// Returns where all of a box lies relative to the polygons, if no edge comes near it.
    pub(super) fn location_of_box(&self, bounds: &Bounds) -> Option<Location> {
        if self.grid.has_edges_near(bounds) {
            return None;
        }
        let [x, y] = bounds.centre();
        self.locate(x, y).filter(|location| *location != Location::Boundary)
    }

    /// Returns whether the relation holds with lines or areas, if that is quickly said.
    ///
    /// The boxes of both are known to meet as the relation calls for.
    pub(super) fn decide(&self, relation: Relation, other: Geometry<'_>) -> Option<bool> {
        let is_line = matches!(other.kind(), Kind::LineString | Kind::MultiLineString);
        let is_area = matches!(other.kind(), Kind::Polygon | Kind::MultiPolygon);
        if !is_line && !is_area {
            return None;
        }
        match relation {
            Relation::Intersects | Relation::DWithin => self.intersects(other),
            Relation::Disjoint => self.intersects(other).map(|meets| !meets),
            Relation::Contains | Relation::Covers | Relation::ContainsProperly => {
                self.covers(relation, other)
            }
            Relation::Touches => {
                let survey = self.survey(other, |survey| survey.has_interior)?;
                if survey.has_interior || !edges_meet(&self.grid, other)? {
                    return Some(false);
                }
                None
            }
            Relation::Crosses if is_line => {
                let survey =
                    self.survey(other, |survey| survey.has_interior && survey.has_exterior)?;
                if survey.has_interior && survey.has_exterior {
                    return Some(true);
                }
                if edges_meet(&self.grid, other)? { None } else { Some(false) }
            }
            // Without edges that meet, a part or a hole of one may still lie in the other.
            Relation::Overlaps if is_area && !self.intersects(other)? => Some(false),
            Relation::Overlaps if self.is_ring() && is_ring(other) => {
                if edges_meet(&self.grid, other)? { None } else { Some(false) }
            }
            Relation::Within | Relation::CoveredBy | Relation::WithinProperly if is_area => {
                let [x, y] = *self.starts.first()?;
                (locate_bytes(other, [x, y])? == Location::Exterior).then_some(false)
            }
            Relation::Within | Relation::CoveredBy | Relation::WithinProperly => Some(false),
            _ => None,
        }
    }

    pub(super) fn memory_size(&self) -> usize {
        self.grid.memory_size() + size_of_val(&*self.starts)
    }

    fn is_ring(&self) -> bool {
        self.starts.len() == 1
    }

    fn intersects(&self, other: Geometry<'_>) -> Option<bool> {
        let mut starts_inside = Some(false);
        other.sequences(&mut |_, sequence| {
            let [x, y] = sequence.xy(0);
            if starts_inside == Some(false) {
                starts_inside = self.locate(x, y).map(|location| location != Location::Exterior);
            }
        });
        if starts_inside? || edges_meet(&self.grid, other)? {
            return Some(true);
        }
        // No edges meet, so each ring lies wholly inside of the other geometry or outside.
        self.has_ring_in(other)
    }

    fn covers(&self, relation: Relation, other: Geometry<'_>) -> Option<bool> {
        let survey = self.survey(other, |survey| survey.has_exterior)?;
        if survey.has_exterior {
            return Some(false);
        }
        if survey.has_boundary || edges_meet(&self.grid, other)? {
            return (relation == Relation::ContainsProperly).then_some(false);
        }
        // The other boundary is in the interior; only a hole inside of it can be uncovered.
        self.has_ring_in(other).map(|has_hole| !has_hole)
    }

    /// Returns whether a ring starts in an area; lines have no inside.
    fn has_ring_in(&self, other: Geometry<'_>) -> Option<bool> {
        if matches!(other.kind(), Kind::LineString | Kind::MultiLineString) {
            return Some(false);
        }
        let bounds = other.bounds()?;
        for [x, y] in &self.starts {
            if bounds.contains_xy(*x, *y) && locate_bytes(other, [*x, *y])? != Location::Exterior {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Locates the coordinates of another geometry until enough is known.
    fn survey(&self, other: Geometry<'_>, is_enough: impl Fn(&Survey) -> bool) -> Option<Survey> {
        let mut survey = Survey::default();
        let mut is_known = true;
        other.sequences(&mut |_, sequence| {
            for coord in sequence {
                is_known &= coord.x.is_finite() && coord.y.is_finite();
                if !is_known || is_enough(&survey) {
                    return;
                }
                match self.locate(coord.x, coord.y) {
                    Some(Location::Interior) => survey.has_interior = true,
                    Some(Location::Boundary) => survey.has_boundary = true,
                    Some(Location::Exterior) => survey.has_exterior = true,
                    None => is_known = false,
                }
            }
        });
        is_known.then_some(survey)
    }
}

/// Returns whether a geometry is one polygon without holes.
fn is_ring(geometry: Geometry<'_>) -> bool {
    geometry.kind() == Kind::Polygon && geometry.rings().count() == 1
}

/// Returns whether polygons of a multipolygon may overlap, because their boxes do.
fn may_overlap(geometry: Geometry<'_>) -> bool {
    let mut boxes: Vec<Bounds> = geometry.parts().filter_map(Geometry::bounds).collect();
    boxes.sort_by(|a, b| a.xmin.total_cmp(&b.xmin));
    boxes.iter().enumerate().any(|(index, first)| {
        let mut others = boxes.iter().skip(index + 1).take_while(|other| other.xmin < first.xmax);
        others.any(|other| first.ymin < other.ymax && other.ymin < first.ymax)
    })
}

/// Returns the rings of a multipolygon in the direction that has their polygon on the left.
fn left_paths(geometry: Geometry<'_>) -> Paths {
    let mut paths = Paths::default();
    for polygon in geometry.parts() {
        for (index, ring) in polygon.rings().enumerate() {
            paths.add(ring, true);
            paths.turn_last(index == 0);
        }
    }
    paths
}

/// Returns whether an edge of a geometry meets one in the grid; nothing when the geometry has
/// lines of a single position or coordinates that are huge or no numbers.
pub(super) fn edges_meet(grid: &EdgeGrid, other: Geometry<'_>) -> Option<bool> {
    let mut is_regular = true;
    let mut meets = false;
    other.sequences(&mut |kind, sequence| {
        if meets || !is_regular {
            return;
        }
        is_regular &= sequence.len() > 1;
        each_edge(sequence, kind == Kind::Polygon, &mut |edge| {
            is_regular &= edge.iter().all(|ordinate| ordinate.abs() < LARGEST);
            meets = meets || (is_regular && grid.meets(&edge));
        });
    });
    is_regular.then_some(meets)
}

/// Calls a function with every edge; a ring that does not end where it starts is closed.
fn each_edge(sequence: Sequence<'_>, close: bool, visit: &mut impl FnMut(Edge)) {
    let [first_x, first_y] = sequence.xy(0);
    let (mut last_x, mut last_y) = (f64::NAN, f64::NAN);
    let mut is_first = true;
    sequence.for_each_xy(|x, y| {
        if !is_first {
            visit([last_x, last_y, x, y]);
        }
        is_first = false;
        (last_x, last_y) = (x, y);
    });
    if close && (first_x != last_x || first_y != last_y) {
        visit([last_x, last_y, first_x, first_y]);
    }
}
