//! The boxes that are known about a file before it is opened.

use godwit_geometry::{Extent, OneBox, Reach};

/// The boxes around the geometry columns of a file, by the names of the columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FileExtents(pub Vec<(String, Extent)>);

impl OneBox for FileExtents {
    fn may_reach(&self, column: &str, reach: &Reach) -> bool {
        let known = self.0.iter().find(|(name, _)| name == column);
        known.is_none_or(|(_, extent)| extent.may_reach(reach))
    }
}
