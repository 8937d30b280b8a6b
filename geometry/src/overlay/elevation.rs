//! Heights of the positions of a result, from those of the inputs.

use std::collections::HashMap;

use crate::planar::{EdgeTree, Key, Role, Shape, Xy, closest_on_segment, distance_squared, key};
use crate::{Bounds, Coord, Geometry};

/// Cells along each axis of the grid of averages.
const CELLS: usize = 3;
/// How far from an edge, as a part of the extent, a position on it may lie after rounding.
const TOLERANCE: f64 = 1e-12;

/// Heights of the positions of a result: those of the inputs' vertices, else interpolated along
/// the edges of the inputs, else the average of the heights nearby.
#[derive(Debug, Default)]
pub(crate) struct Elevation {
    vertices: HashMap<Key, f64>,
    model: Option<Model>,
}

#[derive(Debug)]
struct Model {
    edges: Shape,
    /// The heights of the coordinates of the edges.
    heights: Vec<f64>,
    tree: EdgeTree,
    tolerance: f64,
    bounds: Bounds,
    /// The sum and number of heights in each cell.
    cells: [(f64, f64); CELLS * CELLS],
}

impl Elevation {
    /// Returns the heights in some geometries.
    pub(crate) fn new(geometries: &[Geometry<'_>]) -> Self {
        // A geometry without positions has no heights to give, whatever it is declared as.
        if !geometries.iter().any(|geometry| geometry.dimension().has_z() && !geometry.is_empty()) {
            return Self::default();
        }
        let mut vertices = HashMap::new();
        let mut edges = Shape::default();
        let mut heights = Vec::new();
        let mut bounds = Bounds::NOTHING;
        let mut known: Vec<(Xy, f64)> = Vec::new();
        for geometry in geometries {
            if let Some(other) = geometry.bounds() {
                bounds = bounds.merge(&other);
            }
            geometry.sequences(&mut |_, sequence| {
                let mut previous: Option<(Xy, f64)> = None;
                for coord in sequence.iter().filter(|coord| coord.z.is_finite()) {
                    let at = [coord.x + 0.0, coord.y + 0.0];
                    vertices.entry(key(at)).or_insert(coord.z);
                    known.push((at, coord.z));
                    if let Some((from, height)) = previous {
                        edges.add_edge(from, at, Role::Line);
                        heights.extend([height, coord.z]);
                    }
                    previous = Some((at, coord.z));
                }
            });
        }
        let extent = bounds.width().max(bounds.height());
        let largest =
            bounds.xmin.abs().max(bounds.xmax.abs()).max(bounds.ymin.abs()).max(bounds.ymax.abs());
        let mut model = Model {
            tree: EdgeTree::new(&edges),
            edges,
            heights,
            tolerance: (extent * TOLERANCE).max(largest * f64::EPSILON * 4.0),
            bounds,
            cells: [(0.0, 0.0); CELLS * CELLS],
        };
        for (at, height) in known {
            let cell = model.cell(at);
            model.cells[cell].0 += height;
            model.cells[cell].1 += 1.0;
        }
        Self { vertices, model: Some(model) }
    }

    /// Returns whether there are heights.
    pub(crate) fn has_heights(&self) -> bool {
        self.model.is_some()
    }

    /// Returns a position with its height.
    pub(crate) fn coord(&self, at: Xy) -> Coord {
        let Some(model) = &self.model else { return Coord::xy(at[0], at[1]) };
        let height = self.vertices.get(&key(at)).copied();
        let height = height.or_else(|| model.on_edges(at)).unwrap_or_else(|| model.average(at));
        Coord::xyz(at[0], at[1], height)
    }
}

impl Model {
    /// Returns the average of the heights of the edges that pass through a position.
    fn on_edges(&self, at: Xy) -> Option<f64> {
        let window = Bounds::point(at[0], at[1]).expand(self.tolerance);
        let (mut sum, mut count) = (0.0, 0.0);
        self.tree.search(&self.edges, &window, |segment| {
            let edge = self.edges.segment(segment);
            let closest = closest_on_segment(at, edge);
            if distance_squared(at, closest) <= self.tolerance * self.tolerance {
                let length = distance_squared(edge[0], edge[1]).sqrt();
                let t = if length == 0.0 {
                    0.0
                } else {
                    distance_squared(edge[0], closest).sqrt() / length
                };
                let (from, to) = (self.heights[segment], self.heights[segment + 1]);
                sum += from + t * (to - from);
                count += 1.0;
            }
        });
        (count > 0.0).then(|| sum / count)
    }

    fn average(&self, at: Xy) -> f64 {
        let (sum, count) = self.cells[self.cell(at)];
        if count > 0.0 {
            return sum / count;
        }
        let cells = self.cells.iter().filter(|(_, count)| *count > 0.0);
        let (sum, count) =
            cells.fold((0.0, 0.0), |(sum, count), cell| (sum + cell.0 / cell.1, count + 1.0));
        if count > 0.0 { sum / count } else { f64::NAN }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates and the cell is limited afterwards"
    )]
    fn cell(&self, at: Xy) -> usize {
        let index = |value: f64, low: f64, size: f64| {
            let part = if size > 0.0 { (value - low) / size } else { 0.0 };
            ((part * CELLS as f64) as usize).min(CELLS - 1)
        };
        let column = index(at[0], self.bounds.xmin, self.bounds.width());
        let row = index(at[1], self.bounds.ymin, self.bounds.height());
        row * CELLS + column
    }
}
