//! Circles around points, which differ in their centre and radius only.

use super::curve::circle_around;
use super::style::{BufferStyle, EndCap};
use crate::bounds::xy_of;
use crate::planar::Xy;
use crate::{Coord, Dimension, write};

/// Circles of more edges are drawn one by one.
const MOST_QUAD_SEGS: u32 = 64;
/// The part of the centre's ordinates that the radius is at least, for rounding not to show.
const LEAST_RADIUS: f64 = 1e-9;
/// Smaller radii lose digits.
const SMALLEST_RADIUS: f64 = 1e-150;

/// Where the ring of a polygon of one ring starts.
const RING_START: usize = 13;

/// The circle of a style around the origin with the radius 1.
#[derive(Debug, Clone)]
pub struct UnitCircle {
    /// The polygon; nothing when circles have to be drawn one by one.
    wkb: Vec<u8>,
}

impl UnitCircle {
    /// Returns the circle that a style draws around a point.
    pub fn new(style: &BufferStyle) -> Self {
        if style.end_cap != EndCap::Round || style.quad_segs > MOST_QUAD_SEGS {
            return Self { wkb: Vec::new() };
        }
        let ring = circle_around([0.0; 2], 1.0, style);
        let ring = ring.into_iter().map(|[x, y]| Coord::xy(x, y));
        Self { wkb: write::polygon([ring], Dimension::Xy) }
    }

    /// Appends the polygon with a centre and radius, or returns that it has to be drawn.
    pub(super) fn append(&self, bytes: &mut Vec<u8>, centre: Xy, radius: f64) -> bool {
        let [x, y] = centre.map(|ordinate| ordinate + 0.0);
        let extent = x.abs().max(y.abs());
        let is_regular = (extent + radius).is_finite()
            && radius > SMALLEST_RADIUS
            && radius > extent * LEAST_RADIUS;
        if !is_regular || self.wkb.is_empty() || x.is_nan() || y.is_nan() {
            return false;
        }
        let start = bytes.len() + RING_START;
        bytes.extend_from_slice(&self.wkb);
        let ring = bytes.get_mut(start..).unwrap_or_default();
        for record in ring.as_chunks_mut().0 {
            let [dx, dy] = xy_of(*record);
            *record = write::xy_bytes(x + radius * dx, y + radius * dy);
        }
        true
    }
}
