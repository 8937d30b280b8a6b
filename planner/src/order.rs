//! The order in which rows are looked up.

use godwit_geometry::{Bounds, hilbert};

/// The bits of a place beside its key.
const PLACE: u64 = 0xFFFF_FFFF;

/// Returns the places of boxes in an order in which near ones follow each other.
///
/// What one look-up brings close to the processor is then there for the next one.
pub(crate) fn along_curve(boxes: impl Iterator<Item = Bounds> + Clone) -> Vec<u32> {
    let extent = boxes.clone().fold(Bounds::NOTHING, |extent, bounds| extent.merge(&bounds));
    along_curve_in(&extent, boxes)
}

/// Returns the places of boxes, fewer than 2³², along a curve through an extent around them.
pub(crate) fn along_curve_in(extent: &Bounds, boxes: impl Iterator<Item = Bounds>) -> Vec<u32> {
    let keys = boxes.map(|bounds| {
        let [x, y] = bounds.centre();
        hilbert::key(extent, x, y)
    });
    // A key and a place in one number sort faster than as a pair.
    let mut order: Vec<u64> =
        keys.zip(0_u64..).map(|(key, place)| (u64::from(key) << 32) | place).collect();
    order.sort_unstable();
    order.into_iter().map(|number| u32::try_from(number & PLACE).unwrap_or(u32::MAX)).collect()
}
