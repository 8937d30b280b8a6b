//! A polygon as a flat surface in space.

use super::vector::{Xyz, along, cross, dot, subtract};
use crate::interrupt;

/// How far from a plane the vertices of a flat ring may lie, as a part of its extent.
const FLAT: f64 = 1e-9;

/// A polygon as a flat surface in space, holes left out.
#[derive(Debug)]
pub(super) struct Surface {
    /// The exterior ring and the holes.
    pub(super) rings: Vec<Vec<Xyz>>,
    /// The plane, unless the exterior ring has no extent.
    plane: Option<Plane>,
}

#[derive(Debug)]
struct Plane {
    origin: Xyz,
    /// Upright on the plane; its length means nothing.
    normal: Xyz,
    /// The two axes in which an area of the plane is largest.
    axes: [usize; 2],
}

impl Surface {
    /// Returns the surface within closed rings, the exterior first.
    pub(super) fn new(rings: Vec<Vec<Xyz>>) -> Self {
        let plane = rings.first().and_then(|ring| Plane::new(ring));
        Self { rings, plane }
    }

    /// Returns the position of the surface right above or below a position, if there is one.
    pub(super) fn foot(&self, at: Xyz) -> Option<Xyz> {
        let plane = self.plane.as_ref()?;
        let rise = plane.rise(at) / dot(plane.normal, plane.normal);
        let foot = [
            at[0] - rise * plane.normal[0],
            at[1] - rise * plane.normal[1],
            at[2] - rise * plane.normal[2],
        ];
        self.contains(plane, foot).then_some(foot)
    }

    /// Returns the position in which a segment goes through the surface, if there is one.
    pub(super) fn pierced(&self, segment: [Xyz; 2]) -> Option<Xyz> {
        let plane = self.plane.as_ref()?;
        let (from, to) = (plane.rise(segment[0]), plane.rise(segment[1]));
        let is_crossed = (from <= 0.0) != (to <= 0.0) || (from < 0.0) != (to < 0.0);
        if !is_crossed {
            return None;
        }
        let at = along(segment, from / (from - to));
        self.contains(plane, at).then_some(at)
    }

    /// Returns whether a position in the plane lies in the exterior ring and in no hole.
    fn contains(&self, plane: &Plane, at: Xyz) -> bool {
        let mut rings = self.rings.iter();
        if interrupt::is_over_after(self.rings.first().map_or(0, Vec::len)) {
            return false;
        }
        rings.next().is_some_and(|shell| plane.is_inside(shell, at))
            && !rings.any(|hole| plane.is_inside(hole, at))
    }
}

impl Plane {
    /// Returns the plane of a ring; of one that is not flat, the plane that `PostGIS` takes.
    fn new(ring: &[Xyz]) -> Option<Self> {
        let plane = Self::of_flat(ring)?;
        let size = dot(plane.normal, plane.normal).sqrt();
        let mut extent: f64 = 0.0;
        let mut largest_rise: f64 = 0.0;
        for at in ring {
            let away = subtract(*at, plane.origin);
            extent = extent.max(dot(away, away).sqrt());
            largest_rise = largest_rise.max(plane.rise(*at).abs() / size);
        }
        if largest_rise <= FLAT * extent {
            return Some(plane);
        }
        Some(Self::of_uneven(ring).unwrap_or(plane))
    }

    /// Returns the plane through the mean vertex whose normal is that of three triangles between
    /// it and vertices a third of the ring apart, each weighted by what is inverse to its area.
    fn of_uneven(ring: &[Xyz]) -> Option<Self> {
        let (_, vertices) = ring.split_last()?;
        let count = vertices.len();
        let mut origin = [0.0; 3];
        for vertex in vertices {
            origin = [0, 1, 2].map(|axis| origin[axis] + vertex[axis] / count as f64);
        }
        let mut normal = [0.0; 3];
        for third in 0..3 {
            let from = third * count / 3;
            let ends = [ring.get(from)?, ring.get(from + count / 3)?];
            let [a, b] = ends.map(|end| subtract(*end, origin));
            let upright = cross(a, b);
            let weight = dot(upright, upright);
            normal = [0, 1, 2].map(|axis| normal[axis] + upright[axis] / weight);
        }
        Self::upright(origin, normal)
    }

    /// Returns the plane of Newell's normal through the first vertex.
    fn of_flat(ring: &[Xyz]) -> Option<Self> {
        let origin = *ring.first()?;
        let mut normal = [0.0; 3];
        for (from, to) in ring.iter().zip(ring.iter().skip(1)) {
            let upright = cross(subtract(*from, origin), subtract(*to, origin));
            normal = [0, 1, 2].map(|axis| normal[axis] + upright[axis]);
        }
        Self::upright(origin, normal)
    }

    fn upright(origin: Xyz, normal: Xyz) -> Option<Self> {
        let [x, y, z] = normal.map(f64::abs);
        if x + y + z == 0.0 || !(x + y + z).is_finite() {
            return None;
        }
        let axes = if z >= x && z >= y {
            [0, 1]
        } else if y >= x {
            [0, 2]
        } else {
            [1, 2]
        };
        Some(Self { origin, normal, axes })
    }

    /// Returns how far a position is above the plane, in lengths of the normal.
    fn rise(&self, at: Xyz) -> f64 {
        dot(self.normal, subtract(at, self.origin))
    }

    /// Returns whether a position in the plane is inside of a ring, seen along one axis.
    fn is_inside(&self, ring: &[Xyz], at: Xyz) -> bool {
        let flat = |position: &Xyz| self.axes.map(|axis| position[axis]);
        let [x, y] = flat(&at);
        let mut is_inside = false;
        for (from, to) in ring.iter().zip(ring.iter().skip(1)) {
            let ([x0, y0], [x1, y1]) = (flat(from), flat(to));
            if (y0 > y) != (y1 > y) && x < x0 + (y - y0) / (y1 - y0) * (x1 - x0) {
                is_inside = !is_inside;
            }
        }
        is_inside
    }
}
