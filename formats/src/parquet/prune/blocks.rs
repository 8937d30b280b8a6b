//! The row groups and pages of a file, as candidates of a spatial filter.

use std::collections::HashMap;

use godwit_geometry::{Bounds, Candidates, Extent, OneBox, Reach, SpatialFilter};
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};

use super::columns::{Coverings, GeometryColumn, Sides};
use super::leaf::{Leaf, Span};
use super::ranges::RowRanges;

/// What a file has about the geometry columns of a filter.
#[derive(Debug)]
pub(super) struct Geometries(HashMap<String, GeometryColumn>);

impl Geometries {
    pub(super) fn of_file(
        metadata: &ParquetMetaData,
        filter: &SpatialFilter,
        coverings: &Coverings,
    ) -> Self {
        Self::of_columns(metadata, filter.columns(), coverings)
    }

    /// Returns what a file has about the geometry columns with these names.
    pub(super) fn of_columns<'a>(
        metadata: &ParquetMetaData,
        names: impl IntoIterator<Item = &'a str>,
        coverings: &Coverings,
    ) -> Self {
        let known = names
            .into_iter()
            .map(|name| (name.to_owned(), GeometryColumn::of_file(metadata, name, coverings)));
        Self(known.collect())
    }

    /// Returns the columns of a row group that nothing is known about, but may be from their rows.
    pub(super) fn unknown<'a>(
        &'a self,
        group: &'a RowGroupMetaData,
    ) -> impl Iterator<Item = (&'a String, Leaf)> {
        self.0.iter().filter_map(|(name, geometry)| {
            let is_known =
                geometry.sides.is_some() || chunk_extent(geometry, group) != Extent::Unknown;
            geometry.leaf.filter(|_| !is_known).map(|leaf| (name, leaf))
        })
    }

    /// Returns whether the pages of the file can be told apart.
    pub(super) fn have_pages(&self, metadata: &ParquetMetaData) -> bool {
        let has_index = |sides: &Sides| {
            metadata.row_groups().iter().any(|group| {
                sides.leaves.iter().all(|leaf| {
                    group.columns().get(leaf.0).is_some_and(|column| {
                        column.column_index_offset().is_some()
                            && column.offset_index_offset().is_some()
                    })
                })
            })
        };
        self.0.values().filter_map(|column| column.sides.as_ref()).any(has_index)
    }
}

/// A whole file or one row group of it.
pub(super) struct Block<'a> {
    pub(super) geometries: &'a Geometries,
    /// The row group, unless the whole file is meant.
    pub(super) group: Option<&'a RowGroupMetaData>,
}

impl OneBox for Block<'_> {
    fn may_reach(&self, column: &str, reach: &Reach) -> bool {
        let Some(geometry) = self.geometries.0.get(column) else { return true };
        match self.group {
            None => geometry.extent.may_reach(reach),
            Some(group) => {
                chunk_extent(geometry, group).may_reach(reach)
                    && sides_extent(geometry, group).may_reach(reach)
            }
        }
    }
}

/// Returns the extent in the statistics of the geometries themselves.
fn chunk_extent(geometry: &GeometryColumn, group: &RowGroupMetaData) -> Extent {
    let chunk = geometry.leaf.and_then(|leaf| group.columns().get(leaf.0));
    let bounds = chunk.and_then(|chunk| chunk.geo_statistics()?.bounding_box());
    bounds.map_or(Extent::Unknown, |bounds| {
        Extent::from_stored(Bounds::new(
            bounds.get_xmin(),
            bounds.get_ymin(),
            bounds.get_xmax(),
            bounds.get_ymax(),
        ))
    })
}

/// Returns the extent in the statistics of the numbers that bound the geometries.
fn sides_extent(geometry: &GeometryColumn, group: &RowGroupMetaData) -> Extent {
    let Some(sides) = &geometry.sides else { return Extent::Unknown };
    if !nulls_are_explained(geometry, sides, group) {
        return Extent::Unknown;
    }
    let is_empty = sides.leaves.iter().any(|leaf| {
        leaf.null_count(group).and_then(|count| i64::try_from(count).ok()) == Some(group.num_rows())
    });
    if is_empty && !sides.are_coordinates {
        return Extent::Empty;
    }
    let [left, bottom, right, top] = sides.leaves.map(|leaf| leaf.span(group));
    let (Some([xmin, _]), Some([ymin, _]), Some([_, xmax]), Some([_, ymax])) =
        (left, bottom, right, top)
    else {
        return Extent::Unknown;
    };
    let is_known = !wraps(sides, group);
    let [xmin, xmax] = if is_known { [xmin, xmax] } else { [f64::NEG_INFINITY, f64::INFINITY] };
    Extent::Within(Bounds::new(xmin, ymin, xmax, ymax))
}

/// Returns whether rows without a box are rows without a geometry.
fn nulls_are_explained(geometry: &GeometryColumn, sides: &Sides, group: &RowGroupMetaData) -> bool {
    if sides.nulls_are_empty {
        return true;
    }
    let missing: Option<Vec<u64>> =
        sides.leaves.iter().map(|leaf| leaf.null_count(group)).collect();
    match missing.and_then(|counts| counts.into_iter().max()) {
        Some(0) => true,
        Some(missing) => {
            let nulls = geometry.leaf.and_then(|leaf| leaf.null_count(group));
            nulls.is_some_and(|nulls| missing <= nulls)
        }
        None => false,
    }
}

/// Returns whether the boxes of a row group may go around the back of the globe.
fn wraps(sides: &Sides, group: &RowGroupMetaData) -> bool {
    let [left, _, right, _] = sides.leaves.map(|leaf| leaf.span(group));
    sides.may_wrap || left.zip(right).is_some_and(|([xmin, _], [_, xmax])| xmin > xmax)
}

/// The pages of one row group.
pub(super) struct Pages<'a> {
    pub(super) geometries: &'a Geometries,
    pub(super) metadata: &'a ParquetMetaData,
    pub(super) group: usize,
    pub(super) row_count: usize,
}

impl Candidates for Pages<'_> {
    type Rows = RowRanges;

    fn everything(&self) -> RowRanges {
        RowRanges::first(self.row_count)
    }

    fn nothing(&self) -> RowRanges {
        RowRanges::default()
    }

    fn reaching(&self, column: &str, reach: &Reach) -> RowRanges {
        let geometry = self.geometries.0.get(column);
        let sides = geometry.and_then(|geometry| geometry.sides.as_ref());
        let group = self.metadata.row_groups().get(self.group);
        let (Some(geometry), Some(sides), Some(group)) = (geometry, sides, group) else {
            return self.everything();
        };
        let block = Block { geometries: self.geometries, group: Some(group) };
        if !block.may_reach(column, reach) {
            return self.nothing();
        }
        let drops_nulls = nulls_are_explained(geometry, sides, group);
        let [left, bottom, right, top] = sides.leaves;
        let pages = |leaf: Leaf, is_refused: &dyn Fn(Span) -> bool| {
            let pages = leaf.pages(self.metadata, self.group, drops_nulls, is_refused);
            pages.unwrap_or_else(|| self.everything())
        };
        let mut rows = pages(bottom, &|[low, _]| low > reach.ymin_at_most);
        rows = rows.intersection(&pages(top, &|[_, high]| high < reach.ymax_at_least));
        if !wraps(sides, group) {
            rows = rows.intersection(&pages(left, &|[low, _]| low > reach.xmin_at_most));
            rows = rows.intersection(&pages(right, &|[_, high]| high < reach.xmax_at_least));
        }
        rows
    }

    fn both(&self, left: RowRanges, right: RowRanges) -> RowRanges {
        left.intersection(&right)
    }

    fn either(&self, left: RowRanges, right: RowRanges) -> RowRanges {
        left.union(&right)
    }
}
