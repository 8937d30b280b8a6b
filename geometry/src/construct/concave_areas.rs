//! A hull of polygons that holds them and follows them inward where they are far apart.
//!
//! The space between the polygons and a wide frame is cut into triangles whose edges do not cross
//! the polygons. Triangles at the border whose outer edge is long are removed, and what remains is
//! joined with the polygons: the `ConcaveHullOfPolygons` of JTS.

use std::collections::{HashMap, VecDeque};

use super::hull::with_heights;
use super::triangulate::triangles;
use crate::interrupt::Steps;
use crate::overlay::unary_union;
use crate::planar::{Key, Shape, Xy, distance_squared, key};
use crate::{Coord, Dimension, Geometry, GeometryError, Kind, to_iso, write};

/// How far the frame lies from the polygons, in diagonals of their box.
const FRAME_DISTANCE: f64 = 4.0;

/// Returns a hull that holds the polygons of a geometry and keeps their holes.
///
/// The border has no edges between polygons that are longer than a part of the range of distances
/// between neighbours.
pub(super) fn concave_hull_of_areas(
    geometry: Geometry<'_>,
    part: f64,
    allow_holes: bool,
) -> Result<Vec<u8>, GeometryError> {
    let Some(mut mesh) = Mesh::around(geometry)? else { return Ok(to_iso(geometry).into_owned()) };
    mesh.limit = mesh.length_limit(part);
    mesh.remove_frame();
    mesh.erode()?;
    if allow_holes {
        // What is removed brings others to the border or takes edges from them: a triangle that
        // starts no hole does not start one later.
        for seed in 0..mesh.triangles.len() {
            if mesh.starts_hole(seed) {
                mesh.remove(seed);
                mesh.erode()?;
            }
        }
    }
    let kept: Vec<Vec<u8>> = mesh.kept().map(closed).collect();
    if kept.is_empty() {
        return Ok(to_iso(geometry).into_owned());
    }
    let mut all = vec![geometry];
    for triangle in &kept {
        all.push(Geometry::try_new(triangle)?);
    }
    Ok(with_heights(unary_union(&all)?, geometry))
}

fn closed([a, b, c]: [Xy; 3]) -> Vec<u8> {
    write::polygon([[a, b, c, a].map(|[x, y]| Coord::xy(x, y))], Dimension::Xy)
}

/// A triangle and what lies behind its edges, each from one corner to the next.
struct Triangle {
    corners: [Xy; 3],
    beyond: [Option<usize>; 3],
    is_framed: bool,
    is_removed: bool,
    /// The edge at the border, if there is one.
    border: Option<usize>,
}

/// The triangles between polygons and a frame.
struct Mesh {
    triangles: Vec<Triangle>,
    /// The triangles that came to the border.
    waiting: VecDeque<usize>,
    /// The length from which on edges at the border are too long.
    limit: f64,
    /// The triangles that were looked at.
    steps: Steps,
}

impl Mesh {
    /// Returns the triangles around polygons, or nothing when they are empty.
    fn around(geometry: Geometry<'_>) -> Result<Option<Self>, GeometryError> {
        let Some(bounds) = geometry.bounds() else { return Ok(None) };
        let frame = bounds.expand(FRAME_DISTANCE * bounds.width().hypot(bounds.height()));
        let corners = [
            [frame.xmin, frame.ymin],
            [frame.xmax, frame.ymin],
            [frame.xmax, frame.ymax],
            [frame.xmin, frame.ymax],
        ];
        let [a, b, c, d] = corners.map(|[x, y]| Coord::xy(x, y));
        let mut rings: Vec<Vec<Coord>> = vec![vec![a, b, c, d, a]];
        let areas: Vec<Geometry<'_>> = match geometry.kind() {
            Kind::Polygon => vec![geometry],
            _ => geometry.parts().collect(),
        };
        for area in areas {
            let shell = area.rings().next().map(|ring| ring.iter().collect::<Vec<_>>());
            rings.extend(shell.filter(|shell| !shell.is_empty()));
        }
        let space = write::polygon(rings, Dimension::Xy);
        let found = triangles(&Shape::new(Geometry::try_new(&space)?))?;
        let is_corner = |at: &Xy| corners.contains(at);
        let mut by_edge: HashMap<[Key; 2], usize> = HashMap::with_capacity(3 * found.len());
        for (index, [a, b, c]) in found.iter().enumerate() {
            let [a, b, c] = [key(*a), key(*b), key(*c)];
            by_edge.extend([([a, b], index), ([b, c], index), ([c, a], index)]);
        }
        let triangles = found
            .into_iter()
            .map(|corners| {
                let [a, b, c] = corners.map(key);
                let beyond = [[b, a], [c, b], [a, c]].map(|edge| by_edge.get(&edge).copied());
                let is_framed = corners.iter().any(is_corner);
                Triangle { corners, beyond, is_framed, is_removed: false, border: None }
            })
            .collect();
        let (waiting, limit) = (VecDeque::new(), f64::INFINITY);
        Ok(Some(Self { triangles, waiting, limit, steps: Steps::default() }))
    }

    /// Returns the length from which on edges are too long: a part of the range of lengths of
    /// edges that are no borders of polygons.
    fn length_limit(&self, part: f64) -> f64 {
        let (mut least, mut most) = (f64::INFINITY, 0.0f64);
        for triangle in self.triangles.iter().filter(|triangle| !triangle.is_framed) {
            for edge in 0..3 {
                if triangle.beyond[edge].is_some() {
                    let length = triangle.length(edge);
                    least = least.min(length);
                    most = most.max(length);
                }
            }
        }
        if part <= 0.0 {
            0.0
        } else if part >= 1.0 {
            2.0 * most
        } else {
            part * (most - least) + least
        }
    }

    fn remove_frame(&mut self) {
        for index in 0..self.triangles.len() {
            if self.triangles[index].is_framed {
                self.remove(index);
            }
        }
    }

    /// Removes triangles at the border whose outer edge is too long, until there is none.
    fn erode(&mut self) -> Result<(), GeometryError> {
        while let Some(index) = self.waiting.pop_front() {
            self.steps.step()?;
            let triangle = &self.triangles[index];
            let is_long = triangle.border.is_some_and(|edge| triangle.length(edge) > self.limit);
            if is_long && !triangle.is_removed {
                self.remove(index);
            }
        }
        Ok(())
    }

    /// Returns whether a triangle inside has an edge that is too long.
    fn starts_hole(&self, index: usize) -> bool {
        let triangle = &self.triangles[index];
        !triangle.is_removed
            && triangle.border.is_none()
            && (0..3)
                .any(|edge| triangle.beyond[edge].is_some() && triangle.length(edge) > self.limit)
    }

    /// Removes a triangle, which brings its neighbours to the border.
    fn remove(&mut self, index: usize) {
        self.triangles[index].is_removed = true;
        for beyond in self.triangles[index].beyond.into_iter().flatten() {
            let neighbour = &mut self.triangles[beyond];
            neighbour.border = (0..3).find(|edge| neighbour.beyond[*edge] == Some(index));
            if let Some(edge) = neighbour.border {
                neighbour.beyond[edge] = None;
            }
            self.waiting.push_back(beyond);
        }
    }

    /// Returns the corners of the triangles that are left.
    fn kept(&self) -> impl Iterator<Item = [Xy; 3]> {
        let left = self.triangles.iter().filter(|triangle| !triangle.is_removed);
        left.map(|triangle| triangle.corners)
    }
}

impl Triangle {
    fn length(&self, edge: usize) -> f64 {
        distance_squared(self.corners[edge], self.corners[(edge + 1) % 3]).sqrt()
    }
}
