//! What two shapes look like around one position.

use std::cmp::Ordering;

use super::arrangement::{Node, Side};
use crate::Bounds;
use crate::planar::{
    Containers, Location, Shape, Xy, compare_directions, crosses_ray, key, on_segment, orient,
};

/// What two shapes look like around one position; index 0 is the first shape.
#[derive(Debug)]
pub(crate) struct Meeting {
    /// Where the position lies relative to each shape.
    pub(crate) at: [Location; 2],
    /// Where each direction in which an edge leaves lies relative to each shape.
    pub(crate) edges: Vec<[Location; 2]>,
    /// Where the sectors between the directions lie; there is one when there is no direction.
    pub(crate) sectors: Vec<[Location; 2]>,
}

/// An edge that leaves a node.
#[derive(Clone, Copy)]
struct Spoke {
    side: usize,
    segment: usize,
    /// The direction, from the first to the second position.
    direction: [Xy; 2],
    /// Which eighth of the turn, anticlockwise from straight up.
    eighth: u8,
    /// The polygon that lies on one side of it and not on the other.
    polygon: Option<usize>,
}

/// Returns what two shapes look like around a node.
pub(crate) fn meet(sides: [&Side<'_>; 2], node: &Node) -> Meeting {
    let mut spokes = spokes(sides, node);
    spokes.sort_by(|a, b| order(a, b, node));
    let bundles: Vec<&[Spoke]> =
        spokes.chunk_by(|a, b| order(a, b, node) == Ordering::Equal).collect();

    // Around the node, a side is an area wherever at least one of its polygons is.
    let mut areas = [0, 1].map(|side| first_containers(sides[side], side, node, &spokes));
    let first = areas.each_ref().map(sector_location);
    let mut sectors = Vec::with_capacity(bundles.len().max(1));
    for bundle in &bundles {
        for spoke in *bundle {
            if let Some(polygon) = spoke.polygon {
                areas[spoke.side].cross(polygon);
            }
        }
        sectors.push(areas.each_ref().map(sector_location));
    }
    if sectors.is_empty() {
        sectors.push(first);
    }
    let mut edges = Vec::with_capacity(bundles.len());
    for (index, bundle) in bundles.iter().enumerate() {
        let before = if index == 0 { first } else { sectors[index - 1] };
        let after = sectors[index];
        edges.push([0, 1].map(|side| {
            edge_location(sides[side].shape, side, bundle, [before[side], after[side]])
        }));
    }
    let at = [0, 1].map(|side| node_location(sides[side], side, node, &sectors));
    Meeting { at, edges, sectors }
}

/// Returns the node in a position, with all edges that meet there.
pub(super) fn node_at(sides: [&Side<'_>; 2], at: Xy) -> Node {
    let mut edges = Vec::new();
    for (number, side) in sides.into_iter().enumerate() {
        side.tree.search(side.shape, &Bounds::point(at[0], at[1]), |segment| {
            if on_segment(at, side.shape.segment(segment)) {
                edges.push((number, segment));
            }
        });
    }
    Node { at, is_exact: true, edges }
}

fn spokes(sides: [&Side<'_>; 2], node: &Node) -> Vec<Spoke> {
    let mut spokes = Vec::with_capacity(node.edges.len() * 2);
    for &(side, segment) in &node.edges {
        let shape = sides[side].shape;
        let [start, end] = shape.segment(segment);
        let path = shape.path_of(segment);
        let polygon = path.is_ring().then_some(path.polygon);
        let mut push = |direction: [Xy; 2]| {
            let eighth = eighth(direction);
            spokes.push(Spoke { side, segment, direction, eighth, polygon });
        };
        if node.is_exact {
            if start != node.at {
                push([node.at, start]);
            }
            if end != node.at {
                push([node.at, end]);
            }
        } else {
            push([start, end]);
            push([end, start]);
        }
    }
    spokes
}

fn eighth([from, to]: [Xy; 2]) -> u8 {
    let horizontal = to[0].partial_cmp(&from[0]).unwrap_or(Ordering::Equal);
    let vertical = to[1].partial_cmp(&from[1]).unwrap_or(Ordering::Equal);
    match (horizontal, vertical) {
        (Ordering::Equal, Ordering::Greater | Ordering::Equal) => 0,
        (Ordering::Less, Ordering::Greater) => 1,
        (Ordering::Less, Ordering::Equal) => 2,
        (Ordering::Less, Ordering::Less) => 3,
        (Ordering::Equal, Ordering::Less) => 4,
        (Ordering::Greater, Ordering::Less) => 5,
        (Ordering::Greater, Ordering::Equal) => 6,
        (Ordering::Greater, Ordering::Greater) => 7,
    }
}

fn order(a: &Spoke, b: &Spoke, node: &Node) -> Ordering {
    a.eighth.cmp(&b.eighth).then_with(|| {
        if a.eighth.is_multiple_of(2) {
            Ordering::Equal
        } else if node.is_exact {
            0.cmp(&orient(node.at, a.direction[1], b.direction[1]))
        } else {
            compare_directions(a.direction, b.direction)
        }
    })
}

/// Returns the polygons of a side that contain the positions close to the node that are straight
/// above it or, if an edge is there, just to the right of that.
fn first_containers(side: &Side<'_>, number: usize, node: &Node, spokes: &[Spoke]) -> Containers {
    let mut around = Containers::default();
    if side.shape.groups == 0 {
        return around;
    }
    side.tree.to_the_right(side.shape, node.at, |segment| {
        let path = side.shape.path_of(segment);
        let is_elsewhere = path.is_ring() && !node.edges.contains(&(number, segment));
        if is_elsewhere && crosses_ray(node.at, side.shape.segment(segment)) {
            around.cross(path.polygon);
        }
    });
    // The ray runs just above the node and crosses the edges that leave it to the upper right.
    let crossed = spokes.iter().filter(|spoke| spoke.side == number && spoke.eighth == 7);
    crossed.filter_map(|spoke| spoke.polygon).for_each(|polygon| around.cross(polygon));
    around
}

fn sector_location(around: &Containers) -> Location {
    if around.is_any() { Location::Interior } else { Location::Exterior }
}

/// Returns where a direction lies, given the sectors on both of its sides.
fn edge_location(shape: &Shape, side: usize, bundle: &[Spoke], sectors: [Location; 2]) -> Location {
    match sectors {
        [Location::Interior, Location::Interior] => Location::Interior,
        [Location::Exterior, Location::Exterior] => {
            let mut location = Location::Exterior;
            for spoke in bundle.iter().filter(|spoke| spoke.side == side) {
                if !shape.path_of(spoke.segment).is_ring() {
                    return Location::Interior;
                }
                location = Location::Boundary;
            }
            location
        }
        _ => Location::Boundary,
    }
}

fn node_location(
    side: &Side<'_>,
    number: usize,
    node: &Node,
    sectors: &[[Location; 2]],
) -> Location {
    let inside = sectors.iter().filter(|sector| sector[number] == Location::Interior).count();
    if inside == sectors.len() {
        return Location::Interior;
    }
    if inside > 0 {
        return Location::Boundary;
    }
    let position = key(node.at);
    if node.is_exact && side.is_boundary(position) {
        return Location::Boundary;
    }
    let mut location = Location::Exterior;
    for (_, segment) in node.edges.iter().filter(|(side, _)| *side == number) {
        if !side.shape.path_of(*segment).is_ring() {
            return Location::Interior;
        }
        location = Location::Boundary;
    }
    if location == Location::Exterior && node.is_exact && side.points.contains(&position) {
        return Location::Interior;
    }
    location
}
