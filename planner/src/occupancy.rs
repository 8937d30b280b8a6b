//! Where boxes are: a bit for every cell of a grid that one of them meets.

use godwit_geometry::Bounds;

/// The cells for each box.
const CELLS_PER_BOX: usize = 32;
/// The fewest and the most cells along a side.
const FEWEST: usize = 64;
const MOST: usize = 2048;
/// A window over more rows of cells is not looked up.
const MOST_ROWS: usize = 16;

/// A grid over the extent of boxes, with a bit for every cell that one of them meets.
///
/// Most windows of a join with few and scattered boxes meet none of them, which a bit or two tell
/// sooner than the levels of a tree.
#[derive(Debug)]
pub(crate) struct Occupancy {
    /// The cells along a side: a power of two, and whole words.
    side: usize,
    origin: [f64; 2],
    cells_per_unit: [f64; 2],
    /// Row by row.
    words: Box<[u64]>,
}

/// The cells that a box meets: the first and last column, the first and last row.
type Range = [usize; 4];

impl Occupancy {
    /// Returns where boxes are, unless they meet most cells of their extent or have none.
    pub(crate) fn of<'a>(
        extent: &Bounds,
        boxes: impl ExactSizeIterator<Item = &'a Bounds>,
    ) -> Option<Self> {
        let sides = [extent.xmax - extent.xmin, extent.ymax - extent.ymin];
        if !sides.iter().all(|side| side.is_normal() && *side > 0.0) {
            return None;
        }
        let side = Self::side(boxes.len());
        // A number of cells is exact as a float.
        let cells_per_unit = sides.map(|length| side as f64 / length);
        if !cells_per_unit.iter().all(|scale| scale.is_finite()) {
            return None;
        }
        let words = vec![0; side * side / 64].into_boxed_slice();
        let mut occupancy =
            Self { side, origin: [extent.xmin, extent.ymin], cells_per_unit, words };
        // Large boxes, which would leave few cells free, are given up early.
        let most_work = occupancy.words.len() + 16 * boxes.len();
        let mut work = 0;
        for bounds in boxes {
            let range = occupancy.range(bounds);
            let [first, last, bottom, top] = range;
            work += ((last / 64).saturating_sub(first / 64) + 1) * (top.saturating_sub(bottom) + 1);
            if work > most_work {
                return None;
            }
            occupancy.occupy(range);
        }
        let occupied: usize = occupancy.words.iter().map(|word| word.count_ones() as usize).sum();
        (occupied <= side * side / 2).then_some(occupancy)
    }

    /// Returns whether a box may meet one of the boxes; never `false` when it does.
    #[inline]
    pub(crate) fn may_meet(&self, window: &Bounds) -> bool {
        let [first, last, bottom, top] = self.range(window);
        if top.saturating_sub(bottom) >= MOST_ROWS {
            return true;
        }
        (bottom..=top).any(|row| self.row_has_any(row, first, last))
    }

    /// Returns the bytes of memory held.
    pub(crate) fn memory_size(&self) -> usize {
        size_of_val(&*self.words)
    }

    /// Returns the most bytes that are held for so many boxes.
    pub(crate) fn expected_memory(box_count: usize) -> usize {
        Self::side(box_count).pow(2) / 8
    }

    fn side(box_count: usize) -> usize {
        let cells = box_count.saturating_mul(CELLS_PER_BOX);
        cells.isqrt().next_power_of_two().clamp(FEWEST, MOST)
    }

    /// Returns the cells that a box meets; what is beyond the grid counts to its edge.
    ///
    /// Each step is monotone, so boxes that meet have a cell in common.
    #[inline]
    fn range(&self, bounds: &Bounds) -> Range {
        let column = |x: f64| self.cell((x - self.origin[0]) * self.cells_per_unit[0]);
        let row = |y: f64| self.cell((y - self.origin[1]) * self.cells_per_unit[1]);
        [column(bounds.xmin), column(bounds.xmax), row(bounds.ymin), row(bounds.ymax)]
    }

    #[inline]
    fn cell(&self, place: f64) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "what is beyond the grid counts to its edge"
        )]
        let cell = place as usize;
        cell.min(self.side - 1)
    }

    fn occupy(&mut self, [first, last, bottom, top]: Range) {
        for row in bottom..=top {
            for word in first / 64..=last / 64 {
                if let Some(bits) = self.words.get_mut(row * (self.side / 64) + word) {
                    *bits |= mask(word, first, last);
                }
            }
        }
    }

    #[inline]
    fn row_has_any(&self, row: usize, first: usize, last: usize) -> bool {
        (first / 64..=last / 64).any(|word| {
            let bits = self.words.get(row * (self.side / 64) + word);
            bits.is_some_and(|bits| bits & mask(word, first, last) != 0)
        })
    }
}

/// Returns the bits of the columns from the first to the last that a word holds.
#[inline]
fn mask(word: usize, first: usize, last: usize) -> u64 {
    let from = if first / 64 == word { first % 64 } else { 0 };
    let to = if last / 64 == word { last % 64 } else { 63 };
    (u64::MAX << from) & (u64::MAX >> (63 - to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(seed: u64) -> impl FnMut() -> f64 {
        let mut state = seed;
        move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(99);
            f64::from(u32::try_from(state >> 40).expect("24 bits")) / f64::from(1 << 24)
        }
    }

    #[test]
    fn no_box_that_meets_is_missed() {
        let mut number = numbers(7);
        for size in [0.0, 0.1, 1.0] {
            let boxes: Vec<_> = (0..200)
                .map(|_| {
                    let (x, y) = (number() * 100.0 - 50.0, number() * 10.0);
                    Bounds::new(x, y, x + number() * size, y + number() * size)
                })
                .collect();
            let extent = boxes.iter().fold(Bounds::NOTHING, |extent, bounds| extent.merge(bounds));
            let occupancy = Occupancy::of(&extent, boxes.iter()).expect("most cells are free");
            let mut missed = 0;
            for _ in 0..5000 {
                let (x, y) = (number() * 140.0 - 70.0, number() * 14.0 - 2.0);
                let window = Bounds::new(x, y, x + number() * 2.0, y + number());
                let meets = boxes.iter().any(|bounds| bounds.intersects(&window));
                assert!(!meets || occupancy.may_meet(&window), "{window:?}");
                missed += usize::from(!meets && !occupancy.may_meet(&window));
            }
            assert!(missed > 1000, "{missed} windows are known to meet nothing");
        }
    }

    #[test]
    fn windows_beyond_the_extent_and_without_end_are_looked_up() {
        let boxes = [Bounds::point(0.0, 0.0), Bounds::point(10.0, 10.0)];
        let extent = boxes[0].merge(&boxes[1]);
        let occupancy = Occupancy::of(&extent, boxes.iter()).expect("most cells are free");
        let infinite = f64::INFINITY;
        assert!(occupancy.may_meet(&Bounds::new(-infinite, -infinite, infinite, infinite)));
        assert!(occupancy.may_meet(&Bounds::new(-1e300, -1.0, 0.0, 0.0)));
        assert!(occupancy.may_meet(&Bounds::new(10.0, 10.0, infinite, infinite)));
        assert!(!occupancy.may_meet(&Bounds::new(4.0, 4.0, 5.0, 5.0)));
    }

    #[test]
    fn there_is_none_where_it_would_tell_nothing() {
        let everywhere = Bounds::new(0.0, 0.0, 1.0, 1.0);
        assert!(Occupancy::of(&everywhere, [everywhere].iter()).is_none());
        assert!(Occupancy::of(&Bounds::NOTHING, [].iter()).is_none());
        let point = Bounds::point(1.0, 1.0);
        assert!(Occupancy::of(&point, [point].iter()).is_none());
        let huge = Bounds::new(-1.7e308, -1.7e308, 1.7e308, 1.7e308);
        assert!(Occupancy::of(&huge, [huge].iter()).is_none());
    }
}
