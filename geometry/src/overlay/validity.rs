//! Refuses areas whose rings cross themselves or each other: what they contain is undefined.

use std::ops::ControlFlow;

use crate::GeometryError;
use crate::planar::{
    EdgeTree, Shape, Xy, closest_on_segment, crossing_point, distance_squared, orient,
};

/// The part of the largest coordinate by which a vertex may be off.
const ROUNDING: f64 = 1e-13;

/// Checks that no two rings of one polygon or multipolygon cross.
pub(super) fn check(shape: &Shape) -> Result<(), GeometryError> {
    if shape.groups == 0 {
        return Ok(());
    }
    let tree = EdgeTree::new(shape);
    let mut found = None;
    let _ = tree.own_pairs(shape, &mut |first, second| {
        // Neighbours share a vertex and cannot cross.
        if second == first + 1 {
            return ControlFlow::Continue(());
        }
        let paths = [shape.path_of(first), shape.path_of(second)];
        if !paths[0].is_ring() || !paths[1].is_ring() || paths[0].group != paths[1].group {
            return ControlFlow::Continue(());
        }
        let (a, b) = (shape.segment(first), shape.segment(second));
        let crosses = orient(a[0], a[1], b[0]) * orient(a[0], a[1], b[1]) < 0
            && orient(b[0], b[1], a[0]) * orient(b[0], b[1], a[1]) < 0;
        if crosses && !is_of_rounding(a, b) {
            found = Some(crossing_point(a, b));
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    });
    let Some([x, y]) = found else { return Ok(()) };
    let reason =
        format!("the polygon is invalid: its rings cross at {x} {y}; repair it with ST_MakeValid");
    Err(GeometryError::Topology { reason })
}

/// Returns whether one of two edges that cross ends so close to the other that it would only
/// touch it if coordinates had more digits, as after a rotation.
fn is_of_rounding(a: [Xy; 2], b: [Xy; 2]) -> bool {
    let ordinates = [a, b].into_iter().flatten().flatten();
    let size = ordinates.fold(0.0f64, |size, ordinate| size.max(ordinate.abs()));
    let ends = [(a[0], b), (a[1], b), (b[0], a), (b[1], a)];
    ends.into_iter().any(|(end, edge)| {
        distance_squared(end, closest_on_segment(end, edge)).sqrt() <= ROUNDING * size
    })
}
