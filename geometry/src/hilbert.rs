//! Keys along a Hilbert curve: positions that are close get keys that are close.

use crate::Bounds;

/// Returns the key of a position on a Hilbert curve over the extent, 16 bits for each axis.
///
/// Positions outside of the extent are moved to its border; NaN gets the largest key.
pub fn key(extent: &Bounds, x: f64, y: f64) -> u32 {
    if x.is_nan() || y.is_nan() {
        return u32::MAX;
    }
    let column = cell(x, extent.xmin, extent.width());
    let row = cell(y, extent.ymin, extent.height());
    curve(column, row)
}

/// Returns the key of a longitude and latitude on a Hilbert curve over the whole world.
pub fn world_key(x: f64, y: f64) -> u32 {
    key(&Bounds::new(-180.0, -90.0, 180.0, 90.0), x, y)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is clamped to 16 bits before the cast"
)]
fn cell(value: f64, start: f64, length: f64) -> u32 {
    let share = if length > 0.0 { (value - start) / length } else { 0.0 };
    (share * 65_535.0).clamp(0.0, 65_535.0) as u32
}

/// Returns the distance along the curve of order 16, by the branch-free prefix scan over the bits
/// of both coordinates.
fn curve(x: u32, y: u32) -> u32 {
    let mut a = x ^ y;
    let mut b = 0xFFFF ^ a;
    let mut c = 0xFFFF ^ (x | y);
    let mut d = x & (y ^ 0xFFFF);

    let mut next_a = a | (b >> 1);
    let mut next_b = (a >> 1) ^ a;
    let mut next_c = ((c >> 1) ^ (b & (d >> 1))) ^ c;
    let mut next_d = ((a & (c >> 1)) ^ (d >> 1)) ^ d;

    for shift in [2, 4] {
        (a, b, c, d) = (next_a, next_b, next_c, next_d);
        next_a = (a & (a >> shift)) ^ (b & (b >> shift));
        next_b = (a & (b >> shift)) ^ (b & ((a ^ b) >> shift));
        next_c ^= (a & (c >> shift)) ^ (b & (d >> shift));
        next_d ^= (b & (c >> shift)) ^ ((a ^ b) & (d >> shift));
    }

    (a, b, c, d) = (next_a, next_b, next_c, next_d);
    next_c ^= (a & (c >> 8)) ^ (b & (d >> 8));
    next_d ^= (b & (c >> 8)) ^ ((a ^ b) & (d >> 8));

    a = next_c ^ (next_c >> 1);
    b = next_d ^ (next_d >> 1);
    let low = x ^ y;
    let high = b | (0xFFFF ^ (low | a));
    (spread(high) << 1) | spread(low)
}

/// Puts a zero bit between the lower 16 bits of a value.
fn spread(value: u32) -> u32 {
    let value = (value | (value << 8)) & 0x00FF_00FF;
    let value = (value | (value << 4)) & 0x0F0F_0F0F;
    let value = (value | (value << 2)) & 0x3333_3333;
    (value | (value << 1)) & 0x5555_5555
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The textbook construction, bit by bit.
    fn slow_curve(mut x: u32, mut y: u32) -> u32 {
        let mut distance = 0;
        let mut side = 1 << 15;
        while side > 0 {
            let right = u32::from(x & side > 0);
            let upper = u32::from(y & side > 0);
            distance += side * side * ((3 * right) ^ upper);
            if upper == 0 {
                if right == 1 {
                    x = 0xFFFF - x;
                    y = 0xFFFF - y;
                }
                std::mem::swap(&mut x, &mut y);
            }
            side /= 2;
        }
        distance
    }

    #[test]
    fn neighbours_on_the_curve_are_neighbours_in_the_plane() {
        let mut seen = std::collections::HashSet::new();
        for x in 0..64 {
            for y in 0..64 {
                assert!(seen.insert(curve(x * 1024, y * 1024)));
            }
        }
        let same = (0..2000u32).all(|step| {
            let (x, y) = ((step * 7919) & 0xFFFF, (step * 104_729) & 0xFFFF);
            curve(x, y) == slow_curve(x, y)
        });
        assert!(same, "the fast curve differs from the textbook");
    }

    #[test]
    fn odd_positions_have_keys() {
        assert_eq!(world_key(f64::NAN, 0.0), u32::MAX);
        assert_eq!(world_key(-1e9, -1e9), world_key(-180.0, -90.0));
        let flat = Bounds::new(1.0, 1.0, 1.0, 1.0);
        assert_eq!(key(&flat, 1.0, 1.0), key(&flat, 5.0, 5.0));
    }
}
