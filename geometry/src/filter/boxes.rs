//! Several boxes as one value: what a join knows about its one side when it reads the other.

use crate::Bounds;

/// The function that tells whether the box around its first argument, a geometry, meets one of the
/// boxes in its second one, which are the bytes of [`Boxes`].
pub const MEETS_BOXES: &str = "godwit_meets_boxes";

/// The bytes of one box: four numbers in the order of the fields, the lowest byte first.
const BOX_BYTES: usize = 4 * size_of::<f64>();

/// So many boxes are told to whoever compares all of them.
const FEW: usize = 128;

/// Several boxes, those that are near each other side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Boxes {
    all: Bounds,
    boxes: Vec<Bounds>,
    /// The boxes by their least X.
    from_west: Vec<Bounds>,
    /// At least the width of every box.
    width: f64,
}

impl Boxes {
    /// Returns the set of these boxes.
    pub fn new(boxes: Vec<Bounds>) -> Self {
        let all = union(&boxes);
        let mut from_west = boxes.clone();
        from_west.sort_unstable_by(|a, b| a.xmin.total_cmp(&b.xmin));
        let widths = boxes.iter().map(|bounds| (bounds.xmax - bounds.xmin).next_up());
        let width = widths.fold(0.0, f64::max);
        Self { all, boxes, from_west, width }
    }

    /// Returns the boxes in bytes, unless they are none.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (boxes, rest) = bytes.as_chunks::<BOX_BYTES>();
        let number = |bytes: &[u8; BOX_BYTES], place: usize| {
            let bytes = bytes.as_chunks::<8>().0.get(place);
            bytes.map_or(f64::NAN, |bytes| f64::from_le_bytes(*bytes))
        };
        let bounds = |bytes: &[u8; BOX_BYTES]| {
            let [xmin, ymin, xmax, ymax] = [0, 1, 2, 3].map(|place| number(bytes, place));
            Bounds::new(xmin, ymin, xmax, ymax)
        };
        rest.is_empty().then(|| Self::new(boxes.iter().map(bounds).collect()))
    }

    /// Returns the boxes as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let numbers = self.boxes.iter().flat_map(|b| [b.xmin, b.ymin, b.xmax, b.ymax]);
        numbers.flat_map(f64::to_le_bytes).collect()
    }

    /// Returns whether there are no boxes.
    pub fn is_empty(&self) -> bool {
        self.boxes.is_empty()
    }

    /// Returns whether a box meets one of them.
    pub fn meet(&self, bounds: &Bounds) -> bool {
        if !self.all.intersects(bounds) {
            return false;
        }
        let west = (bounds.xmin - self.width).next_down();
        let start = self.from_west.partition_point(|own| own.xmin < west);
        let end = self.from_west.partition_point(|own| own.xmin <= bounds.xmax);
        let near = self.from_west.get(start..end).unwrap_or_default();
        near.iter().any(|own| own.intersects(bounds))
    }

    /// Returns a few boxes around all boxes.
    pub fn few(&self) -> impl Iterator<Item = Bounds> {
        self.boxes.chunks(self.boxes.len().div_ceil(FEW).max(1)).map(union)
    }
}

fn union(boxes: &[Bounds]) -> Bounds {
    boxes.iter().fold(Bounds::NOTHING, |all, bounds| all.merge(bounds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_survive_their_bytes() {
        let boxes = Boxes::new(vec![Bounds::point(1.0, 2.0), Bounds::new(5.0, 5.0, 6.0, 7.5)]);
        assert_eq!(Boxes::from_bytes(&boxes.to_bytes()), Some(boxes.clone()));
        assert_eq!(Boxes::from_bytes(&[0; 33]), None);
        assert!(boxes.meet(&Bounds::new(6.0, 7.0, 8.0, 8.0)));
        assert!(!boxes.meet(&Bounds::new(2.0, 3.0, 4.0, 4.0)));
        assert!(!Boxes::new(Vec::new()).meet(&Bounds::point(0.0, 0.0)));
    }

    #[test]
    fn boxes_meet_what_one_of_them_meets() {
        let box_at = |n: u32| {
            let (x, y) = (f64::from(n * 7919 % 1000) / 7.0, f64::from(n * 104_729 % 1000) / 7.0);
            let (width, height) = (f64::from(n % 5) / 3.0, f64::from(n % 3) / 3.0);
            Bounds::new(x, y, x + width, y + height)
        };
        let boxes = Boxes::new((0..300).map(box_at).collect());
        let everywhere = f64::NEG_INFINITY;
        let others = [Bounds::NOTHING, Bounds::new(everywhere, everywhere, f64::MAX, f64::MAX)];
        let mut met = 0;
        for bounds in (300..3000).map(box_at).chain(others) {
            let expected = (0..300).any(|n| box_at(n).intersects(&bounds));
            assert_eq!(boxes.meet(&bounds), expected, "{bounds:?}");
            met += u32::from(expected);
            assert!(!expected || boxes.few().any(|few| few.intersects(&bounds)));
        }
        assert!((100..2600).contains(&met) && boxes.few().count() <= FEW, "{met}");
    }
}
