//! The axis-parallel box around a geometry.

/// An axis-parallel box, borders included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// The smallest X.
    pub xmin: f64,
    /// The smallest Y.
    pub ymin: f64,
    /// The largest X.
    pub xmax: f64,
    /// The largest Y.
    pub ymax: f64,
}

impl Bounds {
    /// The box that contains nothing: the start of an accumulation.
    pub const NOTHING: Self = Self {
        xmin: f64::INFINITY,
        ymin: f64::INFINITY,
        xmax: f64::NEG_INFINITY,
        ymax: f64::NEG_INFINITY,
    };

    /// Returns the box between two corners, given in the order of the fields.
    pub const fn new(xmin: f64, ymin: f64, xmax: f64, ymax: f64) -> Self {
        Self { xmin, ymin, xmax, ymax }
    }

    /// Returns the box around one position.
    pub const fn point(x: f64, y: f64) -> Self {
        Self::new(x, y, x, y)
    }

    /// Returns whether the box contains no position.
    pub fn is_nothing(&self) -> bool {
        !(self.xmin <= self.xmax && self.ymin <= self.ymax)
    }

    /// Grows the box to contain a position; ordinates that are NaN are ignored.
    #[inline]
    pub fn add(&mut self, x: f64, y: f64) {
        // Comparisons are one instruction each, and false for NaN.
        self.xmin = lesser(x, self.xmin);
        self.ymin = lesser(y, self.ymin);
        self.xmax = greater(x, self.xmax);
        self.ymax = greater(y, self.ymax);
    }

    /// Grows the box to contain positions that are given as little-endian X and Y; ordinates that
    /// are NaN are ignored.
    pub(crate) fn add_records(&mut self, records: &[[u8; 16]]) {
        // Four positions at a time, each with a box of its own, do not wait for each other.
        let (chunks, rest) = records.as_chunks::<4>();
        if !chunks.is_empty() {
            let mut low = [f64::INFINITY; 8];
            let mut high = [f64::NEG_INFINITY; 8];
            for chunk in chunks {
                let [[a, b], [c, d], [e, f], [g, h]] = chunk.map(xy_of);
                let ordinates = [a, b, c, d, e, f, g, h];
                for ((low, high), ordinate) in low.iter_mut().zip(&mut high).zip(ordinates) {
                    *low = lesser(ordinate, *low);
                    *high = greater(ordinate, *high);
                }
            }
            for ([left, bottom], [right, top]) in
                low.as_chunks::<2>().0.iter().zip(high.as_chunks::<2>().0)
            {
                self.xmin = lesser(*left, self.xmin);
                self.ymin = lesser(*bottom, self.ymin);
                self.xmax = greater(*right, self.xmax);
                self.ymax = greater(*top, self.ymax);
            }
        }
        for record in rest {
            let [x, y] = xy_of(*record);
            self.add(x, y);
        }
    }

    /// Returns the box around both boxes.
    #[must_use]
    pub fn merge(&self, other: &Self) -> Self {
        Self {
            xmin: self.xmin.min(other.xmin),
            ymin: self.ymin.min(other.ymin),
            xmax: self.xmax.max(other.xmax),
            ymax: self.ymax.max(other.ymax),
        }
    }

    /// Returns whether the boxes share at least one position.
    #[inline]
    pub fn intersects(&self, other: &Self) -> bool {
        self.xmin <= other.xmax
            && other.xmin <= self.xmax
            && self.ymin <= other.ymax
            && other.ymin <= self.ymax
    }

    /// Returns whether no position of the other box lies outside of this one.
    #[inline]
    pub fn contains(&self, other: &Self) -> bool {
        self.xmin <= other.xmin
            && other.xmax <= self.xmax
            && self.ymin <= other.ymin
            && other.ymax <= self.ymax
    }

    /// Returns whether the position lies in the box or on its border.
    #[inline]
    pub fn contains_xy(&self, x: f64, y: f64) -> bool {
        self.xmin <= x && x <= self.xmax && self.ymin <= y && y <= self.ymax
    }

    /// Returns the box grown by a distance on every side.
    #[must_use]
    pub fn expand(&self, distance: f64) -> Self {
        Self {
            xmin: self.xmin - distance,
            ymin: self.ymin - distance,
            xmax: self.xmax + distance,
            ymax: self.ymax + distance,
        }
    }

    /// Returns the position in the middle of the box.
    pub fn centre(&self) -> [f64; 2] {
        [f64::midpoint(self.xmin, self.xmax), f64::midpoint(self.ymin, self.ymax)]
    }

    /// Returns the width.
    pub fn width(&self) -> f64 {
        self.xmax - self.xmin
    }

    /// Returns the height.
    pub fn height(&self) -> f64 {
        self.ymax - self.ymin
    }

    /// Returns the smallest single-precision box that contains this one, in field order.
    #[expect(clippy::wrong_self_convention, reason = "it is mapped over references")]
    #[inline]
    pub fn to_f32_outward(&self) -> [f32; 4] {
        [round_down(self.xmin), round_down(self.ymin), round_up(self.xmax), round_up(self.ymax)]
    }
}

/// Returns X and Y that are stored as little-endian doubles.
#[inline]
pub(crate) fn xy_of(record: [u8; 16]) -> [f64; 2] {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = record;
    [f64::from_le_bytes([a, b, c, d, e, f, g, h]), f64::from_le_bytes([i, j, k, l, m, n, o, p])]
}

/// Returns the lesser number, the second when the first is NaN.
#[inline]
fn lesser(value: f64, other: f64) -> f64 {
    if value < other { value } else { other }
}

/// Returns the greater number, the second when the first is NaN.
#[inline]
fn greater(value: f64, other: f64) -> f64 {
    if value > other { value } else { other }
}

/// Returns the largest single-precision number that is not above the value.
#[expect(clippy::cast_possible_truncation, reason = "the rounding is corrected right after")]
#[inline]
pub(crate) fn round_down(value: f64) -> f32 {
    let rounded = value as f32;
    if f64::from(rounded) > value { rounded.next_down() } else { rounded }
}

/// Returns the smallest single-precision number that is not below the value.
#[expect(clippy::cast_possible_truncation, reason = "the rounding is corrected right after")]
#[inline]
pub(crate) fn round_up(value: f64) -> f32 {
    let rounded = value as f32;
    if f64::from(rounded) < value { rounded.next_up() } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_precision_boxes_contain_the_original() {
        for value in [0.1, -0.1, 1e300, -1e300, 16_777_217.0, f64::MIN_POSITIVE, 0.0] {
            let [xmin, ymin, xmax, ymax] = Bounds::point(value, -value).to_f32_outward();
            assert!(f64::from(xmin) <= value && value <= f64::from(xmax), "{value}");
            assert!(f64::from(ymin) <= -value && -value <= f64::from(ymax), "{value}");
        }
    }

    #[test]
    fn touching_boxes_intersect() {
        let left = Bounds::new(0.0, 0.0, 1.0, 1.0);
        assert!(left.intersects(&Bounds::new(1.0, 1.0, 2.0, 2.0)));
        assert!(!left.intersects(&Bounds::new(1.1, 0.0, 2.0, 2.0)));
        assert!(!left.intersects(&Bounds::NOTHING));
        assert!(left.expand(0.2).contains(&Bounds::new(1.1, 0.0, 1.2, 1.2)));
    }
}
