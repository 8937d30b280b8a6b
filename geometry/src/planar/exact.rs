//! Predicates whose sign is exact, and intersections that are rounded once.

use std::cmp::Ordering;

use super::Xy;

/// Returns 1 when `c` lies to the left of the line from `a` to `b`, -1 to the right, 0 on it.
#[inline]
pub(crate) fn orient(a: Xy, b: Xy, c: Xy) -> i8 {
    let [a, b, c] = [a, b, c].map(|[x, y]| robust::Coord { x, y });
    let determinant = robust::orient2d(a, b, c);
    if determinant > 0.0 {
        1
    } else if determinant < 0.0 {
        -1
    } else {
        0
    }
}

/// Returns how two directions follow each other anticlockwise, for directions less than half a
/// turn apart; each direction leads from the first to the second position.
pub(crate) fn compare_directions(first: [Xy; 2], second: [Xy; 2]) -> Ordering {
    let cross = cross(difference(first), difference(second));
    0.0.partial_cmp(&(cross.high + cross.low)).unwrap_or(Ordering::Equal)
}

/// Returns where the lines through two segments cross, rounded once to the nearest coordinate.
///
/// The caller knows that the segments cross, so they are not parallel; if rounding makes them so,
/// the answer is an end of the first segment.
pub(crate) fn crossing_point(a: [Xy; 2], b: [Xy; 2]) -> Xy {
    let along_a = difference(a);
    let along_b = difference(b);
    let between = difference([a[0], b[0]]);
    let denominator = cross(along_a, along_b);
    if denominator.high == 0.0 {
        return a[0];
    }
    let t = cross(between, along_b).divide(denominator);
    let moved = |start: f64, step: Double| {
        let value = Double::from(start).add(t.multiply(step));
        value.high + value.low
    };
    let point = [moved(a[0][0], along_a[0]), moved(a[0][1], along_a[1])];
    // Rounding may leave the box of a segment by one unit in the last place.
    let clamp = |value: f64, axis: usize| {
        let low = a[0][axis].min(a[1][axis]).max(b[0][axis].min(b[1][axis]));
        let high = a[0][axis].max(a[1][axis]).min(b[0][axis].max(b[1][axis]));
        if low <= high { value.clamp(low, high) } else { value }
    };
    [clamp(point[0], 0), clamp(point[1], 1)]
}

/// A number of about 106 bits, as the sum of two.
#[derive(Clone, Copy)]
struct Double {
    high: f64,
    low: f64,
}

impl Double {
    fn sum(a: f64, b: f64) -> Self {
        let high = a + b;
        let part = high - a;
        Self { high, low: (a - (high - part)) + (b - part) }
    }

    fn product(a: f64, b: f64) -> Self {
        let high = a * b;
        Self { high, low: a.mul_add(b, -high) }
    }

    fn add(self, other: Self) -> Self {
        let high = Self::sum(self.high, other.high);
        let low = Self::sum(self.low, other.low);
        let high = Self::sum(high.high, high.low + low.high);
        Self::sum(high.high, high.low + low.low)
    }

    fn subtract(self, other: Self) -> Self {
        self.add(Self { high: -other.high, low: -other.low })
    }

    fn multiply(self, other: Self) -> Self {
        let product = Self::product(self.high, other.high);
        let low = product.low + (self.high * other.low + self.low * other.high);
        Self::sum(product.high, low)
    }

    fn divide(self, other: Self) -> Self {
        let first = self.high / other.high;
        let rest = self.subtract(other.multiply(Self::from(first)));
        let second = rest.high / other.high;
        let rest = rest.subtract(other.multiply(Self::from(second)));
        let third = rest.high / other.high;
        let sum = Self::sum(first, second);
        Self::sum(sum.high, sum.low + third)
    }
}

impl From<f64> for Double {
    fn from(value: f64) -> Self {
        Self { high: value, low: 0.0 }
    }
}

fn difference([from, to]: [Xy; 2]) -> [Double; 2] {
    [Double::sum(to[0], -from[0]), Double::sum(to[1], -from[1])]
}

fn cross(a: [Double; 2], b: [Double; 2]) -> Double {
    a[0].multiply(b[1]).subtract(a[1].multiply(b[0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearly_collinear_positions_are_told_apart() {
        let (a, b) = ([0.5, 0.5], [12.0, 12.0]);
        assert_eq!(orient(a, b, [24.0, 24.0]), 0);
        assert_eq!(orient(a, b, [24.0, 24.0f64.next_up()]), 1);
        assert_eq!(orient(a, b, [24.0, 24.0f64.next_down()]), -1);
    }

    #[test]
    fn crossings_are_rounded_once() {
        let point = crossing_point([[0.0, 0.0], [3.0, 1.0]], [[1.0, -1.0], [1.0, 1.0]]);
        assert_eq!(point, [1.0, 1.0 / 3.0]);
        let point = crossing_point(
            [[1e6, 1e6], [1e6 + 3.0, 1e6 + 1.0]],
            [[1e6, 1e6 + 1.0], [1e6 + 3.0, 1e6]],
        );
        assert_eq!(point, [1e6 + 1.5, 1e6 + 0.5]);
    }

    #[test]
    fn directions_are_ordered_anticlockwise() {
        let origin = [0.0, 0.0];
        let east = [origin, [1.0, 0.0]];
        let north = [origin, [0.0, 1.0]];
        assert_eq!(compare_directions(east, north), Ordering::Less);
        assert_eq!(compare_directions(north, east), Ordering::Greater);
        assert_eq!(compare_directions(east, [[5.0, 5.0], [9.0, 5.0]]), Ordering::Equal);
    }
}
