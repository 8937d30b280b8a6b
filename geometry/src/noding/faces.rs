//! The faces of a planar graph.

use std::collections::HashMap;

use super::graph::Graph;
use crate::planar::{EdgeTree, Role, Shape, Xy, crosses_ray, orient};

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

/// The leftmost, then lowest position of a component.
struct Lowest {
    at: Xy,
    /// A half-edge there that has the surroundings of the component on its right.
    outer_half: usize,
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
                add(&mut found, graph.at(node), || graph.star(node).first().copied());
                for half in graph.star(node) {
                    if half.is_multiple_of(2) {
                        add_bends(&mut found, graph, half / 2);
                    }
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
                if component == number || !crosses_ray(lowest.at, shape.segment(segment)) {
                    return;
                }
                for face in [of[2 * edge], of[2 * edge + 1]] {
                    let (is_inside, _) = inside.entry(face).or_insert((false, component));
                    *is_inside = !*is_inside;
                }
            });
            // Of nested components, the innermost starts last.
            let innermost = inside
                .iter()
                .filter(|(face, (is_inside, _))| *is_inside && **face != OUTSIDE)
                .max_by(|(_, (_, a)), (_, (_, b))| {
                    let [a, b] = [*a, *b].map(|component| self.lowest[component].at);
                    a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1]))
                });
            around.push(innermost.map_or(OUTSIDE, |(face, _)| *face));
        }
        around
    }
}

fn add(found: &mut Option<Lowest>, at: Xy, outer_half: impl FnOnce() -> Option<usize>) {
    let is_lower =
        |other: &Lowest| at[0] < other.at[0] || (at[0] == other.at[0] && at[1] < other.at[1]);
    if found.as_ref().is_none_or(is_lower)
        && let Some(outer_half) = outer_half()
    {
        *found = Some(Lowest { at, outer_half });
    }
}

/// Adds the positions inside of an edge.
fn add_bends(found: &mut Option<Lowest>, graph: &Graph, edge: usize) {
    for triple in graph.path(edge).windows(3) {
        let is_left_turn = || orient(triple[0], triple[1], triple[2]) > 0;
        add(found, triple[1], || Some(if is_left_turn() { 2 * edge } else { 2 * edge + 1 }));
    }
}
