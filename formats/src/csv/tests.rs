//! Delimited text through a bare session.

use crate::test_support::{Table, open};

const CITIES: &str = "name,lon,lat,zip,note\nA,1,2.5,00501,\"x\ny\"\nB,-3.25,4,10001,\nC,,,,z\n";

async fn table(text: &str, options: &[(&str, &str)]) -> Table {
    open("CSV", ".csv", text.as_bytes(), options).await.unwrap()
}

#[tokio::test]
async fn types_are_found_and_quoted_line_ends_kept() {
    let table = table(CITIES, &[]).await;
    let shown = table.show("SELECT name, lon, zip, length(note) AS n FROM t ORDER BY name").await;
    let expected = "\
+------+-------+-------+---+
| name | lon   | zip   | n |
+------+-------+-------+---+
| A    | 1.0   | 00501 | 3 |
| B    | -3.25 | 10001 |   |
| C    |       |       | 1 |
+------+-------+-------+---+";
    assert_eq!(shown, expected);
    assert!(table.show("SELECT count(*) AS n FROM t").await.contains("| 3 |"));
}

#[tokio::test]
async fn a_geometry_is_added_from_coordinates() {
    let table = table(CITIES, &[("geometry", "xy:LON,lat"), ("srid", "3857")]).await;
    let shown = table
        .show("SELECT name, length(encode(geometry, 'hex')) / 2 AS n FROM t WHERE geometry IS NOT NULL ORDER BY 1")
        .await;
    assert!(shown.contains("| A    | 21 |"), "{shown}");
    assert!(!shown.contains("| C"), "{shown}");
    assert_eq!(table.crs("geometry").unwrap().srid(), Some(3857));
    assert!(
        table.show("SELECT count(*) AS n, max(zip) AS z FROM t").await.contains("| 3 | 10001 |")
    );
}

#[tokio::test]
async fn a_geometry_is_read_from_text_even_of_the_same_name() {
    let text = "id;geometry;x\n1;POINT(1 2);a\n2;;b\n";
    let options = [("geometry", "wkt:geometry"), ("delimiter", ";")];
    let table = table(text, &options).await;
    let shown = table
        .show("SELECT id, length(encode(geometry, 'hex')) / 2 AS n, x FROM t ORDER BY id")
        .await;
    assert!(shown.contains("| 1  | 21 | a |"), "{shown}");
    assert!(shown.contains("| 2  |    | b |"), "{shown}");
}

#[tokio::test]
async fn dialects_and_missing_values_are_options() {
    let text = "# note\n1\tNA\tx\n2\t3\ty\n";
    let options = [("header", "false"), ("null", "NA"), ("comment", "#")];
    let table = open("TSV", ".tsv", text.as_bytes(), &options).await.unwrap();
    let shown = table.show("SELECT sum(column_2) AS s, count(*) AS n FROM t").await;
    assert!(shown.contains("| 3 | 2 |"), "{shown}");
}

#[tokio::test]
async fn compressed_text_is_read() {
    let bytes = zstd::encode_all(CITIES.as_bytes(), 1).unwrap();
    let table = open("CSV", ".csv.zst", &bytes, &[]).await.unwrap();
    assert!(table.show("SELECT count(lon) AS n FROM t").await.contains("| 2 |"));
}

#[tokio::test]
async fn mistakes_are_named() {
    let error = open("CSV", ".csv", b"a\n1\n", &[("delimitor", ";")]).await.unwrap_err();
    assert!(error.to_string().contains("did you mean \"delimiter\"?"), "{error}");
    let error = open("CSV", ".csv", b"a\n1\n", &[("geometry", "xy:lon,lat")]).await.unwrap_err();
    assert!(error.to_string().contains("no such column, only a"), "{error}");
}
