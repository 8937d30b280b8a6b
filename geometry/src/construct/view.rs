//! The vertices of a line or ring that make a difference to what a window shows.

use crate::planar::{Xy, orient};
use crate::{Bounds, Coord};

/// Returns the vertices of a line that matter; none when nothing of it is seen.
pub(super) fn relevant_line(coords: &[Coord], window: &Bounds, is_straight: bool) -> Vec<Coord> {
    let view = View { window, is_straight };
    let kept = match coords.first() {
        Some(first) => view.relevant(coords, first, coords.last().unwrap_or(first)),
        None => Vec::new(),
    };
    if kept.len() < 2 || view.is_beside(&kept) { Vec::new() } else { kept }
}

/// Returns the vertices of a closed ring that matter; none when nothing of it is seen.
///
/// It may come to start at another vertex. A ring that is not closed stays as it is.
pub(super) fn relevant_ring(coords: &[Coord], window: &Bounds, is_straight: bool) -> Vec<Coord> {
    let [first, .., before, last] = coords else { return Vec::new() };
    if coords.len() < 4 {
        return Vec::new();
    }
    if position(first) != position(last) {
        return coords.to_vec();
    }
    let view = View { window, is_straight };
    let open = coords.split_last().map_or(coords, |(_, open)| open);
    let mut kept = view.relevant(open, before, first);
    kept.extend(kept.first().copied());
    if kept.len() < 4 || view.is_beside(&kept) || (is_straight && !view.is_seen(&kept)) {
        return Vec::new();
    }
    kept
}

struct View<'w> {
    window: &'w Bounds,
    /// Whether edges are drawn as straight lines.
    is_straight: bool,
}

impl View<'_> {
    /// Returns the coordinates that matter, given what comes before and after all of them.
    fn relevant(&self, coords: &[Coord], before: &Coord, after: &Coord) -> Vec<Coord> {
        let mut kept = Vec::with_capacity(coords.len());
        let mut before = *before;
        for (index, coord) in coords.iter().enumerate() {
            let next = coords.get(index + 1).unwrap_or(after);
            if !self.is_hidden([&before, coord, next]) {
                kept.push(*coord);
                before = *coord;
            }
        }
        kept
    }

    /// Returns whether the middle one of three vertices makes no difference.
    fn is_hidden(&self, corners: [&Coord; 3]) -> bool {
        let sides = corners.map(|coord| self.sides(coord));
        let is_on_one_side = (0..2).any(|axis| {
            let [a, b, c] = sides.map(|sides| sides.get(axis).copied().unwrap_or(0));
            b != 0 && a == b && b == c
        });
        if is_on_one_side || !self.is_straight || sides.contains(&[0, 0]) {
            return is_on_one_side;
        }
        let [a, b, c] = corners.map(position);
        let meets = |edge: [Xy; 2]| meets(self.window, edge);
        !meets([a, b]) && !meets([b, c]) && !meets([c, a]) && !self.is_around(&[a, b, c, a])
    }

    /// Returns on which side of the window a coordinate lies on each axis, 0 for neither.
    fn sides(&self, coord: &Coord) -> [i8; 2] {
        let side =
            |value: f64, low: f64, high: f64| i8::from(value >= high) - i8::from(value < low);
        [
            side(coord.x, self.window.xmin, self.window.xmax),
            side(coord.y, self.window.ymin, self.window.ymax),
        ]
    }

    /// Returns whether all vertices lie on one side of the window.
    fn is_beside(&self, coords: &[Coord]) -> bool {
        (0..2).any(|axis| {
            let side = |coord: &Coord| self.sides(coord).get(axis).copied().unwrap_or(0);
            let first = coords.first().map_or(0, side);
            first != 0 && coords.iter().all(|coord| side(coord) == first)
        })
    }

    /// Returns whether a ring has a part of the window in it, or its border there.
    fn is_seen(&self, ring: &[Coord]) -> bool {
        let ring: Vec<Xy> = ring.iter().map(position).collect();
        let has_border = ring.windows(2).any(|edge| meets(self.window, [edge[0], edge[1]]));
        has_border || self.is_around(&ring)
    }

    /// Returns whether a closed ring that does not meet the window lies around it.
    fn is_around(&self, ring: &[Xy]) -> bool {
        let (x, y) = (self.window.xmin, self.window.ymin);
        let crossings = ring.windows(2).filter(|edge| {
            let [start, end] = [edge[0], edge[1]];
            if (start[1] > y) == (end[1] > y) {
                return false;
            }
            let side = orient(start, end, [x, y]);
            if end[1] > start[1] { side > 0 } else { side < 0 }
        });
        crossings.count() % 2 == 1
    }
}

fn position(coord: &Coord) -> Xy {
    [coord.x, coord.y]
}

/// Returns whether an edge has a position in common with a box.
fn meets(window: &Bounds, [start, end]: [Xy; 2]) -> bool {
    let mut bounds = Bounds::NOTHING;
    for [x, y] in [start, end] {
        bounds.add(x, y);
    }
    if !bounds.intersects(window) {
        return false;
    }
    let corners = [
        [window.xmin, window.ymin],
        [window.xmin, window.ymax],
        [window.xmax, window.ymax],
        [window.xmax, window.ymin],
    ];
    let sides = corners.map(|corner| orient(start, end, corner));
    !sides.iter().all(|side| *side > 0) && !sides.iter().all(|side| *side < 0)
}
