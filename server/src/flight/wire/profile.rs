//! The types that leave the server: what every supported client can read.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef, TimeUnit};
use godwit_engine::geometry::{GeometryType, is_geometry};
use godwit_engine::{TextLength, sql_type_name};

use super::convert::convert;
use super::error::WireError;
use super::geometry::{GeometryFormat, rewrite};

const EXTENSION_NAME: &str = "ARROW:extension:name";
const EXTENSION_METADATA: &str = "ARROW:extension:metadata";

/// The wire form of one result: its schema, and how each column gets there.
#[derive(Debug, Clone)]
pub(in crate::flight) struct Profile {
    schema: SchemaRef,
    geometries: Vec<Option<GeometryColumn>>,
}

#[derive(Debug, Clone, Copy)]
struct GeometryColumn {
    format: GeometryFormat,
    srid: Option<i32>,
}

impl Profile {
    /// Creates the profile of a query result.
    pub(in crate::flight) fn new(logical: &Schema, format: GeometryFormat) -> Self {
        let geometries = logical.fields().iter().map(|field| rewritten(field, format)).collect();
        Self { schema: Arc::new(wire_schema(logical, format)), geometries }
    }

    /// Creates the profile of a result whose schema a specification fixes to the letter.
    pub(in crate::flight) fn fixed(schema: SchemaRef) -> Self {
        let geometries = vec![None; schema.fields().len()];
        Self { schema, geometries }
    }

    /// Returns the schema every client is told.
    pub(in crate::flight) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Returns a batch in wire form.
    pub(in crate::flight) fn to_wire(&self, batch: &RecordBatch) -> Result<RecordBatch, WireError> {
        let expected = self.schema.fields().len();
        if batch.num_columns() != expected {
            return Err(WireError::Columns { expected, found: batch.num_columns() });
        }
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(expected);
        for ((field, geometry), column) in
            self.schema.fields().iter().zip(&self.geometries).zip(batch.columns())
        {
            columns.push(match geometry {
                Some(geometry) => rewrite(field.name(), column, geometry.format, geometry.srid)?,
                None => convert(column, field.data_type()).map_err(|source| {
                    WireError::Convert { column: field.name().clone(), source }
                })?,
            });
        }
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        Ok(RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)?)
    }
}

/// Returns the schema a client is told for a logical result schema.
///
/// Schema metadata is dropped: what a file carries there differs between plan and stream.
pub(in crate::flight) fn wire_schema(logical: &Schema, format: GeometryFormat) -> Schema {
    Schema::new(logical.fields().iter().map(|field| wire_field(field, format)).collect::<Vec<_>>())
}

/// Returns a statement parameter as clients may bind it: nullable, and of a plain type.
pub(in crate::flight) fn parameter_field(name: &str, data_type: &DataType) -> Field {
    let plain = match wire_type(data_type) {
        DataType::Null => DataType::Utf8,
        // The JDBC driver writes milliseconds whatever the declared unit is.
        DataType::Timestamp(_, zone) => DataType::Timestamp(TimeUnit::Millisecond, zone),
        DataType::Time32(_) | DataType::Time64(_) => DataType::Time32(TimeUnit::Millisecond),
        // The JDBC driver cannot bind nested values and intervals.
        nested if nested.is_nested() => DataType::Utf8,
        DataType::Interval(_) => DataType::Utf8,
        other => other,
    };
    Field::new(name, plain, true)
}

fn rewritten(field: &Field, format: GeometryFormat) -> Option<GeometryColumn> {
    if format == GeometryFormat::Wkb || !is_geometry(field) {
        return None;
    }
    let geometry = GeometryType::from_field(field).ok().flatten();
    let srid = geometry.and_then(|geometry| geometry.crs).and_then(|crs| crs.srid());
    Some(GeometryColumn { format, srid })
}

fn wire_field(field: &Field, format: GeometryFormat) -> Field {
    let mut metadata = field.metadata().clone();
    let data_type = match rewritten(field, format) {
        Some(geometry) => {
            metadata.remove(EXTENSION_NAME);
            metadata.remove(EXTENSION_METADATA);
            geometry.format.data_type()
        }
        None => wire_type(field.data_type()),
    };
    describe(&mut metadata, field, &data_type);
    Field::new(field.name(), data_type, true).with_metadata(metadata)
}

/// Adds the column metadata that the JDBC and ODBC drivers read.
fn describe(metadata: &mut HashMap<String, String>, field: &Field, data_type: &DataType) {
    let mut put = |key: &str, value: String| {
        metadata.insert(format!("ARROW:FLIGHT:SQL:{key}"), value);
    };
    put("TYPE_NAME", sql_type_name(field));
    put("IS_AUTO_INCREMENT", "0".to_owned());
    put("IS_CASE_SENSITIVE", u8::from(data_type == &DataType::Utf8).to_string());
    put("IS_READ_ONLY", "1".to_owned());
    put("IS_SEARCHABLE", "1".to_owned());
    if let Some(length) = TextLength::of(field) {
        put("PRECISION", length.characters.to_string());
    }
    if let DataType::Decimal128(precision, scale) | DataType::Decimal256(precision, scale) =
        data_type
    {
        put("PRECISION", precision.to_string());
        put("SCALE", scale.to_string());
    }
}

/// Returns the wire type of an engine type.
pub(super) fn wire_type(data_type: &DataType) -> DataType {
    if contains_union(data_type) {
        return DataType::Utf8;
    }
    match data_type {
        DataType::Utf8View | DataType::LargeUtf8 => DataType::Utf8,
        DataType::BinaryView | DataType::LargeBinary => DataType::Binary,
        DataType::Dictionary(_, values) => wire_type(values),
        DataType::RunEndEncoded(_, values) => wire_type(values.data_type()),
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item) => DataType::List(nested_field(item)),
        DataType::FixedSizeList(item, size) => DataType::FixedSizeList(nested_field(item), *size),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(nested_field).collect()),
        DataType::Map(entries, sorted) => DataType::Map(nested_field(entries), *sorted),
        DataType::Float16 => DataType::Float32,
        DataType::Decimal32(precision, scale) | DataType::Decimal64(precision, scale) => {
            DataType::Decimal128(*precision, *scale)
        }
        DataType::Date64 => DataType::Date32,
        // Java reads an unknown zone such as "+05:30" silently as GMT.
        DataType::Timestamp(unit, Some(zone)) if is_offset(zone) => {
            DataType::Timestamp(*unit, Some("UTC".into()))
        }
        other => other.clone(),
    }
}

fn nested_field(field: &FieldRef) -> FieldRef {
    let data_type = wire_type(field.data_type());
    if &data_type == field.data_type() {
        return Arc::clone(field);
    }
    Arc::new(field.as_ref().clone().with_data_type(data_type))
}

fn is_offset(zone: &str) -> bool {
    zone.starts_with(['+', '-'])
}

fn contains_union(data_type: &DataType) -> bool {
    match data_type {
        DataType::Union(..) => true,
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _)
        | DataType::Map(item, _)
        | DataType::RunEndEncoded(_, item) => contains_union(item.data_type()),
        DataType::Struct(fields) => fields.iter().any(|field| contains_union(field.data_type())),
        DataType::Dictionary(_, values) => contains_union(values),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{
        Decimal32Array, FixedSizeListArray, Float16Array, Int32Array, LargeListArray,
        LargeStringArray, ListViewArray, RunArray, StringArray, StringViewArray, StructArray,
        TimestampMillisecondArray, UnionArray, new_null_array,
    };
    use arrow::buffer::ScalarBuffer;
    use arrow::datatypes::{ArrowPrimitiveType, Float16Type, Int32Type, IntervalUnit, UnionFields};

    use super::*;

    fn utf8_list(name: &str) -> DataType {
        DataType::List(Arc::new(Field::new(name, DataType::Utf8, true)))
    }

    /// Returns what becomes of a column on the wire, and checks that it has its announced type.
    #[track_caller]
    fn on_the_wire(column: ArrayRef) -> ArrayRef {
        let field = Field::new("c", column.data_type().clone(), false)
            .with_metadata(HashMap::from([("own".to_owned(), "kept".to_owned())]));
        let of_file = HashMap::from([("pandas".to_owned(), "{}".to_owned())]);
        let schema = Arc::new(Schema::new(vec![field]).with_metadata(of_file));
        let profile = Profile::new(&schema, GeometryFormat::Wkb);
        let announced = profile.schema();
        assert!(announced.metadata().is_empty());
        assert!(announced.field(0).is_nullable());
        assert_eq!(announced.field(0).metadata()["own"], "kept");
        let rows = column.len();
        let batch = profile.to_wire(&RecordBatch::try_new(schema, vec![column]).unwrap()).unwrap();
        assert_eq!(batch.num_rows(), rows);
        assert_eq!(batch.schema_ref(), announced);
        Arc::clone(batch.column(0))
    }

    #[test]
    fn views_and_large_types_become_plain() {
        let expected: ArrayRef =
            Arc::new(StringArray::from(vec!["a", "a long text that is not inlined"]));
        let texts = ["a", "a long text that is not inlined"];
        assert_eq!(&on_the_wire(Arc::new(StringViewArray::from_iter_values(texts))), &expected);
        assert_eq!(&on_the_wire(Arc::new(LargeStringArray::from_iter_values(texts))), &expected);
        let list: LargeListArray =
            LargeListArray::from_iter_primitive::<Int32Type, _, _>([Some(vec![Some(1), None])]);
        let wire = on_the_wire(Arc::new(list));
        assert!(matches!(wire.data_type(), DataType::List(_)));
    }

    #[test]
    fn list_views_and_nested_views_become_lists_of_plain_values() {
        let field = Arc::new(Field::new("item", DataType::Utf8View, true));
        let values: ArrayRef = Arc::new(StringViewArray::from_iter_values(["x", "y", "z"]));
        let offsets = ScalarBuffer::from(vec![1, 0]);
        let sizes = ScalarBuffer::from(vec![2, 1]);
        let list =
            ListViewArray::new(Arc::clone(&field), offsets, sizes, Arc::clone(&values), None);
        assert_eq!(on_the_wire(Arc::new(list)).data_type(), &utf8_list("item"));
        let fixed = FixedSizeListArray::new(Arc::clone(&field), 3, values, None);
        let wire = on_the_wire(Arc::new(fixed));
        let item = Arc::new(Field::new("item", DataType::Utf8, true));
        assert_eq!(wire.data_type(), &DataType::FixedSizeList(item, 3));
        let texts: ArrayRef = Arc::new(StringViewArray::from_iter_values(["x"]));
        let structure = StructArray::from(vec![(
            Arc::new(Field::new("inner", DataType::Utf8View, true)),
            texts,
        )]);
        let wire = on_the_wire(Arc::new(structure));
        let inner = Field::new("inner", DataType::Utf8, true);
        assert_eq!(wire.data_type(), &DataType::Struct(vec![inner].into()));
    }

    #[test]
    fn runs_halves_and_small_decimals_become_what_java_knows() {
        let ends = Int32Array::from(vec![2, 3]);
        let runs =
            RunArray::<Int32Type>::try_new(&ends, &StringArray::from(vec!["a", "b"])).unwrap();
        let expected: ArrayRef = Arc::new(StringArray::from(vec!["a", "a", "b"]));
        assert_eq!(&on_the_wire(Arc::new(runs)), &expected);
        let halves = Float16Array::from_iter_values([
            <Float16Type as ArrowPrimitiveType>::Native::from_f32(1.5),
        ]);
        assert_eq!(on_the_wire(Arc::new(halves)).data_type(), &DataType::Float32);
        let decimals = Decimal32Array::from(vec![125]).with_precision_and_scale(5, 2).unwrap();
        assert_eq!(on_the_wire(Arc::new(decimals)).data_type(), &DataType::Decimal128(5, 2));
    }

    #[test]
    fn fixed_offsets_become_utc_and_named_zones_stay() {
        let moment = || TimestampMillisecondArray::from(vec![1_700_000_000_000]);
        let wire = on_the_wire(Arc::new(moment().with_timezone("+05:30")));
        let expected: ArrayRef = Arc::new(moment().with_timezone("UTC"));
        assert_eq!(&wire, &expected);
        let zone = "Europe/Berlin";
        let berlin: ArrayRef = Arc::new(moment().with_timezone(zone));
        assert_eq!(&on_the_wire(Arc::clone(&berlin)), &berlin);
    }

    #[test]
    fn unions_become_text() {
        let fields = UnionFields::from_fields(vec![
            Field::new("number", DataType::Int32, true),
            Field::new("text", DataType::Utf8, true),
        ]);
        let children: Vec<ArrayRef> =
            vec![Arc::new(Int32Array::from(vec![7])), Arc::new(StringArray::from(vec!["seven"]))];
        let union = UnionArray::try_new(
            fields,
            ScalarBuffer::from(vec![0, 1]),
            Some(ScalarBuffer::from(vec![0, 0])),
            children,
        );
        let expected: ArrayRef = Arc::new(StringArray::from(vec!["7", "seven"]));
        assert_eq!(&on_the_wire(Arc::new(union.unwrap())), &expected);
    }

    #[test]
    fn types_that_clients_know_stay() {
        for data_type in [
            DataType::Null,
            DataType::Boolean,
            DataType::UInt64,
            DataType::Decimal256(60, 3),
            DataType::Date32,
            DataType::Time64(TimeUnit::Nanosecond),
            DataType::FixedSizeBinary(4),
            DataType::new_list(DataType::Float64, false),
        ] {
            let wire = on_the_wire(new_null_array(&data_type, 0));
            assert_eq!(wire.data_type(), &data_type);
        }
    }

    #[test]
    fn geometry_is_described_and_can_be_text() {
        let plain = Field::new("g", DataType::BinaryView, true);
        let field = plain.with_metadata(HashMap::from([
            (EXTENSION_NAME.to_owned(), "geoarrow.wkb".to_owned()),
            (EXTENSION_METADATA.to_owned(), "{\"crs\":\"EPSG:4326\"}".to_owned()),
        ]));
        let schema = Schema::new(vec![field]);
        let binary = wire_schema(&schema, GeometryFormat::Wkb);
        assert_eq!(binary.field(0).data_type(), &DataType::Binary);
        assert_eq!(binary.field(0).metadata()[EXTENSION_NAME], "geoarrow.wkb");
        for format in [GeometryFormat::Wkt, GeometryFormat::GeoJson] {
            let text = wire_schema(&schema, format);
            assert_eq!(text.field(0).data_type(), &DataType::Utf8);
            assert!(!text.field(0).metadata().contains_key(EXTENSION_NAME));
        }
    }

    #[test]
    fn parameters_have_types_that_drivers_can_bind() {
        let bindable = |data_type| parameter_field("$1", &data_type).data_type().clone();
        assert_eq!(bindable(DataType::Utf8View), DataType::Utf8);
        assert_eq!(bindable(DataType::Null), DataType::Utf8);
        assert_eq!(bindable(utf8_list("item")), DataType::Utf8);
        assert_eq!(bindable(DataType::Interval(IntervalUnit::MonthDayNano)), DataType::Utf8);
        let nanoseconds = DataType::Timestamp(TimeUnit::Nanosecond, None);
        assert_eq!(bindable(nanoseconds), DataType::Timestamp(TimeUnit::Millisecond, None));
        for time in [DataType::Time32(TimeUnit::Second), DataType::Time64(TimeUnit::Microsecond)] {
            assert_eq!(bindable(time), DataType::Time32(TimeUnit::Millisecond));
        }
    }
}
