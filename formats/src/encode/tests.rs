//! What the encoders write.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryViewArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray,
    DurationMillisecondArray, Float64Array, Int32Array, Int64Array, IntervalMonthDayNanoArray,
    ListArray, RecordBatch, StringArray, StringViewArray, StructArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field, Int8Type, Int32Type, IntervalMonthDayNano, Schema};
use arrow::ipc::reader::{FileReader, StreamReader};
use godwit_geometry::{Crs, Geometry, GeometryType, WkbColumn, wkt};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};

use crate::FormatError;
use crate::encode::{EncodeOptions, Encoding, GeometryEncoding, encoder};

fn geometry(crs: Option<Crs>, texts: &[Option<&str>]) -> (Field, ArrayRef) {
    let values: Vec<Option<Vec<u8>>> =
        texts.iter().map(|text| text.map(|text| wkt::parse(text).unwrap().0)).collect();
    let field = Field::new("geom", DataType::BinaryView, true);
    let array = BinaryViewArray::from_iter(values);
    (GeometryType::new(crs).annotate(field), Arc::new(array))
}

fn batch(columns: Vec<(Field, ArrayRef)>) -> RecordBatch {
    let (fields, arrays): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

fn plain(name: &str, array: impl arrow::array::Array + 'static) -> (Field, ArrayRef) {
    (Field::new(name, array.data_type().clone(), true), Arc::new(array))
}

fn encode(encoding: Encoding, batch: &RecordBatch, options: &EncodeOptions) -> Vec<u8> {
    let mut encoder = encoder(encoding, &batch.schema(), options).unwrap();
    let mut out = Vec::new();
    encoder.start(&mut out).unwrap();
    encoder.write(batch, &mut out).unwrap();
    encoder.write(&batch.slice(0, 1), &mut out).unwrap();
    encoder.finish(&mut out).unwrap();
    out
}

fn text(encoding: Encoding, batch: &RecordBatch, options: &EncodeOptions) -> String {
    String::from_utf8(encode(encoding, batch, options)).unwrap()
}

fn cities(crs: Option<Crs>) -> RecordBatch {
    batch(vec![
        plain("id", Int64Array::from(vec![1, 2])),
        plain("name", StringArray::from(vec![Some("a\"b"), None])),
        geometry(crs, &[Some("POINT(1 2.5)"), None]),
    ])
}

#[test]
fn values_become_json() {
    let list = ListArray::from_iter_primitive::<Int32Type, _, _>(vec![Some(vec![Some(1), None])]);
    let member = Arc::new(Field::new("k", DataType::Utf8, true));
    let record = StructArray::from(vec![(member, Arc::new(StringArray::from(vec!["v"])) as _)]);
    let json_field = Field::new("raw", DataType::Utf8View, true)
        .with_metadata([("ARROW:extension:name".to_owned(), "arrow.json".to_owned())].into());
    let decimal = Decimal128Array::from(vec![1250]).with_precision_and_scale(10, 2).unwrap();
    let batch = batch(vec![
        plain("b", BooleanArray::from(vec![true])),
        plain("i", Int64Array::from(vec![i64::MAX])),
        plain("f", Float64Array::from(vec![1.0])),
        plain("nan", Float64Array::from(vec![f64::NAN])),
        plain("dec", decimal),
        plain("d", Date32Array::from(vec![1])),
        plain("ts", TimestampMicrosecondArray::from(vec![1_500_000]).with_timezone("Europe/Paris")),
        plain("l", list),
        plain("s", record),
        plain("dict", ["x"].into_iter().collect::<DictionaryArray<Int8Type>>()),
        (json_field, Arc::new(StringViewArray::from(vec![r#"{"a": [1]}"#]))),
    ]);
    let lines = text(Encoding::Ndjson, &batch, &EncodeOptions::default());
    let expected = r#"{"b":true,"i":9223372036854775807,"f":1,"nan":null,"dec":12.50,"d":"1970-01-02","ts":"1970-01-01T00:00:01.500Z","l":[1,null],"s":{"k":"v"},"dict":"x","raw":{"a": [1]}}"#;
    assert_eq!(lines, format!("{expected}\n{expected}\n"));
    let options = EncodeOptions { int64_as_string: true, ..EncodeOptions::default() };
    assert!(text(Encoding::Ndjson, &batch, &options).contains(r#""i":"9223372036854775807""#));
}

#[test]
fn intervals_are_texts_of_postgresql() {
    let interval = IntervalMonthDayNano::new(525, 27, 3_600_000_000_000);
    let batch = batch(vec![
        plain("i", IntervalMonthDayNanoArray::from(vec![Some(interval), None])),
        plain("d", DurationMillisecondArray::from(vec![-93_600_500, 3_600_000])),
    ]);
    let csv = text(Encoding::Csv, &batch, &EncodeOptions::default());
    let first = "43 years 9 mons 27 days 01:00:00,-1 days -02:00:00.5";
    assert_eq!(csv, format!("i,d\n{first}\n,01:00:00\n{first}\n"));
    let lines = text(Encoding::Ndjson, &batch, &EncodeOptions::default());
    assert!(lines.contains(r#"{"i":null,"d":"01:00:00"}"#), "{lines}");
}

#[test]
fn json_is_an_array_of_rows() {
    let array: Value =
        serde_json::from_slice(&encode(Encoding::Json, &cities(None), &EncodeOptions::default()))
            .unwrap();
    let point = json!({"type": "Point", "coordinates": [1, 2.5]});
    let first = json!({"id": 1, "name": "a\"b", "geom": point});
    assert_eq!(array, json!([first, {"id": 2, "name": null, "geom": null}, first]));
}

#[test]
fn a_table_stays_well_formed_when_it_fails() {
    let batch = cities(Some(Crs::from_epsg(3857)));
    let mut encoder = encoder(Encoding::Table, &batch.schema(), &EncodeOptions::default()).unwrap();
    let mut out = Vec::new();
    encoder.start(&mut out).unwrap();
    encoder.write(&batch, &mut out).unwrap();
    assert!(encoder.fail(&json!({"code": "timeout"}), &mut out));
    let table: Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(table["status"], "failed");
    assert_eq!(table["error"]["code"], "timeout");
    assert_eq!(table["row_count"], 2);
    assert_eq!(table["columns"][0], json!({"name": "id", "type": "BIGINT"}));
    assert_eq!(
        table["columns"][2],
        json!({"name": "geom", "type": "GEOMETRY", "crs": "EPSG:3857"})
    );
    let whole = encode(Encoding::Table, &batch, &EncodeOptions::default());
    assert_eq!(serde_json::from_slice::<Value>(&whole).unwrap()["status"], "succeeded");
}

#[test]
fn delimited_text_quotes_what_needs_it() {
    let batch = batch(vec![
        plain("a,b", StringArray::from(vec![Some("x\ny"), Some(""), None])),
        geometry(None, &[Some("LINESTRING(0 0,1 1)"), None, None]),
    ]);
    let csv = text(Encoding::Csv, &batch, &EncodeOptions::default());
    assert!(csv.starts_with("\"a,b\",geom\n\"x\ny\",\"LINESTRING(0 0,1 1)\"\n\"\",\n,\n"), "{csv}");
    let tsv = text(Encoding::Tsv, &batch, &EncodeOptions::default());
    assert!(tsv.contains("\tLINESTRING(0 0,1 1)\n"), "{tsv}");
}

#[test]
fn features_are_in_longitude_and_latitude() {
    let batch = cities(Some(Crs::wgs84()));
    let collection: Value = serde_json::from_slice(&encode(
        Encoding::GeoJson,
        &batch,
        &EncodeOptions { id_column: Some("ID".to_owned()), ..EncodeOptions::default() },
    ))
    .unwrap();
    let features = collection["features"].as_array().unwrap();
    assert_eq!(features.len(), 3);
    assert_eq!(features[0]["id"], 1);
    assert_eq!(features[0]["properties"], json!({"name": "a\"b"}));
    assert_eq!(features[0]["geometry"]["coordinates"], json!([1, 2.5]));
    assert_eq!(features[1]["geometry"], Value::Null);
    let lines = text(Encoding::GeoJsonSeq, &batch, &EncodeOptions::default());
    assert_eq!(lines.lines().count(), 3);
}

#[test]
fn an_unknown_reference_system_is_refused() {
    let schema = cities(None).schema();
    let refused = encoder(Encoding::GeoJson, &schema, &EncodeOptions::default()).err().unwrap();
    assert!(matches!(&refused, FormatError::UnknownCrs { column } if column == "geom"));
    assert!(refused.hint().unwrap().contains("ST_SetSRID"));
    let assumed = EncodeOptions { assume_crs: Some(Crs::wgs84()), ..EncodeOptions::default() };
    assert!(encoder(Encoding::GeoJson, &schema, &assumed).is_ok());
    let schema = batch(vec![plain("id", Int32Array::from(vec![1]))]).schema();
    let refused = encoder(Encoding::GeoJson, &schema, &EncodeOptions::default()).err().unwrap();
    assert!(matches!(refused, FormatError::NoGeometryColumn { .. }));
}

#[test]
fn geometries_are_converted() {
    let batch =
        batch(vec![geometry(Some(Crs::from_epsg(3857)), &[Some("POINT(111319.49079327358 0)")])]);
    let collection = text(Encoding::GeoJson, &batch, &EncodeOptions::default());
    let collection: Value = serde_json::from_str(&collection).unwrap();
    let longitude = collection["features"][0]["geometry"]["coordinates"][0].as_f64().unwrap();
    assert!((longitude - 1.0).abs() < 1e-9, "{longitude}");
    for (form, expected) in [
        (GeometryEncoding::Wkt, r#"{"geom":"POINT("#),
        (GeometryEncoding::Ewkt, r#"{"geom":"SRID=3857;POINT("#),
        (GeometryEncoding::HexWkb, r#"{"geom":"0101000000"#),
        (GeometryEncoding::LonLat, r#"{"geom_lon":111319.4907"#),
    ] {
        let options = EncodeOptions { geometry: Some(form), ..EncodeOptions::default() };
        let lines = text(Encoding::Ndjson, &batch, &options);
        assert!(lines.starts_with(expected), "{lines}");
    }
}

#[test]
fn arrow_has_no_views_and_keeps_the_reference_system() {
    let batch = cities(Some(Crs::from_epsg(3857)));
    let stream = encode(Encoding::Arrow, &batch, &EncodeOptions::default());
    let reader = StreamReader::try_new(stream.as_slice(), None).unwrap();
    let schema = reader.schema();
    assert_eq!(reader.map(|batch| batch.unwrap().num_rows()).sum::<usize>(), 3);
    let file = encode(Encoding::ArrowFile, &batch, &EncodeOptions::default());
    let reader = FileReader::try_new(std::io::Cursor::new(file), None).unwrap();
    for schema in [schema, reader.schema()] {
        assert_eq!(*schema.field(2).data_type(), DataType::Binary);
        let geometry_type = GeometryType::from_field(schema.field(2)).unwrap().unwrap();
        assert_eq!(geometry_type.crs, Some(Crs::from_epsg(3857)));
    }
}

#[test]
fn parquet_has_geo_metadata_and_bounds() {
    let batch = batch(vec![geometry(
        Some(Crs::from_epsg(3857)),
        &[Some("POINT Z (1 2 3)"), Some("LINESTRING(0 0,5 6)"), None],
    )]);
    let bytes = encode(Encoding::Parquet, &batch, &EncodeOptions::default());
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes)).unwrap();
    let metadata = reader.metadata().file_metadata().key_value_metadata().unwrap().clone();
    let geo = metadata.iter().find(|entry| entry.key == "geo").unwrap().value.clone().unwrap();
    let geo: Value = serde_json::from_str(&geo).unwrap();
    assert_eq!(geo["version"], "1.1.0");
    let column = &geo["columns"]["geom"];
    assert_eq!(column["geometry_types"], json!(["LineString", "Point Z"]));
    assert_eq!(column["bbox"], json!([0.0, 0.0, 3.0, 5.0, 6.0, 3.0]));
    assert_eq!(column["covering"]["bbox"]["xmax"], json!(["bbox", "xmax"]));
    assert_eq!(column["crs"]["id"]["code"], 3857);
    let batch = reader.build().unwrap().next().unwrap().unwrap();
    assert_eq!(batch.num_rows(), 4);
    let column = WkbColumn::try_new(batch.column(0).as_ref()).unwrap();
    let first = Geometry::try_new(column.get(0).unwrap()).unwrap();
    assert_eq!(wkt::format(first, 15), "POINT Z (1 2 3)");
}
