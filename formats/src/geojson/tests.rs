//! GeoJSON files through a bare session.

use datafusion::error::DataFusionError;
use godwit_geometry::Crs;

use crate::FormatError;
use crate::test_support::{Table, open as open_file};

async fn open(
    format: &str,
    bytes: &[u8],
    options: &[(&str, &str)],
) -> Result<Table, DataFusionError> {
    open_file(format, ".geojson", bytes, options).await
}

const MIXED: &str = r#"{"type":"FeatureCollection","name":"x","features":[
{"type":"Feature","id":7,"properties":{"a":1,"b":1.5,"c":"x","d":true,"e":[1,{"k":"v"}],"f":null},
 "geometry":{"type":"Point","coordinates":[1,2]}},
{"type":"Feature","id":8,"geometry":null,
 "properties":{"f":null,"a":2.5,"c":12,"d":"no","e":{"z":null},"g":"sp\u00e4t"}},
{"type":"Feature","properties":null,"geometry":{"type":"Point","coordinates":[3,4,5]},"extra":[1]},
{"type":"Feature","properties":{}}
]}"#;

#[tokio::test]
async fn mixed_properties_lose_nothing() {
    let table = open("GEOJSON", MIXED.as_bytes(), &[]).await.unwrap();
    let shown = table
        .show("SELECT id, a, b, c, d, e, f, g, length(encode(geometry, 'hex')) / 2 AS n FROM t ORDER BY id")
        .await;
    let expected = "\
+----+-----+-----+----+------+---------------+---+------+----+
| id | a   | b   | c  | d    | e             | f | g    | n  |
+----+-----+-----+----+------+---------------+---+------+----+
| 7  | 1.0 | 1.5 | x  | true | [1,{\"k\":\"v\"}] |   |      | 21 |
| 8  | 2.5 |     | 12 | no   | {\"z\":null}    |   | sp\u{e4}t |    |
|    |     |     |    |      |               |   |      | 29 |
|    |     |     |    |      |               |   |      |    |
+----+-----+-----+----+------+---------------+---+------+----+";
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn whole_numbers_keep_their_digits() {
    let feature = |a: &str| format!(r#"{{"type":"Feature","properties":{{"a":{a}}}}}"#);
    for (values, expected) in [
        (["9007199254740993", "1.5"], "9007199254740993;1.5"),
        (["18446744073709551615", "1"], "18446744073709551615;1"),
        (["9007199254740993", "1"], "9007199254740993;1"),
        (["9007199254740992", "1.5"], "9007199254740992.0;1.5"),
    ] {
        let rows = values.map(feature).join(",");
        let text = format!(r#"{{"type":"FeatureCollection","features":[{rows}]}}"#);
        let table = open("GEOJSON", text.as_bytes(), &[]).await.unwrap();
        let shown = table.show("SELECT string_agg(arrow_cast(a, 'Utf8'), ';') AS a FROM t").await;
        assert!(shown.contains(&format!("| {expected} |")), "{shown}");
    }
}

#[tokio::test]
async fn counting_needs_no_column() {
    let table = open("GEOJSON", MIXED.as_bytes(), &[]).await.unwrap();
    assert!(table.show("SELECT count(*) AS n FROM t").await.contains("| 4 |"));
}

#[tokio::test]
async fn the_geometry_carries_its_crs() {
    let table = open("GEOJSON", MIXED.as_bytes(), &[]).await.unwrap();
    assert_eq!(table.crs("geometry"), Some(Crs::wgs84()));
    let named = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":
        "urn:ogc:def:crs:EPSG::3857"}},"features":[]}"#;
    let table = open("GEOJSON", named.as_bytes(), &[]).await.unwrap();
    assert_eq!(table.crs("geometry"), Some(Crs::from_epsg(3857)));
    let table = open("GEOJSON", named.as_bytes(), &[("crs", "EPSG:4326")]).await.unwrap();
    assert_eq!(table.crs("geometry"), Some(Crs::wgs84()));
    // The option says it where the file says what nobody knows.
    let unknown = named.replace("3857", "local");
    assert!(open("GEOJSON", unknown.as_bytes(), &[]).await.is_err());
    let table = open("GEOJSON", unknown.as_bytes(), &[("crs", "EPSG:4326")]).await.unwrap();
    assert_eq!(table.crs("geometry"), Some(Crs::wgs84()));
}

#[tokio::test]
async fn sequences_and_bare_geometries_are_rows() {
    let text = "\u{1e}{\"type\":\"Feature\",\"properties\":{\"a\":1},\"geometry\":null}\n\
                \u{1e}{\"type\":\"Point\",\"coordinates\":[1,2]}\n";
    let table = open("GEOJSONSEQ", text.as_bytes(), &[]).await.unwrap();
    assert!(
        table.show("SELECT count(geometry) AS n, sum(a) AS s FROM t").await.contains("| 1 | 1 |")
    );
    let compressed = zstd::encode_all(text.as_bytes(), 1).unwrap();
    let table = open("GEOJSONSEQ", &compressed, &[]).await.unwrap();
    assert!(table.show("SELECT count(*) AS n FROM t").await.contains("| 2 |"));
}

#[tokio::test]
async fn identifiers_do_not_hide_properties() {
    let text = r#"[{"type":"Feature","id":1,"properties":{"id":"a","geometry":"g"},"geometry":null},
        {"type":"Feature","id":2,"properties":{},"geometry":null}]"#;
    let table = open("GEOJSON", text.as_bytes(), &[]).await.unwrap();
    let shown = table.show("SELECT id, id_1, geometry_1 FROM t ORDER BY id_1").await;
    assert!(shown.contains("| a  | 1    | g          |"), "{shown}");
    assert!(shown.contains("|    | 2    |            |"), "{shown}");
}

#[tokio::test]
async fn what_was_not_looked_at_is_an_error_not_a_loss() {
    let text = "{\"type\":\"Feature\",\"properties\":{\"a\":1},\"geometry\":null}\n".repeat(10)
        + "{\"type\":\"Feature\",\"properties\":{\"b\":1},\"geometry\":null}\n";
    let table = open("GEOJSONSEQ", text.as_bytes(), &[]).await.unwrap();
    assert!(table.show("SELECT sum(b) AS n FROM t").await.contains("| 1 |"));
}

#[tokio::test]
async fn a_large_file_is_read_in_order_whatever_the_chunks() {
    let mut text = String::from("{\"type\":\"FeatureCollection\",\"features\":[");
    for row in 0..60_000 {
        use std::fmt::Write as _;
        let comma = if row > 0 { "," } else { "" };
        write!(
            text,
            "{comma}\n{{\"type\":\"Feature\",\"properties\":{{\"row\":{row},\"name\":\"n{row}\"}},\
             \"geometry\":{{\"type\":\"Point\",\"coordinates\":[{row}.5,-1]}}}}"
        )
        .unwrap();
    }
    text.push_str("]}");
    let table = open("GEOJSON", text.as_bytes(), &[]).await.unwrap();
    let shown = table.show("SELECT count(*) AS n, sum(row) AS s FROM t").await;
    assert!(shown.contains("| 60000 | 1799970000 |"), "{shown}");
    let batches = table.select("SELECT row FROM t").await.unwrap();
    let mut expected = 0;
    for batch in batches {
        use arrow::array::AsArray as _;
        for value in batch.column(0).as_primitive::<arrow::datatypes::Int64Type>().values() {
            assert_eq!(*value, expected);
            expected += 1;
        }
    }
    assert_eq!(expected, 60_000);
}

#[tokio::test]
async fn truncation_anywhere_is_an_error_with_an_offset() {
    let text = MIXED.replace('\n', "");
    for end in 1..text.len() {
        if !text.is_char_boundary(end) {
            continue;
        }
        let error = match open("GEOJSON", &text.as_bytes()[..end], &[]).await {
            Ok(table) => table.select("SELECT * FROM t").await.map(drop).unwrap_err(),
            Err(error) => error,
        };
        let DataFusionError::External(inner) = error.find_root() else { panic!("{error}") };
        let Some(FormatError::Malformed { offset, .. }) = inner.downcast_ref() else {
            panic!("{error}")
        };
        assert!(*offset <= end as u64);
    }
}
