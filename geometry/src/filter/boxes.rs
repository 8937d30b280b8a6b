//! Several boxes as one value: what a join knows about its one side when it reads the other.

use crate::Bounds;

/// The function that tells whether the box around its first argument, a geometry, meets one of the
/// boxes in its second one, which are the bytes of [`Boxes`].
pub const MEETS_BOXES: &str = "godwit_meets_boxes";

/// The bytes of one box: four numbers in the order of the fields, the lowest byte first.
const BOX_BYTES: usize = 4 * size_of::<f64>();

/// Several boxes.
#[derive(Debug, Clone, PartialEq)]
pub struct Boxes {
    all: Bounds,
    boxes: Vec<Bounds>,
}

impl Boxes {
    /// Returns the set of these boxes.
    pub fn new(boxes: Vec<Bounds>) -> Self {
        let all = boxes.iter().fold(Bounds::NOTHING, |all, bounds| all.merge(bounds));
        Self { all, boxes }
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

    /// Returns whether a box meets one of them.
    pub fn meet(&self, bounds: &Bounds) -> bool {
        self.all.intersects(bounds) && self.boxes.iter().any(|own| own.intersects(bounds))
    }

    /// Returns the boxes.
    pub fn iter(&self) -> impl Iterator<Item = &Bounds> {
        self.boxes.iter()
    }
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
}
