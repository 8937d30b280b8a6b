//! What is written is read back.

use std::io::Write as _;
use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use flate2::write::GzEncoder;
use godwit_geometry::{Crs, GeometryType, write};

use crate::Compression;
use crate::encode::{EncodeOptions, Encoding, encoder};
use crate::test_support::open;

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

/// Returns 40 batches of 2,000 rows in an encoding.
fn encoded(encoding: Encoding) -> Vec<u8> {
    let schema = batch(0, 0).schema();
    let mut encoder = encoder(encoding, &schema, &EncodeOptions::default()).unwrap();
    let mut out = Vec::new();
    encoder.start(&mut out).unwrap();
    for part in 0..40 {
        encoder.write(&batch(part * 2000, 2000), &mut out).unwrap();
    }
    encoder.finish(&mut out).unwrap();
    while encoder.rest(&mut out).unwrap() {}
    out
}

fn compressed(bytes: Vec<u8>, compression: Compression) -> Vec<u8> {
    match compression {
        Compression::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(&bytes).unwrap();
            encoder.finish().unwrap()
        }
        Compression::Zstd => zstd::encode_all(bytes.as_slice(), 1).unwrap(),
        Compression::None => bytes,
    }
}

#[tokio::test]
async fn what_is_written_is_read_back() {
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
        let bytes = encoded(encoding);
        for compression in Compression::ALL {
            if *compression != Compression::None && !encoding.is_compressible() {
                continue;
            }
            let bytes = compressed(bytes.clone(), *compression);
            let table = open(format, "", &bytes, &[]).await.unwrap();
            let shown =
                table.show("SELECT count(geometry) AS g, count(name) AS n, sum(id) AS s FROM t");
            let shown = shown.await;
            assert!(shown.contains("| 80000 | 53333 | 3199960000 |"), "{encoding:?} {shown}");
        }
    }
}
