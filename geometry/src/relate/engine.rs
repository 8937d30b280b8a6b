//! Computes the matrix of two shapes.
//!
//! Every intersection of interiors, boundaries and exteriors shows in the neighbourhood of a
//! vertex, of a crossing of two edges or of a point, because every area and every piece of an
//! edge has one of these on its border. So it is enough to look at all of them. Vertices that no
//! edge of the other shape touches all look alike, and where one of them lies, its neighbours on
//! the path lie too until the path meets the other shape.

use super::arrangement::{Arrangement, BoundaryRule, Side};
use super::matrix::Matrix;
use super::node::{Meeting, meet, node_at};
use crate::planar::{Location, Path, Role, Shape, key, locate};

use Location::{Boundary, Exterior, Interior};

/// Returns the matrix of two shapes; stops early when `decided` says that it knows enough.
pub(super) fn matrix(
    a: &Shape,
    b: &Shape,
    rule: BoundaryRule,
    decided: &dyn Fn(&Matrix) -> bool,
) -> Matrix {
    let (a, b) = (Side::new(a).with_rule(rule), Side::new(b).with_rule(rule));
    let sides = [&a, &b];
    let arrangement = Arrangement::new(sides);
    let mut matrix = Matrix::EXTERIORS;
    add_crossings(&mut matrix, sides, &arrangement);
    if decided(&matrix) {
        return matrix;
    }
    for node in &arrangement.nodes {
        add_meeting(&mut matrix, &meet(sides, node));
        if decided(&matrix) {
            return matrix;
        }
    }
    for number in [0, 1] {
        let mut walk = Walk { matrix: &mut matrix, arrangement: &arrangement, sides, number };
        for path in &sides[number].shape.paths {
            walk.path(path);
            if decided(walk.matrix) {
                return matrix;
            }
        }
    }
    for side in sides {
        for point in &side.shape.points {
            if !arrangement.is_node(*point) {
                add_meeting(&mut matrix, &meet(sides, &node_at(sides, *point)));
            }
        }
        if decided(&matrix) {
            return matrix;
        }
    }
    matrix
}

fn add_meeting(matrix: &mut Matrix, meeting: &Meeting) {
    let [a, b] = meeting.at;
    matrix.raise(a, b, 0);
    for [a, b] in &meeting.edges {
        matrix.raise(*a, *b, 1);
    }
    for [a, b] in &meeting.sectors {
        matrix.raise(*a, *b, 2);
    }
}

/// Adds the crossings of two edges in their interiors, which all look alike.
fn add_crossings(matrix: &mut Matrix, sides: [&Side<'_>; 2], arrangement: &Arrangement) {
    let mut seen = [[false; 2]; 2];
    for [first, second] in &arrangement.crossings {
        let rings =
            [sides[0].shape.path_of(*first).is_ring(), sides[1].shape.path_of(*second).is_ring()];
        let seen = &mut seen[usize::from(rings[0])][usize::from(rings[1])];
        if std::mem::replace(seen, true) {
            continue;
        }
        // A ring has interior and exterior on its sides; a line has exterior on both.
        let on = rings.map(|is_ring| if is_ring { Boundary } else { Interior });
        let beside =
            rings.map(|is_ring| if is_ring { [Interior, Exterior] } else { [Exterior; 2] });
        matrix.raise(on[0], on[1], 0);
        // Along an edge that crosses a line, another line may run; whether one does shows where
        // it begins, so nothing is known here about edges and the exterior of lines.
        if rings[1] {
            for location in beside[1] {
                matrix.raise(on[0], location, 1);
            }
        }
        for location in beside[0] {
            if rings[0] {
                matrix.raise(location, on[1], 1);
            }
            for other in beside[1] {
                matrix.raise(location, other, 2);
            }
        }
    }
}

/// The vertices of one side that the other side does not touch.
struct Walk<'w, 's> {
    matrix: &'w mut Matrix,
    arrangement: &'w Arrangement,
    sides: [&'w Side<'s>; 2],
    number: usize,
}

impl Walk<'_, '_> {
    fn path(&mut self, path: &Path) {
        let shape = self.sides[self.number].shape;
        let other = self.sides[1 - self.number];
        let mut known = None;
        for index in path.start..path.end {
            let at = shape.coords[index];
            if self.arrangement.is_node(at) {
                known = None;
            } else {
                let location = known.unwrap_or_else(|| locate(other.shape, &other.tree, at));
                if known != Some(location) {
                    self.add_edge(path.role, location);
                }
                known = Some(location);
                let is_end = index == path.start || index + 1 == path.end;
                if path.role == Role::Line && is_end {
                    self.add_line_end(index, location);
                }
            }
            if index + 1 < path.end && self.arrangement.touched[self.number][index] {
                known = None;
            }
        }
    }

    /// Adds a vertex with an edge on either side.
    fn add_edge(&mut self, role: Role, location: Location) {
        if role == Role::Line {
            self.raise(Interior, location, 1);
            self.raise(Exterior, location, 2);
        } else {
            self.raise(Boundary, location, 1);
            self.raise(Interior, location, 2);
            self.raise(Exterior, location, 2);
        }
    }

    fn add_line_end(&mut self, index: usize, location: Location) {
        let side = self.sides[self.number];
        let position = key(side.shape.coords[index]);
        let own = if side.is_boundary(position) { Boundary } else { Interior };
        let is_point = self.sides[1 - self.number].points.contains(&position);
        let other = if location == Exterior && is_point { Interior } else { location };
        self.raise(own, other, 0);
    }

    fn raise(&mut self, own: Location, other: Location, dimension: i8) {
        if self.number == 0 {
            self.matrix.raise(own, other, dimension);
        } else {
            self.matrix.raise(other, own, dimension);
        }
    }
}
