//! Cuts lines where they meet lines and areas.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use crate::GeometryError;
use crate::interrupt::is_over;
use crate::planar::{
    EdgeTree, Key, Location, Role, Shape, Xy, crossing_point, key, locate, on_segment, orient,
};

/// The number of positions in which lines may meet something, beside one for each vertex. With the
/// pieces between them each takes some 500 bytes, so that as many take 2 GB.
const MAX_MEETINGS: usize = 4_000_000;
/// The number of cuts, most of which may be in one position: 16 bytes each.
const MAX_CUTS: usize = 64_000_000;

/// A piece of a line between two positions where it meets something.
#[derive(Debug)]
pub(super) struct Edge {
    /// The positions of the piece.
    pub(super) path: Vec<Xy>,
    /// Whether it belongs to a line of the first and the second shape.
    pub(super) is_line: [bool; 2],
    /// Where it lies relative to the areas of the first and the second shape.
    pub(super) area: [Location; 2],
}

/// The lines of two shapes, and where they are cut.
pub(super) struct Noder {
    /// The lines of both shapes.
    lines: Shape,
    /// For each segment the positions inside of it where it is cut.
    cuts: Vec<Vec<Xy>>,
    /// For each segment the parts that run along the border of an area of a shape.
    borders: Vec<Vec<(usize, [Xy; 2])>>,
    /// The vertices where lines are cut.
    nodes: HashSet<Key>,
    /// The positions where something of each shape meets, in order of discovery.
    meetings: HashMap<Key, (Xy, [bool; 2])>,
    /// The number of paths that belong to the first shape.
    first_paths: usize,
    /// The most positions in which something may meet.
    most: usize,
}

impl Noder {
    /// Returns the lines of two shapes with their cuts, unless they meet too often.
    pub(super) fn new(shapes: [&Shape; 2]) -> Result<Self, GeometryError> {
        Self::up_to(MAX_MEETINGS, shapes)
    }

    fn up_to(most: usize, shapes: [&Shape; 2]) -> Result<Self, GeometryError> {
        let mut lines = Shape::default();
        let mut rings = Shape::default();
        let (mut first_paths, mut first_rings) = (0, 0);
        for (number, shape) in shapes.into_iter().enumerate() {
            for path in &shape.paths {
                let into = if path.is_ring() { &mut rings } else { &mut lines };
                into.add_path(shape.path_coords(path).iter().copied(), Role::Line, 0);
            }
            if number == 0 {
                (first_paths, first_rings) = (lines.paths.len(), rings.paths.len());
            }
        }
        let count = lines.coords.len();
        let mut noder = Self {
            lines: Shape::default(),
            cuts: vec![Vec::new(); count],
            borders: vec![Vec::new(); count],
            nodes: HashSet::new(),
            meetings: HashMap::new(),
            first_paths,
            most: most.saturating_add(count),
        };
        if !lines.paths.is_empty() {
            noder.cut(&lines, &rings, first_rings)?;
        }
        for path in &lines.paths {
            for end in [path.start, path.end - 1] {
                noder.nodes.insert(key(lines.coords[end]));
            }
        }
        noder.lines = lines;
        Ok(noder)
    }

    /// Returns the pieces of all lines, each once, with where they lie.
    pub(super) fn edges(&self, shapes: [(&Shape, &EdgeTree); 2]) -> Vec<Edge> {
        let mut edges: Vec<Edge> = Vec::new();
        let mut known: HashMap<[Key; 2], usize> = HashMap::new();
        for (number, path) in self.lines.paths.iter().enumerate() {
            let side = usize::from(number >= self.first_paths);
            let mut piece =
                Piece { positions: vec![self.lines.coords[path.start]], segment: path.start };
            for segment in path.segments() {
                if is_over() {
                    return edges;
                }
                let mut stops = self.cuts[segment].clone();
                let end = self.lines.coords[segment + 1];
                sort_along(&mut stops, self.lines.segment(segment));
                let is_cut = stops.len();
                stops.push(end);
                for (index, stop) in stops.into_iter().enumerate() {
                    if piece.positions.last() != Some(&stop) {
                        piece.positions.push(stop);
                    }
                    if index < is_cut || self.nodes.contains(&key(stop)) {
                        self.finish(&piece, side, &mut edges, &mut known, shapes);
                        piece = Piece { positions: vec![stop], segment };
                    }
                }
                if piece.positions.len() == 1 {
                    piece.segment = segment + 1;
                }
            }
            self.finish(&piece, side, &mut edges, &mut known, shapes);
        }
        edges
    }

    /// Returns the positions where lines of one shape meet something of the other.
    pub(super) fn shared_positions(&self) -> impl Iterator<Item = Xy> {
        let mut positions: Vec<Xy> = self
            .meetings
            .values()
            .filter(|(_, sides)| *sides == [true; 2])
            .map(|(at, _)| *at)
            .collect();
        positions.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
        positions.into_iter()
    }

    fn side_of_line(&self, lines: &Shape, segment: usize) -> usize {
        let path = lines.path_of(segment);
        let first = lines.paths.get(self.first_paths).map_or(usize::MAX, |path| path.start);
        usize::from(path.start >= first)
    }

    fn cut(
        &mut self,
        lines: &Shape,
        rings: &Shape,
        first_rings: usize,
    ) -> Result<(), GeometryError> {
        let tree = EdgeTree::new(lines);
        let mut cuts = 0;
        let _ = EdgeTree::pairs((lines, &tree), (lines, &tree), &mut |first, second| {
            if first < second {
                let sides = [self.side_of_line(lines, first), self.side_of_line(lines, second)];
                let is_next = second == first + 1
                    && lines.path_of(first).start == lines.path_of(second).start;
                let shared = is_next.then(|| lines.coords[second]);
                let edges = [lines.segment(first), lines.segment(second)];
                for (at, is_inside) in meetings(edges, shared) {
                    self.record(at, sides);
                    for (inside, segment) in is_inside.into_iter().zip([first, second]) {
                        if inside {
                            self.cuts[segment].push(at);
                            cuts += 1;
                        }
                    }
                }
            }
            self.go_on(cuts)
        });
        let ring_start = rings.paths.get(first_rings).map_or(usize::MAX, |path| path.start);
        let ring_tree = EdgeTree::new(rings);
        let _ = EdgeTree::pairs((lines, &tree), (rings, &ring_tree), &mut |first, second| {
            let owner = usize::from(rings.path_of(second).start >= ring_start);
            let sides = [self.side_of_line(lines, first), owner];
            let edges = [lines.segment(first), rings.segment(second)];
            let found = meetings(edges, None);
            if let [(from, _), (to, _)] = found.as_slice()
                && from != to
            {
                self.borders[first].push((owner, [*from, *to]));
            }
            for (at, is_inside) in found {
                self.record(at, sides);
                if is_inside[0] {
                    self.cuts[first].push(at);
                    cuts += 1;
                }
            }
            self.go_on(cuts)
        });
        if self.go_on(cuts).is_break() { Err(GeometryError::TooComplex) } else { Ok(()) }
    }

    /// Returns whether the lines did not meet too often yet.
    fn go_on(&self, cuts: usize) -> ControlFlow<()> {
        if self.meetings.len() > self.most || cuts > MAX_CUTS {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    fn record(&mut self, at: Xy, sides: [usize; 2]) {
        self.nodes.insert(key(at));
        let (_, met) = self.meetings.entry(key(at)).or_insert((at, [false; 2]));
        for side in sides {
            met[side] = true;
        }
    }

    /// Adds a piece to the edges, or to the one that is the same already.
    fn finish(
        &self,
        piece: &Piece,
        side: usize,
        edges: &mut Vec<Edge>,
        known: &mut HashMap<[Key; 2], usize>,
        shapes: [(&Shape, &EdgeTree); 2],
    ) {
        let [first, second, ..] = piece.positions.as_slice() else { return };
        // Pieces that run along each other have all their vertices as nodes.
        if piece.positions.len() == 2 {
            let mut ends = [key(*first), key(*second)];
            ends.sort_unstable();
            if let Some(edge) = known.get(&ends).and_then(|index| edges.get_mut(*index)) {
                edge.is_line[side] = true;
                return;
            }
            known.insert(ends, edges.len());
        }
        let mut is_line = [false; 2];
        is_line[side] = true;
        let area = [0, 1].map(|number| {
            let (shape, tree) = shapes[number];
            if shape.groups == 0 {
                return Location::Exterior;
            }
            let middle = [f64::midpoint(first[0], second[0]), f64::midpoint(first[1], second[1])];
            let runs_along = |(owner, border): &(usize, [Xy; 2])| {
                *owner == number && is_between(middle, *border)
            };
            if self.borders.get(piece.segment).is_some_and(|borders| borders.iter().any(runs_along))
            {
                return Location::Boundary;
            }
            locate(shape, tree, middle)
        });
        edges.push(Edge { path: piece.positions.clone(), is_line, area });
    }
}

/// The piece of a line that is being followed.
struct Piece {
    positions: Vec<Xy>,
    /// The segment in which it starts.
    segment: usize,
}

/// Returns the positions in which two segments meet, at most two of them, and whether each lies
/// inside of the first and of the second segment; the vertex that neighbours share counts only if
/// it is not the only one.
fn meetings([a, b]: [[Xy; 2]; 2], shared: Option<Xy>) -> Vec<(Xy, [bool; 2])> {
    let (b0, b1) = (orient(a[0], a[1], b[0]), orient(a[0], a[1], b[1]));
    if b0 * b1 > 0 {
        return Vec::new();
    }
    let (a0, a1) = (orient(b[0], b[1], a[0]), orient(b[0], b[1], a[1]));
    if a0 * a1 > 0 {
        return Vec::new();
    }
    let inside = |at: Xy, edge: [Xy; 2]| at != edge[0] && at != edge[1];
    if b0 * b1 < 0 && a0 * a1 < 0 {
        let at = crossing_point(a, b);
        return vec![(at, [inside(at, a), inside(at, b)])];
    }
    let mut found: Vec<(Xy, [bool; 2])> = Vec::new();
    for (side, at, edge) in [(b0, b[0], a), (b1, b[1], a), (a0, a[0], b), (a1, a[1], b)] {
        let is_new = Some(at) != shared && found.iter().all(|(known, _)| *known != at);
        if side == 0 && is_new && on_segment(at, edge) {
            found.push((at, [inside(at, a), inside(at, b)]));
        }
    }
    // Neighbours that meet elsewhere, too, run back along each other.
    if let Some(at) = shared.filter(|_| !found.is_empty()) {
        found.push((at, [false; 2]));
    }
    found
}

/// Sorts positions along a segment and removes repeated ones.
fn sort_along(positions: &mut Vec<Xy>, [from, to]: [Xy; 2]) {
    let axis = usize::from((to[1] - from[1]).abs() > (to[0] - from[0]).abs());
    if to[axis] >= from[axis] {
        positions.sort_by(|a, b| a[axis].total_cmp(&b[axis]));
    } else {
        positions.sort_by(|a, b| b[axis].total_cmp(&a[axis]));
    }
    positions.dedup();
}

/// Returns whether a position on the line of a segment is between its ends.
fn is_between(at: Xy, [from, to]: [Xy; 2]) -> bool {
    let between = |v: f64, s: f64, t: f64| s.min(t) <= v && v <= s.max(t);
    between(at[0], from[0], to[0]) && between(at[1], from[1], to[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_meet_too_often_are_refused() {
        let mut grid = Shape::default();
        for at in (0..40).map(f64::from) {
            grid.add_path([[at, -1.0], [at, 40.0]], Role::Line, 0);
            grid.add_path([[-1.0, at], [40.0, at]], Role::Line, 0);
        }
        let nothing = Shape::default();
        let cut =
            |most: usize| Noder::up_to(most, [&grid, &nothing]).map(|noder| noder.nodes.len());
        assert_eq!(cut(1600), Ok(1600 + 160));
        assert_eq!(cut(1000), Err(GeometryError::TooComplex));
    }
}
