//! Sums of a centre of mass that are handed from one worker to another.

use super::centroid::{Mass, Weighted};
use crate::planar::Xy;

impl Mass {
    /// Adds what was added to other sums.
    pub fn merge(&mut self, other: &Self) {
        let Some(theirs) = other.origin else { return };
        let own = *self.origin.get_or_insert(theirs);
        let shift = [theirs[0] - own[0], theirs[1] - own[1]];
        self.area.merge(&other.area, shift);
        self.length.merge(&other.length, shift);
        self.count.merge(&other.count, shift);
    }

    /// Returns the sums as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut numbers = self.origin.unwrap_or([f64::NAN; 2]).to_vec();
        for weighted in [&self.area, &self.length, &self.count] {
            numbers.push(weighted.weight);
            numbers.extend(weighted.sum);
        }
        numbers.into_iter().flat_map(f64::to_le_bytes).collect()
    }

    /// Returns the sums that were written as bytes; nothing for other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let mut numbers = bytes.chunks_exact(8).filter_map(<[u8]>::first_chunk::<8>);
        let mut next = || numbers.next().map_or(f64::NAN, |number| f64::from_le_bytes(*number));
        let origin = [next(), next()];
        if origin.iter().any(|ordinate| ordinate.is_nan()) {
            return Self::default();
        }
        let mut weighted = || Weighted { weight: next(), sum: [next(), next()] };
        Self { origin: Some(origin), area: weighted(), length: weighted(), count: weighted() }
    }
}

impl Weighted {
    fn merge(&mut self, other: &Self, shift: Xy) {
        self.weight += other.weight;
        for (axis, sum) in self.sum.iter_mut().enumerate() {
            *sum += other.sum[axis] + other.weight * shift[axis];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Geometry, wkt};

    #[test]
    fn sums_in_two_parts_have_the_same_centre() {
        let texts = ["POLYGON((0 0,4 0,4 4,0 4,0 0))", "POLYGON((8 8,9 8,9 9,8 8))", "POINT(7 7)"];
        let mut whole = Mass::default();
        let mut parts = Mass::default();
        for text in texts {
            let (wkb, _) = wkt::parse(text).unwrap();
            let geometry = Geometry::try_new(&wkb).unwrap();
            whole.add(geometry);
            let mut part = Mass::default();
            part.add(geometry);
            parts.merge(&Mass::from_bytes(&part.to_bytes()));
        }
        let (Some(a), Some(b)) = (whole.centre(), parts.centre()) else { panic!("no centre") };
        assert!((a[0] - b[0]).abs() < 1e-12 && (a[1] - b[1]).abs() < 1e-12, "{a:?} {b:?}");
        assert_eq!(Mass::from_bytes(&Mass::default().to_bytes()).centre(), None);
    }
}
