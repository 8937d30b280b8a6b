//! Where the edges of two shapes meet.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use crate::interrupt::is_over;
use crate::planar::{EdgeTree, Key, Shape, Xy, crossing_point, key, on_segment, orient};

/// Which positions where lines end belong to the boundary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BoundaryRule {
    /// Those where an odd number of lines end, as OGC defines it.
    #[default]
    Mod2,
    /// All.
    Endpoint,
    /// Those where more than one line ends.
    MultivalentEndpoint,
    /// Those where exactly one line ends.
    MonovalentEndpoint,
}

impl BoundaryRule {
    /// Returns the rule with the number that `ST_Relate` gives it, from 1.
    pub fn from_number(number: i64) -> Option<Self> {
        Some(match number {
            1 => Self::Mod2,
            2 => Self::Endpoint,
            3 => Self::MultivalentEndpoint,
            4 => Self::MonovalentEndpoint,
            _ => return None,
        })
    }
}

/// One of the two shapes, with what is looked up in it.
#[derive(Debug)]
pub(crate) struct Side<'s> {
    /// The shape.
    pub(crate) shape: &'s Shape,
    /// The index over its edges.
    pub(crate) tree: EdgeTree,
    /// How many lines end in a position.
    line_ends: HashMap<Key, usize>,
    /// The positions of the points.
    pub(crate) points: HashSet<Key>,
    /// Which ends of lines are boundaries.
    rule: BoundaryRule,
}

impl<'s> Side<'s> {
    /// Returns the shape indexed.
    pub(crate) fn new(shape: &'s Shape) -> Self {
        let mut line_ends = HashMap::new();
        for path in shape.paths.iter().filter(|path| !path.is_ring()) {
            for end in [path.start, path.end - 1] {
                *line_ends.entry(key(shape.coords[end])).or_default() += 1;
            }
        }
        let points = shape.points.iter().map(|point| key(*point)).collect();
        let rule = BoundaryRule::default();
        Self { shape, tree: EdgeTree::new(shape), line_ends, points, rule }
    }

    /// Returns the same with another rule for the ends of lines.
    pub(super) fn with_rule(mut self, rule: BoundaryRule) -> Self {
        self.rule = rule;
        self
    }

    /// Returns whether a position is a boundary because lines end there.
    pub(super) fn is_boundary(&self, position: Key) -> bool {
        let ends = self.line_ends.get(&position).copied().unwrap_or(0);
        match self.rule {
            BoundaryRule::Mod2 => ends % 2 == 1,
            BoundaryRule::Endpoint => ends > 0,
            BoundaryRule::MultivalentEndpoint => ends > 1,
            BoundaryRule::MonovalentEndpoint => ends == 1,
        }
    }

    /// Returns whether parts of the shape may overlap each other.
    pub(crate) fn is_mixed(&self) -> bool {
        self.shape.groups > 1 || (self.shape.groups > 0 && self.shape.has_lines())
    }
}

/// A position where edges meet, and the edges that pass through it or end in it.
#[derive(Debug)]
pub(crate) struct Node {
    /// The position.
    pub(crate) at: Xy,
    /// Whether the position is a vertex and not a rounded crossing.
    pub(crate) is_exact: bool,
    /// The side (0 or 1) and segment of every edge, without repetition.
    pub(crate) edges: Vec<(usize, usize)>,
}

impl Node {
    fn add(&mut self, side: usize, segment: usize) {
        if !self.edges.contains(&(side, segment)) {
            self.edges.push((side, segment));
        }
    }
}

/// Where the edges of two shapes meet.
#[derive(Debug)]
pub(crate) struct Arrangement {
    /// The positions where edges of both shapes meet, and where those of a shape whose parts may
    /// overlap each other meet or have a vertex.
    pub(crate) nodes: Vec<Node>,
    /// Crossings of one segment of each side in a position that is no node.
    pub(crate) crossings: Vec<[usize; 2]>,
    /// Whether a segment of the first or second side meets anything.
    pub(crate) touched: [Vec<bool>; 2],
    /// The exact nodes by position.
    index: HashMap<Key, usize>,
}

/// Two edges that meet, each as side and segment.
type Pair = [(usize, usize); 2];

/// Pairs of edges that are looked at once all nodes are known.
#[derive(Default)]
struct Pairs {
    /// Edges that cross in their interiors.
    crossing: Vec<Pair>,
    /// Edges that run along each other.
    collinear: Vec<Pair>,
}

impl Arrangement {
    /// Returns where the edges of two sides meet.
    pub(crate) fn new(sides: [&Side<'_>; 2]) -> Self {
        let touched = sides.map(|side| vec![false; side.shape.coords.len()]);
        let mut arrangement =
            Self { nodes: Vec::new(), crossings: Vec::new(), touched, index: HashMap::new() };
        let mut pairs = Pairs::default();
        let [a, b] = sides;
        let _ = EdgeTree::pairs((a.shape, &a.tree), (b.shape, &b.tree), &mut |first, second| {
            arrangement.meet(sides, [(0, first), (1, second)], &mut pairs);
            ControlFlow::Continue(())
        });
        let is_mixed = a.is_mixed() || b.is_mixed();
        for (number, side) in sides.into_iter().enumerate().filter(|(_, side)| side.is_mixed()) {
            arrangement.add_vertices(number, side);
            let this = (side.shape, &side.tree);
            let _ = EdgeTree::pairs(this, this, &mut |first, second| {
                if first < second {
                    let edges = [(number, first), (number, second)];
                    arrangement.meet(sides, edges, &mut pairs);
                }
                ControlFlow::Continue(())
            });
        }
        arrangement.settle(sides, pairs, is_mixed);
        arrangement
    }

    /// Returns whether a vertex is one of the nodes.
    pub(crate) fn is_node(&self, at: Xy) -> bool {
        self.index.contains_key(&key(at))
    }

    /// Records how two segments meet.
    fn meet(&mut self, sides: [&Side<'_>; 2], edges: Pair, pairs: &mut Pairs) {
        let [a, b] = edges.map(|(side, segment)| sides[side].shape.segment(segment));
        let (b0, b1) = (orient(a[0], a[1], b[0]), orient(a[0], a[1], b[1]));
        if b0 * b1 > 0 {
            return;
        }
        let (a0, a1) = (orient(b[0], b[1], a[0]), orient(b[0], b[1], a[1]));
        if a0 * a1 > 0 {
            return;
        }
        if b0 * b1 < 0 && a0 * a1 < 0 {
            pairs.crossing.push(edges);
        } else {
            if b0 == 0 && b1 == 0 {
                pairs.collinear.push(edges);
            }
            let ends = [(b0, b[0], a), (b1, b[1], a), (a0, a[0], b), (a1, a[1], b)];
            let mut is_met = false;
            for (side, vertex, edge) in ends {
                if side == 0 && on_segment(vertex, edge) {
                    self.add(vertex, edges);
                    is_met = true;
                }
            }
            if !is_met {
                return;
            }
        }
        for (side, segment) in edges {
            self.touched[side][segment] = true;
        }
    }

    fn add(&mut self, at: Xy, edges: Pair) {
        is_over();
        let number = *self.index.entry(key(at)).or_insert_with(|| {
            self.nodes.push(Node { at, is_exact: true, edges: Vec::with_capacity(4) });
            self.nodes.len() - 1
        });
        for (side, segment) in edges {
            self.nodes[number].add(side, segment);
        }
    }

    /// Makes every vertex a node.
    fn add_vertices(&mut self, number: usize, side: &Side<'_>) {
        for path in &side.shape.paths {
            for segment in path.segments() {
                for at in side.shape.segment(segment) {
                    self.add(at, [(number, segment); 2]);
                }
                self.touched[number][segment] = true;
            }
        }
    }

    /// Makes sure that every node has all edges that pass through it: a vertex may lie inside of
    /// an edge of its own shape that only the other shape shows to be there. Makes nodes of the
    /// crossings that remain where parts of a shape may overlap.
    fn settle(&mut self, sides: [&Side<'_>; 2], pairs: Pairs, is_mixed: bool) {
        let through = self.inner_nodes(sides, &pairs);
        for edges in pairs.collinear {
            for node in Self::nodes_on_both(&self.nodes, sides, edges, &through) {
                self.add_edges(node, edges);
            }
        }
        let mut rounded: HashMap<Key, usize> = HashMap::new();
        for edges in pairs.crossing {
            let found = Self::nodes_on_both(&self.nodes, sides, edges, &through);
            if let Some(node) = found.first() {
                self.add_edges(*node, edges);
            } else if is_mixed {
                let [a, b] = edges.map(|(side, segment)| sides[side].shape.segment(segment));
                let at = crossing_point(a, b);
                let number = *rounded.entry(key(at)).or_insert_with(|| {
                    self.nodes.push(Node { at, is_exact: false, edges: Vec::with_capacity(4) });
                    self.nodes.len() - 1
                });
                self.add_edges(number, edges);
            } else {
                self.crossings.push([edges[0].1, edges[1].1]);
            }
        }
    }

    fn add_edges(&mut self, node: usize, edges: Pair) {
        for (side, segment) in edges {
            self.nodes[node].add(side, segment);
        }
    }

    /// Returns the nodes inside of each edge, if anything may be missing at them.
    fn inner_nodes(
        &self,
        sides: [&Side<'_>; 2],
        pairs: &Pairs,
    ) -> HashMap<(usize, usize), Vec<usize>> {
        let mut through: HashMap<(usize, usize), Vec<usize>> = HashMap::new();
        if pairs.crossing.is_empty() && pairs.collinear.is_empty() {
            return through;
        }
        for (number, node) in self.nodes.iter().enumerate() {
            for edge in &node.edges {
                let [start, end] = sides[edge.0].shape.segment(edge.1);
                if node.at != start && node.at != end {
                    through.entry(*edge).or_default().push(number);
                }
            }
        }
        through
    }

    /// Returns the nodes inside of one edge that lie on the other edge too.
    fn nodes_on_both(
        nodes: &[Node],
        sides: [&Side<'_>; 2],
        [first, second]: Pair,
        through: &HashMap<(usize, usize), Vec<usize>>,
    ) -> Vec<usize> {
        let mut found = Vec::new();
        for (edge, other) in [(first, second), (second, first)] {
            let Some(candidates) = through.get(&edge) else { continue };
            let segment = sides[other.0].shape.segment(other.1);
            found.extend(candidates.iter().filter(|node| on_segment(nodes[**node].at, segment)));
        }
        found
    }
}
