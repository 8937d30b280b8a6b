//! The closest positions of two geometries in space.

use super::body::Part;
use super::plane::Surface;
use super::vector::{Xyz, closest_of_segments, closest_on_segment, distance_squared};
use crate::interrupt;

/// The closest positions found so far and the square of their distance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nearest {
    pub(super) squared: f64,
    pub(super) ends: [Xyz; 2],
}

/// Returns the closest positions of two geometries, the first geometry's first; nothing when one
/// of them has no parts. Any positions will do that are no further apart than `enough`, squared.
pub(super) fn nearest(a: &[Part], b: &[Part], enough: f64) -> Option<Nearest> {
    let mut search = Search { best: None, enough };
    for first in a {
        for second in b {
            search.parts(first, second);
            if search.is_done() {
                return search.best;
            }
        }
    }
    search.best
}

struct Search {
    best: Option<Nearest>,
    enough: f64,
}

impl Search {
    fn is_done(&self) -> bool {
        interrupt::is_over() || self.best.is_some_and(|best| best.squared <= self.enough)
    }

    fn offer(&mut self, ends: [Xyz; 2]) {
        let squared = distance_squared(ends[0], ends[1]);
        if self.best.is_none_or(|best| squared < best.squared) {
            self.best = Some(Nearest { squared, ends });
        }
    }

    fn parts(&mut self, a: &Part, b: &Part) {
        match (a, b) {
            (Part::Point(p), Part::Point(q)) => self.offer([*p, *q]),
            (Part::Point(p), other) => self.point(*p, other, |ends| ends),
            (other, Part::Point(q)) => self.point(*q, other, |[p, q]| [q, p]),
            _ => {
                if let Part::Surface(surface) = b {
                    self.surface(a.paths(), surface, |ends| ends);
                }
                if let Part::Surface(surface) = a {
                    self.surface(b.paths(), surface, |[p, q]| [q, p]);
                }
                self.paths(a.paths(), b.paths());
            }
        }
    }

    fn point(&mut self, at: Xyz, other: &Part, order: fn([Xyz; 2]) -> [Xyz; 2]) {
        if let Part::Surface(surface) = other
            && let Some(foot) = surface.foot(at)
        {
            self.offer(order([at, foot]));
            return;
        }
        for path in other.paths() {
            for segment in segments(path) {
                self.offer(order([at, closest_on_segment(at, segment)]));
            }
        }
    }

    /// Compares the vertices and edges of paths with the inside of a surface.
    fn surface(&mut self, paths: &[Vec<Xyz>], surface: &Surface, order: fn([Xyz; 2]) -> [Xyz; 2]) {
        for path in paths {
            for at in path {
                if interrupt::is_over() {
                    return;
                }
                if let Some(foot) = surface.foot(*at) {
                    self.offer(order([*at, foot]));
                }
            }
            for segment in segments(path) {
                if interrupt::is_over() {
                    return;
                }
                if let Some(at) = surface.pierced(segment) {
                    self.offer([at, at]);
                }
            }
            if self.is_done() {
                return;
            }
        }
    }

    fn paths(&mut self, a: &[Vec<Xyz>], b: &[Vec<Xyz>]) {
        for first in a.iter().flat_map(|path| segments(path)) {
            for second in b.iter().flat_map(|path| segments(path)) {
                if interrupt::is_over() {
                    return;
                }
                self.offer(closest_of_segments(first, second));
            }
            if self.is_done() {
                return;
            }
        }
    }
}

fn segments(path: &[Xyz]) -> impl Iterator<Item = [Xyz; 2]> + '_ {
    path.iter().zip(path.iter().skip(1)).map(|(from, to)| [*from, *to])
}
