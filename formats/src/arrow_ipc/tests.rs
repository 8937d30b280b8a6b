//! Arrow IPC through a bare session.

use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, BinaryArray, Float64Array, Int32Array, RecordBatch, StructArray,
};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::ipc::writer::{FileWriter, StreamWriter};
use godwit_geometry::{Crs, GeometryType, write};

use crate::test_support::open;

fn batch() -> RecordBatch {
    let ordinate = |name: &str| Arc::new(Field::new(name, DataType::Float64, false));
    let values = |values: Vec<f64>| Arc::new(Float64Array::from(values)) as ArrayRef;
    let native = StructArray::from(vec![
        (ordinate("x"), values(vec![1.0, 2.0])),
        (ordinate("y"), values(vec![3.0, 4.0])),
    ]);
    let native_metadata = [
        ("ARROW:extension:name".to_owned(), "geoarrow.point".to_owned()),
        ("ARROW:extension:metadata".to_owned(), r#"{"crs":"EPSG:3857"}"#.to_owned()),
    ];
    let native_field = Field::new("native", native.data_type().clone(), true);
    let point = write::point_xy(5.0, 6.0);
    let schema = Schema::new(vec![
        Field::new("id", DataType::Int32, false),
        native_field.with_metadata(native_metadata.into()),
        GeometryType::new(Some(Crs::wgs84())).field("wkb", true),
    ]);
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int32Array::from(vec![1, 2])),
        Arc::new(native),
        Arc::new(BinaryArray::from(vec![Some(point.as_slice()), None])),
    ];
    RecordBatch::try_new(Arc::new(schema), columns).unwrap()
}

fn file() -> Vec<u8> {
    let batch = batch();
    let mut writer = FileWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

fn stream() -> Vec<u8> {
    let batch = batch();
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

#[tokio::test]
async fn columns_of_one_name_are_all_there() {
    let numbers = |number: i32| Arc::new(Int32Array::from(vec![number])) as ArrayRef;
    let field = |name: &str| Field::new(name, DataType::Int32, false);
    let schema = Arc::new(Schema::new(vec![field("a"), field("b"), field("a")]));
    let columns = vec![numbers(1), numbers(2), numbers(3)];
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns).unwrap();
    let mut writer = FileWriter::try_new(Vec::new(), &schema).unwrap();
    writer.write(&batch).unwrap();
    let bytes = writer.into_inner().unwrap();
    let table = open("ARROW", ".arrow", &bytes, &[]).await.unwrap();
    let shown = table.show("SELECT a, b, a_1 FROM t").await;
    assert!(shown.contains("| 1 | 2 | 3   |"), "{shown}");
}

#[tokio::test]
async fn files_and_streams_are_read_with_their_geometries() {
    for bytes in [file(), stream(), zstd::encode_all(stream().as_slice(), 1).unwrap()] {
        let table = open("ARROW", ".arrow", &bytes, &[]).await.unwrap();
        let shown = table
            .show("SELECT length(encode(wkb, 'hex')) / 2 AS w, length(encode(native, 'hex')) / 2 AS n, id FROM t ORDER BY id")
            .await;
        assert!(shown.contains("| 21 | 21 | 1  |"), "{shown}");
        assert!(shown.contains("|    | 21 | 2  |"), "{shown}");
        assert_eq!(table.crs("native"), Some(Crs::from_epsg(3857)));
        assert_eq!(table.crs("wkb"), Some(Crs::wgs84()));
        assert!(table.show("SELECT count(*) AS n FROM t").await.contains("| 2 |"));
    }
}

#[tokio::test]
async fn truncated_files_are_refused_without_a_panic() {
    let bytes = stream();
    for end in 0..bytes.len() - 8 {
        if let Ok(table) = open("ARROW", ".arrow", &bytes[..end], &[]).await {
            drop(table.select("SELECT * FROM t").await);
        }
    }
}
