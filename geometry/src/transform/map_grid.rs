//! The New Zealand Map Grid: a conformal projection by polynomials of its own.
//!
//! W. I. Reilly, A conformal mapping projection with minimum scale error, Survey Review 22 (1973);
//! the coefficients are those that Land Information New Zealand publishes.

/// The semi-major axis of the International ellipsoid.
const RADIUS: f64 = 6_378_388.0;
const LATITUDE: f64 = -41.0;
const LONGITUDE: f64 = 173.0;
const EASTING: f64 = 2_510_000.0;
const NORTHING: f64 = 6_023_150.0;

/// Hundred thousand seconds of arc, in degrees.
const STEP: f64 = 100_000.0 / 3600.0;

/// The isometric latitude by powers of the latitude, from the first on.
const TO_ISOMETRIC: [f64; 10] = [
    0.639_917_507_3,
    -0.135_879_761_3,
    0.063_294_409,
    -0.025_268_53,
    0.011_787_9,
    -0.005_516_1,
    0.002_690_6,
    -0.001_333,
    0.000_67,
    -0.000_34,
];

/// The latitude by powers of the isometric latitude, from the first on.
const FROM_ISOMETRIC: [f64; 9] = [
    1.562_701_424_3,
    0.518_540_639_8,
    -0.033_330_98,
    -0.105_290_6,
    -0.036_859_4,
    0.007_317,
    0.012_20,
    0.003_94,
    -0.001_3,
];

/// The plane by powers of the isometric position, from the first on.
const TO_PLANE: [Complex; 6] = [
    Complex(0.755_785_322_8, 0.0),
    Complex(0.249_204_646, 0.003_371_507),
    Complex(-0.001_541_739, 0.041_058_560),
    Complex(-0.101_629_07, 0.017_276_09),
    Complex(-0.266_234_89, -0.362_492_18),
    Complex(-0.687_098_3, -1.165_196_7),
];

/// How often a position of the plane is refined; the first steps gain most.
const REFINEMENTS: usize = 20;

/// Returns the position in the plane of a longitude and latitude in degrees.
pub(super) fn project(longitude: f64, latitude: f64) -> [f64; 2] {
    let turn = longitude - LONGITUDE;
    let turn = turn - 360.0 * (turn / 360.0).round();
    let isometric = polynomial(&TO_ISOMETRIC, (latitude - LATITUDE) / STEP);
    let plane = to_plane(Complex(isometric, turn.to_radians()));
    [EASTING + RADIUS * plane.1, NORTHING + RADIUS * plane.0]
}

/// Returns the longitude and latitude, in degrees, of a position in the plane.
pub(super) fn unproject(x: f64, y: f64) -> [f64; 2] {
    let plane = Complex((y - NORTHING) / RADIUS, (x - EASTING) / RADIUS);
    let mut position = plane.over(TO_PLANE[0]);
    for _ in 0..REFINEMENTS {
        let Complex(real, imaginary) = to_plane(position);
        let miss = Complex(plane.0 - real, plane.1 - imaginary);
        let step = miss.over(slope(position));
        position = position.plus(step);
        if step.0.abs() + step.1.abs() < 1e-15 {
            break;
        }
    }
    let latitude = LATITUDE + STEP * polynomial(&FROM_ISOMETRIC, position.0);
    [LONGITUDE + position.1.to_degrees(), latitude]
}

/// Returns the sum of the powers of a value, from the first on.
fn polynomial(coefficients: &[f64], value: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| (sum + coefficient) * value)
}

fn to_plane(position: Complex) -> Complex {
    TO_PLANE.iter().rev().fold(Complex(0.0, 0.0), |sum, term| sum.plus(*term).times(position))
}

/// Returns the derivative of [`to_plane`].
fn slope(position: Complex) -> Complex {
    let terms = TO_PLANE.iter().zip([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).rev();
    terms.fold(Complex(0.0, 0.0), |sum, (Complex(real, imaginary), power)| {
        sum.times(position).plus(Complex(power * real, power * imaginary))
    })
}

/// A complex number: real and imaginary part.
#[derive(Debug, Clone, Copy)]
struct Complex(f64, f64);

impl Complex {
    fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0, self.1 + other.1)
    }

    fn times(self, other: Self) -> Self {
        Self(self.0 * other.0 - self.1 * other.1, self.0 * other.1 + self.1 * other.0)
    }

    fn over(self, other: Self) -> Self {
        let size = other.0 * other.0 + other.1 * other.1;
        let Self(real, imaginary) = self.times(Self(other.0, -other.1));
        Self(real / size, imaginary / size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_come_back() {
        for (longitude, latitude) in
            [(173.0, -41.0), (166.5, -46.8), (178.5, -34.5), (-179.9, -40.0)]
        {
            let [x, y] = project(longitude, latitude);
            let back = unproject(x, y);
            let turn = (back[0] - longitude) / 360.0;
            assert!((turn - turn.round()).abs() * 360.0 < 1e-9, "{longitude} {latitude}: {back:?}");
            assert!((back[1] - latitude).abs() < 1e-8, "{longitude} {latitude}: {back:?}");
        }
    }

    /// What PROJ computes.
    #[test]
    fn positions_are_those_of_others() {
        for ([longitude, latitude], expected) in [
            ([173.0, -41.0], [2_510_000.0, 6_023_150.0]),
            ([172.739_194, -34.444_066], [2_487_100.664_430_941, 6_751_049.754_312_499]),
            ([-179.9, -40.0], [3_115_841.085_478_475, 6_110_061.423_691_484]),
        ] {
            let [x, y] = project(longitude, latitude);
            assert!((x - expected[0]).abs() < 1e-6, "{x}");
            assert!((y - expected[1]).abs() < 1e-6, "{y}");
        }
    }
}
