//! The nearest geographies: in windows that grow until they hold enough of them.

use datafusion::common::Result;
use godwit_geometry::geodesic::{self, Figure};
use godwit_geometry::{Bounds, Geometry};

use super::objects::{Neighbour, Objects, Scratch};

/// The area of the earth in square metres.
const AREA: f64 = 5.1e14;
/// Nothing on the earth is further away from anything, in metres.
const FARTHEST: f64 = 2.01e7;
/// The smallest window reaches so far, in metres.
const NEAREST: f64 = 1.0;

impl Objects {
    /// Finds the rows nearest to a geography with its box.
    ///
    /// Distances are those of `ST_Distance`, so that an order by them agrees.
    pub(super) fn measure_on_earth(
        &self,
        query: Geometry<'_>,
        bounds: &Bounds,
        figure: Figure,
        count: usize,
        scratch: &mut Scratch,
    ) -> Result<()> {
        let at = query.point_xy();
        // The neighbours of a point are no further from this one than over that point.
        let over_last = match (at, scratch.last) {
            (Some(at), Some((last, farthest))) => {
                geodesic::between(last, at, figure).map(|between| between + farthest)
            }
            _ => None,
        };
        let mut metres = over_last.unwrap_or_else(|| self.spacing(count)).max(NEAREST);
        loop {
            self.measure_near((query, bounds), metres, figure, count, scratch)?;
            let farthest = scratch.best.peek().map(|farthest| farthest.distance);
            let farthest = farthest.filter(|_| scratch.best.len() >= count);
            if metres >= FARTHEST || farthest.is_some_and(|farthest| farthest <= metres) {
                scratch.last = at.zip(farthest);
                return Ok(());
            }
            metres = farthest.unwrap_or(metres * 2.0);
        }
    }

    /// Measures all rows in reach and keeps the nearest.
    fn measure_near(
        &self,
        (query, bounds): (Geometry<'_>, &Bounds),
        metres: f64,
        figure: Figure,
        count: usize,
        scratch: &mut Scratch,
    ) -> Result<()> {
        let Scratch { stack, candidates, best, measured, .. } = scratch;
        candidates.clear();
        best.clear();
        for window in geodesic::near(bounds, metres).into_iter().flatten() {
            self.tree.search(&window, stack, |row| candidates.push(row));
        }
        candidates.sort_unstable();
        candidates.dedup();
        *measured += candidates.len();
        for row in candidates.iter().copied() {
            let Some(object) = self.geometry(row)? else { continue };
            if let Some(distance) = geodesic::distance_rounded(query, object, figure) {
                best.push(Neighbour { distance, row });
            }
            if best.len() > count {
                best.pop();
            }
        }
        Ok(())
    }

    /// Returns in what distance a number of rows would be if all were spread over the earth.
    fn spacing(&self, count: usize) -> f64 {
        (AREA * count as f64 / self.row_count().max(1) as f64).sqrt()
    }
}
