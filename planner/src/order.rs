//! The order in which rows are looked up.

use godwit_geometry::{Bounds, hilbert};

/// Returns the places of boxes in an order in which near ones follow each other.
///
/// What one look-up brings close to the processor is then there for the next one.
pub(crate) fn along_curve(boxes: &[Bounds]) -> Vec<u32> {
    let extent = boxes.iter().fold(Bounds::NOTHING, |extent, bounds| extent.merge(bounds));
    let keys = boxes.iter().map(|bounds| {
        let [x, y] = bounds.centre();
        hilbert::key(&extent, x, y)
    });
    let mut order: Vec<(u32, u32)> = keys.zip(0..).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, place)| place).collect()
}
