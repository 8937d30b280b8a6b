//! Files are complete or not there.

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use datafusion::error::DataFusionError;
use futures::StreamExt as _;
use godwit_geometry::{Crs, GeometryType, write};
use object_store::local::LocalFileSystem;
use object_store::{ObjectStore, path::Path};

use crate::Compression;
use crate::encode::{EncodeOptions, Encoding, encoder};
use crate::test_support::open;
use crate::write::write_file;

fn batch(start: i64, rows: i64) -> RecordBatch {
    let schema = Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new("name", DataType::Utf8, true),
        GeometryType::new(Some(Crs::wgs84())).field("geometry", true),
    ]);
    let points: Vec<Vec<u8>> =
        (start..start + rows).map(|id| write::point_xy(id as f64 / 1000.0, 50.0)).collect();
    let names = (start..start + rows).map(|id| (id % 3 > 0).then(|| format!("n{id}")));
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from_iter_values(start..start + rows)),
        Arc::new(names.collect::<StringArray>()),
        Arc::new(BinaryArray::from_iter_values(points)),
    ];
    RecordBatch::try_new(Arc::new(schema), columns).unwrap()
}

#[tokio::test]
async fn what_is_written_is_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn ObjectStore> =
        Arc::new(LocalFileSystem::new_with_prefix(folder.path()).unwrap());
    for (encoding, format) in [
        (Encoding::Parquet, "GEOPARQUET"),
        (Encoding::GeoJson, "GEOJSON"),
        (Encoding::GeoJsonSeq, "GEOJSONSEQ"),
        (Encoding::Csv, "CSV"),
        (Encoding::Tsv, "TSV"),
        (Encoding::Json, "JSON"),
        (Encoding::Ndjson, "JSON"),
        (Encoding::Arrow, "ARROW"),
        (Encoding::ArrowFile, "ARROW"),
        (Encoding::FlatGeobuf, "FLATGEOBUF"),
        (Encoding::GeoPackage, "GEOPACKAGE"),
    ] {
        for compression in Compression::ALL {
            if *compression != Compression::None && !encoding.is_compressible() {
                continue;
            }
            let batches = (0..40).map(|part| batch(part * 2000, 2000));
            let schema = batch(0, 0).schema();
            let encoder = encoder(encoding, &schema, &EncodeOptions::default()).unwrap();
            let rows = futures::stream::iter(batches.map(Ok));
            let path = Path::from("file");
            let written = write_file(&store, &path, encoder, *compression, rows).await.unwrap();
            assert_eq!(written.rows, 80_000);
            let bytes = std::fs::read(folder.path().join("file")).unwrap();
            assert_eq!(written.bytes, bytes.len() as u64);
            let table = open(format, "", &bytes, &[]).await.unwrap();
            let shown =
                table.show("SELECT count(geometry) AS g, count(name) AS n, sum(id) AS s FROM t");
            let shown = shown.await;
            assert!(shown.contains("| 80000 | 53333 | 3199960000 |"), "{encoding:?} {shown}");
        }
    }
}

#[tokio::test]
async fn a_failing_query_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn ObjectStore> =
        Arc::new(LocalFileSystem::new_with_prefix(folder.path()).unwrap());
    let failure = futures::stream::iter([Err(DataFusionError::Plan("no".to_owned()))]);
    let batches = futures::stream::iter((0..2000).map(|part| Ok(batch(part * 2000, 2000))));
    let encoder = encoder(Encoding::Csv, &batch(0, 0).schema(), &EncodeOptions::default()).unwrap();
    let rows = batches.chain(failure);
    let path = Path::from("file");
    let written = write_file(&store, &path, encoder, Compression::None, rows).await;
    assert!(written.unwrap_err().to_string().contains("no"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
