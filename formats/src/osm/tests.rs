//! The file of the tests, whole and broken.

use crate::test_support::{Table, open};

const TOWN: &[u8] = include_bytes!("../../../tests/data/osm/town.osm.pbf");

async fn table(bytes: &[u8]) -> Table {
    open("OSM", ".osm.pbf", bytes, &[]).await.unwrap()
}

/// Returns a blob with its header.
fn blob(kind: &str, field: u8, content: &[u8]) -> Vec<u8> {
    let length = |length: usize| u8::try_from(length).unwrap();
    let mut body = vec![field << 3 | 2, length(content.len())];
    body.extend(content);
    let mut header = vec![0x0a, length(kind.len())];
    header.extend(kind.as_bytes());
    header.extend([0x18, length(body.len())]);
    let mut bytes = u32::try_from(header.len()).unwrap().to_be_bytes().to_vec();
    bytes.extend(header);
    bytes.extend(body);
    bytes
}

/// Returns a file of one block; its content is compressed as the field says.
fn file(field: u8, content: &[u8]) -> Vec<u8> {
    let header = blob("OSMHeader", 1, b"\x22\x0eOsmSchema-V0.6");
    [header, blob("Note", 1, b"step over me"), blob("OSMData", field, content)].concat()
}

#[tokio::test]
async fn elements_are_rows() {
    let table = table(TOWN).await;
    let sql = "SELECT kind, count(*) AS n, count(tags) AS t, count(refs) AS r, sum(id) AS i FROM t \
               GROUP BY kind ORDER BY kind";
    let expected = "\
+----------+---+---+---+-----+
| kind     | n | t | r | i   |
+----------+---+---+---+-----+
| node     | 6 | 2 | 0 | 15  |
| relation | 1 | 1 | 1 | 200 |
| way      | 3 | 2 | 3 | 303 |
+----------+---+---+---+-----+";
    assert_eq!(table.show(sql).await, expected);
    assert!(table.show("SELECT count(*) AS n FROM t").await.contains("| 10 |"));
}

#[tokio::test]
async fn zstandard_is_understood() {
    // A node with the id 1.
    let block = b"\x0a\x00\x12\x04\x0a\x02\x08\x02";
    let compressed = zstd::encode_all(&block[..], 1).unwrap();
    for (field, content) in [(1, block.to_vec()), (7, compressed)] {
        let table = table(&file(field, &content)).await;
        assert!(
            table.show("SELECT id, lat, tags FROM t").await.contains("| 1  | 0.0 |"),
            "{field}"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_refused() {
    for (bytes, reason) in [
        (b"name,lat\n".to_vec(), "no OSM PBF file"),
        (blob("OSMData", 1, b""), "no OSM PBF file"),
        (blob("OSMHeader", 1, b"\x22\x03Odd"), "\"Odd\""),
        (blob("OSMHeader", 4, b"\x00"), "not supported"),
        (TOWN[..40].to_vec(), "cut off"),
    ] {
        let error = open("OSM", ".osm.pbf", &bytes, &[]).await.unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    for block in [
        // A text the block has not, a field that is cut off, lists of two lengths.
        &b"\x12\x08\x0a\x06\x08\x02\x12\x01\x05\x1a\x00"[..],
        b"\x12\x04\x0a\x09\x08\x02",
        b"\x12\x07\x12\x05\x0a\x01\x02\x42\x00",
    ] {
        let table = table(&file(1, block)).await;
        assert!(table.select("SELECT * FROM t").await.is_err(), "{block:?}");
    }
}

#[tokio::test]
async fn broken_files_never_panic() {
    let mut refused = 0;
    for at in 0..TOWN.len() {
        let mut bytes = TOWN.to_vec();
        bytes[at] = if bytes[at] == 0xff { 0 } else { 0xff };
        let read = match open("OSM", ".osm.pbf", &bytes, &[]).await {
            Ok(table) => table.select("SELECT * FROM t").await,
            Err(error) => Err(error),
        };
        if let Err(error) = read {
            refused += 1;
            assert!(!error.to_string().contains("panic"), "{at}: {error}");
        }
    }
    assert!(refused > TOWN.len() / 2, "{refused}");
    for end in 1..TOWN.len() {
        if let Ok(table) = open("OSM", ".osm.pbf", &TOWN[..end], &[]).await {
            // A file may end behind any blob.
            let _read = table.select("SELECT * FROM t").await;
        }
    }
}
