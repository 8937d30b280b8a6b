//! The faces of a planar graph.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::graph::Graph;
use crate::interrupt::is_over;
use crate::planar::{EdgeTree, Role, Shape, Xy, orient};

/// The face around everything.
pub(crate) const OUTSIDE: usize = usize::MAX;

/// The faces of a planar graph.
#[derive(Debug)]
pub(crate) struct Faces {
    /// The face to the right of each half-edge.
    pub(crate) of: Vec<usize>,
    /// The number of bounded faces.
    pub(crate) count: usize,
}

impl Faces {
    /// Returns the faces of a graph.
    pub(crate) fn new(graph: &Graph) -> Self {
        let (cycles, cycle_count) = graph.cycles();
        let components = Components::new(graph);
        // Every component has one walk around it; every other walk is the border of a face.
        let mut faces = vec![None; cycle_count];
        let mut outer = Vec::with_capacity(components.lowest.len());
        for lowest in &components.lowest {
            let cycle = cycles[lowest.outer_half];
            outer.push(cycle);
            faces[cycle] = Some(OUTSIDE);
        }
        let mut count = 0;
        for face in faces.iter_mut().filter(|face| face.is_none()) {
            *face = Some(count);
            count += 1;
        }
        let mut of: Vec<usize> = cycles
            .iter()
            .map(|cycle| faces.get(*cycle).copied().flatten().unwrap_or(OUTSIDE))
            .collect();
        if components.lowest.len() > 1 && count > 0 {
            let around = components.faces_around(graph, &of);
            for (cycle, face) in outer.iter().zip(around) {
                faces[*cycle] = Some(face);
            }
            of = cycles
                .iter()
                .map(|cycle| faces.get(*cycle).copied().flatten().unwrap_or(OUTSIDE))
                .collect();
        }
        Self { of, count }
    }

    /// Returns the sum of weights along a way from the outside to each face, where crossing an
    /// edge from its left to its right adds its weight.
    pub(crate) fn spread<const N: usize>(
        &self,
        graph: &Graph,
        weight: impl Fn(usize) -> [i32; N],
    ) -> Vec<[i32; N]> {
        let mut neighbours: Vec<Vec<usize>> = vec![Vec::new(); self.count];
        let mut queue = Vec::new();
        let mut sums: Vec<Option<[i32; N]>> = vec![None; self.count];
        for half in graph.edges().flat_map(|edge| [2 * edge, 2 * edge + 1]) {
            match self.of[half] {
                OUTSIDE => queue.push((half, [0; N])),
                face => neighbours[face].push(half),
            }
        }
        while let Some((half, sum)) = queue.pop() {
            is_over();
            let across = self.of[half ^ 1];
            if across == OUTSIDE || sums[across].is_some() {
                continue;
            }
            // The half-edge has where we are on its right and where we go on its left.
            let sign = if half.is_multiple_of(2) { -1 } else { 1 };
            let weights = weight(half / 2);
            let sum: [i32; N] = std::array::from_fn(|index| sum[index] + sign * weights[index]);
            sums[across] = Some(sum);
            queue.extend(neighbours[across].iter().map(|half| (*half, sum)));
        }
        sums.into_iter().map(|sum| sum.unwrap_or([0; N])).collect()
    }
}

/// The connected parts of a graph.
struct Components {
    /// The component of each node.
    of: Vec<usize>,
    lowest: Vec<Lowest>,
}

/// The leftmost, then lowest position of a component, and the first way from there.
#[derive(Clone, Copy)]
struct Lowest {
    at: Xy,
    /// Where the first segment there ends, anticlockwise from straight down.
    towards: Xy,
    /// The half-edge along that segment: it has the surroundings of the component on its right.
    outer_half: usize,
}

impl Lowest {
    /// Compares where two components start. Of nested ones, the inner one starts later, also
    /// where both touch in that position.
    fn compare(&self, other: &Self) -> Ordering {
        let order = self.at.partial_cmp(&other.at).unwrap_or(Ordering::Equal);
        order.then_with(|| orient(self.at, other.towards, self.towards).cmp(&0))
    }

    /// Returns whether a segment crosses the ray to the right that starts a hair's breadth along
    /// the first way: a position that is on no segment of another component, even where
    /// components touch.
    fn sees(&self, [a, b]: [Xy; 2]) -> bool {
        let descends = self.towards[1] < self.at[1];
        let is_above = |y: f64| y > self.at[1] || (descends && y == self.at[1]);
        if is_above(a[1]) == is_above(b[1]) {
            return false;
        }
        let side = match orient(a, b, self.at) {
            0 => orient(a, b, self.towards),
            side => side,
        };
        if b[1] > a[1] { side > 0 } else { side < 0 }
    }
}

impl Components {
    fn new(graph: &Graph) -> Self {
        let mut of = vec![usize::MAX; graph.node_count()];
        let mut lowest: Vec<Option<Lowest>> = Vec::new();
        let mut stack = Vec::new();
        for start in 0..graph.node_count() {
            if of[start] != usize::MAX || graph.star(start).is_empty() {
                continue;
            }
            let number = lowest.len();
            let mut found: Option<Lowest> = None;
            of[start] = number;
            stack.push(start);
            while let Some(node) = stack.pop() {
                is_over();
                for half in graph.star(node) {
                    add(&mut found, graph, *half);
                    let next = graph.origin(half ^ 1);
                    if of[next] == usize::MAX {
                        of[next] = number;
                        stack.push(next);
                    }
                }
            }
            lowest.push(found);
        }
        Self { of, lowest: lowest.into_iter().flatten().collect() }
    }

    /// Returns the face around each component.
    fn faces_around(&self, graph: &Graph, of: &[usize]) -> Vec<usize> {
        let mut shape = Shape::default();
        let mut edges = Vec::new();
        for edge in graph.edges() {
            shape.add_path(graph.path(edge).iter().copied(), Role::Line, 0);
            edges.resize(shape.coords.len(), edge);
        }
        let tree = EdgeTree::new(&shape);
        let mut around = Vec::with_capacity(self.lowest.len());
        let mut inside: HashMap<usize, (bool, usize)> = HashMap::new();
        for (number, lowest) in self.lowest.iter().enumerate() {
            inside.clear();
            tree.to_the_right(&shape, lowest.at, |segment| {
                let edge = edges[segment];
                let component = self.of[graph.origin(2 * edge)];
                if component == number || !lowest.sees(shape.segment(segment)) {
                    return;
                }
                for face in [of[2 * edge], of[2 * edge + 1]] {
                    let (is_inside, _) = inside.entry(face).or_insert((false, component));
                    *is_inside = !*is_inside;
                }
            });
            let innermost = inside
                .iter()
                .filter(|(face, (is_inside, _))| *is_inside && **face != OUTSIDE)
                .max_by(|(_, (_, a)), (_, (_, b))| self.lowest[*a].compare(&self.lowest[*b]));
            around.push(innermost.map_or(OUTSIDE, |(face, _)| *face));
        }
        around
    }
}

/// Adds the segments along a half-edge.
fn add(found: &mut Option<Lowest>, graph: &Graph, outer_half: usize) {
    let path = graph.path(outer_half / 2);
    for pair in path.windows(2) {
        let [at, towards] =
            if outer_half.is_multiple_of(2) { [pair[0], pair[1]] } else { [pair[1], pair[0]] };
        let next = Lowest { at, towards, outer_half };
        if found.as_ref().is_none_or(|lowest| next.compare(lowest).is_lt()) {
            *found = Some(next);
        }
    }
}
