//! A packed R-tree over boxes in single precision.

use godwit_geometry::Bounds;

use crate::occupancy::Occupancy;
use crate::order::along_curve_in;

/// The number of boxes in a node.
const WIDTH: usize = 16;

/// What is left of a distance in single precision once rounding is accounted for.
const ROUNDING: f64 = 1.0 - 1e-6;

/// Boxes in single precision, ordinate by ordinate, so that they are compared all at once.
#[derive(Debug, Clone)]
struct Node {
    xmin: [f32; WIDTH],
    ymin: [f32; WIDTH],
    xmax: [f32; WIDTH],
    ymax: [f32; WIDTH],
}

impl Node {
    /// A node whose boxes meet nothing.
    const NOTHING: Self = Self {
        xmin: [f32::INFINITY; WIDTH],
        ymin: [f32::INFINITY; WIDTH],
        xmax: [f32::NEG_INFINITY; WIDTH],
        ymax: [f32::NEG_INFINITY; WIDTH],
    };

    fn set(&mut self, place: usize, [xmin, ymin, xmax, ymax]: [f32; 4]) {
        self.xmin[place] = xmin;
        self.ymin[place] = ymin;
        self.xmax[place] = xmax;
        self.ymax[place] = ymax;
    }

    /// Returns the box around all boxes of the node.
    fn bounds(&self) -> [f32; 4] {
        let least = |values: &[f32; WIDTH]| values.iter().copied().fold(f32::INFINITY, f32::min);
        let most = |values: &[f32; WIDTH]| values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        [least(&self.xmin), least(&self.ymin), most(&self.xmax), most(&self.ymax)]
    }

    /// Returns for every box the square of a distance that it is not nearer to the window than.
    #[inline]
    fn least_squares(&self, [xmin, ymin, xmax, ymax]: [f32; 4]) -> [f64; WIDTH] {
        std::array::from_fn(|place| {
            let dx = (self.xmin[place] - xmax).max(xmin - self.xmax[place]).max(0.0);
            let dy = (self.ymin[place] - ymax).max(ymin - self.ymax[place]).max(0.0);
            let (dx, dy) = (f64::from(dx), f64::from(dy));
            (dx * dx + dy * dy) * ROUNDING
        })
    }

    /// Returns the boxes.
    fn boxes(&self) -> impl Iterator<Item = Bounds> {
        let sides = (0..WIDTH).map(|place| {
            let [xmin, ymin] = [self.xmin[place], self.ymin[place]].map(f64::from);
            let [xmax, ymax] = [self.xmax[place], self.ymax[place]].map(f64::from);
            Bounds::new(xmin, ymin, xmax, ymax)
        });
        sides.filter(|bounds| !bounds.is_nothing())
    }

    /// Returns a bit for every box that meets the window.
    #[inline]
    fn meets(&self, [xmin, ymin, xmax, ymax]: [f32; 4]) -> u32 {
        // A lane of its own for every bit, so that lanes are compared several at a time.
        let mut found = [0_u32; WIDTH];
        for (place, found) in found.iter_mut().enumerate() {
            // Numbers instead of truth values keep the loop free of branches.
            let meets_x = u32::from(self.xmin[place] <= xmax) & u32::from(self.xmax[place] >= xmin);
            let meets_y = u32::from(self.ymin[place] <= ymax) & u32::from(self.ymax[place] >= ymin);
            *found = (meets_x & meets_y) << place;
        }
        found.into_iter().fold(0, |found, bit| found | bit)
    }
}

/// A packed R-tree over the boxes of rows, which are sorted along a Hilbert curve.
///
/// Boxes are rounded outward, so a search finds all rows whose boxes meet the window, and now and
/// then one whose box just misses it.
#[derive(Debug)]
pub(crate) struct Tree {
    /// The levels from the leaves to the root.
    levels: Vec<Box<[Node]>>,
    /// The rows in the order of the leaves.
    rows: Box<[u32]>,
    /// Where boxes are, when much of the extent has none.
    occupancy: Option<Occupancy>,
}

/// The nodes that a search still has to visit; kept between searches to save allocations.
#[derive(Debug, Default)]
pub(crate) struct Stack(Vec<(usize, usize)>);

/// The nodes that a search for the nearest still has to visit: the square of their least distance,
/// their level and place. Kept between searches to save allocations.
#[derive(Debug, Default)]
pub(crate) struct Reach(Vec<(f64, usize, usize)>);

impl Tree {
    /// Returns the tree of rows and their boxes.
    pub(crate) fn new(entries: &[(Bounds, u32)]) -> Self {
        let extent =
            entries.iter().fold(Bounds::NOTHING, |extent, (bounds, _)| extent.merge(bounds));
        let order = along_curve_in(&extent, entries.iter().map(|(bounds, _)| *bounds));
        let sorted = order.iter().map(|position| &entries[*position as usize]);
        let rows = sorted.clone().map(|(_, row)| *row).collect();
        let boxes: Vec<[f32; 4]> = sorted.map(|(bounds, _)| bounds.to_f32_outward()).collect();
        let mut levels = vec![pack(&boxes)];
        while let Some(level) = levels.last()
            && level.len() > 1
        {
            let boxes: Vec<[f32; 4]> = level.iter().map(Node::bounds).collect();
            levels.push(pack(&boxes));
        }
        let boxes = entries.iter().map(|(bounds, _)| bounds);
        Self { levels, rows, occupancy: Occupancy::of(&extent, boxes) }
    }

    /// Calls a function with every row whose box meets the window.
    #[inline]
    pub(crate) fn search(&self, window: &Bounds, stack: &mut Stack, mut visit: impl FnMut(u32)) {
        if self.occupancy.as_ref().is_some_and(|occupancy| !occupancy.may_meet(window)) {
            return;
        }
        let window = window.to_f32_outward();
        let stack = &mut stack.0;
        stack.clear();
        stack.push((self.levels.len() - 1, 0));
        while let Some((level, node)) = stack.pop() {
            let Some(boxes) = self.levels[level].get(node) else { continue };
            let mut found = boxes.meets(window);
            while found != 0 {
                let child = node * WIDTH + found.trailing_zeros() as usize;
                found &= found - 1;
                if level > 0 {
                    stack.push((level - 1, child));
                } else {
                    visit(self.rows[child]);
                }
            }
        }
    }

    /// Calls a function with every row whose box may be as near to a box as the limit; nearer ones
    /// tend to come first. The function returns the limit from then on.
    #[inline]
    pub(crate) fn nearest(
        &self,
        from: &Bounds,
        limit: f64,
        reach: &mut Reach,
        mut visit: impl FnMut(u32) -> f64,
    ) {
        let window = from.to_f32_outward();
        let reach = &mut reach.0;
        let mut limit = limit * limit;
        reach.clear();
        reach.push((0.0, self.levels.len() - 1, 0));
        while let Some((least, level, node)) = reach.pop() {
            if least > limit {
                continue;
            }
            let Some(boxes) = self.levels[level].get(node) else { continue };
            let squares = boxes.least_squares(window);
            let mut near = [(0.0, 0); WIDTH];
            let mut count = 0;
            for (place, square) in squares.into_iter().enumerate() {
                // Places without a box are infinitely far away.
                if square <= limit && square < f64::INFINITY {
                    near[count] = (square, place);
                    count += 1;
                }
            }
            let near = &mut near[..count];
            near.sort_unstable_by(|(a, _), (b, _)| a.total_cmp(b));
            if level > 0 {
                let children = near.iter().rev();
                reach.extend(
                    children.map(|(least, place)| (*least, level - 1, node * WIDTH + place)),
                );
                continue;
            }
            for (least, place) in near {
                if *least <= limit {
                    let found = visit(self.rows[node * WIDTH + *place]);
                    limit = found * found;
                }
            }
        }
    }

    /// Returns boxes around all boxes, no more than a number of them if that can be.
    pub(crate) fn boxes(&self, most: usize) -> impl Iterator<Item = Bounds> {
        let fits = self.levels.iter().position(|level| level.len() * WIDTH <= most);
        let level = fits.map_or(self.levels.last(), |fits| self.levels.get(fits));
        level.into_iter().flat_map(|nodes| nodes.iter()).flat_map(Node::boxes)
    }

    /// Returns the bytes of memory held.
    pub(crate) fn memory_size(&self) -> usize {
        let nodes: usize = self.levels.iter().map(|level| size_of_val(&**level)).sum();
        let occupancy = self.occupancy.as_ref().map_or(0, Occupancy::memory_size);
        nodes + size_of_val(&*self.rows) + occupancy
    }

    /// Returns about how many bytes a tree of so many rows holds while it is made.
    pub(crate) fn expected_memory(row_count: usize) -> usize {
        let order = size_of::<u64>() + size_of::<u32>();
        let per_row = order + size_of::<u32>() + 2 * size_of::<[f32; 4]>();
        row_count * per_row + size_of::<Node>() + Occupancy::expected_memory(row_count)
    }
}

fn pack(boxes: &[[f32; 4]]) -> Box<[Node]> {
    let fill = |boxes: &[[f32; 4]]| {
        let mut node = Node::NOTHING;
        for (place, bounds) in boxes.iter().enumerate() {
            node.set(place, *bounds);
        }
        node
    };
    boxes.chunks(WIDTH).map(fill).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(tree: &Tree, window: &Bounds) -> Vec<u32> {
        let mut rows = Vec::new();
        tree.search(window, &mut Stack::default(), |row| rows.push(row));
        rows.sort_unstable();
        rows
    }

    #[test]
    fn searches_find_what_a_scan_finds() {
        let mut state = 1_u64;
        let mut number = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(99);
            f64::from(u32::try_from(state >> 40).expect("24 bits")) / f64::from(1 << 24)
        };
        for count in [0_u32, 1, 15, 16, 17, 256, 257, 5000] {
            let entries: Vec<_> = (0..count)
                .map(|row| {
                    let (x, y) = (number() * 100.0, number() * 100.0);
                    (Bounds::new(x, y, x + number(), y + number()), row)
                })
                .collect();
            let tree = Tree::new(&entries);
            for _ in 0..50 {
                let (x, y) = (number() * 100.0, number() * 100.0);
                let window = Bounds::new(x, y, x + number() * 10.0, y + number() * 10.0);
                let rows = found(&tree, &window);
                for (bounds, row) in &entries {
                    let is_found = rows.binary_search(row).is_ok();
                    assert!(is_found || !bounds.intersects(&window));
                    assert!(!is_found || bounds.expand(1e-4).intersects(&window));
                }
            }
            assert_eq!(found(&tree, &Bounds::new(-1.0, -1.0, 200.0, 200.0)).len(), entries.len());
        }
    }

    #[test]
    fn the_nearest_boxes_are_those_of_a_scan() {
        let mut state = 5_u64;
        let mut number = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(99);
            f64::from(u32::try_from(state >> 40).expect("24 bits")) / f64::from(1 << 24) * 100.0
        };
        for count in [0_u32, 1, 16, 17, 300, 5000] {
            let entries: Vec<_> =
                (0..count).map(|row| (Bounds::point(number(), number()), row)).collect();
            let tree = Tree::new(&entries);
            for _ in 0..50 {
                let (x, y) = (number(), number());
                let distance = |bounds: &Bounds| (bounds.xmin - x).hypot(bounds.ymin - y);
                let expected = entries.iter().map(|(bounds, _)| distance(bounds));
                let expected = expected.fold(f64::INFINITY, f64::min);
                let mut best = f64::INFINITY;
                tree.nearest(&Bounds::point(x, y), best, &mut Reach::default(), |row| {
                    best = best.min(distance(&entries[row as usize].0));
                    best
                });
                assert_eq!(best, expected);
            }
        }
    }

    #[test]
    fn huge_boxes_are_found() {
        let huge = Bounds::new(-1e300, -1e300, 1e300, 1e300);
        let tree = Tree::new(&[(huge, 7), (Bounds::point(1e300, 1e300), 8)]);
        assert_eq!(found(&tree, &Bounds::point(0.0, 0.0)), [7]);
        assert_eq!(found(&tree, &Bounds::point(1e300, 1e300)), [7, 8]);
    }
}
