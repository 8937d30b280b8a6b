//! Files with boxes in every place where they can be: what is read is less, the answer the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, AsArray as _, BinaryArray, Float32Array, Float64Array, Int64Array,
    RecordBatch, StringArray, StructArray,
};
use arrow::datatypes::{DataType, Field, Fields, Int64Type, Schema};
use godwit_geometry::{
    Bounds, Coord, Dimension, Geometry, GeometryType, Relation, box_2d, wkt, write,
};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{
    EnabledStatistics, WriterProperties, WriterPropertiesBuilder, WriterVersion,
};

use crate::BoxesRead;
use crate::test_support::{Table, function, hex, open};

const ROWS: i64 = 1000;
const ROW_GROUP: usize = 200;
const PAGE: usize = 20;

/// What the boxes of a file are.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Boxes {
    None,
    Singles,
    /// Rounded to the nearest single, which may lie inside of the geometry.
    NearestSingles,
    Doubles,
    /// Geometries without coordinates have boxes that are not numbers.
    NotNumbers,
    /// Geometries beyond 180 degrees have boxes around the back of the globe.
    Wrapped,
    /// No box for any geometry of the second half.
    Missing,
}

struct Case {
    boxes: Boxes,
    writer: WriterPropertiesBuilder,
    /// Further members of the column in the `geo` metadata.
    column: &'static str,
    /// Whether the file has `geo` metadata, and not a type of its own.
    has_geo: bool,
}

impl Case {
    /// A file of our own writer, which has no boxes for geometries without coordinates.
    fn new(boxes: Boxes) -> Self {
        let writer = WriterProperties::builder()
            .set_created_by("godwit test".to_owned())
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .set_data_page_row_count_limit(PAGE)
            .set_write_batch_size(PAGE);
        Self { boxes, writer, column: "", has_geo: true }
    }
}

/// Rows along a diagonal: points, boxes that share corners, NULL and empty geometries.
fn geometry(id: i64) -> Option<Vec<u8>> {
    let at = id as f64 / 10.0;
    match id % 10 {
        7 => None,
        8 => Some(wkt::parse("POLYGON EMPTY").unwrap().0),
        5 => Some(box_2d([at, at], [at + 0.3, at + 0.1])),
        _ => Some(write::point_xy(at, at)),
    }
}

fn file(case: &Case, geometry: impl Fn(i64) -> Option<Vec<u8>>) -> Vec<u8> {
    let geometries: Vec<Option<Vec<u8>>> = (0..ROWS).map(geometry).collect();
    let wkb: BinaryArray = geometries.iter().map(|wkb| wkb.as_deref()).collect();
    let field = if case.has_geo {
        Field::new("geom", DataType::Binary, true)
    } else {
        GeometryType::default().field("geom", true)
    };
    let mut fields = vec![Field::new("id", DataType::Int64, false), field];
    let ids: ArrayRef = Arc::new(Int64Array::from_iter_values(0..ROWS));
    let mut columns = vec![ids, Arc::new(wkb) as ArrayRef];
    fields.push(Field::new("note", DataType::Utf8, false));
    let notes = (0..ROWS).map(|id| format!("{} {id}", "a long note about this row".repeat(4)));
    columns.push(Arc::new(StringArray::from_iter_values(notes)));
    let mut geo = String::from(r#"{"version":"1.1.0","primary_column":"geom","columns":{"geom":"#);
    geo.push_str(r#"{"encoding":"WKB","geometry_types":[],"crs":null"#);
    geo.push_str(case.column);
    if case.boxes != Boxes::None {
        let boxes = boxes(case.boxes, &geometries);
        fields.push(Field::new("bbox", boxes.data_type().clone(), true));
        columns.push(Arc::new(boxes));
        let side = |side: &str| format!(r#""{side}":["bbox","{side}"]"#);
        let sides = ["xmin", "ymin", "xmax", "ymax"].map(side).join(",");
        write!(geo, r#","covering":{{"bbox":{{{sides}}}}}"#).unwrap();
    }
    geo.push_str("}}}");
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns).unwrap();
    let properties = case.writer.clone().build();
    let mut writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    if case.has_geo {
        writer.append_key_value_metadata(KeyValue::new("geo".to_owned(), geo));
    }
    writer.into_inner().unwrap()
}

async fn opened(case: &Case, geometry: impl Fn(i64) -> Option<Vec<u8>>) -> Table {
    open("GEOPARQUET", ".parquet", &file(case, geometry), &[]).await.unwrap()
}

fn boxes(kind: Boxes, geometries: &[Option<Vec<u8>>]) -> StructArray {
    let bounds = |wkb: &Option<Vec<u8>>| {
        wkb.as_ref().and_then(|wkb| Geometry::try_new(wkb).unwrap().bounds())
    };
    let rows: Vec<Option<[f64; 4]>> = geometries
        .iter()
        .enumerate()
        .map(|(row, wkb)| match (kind, bounds(wkb)) {
            (Boxes::Missing, _) if row * 2 >= geometries.len() => None,
            (Boxes::NotNumbers, None) => wkb.is_some().then_some([f64::NAN; 4]),
            (Boxes::Wrapped, Some(Bounds { xmin, ymin, xmax, ymax })) => {
                let wrapped = |x: f64| if x > 180.0 { x - 360.0 } else { x };
                Some([wrapped(xmin), ymin, wrapped(xmax), ymax])
            }
            (_, bounds) => bounds.map(|b| [b.xmin, b.ymin, b.xmax, b.ymax]),
        })
        .collect();
    let is_single = matches!(kind, Boxes::Singles | Boxes::NearestSingles);
    let column = |side: usize| -> ArrayRef {
        let numbers = rows.iter().map(|row| row.map(|row| row[side]));
        if !is_single {
            return Arc::new(numbers.collect::<Float64Array>());
        }
        #[expect(clippy::cast_possible_truncation, reason = "the test is about it")]
        let single = |number: f64| match kind {
            Boxes::Singles => Bounds::point(number, number).to_f32_outward()[side],
            _ => number as f32,
        };
        Arc::new(numbers.map(|number| number.map(single)).collect::<Float32Array>())
    };
    let columns: Vec<ArrayRef> = (0..4).map(column).collect();
    let names = ["xmin", "ymin", "xmax", "ymax"].into_iter().zip(&columns);
    let fields: Fields =
        names.map(|(name, array)| Field::new(name, array.data_type().clone(), true)).collect();
    let nulls = columns[0].nulls().cloned();
    StructArray::new(fields, columns, nulls)
}

/// Returns the counters of a window query after its rows were compared with the rows themselves.
async fn checked(
    table: &Table,
    geometry: impl Fn(i64) -> Option<Vec<u8>>,
    relation: Relation,
    window: &[u8],
) -> BTreeMap<String, usize> {
    let sql = format!(
        "SELECT id FROM t WHERE {}(geom, arrow_cast(decode('{}', 'hex'), 'BinaryView'))",
        relation.function(),
        hex(window)
    );
    let (rows, counts) = table.measured(&sql, vec![function(relation)]).await;
    let mut found: Vec<i64> = rows
        .iter()
        .flat_map(|rows| rows.column(0).as_primitive::<Int64Type>().values().to_vec())
        .collect();
    found.sort_unstable();
    let other = Geometry::try_new(window).unwrap();
    let expected: Vec<i64> = (0..ROWS)
        .filter(|id| {
            geometry(*id).is_some_and(|wkb| {
                relation.evaluate(Geometry::try_new(&wkb).unwrap(), other).unwrap()
            })
        })
        .collect();
    assert_eq!(found, expected, "{relation:?}");
    counts
}

/// Windows that end on corners, between rows, far away, and around everything.
fn windows() -> Vec<Vec<u8>> {
    let mut windows = vec![
        box_2d([-10.0, -10.0], [200.0, 200.0]),
        box_2d([500.0, 500.0], [600.0, 600.0]),
        box_2d([19.9, 0.0], [20.0, 100.0]),
        box_2d([20.0, 20.0], [20.0, 20.0]),
    ];
    for step in 0..12 {
        let at = f64::from(step) * 8.3;
        windows.push(box_2d([at, at], [at + 0.3, at + 0.1]));
        let snapped = at.round();
        windows.push(box_2d([snapped - 1.0, snapped - 1.0], [snapped, snapped]));
    }
    windows
}

#[tokio::test]
async fn boxes_of_every_kind_leave_out_row_groups_and_pages() {
    for kind in [Boxes::Singles, Boxes::NearestSingles, Boxes::Doubles, Boxes::NotNumbers] {
        let mut case = Case::new(kind);
        if kind == Boxes::NotNumbers {
            case.writer = case.writer.set_created_by("another writer".to_owned());
        }
        let table = opened(&case, geometry).await;
        for window in windows() {
            checked(&table, geometry, Relation::Intersects, &window).await;
            checked(&table, geometry, Relation::Contains, &window).await;
        }
        let window = box_2d([50.0, 50.0], [50.5, 50.5]);
        let counts = checked(&table, geometry, Relation::Intersects, &window).await;
        // Row groups span 20 units, pages of the geometry 2.
        assert_eq!(counts["row_groups_pruned_spatial"], 4, "{kind:?} {counts:?}");
        // Of two columns, 9 of 10 pages each; rows without a geometry may cost a page more.
        assert!(counts["pages_pruned_spatial"] >= 14, "{kind:?} {counts:?}");
        assert!(counts["bytes_pruned_spatial"] > 0);
        let all = box_2d([-10.0, -10.0], [200.0, 200.0]);
        let counts = checked(&table, geometry, Relation::Intersects, &all).await;
        assert_eq!((counts["row_groups_pruned_spatial"], counts["pages_pruned_spatial"]), (0, 0));
    }
}

#[tokio::test]
async fn files_without_boxes_are_read_whole() {
    let mut silent = Case::new(Boxes::Doubles);
    silent.writer = silent.writer.set_statistics_enabled(EnabledStatistics::None);
    let elsewhere = Case { column: r#","edges":"spherical""#, ..Case::new(Boxes::Doubles) };
    for case in [Case::new(Boxes::None), silent, elsewhere] {
        let table = opened(&case, geometry).await;
        let window = box_2d([50.0, 50.0], [50.5, 50.5]);
        let counts = checked(&table, geometry, Relation::Intersects, &window).await;
        let pruned = counts.get("row_groups_pruned_spatial").copied().unwrap_or_default();
        assert_eq!(pruned, 0, "{counts:?}");
    }
}

/// Lines of so many positions that a row group of them has over a megabyte.
fn wide(id: i64) -> Option<Vec<u8>> {
    if matches!(id % 10, 7 | 8) {
        return geometry(id);
    }
    let at = id as f64 / 10.0;
    let positions = (0..600).map(|step| Coord::xy(at + f64::from(step) / 6000.0, at));
    Some(write::line_string(positions, Dimension::Xy))
}

/// Checks a file of wide lines, whose rows are left out by their own boxes, page by page.
async fn rows_are_left_out_by_their_own_boxes(case: &Case) {
    let table = opened(case, wide).await;
    let window = box_2d([50.0, 50.0], [50.5, 50.5]);
    let counts = checked(&table, wide, Relation::Intersects, &window).await;
    assert_eq!(counts["row_groups_boxed"], 5, "{counts:?}");
    for _ in 0..2 {
        let counts = checked(&table, wide, Relation::Intersects, &window).await;
        assert_eq!((counts["row_groups_boxed"], counts["row_groups_pruned_spatial"]), (0, 4));
        assert!(counts["pages_pruned_spatial"] >= 14, "{counts:?}");
    }
    for window in windows() {
        checked(&table, wide, Relation::Intersects, &window).await;
        checked(&table, wide, Relation::Contains, &window).await;
    }
    // Once most rows of a row group are needed, the boxes of others are not looked for.
    let again = opened(case, wide).await;
    let all = box_2d([-10.0, -10.0], [200.0, 200.0]);
    let counts = checked(&again, wide, Relation::Intersects, &all).await;
    assert!((1..5).contains(&counts["row_groups_boxed"]), "{counts:?}");
}

#[tokio::test]
async fn rows_of_files_without_boxes_are_left_out_by_their_own() {
    rows_are_left_out_by_their_own_boxes(&Case::new(Boxes::None)).await;
}

#[tokio::test]
async fn pages_are_found_by_their_headers() {
    let old = without_index(WriterVersion::PARQUET_1_0, Compression::SNAPPY);
    rows_are_left_out_by_their_own_boxes(&old).await;
    let new = without_index(WriterVersion::PARQUET_2_0, Compression::UNCOMPRESSED);
    rows_are_left_out_by_their_own_boxes(&new).await;
}

/// A file that does not say where its pages lie.
fn without_index(version: WriterVersion, compression: Compression) -> Case {
    let case = Case::new(Boxes::None);
    let writer = case.writer.set_writer_version(version).set_compression(compression);
    let writer = writer.set_statistics_enabled(EnabledStatistics::Chunk);
    Case { writer: writer.set_offset_index_disabled(true), ..case }
}

#[tokio::test]
async fn boxes_can_be_read_ahead() {
    for case in
        [Case::new(Boxes::None), without_index(WriterVersion::PARQUET_1_0, Compression::SNAPPY)]
    {
        let table = opened(&case, wide).await;
        let missing = BoxesRead { files: 1, files_read: 1, row_groups: 5, rows: 1000 };
        assert_eq!(table.read_ahead(&["id", "geom", "note"]).await, missing);
        let nothing = BoxesRead { files: 1, ..BoxesRead::default() };
        assert_eq!(table.read_ahead(&["geom"]).await, nothing);
        let window = box_2d([50.0, 50.0], [50.5, 50.5]);
        let counts = checked(&table, wide, Relation::Intersects, &window).await;
        assert_eq!((counts["row_groups_boxed"], counts["row_groups_pruned_spatial"]), (0, 4));
        assert!(counts["pages_pruned_spatial"] >= 14, "{counts:?}");
    }
}

#[tokio::test]
async fn nothing_is_read_ahead_that_no_scan_would_look_for() {
    let nothing = BoxesRead { files: 1, ..BoxesRead::default() };
    let native = Case { has_geo: false, ..Case::new(Boxes::None) };
    let globe = Case { column: r#","edges":"spherical""#, ..Case::new(Boxes::None) };
    for case in [Case::new(Boxes::Singles), Case::new(Boxes::Doubles), native, globe] {
        let table = opened(&case, wide).await;
        assert_eq!(table.read_ahead(&["geom"]).await, nothing, "{:?}", case.boxes);
    }
    let narrow = opened(&Case::new(Boxes::None), geometry).await;
    assert_eq!(narrow.read_ahead(&["geom"]).await, nothing);
    let table = opened(&Case::new(Boxes::None), wide).await;
    assert_eq!(table.read_ahead(&[]).await, nothing);
    assert_eq!(table.read_ahead(&["id", "note", "missing"]).await, nothing);
}

#[tokio::test]
async fn boxes_join_what_was_found_in_scans_before() {
    let case = without_index(WriterVersion::PARQUET_1_0, Compression::SNAPPY);
    let table = opened(&case, wide).await;
    let around = |at: f64| box_2d([at, at], [at + 0.5, at + 0.5]);
    // The values of `id` leave out row groups before boxes are looked for.
    for (first, at) in [(0, 3.0), (800, 83.0), (0, 3.0), (400, 43.0)] {
        let sql = format!(
            "SELECT id FROM t WHERE id >= {first} AND id < {} \
             AND st_intersects(geom, arrow_cast(decode('{}', 'hex'), 'BinaryView'))",
            first + 200,
            hex(&around(at))
        );
        let (rows, counts) = table.measured(&sql, vec![function(Relation::Intersects)]).await;
        let count: usize = rows.iter().map(RecordBatch::num_rows).sum();
        assert!(count > 3 && counts["pages_pruned_spatial"] >= 14, "{count} {counts:?}");
    }
}

#[tokio::test]
async fn statistics_of_row_groups_do_without_an_index_of_pages() {
    let mut case = Case::new(Boxes::Singles);
    case.writer = case.writer.set_statistics_enabled(EnabledStatistics::Chunk);
    let table = opened(&case, geometry).await;
    let window = box_2d([50.0, 50.0], [50.5, 50.5]);
    let counts = checked(&table, geometry, Relation::Intersects, &window).await;
    assert_eq!(counts["row_groups_pruned_spatial"], 4, "{counts:?}");
}

#[tokio::test]
async fn rows_whose_box_is_missing_are_found() {
    let mut case = Case::new(Boxes::Missing);
    case.writer = case.writer.set_created_by("another writer".to_owned());
    let table = opened(&case, geometry).await;
    for window in windows() {
        checked(&table, geometry, Relation::Intersects, &window).await;
    }
}

#[tokio::test]
async fn boxes_around_the_back_of_the_globe_are_not_trusted() {
    // From 150 to 250 degrees: the same longitudes as 150 to 180 and -180 to -110.
    let eastern = |id: i64| (id % 10 != 7).then(|| write::point_xy(150.0 + id as f64 / 10.0, 0.0));
    let case = Case { column: r#","bbox":[150,0,-110,0]"#, ..Case::new(Boxes::Wrapped) };
    let table = opened(&case, eastern).await;
    for x in [150.0, 179.9, 180.0, 180.1, 200.0, 249.0] {
        let window = box_2d([x, -1.0], [x + 1.0, 1.0]);
        checked(&table, eastern, Relation::Intersects, &window).await;
    }
    let north = box_2d([150.0, 5.0], [250.0, 6.0]);
    let counts = checked(&table, eastern, Relation::Intersects, &north).await;
    assert_eq!(counts["row_groups_pruned_spatial"], 5, "{counts:?}");
}

#[tokio::test]
async fn the_box_of_a_file_leaves_it_out() {
    let case = Case { column: r#","bbox":[0,0,100,100]"#, ..Case::new(Boxes::None) };
    let table = opened(&case, geometry).await;
    let window = box_2d([500.0, 0.0], [600.0, 50.0]);
    let counts = checked(&table, geometry, Relation::Intersects, &window).await;
    assert_eq!(counts["row_groups_pruned_spatial"], 5, "{counts:?}");
    let three = Case { column: r#","bbox":[0,0,-5,100,100,5]"#, ..Case::new(Boxes::None) };
    let table_of_three = opened(&three, geometry).await;
    let counts = checked(&table_of_three, geometry, Relation::Intersects, &window).await;
    assert_eq!(counts["row_groups_pruned_spatial"], 5, "{counts:?}");
    for broken in [r#","bbox":[0,0,100]"#, r#","bbox":["a",0,1,1]"#, r#","bbox":[0,9,100,1]"#] {
        let table = opened(&Case { column: broken, ..Case::new(Boxes::None) }, geometry).await;
        let inside = box_2d([50.0, 50.0], [50.5, 50.5]);
        checked(&table, geometry, Relation::Intersects, &inside).await;
    }
}

#[tokio::test]
async fn statistics_of_native_geometries_leave_out_row_groups() {
    let case = Case { has_geo: false, ..Case::new(Boxes::None) };
    let table = opened(&case, geometry).await;
    for window in windows() {
        checked(&table, geometry, Relation::Intersects, &window).await;
    }
    let window = box_2d([50.0, 50.0], [50.5, 50.5]);
    let counts = checked(&table, geometry, Relation::Intersects, &window).await;
    assert_eq!(counts["row_groups_pruned_spatial"], 4, "{counts:?}");
}

#[tokio::test]
async fn wide_rows_are_read_late() {
    let table = opened(&Case::new(Boxes::Doubles), geometry).await;
    let window = hex(&box_2d([50.0, 50.0], [50.5, 50.5]));
    let condition =
        format!("st_intersects(geom, arrow_cast(decode('{window}', 'hex'), 'BinaryView'))");
    let intersects = || vec![function(Relation::Intersects)];
    let sql = format!("SELECT id, note FROM t WHERE {condition}");
    let (wide, counts) = table.measured(&sql, intersects()).await;
    assert_eq!(counts["files_read_late"], 1, "{counts:?}");
    let (narrow, counts) =
        table.measured(&format!("SELECT id FROM t WHERE {condition}"), intersects()).await;
    assert_eq!(counts["files_read_late"], 0, "{counts:?}");
    let rows = |batches: &[RecordBatch]| batches.iter().map(RecordBatch::num_rows).sum::<usize>();
    // Five points and the box whose corner is that of the window.
    assert_eq!((rows(&wide), rows(&narrow)), (6, 6));
}
