//! The Delaunay triangulation of positions, built by inserting one after the other.

use super::quad_edge::{Edge, QuadEdges, sym};
use crate::interrupt::is_over;
use crate::planar::{Xy, closest_on_segment, distance_squared, orient};
use crate::{Bounds, GeometryError};

/// The corners of the frame come first in the list of vertices.
const FRAME: usize = 3;
/// How far the frame lies outside of the positions, in multiples of their extent.
const FRAME_FACTOR: f64 = 10.0;
/// A position is on an edge when it is closer than this part of the tolerance.
const EDGE_PART: f64 = 1e-3;

/// Whether the border of the triangulation is to be convex.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Border {
    /// The border is the convex hull, even when triangles there are very thin.
    Convex,
    /// Triangles too thin for the frame may be missing at the border.
    Free,
}

/// The Delaunay triangulation of positions inside of a large triangle, the frame.
#[derive(Debug)]
pub(crate) struct Subdivision {
    vertices: Vec<Xy>,
    edges: QuadEdges,
    start: Edge,
    border: Border,
    /// The distance below which positions are one.
    tolerance: f64,
}

impl Subdivision {
    /// Returns the triangulation of positions, of which each counts once.
    ///
    /// The frame lies around the given area too, if there is one.
    pub(crate) fn new(
        mut sites: Vec<Xy>,
        tolerance: f64,
        border: Border,
        area: Option<Bounds>,
    ) -> Result<Self, GeometryError> {
        sites.retain(|site| site.iter().all(|value| value.is_finite()));
        for site in &mut sites {
            *site = [site[0] + 0.0, site[1] + 0.0];
        }
        sites.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
        sites.dedup();
        let mut bounds = area.unwrap_or(Bounds::NOTHING);
        for [x, y] in &sites {
            bounds.add(*x, *y);
        }
        let mut subdivision = Self::framed(&bounds, tolerance, border, sites.len());
        for site in sites {
            subdivision.insert(site)?;
            if is_over() {
                return Err(GeometryError::Interrupted);
            }
        }
        Ok(subdivision)
    }

    /// Returns whether a vertex is a corner of the frame.
    pub(crate) fn is_frame(vertex: usize) -> bool {
        vertex < FRAME
    }

    /// Returns the position of a vertex.
    pub(crate) fn position(&self, vertex: usize) -> Xy {
        self.vertices.get(vertex).copied().unwrap_or([f64::NAN; 2])
    }

    /// Returns the triangles as their vertices, anticlockwise.
    pub(crate) fn triangles(&self) -> Vec<[usize; 3]> {
        let mut triangles = Vec::new();
        let mut is_seen = vec![false; self.edges.len()];
        for edge in (0..self.edges.len()).step_by(2) {
            if is_seen[edge] || !self.edges.is_live(edge) {
                continue;
            }
            let second = self.edges.left_next(edge);
            let third = self.edges.left_next(second);
            for around in [edge, second, third] {
                is_seen[around] = true;
            }
            let corners = [edge, second, third].map(|around| self.edges.origin(around));
            if self.edges.left_next(third) == edge && !corners.into_iter().any(Self::is_frame) {
                triangles.push(corners);
            }
        }
        triangles
    }

    /// Returns the edges between positions with the vertices of the triangles to their right and
    /// left: start, end, right, left.
    pub(crate) fn edges(&self) -> Vec<[usize; 4]> {
        let mut found = Vec::new();
        for edge in (0..self.edges.len()).step_by(4) {
            let ends = [self.edges.origin(edge), self.edges.destination(edge)];
            if self.edges.is_live(edge) && !ends.into_iter().any(Self::is_frame) {
                let right = self.edges.destination(self.edges.previous(edge));
                let left = self.edges.destination(self.edges.next(edge));
                found.push([ends[0], ends[1], right, left]);
            }
        }
        found
    }

    /// Returns the neighbours of each position, clockwise around it.
    pub(crate) fn neighbours(&self) -> Vec<(usize, Vec<usize>)> {
        let mut is_seen = vec![false; self.vertices.len()];
        let mut found = Vec::new();
        for edge in (0..self.edges.len()).step_by(2) {
            let vertex = self.edges.origin(edge);
            if !self.edges.is_live(edge) || Self::is_frame(vertex) || is_seen[vertex] {
                continue;
            }
            is_seen[vertex] = true;
            let mut around = Vec::new();
            let mut current = edge;
            for _ in 0..self.edges.len() {
                around.push(self.edges.destination(current));
                current = self.edges.previous(current);
                if current == edge {
                    break;
                }
            }
            found.push((vertex, around));
        }
        found
    }

    fn framed(bounds: &Bounds, tolerance: f64, border: Border, count: usize) -> Self {
        let offset = FRAME_FACTOR * bounds.width().max(bounds.height());
        let frame = [
            [f64::midpoint(bounds.xmin, bounds.xmax), bounds.ymax + offset],
            [bounds.xmin - offset, bounds.ymin - offset],
            [bounds.xmax + offset, bounds.ymin - offset],
        ];
        let mut vertices = Vec::with_capacity(count + FRAME);
        vertices.extend(frame);
        let mut edges = QuadEdges::with_capacity(3 * (count + FRAME));
        let first = edges.make(0, 1);
        let second = edges.make(1, 2);
        edges.splice(sym(first), second);
        let third = edges.make(2, 0);
        edges.splice(sym(second), third);
        edges.splice(sym(third), first);
        Self { vertices, edges, start: first, border, tolerance }
    }

    fn insert(&mut self, site: Xy) -> Result<(), GeometryError> {
        let mut edge = self.locate(site)?;
        let ends = [self.edges.origin(edge), self.edges.destination(edge)];
        let ends = ends.map(|vertex| self.position(vertex));
        let limit = self.tolerance * self.tolerance;
        if ends.iter().any(|end| *end == site || distance_squared(*end, site) < limit) {
            return Ok(());
        }
        let on_edge = limit * EDGE_PART * EDGE_PART;
        if distance_squared(site, closest_on_segment(site, ends)) < on_edge {
            edge = self.edges.previous(edge);
            let split = self.edges.next(edge);
            self.edges.detach(split);
        }
        let vertex = self.vertices.len();
        self.vertices.push(site);
        let mut spoke = self.edges.make(self.edges.origin(edge), vertex);
        self.edges.splice(spoke, edge);
        let first = spoke;
        loop {
            spoke = self.edges.connect(edge, sym(spoke));
            edge = self.edges.previous(spoke);
            if self.edges.left_next(edge) == first {
                break;
            }
        }
        self.restore(edge, first, vertex);
        Ok(())
    }

    /// Flips the edges around a new vertex until all triangles are Delaunay again.
    fn restore(&mut self, start: Edge, first: Edge, vertex: usize) {
        let mut edge = start;
        // Exact predicates make this end; the bound is for what was not thought of.
        for _ in 0..=2 * self.edges.len() {
            if is_over() {
                return;
            }
            let beyond = self.edges.destination(self.edges.previous(edge));
            if self.is_to_flip(edge, beyond, vertex) {
                self.edges.flip(edge);
                edge = self.edges.previous(edge);
            } else if self.edges.next(edge) == first {
                return;
            } else {
                edge = self.edges.left_previous(self.edges.next(edge));
            }
        }
    }

    fn is_to_flip(&self, edge: Edge, beyond: usize, vertex: usize) -> bool {
        if self.border == Border::Convex {
            if self.is_concave_border(edge) {
                return true;
            }
            if self.is_between_frame_and(edge, vertex) {
                return false;
            }
        }
        let corners = [self.edges.origin(edge), beyond, self.edges.destination(edge)];
        let [start, beyond, end] = corners.map(|corner| self.position(corner));
        orient(start, end, beyond) < 0 && is_in_circle([start, beyond, end], self.position(vertex))
    }

    /// Returns whether an edge leads to the frame from a vertex where the border turns inward.
    fn is_concave_border(&self, edge: Edge) -> bool {
        if Self::is_frame(self.edges.destination(edge)) {
            return self.is_concave_at_origin(edge);
        }
        Self::is_frame(self.edges.origin(edge)) && self.is_concave_at_origin(sym(edge))
    }

    fn is_concave_at_origin(&self, edge: Edge) -> bool {
        let at = self.position(self.edges.origin(edge));
        let before = self.position(self.edges.destination(self.edges.previous(edge)));
        let after = self.position(self.edges.destination(self.edges.next(edge)));
        orient(before, after, at) > 0
    }

    fn is_between_frame_and(&self, edge: Edge, vertex: usize) -> bool {
        let left = self.edges.destination(self.edges.next(edge));
        let right = self.edges.destination(self.edges.previous(edge));
        (left == vertex && Self::is_frame(right)) || (right == vertex && Self::is_frame(left))
    }

    /// Returns an edge of the triangle a position lies in, or the edge or vertex it lies on.
    fn locate(&mut self, site: Xy) -> Result<Edge, GeometryError> {
        if !self.edges.is_live(self.start) {
            let live = (0..self.edges.len()).step_by(4).find(|edge| self.edges.is_live(*edge));
            self.start = live.unwrap_or(0);
        }
        let mut edge = self.start;
        for _ in 0..=self.edges.len() {
            if is_over() {
                return Err(GeometryError::Interrupted);
            }
            let ends = [self.edges.origin(edge), self.edges.destination(edge)];
            if ends.into_iter().any(|end| self.position(end) == site) {
                self.start = edge;
                return Ok(edge);
            }
            if self.is_right_of(site, edge) {
                edge = sym(edge);
            } else if !self.is_right_of(site, self.edges.next(edge)) {
                edge = self.edges.next(edge);
            } else if !self.is_right_of(site, self.edges.destination_previous(edge)) {
                edge = self.edges.destination_previous(edge);
            } else {
                self.start = edge;
                return Ok(edge);
            }
        }
        Err(GeometryError::Topology { reason: "the positions cannot be triangulated".to_owned() })
    }

    fn is_right_of(&self, site: Xy, edge: Edge) -> bool {
        let (start, end) = (self.edges.origin(edge), self.edges.destination(edge));
        orient(self.position(start), self.position(end), site) < 0
    }
}

/// Returns whether a position lies inside of the circle through the corners of a triangle, which
/// is anticlockwise.
pub(crate) fn is_in_circle(triangle: [Xy; 3], at: Xy) -> bool {
    let coord = |[x, y]: Xy| robust::Coord { x, y };
    let [a, b, c] = triangle.map(coord);
    robust::incircle(a, b, c, coord(at)) > 0.0
}
