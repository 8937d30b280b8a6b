//! Databases that were made for the tests, whole and broken.

use godwit_geometry::{Crs, Relation, box_2d, wkt};
use rusqlite::Connection;

use crate::test_support::{Table, function, hex, open};

/// Returns a database with a layer of points, one of attributes and one that is a view.
fn database(more: &str) -> Vec<u8> {
    let file = tempfile::NamedTempFile::new().unwrap();
    let database = Connection::open(file.path()).unwrap();
    let tables = "
        PRAGMA application_id = 1196444487;
        CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);
        CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
        CREATE TABLE gpkg_spatial_ref_sys (
            srs_id INTEGER, organization TEXT, organization_coordsys_id INTEGER, definition TEXT);
        INSERT INTO gpkg_spatial_ref_sys VALUES (7, 'epsg', 3301, 'undefined');
        CREATE TABLE notes (fid INTEGER PRIMARY KEY, note TEXT(9), at DATETIME, day DATE,
            small TINYINT, single FLOAT, flag BOOLEAN, raw BLOB(2));
        INSERT INTO notes VALUES (1, 'x', '2020-02-29T12:00:00Z', '2020-02-29', 5, 0.5, 1, x'00ff');
        INSERT INTO notes (fid) VALUES (2);
        CREATE TABLE places (fid INTEGER PRIMARY KEY, geom POINT);
        CREATE VIRTUAL TABLE rtree_places_geom USING rtree(id, minx, maxx, miny, maxy);
        CREATE TABLE ogr_empty_table (fid INTEGER PRIMARY KEY, geom GEOMETRY);
        CREATE VIEW looped AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n)
            SELECT i FROM n;
        INSERT INTO gpkg_contents VALUES
            ('ogr_empty_table', 'features'), ('notes', 'attributes'), ('looped', 'features'), ('places', 'features'),
            ('pictures', 'tiles');
        INSERT INTO gpkg_geometry_columns VALUES ('places', 'geom', 7);";
    database.execute_batch(tables).unwrap();
    for id in 0..100 {
        let (wkb, _) = wkt::parse(&format!("POINT({id} {id})")).unwrap();
        let blob = [&b"GP\0\x01\x07\0\0\0"[..], &wkb].concat();
        database.execute("INSERT INTO places VALUES (?1, ?2)", (id, blob)).unwrap();
        let insert = "INSERT INTO rtree_places_geom VALUES (?1, ?1, ?1, ?1, ?1)";
        database.execute(insert, [id]).unwrap();
    }
    database.execute_batch("INSERT INTO places VALUES (1000, NULL)").unwrap();
    database.execute_batch(more).unwrap();
    database.close().unwrap();
    std::fs::read(file.path()).unwrap()
}

async fn layer(bytes: &[u8], layer: &str) -> Table {
    open("GEOPACKAGE", ".gpkg", bytes, &[("layer", layer)]).await.unwrap()
}

#[tokio::test]
async fn layers_are_tables() {
    let bytes = database("");
    // The first one with features, which is no view.
    let table = open("GEOPACKAGE", ".gpkg", &bytes, &[]).await.unwrap();
    assert_eq!(table.crs("geom"), Some(Crs::from_epsg(3301)));
    let shown = table.show("SELECT count(*) AS n, sum(fid) AS s, count(geom) AS g FROM t").await;
    assert!(shown.contains("| 101 | 5950 | 100 |"), "{shown}");
    let table = layer(&bytes, "NOTES").await;
    let expected = "\
+-----+------+---------------------+------------+-------+--------+------+------+
| fid | note | at                  | day        | small | single | flag | raw  |
+-----+------+---------------------+------------+-------+--------+------+------+
| 1   | x    | 2020-02-29T12:00:00 | 2020-02-29 | 5     | 0.5    | true | 00ff |
| 2   |      |                     |            |       |        |      |      |
+-----+------+---------------------+------------+-------+--------+------+------+";
    assert_eq!(table.show("SELECT * FROM t").await, expected);
}

#[tokio::test]
async fn systems_of_a_file_are_known_by_their_definitions() {
    let own = |latitude: i32| {
        let name = format!("+proj=laea +lat_0={latitude} +lon_0=10 +datum=WGS84");
        (Crs::parse(&name).unwrap(), name)
    };
    let ((north, wkt), (south, newer)) = (own(52), own(-52));
    let replaced = |organisation: &str, definition: &str| {
        format!(
            "UPDATE gpkg_spatial_ref_sys SET organization = '{organisation}', \
             organization_coordsys_id = 100000, definition = '{definition}';"
        )
    };
    let second = "ALTER TABLE gpkg_spatial_ref_sys ADD COLUMN definition_12_063 TEXT;";
    for (more, expected) in [
        (replaced("NONE", &wkt), Some(&north)),
        (replaced("custom", &wkt), Some(&north)),
        (replaced("EPSG", &wkt), Some(&north)),
        (replaced("NONE", "undefined"), None),
        (replaced("NONE", &wkt) + second, Some(&north)),
        (
            format!(
                "{}{second}UPDATE gpkg_spatial_ref_sys SET definition_12_063 = '{newer}'",
                replaced("NONE", &wkt)
            ),
            Some(&south),
        ),
        (
            format!(
                "{}{second}UPDATE gpkg_spatial_ref_sys SET definition_12_063 = 'undefined'",
                replaced("NONE", &wkt)
            ),
            Some(&north),
        ),
    ] {
        let crs = layer(&database(&more), "places").await.crs("geom");
        let json = |crs: Option<&Crs>| crs.map(|crs| crs.to_json()["conversion"].clone());
        assert_eq!(json(crs.as_ref()), json(expected), "{more}");
    }
}

#[tokio::test]
async fn a_window_asks_the_index() {
    let window = hex(&box_2d([10.5, 10.5], [13.0, 13.0]));
    let sql = format!(
        "SELECT count(*) AS n, sum(fid) AS s FROM t WHERE st_intersects(geom, \
         arrow_cast(decode('{window}', 'hex'), 'BinaryView'))"
    );
    // Without its entry in the index a row is not found, which shows that the index was asked.
    for (more, expected) in [
        ("", "| 3 | 36 |"),
        ("DELETE FROM rtree_places_geom WHERE id = 12", "| 2 | 24 |"),
        ("DROP TABLE rtree_places_geom", "| 3 | 36 |"),
    ] {
        let table = layer(&database(more), "places").await;
        table.register(function(Relation::Intersects));
        let shown = table.show(&sql).await;
        assert!(shown.contains(expected), "{more}: {shown}");
    }
}

#[tokio::test]
async fn integers_are_integers_by_any_declaration() {
    let columns = "big BIGINT, tiny INT8, any NUMERIC";
    let more = format!(
        "CREATE TABLE other (fid INTEGER PRIMARY KEY, {columns});
         INSERT INTO gpkg_contents VALUES ('other', 'attributes');
         INSERT INTO other VALUES (1, 9, 9, 9.25), (2, 10, 10, 'n/a');"
    );
    let sql = "SELECT max(big) AS b, max(tiny) AS t, max(any) AS a FROM t";
    let shown = layer(&database(&more), "other").await.show(sql).await;
    assert!(shown.contains("| 10 | 10 | n/a |"), "{shown}");
    let more = format!("{more} UPDATE other SET big = 'many' WHERE fid = 2");
    let table = layer(&database(&more), "other").await;
    let error = table.select("SELECT * FROM t").await.unwrap_err().to_string();
    assert!(error.contains("column \"big\""), "{error}");
    assert!(table.show("SELECT sum(fid) AS s FROM t").await.contains("| 3 |"));
}

#[tokio::test]
async fn a_text_that_is_not_utf_8_is_named() {
    let more = "UPDATE notes SET note = CAST(x'4bf66c6e' AS TEXT) WHERE fid = 2";
    let table = layer(&database(more), "notes").await;
    let error = table.select("SELECT note FROM t").await.unwrap_err().to_string();
    let place = "table \"notes\", column \"note\", rowid 2: the text is not UTF-8 at its byte 1";
    assert!(error.contains(place), "{error}");
    assert!(table.show("SELECT sum(fid) AS s FROM t").await.contains("| 3 |"));
}

#[tokio::test]
async fn computed_columns_are_read() {
    let more = "CREATE TABLE sums (fid INTEGER PRIMARY KEY, n INTEGER,
             twice INTEGER GENERATED ALWAYS AS (n * 2) VIRTUAL, next INT AS (n + 1) STORED);
         INSERT INTO sums (n) VALUES (4);
         INSERT INTO gpkg_contents VALUES ('sums', 'attributes');";
    let shown = layer(&database(more), "sums").await.show("SELECT * FROM t").await;
    assert!(shown.contains("| fid | n | twice | next |"), "{shown}");
    assert!(shown.contains("| 1   | 4 | 8     | 5    |"), "{shown}");
}

#[tokio::test]
async fn a_table_without_numbers_of_rows_is_read() {
    let more = "CREATE TABLE codes (code TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID;
         INSERT INTO codes VALUES ('a', 1), ('b', 'x');
         INSERT INTO gpkg_contents VALUES ('codes', 'attributes');";
    let table = layer(&database(more), "codes").await;
    assert!(table.show("SELECT max(code) AS c FROM t").await.contains("| b |"));
    let error = table.select("SELECT n FROM t").await.unwrap_err().to_string();
    assert!(error.contains("column \"n\", rowid unknown: \"x\" is no whole number"), "{error}");
}

#[tokio::test]
async fn values_that_make_no_sense_are_refused() {
    for (more, column) in [
        ("UPDATE notes SET small = 'many'", "small"),
        ("UPDATE notes SET small = 99999", "small"),
        ("UPDATE notes SET day = 'soon'", "day"),
        ("UPDATE notes SET at = 'soon'", "at"),
        ("UPDATE notes SET single = x'00'", "single"),
    ] {
        let table = layer(&database(more), "notes").await;
        let error = table.select("SELECT * FROM t").await.unwrap_err().to_string();
        assert!(error.contains(&format!("column \"{column}\"")), "{error}");
    }
    for blob in ["x'00'", "x'4750002100000000'", "x'4750000300000000'", "'text'"] {
        let table = layer(&database(&format!("UPDATE places SET geom = {blob}")), "places").await;
        assert!(table.select("SELECT geom FROM t").await.is_err(), "{blob}");
    }
    for name in ["looped", "pictures", "nothing"] {
        let opened = open("GEOPACKAGE", ".gpkg", &database(""), &[("layer", name)]).await;
        let error = opened.unwrap_err().to_string();
        assert!(error.contains("its layers are places, notes"), "{error}");
    }
}

#[tokio::test]
async fn broken_files_never_panic() {
    let whole = database("");
    let mut refused = 0;
    for round in 0..150 {
        let mut bytes = whole.clone();
        let at = (round * 7919) % bytes.len();
        let end = (at + 1 + round % 60).min(bytes.len());
        bytes[at..end].fill([0, 0xff, 0x41][round % 3]);
        if round % 5 == 0 {
            bytes.truncate(at);
        }
        let read = match open("GEOPACKAGE", ".gpkg", &bytes, &[]).await {
            Ok(table) => table.select("SELECT * FROM t").await,
            Err(error) => Err(error),
        };
        if let Err(error) = read {
            refused += 1;
            assert!(!error.to_string().contains("panic"), "{round}: {error}");
        }
    }
    assert!(refused > 20, "{refused}");
}
