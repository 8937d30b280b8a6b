//! Combines two shapes on a grid: everything is rounded to it before it is combined.
//!
//! Rounding may make areas collapse into lines. A collapsed piece of a border counts as a line
//! where that makes a difference to the result, which it does not inside of its own area.

use std::collections::{HashMap, HashSet};

use super::combine::{Operation, Parts};
use crate::noding::{Faces, Graph, Grid, merge, node, polygons, snap_rounded};
use crate::planar::{EdgeTree, Key, Location, Shape, Xy, key, locate, on_segment};
use crate::{Bounds, GeometryError};

/// Returns two shapes combined on a grid; without a grid, as areas that rings wind around.
pub(super) fn combine(
    operation: Operation,
    shapes: [&Shape; 2],
    grid: Option<Grid>,
) -> Result<Parts, GeometryError> {
    let paths: Vec<Vec<Xy>> = shapes
        .iter()
        .flat_map(|shape| shape.paths.iter().map(|path| shape.path_coords(path).to_vec()))
        .collect();
    let noded = match grid {
        Some(grid) => snap_rounded(&paths, grid)?,
        None => node(paths)?,
    };
    let mut graph = Graph::default();
    let mut labels: Vec<Label> = Vec::new();
    let owners = shapes
        .iter()
        .enumerate()
        .flat_map(|(side, shape)| shape.paths.iter().map(move |path| (side, path)));
    for ((side, path), coords) in owners.zip(&noded) {
        graph.add_segments(coords, |edge, is_same| {
            labels.resize(labels.len().max(edge + 1), Label::default());
            let label = &mut labels[edge];
            if !path.is_ring() {
                label.is_line[side] = true;
                return;
            }
            label.is_ring[side] = true;
            // From left to right an area begins or ends.
            label.step[side] += if path.interior_left == is_same { -1 } else { 1 };
        });
    }
    graph.sort();
    let faces = Faces::new(&graph);
    let areas = faces.spread(&graph, |edge| labels[edge].step);
    let mut arrangement = Arranged { operation, graph, faces, labels, areas, has_area: false };
    arrangement.has_area = arrangement.areas.iter().any(|area| arrangement.is_in(*area));
    Ok(arrangement.parts(shapes, grid))
}

/// What a piece of the linework is in each of the two shapes.
#[derive(Debug, Clone, Copy, Default)]
struct Label {
    is_line: [bool; 2],
    is_ring: [bool; 2],
    /// By how much the number of polygons changes from the left to the right.
    step: [i32; 2],
}

/// What an edge is in one of the shapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    None,
    Line,
    /// The border of an area.
    Border,
    /// A border that has collapsed.
    Collapse,
}

impl Label {
    fn part(&self, side: usize) -> Part {
        if self.step[side] != 0 {
            Part::Border
        } else if self.is_line[side] {
            Part::Line
        } else if self.is_ring[side] {
            Part::Collapse
        } else {
            Part::None
        }
    }
}

struct Arranged {
    operation: Operation,
    graph: Graph,
    faces: Faces,
    labels: Vec<Label>,
    /// How many polygons of each shape cover each face.
    areas: Vec<[i32; 2]>,
    /// Whether the result has an area.
    has_area: bool,
}

impl Arranged {
    fn parts(&self, shapes: [&Shape; 2], grid: Option<Grid>) -> Parts {
        let polygons = polygons(&self.graph, &self.faces, |face| self.is_in(self.areas[face]));
        let mut lines = Vec::new();
        let mut result_nodes: HashSet<Key> = HashSet::new();
        for edge in self.graph.edges() {
            let is_line = self.is_result_line(edge);
            if is_line {
                lines.push(self.graph.path(edge).to_vec());
            }
            if is_line || self.is_result_border(edge) {
                result_nodes.extend(self.graph.path(edge).iter().map(|at| key(*at)));
            }
        }
        let lines = self.joined(&lines);
        let points = self.points(shapes, grid, &result_nodes);
        Parts { polygons, lines, points }
    }

    fn is_in(&self, area: [i32; 2]) -> bool {
        belongs(self.operation, area.map(|count| count != 0))
    }

    fn area(&self, half: usize) -> [i32; 2] {
        self.areas.get(self.faces.of[half]).copied().unwrap_or_default()
    }

    fn is_result_border(&self, edge: usize) -> bool {
        self.is_in(self.area(2 * edge)) != self.is_in(self.area(2 * edge + 1))
    }

    /// Returns whether an edge belongs to the lines of the result.
    fn is_result_line(&self, edge: usize) -> bool {
        if self.is_result_border(edge) {
            return false;
        }
        let label = &self.labels[edge];
        let parts = [label.part(0), label.part(1)];
        // The area on the right; on both sides of an edge that is no border it is the same.
        let inside = self.area(2 * edge).map(|count| count != 0);
        if matches!(parts, [Part::Border, Part::None] | [Part::None, Part::Border]) {
            return false;
        }
        let is_collapsed_in = |side: usize| parts[side] == Part::Collapse && inside[side];
        if is_collapsed_in(0) || is_collapsed_in(1) {
            return false;
        }
        if self.operation != Operation::Intersection {
            let is_covered = |side: usize| {
                parts[side] == Part::Collapse && parts[1 - side] == Part::None && inside[1 - side]
            };
            if is_covered(0) || is_covered(1) {
                return false;
            }
            let covers = |side: usize| parts[side] == Part::Border || inside[side];
            if self.has_area && (covers(0) || covers(1)) {
                return false;
            }
        }
        if self.operation == Operation::Intersection && parts == [Part::Border; 2] {
            return inside[0] != inside[1];
        }
        let located = [0, 1].map(|side| parts[side] != Part::None || inside[side]);
        belongs(self.operation, located)
    }

    /// Returns pieces joined where nothing else meets.
    fn joined(&self, pieces: &[Vec<Xy>]) -> Vec<Vec<Xy>> {
        let mut degrees: HashMap<Key, usize> = HashMap::new();
        for edge in self.graph.edges() {
            for at in self.graph.path(edge) {
                *degrees.entry(key(*at)).or_default() += 1;
            }
        }
        merge(pieces, false, &|at| degrees.get(&key(at)).is_none_or(|degree| *degree <= 2))
    }

    /// Returns the points of the result that none of its areas and lines cover.
    fn points(
        &self,
        shapes: [&Shape; 2],
        grid: Option<Grid>,
        result_nodes: &HashSet<Key>,
    ) -> Vec<Xy> {
        let mut points = Vec::new();
        if self.operation == Operation::Intersection {
            points.extend((0..self.graph.node_count()).filter_map(|node| {
                let mut belongs = [false; 2];
                for half in self.graph.star(node) {
                    for (side, belongs) in belongs.iter_mut().enumerate() {
                        let part = self.labels[half / 2].part(side);
                        *belongs |= matches!(part, Part::Border | Part::Line);
                    }
                }
                let at = self.graph.at(node);
                (belongs == [true; 2] && !result_nodes.contains(&key(at))).then_some(at)
            }));
        }
        let rounded = shapes.map(|shape| {
            let round = |at: &Xy| grid.map_or(*at, |grid| grid.round(*at));
            shape.points.iter().map(round).collect::<Vec<Xy>>()
        });
        let keys: [HashSet<Key>; 2] =
            [0, 1].map(|side| rounded[side].iter().map(|at| key(*at)).collect());
        for side in [0, 1] {
            if rounded[side].is_empty() || (side == 1 && self.operation == Operation::Difference) {
                continue;
            }
            // What united points are covered by is on the grid already; otherwise it is not yet.
            let is_union = matches!(self.operation, Operation::Union | Operation::SymDifference);
            let linework = self.linework(1 - side);
            let other = if is_union { &linework } else { shapes[1 - side] };
            let own = Cover::new(shapes[side]);
            let other = Cover::new(other);
            points.extend(rounded[side].iter().copied().filter(|at| {
                let is_shared = keys[1 - side].contains(&key(*at)) || other.contains(*at);
                match self.operation {
                    Operation::Intersection => is_shared,
                    Operation::Union => !other.contains(*at) && !own.contains(*at),
                    Operation::Difference | Operation::SymDifference => {
                        !is_shared && !own.contains(*at)
                    }
                }
            }));
        }
        let mut seen = HashSet::new();
        points.retain(|at| seen.insert(key(*at)) && !result_nodes.contains(&key(*at)));
        points
    }

    /// Returns the areas and lines of one shape, rounded.
    fn linework(&self, side: usize) -> Shape {
        let mut shape = Shape::default();
        for polygon in polygons(&self.graph, &self.faces, |face| self.areas[face][side] != 0) {
            shape.add_polygon(polygon.iter().map(Vec::as_slice), 0);
        }
        for edge in self.graph.edges().filter(|edge| self.labels[*edge].part(side) == Part::Line) {
            let path = self.graph.path(edge).iter().copied();
            shape.add_path(path, crate::planar::Role::Line, 0);
        }
        shape
    }
}

fn belongs(operation: Operation, [first, second]: [bool; 2]) -> bool {
    match operation {
        Operation::Intersection => first && second,
        Operation::Union => first || second,
        Operation::Difference => first && !second,
        Operation::SymDifference => first != second,
    }
}

/// Tells whether areas and lines cover a position.
struct Cover<'s> {
    shape: &'s Shape,
    tree: EdgeTree,
}

impl<'s> Cover<'s> {
    fn new(shape: &'s Shape) -> Self {
        Self { shape, tree: EdgeTree::new(shape) }
    }

    fn contains(&self, at: Xy) -> bool {
        if self.shape.paths.is_empty() {
            return false;
        }
        let mut is_on_edge = false;
        self.tree.search(self.shape, &Bounds::point(at[0], at[1]), |segment| {
            is_on_edge |= on_segment(at, self.shape.segment(segment));
        });
        is_on_edge || locate(self.shape, &self.tree, at) != Location::Exterior
    }
}
