//! What follows the header: the index, and the features in its order.

use godwit_geometry::Bounds;
use godwit_geometry::flatgeobuf::{Branches, append_node};

use super::spool::Spooled;
use crate::FormatError;
use crate::encode::PIECE_BYTES;

/// A file that is put together in pieces.
pub(super) struct Ending {
    spooled: Spooled,
    /// The features in the order of the index, if there is one.
    order: Option<Vec<u32>>,
    /// How many leaves have been put, and how many features.
    leaves: usize,
    features: usize,
    /// Where the feature of the next leaf begins.
    offset: u64,
}

impl Ending {
    /// Puts the features in the order of an index over their extent, if one is wanted, and appends
    /// what stands above the leaves.
    pub(super) fn try_new(
        mut spooled: Spooled,
        extent: Option<Bounds>,
        out: &mut Vec<u8>,
    ) -> Result<Self, FormatError> {
        let mut order = None;
        if let Some(extent) = extent {
            let indexes = spooled.order(&extent)?;
            let mut branches = Branches::default();
            for index in &indexes {
                branches.push(&spooled.entry(*index)?.bounds);
            }
            branches.append(out);
            order = Some(indexes);
        }
        Ok(Self { spooled, order, leaves: 0, features: 0, offset: 0 })
    }

    /// Appends the next piece, and says whether there may be more.
    pub(super) fn put(&mut self, out: &mut Vec<u8>) -> Result<bool, FormatError> {
        let Some(order) = &self.order else {
            return Ok(self.spooled.append_next(PIECE_BYTES as u64, out)? > 0);
        };
        for index in order.iter().skip(self.leaves) {
            let entry = self.spooled.entry(*index)?;
            append_node(out, &entry.bounds, self.offset);
            self.offset += entry.length;
            self.leaves += 1;
            if out.len() >= PIECE_BYTES {
                return Ok(true);
            }
        }
        for index in order.iter().skip(self.features) {
            let entry = self.spooled.entry(*index)?;
            self.spooled.append(&entry, out)?;
            self.features += 1;
            if out.len() >= PIECE_BYTES {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
