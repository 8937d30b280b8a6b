//! A hull that follows its positions inward where they are far apart.
//!
//! Starts with the Delaunay triangulation and removes triangles at the border whose outer edge is
//! long, the longest first, as long as what remains is one piece.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};

use super::concave_areas::concave_hull_of_areas;
use super::convex_hull;
use super::delaunay::{Border, Subdivision, sites};
use super::hull::with_heights;
use crate::interrupt::Steps;
use crate::overlay::{Rings, write_polygons};
use crate::planar::{Xy, distance_squared, signed_area};
use crate::{Dimension, Geometry, GeometryError, Kind, write};

/// Returns a polygon around all vertices of a geometry whose border has no edges longer than a
/// part of the range of distances between neighbours, where that can be.
///
/// With a part of 1 it is the convex hull. It may have holes only when they are allowed. The hull
/// of polygons holds them, and keeps their holes.
pub fn concave_hull(
    geometry: Geometry<'_>,
    part: f64,
    allow_holes: bool,
) -> Result<Vec<u8>, GeometryError> {
    if !(0.0..=1.0).contains(&part) {
        let reason = format!("the part of the length must lie between 0 and 1, not {part}");
        return Err(GeometryError::InvalidArgument { reason });
    }
    if geometry.is_empty() {
        return Ok(write::empty(Kind::Polygon, Dimension::Xy));
    }
    if matches!(geometry.kind(), Kind::Polygon | Kind::MultiPolygon) {
        return concave_hull_of_areas(geometry, part, allow_holes);
    }
    let subdivision = Subdivision::new(sites(geometry), 0.0, Border::Convex, None)?;
    let mut mesh = Mesh::new(&subdivision);
    if mesh.triangles.is_empty() {
        return Ok(convex_hull(geometry));
    }
    let limit = mesh.length_limit(part);
    mesh.erode_border(limit)?;
    if allow_holes {
        mesh.erode_holes(limit)?;
    }
    Ok(with_heights(write_polygons(&[mesh.rings()]), geometry))
}

/// A triangle and what lies behind its edges, each from one corner to the next.
struct Triangle {
    corners: [usize; 3],
    beyond: [Option<usize>; 3],
    is_removed: bool,
}

/// Triangles that know their neighbours.
struct Mesh<'s> {
    subdivision: &'s Subdivision,
    triangles: Vec<Triangle>,
    /// The triangles that were looked at.
    steps: Steps,
}

/// A triangle with the length that decides when its turn is.
struct Candidate {
    length: f64,
    area: f64,
    index: usize,
}

impl<'s> Mesh<'s> {
    fn new(subdivision: &'s Subdivision) -> Self {
        let corners = subdivision.triangles();
        let mut by_edge: HashMap<[usize; 2], usize> = HashMap::with_capacity(3 * corners.len());
        for (index, [a, b, c]) in corners.iter().enumerate() {
            by_edge.extend([([*a, *b], index), ([*b, *c], index), ([*c, *a], index)]);
        }
        let triangles = corners
            .into_iter()
            .map(|corners| {
                let [a, b, c] = corners;
                let beyond = [[b, a], [c, b], [a, c]].map(|edge| by_edge.get(&edge).copied());
                Triangle { corners, beyond, is_removed: false }
            })
            .collect();
        Self { subdivision, triangles, steps: Steps::default() }
    }

    /// Returns the length from which on edges are too long.
    fn length_limit(&self, part: f64) -> f64 {
        let (mut least, mut most) = (f64::INFINITY, 0.0f64);
        for index in 0..self.triangles.len() {
            for edge in 0..3 {
                let length = self.length(index, edge);
                least = least.min(length);
                most = most.max(length);
            }
        }
        if part == 0.0 {
            return 0.0;
        }
        if part == 1.0 { 2.0 * most } else { part * (most - least) + least }
    }

    fn erode_border(&mut self, limit: f64) -> Result<(), GeometryError> {
        let mut queue = BinaryHeap::new();
        for index in 0..self.triangles.len() {
            queue.extend(self.border_candidate(index));
        }
        while let Some(candidate) = queue.pop() {
            self.steps.step()?;
            let index = candidate.index;
            if self.border_length(index) < limit {
                break;
            }
            if !self.triangles[index].is_removed
                && self.border_count(index) == 1
                && !self.is_connecting(index)
            {
                for beyond in self.remove(index).into_iter().flatten() {
                    queue.extend(self.border_candidate(beyond));
                }
            }
        }
        Ok(())
    }

    fn erode_holes(&mut self, limit: f64) -> Result<(), GeometryError> {
        let mut candidates = Vec::new();
        for index in 0..self.triangles.len() {
            self.steps.step()?;
            let longest = (0..3).map(|edge| self.length(index, edge)).fold(0.0, f64::max);
            if !self.triangles[index].is_removed && longest >= limit && self.is_inside(index) {
                candidates.push(self.candidate(index, longest));
            }
        }
        candidates.sort_by(|a, b| b.cmp(a));
        for hole in candidates {
            if self.triangles[hole.index].is_removed || !self.is_inside(hole.index) {
                continue;
            }
            self.erode_hole(hole, limit)?;
        }
        Ok(())
    }

    fn erode_hole(&mut self, hole: Candidate, limit: f64) -> Result<(), GeometryError> {
        let first = hole.index;
        let mut queue = BinaryHeap::from([hole]);
        while let Some(candidate) = queue.pop() {
            self.steps.step()?;
            let index = candidate.index;
            if index != first && self.border_length(index) < limit {
                break;
            }
            let is_removable = index == first
                || (!self.triangles[index].is_removed
                    && self.border_count(index) == 1
                    && !self.touches_border(index));
            if is_removable {
                for beyond in self.remove(index).into_iter().flatten() {
                    queue.extend(self.border_candidate(beyond));
                }
            }
        }
        Ok(())
    }

    /// Returns the closed rings around what remains, the exterior first.
    fn rings(&self) -> Rings {
        let mut next: HashMap<usize, usize> = HashMap::new();
        for triangle in self.triangles.iter().filter(|triangle| !triangle.is_removed) {
            for edge in (0..3).filter(|edge| triangle.beyond[*edge].is_none()) {
                next.insert(triangle.corners[(edge + 1) % 3], triangle.corners[edge]);
            }
        }
        let mut starts: Vec<usize> = next.keys().copied().collect();
        starts.sort_unstable();
        let mut rings = Rings::new();
        for start in starts {
            let mut ring: Vec<Xy> = Vec::new();
            let mut at = start;
            while let Some(following) = next.remove(&at) {
                ring.push(self.subdivision.position(at));
                at = following;
            }
            ring.extend(ring.first().copied());
            if ring.len() > 3 {
                rings.push(ring);
            }
        }
        // Seen from inside, only the exterior ring is clockwise.
        rings.sort_by(|a, b| signed_area(a).total_cmp(&signed_area(b)));
        rings
    }

    /// Takes a triangle away and returns its neighbours.
    fn remove(&mut self, index: usize) -> [Option<usize>; 3] {
        let beyond = self.triangles[index].beyond;
        self.triangles[index].is_removed = true;
        self.triangles[index].beyond = [None; 3];
        for neighbour in beyond.into_iter().flatten() {
            for side in &mut self.triangles[neighbour].beyond {
                if *side == Some(index) {
                    *side = None;
                }
            }
        }
        beyond
    }

    fn border_candidate(&self, index: usize) -> Option<Candidate> {
        let is_candidate = self.border_count(index) == 1;
        is_candidate.then(|| self.candidate(index, self.border_length(index)))
    }

    fn candidate(&self, index: usize, length: f64) -> Candidate {
        let [a, b, c] = self.triangles[index].corners.map(|at| self.subdivision.position(at));
        Candidate { length, area: signed_area(&[a, b, c, a]).abs(), index }
    }

    fn length(&self, index: usize, edge: usize) -> f64 {
        let corners = self.triangles[index].corners;
        let [from, to] = [corners[edge], corners[(edge + 1) % 3]];
        distance_squared(self.subdivision.position(from), self.subdivision.position(to)).sqrt()
    }

    fn border_count(&self, index: usize) -> usize {
        self.triangles[index].beyond.iter().filter(|beyond| beyond.is_none()).count()
    }

    fn border_length(&self, index: usize) -> f64 {
        let beyond = self.triangles[index].beyond;
        (0..3).filter(|edge| beyond[*edge].is_none()).map(|edge| self.length(index, edge)).sum()
    }

    /// Returns whether without a triangle at the border the rest would touch itself.
    fn is_connecting(&self, index: usize) -> bool {
        let beyond = self.triangles[index].beyond;
        // The corner opposite of the edge on the border.
        (0..3)
            .find(|corner| beyond[*corner].is_some() && beyond[(corner + 2) % 3].is_some())
            .is_none_or(|corner| !self.is_interior(index, corner))
    }

    /// Returns whether a triangle neither has an edge on the border nor touches it.
    fn is_inside(&self, index: usize) -> bool {
        self.border_count(index) == 0 && !self.touches_border(index)
    }

    /// Returns whether a corner lies on the border without belonging to an edge there.
    fn touches_border(&self, index: usize) -> bool {
        let beyond = self.triangles[index].beyond;
        (0..3).any(|corner| {
            beyond[corner].is_some()
                && beyond[(corner + 2) % 3].is_some()
                && !self.is_interior(index, corner)
        })
    }

    /// Returns whether triangles lie all around a corner.
    fn is_interior(&self, index: usize, corner: usize) -> bool {
        let Some(&vertex) = self.triangles[index].corners.get(corner) else { return false };
        let mut current = index;
        for _ in 0..self.triangles.len() {
            let triangle = &self.triangles[current];
            let Some(at) = triangle.corners.iter().position(|corner| *corner == vertex) else {
                return false;
            };
            let Some(beyond) = triangle.beyond[at] else { return false };
            if beyond == index {
                return true;
            }
            current = beyond;
        }
        false
    }
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.length
            .total_cmp(&other.length)
            .then(self.area.total_cmp(&other.area))
            .then(other.index.cmp(&self.index))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Candidate {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn check(text: &str, part: f64, allow_holes: bool, expected: &str) {
        let (wkb, _) = wkt::parse(text).unwrap();
        let hull = concave_hull(Geometry::try_new(&wkb).unwrap(), part, allow_holes).unwrap();
        assert_eq!(wkt::format(Geometry::try_new(&hull).unwrap(), 15), expected, "{text}");
    }

    #[test]
    fn long_edges_give_way() {
        let bay = "MULTIPOINT((0 0),(4 0),(4 4),(3 4),(2 1),(1 4),(0 4))";
        check(bay, 1.0, false, "POLYGON((0 0,0 4,1 4,3 4,4 4,4 0,0 0))");
        check(bay, 0.0, false, "POLYGON((0 0,2 1,0 4,1 4,3 4,4 4,4 0,0 0))");
        check("MULTIPOINT((0 0),(1 1),(2 2))", 0.5, false, "LINESTRING(0 0,2 2)");
        check("POINT EMPTY", 0.5, false, "POLYGON EMPTY");
    }

    #[test]
    fn a_frame_of_positions_has_a_hole() {
        let mut frame = Vec::new();
        for step in 0..5 {
            frame.extend([
                format!("({step} 0)"),
                format!("({step} 4)"),
                format!("(0 {step})"),
                format!("(4 {step})"),
                format!("({step} -1)"),
                format!("({step} 5)"),
                format!("(-1 {step})"),
                format!("(5 {step})"),
            ]);
        }
        let text = format!("MULTIPOINT({})", frame.join(","));
        let (wkb, _) = wkt::parse(&text).unwrap();
        let hull = concave_hull(Geometry::try_new(&wkb).unwrap(), 0.3, true).unwrap();
        let hull = Geometry::try_new(&hull).unwrap();
        assert_eq!(hull.rings().len(), 2);
    }

    #[test]
    fn parts_outside_of_the_range_are_refused() {
        let (wkb, _) = wkt::parse("MULTIPOINT((0 0),(1 1),(2 1))").unwrap();
        for part in [-0.1, 1.1, f64::NAN] {
            assert!(concave_hull(Geometry::try_new(&wkb).unwrap(), part, false).is_err());
        }
    }
}
