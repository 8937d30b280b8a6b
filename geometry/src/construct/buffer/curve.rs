//! The raw offset curve of a line or ring, before self-intersections are resolved.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use super::input::simplify;
use super::style::{BufferStyle, EndCap, Join};
use crate::planar::{Xy, closest_on_segment, distance_squared, orient, segment_distance};

/// The part of the distance by which the input may be simplified.
const SIMPLIFY: f64 = 0.01;
/// Offset edges closer than this part of the distance are joined without a corner.
const SEPARATION: f64 = 1e-3;
/// Positions closer than this part of the distance are one position.
const VERTEX_SNAP: f64 = 1e-6;
/// How much closer to the corner than to the offset edges the closing edge of a narrow inside
/// turn may be, for smooth curves.
const CLOSING: f64 = 80.0;

/// The side of a line on which its offset curve lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Offset {
    Left,
    Right,
}

impl Offset {
    pub(super) fn opposite(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }
}

/// Returns the closed curve around a line, or around one position; nothing when a flat end
/// leaves nothing of a position. It runs clockwise.
pub(super) fn around_line(line: &[Xy], distance: f64, style: &BufferStyle) -> Option<Vec<Xy>> {
    let mut curve = Curve::new(distance, style);
    match line {
        [] => return None,
        [at] => match style.end_cap {
            EndCap::Round => curve.circle(*at),
            EndCap::Square => curve.square(*at),
            EndCap::Flat => return None,
        },
        _ => {
            let left = simplify(line, distance * SIMPLIFY);
            curve.side(left.iter().copied(), Offset::Left, false);
            curve.end_cap(left[left.len() - 2], left[left.len() - 1]);
            let right = simplify(line, -distance * SIMPLIFY);
            curve.side(right.iter().rev().copied(), Offset::Left, false);
            curve.end_cap(right[1], right[0]);
        }
    }
    Some(curve.close())
}

/// Returns the circle around a position. It runs clockwise.
pub(super) fn circle_around(centre: Xy, radius: f64, style: &BufferStyle) -> Vec<Xy> {
    let mut curve = Curve::new(radius, style);
    curve.circle(centre);
    curve.close()
}

/// Returns the closed curve between a line and its offset on one side. It runs clockwise.
pub(super) fn beside_line(
    line: &[Xy],
    distance: f64,
    is_right: bool,
    style: &BufferStyle,
) -> Vec<Xy> {
    let mut curve = Curve::new(distance, style);
    if is_right {
        curve.points.extend(line);
        let simple = simplify(line, -distance * SIMPLIFY);
        curve.side(simple.iter().rev().copied(), Offset::Left, true);
    } else {
        curve.points.extend(line.iter().rev());
        let simple = simplify(line, distance * SIMPLIFY);
        curve.side(simple.iter().copied(), Offset::Left, true);
    }
    curve.close()
}

/// Returns the offset of a line to the left, or with a negative distance to the right, in the
/// direction of the line and without its ends.
pub(super) fn offset_line(line: &[Xy], distance: f64, style: &BufferStyle) -> Vec<Xy> {
    let mut curve = Curve::new(distance.abs(), style);
    let simple = simplify(line, distance * SIMPLIFY);
    if distance < 0.0 {
        curve.side(simple.iter().rev().copied(), Offset::Left, true);
        curve.points.reverse();
    } else {
        curve.side(simple.iter().copied(), Offset::Left, true);
    }
    curve.points
}

/// Returns the offset curve of a closed ring on one side, in the direction of the ring.
pub(super) fn beside_ring(
    ring: &[Xy],
    distance: f64,
    side: Offset,
    style: &BufferStyle,
) -> Vec<Xy> {
    let tolerance = distance * SIMPLIFY;
    let tolerance = if side == Offset::Right { -tolerance } else { tolerance };
    let simple = simplify(ring, tolerance);
    let mut curve = Curve::new(distance, style);
    let count = simple.len();
    if count < 3 {
        return ring.to_vec();
    }
    curve.start(simple[count - 2], simple[0], side);
    for (index, at) in simple.iter().enumerate().skip(1) {
        curve.next(*at, index != 1);
    }
    curve.close()
}

struct Curve<'s> {
    style: &'s BufferStyle,
    distance: f64,
    side: Offset,
    /// The last three positions of the line.
    line: [Xy; 3],
    /// The last edge, offset.
    offset: [Xy; 2],
    points: Vec<Xy>,
}

impl<'s> Curve<'s> {
    fn new(distance: f64, style: &'s BufferStyle) -> Self {
        Self {
            style,
            distance,
            side: Offset::Left,
            line: [[0.0; 2]; 3],
            offset: [[0.0; 2]; 2],
            points: Vec::new(),
        }
    }

    /// Adds the offset of a whole line, without its ends.
    fn side(&mut self, line: impl Iterator<Item = Xy>, side: Offset, with_first: bool) {
        let mut line = line;
        let (Some(first), Some(second)) = (line.next(), line.next()) else { return };
        self.start(first, second, side);
        if with_first {
            self.add(self.offset[0]);
        }
        for at in line {
            self.next(at, true);
        }
        self.add(self.offset[1]);
    }

    fn start(&mut self, first: Xy, second: Xy, side: Offset) {
        self.side = side;
        self.line = [first, first, second];
        self.offset = self.offset_edge([first, second]);
    }

    /// Adds the corner between the last edge and the one to the next position.
    fn next(&mut self, at: Xy, with_start: bool) {
        let [_, before, corner] = self.line;
        if corner == at {
            return;
        }
        self.line = [before, corner, at];
        let first = self.offset;
        let second = self.offset_edge([corner, at]);
        self.offset = second;
        let turn = orient(before, corner, at);
        let is_outside = match self.side {
            Offset::Left => turn < 0,
            Offset::Right => turn > 0,
        };
        if turn == 0 {
            self.straight(first, second, with_start);
        } else if is_outside {
            self.outside_turn(first, second, turn, with_start);
        } else {
            self.inside_turn(first, second);
        }
    }

    /// The line goes on straight, or back the way it came.
    fn straight(&mut self, first: [Xy; 2], second: [Xy; 2], with_start: bool) {
        let [before, corner, at] = self.line;
        let ahead = (corner[0] - before[0]) * (at[0] - corner[0])
            + (corner[1] - before[1]) * (at[1] - corner[1]);
        if ahead > 0.0 {
            return;
        }
        if self.style.join == Join::Round {
            self.fillet(corner, first[1], second[0], -1);
        } else {
            if with_start {
                self.add(first[1]);
            }
            self.add(second[0]);
        }
    }

    fn outside_turn(&mut self, first: [Xy; 2], second: [Xy; 2], turn: i8, with_start: bool) {
        if is_within(first[1], second[0], self.distance * SEPARATION) {
            self.add(first[1]);
            return;
        }
        match self.style.join {
            Join::Mitre => self.mitre(first, second),
            Join::Bevel => {
                self.add(first[1]);
                self.add(second[0]);
            }
            Join::Round => {
                if with_start {
                    self.add(first[1]);
                }
                self.fillet(self.line[1], first[1], second[0], turn);
                self.add(second[0]);
            }
        }
    }

    fn inside_turn(&mut self, first: [Xy; 2], second: [Xy; 2]) {
        let (gap, [meeting, _]) = segment_distance(first, second);
        if gap == 0.0 {
            self.add(meeting);
            return;
        }
        // The offset edges do not meet: the curve goes close to the corner and back, which
        // leaves a loop on the inside that vanishes later.
        if is_within(first[1], second[0], self.distance * SEPARATION) {
            self.add(first[1]);
            return;
        }
        let is_smooth = self.style.join == Join::Round && self.style.quadrant_segments() >= 8;
        let factor = if is_smooth { CLOSING } else { 1.0 };
        let corner = self.line[1];
        let towards =
            |at: Xy| [0, 1].map(|axis| (factor * at[axis] + corner[axis]) / (factor + 1.0));
        self.add(first[1]);
        self.add(towards(first[1]));
        self.add(towards(second[0]));
        self.add(second[0]);
    }

    fn mitre(&mut self, first: [Xy; 2], second: [Xy; 2]) {
        let corner = self.line[1];
        let limit = self.style.mitre_limit * self.distance;
        if orient_lines(first, second) != 0 {
            let tip = crossing_point_of_lines(first, second);
            if is_within(tip, corner, limit) || distance_squared(tip, corner) == limit * limit {
                self.add(tip);
                return;
            }
        }
        let bevel = [first[1], second[0]];
        let bevel_distance = distance_squared(corner, closest_on_segment(corner, bevel)).sqrt();
        if bevel_distance < limit
            && let Some(ends) = self.cut_mitre(first, second, limit)
        {
            self.add(ends[0]);
            self.add(ends[1]);
            return;
        }
        self.add(bevel[0]);
        self.add(bevel[1]);
    }

    /// Returns the ends of the edge that cuts off a mitre at its limit.
    fn cut_mitre(&self, first: [Xy; 2], second: [Xy; 2], limit: f64) -> Option<[Xy; 2]> {
        let [before, corner, at] = self.line;
        let back = direction(corner, before);
        let interior = normalized(direction(corner, at) - back);
        let outward = normalized(back + interior / 2.0) + PI;
        let middle = step(corner, limit, outward);
        let across = outward + FRAC_PI_2;
        let edge = [step(middle, self.distance, across), step(middle, self.distance, across + PI)];
        Some([line_meets_edge(first, edge)?, line_meets_edge(second, edge)?])
    }

    fn end_cap(&mut self, from: Xy, to: Xy) {
        self.side = Offset::Left;
        let left = self.offset_edge([from, to])[1];
        self.side = Offset::Right;
        let right = self.offset_edge([from, to])[1];
        let angle = direction(from, to);
        match self.style.end_cap {
            EndCap::Round => {
                self.add(left);
                self.arc(to, angle + FRAC_PI_2, angle - FRAC_PI_2, -1.0);
                self.add(right);
            }
            EndCap::Flat => {
                self.add(left);
                self.add(right);
            }
            EndCap::Square => {
                let ahead = [self.distance * angle.cos(), self.distance * angle.sin()];
                self.add([left[0] + ahead[0], left[1] + ahead[1]]);
                self.add([right[0] + ahead[0], right[1] + ahead[1]]);
            }
        }
    }

    fn fillet(&mut self, centre: Xy, from: Xy, to: Xy, turn: i8) {
        let mut start = direction(centre, from);
        let end = direction(centre, to);
        if turn < 0 {
            if start <= end {
                start += TAU;
            }
        } else if start >= end {
            start -= TAU;
        }
        self.add(from);
        self.arc(centre, start, end, f64::from(turn));
        self.add(to);
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the angles are at most two turns apart, so the number is small and positive"
    )]
    fn arc(&mut self, centre: Xy, start: f64, end: f64, turn: f64) {
        let total = (start - end).abs();
        let quantum = FRAC_PI_2 / f64::from(self.style.quadrant_segments());
        let count = (total / quantum + 0.5) as u32;
        for index in 0..count {
            let angle = start + turn * f64::from(index) * (total / f64::from(count));
            self.add(step(centre, self.distance, angle));
        }
    }

    fn circle(&mut self, centre: Xy) {
        self.add([centre[0] + self.distance, centre[1]]);
        self.arc(centre, 0.0, TAU, -1.0);
    }

    fn square(&mut self, [x, y]: Xy) {
        let d = self.distance;
        for at in [[x + d, y + d], [x + d, y - d], [x - d, y - d], [x - d, y + d]] {
            self.add(at);
        }
    }

    fn offset_edge(&self, [from, to]: [Xy; 2]) -> [Xy; 2] {
        let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
        let length = dx.hypot(dy);
        let distance = if self.side == Offset::Left { self.distance } else { -self.distance };
        let (x, y) = (distance * dx / length, distance * dy / length);
        [[from[0] - y, from[1] + x], [to[0] - y, to[1] + x]]
    }

    fn add(&mut self, at: Xy) {
        if self.points.last().is_some_and(|last| is_within(*last, at, self.distance * VERTEX_SNAP))
        {
            return;
        }
        self.points.push(at);
    }

    fn close(mut self) -> Vec<Xy> {
        if let (Some(first), Some(last)) = (self.points.first().copied(), self.points.last())
            && first != *last
        {
            self.points.push(first);
        }
        self.points
    }
}

fn is_within(a: Xy, b: Xy, distance: f64) -> bool {
    distance_squared(a, b) < distance * distance
}

fn direction(from: Xy, to: Xy) -> f64 {
    (to[1] - from[1]).atan2(to[0] - from[0])
}

/// Returns the angle between -half a turn and half a turn.
fn normalized(angle: f64) -> f64 {
    let angle = angle.rem_euclid(TAU);
    if angle > PI { angle - TAU } else { angle }
}

/// Returns the position at some distance in a direction; the axes are met exactly.
fn step(from: Xy, distance: f64, angle: f64) -> Xy {
    let snap = |value: f64| if value.abs() < 5e-16 { 0.0 } else { value };
    let (sin, cos) = angle.sin_cos();
    [from[0] + distance * snap(cos), from[1] + distance * snap(sin)]
}

/// Returns 0 when two lines are parallel.
fn orient_lines(a: [Xy; 2], b: [Xy; 2]) -> i8 {
    let shifted = [a[0][0] + (b[1][0] - b[0][0]), a[0][1] + (b[1][1] - b[0][1])];
    orient(a[0], a[1], shifted)
}

fn crossing_point_of_lines(a: [Xy; 2], b: [Xy; 2]) -> Xy {
    let (ax, ay) = (a[1][0] - a[0][0], a[1][1] - a[0][1]);
    let (bx, by) = (b[1][0] - b[0][0], b[1][1] - b[0][1]);
    let (dx, dy) = (b[0][0] - a[0][0], b[0][1] - a[0][1]);
    let t = (dx * by - dy * bx) / (ax * by - ay * bx);
    [a[0][0] + t * ax, a[0][1] + t * ay]
}

/// Returns where the line through an edge crosses another edge.
fn line_meets_edge(line: [Xy; 2], edge: [Xy; 2]) -> Option<Xy> {
    let sides = edge.map(|at| orient(line[0], line[1], at));
    match sides {
        [0, _] => Some(edge[0]),
        [_, 0] => Some(edge[1]),
        [first, second] if first != second => Some(crossing_point_of_lines(line, edge)),
        _ => None,
    }
}
