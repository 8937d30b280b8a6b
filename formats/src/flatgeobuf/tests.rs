//! Files of our own writer, whole, in part and broken.

use arrow::array::{AsArray as _, RecordBatch};
use arrow::datatypes::Int64Type;
use godwit_geometry::flatgeobuf::{Column, ColumnType, Feature, Layer, encode, push_value};
use godwit_geometry::mvt::Value;
use godwit_geometry::{Crs, Geometry, Relation, box_2d, wkt, write};

use crate::test_support::{Table, function, hex, open};

const ROWS: i64 = 3000;

/// Rows along a diagonal: points, boxes, NULL and empty geometries.
fn geometry(id: i64) -> Option<Vec<u8>> {
    let at = id as f64 / 10.0;
    match id % 10 {
        7 => None,
        8 => Some(wkt::parse("LINESTRING EMPTY").unwrap().0),
        5 => Some(box_2d([at, at], [at + 0.3, at + 0.1])),
        _ => Some(write::point_xy(at, at)),
    }
}

fn feature(id: i64, wkb: Option<&[u8]>) -> Feature<'_> {
    let geometry = wkb.map(|wkb| Geometry::try_new(wkb).unwrap());
    let mut feature = Feature { geometry, properties: Vec::new() };
    push_value(&mut feature.properties, 0, Value::Integer(id));
    if id % 3 > 0 {
        push_value(&mut feature.properties, 1, Value::Text("a name"));
    }
    feature
}

fn file(rows: i64, with_index: bool) -> Vec<u8> {
    let geometries: Vec<Option<Vec<u8>>> = (0..rows).map(geometry).collect();
    let features = (0..).zip(&geometries).map(|(id, wkb)| feature(id, wkb.as_deref()));
    let features: Vec<Feature<'_>> = features.collect();
    let crs = Crs::from_epsg(3301);
    let columns = vec![
        Column { name: "id", column_type: ColumnType::Long },
        Column { name: "name", column_type: ColumnType::Text },
    ];
    encode(&Layer { name: "", crs: Some(&crs), columns }, &features, with_index).unwrap()
}

async fn table(bytes: &[u8]) -> Table {
    open("FLATGEOBUF", ".fgb", bytes, &[]).await.unwrap()
}

fn window(wkb: &[u8]) -> String {
    format!(
        "SELECT id FROM t WHERE st_intersects(geometry, arrow_cast(decode('{}', 'hex'), \
         'BinaryView'))",
        hex(wkb)
    )
}

fn ids(batches: &[RecordBatch]) -> Vec<i64> {
    let columns = batches.iter().map(|batch| batch.column(0).as_primitive::<Int64Type>());
    let mut ids: Vec<i64> = columns.flat_map(|ids| ids.values().to_vec()).collect();
    ids.sort_unstable();
    ids
}

#[tokio::test]
async fn all_rows_are_read_with_an_index_and_without() {
    for with_index in [false, true] {
        let bytes = file(ROWS, with_index);
        let table = table(&bytes).await;
        assert_eq!(table.crs("geometry"), Some(Crs::from_epsg(3301)));
        let sql =
            "SELECT count(*) AS n, sum(id) AS s, count(name) AS k, count(geometry) AS g FROM t";
        assert!(table.show(sql).await.contains("| 3000 | 4498500 | 2000 | 2700 |"), "{with_index}");
        assert!(table.show("SELECT count(*) AS n FROM t").await.contains("| 3000 |"));
        let ids = ids(&table.select("SELECT id FROM t").await.unwrap());
        assert_eq!(ids, (0..ROWS).collect::<Vec<_>>());
        let compressed = zstd::encode_all(bytes.as_slice(), 1).unwrap();
        let table = open("FLATGEOBUF", ".fgb.zst", &compressed, &[]).await.unwrap();
        assert!(table.show("SELECT count(*) AS n FROM t").await.contains("| 3000 |"));
    }
}

#[tokio::test]
async fn a_window_reads_what_it_needs() {
    let bytes = file(ROWS, true);
    let unindexed = file(ROWS, false);
    for (low, high) in [(0.0, 0.0), (12.05, 14.0), (100.0, 100.6), (299.9, 400.0), (-9.0, -1.0)] {
        let wkb = box_2d([low, low], [high, high]);
        let other = Geometry::try_new(&wkb).unwrap();
        let meets = |id: &i64| {
            geometry(*id).is_some_and(|wkb| {
                Relation::Intersects.evaluate(Geometry::try_new(&wkb).unwrap(), other).unwrap()
            })
        };
        let expected: Vec<i64> = (0..ROWS).filter(meets).collect();
        let functions = || vec![function(Relation::Intersects)];
        let (rows, counts) = table(&bytes).await.measured(&window(&wkb), functions()).await;
        assert_eq!(ids(&rows), expected, "{low} {high}");
        let pruned = counts.get("features_pruned_spatial").copied().unwrap_or(0);
        let read = 3000 - pruned;
        assert!(read < expected.len() + 20, "{low} {high}: {read} for {}", expected.len());
        let (rows, counts) = table(&unindexed).await.measured(&window(&wkb), functions()).await;
        assert_eq!(ids(&rows), expected);
        assert_eq!(counts.get("features_pruned_spatial").copied().unwrap_or(0), 0);
    }
}

#[tokio::test]
async fn files_that_are_cut_off_are_refused() {
    for with_index in [false, true] {
        let whole = file(9, with_index);
        for end in (0..whole.len()).step_by(11) {
            if let Ok(table) = open("FLATGEOBUF", ".fgb", &whole[..end], &[]).await {
                let read = table.select("SELECT * FROM t").await;
                // A file without a byte is no file.
                assert!(end == 0 || read.is_err(), "{end}");
            }
        }
    }
}

/// A file with a column of times, of which these are the values.
fn times(values: &[Option<&str>]) -> Vec<u8> {
    let features = values.iter().map(|value| {
        let mut feature = Feature::default();
        push_value(&mut feature.properties, 1, Value::Integer(7));
        if let Some(text) = value {
            push_value(&mut feature.properties, 0, Value::Text(text));
        }
        feature
    });
    let features: Vec<Feature<'_>> = features.collect();
    let columns = vec![
        Column { name: "at", column_type: ColumnType::DateTime },
        Column { name: "id", column_type: ColumnType::Long },
    ];
    encode(&Layer { name: "", crs: None, columns }, &features, true).unwrap()
}

#[tokio::test]
async fn times_of_day_are_texts() {
    let values = [None, Some("0000-00-00T12:34:56"), Some("0000-00-00T00:00:01.500")];
    let shown = table(&times(&values)).await.show("SELECT at, id FROM t").await;
    for row in ["|              | 7  |", "| 12:34:56     | 7  |", "| 00:00:01.500 | 7  |"] {
        assert!(shown.contains(row), "{shown}");
    }
    let values = [Some("2020-02-29T12:34:56.5"), Some(""), Some("1900-01-01T00:00:00")];
    let shown = table(&times(&values)).await.show("SELECT at, id FROM t").await;
    for row in [
        "| 2020-02-29T12:34:56.500 |",
        "| 1900-01-01T00:00:00     |",
        "|                         |",
    ] {
        assert!(shown.contains(row), "{shown}");
    }
}

#[tokio::test]
async fn times_that_make_no_sense_are_refused() {
    for value in ["soon", "0000-00-00T12:34:56"] {
        let table = table(&times(&[Some("2020-02-29T12:34:56"), Some(value)])).await;
        let error = table.select("SELECT at FROM t").await.unwrap_err().to_string();
        assert!(error.contains(&format!("column \"at\": \"{value}\" is no time")), "{error}");
        assert!(table.show("SELECT sum(id) AS s FROM t").await.contains("| 14 |"));
    }
}

/// A small generator of numbers that look random (Marsaglia, Xorshift RNGs, 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }
}

#[tokio::test]
async fn broken_files_never_panic() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let window = window(&box_2d([1.0, 1.0], [2.0, 2.0]));
    let whole = [file(40, true), file(40, false)];
    let mut refused = 0;
    for round in 0..120 {
        let mut bytes = whole[round % 2].clone();
        for _ in 0..=random.below(4) {
            // Most of what can go wrong stands in the first bytes.
            let limit = if random.below(2) == 0 { 600 } else { bytes.len() };
            let at = random.below(limit);
            bytes[at] = [0, 0xff, 0x7f, 0x80, 1, 0xfe][random.below(6)];
        }
        let Ok(table) = open("FLATGEOBUF", ".fgb", &bytes, &[]).await else {
            refused += 1;
            continue;
        };
        table.register(function(Relation::Intersects));
        for sql in ["SELECT * FROM t", &window] {
            if let Err(error) = table.select(sql).await {
                refused += 1;
                assert!(!error.to_string().contains("panic"), "round {round}: {error}");
            }
        }
    }
    assert!(refused > 10, "{refused}");
}
