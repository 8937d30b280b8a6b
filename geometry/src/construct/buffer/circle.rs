//! Circles around points, which differ in their centre and radius only.

use super::curve::circle_around;
use super::style::{BufferStyle, EndCap};
use crate::planar::Xy;
use crate::{Dimension, Kind, write};

/// Circles of more edges are drawn one by one.
const MOST_QUAD_SEGS: u32 = 64;
/// The part of the centre's ordinates that the radius is at least, for rounding not to show.
const LEAST_RADIUS: f64 = 1e-9;
/// Smaller radii lose digits.
const SMALLEST_RADIUS: f64 = 1e-150;

/// The vertices of the circle of a style around the origin with the radius 1.
#[derive(Debug, Clone)]
pub struct UnitCircle {
    /// The closed ring; nothing when circles have to be drawn one by one.
    ring: Vec<Xy>,
}

impl UnitCircle {
    /// Returns the circle that a style draws around a point.
    pub fn new(style: &BufferStyle) -> Self {
        let is_round = style.end_cap == EndCap::Round && style.quad_segs <= MOST_QUAD_SEGS;
        Self { ring: if is_round { circle_around([0.0; 2], 1.0, style) } else { Vec::new() } }
    }

    /// Appends the polygon with a centre and radius, or returns that it has to be drawn.
    pub(super) fn append(&self, bytes: &mut Vec<u8>, centre: Xy, radius: f64) -> bool {
        let [x, y] = centre.map(|ordinate| ordinate + 0.0);
        let extent = x.abs().max(y.abs());
        let is_regular = (extent + radius).is_finite()
            && radius > SMALLEST_RADIUS
            && radius > extent * LEAST_RADIUS;
        if !is_regular || self.ring.is_empty() || x.is_nan() || y.is_nan() {
            return false;
        }
        let count = u32::try_from(self.ring.len()).unwrap_or(u32::MAX);
        write::append_header(bytes, Kind::Polygon, Dimension::Xy, 1);
        bytes.extend_from_slice(&count.to_le_bytes());
        bytes.reserve(self.ring.len() * 16);
        for [dx, dy] in &self.ring {
            bytes.extend_from_slice(&write::xy_bytes(x + radius * dx, y + radius * dy));
        }
        true
    }
}
