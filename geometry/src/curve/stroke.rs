//! Arcs drawn as segments.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use super::arc::{Circle, add_arc, side};
use crate::{Bounds, Coord, GeometryError};

/// The most vertices one path is given.
const MOST_VERTICES: f64 = 16_777_216.0;

/// How much of a segment a remainder must be to count as one.
const REMAINDER: f64 = 1e-9;

/// How close the segments come to the arc.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tolerance {
    /// This many segments for a quarter of a circle.
    SegmentsPerQuadrant(u32),
    /// No segment further from the arc than a distance.
    MaxDeviation(f64),
    /// No segment over a larger angle, in radians.
    MaxAngle(f64),
}

impl Tolerance {
    /// Returns the tolerance that `ST_CurveToLine` means by a number and its type: 0 for segments
    /// of a quarter, 1 for a distance, 2 for an angle.
    pub fn new(value: f64, kind: i64) -> Result<Self, GeometryError> {
        let reason = match kind {
            0 if value.fract() == 0.0 && (1.0..=MOST_VERTICES).contains(&value) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "the range is checked"
                )]
                return Ok(Self::SegmentsPerQuadrant(value as u32));
            }
            1 if value > 0.0 => return Ok(Self::MaxDeviation(value)),
            2 if value > 0.0 => return Ok(Self::MaxAngle(value)),
            0 => format!("segments per quadrant must be a whole number from 1 on, not {value}"),
            1 => format!("the maximum deviation must be more than 0, not {value}"),
            2 => format!("the maximum angle must be more than 0, not {value}"),
            _ => format!("the type of a tolerance is 0, 1 or 2, not {kind}"),
        };
        Err(GeometryError::InvalidArgument { reason })
    }

    /// Returns the angle of one segment of a circle.
    fn step(self, radius: f64) -> f64 {
        match self {
            Self::SegmentsPerQuadrant(count) => FRAC_PI_2 / f64::from(count),
            Self::MaxAngle(angle) => angle,
            Self::MaxDeviation(deviation) => {
                let mut share = (deviation / radius).min(2.0);
                // A deviation that is lost against the radius is doubled until it is not.
                while (1.0 - share).acos() == 0.0 {
                    share *= 2.0;
                }
                2.0 * (1.0 - share).acos()
            }
        }
    }
}

/// How arcs are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stroke {
    /// How close the segments come to the arc.
    pub tolerance: Tolerance,
    /// Whether the segments are the same in both directions, and equally long.
    pub symmetric: bool,
    /// Whether symmetric segments keep the angle of the tolerance, and only the first and the last
    /// are shorter; of a circle only the last.
    pub retain_angle: bool,
}

impl Default for Stroke {
    /// The 32 segments of a quarter that measures and predicates use.
    fn default() -> Self {
        let tolerance = Tolerance::SegmentsPerQuadrant(32);
        Self { tolerance, symmetric: false, retain_angle: false }
    }
}

impl Stroke {
    /// Appends the first two positions of an arc and the vertices between them and the third;
    /// without an arc the two alone.
    pub(super) fn append_arc(
        &self,
        coords: &mut Vec<Coord>,
        [a, b, c]: [Coord; 3],
    ) -> Result<(), GeometryError> {
        coords.push(a);
        let from = coords.len();
        let bulge = side(xy(a), xy(c), xy(b));
        let is_turned = self.symmetric && bulge < 0.0;
        let ends = if is_turned { [c, b, a] } else { [a, b, c] };
        let Some(sweep) = Sweep::new(ends) else {
            coords.push(b);
            return Ok(());
        };
        self.append_vertices(coords, &sweep)?;
        if is_turned {
            coords.get_mut(from..).unwrap_or_default().reverse();
        }
        Ok(())
    }

    /// Appends the vertices between the ends of an arc.
    fn append_vertices(&self, coords: &mut Vec<Coord>, sweep: &Sweep) -> Result<(), GeometryError> {
        let total = sweep.total;
        let least = if sweep.is_circle { 3.0 } else { 2.0 };
        let mut step = self.tolerance.step(sweep.circle.radius);
        if (total / step).ceil() < least {
            step = total / least;
        }
        let mut count = (total / step - REMAINDER).ceil();
        if count + coords.len() as f64 > MOST_VERTICES {
            return Err(GeometryError::InvalidArgument {
                reason: format!(
                    "the tolerance cuts a path into too many segments: {count} for an arc"
                ),
            });
        }
        let mut shift = 0.0;
        if self.symmetric && self.retain_angle && !sweep.is_circle {
            let whole = (total / step + REMAINDER).floor();
            let rest = total - step * whole;
            if rest > REMAINDER * step {
                // The first vertex comes after half of what is left, one more than whole segments.
                shift = rest / 2.0 - step;
                count = whole + 2.0;
            }
        } else if self.symmetric && !self.retain_angle {
            step = total / count;
        }
        // A circle is drawn without its last vertex, as PostGIS does.
        let end = if sweep.is_circle { count - 1.0 } else { count };
        let mut number = 1.0;
        while number < end {
            coords.push(sweep.at(step * number + shift));
            number += 1.0;
        }
        Ok(())
    }
}

/// The way along an arc.
struct Sweep {
    coords: [Coord; 3],
    circle: Circle,
    is_circle: bool,
    /// 1 when the arc runs anticlockwise, -1 when clockwise.
    sign: f64,
    /// The direction of the start, seen from the centre.
    start: f64,
    /// The angle to the second position, and that to the third.
    middle: f64,
    total: f64,
    /// The box of the arc, which a vertex does not leave by rounding: rows are left out by it.
    bounds: Bounds,
}

impl Sweep {
    /// Returns the way along an arc, or nothing when the positions lie on a line or in one place.
    fn new(coords: [Coord; 3]) -> Option<Self> {
        let [a, b, c] = coords.map(xy);
        let circle = Circle::through(a, b, c).filter(|circle| circle.radius > 0.0)?;
        let is_circle = a == c;
        let bulge = side(a, c, b);
        if bulge == 0.0 && !is_circle {
            return None;
        }
        let sign = if bulge < 0.0 { -1.0 } else { 1.0 };
        let start = circle.angle(a);
        let turn = |to: [f64; 2]| {
            let turn = sign * (circle.angle(to) - start);
            if turn <= 0.0 { turn + TAU } else { turn }
        };
        let (middle, total) = if is_circle { (PI, TAU) } else { (turn(b), turn(c)) };
        let mut bounds = Bounds::NOTHING;
        for [x, y] in [a, b, c] {
            bounds.add(x, y);
        }
        add_arc([a, b, c], &mut bounds);
        Some(Self { coords, circle, is_circle, sign, start, middle, total, bounds })
    }

    /// Returns the coordinate at an angle behind the start; heights and measures change evenly
    /// from one position to the next.
    fn at(&self, angle: f64) -> Coord {
        let [a, b, c] = self.coords;
        if angle == self.middle {
            return b;
        }
        let (from, to, share) = if angle <= self.middle {
            (a, b, angle / self.middle)
        } else {
            (b, c, (angle - self.middle) / (self.total - self.middle))
        };
        let (sin, cos) = (self.start + self.sign * angle).sin_cos();
        let x = self.circle.centre[0] + self.circle.radius * cos;
        let y = self.circle.centre[1] + self.circle.radius * sin;
        Coord {
            x: x.max(self.bounds.xmin).min(self.bounds.xmax),
            y: y.max(self.bounds.ymin).min(self.bounds.ymax),
            z: from.z + (to.z - from.z) * share,
            m: from.m + (to.m - from.m) * share,
        }
    }
}

fn xy(coord: Coord) -> [f64; 2] {
    [coord.x, coord.y]
}
