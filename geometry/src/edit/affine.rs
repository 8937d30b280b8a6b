//! Affine maps of coordinates.

use crate::{Coord, Geometry, append_mapped, map_coords};

/// An affine map of X, Y and Z; measures stay as they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Affine {
    /// The factors of X, Y and Z, one row for each ordinate of the result.
    pub matrix: [[f64; 3]; 3],
    /// What is added to each ordinate of the result.
    pub offset: [f64; 3],
}

impl Affine {
    /// Returns a map of X and Y alone; heights stay as they are.
    pub fn planar([[a, b], [d, e]]: [[f64; 2]; 2], [x, y]: [f64; 2]) -> Self {
        Self { matrix: [[a, b, 0.0], [d, e, 0.0], [0.0, 0.0, 1.0]], offset: [x, y, 0.0] }
    }

    /// Returns the turn around the X axis by an angle in radians.
    pub fn around_x(angle: f64) -> Self {
        let (sin, cos) = angle.sin_cos();
        Self { matrix: [[1.0, 0.0, 0.0], [0.0, cos, -sin], [0.0, sin, cos]], offset: [0.0; 3] }
    }

    /// Returns the turn around the Y axis by an angle in radians.
    pub fn around_y(angle: f64) -> Self {
        let (sin, cos) = angle.sin_cos();
        Self { matrix: [[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]], offset: [0.0; 3] }
    }

    /// Returns the turn in the plane around a position, anticlockwise by an angle in radians.
    pub fn around([x, y]: [f64; 2], angle: f64) -> Self {
        let (sin, cos) = angle.sin_cos();
        let offset = [x - cos * x + sin * y, y - sin * x - cos * y];
        Self::planar([[cos, -sin], [sin, cos]], offset)
    }

    /// Returns the geometry with every coordinate mapped; without heights only the plane counts.
    pub fn apply(&self, geometry: Geometry<'_>) -> Vec<u8> {
        let has_z = geometry.dimension().has_z();
        map_coords(geometry, |coord| {
            let from = [coord.x, coord.y, if has_z { coord.z } else { 0.0 }];
            let ordinate = |row: usize| {
                let [a, b, c] = self.matrix[row];
                product(a, from[0]) + product(b, from[1]) + product(c, from[2]) + self.offset[row]
            };
            let z = if has_z { ordinate(2) } else { coord.z };
            Coord { x: ordinate(0), y: ordinate(1), z, m: coord.m }
        })
    }
}

/// Returns the geometry moved; ordinates that it lacks are not moved.
pub fn translate(geometry: Geometry<'_>, by: [f64; 3]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(geometry.bytes().len());
    append_translated(&mut bytes, geometry, by);
    bytes
}

/// Appends the geometry moved; ordinates that it lacks are not moved.
pub fn append_translated(bytes: &mut Vec<u8>, geometry: Geometry<'_>, [x, y, z]: [f64; 3]) {
    append_mapped(bytes, geometry, |coord| Coord {
        x: coord.x + x,
        y: coord.y + y,
        z: coord.z + z,
        m: coord.m,
    });
}

/// Returns the geometry with its ordinates multiplied, seen from an origin; an absent factor is 1
/// and an absent ordinate of the origin 0.
pub fn scale(geometry: Geometry<'_>, factors: Coord, origin: Option<Coord>) -> Vec<u8> {
    let present = |value: f64, otherwise: f64| if value.is_nan() { otherwise } else { value };
    let (factor_z, factor_m) = (present(factors.z, 1.0), present(factors.m, 1.0));
    let Some(origin) = origin else {
        return map_coords(geometry, |coord| Coord {
            x: coord.x * factors.x,
            y: coord.y * factors.y,
            z: coord.z * factor_z,
            m: coord.m * factor_m,
        });
    };
    let z = present(origin.z, 0.0);
    map_coords(geometry, |coord| Coord {
        x: (coord.x - origin.x) * factors.x + origin.x,
        y: (coord.y - origin.y) * factors.y + origin.y,
        z: (coord.z - z) * factor_z + z,
        m: coord.m * factor_m,
    })
}

/// Returns a product in which a factor of 0 hides what is not a number.
fn product(factor: f64, value: f64) -> f64 {
    if factor == 0.0 { 0.0 } else { factor * value }
}
