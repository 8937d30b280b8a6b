//! Clusters of geometries that are close: those linked by a distance, and the denser ones of
//! Ester, Kriegel, Sander and Xu (DBSCAN, 1996).

use super::Groups;
use super::tree::BoxTree;
use crate::interrupt::Steps;
use crate::{Bounds, Geometry, GeometryError, measure};

/// Returns the sets of geometries that are connected by steps of at most a distance.
pub fn within(geometries: &[Option<Geometry<'_>>], distance: f64) -> Result<Groups, GeometryError> {
    let neighbours = Neighbours::new(geometries, distance);
    let mut groups = Groups::new(geometries.len());
    let mut found = Vec::new();
    let mut steps = Steps::default();
    for item in 0..geometries.len() {
        steps.step()?;
        neighbours.candidates(item, &mut found);
        for &other in &found {
            steps.step()?;
            if groups.root(item) != groups.root(other) && neighbours.are_close(item, other) {
                groups.merge(item, other);
            }
        }
    }
    Ok(groups)
}

/// Returns the number of the cluster of each geometry, or nothing for those that belong to none.
///
/// A geometry with enough geometries close to it, itself among them, is the core of a cluster
/// and draws those into it. What is close to cores of several clusters belongs to the first one.
/// With at most one point asked for, every geometry is a core.
pub fn dbscan(
    geometries: &[Option<Geometry<'_>>],
    distance: f64,
    min_points: usize,
) -> Result<Vec<Option<usize>>, GeometryError> {
    if min_points <= 1 {
        // A null takes a number, which is not shown.
        let numbers = within(geometries, distance)?.numbers(|_| true);
        let shown = |(geometry, number): (&Option<_>, _)| geometry.as_ref().and(number);
        return Ok(geometries.iter().zip(numbers).map(shown).collect());
    }
    let neighbours = Neighbours::new(geometries, distance);
    let mut clusters = Clusters {
        groups: Groups::new(geometries.len()),
        is_core: vec![false; geometries.len()],
        is_member: vec![false; geometries.len()],
    };
    let mut found = Vec::new();
    let mut waiting = Vec::with_capacity(min_points.min(geometries.len()));
    let mut steps = Steps::default();
    for item in 0..geometries.len() {
        steps.step()?;
        neighbours.candidates(item, &mut found);
        if found.len() < min_points {
            continue;
        }
        waiting.clear();
        for &other in &found {
            steps.step()?;
            if clusters.is_core[item] {
                // What is known already needs no distance.
                if !clusters.may_gain(item, other) {
                    continue;
                }
                if neighbours.are_close(item, other) {
                    clusters.draw(item, other);
                }
            } else if neighbours.are_close(item, other) {
                waiting.push(other);
                if waiting.len() == min_points {
                    clusters.is_core[item] = true;
                    clusters.is_member[item] = true;
                    for &other in &waiting {
                        clusters.draw(item, other);
                    }
                }
            }
        }
    }
    let is_member = clusters.is_member;
    Ok(clusters.groups.numbers(|item| is_member[item]))
}

/// The clusters so far.
struct Clusters {
    groups: Groups,
    is_core: Vec<bool>,
    is_member: Vec<bool>,
}

impl Clusters {
    /// Returns whether it matters how close another item is to a core.
    fn may_gain(&mut self, core: usize, other: usize) -> bool {
        let is_border = self.is_member[other] && !self.is_core[other];
        !is_border && self.groups.root(core) != self.groups.root(other)
    }

    /// Draws an item into the cluster of a core, unless it is on the border of one already.
    fn draw(&mut self, core: usize, other: usize) {
        if !self.is_member[other] || self.is_core[other] {
            self.groups.merge(core, other);
            self.is_member[other] = true;
        }
    }
}

/// Finds the geometries that are close to one.
struct Neighbours<'s, 'g> {
    geometries: &'s [Option<Geometry<'g>>],
    points: Vec<Option<[f64; 2]>>,
    bounds: Vec<Option<Bounds>>,
    tree: BoxTree,
    distance: f64,
}

impl<'s, 'g> Neighbours<'s, 'g> {
    fn new(geometries: &'s [Option<Geometry<'g>>], distance: f64) -> Self {
        let bounds: Vec<Option<Bounds>> =
            geometries.iter().map(|geometry| geometry.and_then(Geometry::bounds)).collect();
        let points = geometries.iter().map(|geometry| geometry.and_then(Geometry::point_xy));
        let tree = BoxTree::new(bounds.iter().copied());
        Self { geometries, points: points.collect(), bounds, tree, distance }
    }

    /// Fills in the items that may be close to an item, itself among them.
    fn candidates(&self, item: usize, found: &mut Vec<usize>) {
        found.clear();
        if let Some(bounds) = self.bounds[item] {
            self.tree.search(&bounds.expand(self.distance), &mut |other| found.push(other));
        }
    }

    fn are_close(&self, item: usize, other: usize) -> bool {
        if let (Some(a), Some(b)) = (self.points[item], self.points[other]) {
            let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
            return (dx * dx + dy * dy).sqrt() <= self.distance;
        }
        match (self.geometries[item], self.geometries[other]) {
            (Some(a), Some(b)) => measure::dwithin(a, b, self.distance),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write;

    fn numbers(points: &[[f64; 2]], distance: f64, min_points: usize) -> Vec<Option<usize>> {
        let parsed: Vec<Vec<u8>> = points.iter().map(|[x, y]| write::point_xy(*x, *y)).collect();
        let geometries: Vec<_> = parsed.iter().map(|wkb| Geometry::try_new(wkb).ok()).collect();
        dbscan(&geometries, distance, min_points).unwrap()
    }

    #[test]
    fn borders_belong_to_the_first_cluster_and_noise_to_none() {
        // Two dense lines, a point between them, and one far away.
        let points = [
            [0.0, 0.0],
            [1.0, 0.0],
            [2.0, 0.0],
            [3.2, 0.0],
            [4.4, 0.0],
            [5.4, 0.0],
            [6.4, 0.0],
            [50.0, 0.0],
        ];
        let expected = [Some(0), Some(0), Some(0), Some(0), Some(1), Some(1), Some(1), None];
        assert_eq!(numbers(&points, 1.3, 4)[7], None);
        assert_eq!(
            numbers(&points, 1.25, 3),
            [Some(0); 7].into_iter().chain([None]).collect::<Vec<_>>()
        );
        assert_eq!(
            numbers(&points[..7], 1.1, 3),
            [Some(0), Some(0), Some(0), None, Some(1), Some(1), Some(1)]
        );
        assert_eq!(numbers(&points, 0.5, 1).len(), expected.len());
    }

    #[test]
    fn enough_points_are_those_around_and_the_point_itself() {
        let points = [[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]];
        assert_eq!(numbers(&points, 1.0, 3), [Some(0); 3]);
        assert_eq!(numbers(&points, 1.0, 4), [None; 3]);
    }
}
