//! A column of WKB, whichever of the Arrow binary layouts holds it.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BinaryArray, BinaryViewArray, ByteView, GenericBinaryArray, LargeBinaryArray,
    MAX_INLINE_VIEW_LEN, OffsetSizeTrait,
};
use arrow::buffer::Buffer;

use crate::wkb::POINT_XY_SIZE;
use crate::{Geometry, GeometryError, Kind, Kinds};

/// How many bytes the processor reads at a time.
const CACHE_LINE: usize = 64;
/// The bytes that tell how many coordinates a polygon of one ring has.
const HEADER: usize = 13;

/// A column of WKB, whichever of the Arrow binary layouts holds it.
#[derive(Debug, Clone, Copy)]
pub enum WkbColumn<'a> {
    /// Offsets of 32 bits.
    Binary(&'a BinaryArray),
    /// Offsets of 64 bits.
    LargeBinary(&'a LargeBinaryArray),
    /// Views.
    BinaryView(&'a BinaryViewArray),
}

impl<'a> WkbColumn<'a> {
    /// Returns a view of the array, or nothing when it does not hold binary values.
    pub fn try_new(array: &'a dyn Array) -> Option<Self> {
        let any = array.as_any();
        if let Some(array) = any.downcast_ref::<BinaryArray>() {
            return Some(Self::Binary(array));
        }
        if let Some(array) = any.downcast_ref::<BinaryViewArray>() {
            return Some(Self::BinaryView(array));
        }
        any.downcast_ref::<LargeBinaryArray>().map(Self::LargeBinary)
    }

    /// Returns the number of rows.
    pub fn len(self) -> usize {
        match self {
            Self::Binary(array) => array.len(),
            Self::LargeBinary(array) => array.len(),
            Self::BinaryView(array) => array.len(),
        }
    }

    /// Returns whether there are no rows.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Returns the number of rows that are NULL.
    pub fn null_count(self) -> usize {
        match self {
            Self::Binary(array) => array.null_count(),
            Self::LargeBinary(array) => array.null_count(),
            Self::BinaryView(array) => array.null_count(),
        }
    }

    /// Returns the bytes of a row, or nothing for NULL and rows beyond the end.
    #[inline]
    pub fn get(self, row: usize) -> Option<&'a [u8]> {
        match self {
            Self::Binary(array) => is_value(array, row).then(|| array.value(row)),
            Self::LargeBinary(array) => is_value(array, row).then(|| array.value(row)),
            Self::BinaryView(array) => is_value(array, row).then(|| array.value(row)),
        }
    }

    /// Returns the geometry of a row, or nothing for NULL.
    #[inline]
    pub fn geometry(self, row: usize) -> Result<Option<Geometry<'a>>, GeometryError> {
        self.get(row).map(Geometry::try_new).transpose()
    }

    /// Returns the geometry of a row of the kinds that a reader takes, or nothing for NULL.
    #[inline]
    pub fn geometry_of(
        self,
        row: usize,
        kinds: Kinds,
    ) -> Result<Option<Geometry<'a>>, GeometryError> {
        self.get(row).map(|bytes| Geometry::try_of(bytes, kinds)).transpose()
    }

    /// Appends the geometries of a range of rows, nothing for NULL; those before the first that
    /// is malformed, or of a kind that the reader does not take, when there is one.
    pub fn read(
        self,
        rows: Range<usize>,
        kinds: Kinds,
        geometries: &mut Vec<Option<Geometry<'a>>>,
    ) -> Result<(), GeometryError> {
        match self {
            Self::Binary(array) => read_values(array, rows, kinds, geometries),
            Self::LargeBinary(array) => read_values(array, rows, kinds, geometries),
            Self::BinaryView(array) => read_views(array, rows, kinds, geometries),
        }
    }

    /// Returns where every row lies if all are canonical points of X and Y, none of them empty;
    /// NaN stands for a row of NULL.
    pub fn points(self) -> Option<Vec<[f64; 2]>> {
        let null = || [f64::NAN; 2];
        match self {
            Self::BinaryView(array) if array.null_count() == 0 => {
                let buffers = array.data_buffers();
                array
                    .views()
                    .iter()
                    .map(|view| Geometry::point_of(viewed(*view, buffers)?))
                    .collect()
            }
            _ => self
                .iter()
                .map(|row| row.map_or_else(|| Some(null()), Geometry::point_of))
                .collect(),
        }
    }

    /// Returns whether all rows are canonical WKB and nothing else, as far as this can be told at a
    /// glance: points of X and Y, and lines and polygons of one ring.
    pub fn is_plain(self) -> bool {
        match self {
            Self::Binary(array) => are_plain(array),
            Self::LargeBinary(array) => are_plain(array),
            Self::BinaryView(array) => array.iter().flatten().all(is_plain),
        }
    }

    /// Returns whether all rows are of basic kinds, at any depth; malformed ones count as such.
    pub fn is_basic(self) -> bool {
        self.iter().flatten().all(Geometry::has_basic_kinds)
    }

    /// Returns how many bytes all rows have together.
    pub fn byte_count(self) -> usize {
        match self {
            Self::Binary(array) => extent(array).len(),
            Self::LargeBinary(array) => extent(array).len(),
            Self::BinaryView(array) => array.lengths().map(|length| length as usize).sum(),
        }
    }

    /// Returns the column as an array.
    pub fn to_array(self) -> ArrayRef {
        match self {
            Self::Binary(array) => Arc::new(array.clone()),
            Self::LargeBinary(array) => Arc::new(array.clone()),
            Self::BinaryView(array) => Arc::new(array.clone()),
        }
    }

    /// Returns the bytes of all rows in order.
    pub fn iter(self) -> impl Iterator<Item = Option<&'a [u8]>> {
        (0..self.len()).map(move |row| self.get(row))
    }
}

/// Reads rows of values that lie side by side.
fn read_values<'a, O: OffsetSizeTrait>(
    array: &'a GenericBinaryArray<O>,
    rows: Range<usize>,
    kinds: Kinds,
    geometries: &mut Vec<Option<Geometry<'a>>>,
) -> Result<(), GeometryError> {
    let ends = array.value_offsets().get(rows.start..=rows.end).unwrap_or_default();
    let values = array.value_data();
    let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0);
    if nulls.is_none()
        && let Some(points) = even_points(values, ends)
    {
        geometries.extend(points.iter().map(|point| Some(Geometry::plain(point, Kind::Point))));
        return Ok(());
    }
    touch(values, ends);
    for (row, pair) in rows.zip(ends.windows(2)) {
        let [start, end] = pair else { continue };
        if nulls.is_some_and(|nulls| nulls.is_null(row)) {
            geometries.push(None);
            continue;
        }
        let bytes = values.get(start.as_usize()..end.as_usize()).unwrap_or_default();
        // Two calls, since a value from one of two places would be copied once more.
        if let Some(kind) = Geometry::plain_kind(bytes) {
            geometries.push(Some(Geometry::plain(bytes, kind)));
        } else {
            geometries.push(Some(Geometry::try_of(bytes, kinds)?));
        }
    }
    Ok(())
}

/// Returns the values when all of them are canonical points of X and Y.
fn even_points<'a, O: OffsetSizeTrait>(
    values: &'a [u8],
    ends: &[O],
) -> Option<&'a [[u8; POINT_XY_SIZE]]> {
    let (start, end) = (ends.first()?.as_usize(), ends.last()?.as_usize());
    let (points, rest) = values.get(start..end)?.as_chunks::<POINT_XY_SIZE>();
    if !rest.is_empty() || points.len() + 1 != ends.len() {
        return None;
    }
    let mut ends = ends.iter().enumerate();
    let are_even = ends.all(|(index, end)| end.as_usize() == start + POINT_XY_SIZE * index);
    (are_even && points.iter().all(Geometry::is_point)).then_some(points)
}

/// Reads rows of values that views lead to.
fn read_views<'a>(
    array: &'a BinaryViewArray,
    rows: Range<usize>,
    kinds: Kinds,
    geometries: &mut Vec<Option<Geometry<'a>>>,
) -> Result<(), GeometryError> {
    let buffers = array.data_buffers();
    let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0);
    for (row, view) in rows.clone().zip(array.views().get(rows).unwrap_or_default()) {
        if nulls.is_some_and(|nulls| nulls.is_null(row)) {
            geometries.push(None);
            continue;
        }
        let plain = viewed(*view, buffers)
            .and_then(|bytes| Geometry::plain_kind(bytes).map(|kind| Geometry::plain(bytes, kind)));
        geometries.push(match plain {
            Some(geometry) => Some(geometry),
            None => Some(Geometry::try_of(array.value(row), kinds)?),
        });
    }
    Ok(())
}

/// Returns the bytes that a view leads to, unless they are so few that the view holds them.
#[inline]
fn viewed(view: u128, buffers: &[Buffer]) -> Option<&[u8]> {
    let view = ByteView::from(view);
    if view.length <= MAX_INLINE_VIEW_LEN {
        return None;
    }
    let start = view.offset as usize;
    buffers.get(view.buffer_index as usize)?.get(start..start + view.length as usize)
}

/// Reads the ends of the header of every row when rows are longer than a cache line, so that the
/// memory of all is on its way before one of them is waited for.
fn touch<O: OffsetSizeTrait>(values: &[u8], ends: &[O]) {
    let [first, starts @ .., last] = ends else { return };
    if last.as_usize() - first.as_usize() <= CACHE_LINE * ends.len() {
        return;
    }
    let byte = |index: usize| values.get(index).copied().unwrap_or_default();
    let touched = starts.iter().map(|start| {
        let start = start.as_usize();
        byte(start) | byte(start + HEADER - 1)
    });
    std::hint::black_box(touched.fold(0, |touched, byte| touched | byte));
}

fn are_plain<O: OffsetSizeTrait>(array: &GenericBinaryArray<O>) -> bool {
    if array.null_count() > 0 {
        return array.iter().flatten().all(is_plain);
    }
    let (values, ends) = (array.value_data(), array.value_offsets());
    even_points(values, ends).is_some()
        || ends.windows(2).all(|pair| {
            let [start, end] = pair else { return false };
            values.get(start.as_usize()..end.as_usize()).is_some_and(is_plain)
        })
}

#[inline]
fn is_plain(bytes: &[u8]) -> bool {
    Geometry::plain_kind(bytes).is_some()
}

/// Returns where the values of all rows lie.
fn extent<O: OffsetSizeTrait>(array: &GenericBinaryArray<O>) -> Range<usize> {
    match array.value_offsets() {
        [start, .., end] => start.as_usize()..end.as_usize(),
        _ => 0..0,
    }
}

#[inline]
fn is_value(array: &impl Array, row: usize) -> bool {
    row < array.len() && !array.is_null(row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write;

    #[test]
    fn rows_are_read_up_to_the_first_that_is_malformed() {
        let point = write::point_xy(1.0, 2.0);
        let array = BinaryArray::from(vec![point.as_slice(), &point, b"no WKB", &point]);
        let rows = array.slice(1, 3);
        let mut geometries = Vec::new();
        assert!(WkbColumn::Binary(&rows).read(0..3, Kinds::Basic, &mut geometries).is_err());
        assert_eq!(geometries.len(), 1);
    }

    #[test]
    fn arcs_are_found_at_any_depth() {
        let read = |text: &str| crate::wkt::parse(text).expect("WKT").0;
        let basic = read("GEOMETRYCOLLECTION(POINT(1 2),MULTIPOINT(1 2))");
        let nested = read("GEOMETRYCOLLECTION(POINT(1 2),GEOMETRYCOLLECTION(TIN EMPTY))");
        for (rows, expected) in [
            (vec![Some(basic.as_slice()), None, Some(b"no WKB")], true),
            (vec![Some(&nested)], false),
        ] {
            let array = BinaryArray::from(rows);
            assert_eq!(WkbColumn::Binary(&array).is_basic(), expected);
        }
        let array = BinaryArray::from(vec![Some(nested.as_slice()), None]);
        let replaced = crate::curve::to_basic_column(WkbColumn::Binary(&array)).expect("a column");
        let column = WkbColumn::try_new(replaced.as_ref()).expect("a binary column");
        assert!(column.is_basic() && column.get(0).is_some() && column.get(1).is_none());
    }

    #[test]
    fn only_columns_of_plain_points_are_read_as_such() {
        let point = write::point_xy(1.0, 2.0);
        let empty = crate::wkt::parse("POINT EMPTY").expect("WKT").0;
        let high = crate::wkt::parse("POINT Z (1 2 3)").expect("WKT").0;
        let line = crate::wkt::parse("LINESTRING(1 2, 3 4)").expect("WKT").0;
        for other in [empty.as_slice(), &high, &line, b"short", &point[..20]] {
            let values = vec![Some(point.as_slice()), Some(other)];
            let (array, views) = (BinaryArray::from(values.clone()), BinaryViewArray::from(values));
            assert!(WkbColumn::Binary(&array).points().is_none());
            assert!(WkbColumn::BinaryView(&views).points().is_none());
        }
        let views = BinaryViewArray::from(vec![point.as_slice(); 3]).slice(1, 2);
        assert_eq!(WkbColumn::BinaryView(&views).points(), Some(vec![[1.0, 2.0]; 2]));
    }

    #[test]
    fn points_side_by_side_are_read_as_all_others() {
        let point = write::point_xy(1.0, 2.0);
        let empty = crate::wkt::parse("POINT EMPTY").expect("WKT").0;
        let line = crate::wkt::parse("LINESTRING(1 2,3 4)").expect("WKT").0;
        let big_endian = [&[0_u8, 0, 0, 0, 1][..], &point[5..]].concat();
        let foreign = [&[1_u8, 1, 0, 0, 9][..], &point[5..]].concat();
        let (short, long) = (&point[..20], [point.as_slice(), &[0]].concat());
        let cases: [(&[&[u8]], bool, usize); 8] = [
            (&[], true, 0),
            (&[&point, &point, &point], true, 3),
            (&[&point, &empty], true, 2),
            (&[&point, &line], true, 2),
            (&[&point, &big_endian], false, 2),
            (&[&point, &foreign], false, 1),
            (&[short, &long], false, 0),
            (&[&long, short], false, 1),
        ];
        for (rows, is_plain, count) in cases {
            let mut all = vec![line.as_slice()];
            all.extend_from_slice(rows);
            all.push(b"no WKB");
            let sliced = BinaryArray::from(all).slice(1, rows.len());
            let column = WkbColumn::Binary(&sliced);
            assert_eq!(column.is_plain(), is_plain, "{rows:?}");
            let mut geometries = Vec::new();
            let read = column.read(0..rows.len(), Kinds::All, &mut geometries);
            assert_eq!(read.is_ok(), count == rows.len(), "{rows:?}");
            let expected: Vec<_> =
                rows.iter().take(count).map(|row| Geometry::try_any(row).ok()).collect();
            assert_eq!(format!("{geometries:?}"), format!("{expected:?}"));
        }
        let nulls = BinaryArray::from(vec![Some(point.as_slice()), None, Some(&empty)]);
        let mut geometries = Vec::new();
        WkbColumn::Binary(&nulls).read(0..3, Kinds::Basic, &mut geometries).expect("points");
        let are_empty: Vec<_> = geometries.iter().map(|row| row.map(Geometry::is_empty)).collect();
        assert_eq!(are_empty, [Some(false), None, Some(true)]);
    }

    #[test]
    fn every_binary_layout_is_read() {
        let point = write::point_xy(1.0, 2.0);
        let values = vec![Some(point.as_slice()), None];
        let arrays: [Box<dyn Array>; 3] = [
            Box::new(BinaryArray::from(values.clone())),
            Box::new(LargeBinaryArray::from(values.clone())),
            Box::new(BinaryViewArray::from(values)),
        ];
        for array in &arrays {
            let column = WkbColumn::try_new(array.as_ref()).expect("a binary column");
            assert_eq!(column.len(), 2);
            assert_eq!(column.get(0), Some(point.as_slice()));
            assert_eq!(column.get(1), None);
            assert_eq!(column.get(2), None);
            let mut geometries = Vec::new();
            column.read(0..2, Kinds::Basic, &mut geometries).expect("well-formed rows");
            let found: Vec<_> = geometries.iter().map(|row| row.map(Geometry::bytes)).collect();
            assert_eq!(found, [Some(point.as_slice()), None]);
            assert_eq!(column.byte_count(), 21);
            let points = column.points().expect("points");
            assert_eq!(points[0], [1.0, 2.0]);
            assert!(points[1][0].is_nan() && points.len() == 2);
            assert_eq!(column.to_array().len(), 2);
        }
        assert!(WkbColumn::try_new(&arrow::array::Int32Array::from(vec![1])).is_none());
    }
}
