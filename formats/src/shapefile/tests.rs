//! Broken Shapefiles, and those whose records do not follow each other.

use std::sync::Arc;

use datafusion::common::runtime::SpawnedTask;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};

use super::shapes::Shapes;
use super::source::Source;
use crate::test_support::open;

/// A file with one point.
fn point_file() -> Vec<u8> {
    let mut bytes = vec![0; 100];
    bytes[2..4].copy_from_slice(&[0x27, 0x0a]);
    bytes.extend([0, 0, 0, 1, 0, 0, 0, 10, 1, 0, 0, 0]);
    bytes.extend(1.0_f64.to_le_bytes());
    bytes.extend(2.0_f64.to_le_bytes());
    bytes
}

/// A file with one record of these 32-bit numbers.
fn record(numbers: &[i32]) -> Vec<u8> {
    let mut bytes = point_file();
    bytes.truncate(104);
    bytes.extend(u32::try_from(numbers.len() * 2).unwrap().to_be_bytes());
    bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    bytes
}

#[tokio::test]
async fn shapes_need_no_attributes() {
    let table = open("SHAPEFILE", ".shp", &point_file(), &[]).await.unwrap();
    let shown = table.show("SELECT encode(geometry, 'hex') AS g FROM t").await;
    assert!(shown.contains("0101000000000000000000f03f0000000000000040"), "{shown}");
    assert_eq!(table.crs("geometry"), None);
}

#[tokio::test]
async fn broken_files_are_refused_without_a_panic() {
    let whole = point_file();
    for end in 0..whole.len() {
        if let Ok(table) = open("SHAPEFILE", ".shp", &whole[..end], &[]).await {
            let read = table.select("SELECT * FROM t").await;
            // No file and a file without records have no rows.
            assert!(end == 0 || end == 100 || read.is_err(), "{end}");
        }
    }
    for numbers in [
        vec![7],
        vec![31, 0],
        vec![3, 0, 0, 0, 0, 0, 0, 0, 0, i32::MAX, i32::MAX],
        vec![5, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1],
        vec![3, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 1, 0, 0, 0, 0, 0],
        vec![8, 0, 0, 0, 0, 0, 0, 0, 0, 9],
        vec![11, 0, 0, 0, 0],
    ] {
        let table = open("SHAPEFILE", ".shp", &record(&numbers), &[]).await.unwrap();
        assert!(table.select("SELECT * FROM t").await.is_err(), "{numbers:?}");
    }
}

#[tokio::test]
async fn a_file_that_ends_between_two_records_is_cut_off() {
    let mut shapes = point_file();
    let length = u32::try_from(shapes.len() / 2).unwrap();
    shapes[24..28].copy_from_slice(&length.to_be_bytes());
    let table = open("SHAPEFILE", ".shp", &shapes, &[]).await.unwrap();
    assert!(table.show("SELECT count(*) AS n FROM t").await.contains("| 1 |"));
    shapes[24..28].copy_from_slice(&(length + 14).to_be_bytes());
    let table = open("SHAPEFILE", ".shp", &shapes, &[]).await.unwrap();
    let error = table.select("SELECT * FROM t").await.unwrap_err().to_string();
    assert!(error.contains("it has 128 of its 156 bytes"), "{error}");
}

#[tokio::test]
async fn multipatches_are_refused_where_the_geometry_is_wanted() {
    let table = open("SHAPEFILE", ".shp", &record(&[31, 0]), &[]).await.unwrap();
    let error = table.select("SELECT * FROM t").await.unwrap_err().to_string();
    assert!(error.contains("are multipatches, which are not read"), "{error}");
    assert!(table.show("SELECT count(*) AS n FROM t").await.contains("| 1 |"));
}

/// Returns the first coordinates of the points of a file with the numbers 1, 2 and 3, whose `.shx`
/// file has these offsets and lengths in words.
async fn placed(words: &[u32]) -> Result<Vec<f64>, String> {
    let mut shapes = point_file();
    shapes.truncate(100);
    for number in 1_u8..=3 {
        shapes.extend([0, 0, 0, number, 0, 0, 0, 10, 1, 0, 0, 0]);
        shapes.extend(f64::from(number).to_le_bytes());
        shapes.extend(0.0_f64.to_le_bytes());
    }
    let mut places = point_file();
    places.truncate(100);
    places.extend(words.iter().flat_map(|word| word.to_be_bytes()));
    let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let location = Path::from("a.shp");
    store.put(&location, shapes.into()).await.unwrap();
    store.put(&Path::from("a.shx"), places.into()).await.unwrap();
    let object = store.head(&location).await.unwrap();
    let (source, _) = Source::open(&store, &object).await.unwrap();
    let task = SpawnedTask::spawn_blocking(move || {
        let mut shapes = Shapes::open(source)?;
        let mut found = Vec::new();
        while shapes.next()? {
            let point = shapes.geometry()?.unwrap();
            found.push(f64::from_le_bytes(point[5..13].try_into().unwrap()));
        }
        Ok(found)
    });
    task.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_read_where_the_index_has_them() {
    assert_eq!(placed(&[50, 10, 64, 10, 78, 10]).await.unwrap(), [1.0, 2.0, 3.0]);
    assert_eq!(placed(&[50, 10, 78, 10, 64, 10]).await.unwrap(), [1.0, 3.0, 2.0]);
    assert_eq!(placed(&[64, 10, 50, 10]).await.unwrap(), [2.0, 1.0]);
    // One that is cut off says nothing about the rest.
    assert_eq!(placed(&[50, 10, 64]).await.unwrap(), [1.0, 2.0, 3.0]);
    assert_eq!(placed(&[50, 10, 64, 10, 78, 10, 92, 10]).await.unwrap(), [1.0, 2.0, 3.0]);
    for wrong in [&[51, 10][..], &[50, 10, 4000, 10], &[0, 0, 0, 0], &[50, 10, 70, 0]] {
        let error = placed(wrong).await.unwrap_err();
        assert!(error.contains("is not where the .shx file has it"), "{error}");
    }
}
