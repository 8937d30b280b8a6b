//! Parquet through a bare session.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, Float64Array, Int32Array, RecordBatch, StringArray, StructArray,
};
use arrow::datatypes::{DataType, Field, Schema};
use godwit_geometry::{Crs, GeometryType, write};
use parquet::arrow::ArrowWriter;
use parquet::file::metadata::KeyValue;

use crate::test_support::open;

fn file(field: Field, geometry: ArrayRef, geo: Option<&str>) -> Vec<u8> {
    let schema = Arc::new(Schema::new(vec![Field::new("id", DataType::Int32, false), field]));
    let ids: ArrayRef = Arc::new(Int32Array::from_iter_values(0..2));
    let batch = RecordBatch::try_new(Arc::clone(&schema), vec![ids, geometry]).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), schema, None).unwrap();
    writer.write(&batch).unwrap();
    if let Some(geo) = geo {
        writer.append_key_value_metadata(KeyValue::new("geo".to_owned(), geo.to_owned()));
    }
    writer.into_inner().unwrap()
}

fn wkb() -> ArrayRef {
    let point = write::point_xy(5.0, 6.0);
    Arc::new(BinaryArray::from(vec![Some(point.as_slice()), None]))
}

fn geo(column: &str) -> String {
    format!(r#"{{"version":"1.1.0","primary_column":"geom","columns":{{"geom":{column}}}}}"#)
}

#[tokio::test]
async fn geo_metadata_makes_a_geometry() {
    for (column, crs) in [
        (r#"{"encoding":"WKB","geometry_types":[]}"#, Some(Crs::wgs84())),
        (r#"{"encoding":"WKB","geometry_types":[],"crs":null}"#, None),
    ] {
        let bytes = file(Field::new("geom", DataType::Binary, true), wkb(), Some(&geo(column)));
        let table = open("PARQUET", ".parquet", &bytes, &[]).await.unwrap();
        assert_eq!(table.crs("geom"), crs);
        let shown =
            table.show("SELECT id, length(encode(geom, 'hex')) / 2 AS n FROM t WHERE id = 0").await;
        assert!(shown.contains("| 0  | 21 |"), "{shown}");
    }
}

#[tokio::test]
async fn columns_of_one_name_are_refused() {
    let numbers: ArrayRef = Arc::new(Int32Array::from(vec![1, 2]));
    let bytes = file(Field::new("id", DataType::Int32, false), numbers, None);
    let error = open("PARQUET", ".parquet", &bytes, &[]).await.unwrap_err().to_string();
    assert!(error.contains("has two columns \"id\""), "{error}");
}

#[tokio::test]
async fn a_native_logical_type_makes_a_geometry() {
    let field = GeometryType::new(Some(Crs::from_epsg(3857))).field("geom", true);
    let bytes = file(field, wkb(), None);
    let table = open("GEOPARQUET", ".parquet", &bytes, &[]).await.unwrap();
    assert_eq!(table.crs("geom"), Some(Crs::from_epsg(3857)));
    assert!(table.show("SELECT count(geom) AS n FROM t").await.contains("| 1 |"));
}

#[tokio::test]
async fn a_native_logical_type_names_its_system_in_each_way() {
    let system = Crs::from_epsg(3301).to_json().to_string();
    for (named, code) in [("srid:3857", 3857), ("projjson:crs", 3301), ("EPSG:4258", 4258)] {
        let extension = format!("{{\"crs\":\"{named}\"}}");
        let metadata = [
            ("ARROW:extension:name".to_owned(), "geoarrow.wkb".to_owned()),
            ("ARROW:extension:metadata".to_owned(), extension),
        ];
        let field = Field::new("geom", DataType::Binary, true).with_metadata(metadata.into());
        let schema = Arc::new(Schema::new(vec![field]));
        let batch = RecordBatch::try_new(Arc::clone(&schema), vec![wkb()]).unwrap();
        let mut writer = ArrowWriter::try_new(Vec::new(), schema, None).unwrap();
        writer.write(&batch).unwrap();
        writer.append_key_value_metadata(KeyValue::new("crs".to_owned(), system.clone()));
        let bytes = writer.into_inner().unwrap();
        let table = open("PARQUET", ".parquet", &bytes, &[]).await.unwrap();
        assert_eq!(table.crs("geom").and_then(|crs| crs.srid()), Some(code), "{named}");
    }
}

#[tokio::test]
async fn native_encodings_are_shown_as_wkb() {
    let ordinate = |name: &str| Arc::new(Field::new(name, DataType::Float64, false));
    let values = |values: Vec<f64>| Arc::new(Float64Array::from(values)) as ArrayRef;
    let points = StructArray::from(vec![
        (ordinate("x"), values(vec![1.0, 2.0])),
        (ordinate("y"), values(vec![3.0, 4.0])),
    ]);
    let data_type = points.fields().clone();
    let column = geo(r#"{"encoding":"point","geometry_types":["Point"]}"#);
    let field = Field::new("geom", DataType::Struct(data_type), true);
    let bytes = file(field, Arc::new(points), Some(&column));
    let table = open("GEOPARQUET", ".parquet", &bytes, &[]).await.unwrap();
    assert_eq!(table.crs("geom"), Some(Crs::wgs84()));
    let shown = table.show("SELECT id, encode(geom, 'hex') AS g FROM t WHERE id = 1").await;
    assert!(shown.contains("0101000000000000000000004000000000000010"), "{shown}");
    assert!(table.show("SELECT count(*) AS n FROM t").await.contains("| 2 |"));
}

#[tokio::test]
async fn geometries_in_texts_are_shown_as_wkb() {
    let metadata = [
        ("ARROW:extension:name".to_owned(), "geoarrow.wkt".to_owned()),
        ("ARROW:extension:metadata".to_owned(), r#"{"crs":"EPSG:3857"}"#.to_owned()),
    ];
    let field = Field::new("geom", DataType::Utf8, true).with_metadata(metadata.into());
    let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("POINT(1 3)"), None]));
    let table = open("PARQUET", ".parquet", &file(field, texts, None), &[]).await.unwrap();
    assert_eq!(table.crs("geom"), Some(Crs::from_epsg(3857)));
    let shown = table.show("SELECT encode(geom, 'hex') AS g FROM t WHERE id = 0").await;
    assert!(shown.contains("0101000000000000000000f03f0000000000000840"), "{shown}");
    assert!(table.show("SELECT count(geom) AS n FROM t").await.contains("| 1 |"));
}

#[tokio::test]
async fn a_truncated_file_is_an_error() {
    let bytes = file(Field::new("geom", DataType::Binary, true), wkb(), None);
    for end in [1, 4, bytes.len() / 2, bytes.len() - 1] {
        assert!(open("PARQUET", ".parquet", &bytes[..end], &[]).await.is_err());
    }
}
