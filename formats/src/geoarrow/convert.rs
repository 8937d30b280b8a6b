//! Native geometries to WKB.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, BinaryViewArray, BinaryViewBuilder};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use godwit_geometry::wkt;

use crate::FormatError;
use crate::geoarrow::Shape;
use crate::geoarrow::coordinates::{Coordinates, Offsets, misfit, peel};

const POINT: u32 = 1;
const LINE_STRING: u32 = 2;
const POLYGON: u32 = 3;
const MULTI_POINT: u32 = 4;
const MULTI_LINE_STRING: u32 = 5;
const MULTI_POLYGON: u32 = 6;
const COLLECTION: u32 = 7;

/// Converts an array of one shape to ISO WKB.
pub(crate) fn to_wkb(array: &ArrayRef, shape: Shape) -> Result<ArrayRef, FormatError> {
    match shape {
        Shape::Wkt => return text_to_wkb(array),
        Shape::Mixed => return union_to_wkb(array),
        Shape::Collection => return collections_to_wkb(array),
        _ => {}
    }
    let mut inner = array;
    let mut lists = Vec::new();
    for _ in 0..shape.list_depth() {
        let (offsets, values) = peel(inner)?;
        lists.push(offsets);
        inner = values;
    }
    let (coordinates, dimension) = Coordinates::try_new(inner)?;
    let mut writer = Writer { lists, coordinates, dimension, out: Vec::new() };
    let mut builder = BinaryViewBuilder::with_capacity(array.len());
    for row in 0..array.len() {
        if array.is_null(row) {
            builder.append_null();
            continue;
        }
        writer.out.clear();
        writer.geometry(shape, row);
        builder.append_value(&writer.out);
    }
    Ok(Arc::new(builder.finish()))
}

/// Parses well-known text; empty text is no geometry.
fn text_to_wkb(array: &ArrayRef) -> Result<ArrayRef, FormatError> {
    let text = cast(array, &DataType::Utf8View)?;
    let text = text.as_string_view();
    let mut builder = BinaryViewBuilder::with_capacity(text.len());
    for value in text {
        match value.map(str::trim).filter(|value| !value.is_empty()) {
            Some(value) => builder.append_value(wkt::parse(value)?.0),
            None => builder.append_null(),
        }
    }
    Ok(Arc::new(builder.finish()))
}

/// Converts a union, each member of which has the rows of one shape.
fn union_to_wkb(array: &ArrayRef) -> Result<ArrayRef, FormatError> {
    let union = array.as_union_opt().ok_or_else(|| misfit(array.data_type()))?;
    let mut members: Vec<(i8, ArrayRef)> = Vec::new();
    for (number, _) in union.fields().iter() {
        let shape = Shape::of_member(number).ok_or_else(|| misfit(array.data_type()))?;
        members.push((number, to_wkb(union.child(number), shape)?));
    }
    let mut builder = BinaryViewBuilder::with_capacity(union.len());
    for row in 0..union.len() {
        let (number, place) = (union.type_id(row), union.value_offset(row));
        let member = members.iter().find(|(known, _)| *known == number);
        let values = member.map(|(_, values)| values.as_binary_view());
        let values = values.filter(|values| place < values.len() && values.is_valid(place));
        builder.append_option(values.map(|values| values.value(place)));
    }
    Ok(Arc::new(builder.finish()))
}

/// Converts lists of geometries of any shape; their members have one dimension.
fn collections_to_wkb(array: &ArrayRef) -> Result<ArrayRef, FormatError> {
    let (lists, values) = peel(array)?;
    let members = union_to_wkb(values)?;
    let members = members.as_binary_view();
    let mut builder = BinaryViewBuilder::with_capacity(array.len());
    for row in 0..array.len() {
        if array.is_null(row) {
            builder.append_null();
            continue;
        }
        let range = lists.range(row);
        let known: Vec<&[u8]> = range.filter_map(|place| member_at(members, place)).collect();
        let dimension = known.iter().map(|member| dimension_of(member)).max().unwrap_or(0);
        let mut out: Vec<u8> = vec![1];
        out.extend_from_slice(&(COLLECTION + dimension).to_le_bytes());
        out.extend_from_slice(&u32::try_from(known.len()).unwrap_or(u32::MAX).to_le_bytes());
        out.extend(known.into_iter().flatten());
        builder.append_value(&out);
    }
    Ok(Arc::new(builder.finish()))
}

/// Returns a geometry of a column, unless it is null.
fn member_at(members: &BinaryViewArray, place: usize) -> Option<&[u8]> {
    (place < members.len() && members.is_valid(place)).then(|| members.value(place))
}

/// Returns the part of the code of a geometry, which is little-endian, that says its dimension.
fn dimension_of(wkb: &[u8]) -> u32 {
    let code = wkb.get(1..5).and_then(|code| code.first_chunk::<4>());
    code.map_or(0, |code| u32::from_le_bytes(*code) / 1000 * 1000)
}

struct Writer<'a> {
    /// The lists around the coordinates, outermost first.
    lists: Vec<Offsets<'a>>,
    coordinates: Coordinates<'a>,
    dimension: u32,
    out: Vec<u8>,
}

impl Writer<'_> {
    fn geometry(&mut self, shape: Shape, row: usize) {
        match shape {
            Shape::Point | Shape::Mixed | Shape::Collection | Shape::Wkt => self.point(row),
            Shape::LineString => {
                self.header(LINE_STRING);
                self.positions(0, row);
            }
            Shape::Polygon => {
                self.header(POLYGON);
                self.rings(0, row);
            }
            Shape::MultiPoint => {
                self.header(MULTI_POINT);
                for index in self.open(0, row) {
                    self.point(index);
                }
            }
            Shape::MultiLineString => {
                self.header(MULTI_LINE_STRING);
                for index in self.open(0, row) {
                    self.header(LINE_STRING);
                    self.positions(1, index);
                }
            }
            Shape::MultiPolygon => {
                self.header(MULTI_POLYGON);
                for index in self.open(0, row) {
                    self.header(POLYGON);
                    self.rings(1, index);
                }
            }
        }
    }

    fn header(&mut self, kind: u32) {
        self.out.push(1);
        self.out.extend_from_slice(&(kind + self.dimension).to_le_bytes());
    }

    fn point(&mut self, index: usize) {
        self.header(POINT);
        self.coordinates.write(index, &mut self.out);
    }

    fn positions(&mut self, level: usize, index: usize) {
        for position in self.open(level, index) {
            self.coordinates.write(position, &mut self.out);
        }
    }

    fn rings(&mut self, level: usize, index: usize) {
        for ring in self.open(level, index) {
            self.positions(level + 1, ring);
        }
    }

    /// Writes the count of a list and returns its elements.
    fn open(&mut self, level: usize, index: usize) -> std::ops::Range<usize> {
        let range = self.lists.get(level).map_or(0..0, |list| list.range(index));
        let count = u32::try_from(range.len()).unwrap_or(u32::MAX);
        self.out.extend_from_slice(&count.to_le_bytes());
        range
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{FixedSizeListArray, Float64Array, ListArray, StructArray, UnionArray};
    use arrow::buffer::OffsetBuffer;
    use arrow::datatypes::{Field, UnionFields};
    use godwit_geometry::{Geometry, WkbColumn};

    use super::*;

    fn texts(array: &ArrayRef, shape: Shape) -> Vec<String> {
        let wkb = to_wkb(array, shape).unwrap();
        let column = WkbColumn::try_new(wkb.as_ref()).unwrap();
        let rows = column.iter();
        rows.map(|row| wkt::format(Geometry::try_new(row.unwrap()).unwrap(), 15)).collect()
    }

    fn separated() -> ArrayRef {
        let field = |name: &str| Arc::new(Field::new(name, DataType::Float64, false));
        let values = |values: Vec<f64>| Arc::new(Float64Array::from(values)) as ArrayRef;
        Arc::new(StructArray::from(vec![
            (field("x"), values(vec![0.0, 1.0, 1.0, 0.0])),
            (field("y"), values(vec![0.0, 0.0, 1.0, 0.0])),
        ]))
    }

    fn list(inner: ArrayRef, offsets: Vec<i32>) -> ArrayRef {
        let field = Arc::new(Field::new("item", inner.data_type().clone(), false));
        Arc::new(ListArray::new(field, OffsetBuffer::new(offsets.into()), inner, None))
    }

    #[test]
    fn lists_of_separated_coordinates_are_converted() {
        assert_eq!(texts(&separated(), Shape::Point)[1], "POINT(1 0)");
        let rings = list(list(separated(), vec![0, 4]), vec![0, 1]);
        assert!(Shape::Polygon.fits(rings.data_type()));
        assert_eq!(texts(&rings, Shape::Polygon), ["POLYGON((0 0,1 0,1 1,0 0))"]);
        let multi = list(rings, vec![0, 1]);
        assert_eq!(texts(&multi, Shape::MultiPolygon), ["MULTIPOLYGON(((0 0,1 0,1 1,0 0)))"]);
    }

    #[test]
    fn geometries_of_any_shape_are_converted() {
        let lines = list(separated(), vec![0, 4]);
        let field = |array: &ArrayRef| Field::new("", array.data_type().clone(), true);
        let fields = UnionFields::try_new([1, 2], [field(&separated()), field(&lines)]).unwrap();
        let (numbers, places) = (vec![1_i8, 2, 1].into(), vec![3_i32, 0, 2].into());
        let children = vec![separated(), lines];
        let union = UnionArray::try_new(fields, numbers, Some(places), children).unwrap();
        let union: ArrayRef = Arc::new(union);
        assert!(Shape::Mixed.fits(union.data_type()));
        let line = "LINESTRING(0 0,1 0,1 1,0 0)";
        assert_eq!(texts(&union, Shape::Mixed), ["POINT(0 0)", line, "POINT(1 1)"]);
        assert_eq!(texts(&union.slice(1, 2), Shape::Mixed), [line, "POINT(1 1)"]);
        let collections = list(union, vec![0, 2, 2, 3]);
        assert!(Shape::Collection.fits(collections.data_type()));
        let expected = [
            "GEOMETRYCOLLECTION(POINT(0 0),LINESTRING(0 0,1 0,1 1,0 0))",
            "GEOMETRYCOLLECTION EMPTY",
            "GEOMETRYCOLLECTION(POINT(1 1))",
        ];
        assert_eq!(texts(&collections, Shape::Collection), expected);
        assert!(!Shape::Mixed.fits(collections.data_type()));
    }

    #[test]
    fn interleaved_coordinates_with_an_offset_are_converted() {
        let values = Arc::new(Float64Array::from(vec![9.0, 9.0, 9.0, 1.0, 2.0, 3.0]));
        let item = Arc::new(Field::new("xyz", DataType::Float64, false));
        let array: ArrayRef = Arc::new(FixedSizeListArray::new(item, 3, values, None));
        assert_eq!(texts(&array.slice(1, 1), Shape::Point), ["POINT Z (1 2 3)"]);
    }
}
