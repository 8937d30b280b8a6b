//! Clusters around centres: k-means.

use super::centres::{Centres, Position, squared_distance};
use crate::interrupt::{self, Steps};
use crate::{Geometry, GeometryError, Kind, construct};

/// How often centres are moved at most.
const ITERATIONS: usize = 1000;

/// Returns the number of the cluster of each geometry, or nothing for what is empty.
///
/// A geometry counts as its centre, a point with a measure as often as that says. The first
/// centres are geometries far apart from each other, so equal inputs give equal clusters. With a
/// largest radius that is not 0, clusters that reach further are divided.
pub fn k_means(
    geometries: &[Option<Geometry<'_>>],
    count: usize,
    max_radius: f64,
) -> Result<Vec<Option<usize>>, GeometryError> {
    let mut items = Vec::with_capacity(geometries.len());
    let mut rows = Vec::with_capacity(geometries.len());
    for (row, geometry) in geometries.iter().enumerate() {
        if let Some(item) = geometry.map(item).transpose()?.flatten() {
            items.push(item);
            rows.push(row);
        }
    }
    let mut numbers = vec![None; geometries.len()];
    if items.is_empty() {
        return Ok(numbers);
    }
    let mut clustering = Clustering::new(items, count)?;
    clustering.settle()?;
    if max_radius > 0.0 {
        for _ in 0..ITERATIONS {
            if !clustering.divide(max_radius)? {
                break;
            }
            clustering.settle()?;
        }
    }
    for (row, number) in rows.into_iter().zip(clustering.numbers) {
        numbers[row] = Some(number);
    }
    Ok(numbers)
}

/// A geometry as a position with a weight.
#[derive(Debug, Clone, Copy)]
struct Item {
    at: Position,
    weight: f64,
}

/// Returns the centre of a geometry, if it has one.
fn item(geometry: Geometry<'_>) -> Result<Option<Item>, GeometryError> {
    let has_z = geometry.dimension().has_z();
    if geometry.kind() == Kind::Point {
        let Some(coord) = geometry.point() else { return Ok(None) };
        let weight = if geometry.dimension().has_m() { coord.m } else { 1.0 };
        if weight <= 0.0 {
            let reason = format!("the weight of a point, its M, must be above 0, not {weight}");
            return Err(GeometryError::InvalidArgument { reason });
        }
        return Ok(Some(Item {
            at: [coord.x, coord.y, if has_z { coord.z } else { 0.0 }],
            weight,
        }));
    }
    if has_z {
        let Some(bounds) = geometry.bounds() else { return Ok(None) };
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        geometry.coords(|coord| (low, high) = (low.min(coord.z), high.max(coord.z)));
        let [x, y] = bounds.centre();
        return Ok(Some(Item { at: [x, y, f64::midpoint(low, high)], weight: 1.0 }));
    }
    let centre = construct::centroid(geometry);
    let at = Geometry::try_new(&centre)?.point_xy();
    Ok(at.map(|[x, y]| Item { at: [x, y, 0.0], weight: 1.0 }))
}

/// Items and the clusters they belong to.
#[derive(Debug)]
struct Clustering {
    items: Vec<Item>,
    /// The cluster of each item.
    numbers: Vec<usize>,
    centres: Vec<Position>,
    /// The square of the distance from each centre to its furthest item.
    radii: Vec<f64>,
}

impl Clustering {
    /// Returns items around some of them.
    fn new(items: Vec<Item>, count: usize) -> Result<Self, GeometryError> {
        let centres = first_centres(&items, count.min(items.len()))?;
        let mut clustering =
            Self { numbers: vec![0; items.len()], radii: vec![0.0; centres.len()], items, centres };
        clustering.assign()?;
        clustering.centre();
        Ok(clustering)
    }

    /// Moves centres and items until nothing changes.
    fn settle(&mut self) -> Result<(), GeometryError> {
        for _ in 0..ITERATIONS {
            if !self.assign()? {
                return Ok(());
            }
            self.centre();
        }
        let reason = format!("k-means did not converge after {ITERATIONS} iterations");
        Err(GeometryError::InvalidArgument { reason })
    }

    /// Puts every item to its nearest centre, and returns whether one had another before.
    fn assign(&mut self) -> Result<bool, GeometryError> {
        interrupt::check()?;
        let centres = Centres::new(&self.centres);
        let mut steps = Steps::default();
        self.radii.fill(0.0);
        let mut has_changed = false;
        for (item, number) in self.items.iter().zip(&mut self.numbers) {
            steps.step()?;
            let (nearest, distance) = centres.nearest(&item.at);
            has_changed |= *number != nearest;
            *number = nearest;
            if let Some(radius) = self.radii.get_mut(nearest) {
                *radius = radius.max(distance);
            }
        }
        Ok(has_changed)
    }

    /// Moves every centre to the middle of its items.
    fn centre(&mut self) {
        let mut sums = vec![([0.0; 3], 0.0); self.centres.len()];
        for (item, number) in self.items.iter().zip(&self.numbers) {
            if let Some((sum, weight)) = sums.get_mut(*number) {
                for (sum, ordinate) in sum.iter_mut().zip(item.at) {
                    *sum += ordinate * item.weight;
                }
                *weight += item.weight;
            }
        }
        for (centre, (sum, weight)) in self.centres.iter_mut().zip(sums) {
            *centre = if weight == 0.0 { sum } else { sum.map(|sum| sum / weight) };
        }
    }

    /// Divides every cluster beyond a radius in two, and returns whether there was one.
    fn divide(&mut self, max_radius: f64) -> Result<bool, GeometryError> {
        let limit = max_radius * max_radius;
        let known = self.centres.len();
        for cluster in 0..known {
            if self.radii[cluster] <= limit {
                continue;
            }
            let members: Vec<usize> =
                (0..self.items.len()).filter(|item| self.numbers[*item] == cluster).collect();
            if members.len() < 2 {
                continue;
            }
            let mut halves = Self::new(members.iter().map(|item| self.items[*item]).collect(), 2)?;
            halves.settle()?;
            for (item, half) in members.into_iter().zip(halves.numbers) {
                if half > 0 {
                    self.numbers[item] = self.centres.len();
                }
            }
            let mut centres = halves.centres.into_iter();
            self.centres[cluster] = centres.next().unwrap_or_default();
            self.centres.extend(centres);
            self.radii.resize(self.centres.len(), 0.0);
        }
        Ok(self.centres.len() > known)
    }
}

/// Returns positions of items that are far from each other.
fn first_centres(items: &[Item], count: usize) -> Result<Vec<Position>, GeometryError> {
    let at = |item: usize| items[item].at;
    if count < 2 {
        return Ok(vec![at(0)]);
    }
    let (mut first, mut second, mut widest) = (0, 0, -1.0);
    for (number, item) in items.iter().enumerate().skip(1) {
        let distances = [first, second].map(|end| squared_distance(&item.at, &at(end)));
        if distances[0] > widest || distances[1] > widest {
            if distances[0] > distances[1] {
                (second, widest) = (number, distances[0]);
            } else {
                (first, widest) = (number, distances[1]);
            }
        }
    }
    let mut centres = vec![at(first), at(second)];
    let mut gaps: Vec<Option<f64>> =
        items.iter().map(|item| Some(squared_distance(&item.at, &at(first)))).collect();
    gaps[first] = None;
    gaps[second] = None;
    while centres.len() < count {
        interrupt::check()?;
        let newest = centres[centres.len() - 1];
        let (mut furthest, mut largest) = (0, f64::NEG_INFINITY);
        for (item, gap) in gaps.iter_mut().enumerate() {
            let Some(gap) = gap else { continue };
            *gap = gap.min(squared_distance(&items[item].at, &newest));
            if *gap > largest {
                (furthest, largest) = (item, *gap);
            }
        }
        gaps[furthest] = None;
        centres.push(at(furthest));
    }
    Ok(centres)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn numbers(texts: &[&str], count: usize, max_radius: f64) -> Vec<Option<usize>> {
        let parsed: Vec<Vec<u8>> = texts.iter().map(|text| wkt::parse(text).unwrap().0).collect();
        let geometries: Vec<_> = parsed.iter().map(|wkb| Geometry::try_new(wkb).ok()).collect();
        k_means(&geometries, count, max_radius).unwrap()
    }

    #[test]
    fn the_furthest_items_start() {
        let texts = ["POINT(5 5)", "POINT(15 5)", "POINT(105 5)", "POINT(215 5)", "POINT(205 5)"];
        assert_eq!(numbers(&texts, 3, 0.0), [Some(1), Some(1), Some(2), Some(0), Some(0)]);
        assert_eq!(numbers(&texts, 1, 0.0), [Some(0); 5]);
    }

    #[test]
    fn wide_clusters_are_divided() {
        let texts = ["POINT(0 0)", "POINT(1 0)", "POINT(10 0)", "POINT(11 0)", "POINT EMPTY"];
        let divided = numbers(&texts, 1, 2.0);
        assert_eq!(divided[0], divided[1]);
        assert_eq!(divided[2], divided[3]);
        assert_ne!(divided[0], divided[2]);
        assert_eq!(divided[4], None);
    }

    #[test]
    fn duplicates_and_few_items_are_no_trouble() {
        assert_eq!(numbers(&["POINT(1 1)"; 4], 3, 0.0), [Some(0); 4]);
        assert_eq!(numbers(&["POINT(1 1)"], 3, 0.5), [Some(0)]);
        assert_eq!(numbers(&["POINT EMPTY"], 3, 0.0), [None]);
    }
}
