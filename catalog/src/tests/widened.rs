//! Files of one table whose columns have types of different widths.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Float32Array, Float64Array,
    Int32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
    TimestampMillisecondArray,
};
use arrow::datatypes::{Int32Type, TimeUnit};
use datafusion::datasource::TableProvider;
use godwit_formats::FormatOptions;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;

use super::Fixture;
use crate::CatalogError;

/// Writes a column `v` with two rows a row group.
fn write(fixture: &Fixture, file: &str, values: ArrayRef) {
    let rows = RecordBatch::try_from_iter([("v", values)]).unwrap();
    let directory = fixture.path("files");
    std::fs::create_dir_all(&directory).unwrap();
    let file = std::fs::File::create(directory.join(file)).unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(2)).build();
    let mut writer = ArrowWriter::try_new(file, rows.schema(), Some(properties)).unwrap();
    writer.write(&rows).unwrap();
    writer.close().unwrap();
}

async fn table(fixture: &Fixture) -> Result<Arc<dyn TableProvider>, CatalogError> {
    let location = fixture.path("files/*.parquet").display().to_string();
    let state = fixture.session.state();
    fixture.catalog.open_location(&state, &location, None, &FormatOptions::new()).await
}

/// Returns the cells of a query.
async fn cells(fixture: &Fixture, sql: &str) -> String {
    let shown = fixture.query_provider(table(fixture).await.unwrap(), sql).await;
    let rows = shown.lines().filter(|line| line.starts_with('|')).skip(1);
    rows.map(|row| row.trim_matches(['|', ' '])).collect::<Vec<_>>().join(",")
}

async fn check(fixture: &Fixture, queries: &[(&str, &str)]) {
    for (sql, expected) in queries {
        assert_eq!(cells(fixture, sql).await, *expected, "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn integers_become_the_wider_ones() {
    let fixture = Fixture::new().await;
    write(&fixture, "a.parquet", Arc::new(Int32Array::from(vec![1, 2, -3, 400])));
    write(&fixture, "b.parquet", Arc::new(Int64Array::from(vec![5, 6_000_000_000, -7, 8])));
    check(
        &fixture,
        &[
            ("SELECT count(*) FROM t", "8"),
            ("SELECT max(v) FROM t", "6000000000"),
            ("SELECT min(v) FROM t", "-7"),
            ("SELECT v FROM t WHERE v = 400", "400"),
            ("SELECT v FROM t WHERE v > 8 ORDER BY v", "400,6000000000"),
            ("SELECT v FROM t WHERE v < 0 ORDER BY v", "-7,-3"),
            ("SELECT v FROM t WHERE v IN (2, 8) ORDER BY v", "2,8"),
            ("SELECT v FROM t ORDER BY v DESC LIMIT 2", "6000000000,400"),
            ("SELECT v FROM t ORDER BY v LIMIT 3", "-7,-3,1"),
            ("SELECT DISTINCT arrow_typeof(v) FROM t", "Int64"),
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_become_doubles_or_decimals() {
    let fixture = Fixture::new().await;
    let decimals = |values: Vec<i128>, precision, scale| {
        Arc::new(Decimal128Array::from(values).with_precision_and_scale(precision, scale).unwrap())
    };
    write(&fixture, "a.parquet", decimals(vec![150, 275, 300, 999], 5, 2));
    write(&fixture, "b.parquet", decimals(vec![12_345, 20_000, 1, 7], 9, 4));
    check(
        &fixture,
        &[
            ("SELECT v FROM t WHERE v > 2 ORDER BY v", "2.7500,3.0000,9.9900"),
            ("SELECT max(v) FROM t", "9.9900"),
            ("SELECT v FROM t ORDER BY v LIMIT 2", "0.0001,0.0007"),
            ("SELECT v FROM t WHERE v = 1.2345", "1.2345"),
        ],
    )
    .await;
    write(&fixture, "c.parquet", Arc::new(Float32Array::from(vec![0.5, f32::NAN, 2.0, -1.0])));
    write(&fixture, "d.parquet", Arc::new(Float64Array::from(vec![0.25, 100.0])));
    write(&fixture, "e.parquet", Arc::new(Int32Array::from(vec![42, 43, 44])));
    check(
        &fixture,
        &[
            ("SELECT v FROM t WHERE v > 40 AND v < 50 ORDER BY v", "42.0,43.0,44.0"),
            ("SELECT v FROM t WHERE v <= 0.25 ORDER BY v", "-1.0,0.0001,0.0007,0.25"),
            ("SELECT v FROM t WHERE v = 2.75", "2.75"),
            ("SELECT v FROM t ORDER BY v LIMIT 2", "-1.0,0.0001"),
            ("SELECT count(*) FROM t WHERE v > 100", "1"),
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_may_be_dictionaries() {
    let fixture = Fixture::new().await;
    let codes: DictionaryArray<Int32Type> = ["b", "a", "z", "b"].into_iter().collect();
    write(&fixture, "a.parquet", Arc::new(StringArray::from(vec!["b", "m", "n", "o"])));
    write(&fixture, "b.parquet", Arc::new(codes));
    check(
        &fixture,
        &[
            ("SELECT v FROM t WHERE v > 'n' ORDER BY v", "o,z"),
            ("SELECT count(*) FROM t WHERE v = 'b'", "3"),
            ("SELECT max(v) FROM t", "z"),
            ("SELECT min(v) FROM t", "a"),
            ("SELECT v FROM t ORDER BY v LIMIT 1", "a"),
            ("SELECT v FROM t WHERE v LIKE 'z%'", "z"),
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn times_become_the_finer_ones() {
    let fixture = Fixture::new().await;
    write(&fixture, "a.parquet", Arc::new(TimestampMillisecondArray::from(vec![1, 1, 5, 9])));
    let micros = TimestampMicrosecondArray::from(vec![1_000, 1_500, 8_000, 20_000]);
    write(&fixture, "b.parquet", Arc::new(micros));
    let schema = table(&fixture).await.unwrap().schema();
    let expected = arrow::datatypes::DataType::Timestamp(TimeUnit::Microsecond, None);
    assert_eq!(schema.field(0).data_type(), &expected);
    let time = |fraction: &str| format!("TIMESTAMP '1970-01-01T00:00:00.{fraction}'");
    for (condition, expected) in [
        (format!("v < {}", time("001500")), "3"),
        (format!("{} > v", time("001500")), "3"),
        (format!("v <= {}", time("001500")), "4"),
        (format!("v = {}", time("001")), "3"),
        (format!("v = {}", time("001500")), "1"),
        (format!("v <> {}", time("001500")), "7"),
        (format!("v > {}", time("008500")), "2"),
        (format!("v >= {}", time("009")), "2"),
        (format!("v BETWEEN {} AND {}", time("004"), time("008")), "2"),
    ] {
        check(&fixture, &[(&format!("SELECT count(*) FROM t WHERE {condition}"), expected)]).await;
    }
    check(
        &fixture,
        &[
            ("SELECT max(v) FROM t", "1970-01-01T00:00:00.020"),
            (
                "SELECT v FROM t ORDER BY v DESC LIMIT 2",
                "1970-01-01T00:00:00.020,1970-01-01T00:00:00.009",
            ),
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_common_type_is_refused() {
    for (values, found) in [
        (Arc::new(StringArray::from(vec!["a"])) as ArrayRef, "Utf8"),
        (Arc::new(Date32Array::from(vec![1])), "Date32"),
    ] {
        let fixture = Fixture::new().await;
        write(&fixture, "a.parquet", Arc::new(Int32Array::from(vec![1])));
        write(&fixture, "b.parquet", Arc::new(Int64Array::from(vec![1])));
        write(&fixture, "c.parquet", values);
        let refused = table(&fixture).await.unwrap_err().to_string();
        for part in ["column \"v\" is Int64 in file", "b.parquet\"", found, "c.parquet\""] {
            assert!(refused.contains(part), "{refused}");
        }
    }
}
