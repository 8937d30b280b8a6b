//! One arc: the circle it lies on, the way it runs, its box and its length.

use std::f64::consts::{PI, TAU};

use crate::{Bounds, Sequence};

/// How close to zero a cross product or a difference of ordinates counts as zero, as in SQL/MM
/// implementations.
pub(super) const TINY: f64 = 1e-8;

/// The circle that an arc lies on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Circle {
    pub(super) centre: [f64; 2],
    pub(super) radius: f64,
}

impl Circle {
    /// Returns the circle through three positions, or nothing when they lie on a line.
    ///
    /// When the first and the third are the same, the second lies opposite of them.
    pub(super) fn through(a: [f64; 2], b: [f64; 2], c: [f64; 2]) -> Option<Self> {
        let circle = if (a[0] - c[0]).abs() < TINY && (a[1] - c[1]).abs() < TINY {
            Self::around([a[0] + (b[0] - a[0]) / 2.0, a[1] + (b[1] - a[1]) / 2.0], a)
        } else {
            let (to_b, to_c) = ([b[0] - a[0], b[1] - a[1]], [c[0] - a[0], c[1] - a[1]]);
            let squared = |v: [f64; 2]| v[0] * v[0] + v[1] * v[1];
            let cross = 2.0 * (to_b[0] * to_c[1] - to_c[0] * to_b[1]);
            if cross.abs() < TINY {
                return None;
            }
            let x = a[0] + (squared(to_b) * to_c[1] - squared(to_c) * to_b[1]) / cross;
            let y = a[1] - (squared(to_b) * to_c[0] - squared(to_c) * to_b[0]) / cross;
            Self::around([x, y], a)
        };
        circle.radius.is_finite().then_some(circle)
    }

    fn around(centre: [f64; 2], at: [f64; 2]) -> Self {
        let (x, y) = (centre[0] - at[0], centre[1] - at[1]);
        Self { centre, radius: (x * x + y * y).sqrt() }
    }

    /// Returns the direction in which a position is seen from the centre, in radians.
    pub(super) fn angle(&self, at: [f64; 2]) -> f64 {
        (at[1] - self.centre[1]).atan2(at[0] - self.centre[0])
    }
}

/// Returns on which side of the line between two positions a third one lies: negative on the left,
/// positive on the right, zero on the line.
pub(super) fn side(from: [f64; 2], to: [f64; 2], at: [f64; 2]) -> f64 {
    let side = (at[0] - from[0]) * (to[1] - from[1]) - (to[0] - from[0]) * (at[1] - from[1]);
    if side == 0.0 || side.is_nan() { 0.0 } else { side.signum() }
}

/// How an arc is drawn from its first position to its third.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sweep {
    pub(crate) radius: f64,
    /// Whether it is longer than half of its circle.
    pub(crate) is_long: bool,
    pub(crate) is_clockwise: bool,
}

impl Sweep {
    /// Returns how the arc through three positions is drawn, or nothing when they lie on a line.
    pub(crate) fn through(a: [f64; 2], b: [f64; 2], c: [f64; 2]) -> Option<Self> {
        let Circle { centre, radius } = Circle::through(a, b, c)?;
        let bulge = side(a, c, b);
        let chord = [c[0] - a[0], c[1] - a[1]];
        let cross = (centre[0] - a[0]) * chord[1] - chord[0] * (centre[1] - a[1]);
        // The centre of half a circle lies on the chord, but for the last digits.
        let is_off = cross.abs() > 1e-9 * radius * chord[0].hypot(chord[1]);
        let is_long = is_off && cross.signum() == bulge;
        Some(Self { radius, is_long, is_clockwise: bulge < 0.0 })
    }
}

/// Calls a function with the three positions of every arc of a path of arcs.
pub(crate) fn arcs(path: Sequence<'_>, mut visit: impl FnMut([f64; 2], [f64; 2], [f64; 2])) {
    for end in (2..path.len()).step_by(2) {
        visit(path.xy(end - 2), path.xy(end - 1), path.xy(end));
    }
}

/// Grows a box, which contains the positions of a path of arcs, to contain the arcs.
pub(crate) fn add_arcs(path: Sequence<'_>, bounds: &mut Bounds) {
    arcs(path, |a, b, c| add_arc([a, b, c], bounds));
}

/// Grows a box, which contains the positions of an arc, to contain the arc.
pub(super) fn add_arc([a, b, c]: [[f64; 2]; 3], bounds: &mut Bounds) {
    let Some(Circle { centre: [x, y], radius }) = Circle::through(a, b, c) else { return };
    let bulge = side(a, c, b);
    for extreme in [[x + radius, y], [x - radius, y], [x, y + radius], [x, y - radius]] {
        // A whole circle has all its extremes, another arc those beyond its chord.
        if a == c || side(a, c, extreme) == bulge {
            bounds.add(extreme[0], extreme[1]);
        }
    }
}

/// Returns the length of an arc; of positions on a line, that from the first to the third.
pub(super) fn arc_length(a: [f64; 2], b: [f64; 2], c: [f64; 2]) -> f64 {
    let Some(circle) = Circle::through(a, b, c) else {
        return (c[0] - a[0]).hypot(c[1] - a[1]);
    };
    if a == c {
        return TAU * circle.radius;
    }
    let (start, end) = (circle.angle(a), circle.angle(c));
    let turn = if side(a, c, b) < 0.0 { start - end } else { end - start };
    circle.radius * if turn < 0.0 { turn + 2.0 * PI } else { turn }
}
