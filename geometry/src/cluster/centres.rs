//! The nearest of many centres.

/// A position in space.
pub(super) type Position = [f64; 3];

/// From this number of centres on it pays to look at the near ones only.
const SORTED: usize = 24;

/// Centres that can be asked which of them is the nearest.
#[derive(Debug)]
pub(super) struct Centres<'c> {
    at: &'c [Position],
    /// The centres by X, when there are many.
    by_x: Vec<(f64, usize)>,
}

impl<'c> Centres<'c> {
    /// Returns centres to look among.
    pub(super) fn new(at: &'c [Position]) -> Self {
        let mut by_x: Vec<(f64, usize)> = Vec::new();
        if at.len() >= SORTED {
            by_x.extend(at.iter().enumerate().map(|(number, at)| (at[0], number)));
            by_x.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        Self { at, by_x }
    }

    /// Returns the number of the nearest centre, of several the lowest, and the square of its
    /// distance.
    pub(super) fn nearest(&self, position: &Position) -> (usize, f64) {
        let mut best = (0, self.at.first().map_or(f64::NAN, |at| squared_distance(position, at)));
        if self.by_x.is_empty() {
            for (number, at) in self.at.iter().enumerate().skip(1) {
                let distance = squared_distance(position, at);
                if distance < best.1 {
                    best = (number, distance);
                }
            }
            return best;
        }
        let start = self.by_x.partition_point(|(x, _)| *x < position[0]);
        let (left, right) = self.by_x.split_at(start);
        self.scan(left.iter().rev(), position, &mut best);
        self.scan(right.iter(), position, &mut best);
        best
    }

    /// Looks at centres that get further away along X, until they are too far.
    fn scan<'x>(
        &self,
        centres: impl Iterator<Item = &'x (f64, usize)>,
        position: &Position,
        best: &mut (usize, f64),
    ) {
        for (x, number) in centres {
            let dx = x - position[0];
            if dx * dx > best.1 {
                return;
            }
            let distance = squared_distance(position, &self.at[*number]);
            if distance < best.1 || (distance == best.1 && *number < best.0) {
                *best = (*number, distance);
            }
        }
    }
}

/// Returns the square of the distance between two positions.
pub(super) fn squared_distance(a: &Position, b: &Position) -> f64 {
    let (dx, dy, dz) = (b[0] - a[0], b[1] - a[1], b[2] - a[2]);
    dx * dx + dy * dy + dz * dz
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_at_the_near_ones_only_changes_nothing() {
        let at: Vec<Position> = (0..200_u32)
            .map(|i| [f64::from(i * 7919 % 50), f64::from(i * 104_729 % 60), f64::from(i % 3)])
            .collect();
        let sorted = Centres::new(&at);
        for i in 0..500_u32 {
            let position = [f64::from(i % 61) - 4.0, f64::from(i % 67), 0.5];
            let mut expected = (0, squared_distance(&position, &at[0]));
            for (number, centre) in at.iter().enumerate() {
                let distance = squared_distance(&position, centre);
                if distance < expected.1 {
                    expected = (number, distance);
                }
            }
            assert_eq!(sorted.nearest(&position), expected);
        }
    }
}
