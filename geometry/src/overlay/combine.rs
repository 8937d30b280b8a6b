//! Combines two shapes as sets of positions.

use std::collections::HashSet;

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;

use super::divided;
use super::lines::{Edge, Noder};
use super::touch;
use super::{AreaOverlay, Rings};
use crate::planar::{EdgeTree, Key, Location, Shape, Xy, key, locate, on_segment};
use crate::{Bounds, GeometryError};

/// How two sets of positions are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Intersection,
    Union,
    Difference,
    SymDifference,
}

/// The parts of a result, of which none covers another.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    /// The areas, of which none overlaps another.
    pub(crate) polygons: Vec<Rings>,
    /// The lines.
    pub(crate) lines: Vec<Vec<Xy>>,
    /// The points.
    pub(crate) points: Vec<Xy>,
}

/// Returns the union of all parts of one shape.
pub(super) fn union_of(shape: &Shape) -> Result<Parts, GeometryError> {
    combine(Operation::Union, shape.clone(), Shape::default())
}

/// Returns two shapes combined.
pub(super) fn combine(operation: Operation, a: Shape, b: Shape) -> Result<Parts, GeometryError> {
    let mut parts = Parts { polygons: areas(operation, &a, &b)?, ..Parts::default() };
    // Areas that do not have to touch leave neither lines nor points.
    if operation != Operation::Intersection && is_areal(&a) && is_areal(&b) {
        return Ok(parts);
    }
    let (a, b) = (Operand::new(a), Operand::new(b));
    let operands = [&a, &b];
    let noder = Noder::new(operands.map(|operand| &operand.shape))?;
    let edges = noder.edges(operands.map(|operand| (&operand.shape, &operand.tree)));
    let mut line_ends: HashSet<Key> = HashSet::new();
    for edge in &edges {
        if is_wanted(operation, edge) {
            line_ends.extend(
                [edge.path.first(), edge.path.last()].into_iter().flatten().map(|at| key(*at)),
            );
            parts.lines.push(edge.path.clone());
        }
    }
    let mut points = Vec::new();
    if operation == Operation::Intersection {
        if a.shape.groups > 0 && b.shape.groups > 0 {
            let touching = touch::touching(&flat_areas(&a.shape)?, &flat_areas(&b.shape)?);
            for line in touching.lines {
                line_ends.extend(line.iter().map(|at| key(*at)));
                parts.lines.push(line);
            }
            points.extend(touching.points);
        }
        points.extend(noder.shared_positions());
    }
    for (operand, other) in [(&a, &b), (&b, &a)] {
        if operation == Operation::Difference && std::ptr::eq(operand, &raw const b) {
            continue;
        }
        points.extend(operand.shape.points.iter().copied().filter(|at| match operation {
            Operation::Intersection => other.contains(*at),
            Operation::Union => !other.covers_point(*at) && !operand.covers_point(*at),
            Operation::Difference | Operation::SymDifference => {
                !other.contains(*at) && !operand.covers_point(*at)
            }
        }));
    }
    if points.is_empty() {
        return Ok(parts);
    }
    let result = Operand::new(shape_of(&parts.polygons));
    let mut seen = HashSet::new();
    points.retain(|at| {
        !line_ends.contains(&key(*at)) && seen.insert(key(*at)) && !result.covers_point(*at)
    });
    if operation == Operation::Intersection && !parts.lines.is_empty() {
        // Points of the inputs may lie inside of a result line.
        let mut lines = Shape::default();
        for line in &parts.lines {
            lines.add_path(line.iter().copied(), crate::planar::Role::Line, 0);
        }
        let lines = Operand::new(lines);
        points.retain(|at| !lines.covers_point(*at));
    }
    parts.points = points;
    Ok(parts)
}

/// Returns whether there are neither lines nor points.
fn is_areal(shape: &Shape) -> bool {
    shape.points.is_empty() && !shape.has_lines()
}

/// Returns whether a piece of a line belongs to the result and is not covered by its areas.
fn is_wanted(operation: Operation, edge: &Edge) -> bool {
    let inside = edge.area.map(|location| location != Location::Exterior);
    let belongs = [0, 1].map(|side| edge.is_line[side] || inside[side]);
    match operation {
        Operation::Intersection => belongs == [true; 2] && inside != [true; 2],
        Operation::Union => inside == [false; 2],
        Operation::Difference => edge.is_line[0] && !inside[0] && !belongs[1],
        Operation::SymDifference => {
            (edge.is_line[0] && !inside[0] && !belongs[1])
                || (edge.is_line[1] && !inside[1] && !belongs[0])
        }
    }
}

fn areas(operation: Operation, a: &Shape, b: &Shape) -> Result<Vec<Rings>, GeometryError> {
    if a.groups == 0 && b.groups == 0 {
        return Ok(Vec::new());
    }
    let rule = match operation {
        Operation::Intersection => OverlayRule::Intersect,
        Operation::Union => OverlayRule::Union,
        Operation::Difference => OverlayRule::Difference,
        Operation::SymDifference => OverlayRule::Xor,
    };
    if operation == Operation::Intersection {
        let (Some(bounds), Some(other)) = (ring_bounds(a), ring_bounds(b)) else {
            return Ok(Vec::new());
        };
        if !bounds.intersects(&other) {
            return Ok(Vec::new());
        }
    }
    match overlaid(rule, [a, b]) {
        Err(GeometryError::TooComplex) if operation == Operation::Union => divided::union([a, b]),
        areas => areas,
    }
}

/// Returns the areas of two shapes combined, in one overlay.
pub(super) fn overlaid(
    rule: OverlayRule,
    shapes: [&Shape; 2],
) -> Result<Vec<Rings>, GeometryError> {
    let rings = shapes.into_iter().flat_map(|shape| {
        shape.paths.iter().filter(|path| path.is_ring()).map(|path| shape.path_coords(path))
    });
    let mut overlay = AreaOverlay::of(rings);
    for (number, shape) in shapes.into_iter().enumerate() {
        for path in shape.paths.iter().filter(|path| path.is_ring()) {
            let ring = shape.path_coords(path);
            // Every polygon winds once around its interior, whatever way its rings run.
            let reversed: Vec<Xy>;
            let ring = if path.interior_left {
                ring
            } else {
                reversed = ring.iter().rev().copied().collect();
                &reversed
            };
            if number == 0 {
                overlay.add_subject(ring);
            } else {
                overlay.add_clip(ring);
            }
        }
    }
    overlay.run(rule, FillRule::NonZero)
}

/// Returns the areas of a shape as one group of polygons that do not overlap.
fn flat_areas(shape: &Shape) -> Result<Shape, GeometryError> {
    if shape.groups < 2 {
        return Ok(shape.only_areas());
    }
    Ok(shape_of(&areas(Operation::Union, shape, &Shape::default())?))
}

fn ring_bounds(shape: &Shape) -> Option<Bounds> {
    let mut bounds = Bounds::NOTHING;
    for path in shape.paths.iter().filter(|path| path.is_ring()) {
        for [x, y] in shape.path_coords(path) {
            bounds.add(*x, *y);
        }
    }
    (!bounds.is_nothing()).then_some(bounds)
}

/// Returns polygons as a shape.
pub(super) fn shape_of(polygons: &[Rings]) -> Shape {
    let mut shape = Shape::default();
    for polygon in polygons {
        shape.add_polygon(polygon.iter().map(Vec::as_slice), 0);
    }
    shape
}

/// A shape with what is looked up in it.
struct Operand {
    shape: Shape,
    tree: EdgeTree,
    points: HashSet<Key>,
}

impl Operand {
    fn new(shape: Shape) -> Self {
        let tree = EdgeTree::new(&shape);
        let points = shape.points.iter().map(|at| key(*at)).collect();
        Self { shape, tree, points }
    }

    /// Returns whether a position belongs to the shape.
    fn contains(&self, at: Xy) -> bool {
        self.points.contains(&key(at)) || self.covers_point(at)
    }

    /// Returns whether a position belongs to an area or line of the shape.
    fn covers_point(&self, at: Xy) -> bool {
        if self.shape.paths.is_empty() {
            return false;
        }
        if locate(&self.shape, &self.tree, at) != Location::Exterior {
            return true;
        }
        let mut is_on_edge = false;
        self.tree.search(&self.shape, &Bounds::point(at[0], at[1]), |segment| {
            is_on_edge |= on_segment(at, self.shape.segment(segment));
        });
        is_on_edge
    }
}
