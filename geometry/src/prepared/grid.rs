//! Edges sorted into the cells of a grid.

use robust::{Coord, orient2d};

use super::layout::Layout;
use super::paths::{Edge, Paths};
use crate::Bounds;
use crate::planar::{Location, closest_on_segment, on_segment, perpendicular_squared};

/// So many cells an edge may be entered into on average, which bounds the memory.
const MOST_ENTRIES: usize = 8;

/// The bit that says that the lower left corner of a cell lies inside.
const INSIDE: u32 = 1 << 31;

/// Edges sorted into the cells of a grid, with for each cell whether its corner lies inside.
///
/// Inside are the positions from which a ray crosses an odd number of edges. Corners are taken to
/// lie a little above and to the right of where they are, the right shift being by far the
/// smaller: then no edge goes through a corner, and every count of crossings is exact.
///
/// Where polygons may overlap each other, their number is counted at each corner instead.
///
/// A cell holds the numbers of its edges, which mostly follow each other: as few bytes as that,
/// and yet the positions of a cell lie side by side.
#[derive(Debug)]
pub(super) struct EdgeGrid {
    layout: Layout,
    /// Where the edges of each cell start, with the bit `INSIDE`; one more closes the last cell.
    starts: Box<[u32]>,
    /// The edges of all cells: the place of the first of the two positions.
    entries: Box<[u32]>,
    positions: Box<[[f64; 2]]>,
    /// How many polygons contain the corner of each cell, if they may overlap.
    counts: Option<Box<[i32]>>,
}

/// What the edges of a grid enclose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    /// Nothing: they are lines.
    Nothing,
    /// Polygons that do not overlap.
    Apart,
    /// Polygons that may overlap; they lie to the left of their edges.
    Overlapping,
}

impl EdgeGrid {
    /// Returns the grid of edges, or nothing when there are none or too many; it has about as many
    /// cells as there are edges, or more when that is wanted.
    ///
    /// All coordinates must be finite.
    pub(super) fn new(paths: Paths, inside: Inside, least_cells: usize) -> Option<Self> {
        let bounds = paths.bounds();
        if bounds.is_nothing() {
            return None;
        }
        let edge_count = paths.edge_count();
        let mut cell_count = edge_count.max(least_cells);
        let most = edge_count.saturating_mul(MOST_ENTRIES).max(least_cells);
        let (layout, (mut starts, entries)) = loop {
            let layout = Layout::new(bounds, cell_count);
            if let Some(entered) = enter(&layout, &paths, most) {
                break (layout, entered);
            }
            if layout.cell_count() == 1 {
                return None;
            }
            // Larger cells share fewer edges.
            cell_count /= 4;
        };
        let mut counts = None;
        match inside {
            Inside::Nothing => {}
            Inside::Apart => mark_inside(&layout, &paths, &mut starts),
            Inside::Overlapping => counts = Some(count_inside(&layout, &paths)),
        }
        let positions = paths.into_positions();
        Some(Self { layout, starts: starts.into(), entries, positions, counts })
    }

    /// Returns where a position lies relative to the area inside of the edges; nothing when
    /// polygons overlap there.
    #[inline]
    pub(super) fn locate(&self, x: f64, y: f64) -> Option<Location> {
        if !self.layout.bounds.contains_xy(x, y) {
            return Some(Location::Exterior);
        }
        match &self.counts {
            None => Some(self.locate_apart(x, y)),
            Some(counts) => self.locate_overlapping(counts, x, y),
        }
    }

    #[inline]
    fn locate_apart(&self, x: f64, y: f64) -> Location {
        let (column, row) = (self.layout.column(x), self.layout.row(y));
        let (mut is_inside, edges) = self.cell(row * self.layout.columns + column);
        let (left, bottom) = (self.layout.left(column), self.layout.bottom(row));
        // From the corner up to the height of the position, then across to it.
        for edge in edges {
            let edge = &edge;
            let [x0, y0, x1, y1] = *edge;
            let crosses_height = (y0 > y) != (y1 > y);
            if crosses_height || y0 == y || y1 == y {
                let side = side(edge, x, y);
                let is_between = (x0.min(x1) <= x) && (x <= x0.max(x1));
                if side == 0.0 && is_between {
                    return Location::Boundary;
                }
                if crosses_height {
                    is_inside ^= (side > 0.0) != is_left(edge, left, y);
                }
            }
            if (x0 > left) != (x1 > left) {
                is_inside ^= is_left(edge, left, bottom) != is_left(edge, left, y);
            }
        }
        if is_inside { Location::Interior } else { Location::Exterior }
    }

    /// Counts the polygons around a position: one more when an edge is crossed to its left.
    fn locate_overlapping(&self, counts: &[i32], x: f64, y: f64) -> Option<Location> {
        let (column, row) = (self.layout.column(x), self.layout.row(y));
        let cell = row * self.layout.columns + column;
        let (left, bottom) = (self.layout.left(column), self.layout.bottom(row));
        let mut count = *counts.get(cell)?;
        for edge in self.cell(cell).1 {
            let edge = &edge;
            let [x0, y0, x1, y1] = *edge;
            if on_segment([x, y], ends(edge)) {
                return None;
            }
            let at_height = i32::from(is_left(edge, left, y));
            if (y0 > y) != (y1 > y) {
                count += i32::from(side(edge, x, y) > 0.0) - at_height;
            }
            if (x0 > left) != (x1 > left) {
                count += at_height - i32::from(is_left(edge, left, bottom));
            }
        }
        match count {
            0 => Some(Location::Exterior),
            1 => Some(Location::Interior),
            _ => None,
        }
    }

    /// Returns whether a position lies on one of the edges.
    pub(super) fn is_on_edge(&self, x: f64, y: f64) -> bool {
        if !self.layout.bounds.contains_xy(x, y) {
            return false;
        }
        let cell = self.layout.row(y) * self.layout.columns + self.layout.column(x);
        self.cell(cell).1.any(|edge| on_segment([x, y], ends(&edge)))
    }

    /// Returns whether one of the edges meets a segment.
    pub(super) fn meets(&self, segment: &Edge) -> bool {
        let bounds = &self.layout.bounds;
        if !bounds.intersects(&bounds_of(segment)) {
            return false;
        }
        self.layout
            .any_cell(*segment, |cell| self.cell(cell).1.any(|edge| segments_meet(&edge, segment)))
    }

    /// Returns whether an edge comes close to a cell that a box meets.
    pub(super) fn has_edges_near(&self, window: &Bounds) -> bool {
        self.layout.any_cell_in(window, |cell| self.cell(cell).1.len() > 0)
    }

    /// Returns whether one of the edges comes as close to a position as a distance.
    pub(super) fn comes_close(&self, x: f64, y: f64, distance: f64) -> bool {
        let window = Bounds::point(x, y).expand(distance);
        if !self.layout.bounds.intersects(&window) {
            return false;
        }
        self.layout.any_cell_in(&window, |cell| {
            self.cell(cell).1.any(|edge| {
                let closest = closest_on_segment([x, y], ends(&edge));
                perpendicular_squared([x, y], closest, ends(&edge)).sqrt() <= distance
            })
        })
    }

    /// Returns the bytes of memory held beside the struct itself.
    pub(super) fn memory_size(&self) -> usize {
        let counts = self.counts.as_ref().map_or(0, |counts| size_of_val(&**counts));
        let edges = size_of_val(&*self.entries) + size_of_val(&*self.positions);
        size_of_val(&*self.starts) + edges + counts
    }

    /// Returns whether the corner of a cell lies inside, and the edges close to the cell.
    #[inline]
    fn cell(&self, cell: usize) -> (bool, impl ExactSizeIterator<Item = Edge>) {
        let start = self.starts[cell];
        let end = self.starts[cell + 1] & !INSIDE;
        let entries = &self.entries[(start & !INSIDE) as usize..end as usize];
        let edges = entries.iter().map(|place| {
            let place = *place as usize;
            let [[x0, y0], [x1, y1]] = [self.positions[place], self.positions[place + 1]];
            [x0, y0, x1, y1]
        });
        (start & INSIDE != 0, edges)
    }
}

/// Enters every edge into the cells it comes close to.
///
/// Returns where each cell starts and the edges of all cells, or nothing when they would be more
/// than `most`.
fn enter(layout: &Layout, paths: &Paths, most: usize) -> Option<(Vec<u32>, Box<[u32]>)> {
    let most = most.min(INSIDE as usize - 1);
    let mut starts = vec![0_u32; layout.cell_count() + 1];
    let mut entered: Vec<(usize, u32)> = Vec::with_capacity(2 * paths.edge_count());
    for (place, edge) in paths.edges() {
        let overflows = layout.any_cell(edge, |cell| {
            starts[cell] += 1;
            entered.push((cell, place));
            entered.len() > most
        });
        if overflows {
            return None;
        }
    }
    let mut start = 0;
    for count in &mut starts {
        start += *count;
        *count = start;
    }
    // Each start is now the end of its cell and moves down while the cell is filled.
    let mut entries = vec![0; entered.len()].into_boxed_slice();
    for (cell, place) in entered.into_iter().rev() {
        starts[cell] -= 1;
        entries[starts[cell] as usize] = place;
    }
    Some((starts, entries))
}

/// Sets the bit of every cell whose lower left corner lies inside.
fn mark_inside(layout: &Layout, paths: &Paths, starts: &mut [u32]) {
    // First each crossing of an edge with the lower border of a row toggles the first corner to
    // its right; then the toggles add up along the row.
    cross_borders(layout, paths, |corner, _| starts[corner] ^= INSIDE);
    let cells = layout.cell_count();
    for row in starts[..cells].chunks_exact_mut(layout.columns) {
        let mut inside = 0;
        for start in row {
            inside ^= *start & INSIDE;
            *start = (*start & !INSIDE) | inside;
        }
    }
}

/// Returns how many polygons contain the lower left corner of each cell.
fn count_inside(layout: &Layout, paths: &Paths) -> Box<[i32]> {
    let mut counts = vec![0; layout.cell_count()];
    cross_borders(layout, paths, |corner, is_upward| {
        // To the left of an upward edge is what lies before it in the row.
        counts[corner] += if is_upward { -1 } else { 1 };
    });
    for row in counts.chunks_exact_mut(layout.columns) {
        let mut total = 0;
        for count in row {
            total += *count;
            *count = total;
        }
    }
    counts.into()
}

/// Calls a function with the first corner to the right of each crossing of an edge with the lower
/// border of a row, and whether the edge leads upward.
fn cross_borders(layout: &Layout, paths: &Paths, mut visit: impl FnMut(usize, bool)) {
    for (_, [x0, y0, x1, y1]) in paths.edges() {
        let upward = if y0 <= y1 { [x0, y0, x1, y1] } else { [x1, y1, x0, y0] };
        let [low_x, low_y, high_x, high_y] = upward;
        let first = layout.row(low_y).saturating_sub(1);
        let last = (layout.row(high_y) + 1).min(layout.rows - 1);
        for row in first..=last {
            let y = layout.bottom(row);
            if (low_y > y) == (high_y > y) {
                continue;
            }
            let x = low_x + (y - low_y) * (high_x - low_x) / (high_y - low_y);
            let mut column = layout.column(x);
            let is_right_of_edge = |column: usize| !is_left(&upward, layout.left(column), y);
            while column > 0 && is_right_of_edge(column - 1) {
                column -= 1;
            }
            while column < layout.columns && !is_right_of_edge(column) {
                column += 1;
            }
            if column < layout.columns {
                visit(row * layout.columns + column, y0 <= y1);
            }
        }
    }
}

/// Returns a positive number when a position lies to the left of an edge, a negative one to the
/// right, and 0 on its line.
#[inline]
fn side([x0, y0, x1, y1]: &Edge, x: f64, y: f64) -> f64 {
    orient2d(Coord { x: *x0, y: *y0 }, Coord { x: *x1, y: *y1 }, Coord { x, y })
}

/// Returns whether a position moved a little up, and far less to the right, lies to the left.
#[inline]
fn is_left(edge: &Edge, x: f64, y: f64) -> bool {
    let side = side(edge, x, y);
    if side != 0.0 {
        return side > 0.0;
    }
    let [x0, y0, x1, y1] = edge;
    x1 > x0 || (x1 == x0 && y1 < y0)
}

/// Returns whether two segments share a position.
fn segments_meet(a: &Edge, b: &Edge) -> bool {
    if !bounds_of(a).intersects(&bounds_of(b)) {
        return false;
    }
    let apart = |line: &Edge, other: &Edge| {
        let (first, second) = (side(line, other[0], other[1]), side(line, other[2], other[3]));
        (first > 0.0 && second > 0.0) || (first < 0.0 && second < 0.0)
    };
    // Collinear segments whose boxes meet do meet.
    !apart(a, b) && !apart(b, a)
}

#[inline]
fn bounds_of([x0, y0, x1, y1]: &Edge) -> Bounds {
    Bounds::new(x0.min(*x1), y0.min(*y1), x0.max(*x1), y0.max(*y1))
}

#[inline]
fn ends([x0, y0, x1, y1]: &Edge) -> [[f64; 2]; 2] {
    [[*x0, *y0], [*x1, *y1]]
}
