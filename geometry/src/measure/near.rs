//! The nearest positions of paths that do not meet: a corner of one and a corner or edge of the
//! other.

use crate::planar::{
    NEARNESS_MARGIN, Xy, closest_on_segment, crosses_ray, each_edge, may_be_nearer, on_segment,
    perpendicular_squared, segment_distance_squared,
};
use crate::{Bounds, Geometry, Kind, Sequence};

/// Geometries of more edges are better searched with an index.
const MOST_EDGES: usize = 64;
/// How many edges of a long path are left out together when they are too far away.
const RUN: usize = 16;
/// What distances between positions are rounded by, as a part of their ordinates.
const ROUNDING: f64 = 1e-14;

/// The edges of an area, of which every corner starts one.
#[derive(Debug)]
pub(super) struct Corners {
    edges: Vec<[Xy; 2]>,
    /// Whether what is inside is surrounded an odd number of times.
    is_polygon: bool,
    /// The greatest magnitude of an ordinate.
    magnitude: f64,
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
        let ordinates = edges.iter().flatten().flatten();
        let magnitude = ordinates.fold(0.0, |most: f64, ordinate| most.max(ordinate.abs()));
        (is_regular && !edges.is_empty()).then_some(Self { edges, is_polygon, magnitude })
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
            is_regular &= path.len() > 1 && self.add_path(path, &mut nearest);
            let (first, last) = (path.xy(0), path.xy(path.len().saturating_sub(1)));
            if kind == Kind::Polygon && first != last {
                self.edges.iter().for_each(|own| nearest.add_edge([last, first], *own));
            }
        });
        (is_regular && nearest.squared.is_finite()).then_some(nearest)
    }

    /// Adds the edges of a path, or returns that one of them is not finite.
    ///
    /// Of a long path, first one corner of every run is looked at, then all of the runs that may
    /// come as near as the nearest of these.
    fn add_path(&self, path: Sequence<'_>, nearest: &mut Nearest) -> bool {
        let is_long = path.len() > 2 * RUN;
        if is_long {
            for start in (0..path.len()).step_by(RUN) {
                let corner = path.xy(start);
                for own in &self.edges {
                    nearest.add_corner(corner, *own, |_| corner);
                }
            }
        }
        let length = if is_long { RUN } else { path.len() };
        for start in (0..path.len() - 1).step_by(length) {
            let run = path.part(start..(start + length + 1).min(path.len()));
            let Some((centre, radius)) = circle_around(run) else { return false };
            let [x, y] = centre;
            let slack = ROUNDING * (self.magnitude + x.abs() + y.abs());
            for own in &self.edges {
                let reach = nearest.squared.sqrt() + radius + slack;
                let limit = reach * reach * NEARNESS_MARGIN;
                if segment_distance_squared(centre, *own) <= limit {
                    each_edge(run, false, |ends| nearest.add_edge(ends, *own));
                    let corner = run.xy(run.len() - 1);
                    nearest.add_corner(corner, *own, |_| corner);
                }
            }
        }
        true
    }
}

/// Returns the centre and the radius of a circle around all positions, if they are finite.
fn circle_around(path: Sequence<'_>) -> Option<(Xy, f64)> {
    let mut bounds = Bounds::NOTHING;
    let mut is_finite = true;
    path.for_each_xy(|x, y| {
        is_finite &= x.is_finite() && y.is_finite();
        bounds.add(x, y);
    });
    let [x, y] = bounds.centre();
    let width = (x - bounds.xmin).max(bounds.xmax - x);
    let height = (y - bounds.ymin).max(bounds.ymax - y);
    is_finite.then_some(([x, y], (width * width + height * height).sqrt()))
}

impl Nearest {
    /// Adds the distance of two edges: of the start of each from the other.
    #[inline]
    fn add_edge(&mut self, ends: [Xy; 2], own: [Xy; 2]) {
        self.add_corner(ends[0], own, |_| ends[0]);
        self.add_corner(own[0], ends, |closest| closest);
    }

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

#[cfg(test)]
mod tests {
    use crate::measure::{Target, closest_point, distance};
    use crate::{Coord, Dimension, Geometry, write};

    /// Numbers from 0 to 1 that look random.
    struct Random(u64);

    impl Random {
        fn next(&mut self) -> f64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 11) as f64 / (1_u64 << 53) as f64
        }
    }

    /// Corners around a position, of which many are equally near when they lie on a grid.
    fn corners(random: &mut Random, count: u32, on_grid: bool) -> Vec<Coord> {
        let size = 10.0_f64.powf(random.next() * 6.0 - 4.0);
        let [x, y] = [random.next() * 200.0 - 50.0, random.next() * 200.0 - 50.0];
        let corner = |step: u32| {
            let angle = f64::from(step) / f64::from(count) * std::f64::consts::TAU;
            let radius = size * (0.5 + random.next() / 2.0);
            let corner = Coord::xy(x + radius * angle.cos(), y + radius * angle.sin());
            let snapped =
                Coord::xy((corner.x / size * 8.0).round(), (corner.y / size * 8.0).round());
            if on_grid { Coord::xy(snapped.x * size / 8.0, snapped.y * size / 8.0) } else { corner }
        };
        (0..count).map(corner).collect()
    }

    #[test]
    fn long_paths_are_as_near_as_all_of_their_edges() {
        let mut random = Random(3);
        let target = [(20.0, 20.0), (60.0, 10.0), (80.0, 50.0), (50.0, 90.0), (10.0, 60.0)];
        let target = target.map(|(x, y)| Coord::xy(x, y));
        let target = [target.as_slice(), &target[..1]].concat();
        let target = write::polygon([target], Dimension::Xy);
        let target = Geometry::try_new(&target).unwrap();
        let prepared = Target::new(target);
        let mut apart = 0;
        for round in 0..400 {
            let mut path = corners(&mut random, 20 + round, round % 3 == 0);
            let other = match round % 4 {
                0 => write::line_string(path, Dimension::Xy),
                1 => write::polygon([path], Dimension::Xy),
                _ => {
                    path.push(path[0]);
                    write::polygon([path], Dimension::Xy)
                }
            };
            let other = Geometry::try_new(&other).unwrap();
            assert_eq!(prepared.distance(other), distance(other, target), "round {round}");
            let mut closest = Vec::new();
            prepared.append_closest_point(&mut closest, other).unwrap();
            assert_eq!(Some(closest), closest_point(other, target), "round {round}");
            apart += u32::from(prepared.distance(other) > Some(0.0));
        }
        assert!(apart > 100, "{apart}");
    }
}
