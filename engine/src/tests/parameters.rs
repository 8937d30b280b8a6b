//! Parameters: their types and their binding.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use futures::TryStreamExt as _;
use godwit_geometry::GeometryType;

use super::{Fixture, rows, shown};
use crate::{Code, Execution, Outcome, Value, bindable};

async fn types(fixture: &Fixture, sql: &str) -> Vec<DataType> {
    let prepared = fixture.session.prepare(sql).await.expect(sql);
    prepared.parameters().iter().map(|parameter| parameter.data_type.clone()).collect()
}

#[tokio::test]
async fn types_are_inferred() {
    let fixture = Fixture::new().await;
    fixture
        .done(
            "CREATE TABLE t AS SELECT 1::bigint AS id, 'x' AS name, 'POINT(1 2)'::geometry AS geom",
        )
        .await;
    assert_eq!(types(&fixture, "SELECT * FROM t WHERE id = ?").await, [DataType::Int64]);
    assert_eq!(
        types(&fixture, "SELECT * FROM t WHERE name LIKE $2 AND id IN ($1)").await,
        [DataType::Int64, DataType::Utf8]
    );
    assert_eq!(
        types(&fixture, "SELECT * FROM t LIMIT ? OFFSET ?").await,
        [DataType::Int64, DataType::Int64]
    );
    assert_eq!(types(&fixture, "SELECT ?::double").await, [DataType::Float64]);
    assert_eq!(types(&fixture, "SELECT abs(?)").await, [DataType::Float64]);
    assert_eq!(types(&fixture, "SELECT upper(?)").await, [DataType::Utf8]);
    assert_eq!(
        types(&fixture, "SELECT ST_Point(?, ?)").await,
        [DataType::Float64, DataType::Float64]
    );
    assert_eq!(
        types(&fixture, "SELECT * FROM t WHERE ST_DWithin(geom, ?, ?)").await,
        [DataType::Binary, DataType::Float64]
    );
    assert_eq!(types(&fixture, "SELECT ST_GeomFromText(?)").await, [DataType::Utf8]);
    assert_eq!(
        types(&fixture, "INSERT INTO t VALUES (?, ?, ?)").await,
        [DataType::Int64, DataType::Utf8, DataType::Binary]
    );
    assert_eq!(types(&fixture, "SELECT ?").await, [DataType::Utf8]);
}

#[tokio::test]
async fn types_are_inferred_from_what_stands_beside() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE t AS SELECT 1::bigint AS id").await;
    for (sql, expected) in [
        ("SELECT coalesce(?, 1), nullif(?, 2), ARRAY[?, 2]", vec![DataType::Int64; 3]),
        ("SELECT NOT ?, CASE WHEN ? THEN 1 END FROM t WHERE ?", vec![DataType::Boolean; 3]),
        ("SELECT ? AS x UNION ALL SELECT 1", vec![DataType::Int64]),
        ("SELECT NULL UNION SELECT ? UNION SELECT 'x'", vec![DataType::Utf8]),
        ("SELECT id = ANY(?) FROM t", vec![DataType::new_list(DataType::Int64, true)]),
        ("SELECT ST_SetSRID('POINT(1 2)', ?)", vec![DataType::Int64]),
        ("SELECT ?::geometry", vec![DataType::Utf8]),
    ] {
        assert_eq!(types(&fixture, sql).await, expected, "{sql}");
    }
}

#[tokio::test]
async fn values_keep_their_types_where_several_are_taken() {
    let fixture = Fixture::new().await;
    let noon = Value::TimestampMicrosecond(Some(1_704_110_400_000_000), None);
    let day = Value::DurationMicrosecond(Some(86_400_000_000));
    let before = "SELECT (TIMESTAMP '2020-01-02' - ?)::text AS r";
    let member = "SELECT value AS r FROM generate_series(1, 3) WHERE value = ANY(?) ORDER BY 1";
    for (sql, value, expected) in [
        ("SELECT to_char(?, 'YYYY-MM') AS r", noon, "r\n2024-01"),
        ("SELECT to_char(?, '999') AS r", Value::from(12_i64), "r\n12"),
        ("SELECT '[1, 2]'::json -> ? AS r", Value::from(1_i64), "r\n2"),
        ("SELECT '{\"a\": 3}'::json -> ? AS r", Value::from("a"), "r\n3"),
        ("SELECT coalesce(?, 1) AS r", Value::from(5_i64), "r\n5"),
        ("SELECT coalesce(?, 1) AS r", Value::from(5.5), "r\n5.5"),
        ("SELECT ? AS r UNION ALL SELECT 1", Value::from(5_i64), "r\n5\n1"),
        ("SELECT ? AS r UNION ALL SELECT 1", Value::from("5"), "r\n5\n1"),
        ("SELECT abs(?) AS r", Value::from("-5"), "r\n5.0"),
        ("SELECT abs(?) AS r", Value::from(-5_i64), "r\n5"),
        (before, day, "r\n2020-01-01 00:00:00"),
        (member, Value::from("{2,3}"), "r\n2\n3"),
        ("SELECT NOT ? AS r", Value::from("true"), "r\nfalse"),
    ] {
        let found = rows(&fixture.session, sql, vec![value.clone()]).await.expect(sql);
        assert_eq!(found, expected, "{sql} with {value}");
    }
}

#[tokio::test]
async fn a_bound_srid_decides_the_reference_system() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE t (n INT, g GEOMETRY(Point, 4326))").await;
    let values = |srid: i64| vec![Value::from(1.0), Value::from(2.0), Value::from(srid)];
    for (sql, srid, expected) in [
        ("SELECT ST_AsEWKT(ST_SetSRID(ST_Point(?, ?), ?)) AS g", 3857, "g\nSRID=3857;POINT(1 2)"),
        ("SELECT ST_AsEWKT(ST_Point(?, ?, ?::int)) AS g", 4326, "g\nSRID=4326;POINT(1 2)"),
        ("SELECT ST_SRID(ST_Transform(ST_Point(?, ?, 4326), ?)) AS g", 3857, "g\n3857"),
        ("SELECT ST_SRID(coalesce(NULL, ST_Point(?, ?, ?))) AS g", 28992, "g\n28992"),
    ] {
        let found = rows(&fixture.session, sql, values(srid)).await.expect(sql);
        assert_eq!(found, expected, "{sql}");
    }
    let point = fixture.session.prepare("SELECT ST_SetSRID(ST_Point(?, ?), ?) AS g").await;
    let schema = point.expect("plans").bound_schema(values(3857)).await.expect("a schema");
    let known = GeometryType::from_field(schema.field(0)).expect("a type").expect("a geometry");
    assert_eq!(known.crs.and_then(|crs| crs.srid()), Some(3857));
    for sql in [
        "SELECT ST_Distance(ST_Point(1, 2, 4326), ST_SetSRID(ST_Point(?, ?), ?))",
        "SELECT coalesce(ST_Point(?, ?, ?), ST_Point(1, 2, 4326))",
        "INSERT INTO t (g) VALUES (ST_SetSRID(ST_Point(?, ?), ?))",
    ] {
        rows(&fixture.session, sql, values(4326)).await.expect(sql);
        let refused = rows(&fixture.session, sql, values(3857)).await;
        assert_eq!(refused.expect_err(sql).code, Code::CrsMismatch, "{sql}");
    }
    let insert = "INSERT INTO t VALUES (?, ST_SetSRID(ST_Point(?, ?), ?))";
    let insert = fixture.session.prepare(insert).await.expect("plans");
    let many = |srids: Vec<i64>| -> Vec<ArrayRef> {
        let numbers = Arc::new(Float64Array::from(vec![1.0, 2.0])) as ArrayRef;
        let srids = Arc::new(Int64Array::from(srids));
        vec![Arc::clone(&numbers), Arc::clone(&numbers), numbers, srids]
    };
    assert!(insert.execute_rows(&many(vec![4326, 4326])).await.expect("inserts").is_some());
    assert!(insert.execute_rows(&many(vec![4326, 3857])).await.expect("waits").is_none());
    let none: Vec<ArrayRef> =
        many(vec![4326, 4326]).iter().map(|column| column.slice(0, 0)).collect();
    assert!(insert.execute_rows(&none).await.expect("waits").is_none());
    let other = insert.execute_rows(&many(vec![3857, 3857])).await;
    assert_eq!(other.expect_err("another system").code, Code::CrsMismatch);
    assert_eq!(
        fixture.rows("SELECT count(*) AS n, min(ST_SRID(g)) AS s FROM t").await,
        "n|s\n3|4326"
    );
}

#[tokio::test]
async fn casts_to_geometries_take_texts_and_bytes() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE t (g GEOMETRY(Point, 4326))").await;
    let mut ewkb = vec![1, 1, 0, 0, 0x20];
    ewkb.extend(4326_i32.to_le_bytes());
    ewkb.extend([1.0_f64, 2.0].into_iter().flat_map(f64::to_le_bytes));
    let values = [Value::from("SRID=4326;POINT(1 2)"), Value::Binary(Some(ewkb))];
    for value in values {
        let ask = "SELECT ST_AsEWKT(?::geometry) AS g";
        let found = rows(&fixture.session, ask, vec![value.clone()]).await.expect(ask);
        assert_eq!(found, "g\nSRID=4326;POINT(1 2)");
        let insert = "INSERT INTO t SELECT ?::geometry";
        fixture.session.execute(insert, vec![value]).await.expect(insert);
    }
    for read in ["?::geometry", "ST_GeomFromEWKT(?)", "ST_GeomFromText(?)"] {
        let insert = format!("INSERT INTO t VALUES ({read})");
        let insert = fixture.session.prepare(&insert).await.expect(read);
        let many = |text: &str| [Arc::new(StringArray::from(vec![text, "POINT(1 3)"])) as ArrayRef];
        insert.execute_rows(&many("SRID=4326;POINT(1 2)")).await.expect(read);
        let refused = insert.execute_rows(&many("SRID=3857;POINT(1 2)")).await;
        let message = "Geometry SRID (3857) does not match column SRID (4326)";
        assert_eq!(refused.expect_err(read).message, message, "{read}");
    }
    assert_eq!(
        fixture.rows("SELECT count(*) AS n, min(ST_SRID(g)) AS s FROM t").await,
        "n|s\n8|4326"
    );
}

#[tokio::test]
async fn rows_of_values_take_parameters_beside_geometries() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE t (n INT, g GEOMETRY(Point, 4326))").await;
    let insert = "INSERT INTO t VALUES (1, ?), (2, ST_Point(1, 2))";
    for text in ["SRID=4326;POINT(3 4)", "POINT(3 4)"] {
        fixture.session.execute(insert, vec![Value::from(text)]).await.expect(text);
    }
    let refused = fixture.session.execute(insert, vec![Value::from("SRID=3857;POINT(3 4)")]).await;
    assert_eq!(refused.err().map(|error| error.code), Some(Code::CrsMismatch));
    let found =
        fixture.rows("SELECT n, ST_AsEWKT(g) AS e, count(*) AS c FROM t GROUP BY n, g ORDER BY n");
    assert_eq!(found.await, "n|e|c\n1|SRID=4326;POINT(3 4)|2\n2|SRID=4326;POINT(1 2)|2");
}

#[tokio::test]
async fn a_type_that_nothing_tells_is_asked_for() {
    let fixture = Fixture::new().await;
    for (sql, hint) in [
        ("SELECT sum(?)", "Add a cast, as sum(x::double)."),
        ("SELECT * FROM unnest(?)", "Add a cast, as unnest(x::integer[])."),
    ] {
        let refused = fixture.session.prepare(sql).await.expect_err(sql);
        assert_eq!(refused.code, Code::UndefinedFunction, "{sql}");
        assert_eq!(refused.hint.as_deref(), Some(hint), "{sql}");
    }
    let many = vec![Value::from("{1,2}")];
    let sql = "SELECT sum(n) AS s FROM unnest(?::int[]) AS t(n)";
    assert_eq!(rows(&fixture.session, sql, many).await.expect(sql), "s\n3");
}

#[tokio::test]
async fn decimals_of_hundreds_are_bound() {
    let fixture = Fixture::new().await;
    let hundreds = || vec![Value::Decimal128(Some(5), 2, -2)];
    for (sql, expected) in [
        ("SELECT v FROM (VALUES (500), (5)) AS t(v) WHERE v = ?", "v\n500"),
        ("SELECT v FROM (VALUES (500.0), (5.0)) AS t(v) WHERE v = ?", "v\n500.0"),
        ("SELECT ?::bigint AS v", "v\n500"),
        ("SELECT ? AS v", "v\n500"),
    ] {
        assert_eq!(rows(&fixture.session, sql, hundreds()).await.expect(sql), expected, "{sql}");
    }
}

#[tokio::test]
async fn values_are_bound() {
    let fixture = Fixture::new().await;
    let run = |sql: &'static str, values: Vec<Value>| {
        let session = fixture.session.clone();
        async move { rows(&session, sql, values).await }
    };
    let ints = vec![Value::from(2_i64), Value::from(3_i64)];
    assert_eq!(run("SELECT ? + ? AS s", ints).await.expect("binds"), "s\n5");
    let named = vec![Value::from("x"), Value::from(2_i64)];
    assert_eq!(
        run("SELECT $a AS a, $b AS b, $a AS c", named).await.expect("binds"),
        "a|b|c\nx|2|x"
    );
    let cast = vec![Value::from("3")];
    assert_eq!(
        run("SELECT count(*) AS n FROM generate_series(1, 5) WHERE value > ?", cast)
            .await
            .expect("binds"),
        "n\n2"
    );
    let wkt = vec![Value::from("POINT(1 2)"), Value::from(1.0)];
    assert_eq!(
        run("SELECT ST_DWithin(ST_Point(1, 2), ?, ?) AS d", wkt).await.expect("binds"),
        "d\ntrue"
    );
    let missing = run("SELECT ?", Vec::new()).await.expect_err("missing");
    assert_eq!(missing.code, Code::InvalidParameter);
    let unfit = run("SELECT 1 LIMIT ?", vec![Value::from("many")]).await.expect_err("unfit");
    assert_eq!(unfit.code, Code::InvalidText);
    let three = || vec![Value::from(3_i64)];
    let series = "SELECT value FROM generate_series(1, ?) WHERE value > 1";
    assert_eq!(run(series, three()).await.expect("binds"), "value\n2\n3");
    let named = "SELECT n FROM generate_series(1, ?::bigint + 1) AS n OFFSET 2";
    assert_eq!(run(named, three()).await.expect("binds"), "n\n3\n4");
    let null = vec![Value::Utf8(None)];
    assert_eq!(run("SELECT ? IS NULL AS n", null).await.expect("binds"), "n\ntrue");
}

#[tokio::test]
async fn inserts_take_parameters() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE t AS SELECT 1::bigint AS id, 'x' AS name").await;
    let prepared =
        fixture.session.prepare("INSERT INTO t (NAME, id) VALUES (?, ?)").await.expect("plans");
    assert!(!prepared.is_query());
    assert!(prepared.schema().fields().is_empty());
    for id in 2..4_i64 {
        prepared.execute(vec![Value::from("y"), Value::from(id)]).await.expect("inserts");
    }
    assert_eq!(fixture.rows("SELECT * FROM t ORDER BY id").await, "id|name\n1|x\n2|y\n3|y");
}

#[tokio::test]
async fn returning_takes_parameters() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE t AS SELECT 1 AS id, 10 AS n").await;
    let values = || vec![Value::from(2_i64), Value::from(5_i64)];
    for (sql, expected) in [
        ("UPDATE t SET n = n * ? WHERE id = 1 RETURNING id, n + ? AS more", "id|more\n1|25"),
        ("INSERT INTO t VALUES ($2, 0) RETURNING id + $1 AS sum", "sum\n7"),
        (
            "MERGE INTO t USING (SELECT $2 + 0 AS id) AS s ON t.id = s.id WHEN MATCHED THEN DELETE \
             RETURNING s.id, $1 + 0 AS two",
            "id|two\n5|2",
        ),
    ] {
        let found = rows(&fixture.session, sql, values()).await.expect(sql);
        assert_eq!(found, expected, "{sql}");
    }
}

#[tokio::test]
async fn values_stay_what_they_are_beside_columns_of_other_types() {
    let fixture = Fixture::new().await;
    let create = "CREATE TABLE t (id INT, d DECIMAL(10, 1), n DATE)";
    fixture.done(create).await;
    fixture.done("INSERT INTO t VALUES (1, 1.5, '2024-01-01'), (2, 2.5, '2024-01-02')").await;
    let noon = || Value::TimestampMicrosecond(Some(1_704_110_400_000_000), None);
    let cases = [
        ("SELECT id FROM t WHERE id = ? ORDER BY id", Value::from(1.7), ""),
        ("SELECT id FROM t WHERE id < ? ORDER BY id", Value::from(1.7), "id\n1"),
        ("SELECT id FROM t WHERE id IN (?) ORDER BY id", Value::from(1.7), ""),
        ("SELECT id FROM t WHERE id BETWEEN 1 AND ? ORDER BY id", Value::from(2.0), "id\n1\n2"),
        ("SELECT id FROM t WHERE d = ?", Value::from(1.54), ""),
        ("SELECT id FROM t WHERE d = ?", Value::from(1.5), "id\n1"),
        ("SELECT id FROM t WHERE id = ?", Value::Decimal128(Some(17), 2, 1), ""),
        ("SELECT id FROM t WHERE id = ?", Value::from(1_i64 << 40), ""),
        ("SELECT id FROM t WHERE n < ? ORDER BY id", noon(), "id\n1"),
        ("SELECT 1 + ? AS r", Value::from(1.7), "r\n2.7"),
        ("SELECT CAST(? AS INT) AS r", Value::from(9.5), "r\n10"),
        ("SELECT DATE '2024-01-10' - ? AS r", Value::from(5_i64), "r\n2024-01-05"),
        ("SELECT 1 + ? AS r", Value::Date32(Some(19_723)), "r\n2024-01-02"),
    ];
    for (sql, value, expected) in cases {
        let found = rows(&fixture.session, sql, vec![value.clone()]).await.expect(sql);
        assert_eq!(found, expected, "{sql} with {value}");
    }
    let day = || Value::Date32(Some(19_723));
    for (sql, value) in [
        ("INSERT INTO t (id) VALUES (?)", day()),
        ("INSERT INTO t (n) VALUES (?)", Value::from(5_i64)),
        ("UPDATE t SET n = ?", Value::from(5_i64)),
        ("UPDATE t SET id = ?", Value::DurationSecond(Some(5))),
    ] {
        let refused = rows(&fixture.session, sql, vec![value.clone()]).await;
        let error = refused.expect_err(sql);
        assert_eq!(error.code, Code::DatatypeMismatch, "{sql} with {value}: {error:?}");
    }
    let change = fixture.session.prepare("UPDATE t SET id = id * ? WHERE id >= ?").await;
    let change = change.expect("plans");
    change.execute(vec![Value::from(1.5), Value::from(1.5)]).await.expect("updates");
    let insert = fixture.session.prepare("INSERT INTO t (id) VALUES (?)").await.expect("plans");
    insert.execute(vec![Value::from(9.7)]).await.expect("inserts");
    let error = insert.execute(vec![Value::from(1_i64 << 40)]).await.expect_err("too large");
    assert_eq!(error.code, Code::ValueOutOfRange);
    assert_eq!(fixture.rows("SELECT id FROM t ORDER BY id").await, "id\n1\n3\n10");
}

#[tokio::test]
async fn bound_geometries_keep_the_reference_system_that_they_name() {
    let fixture = Fixture::new().await;
    let ask = async |sql: &str, text: &str| {
        let found = rows(&fixture.session, sql, vec![Value::from(text)]).await;
        found.map_err(|error| error.message)
    };
    let distance = "SELECT ST_Distance(ST_Point(1, 2, 4326), $1) AS d";
    let literal = distance.replace("$1", "'SRID=3857;POINT(1 2)'");
    let refused = fixture.refused(&literal).await.message;
    assert_eq!(ask(distance, "SRID=3857;POINT(1 2)").await, Err(refused));
    assert_eq!(ask(distance, "SRID=4326;POINT(1 3)").await.as_deref(), Ok("d\n1.0"));
    assert_eq!(ask(distance, "POINT(1 3)").await.as_deref(), Ok("d\n1.0"));
    let srid = "SELECT ST_SRID($1) AS s";
    assert_eq!(ask(srid, "SRID=3857;POINT(1 2)").await.as_deref(), Ok("s\n3857"));
}

#[tokio::test]
async fn the_reference_system_in_bound_bytes_is_not_lost() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE t (geom GEOMETRY(Point, 4326))").await;
    let bytes = |srid: i32| {
        let mut ewkb = vec![1, 1, 0, 0, 0x20];
        ewkb.extend(srid.to_le_bytes());
        ewkb.extend([1.0_f64, 2.0].into_iter().flat_map(f64::to_le_bytes));
        Value::Binary(Some(ewkb))
    };
    let insert = "INSERT INTO t VALUES (?)";
    fixture.session.execute(insert, vec![bytes(4326)]).await.expect("the same system");
    let refused = fixture.session.execute(insert, vec![bytes(3857)]).await;
    let message = "Geometry SRID (3857) does not match column SRID (4326), in column \"geom\"";
    assert_eq!(refused.err().map(|error| error.message).as_deref(), Some(message));
    assert_eq!(
        fixture.rows("SELECT ST_AsEWKT(geom) AS g, length(ST_AsBinary(geom)) AS n FROM t").await,
        "g|n\nSRID=4326;POINT(1 2)|21"
    );
}

async fn read(execution: Execution) -> String {
    let Outcome::Rows(rows) = execution.outcome else { panic!("no rows") };
    let batches: Vec<RecordBatch> = rows.try_collect().await.expect("rows");
    shown(&batches).expect("shows")
}

#[tokio::test]
async fn many_values_have_one_type() {
    let fixture = Fixture::new().await;
    let values: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 1.5]));
    let values = RecordBatch::try_from_iter([("0", values)]).expect("a batch");
    let prepared = fixture.session.prepare("SELECT 1 + ? AS s").await.expect("plans");
    let prepared = prepared.bound_to(&values).expect("binds");
    let first = || vec![Value::from(1.0)];
    let schema = prepared.bound_schema(first()).await.expect("a schema");
    assert_eq!(schema.field(0).data_type(), &DataType::Float64);
    assert_eq!(read(prepared.execute(first()).await.expect("runs")).await, "s\n2.0");
}

#[tokio::test]
async fn bound_geometries_are_in_the_system_their_column_names() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE t (g GEOMETRY(Point, 4326))").await;
    let geometry = |crs: &str| {
        let metadata = HashMap::from([
            ("ARROW:extension:name".to_owned(), "geoarrow.wkt".to_owned()),
            ("ARROW:extension:metadata".to_owned(), format!("{{\"crs\":\"{crs}\"}}")),
        ]);
        let field = Field::new("0", DataType::Utf8, true).with_metadata(metadata);
        let texts: ArrayRef = Arc::new(StringArray::from(vec!["POINT(1 2)"]));
        let batch = RecordBatch::try_new(Arc::new(Schema::new(vec![field])), vec![texts]);
        bindable(&batch.expect("a batch")).expect("converts")
    };
    let bound = async |sql: &str, crs: &str| {
        let values = geometry(crs);
        let value = Value::try_from_array(values.column(0), 0).expect("a value");
        let prepared = fixture.session.prepare(sql).await.expect(sql);
        let prepared = prepared.bound_to(&values).expect(sql);
        prepared.execute(vec![value]).await
    };
    let answer = bound("SELECT ST_AsEWKT(?) AS g", "EPSG:3857").await.expect("runs");
    assert_eq!(read(answer).await, "g\nSRID=3857;POINT(1 2)");
    let insert = "INSERT INTO t VALUES (?)";
    bound(insert, "EPSG:4326").await.expect("inserts");
    let error = bound(insert, "EPSG:3857").await.expect_err("another reference system");
    assert_eq!(error.code, Code::CrsMismatch);
    assert_eq!(fixture.rows("SELECT ST_AsEWKT(g) AS g FROM t").await, "g\nSRID=4326;POINT(1 2)");
}

#[tokio::test]
async fn texts_become_lists_and_structures() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE t (l INT[], s STRUCT<a INT, b VARCHAR>)").await;
    let insert = fixture.session.prepare("INSERT INTO t VALUES (?, ?)").await.expect("plans");
    for (list, structure) in
        [(Some("[1, 2]"), Some("{\"a\": 1, \"b\": \"x\"}")), (Some("{3}"), None), (None, None)]
    {
        let values = vec![Value::from(list), Value::from(structure)];
        insert.execute(values).await.expect("inserts");
    }
    let found = fixture.rows("SELECT l, s FROM t ORDER BY l[1]").await;
    assert_eq!(found, "l|s\n[1, 2]|{a: 1, b: x}\n[3]|\n|");
    let wrong = insert.execute(vec![Value::from("1"), Value::Utf8(None)]).await;
    assert_eq!(wrong.expect_err("no list").code, Code::InvalidText);
}
