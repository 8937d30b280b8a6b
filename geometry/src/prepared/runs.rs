//! The heights of the edges of many polygons, run by run.

use super::index::has_point;
use crate::bounds::{round_down, round_up, xy_of};
use crate::planar::{Location, Ray};
use crate::{Geometry, Kind, Relation};

/// The number of edges in a run.
const RUN: usize = 32;

/// The heights of the edges of many polygons, run by run, so that a look for a point passes over
/// most of them.
///
/// It is made in one pass, takes a quarter of a byte for an edge, and the look at a polygon of
/// hundreds of edges is as fast as one at an [`Index`](super::Index) that is not at hand. What is
/// looked at hundreds of times, or has many thousands of edges, is better off with an index.
#[derive(Debug, Default)]
pub struct EdgeRuns {
    /// Where the runs of each row end.
    ends: Vec<u32>,
    /// The lowest and the highest Y of the edges of each run.
    heights: Vec<[f32; 2]>,
}

impl EdgeRuns {
    /// Adds the next row; one without a polygon has no runs, nor has one with Z or M, with rings
    /// that are none or with ordinates that are not finite.
    pub fn add(&mut self, geometry: Option<Geometry<'_>>) {
        let start = self.heights.len();
        let polygons = geometry
            .filter(|geometry| matches!(geometry.kind(), Kind::Polygon | Kind::MultiPolygon));
        if !polygons.is_some_and(|polygons| self.add_runs(polygons)) {
            self.heights.truncate(start);
        }
        // Runs of so many edges that 32 bits do not count them would not fit into memory.
        self.ends.push(u32::try_from(self.heights.len()).unwrap_or(u32::MAX));
    }

    /// Adds the runs of polygons; returns whether all of their rings have runs.
    fn add_runs(&mut self, polygons: Geometry<'_>) -> bool {
        let mut is_regular = true;
        polygons.sequences(&mut |_, ring| {
            let Some(records) = ring.xy_records().filter(|records| records.len() >= 4) else {
                is_regular = false;
                return;
            };
            // The product with zero is NaN for what is not finite, and so is a sum with NaN.
            let mut finite = 0.0;
            for start in (0..records.len() - 1).step_by(RUN) {
                let run = &records[start..(start + RUN + 1).min(records.len())];
                let (mut lowest, mut highest) = (f64::INFINITY, f64::NEG_INFINITY);
                for record in run {
                    let [x, y] = xy_of(*record);
                    lowest = lowest.min(y);
                    highest = highest.max(y);
                    finite += x * 0.0 + y * 0.0;
                }
                self.heights.push([round_down(lowest), round_up(highest)]);
            }
            is_regular &= finite == 0.0;
        });
        is_regular
    }

    /// Returns whether the relation holds between the polygons of a row, which are given as they
    /// were added, and the point at a position; nothing when the row has no runs.
    pub fn decide_xy(
        &self,
        row: usize,
        polygons: Geometry<'_>,
        relation: Relation,
        [x, y]: [f64; 2],
    ) -> Option<bool> {
        let start = row.checked_sub(1).map_or(Some(&0), |before| self.ends.get(before))?;
        let heights = self.heights.get(*start as usize..*self.ends.get(row)? as usize)?;
        let is_known = !heights.is_empty() && relation != Relation::BoundsIntersect;
        if !is_known || !x.is_finite() || !y.is_finite() {
            return None;
        }
        let mut looking = Looking { at: [x, y], window: [round_down(y), round_up(y)], heights };
        if polygons.kind() == Kind::Polygon {
            return Some(has_point(relation, looking.locate(polygons)?));
        }
        let mut location = Location::Exterior;
        for part in polygons.parts() {
            match looking.locate(part)? {
                Location::Interior => return Some(has_point(relation, Location::Interior)),
                Location::Boundary => location = Location::Boundary,
                Location::Exterior => {}
            }
        }
        Some(has_point(relation, location))
    }

    /// Returns the bytes of memory held beside the struct itself.
    pub fn memory_size(&self) -> usize {
        self.ends.capacity() * size_of::<u32>() + self.heights.capacity() * size_of::<[f32; 2]>()
    }
}

/// A look for a point.
struct Looking<'a> {
    at: [f64; 2],
    /// The height of the point, rounded both ways.
    window: [f32; 2],
    /// The runs of the polygons that were not looked at.
    heights: &'a [[f32; 2]],
}

impl Looking<'_> {
    /// Returns where the point lies relative to the next polygon; nothing when that is not the one
    /// whose runs come next.
    fn locate(&mut self, polygon: Geometry<'_>) -> Option<Location> {
        let mut ray = Ray::from(self.at);
        let [lower, upper] = self.window;
        for ring in polygon.rings() {
            let records = ring.xy_records()?;
            let run_count = records.len().checked_sub(1)?.div_ceil(RUN);
            let (heights, rest) = self.heights.split_at_checked(run_count)?;
            self.heights = rest;
            for (run, [lowest, highest]) in heights.iter().enumerate() {
                if *lowest > upper || *highest < lower {
                    continue;
                }
                let end = ((run + 1) * RUN + 1).min(records.len());
                for edge in records.get(run * RUN..end)?.windows(2) {
                    if let [from, to] = edge {
                        ray.meet([xy_of(*from), xy_of(*to)]);
                    }
                }
            }
            let (first, last) = (xy_of(*records.first()?), xy_of(*records.last()?));
            if first != last {
                ray.meet([last, first]);
            }
        }
        Some(ray.location())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Coord, Dimension, wkt, write};

    /// Returns a ring around a centre whose radius goes up and down, and whose ends may differ.
    fn ring(centre: [f64; 2], corners: u32, is_closed: bool) -> Vec<Coord> {
        let at = |corner: u32| {
            let turn = f64::from(corner % corners) / f64::from(corners) * std::f64::consts::TAU;
            let radius = 10.0 + f64::from(corner % corners * 7919 % 13) / 3.0;
            // Whole ordinates now and then, for positions on corners and at their height.
            let [x, y] = [centre[0] + radius * turn.cos(), centre[1] + radius * turn.sin()];
            if corner.is_multiple_of(3) { Coord::xy(x.round(), y.round()) } else { Coord::xy(x, y) }
        };
        (0..corners + u32::from(is_closed)).map(at).collect()
    }

    #[test]
    fn looks_agree_with_the_general_relations() {
        let polygon = |corners, hole| {
            let mut rings = vec![ring([0.0, 0.0], corners, true)];
            if hole {
                rings.push(
                    ring([1.0, 2.0], 40, true)
                        .into_iter()
                        .map(|at| Coord::xy(at.x / 4.0, at.y / 4.0))
                        .collect(),
                );
            }
            write::polygon(rings, Dimension::Xy)
        };
        let mut bytes: Vec<Vec<u8>> =
            [4, 31, 32, 33, 64, 65, 500].iter().map(|n| polygon(*n, *n > 60)).collect();
        for text in [
            "MULTIPOLYGON(((0 0,8 0,8 8,0 8,0 0)),((8 0,12 0,12 8,8 8,8 0)),((4 4,6 4,6 6,4 4)))",
            "POLYGON((0 0,5 0,5 5,0 5,0 0),(1 1,2 1,2 2,1 2,1 1))",
        ] {
            bytes.push(wkt::parse(text).expect("WKT").0);
        }
        let geometries: Vec<_> =
            bytes.iter().map(|bytes| Geometry::try_new(bytes).expect("WKB")).collect();
        let mut runs = EdgeRuns::default();
        for geometry in &geometries {
            runs.add(None);
            runs.add(Some(*geometry));
        }
        let mut counts = [0; 2];
        for (row, geometry) in geometries.iter().enumerate() {
            assert_eq!(runs.decide_xy(2 * row, *geometry, Relation::Contains, [0.0; 2]), None);
            for step in 0..1600 {
                let at = [f64::from(step % 40 - 20), f64::from(step / 40 - 20) / 1.5];
                let point = write::point_xy(at[0], at[1]);
                let point = Geometry::try_new(&point).expect("WKB");
                for relation in [
                    Relation::Contains,
                    Relation::Covers,
                    Relation::Touches,
                    Relation::Intersects,
                    Relation::Disjoint,
                    Relation::Within,
                ] {
                    let found = runs.decide_xy(2 * row + 1, *geometry, relation, at);
                    let expected = relation.evaluate(*geometry, point).expect("an answer");
                    assert_eq!(found, Some(expected), "{relation:?} {row} {at:?}");
                    counts[usize::from(expected)] += 1;
                }
            }
        }
        assert!(counts[0] > 10_000 && counts[1] > 10_000, "{counts:?}");
    }

    #[test]
    fn what_is_no_plain_polygon_has_no_runs() {
        let mut runs = EdgeRuns::default();
        let texts = [
            "POLYGON EMPTY",
            "POLYGON Z((0 0 1,1 0 1,1 1 1,0 0 1))",
            "LINESTRING(0 0,1 1,2 2,3 3)",
            "GEOMETRYCOLLECTION(POLYGON((0 0,1 0,1 1,0 0)))",
            "POLYGON((0 0,1 0,1 NaN,0 0))",
            "POINT(0 0)",
        ];
        for (row, text) in texts.iter().enumerate() {
            let bytes = wkt::parse(text).expect("WKT").0;
            let geometry = Geometry::try_new(&bytes).expect("WKB");
            runs.add(Some(geometry));
            let found = runs.decide_xy(row, geometry, Relation::Intersects, [0.5, 0.25]);
            assert_eq!(found, None, "{text}");
        }
        assert!(runs.memory_size() > 0 && runs.heights.is_empty());
    }
}
