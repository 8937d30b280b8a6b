//! Broken Shapefiles.

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
