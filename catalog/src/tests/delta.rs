//! Delta tables: made, read, changed.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Float16Array, NullArray, RecordBatch,
    StringArray, Time64MicrosecondArray, TimestampNanosecondArray, UInt64Array,
};
use arrow::datatypes::{DataType, Field, Int8Type, Schema};
use godwit_formats::FormatOptions;
use godwit_geometry::{Crs, GeometryType};

use super::{Fixture, name, places, places_schema, stream};
use crate::{CatalogError, CreateMode, EntryKind, ExternalTable, TableSpec};

#[tokio::test(flavor = "multi_thread")]
async fn a_table_comes_back_with_its_geometry() {
    let fixture = Fixture::new().await;
    let written = fixture
        .try_create(
            "Places",
            &TableSpec::default(),
            CreateMode::ErrorIfExists,
            vec![stream(vec![places(0..50), places(50..60)]), stream(vec![places(60..100)])],
        )
        .await
        .unwrap();
    assert_eq!((written.rows, written.files, written.version), (100, 2, Some(0)));
    assert!(written.bytes > 0);

    let fixture = fixture.reopened().await;
    let schema = fixture.provider("places").await.schema();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    assert_eq!(names, ["id", "name", "geom"]);
    let geometry = GeometryType::from_field(schema.field(2)).unwrap().unwrap();
    assert_eq!(geometry.crs, Some(Crs::from_epsg(3857)));
    assert!(!schema.field(2).metadata().keys().any(|key| key.starts_with("godwit")));

    let rows = fixture.query("places", "SELECT count(*), sum(id), count(geom) FROM t").await;
    assert!(rows.contains("| 100      | 4950      | 90 "), "{rows}");
    let row = fixture.query("places", "SELECT * FROM t WHERE name = 'place 7'").await;
    assert!(row.contains("place 7") && row.contains("0101000000"), "{row}");
    let plan = fixture.provider("places").await;
    let scan = plan.scan(&fixture.session.state(), None, &[], None).await.unwrap();
    assert_eq!(scan.schema().field(2).metadata(), schema.field(2).metadata());
}

#[tokio::test(flavor = "multi_thread")]
async fn modes_decide_what_happens_to_an_old_table() {
    let fixture = Fixture::new().await;
    fixture.create("t", CreateMode::ErrorIfExists, vec![places(0..5)]).await;
    let again = fixture
        .try_create(
            "T",
            &TableSpec::default(),
            CreateMode::ErrorIfExists,
            vec![stream(vec![places(0..1)])],
        )
        .await;
    assert!(matches!(again, Err(CatalogError::DuplicateTable { .. })));
    let skipped = fixture.create("T", CreateMode::IfNotExists, vec![places(0..1)]).await;
    assert_eq!(skipped.rows, 0);
    let id = fixture.catalog.entry(&name("t")).unwrap().id;
    let replaced = fixture.create("T", CreateMode::Replace, vec![places(0..2)]).await;
    assert_eq!(replaced.version, Some(1));
    assert_eq!(fixture.catalog.entry(&name("t")).unwrap().id, id);
    assert_eq!(fixture.number("t", "SELECT count(*) FROM t").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_replaced_by_one_with_other_columns() {
    let fixture = Fixture::new().await;
    fixture.create("t", CreateMode::ErrorIfExists, vec![places(0..5)]).await;
    let other =
        RecordBatch::try_from_iter([("x", Arc::new(StringArray::from(vec!["a"])) as ArrayRef)]);
    let written = fixture.create("t", CreateMode::Replace, vec![other.unwrap()]).await;
    assert_eq!(written.version, Some(1));
    let rows = fixture.query("t", "SELECT * FROM t").await;
    assert!(rows.contains("| x |") && rows.contains("| a |"), "{rows}");
    let entry = fixture.catalog.entry(&name("t")).unwrap();
    assert_eq!(fixture.version(&entry).await.number, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_added_and_overwritten() {
    let fixture = Fixture::new().await;
    fixture.create("t", CreateMode::ErrorIfExists, vec![places(0..5)]).await;
    let added = fixture.insert("t", false, vec![stream(vec![places(5..9)])]).await.unwrap();
    assert_eq!((added.rows, added.version), (4, Some(1)));
    assert_eq!(fixture.number("t", "SELECT count(*) FROM t").await, 9);
    let put = fixture.insert("t", true, vec![stream(vec![places(7..10)])]).await.unwrap();
    assert_eq!(put.version, Some(2));
    assert_eq!(fixture.number("t", "SELECT min(id) FROM t").await, 7);
    let nothing = fixture.insert("t", false, vec![stream(vec![])]).await.unwrap();
    assert_eq!((nothing.rows, nothing.version), (0, Some(2)));
    let emptied = fixture.insert("t", true, vec![stream(vec![])]).await.unwrap();
    assert_eq!(emptied.version, Some(3));
    assert_eq!(fixture.number("t", "SELECT count(*) FROM t").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_at_the_same_time_all_get_through() {
    let fixture = Fixture::new().await;
    fixture.create("t", CreateMode::ErrorIfExists, vec![places(0..5)]).await;
    let inserts = (0..6).map(|_| fixture.insert("t", false, vec![stream(vec![places(0..10)])]));
    let written = futures::future::join_all(inserts).await;
    assert!(written.iter().all(Result::is_ok), "{written:?}");
    assert_eq!(fixture.number("t", "SELECT count(*) FROM t").await, 65);
    assert_eq!(fixture.catalog.inner.metastore.pending_writes().unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_must_fit_the_table() {
    let fixture = Fixture::new().await;
    fixture.create("t", CreateMode::ErrorIfExists, vec![places(0..5)]).await;
    let narrow = places(0..1).project(&[0, 1]).unwrap();
    let narrow = fixture.insert("t", false, vec![stream(vec![narrow])]).await;
    assert!(matches!(narrow, Err(CatalogError::SchemaMismatch { .. })), "{narrow:?}");

    let rows = places(0..1);
    let mut fields: Vec<Field> =
        rows.schema().fields().iter().map(|field| field.as_ref().clone()).collect();
    fields[2] = GeometryType::new(Some(Crs::wgs84())).field("geom", true);
    let rows = RecordBatch::try_new(Arc::new(Schema::new(fields)), rows.columns().to_vec());
    let mixed = fixture.insert("t", false, vec![stream(vec![rows.unwrap()])]).await;
    assert!(matches!(mixed, Err(CatalogError::Geometry(_))), "{mixed:?}");

    let text = places(0..1).project(&[1, 1, 2]).unwrap();
    let text = fixture.insert("t", false, vec![stream(vec![text])]).await;
    assert!(matches!(text, Err(CatalogError::SchemaMismatch { .. })), "{text:?}");
    assert_eq!(fixture.number("t", "SELECT count(*) FROM t").await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn types_that_delta_lacks_are_stored_as_others() {
    let fixture = Fixture::new().await;
    let dictionary: DictionaryArray<Int8Type> = ["a", "b"].into_iter().collect();
    let times = TimestampNanosecondArray::from(vec![1_577_836_800_123_456_789, 0]);
    let rows = RecordBatch::try_from_iter([
        ("u", Arc::new(UInt64Array::from(vec![u64::MAX, 1])) as ArrayRef),
        ("h", Arc::new(Float16Array::from_iter_values([half(1.5), half(2.0)]))),
        ("time", Arc::new(Time64MicrosecondArray::from(vec![1, 2]))),
        ("n", Arc::new(NullArray::new(2))),
        ("d", Arc::new(dictionary)),
        ("z", Arc::new(times.clone().with_timezone("Europe/Berlin"))),
        ("l", Arc::new(times)),
    ])
    .unwrap();
    fixture.create("t", CreateMode::ErrorIfExists, vec![rows]).await;
    let text = fixture.query("t", "SELECT * FROM t ORDER BY u DESC LIMIT 1").await;
    for cell in
        ["18446744073709551615", "1.5", "00:00:00.000001", "| a |", "2020-01-01T00:00:00.123456Z"]
    {
        assert!(text.contains(cell), "{cell} in\n{text}");
    }
    let empty = Field::new("e", DataType::Struct(arrow::datatypes::Fields::empty()), true);
    let schema = Arc::new(Schema::new(vec![empty]));
    let refused = fixture
        .catalog
        .create_table(&name("r"), &TableSpec::default(), CreateMode::Replace, schema, vec![])
        .await;
    assert!(matches!(refused, Err(CatalogError::UnsupportedType { .. })));
}

fn half(
    value: f32,
) -> <arrow::datatypes::Float16Type as arrow::datatypes::ArrowPrimitiveType>::Native {
    <arrow::datatypes::Float16Type as arrow::datatypes::ArrowPrimitiveType>::Native::from_f32(value)
}

#[tokio::test(flavor = "multi_thread")]
async fn partitions_come_back_as_columns() {
    let fixture = Fixture::new().await;
    let rows = RecordBatch::try_from_iter([
        ("p", Arc::new(StringArray::from(vec![Some("a b/c"), None, Some("a b/c")])) as ArrayRef),
        ("v", Arc::new(Date32Array::from(vec![1, 2, 3]))),
        ("q", Arc::new(decimals(&[100, 250, 100]))),
    ])
    .unwrap();
    let spec =
        TableSpec { partition_by: vec!["q".to_owned(), "P".to_owned()], ..TableSpec::default() };
    let written = fixture
        .try_create("t", &spec, CreateMode::ErrorIfExists, vec![stream(vec![rows.clone()])])
        .await
        .unwrap();
    assert_eq!(written.files, 2);
    let schema = fixture.provider("t").await.schema();
    assert_eq!(
        schema.fields().iter().map(|f| f.name().as_str()).collect::<Vec<_>>(),
        ["p", "v", "q"]
    );
    let text = fixture.query("t", "SELECT p, v, q FROM t ORDER BY v").await;
    assert!(text.contains("| a b/c | 1970-01-02 | 1.00 |"), "{text}");
    assert!(text.contains("|       | 1970-01-03 | 2.50 |"), "{text}");
    assert_eq!(fixture.number("t", "SELECT count(*) FROM t WHERE p IS NULL").await, 1);
    assert_eq!(fixture.number("t", "SELECT count(p) FROM t WHERE q = 1").await, 2);
    fixture.insert("t", false, vec![stream(vec![rows])]).await.unwrap();
    assert_eq!(fixture.number("t", "SELECT count(*) FROM t WHERE p = 'a b/c'").await, 4);
    let all = TableSpec { partition_by: vec!["x".to_owned()], ..TableSpec::default() };
    let refused = fixture.try_create("u", &all, CreateMode::Replace, vec![]).await;
    assert!(matches!(refused, Err(CatalogError::Invalid { .. })));
}

fn decimals(values: &[i128]) -> Decimal128Array {
    Decimal128Array::from(values.to_vec()).with_precision_and_scale(10, 2).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_with_its_own_location_keeps_its_data_when_dropped() {
    let fixture = Fixture::new().await;
    let location = fixture.path("lake/t").to_string_lossy().into_owned();
    let spec = TableSpec {
        location: Some(location.clone()),
        comment: Some("outside".to_owned()),
        properties: [("owner".to_owned(), "me".to_owned())].into(),
        ..TableSpec::default()
    };
    let make = |mode| fixture.try_create("t", &spec, mode, vec![stream(vec![places(0..5)])]);
    make(CreateMode::ErrorIfExists).await.unwrap();
    assert_eq!(make(CreateMode::Replace).await.unwrap().version, Some(1));
    assert!(fixture.catalog.drop_table(&name("t"), false).await.unwrap());
    let occupied = make(CreateMode::ErrorIfExists).await;
    assert!(matches!(occupied, Err(CatalogError::InvalidLocation { .. })), "{occupied:?}");

    let state = fixture.session.state();
    let none = FormatOptions::new();
    let found = fixture.catalog.open_location(&state, &location, None, &none).await.unwrap();
    assert_eq!(found.schema().fields().len(), 3);
    let first = [("version".to_owned(), "0".to_owned())].into();
    fixture.catalog.open_location(&state, &location, Some("delta"), &first).await.unwrap();
    let ninth = [("version".to_owned(), "9".to_owned())].into();
    let ninth = fixture.catalog.open_location(&state, &location, Some("delta"), &ninth).await;
    assert!(ninth.is_err());

    let external =
        ExternalTable { format: Some("Delta".to_owned()), location, ..ExternalTable::default() };
    fixture
        .catalog
        .create_external(&state, &name("e"), &external, None, CreateMode::ErrorIfExists)
        .await
        .unwrap();
    fixture.insert("e", false, vec![stream(vec![places(5..6)])]).await.unwrap();
    assert_eq!(fixture.number("e", "SELECT count(*) FROM t").await, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn dropped_data_is_removed_when_nobody_reads_it_any_more() {
    let fixture = Fixture::new().await;
    fixture.create("t", CreateMode::ErrorIfExists, vec![places(0..5)]).await;
    let provider = fixture.provider("t").await;
    assert!(fixture.catalog.drop_table(&name("t"), false).await.unwrap());
    assert!(!fixture.catalog.drop_table(&name("t"), true).await.unwrap());
    let missing = fixture.catalog.drop_table(&name("t"), false).await;
    assert!(matches!(missing, Err(CatalogError::TableNotFound { .. })));
    let rows = fixture.query_provider(provider, "SELECT count(*) FROM t").await;
    assert!(rows.contains("| 5 "), "{rows}");
    let fixture = fixture.reopened().await;
    assert_eq!(fixture.files("tables"), Vec::<std::path::PathBuf>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn views_and_schemas_are_kept() {
    let fixture = Fixture::new().await;
    let v = name("v");
    let reads = vec![name("read")];
    let view = |mode| fixture.catalog.create_view(&v, "SELECT 1 -- one", reads.clone(), None, mode);
    assert!(view(CreateMode::ErrorIfExists).await.unwrap());
    assert!(!view(CreateMode::IfNotExists).await.unwrap());
    fixture.catalog.comment(&name("v"), Some("a view".to_owned())).await.unwrap();
    assert!(fixture.catalog.create_schema("Other", false).await.unwrap());
    let fixture = fixture.reopened().await;
    let entry = fixture.catalog.entry(&name("V")).unwrap();
    let made = EntryKind::View { sql: "SELECT 1 -- one".to_owned(), reads: Some(reads) };
    assert_eq!(entry.kind, made);
    assert_eq!(entry.comment.as_deref(), Some("a view"));
    assert_eq!(fixture.catalog.schema_names(), ["Other", "public"]);
    let table = fixture.catalog.drop_table(&name("v"), false).await;
    assert!(matches!(table, Err(CatalogError::WrongKind { .. })));
    assert!(fixture.catalog.drop_view(&name("v"), false).await.unwrap());
    assert!(fixture.catalog.drop_schema("other", false, false).await.unwrap());
    assert!(!fixture.catalog.drop_schema("other", true, false).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn geometries_without_a_type_stay_plain_bytes() {
    let fixture = Fixture::new().await;
    let rows = places(0..5);
    let mut fields: Vec<Field> =
        rows.schema().fields().iter().map(|field| field.as_ref().clone()).collect();
    fields[2] = fields[2].clone().with_metadata(HashMap::new());
    let rows = RecordBatch::try_new(Arc::new(Schema::new(fields)), rows.columns().to_vec());
    fixture.create("t", CreateMode::ErrorIfExists, vec![rows.unwrap()]).await;
    let provider = fixture.provider("t").await;
    assert_eq!(provider.schema().field(2).metadata().len(), 0);
    assert_eq!(places_schema().fields().len(), provider.schema().fields().len());
}
