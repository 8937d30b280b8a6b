//! The nearest positions of paths that do not meet: a corner of one and a corner or edge of the
//! other.

use crate::planar::{
    NEARNESS_MARGIN, Xy, closest_on_segment, crosses_ray, each_edge, may_be_nearer, on_segment,
    perpendicular_squared, segment_distance_squared,
};
use crate::{Geometry, Kind};

/// Geometries of more edges are better searched with an index.
const MOST_EDGES: usize = 64;

/// The edges of an area, of which every corner starts one.
#[derive(Debug)]
pub(super) struct Corners {
    edges: Vec<[Xy; 2]>,
    /// Whether what is inside is surrounded an odd number of times.
    is_polygon: bool,
}

/// How near paths come to each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nearest {
    /// The square of the distance.
    pub(super) squared: f64,
    /// The position of the other paths, unless there are several.
    pub(super) at: Option<Xy>,
}

impl Corners {
    /// Returns the edges of an area, or nothing when there are many, one is not finite or a ring
    /// has none.
    pub(super) fn new(geometry: Geometry<'_>) -> Option<Self> {
        let mut edges = Vec::new();
        if geometry.coord_count() > MOST_EDGES {
            return None;
        }
        let mut is_regular = true;
        geometry.sequences(&mut |_, ring| {
            let before = edges.len();
            each_edge(ring, true, |edge| {
                is_regular &= edge.iter().flatten().all(|ordinate| ordinate.is_finite());
                if edge[0] != edge[1] {
                    edges.push(edge);
                }
            });
            is_regular &= edges.len() > before;
        });
        let is_polygon = geometry.kind() == Kind::Polygon;
        (is_regular && !edges.is_empty()).then_some(Self { edges, is_polygon })
    }

    /// Returns the square of the distance of a position from the area, 0 inside; NaN when that
    /// takes more than a look at the edges.
    #[inline]
    pub(super) fn distance_squared(&self, at: Xy) -> f64 {
        if !self.is_polygon {
            return f64::NAN;
        }
        let mut is_inside = false;
        let mut squared = f64::INFINITY;
        for edge in &self.edges {
            if on_segment(at, *edge) {
                return 0.0;
            }
            is_inside ^= crosses_ray(at, *edge);
            squared = squared.min(segment_distance_squared(at, *edge));
        }
        if is_inside { 0.0 } else { squared }
    }

    /// Returns how near the paths of a geometry come that do not meet the area; nothing when one
    /// of them is a single position or not finite.
    pub(super) fn nearest(&self, from: Geometry<'_>) -> Option<Nearest> {
        let mut nearest = Nearest { squared: f64::INFINITY, at: None };
        let mut is_regular = true;
        from.sequences(&mut |kind, path| {
            is_regular &= path.len() > 1;
            each_edge(path, kind == Kind::Polygon, |ends| {
                is_regular &= ends.iter().flatten().all(|ordinate| ordinate.is_finite());
                for own in &self.edges {
                    for corner in ends {
                        nearest.add_corner(corner, *own, |_| corner);
                    }
                    nearest.add_corner(own[0], ends, |closest| closest);
                }
            });
        });
        (is_regular && nearest.squared.is_finite()).then_some(nearest)
    }
}

impl Nearest {
    /// Adds the distance of a corner from an edge, and which of the positions is the answer.
    #[inline]
    fn add_corner(&mut self, corner: Xy, edge: [Xy; 2], answer: impl Fn(Xy) -> Xy) {
        if may_be_nearer(corner, edge, self.squared) {
            let closest = closest_on_segment(corner, edge);
            self.add(perpendicular_squared(corner, closest, edge), answer(closest));
        }
    }

    fn add(&mut self, squared: f64, at: Xy) {
        let at = [at[0] + 0.0, at[1] + 0.0];
        if squared < self.squared {
            // A distance that differs in its last digits might be the same.
            let is_clear = squared * NEARNESS_MARGIN < self.squared || self.at == Some(at);
            *self = Self { squared, at: is_clear.then_some(at) };
        } else if squared <= self.squared * NEARNESS_MARGIN && self.at != Some(at) {
            self.at = None;
        }
    }
}
