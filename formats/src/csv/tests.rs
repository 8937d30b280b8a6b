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
async fn the_delimiter_is_taken_from_the_file() {
    let text = CITIES.replace(',', ";").replace("x\ny", "x;\ny,z");
    let expected = table(CITIES, &[]).await.show("SELECT name, lon, lat, zip FROM t").await;
    let with_mark = format!("\u{feff}{text}");
    for text in [&text, &with_mark, &text.replace('\n', "\r\n"), &text.replace(';', "|")] {
        let plain = table(text, &[]).await;
        assert_eq!(plain.show("SELECT name, lon, lat, zip FROM t").await, expected, "{text}");
        let zipped = zstd::encode_all(text.as_bytes(), 1).unwrap();
        let zipped = open("CSV", ".csv.zst", &zipped, &[]).await.unwrap();
        assert_eq!(zipped.show("SELECT name, lon, lat, zip FROM t").await, expected, "{text}");
    }
    let lengths = "SELECT length(note) AS n FROM t WHERE name = 'A'";
    assert!(table(&text, &[]).await.show(lengths).await.contains("| 6 |"));
    let commented = format!("# a, b, c\n{text}");
    let commented = table(&commented, &[("comment", "#")]).await;
    assert!(commented.show("SELECT count(lon) AS n FROM t").await.contains("| 2 |"));
}

#[tokio::test]
async fn the_delimiter_of_a_large_file_holds_for_all_of_it() {
    let rows = "1,5;\"x\n;\";z\n".repeat(200_000);
    for options in [&[][..], &[("infer_rows", "0")]] {
        let table = table(&format!("a;b;c\n{rows}"), options).await;
        let shown = table.show("SELECT count(c) AS n, max(a) AS a FROM t").await;
        assert!(shown.contains("| 200000 | 1,5 |"), "{shown}");
    }
    let error = refusal(&format!("a;b;c\n{rows}1;2\n")).await;
    assert!(error.contains("line 400002: incorrect number of fields"), "{error}");
}

#[tokio::test]
async fn an_option_names_the_delimiter_whatever_the_file_shows() {
    let table = open("CSV", ".csv", b"a;b\n1;2\n", &[("delimiter", ",")]).await.unwrap();
    assert!(table.show("SELECT * FROM t").await.contains("| 1;2 |"));
    for (text, column) in [("a,b\tc\n1,2\t3\n", "a,b"), ("a;b\n1;2\n", "a"), ("a,b\n1,2\n", "a")] {
        let table = open("TSV", ".tsv", text.as_bytes(), &[]).await.unwrap();
        let shown = table.show(&format!("SELECT \"{column}\" FROM t")).await;
        assert!(shown.contains(&format!("| {column} ")), "{shown}");
    }
}

#[tokio::test]
async fn mistakes_are_named() {
    let error = open("CSV", ".csv", b"\n\r\n\n", &[]).await.unwrap_err();
    assert!(error.to_string().contains("nothing but empty lines"), "{error}");
    let error = open("CSV", ".csv", b"a\n1\n", &[("delimitor", ";")]).await.unwrap_err();
    assert!(error.to_string().contains("did you mean \"delimiter\"?"), "{error}");
    let error = open("CSV", ".csv", b"a\n1\n", &[("geometry", "xy:lon,lat")]).await.unwrap_err();
    assert!(error.to_string().contains("no such column, only a"), "{error}");
}

/// Returns the error of reading all of a text whose types are those of its first row.
async fn refusal(text: &str) -> String {
    let table = table(text, &[("infer_rows", "1")]).await;
    table.select("SELECT * FROM t").await.unwrap_err().to_string()
}

#[tokio::test]
async fn values_behind_the_sample_are_never_changed() {
    for (good, bad, kind) in [
        ("1", "00501", "a whole number"),
        ("1", "+5", "a whole number"),
        ("1.5", "007", "a number"),
        ("2020-01-01", "2020-01-02 10:30:00", "a date without a time"),
        ("2020-01-01 10:00:00", "2020-01-01T10:00:00+02:00", "a time in microseconds without"),
        ("2020-01-01 10:00:00", "2020-01-01 10:00:00.123456789", "a time in microseconds without"),
        ("2020-01-01T10:00:00Z", "2020-01-01T10:00:00", "a time in microseconds with"),
        ("true", "yes", "true or false"),
    ] {
        let error = refusal(&format!("a,b\n\"x\ny\",{good}\n\n2,{good}\nz,{bad}\n")).await;
        let expected = format!("line 6: \"{bad}\" in column \"b\" is not {kind}");
        assert!(error.contains(&expected), "{error}");
        assert!(error.contains("infer_rows") && error.contains(".csv\" at byte "), "{error}");
    }
}

#[tokio::test]
async fn lines_without_quotes_are_read_as_those_with_them() {
    let error = refusal("a,b\n1,1\n\n2,00501\n").await;
    assert!(error.contains("at byte 9: line 4: \"00501\" in column \"b\" is not"), "{error}");
    let plain = "n,d,at,x,t\n1,2020-01-31,2020-01-31 10:00:00,0.5,a b\r\n-0,,1969-12-31T23:59:59.25,\
                 -1e3,\n,9999-12-31,,.5,NA\n";
    let quoted = plain.replace("a b", "\"a b\"");
    let mut shown = Vec::new();
    for text in [plain, &quoted] {
        let table = table(text, &[("null", "NA")]).await;
        let types = table.show("SELECT arrow_typeof(n), arrow_typeof(d), arrow_typeof(at) FROM t");
        let types = types.await;
        assert!(["Int64", "Date32", "Timestamp"].iter().all(|kind| types.contains(kind)));
        shown.push(table.show("SELECT t, x, at, d, n FROM t").await);
        shown.push(table.show("SELECT count(*) AS n, count(t) AS m, max(d) AS d FROM t").await);
    }
    assert_eq!(shown[0], shown[2]);
    assert_eq!(shown[1], shown[3]);
    assert!(shown[1].contains("| 3 | 1 | 9999-12-31 |"), "{}", shown[1]);
}

#[tokio::test]
async fn a_refused_value_is_found_in_a_later_piece_of_a_file() {
    let text = format!("a,b\n{}#\n3,0x\n", "\"x\ny\",1\n".repeat(400_000));
    let options = [("infer_rows", "1"), ("comment", "#")];
    let table = table(&text, &options).await;
    let error = table.select("SELECT b FROM t").await.unwrap_err().to_string();
    let at = text.len() - 5;
    assert!(error.contains(&format!("at byte {at}: line 800003: \"0x\" in column")), "{error}");
    assert!(table.show("SELECT count(*) AS n FROM t").await.contains("| 400001 |"));
}

#[tokio::test]
async fn a_record_that_is_too_short_is_named_by_its_line() {
    let error = refusal(&format!("a,b\n{}\n3\n", "1,2\n".repeat(2_000))).await;
    let expected = "at byte 8005: line 2003: incorrect number of fields, expected 2 got 1";
    assert!(error.contains(expected), "{error}");
    // The last line may have no end.
    let error = refusal(&format!("a,b\n{}3", "1,2\n".repeat(2_000))).await;
    assert!(error.contains("at byte 8004: line 2002: incorrect number"), "{error}");
}

#[tokio::test]
async fn a_record_that_is_broken_in_the_sample_is_named_by_its_line() {
    let error = open("CSV", ".csv", b"a,b\n\"x\ny\",2\n3", &[]).await.unwrap_err().to_string();
    assert!(error.contains("at byte 12: line 4: incorrect number"), "{error}");
    let error = open("CSV", ".csv", b"a,b\n1,x\n2,\xff\n", &[]).await.unwrap_err().to_string();
    assert!(error.contains("at byte 8: line 3: value 2 of the record is not UTF-8"), "{error}");
    let rows = "\"x\ny\",1\n".repeat(200_000);
    let text = format!("a,b\n{rows}3\n");
    let table = open("CSV", ".csv", text.as_bytes(), &[("infer_rows", "all")]).await;
    let expected = format!("at byte {}: line 400002: ", text.len() - 2);
    assert!(table.unwrap_err().to_string().contains(&expected));
}
