//! What the parser makes of statements, and what it refuses.

use super::parse;
use crate::error::Code;
use crate::sql::statement::{CreateSource, Describe, DropKind, Show, Statement};

fn refused(sql: &str) -> Code {
    match parse(sql) {
        Ok(statement) => panic!("{sql} was parsed as {statement:?}"),
        Err(error) => error.code,
    }
}

#[test]
fn external_tables_take_clauses_in_any_order() {
    let sql = "CREATE OR REPLACE EXTERNAL TABLE s.t OPTIONS ('format.delimiter' ';', header true, \
               geometry => 'xy:lon,lat', n = 3) LOCATION 's3://b/x/*.csv' PARTITIONED BY (y INT, z) \
               STORED AS CSV;";
    let Ok(Statement::CreateExternalTable(create)) = parse(sql) else { panic!("not parsed") };
    assert!(create.or_replace && !create.if_not_exists);
    assert_eq!(create.name.to_string(), "s.t");
    assert_eq!(create.format.as_deref(), Some("CSV"));
    assert_eq!(create.location, "s3://b/x/*.csv");
    assert_eq!(create.partitioned_by.len(), 2);
    assert_eq!(create.options.get("delimiter").map(String::as_str), Some(";"));
    assert_eq!(create.options.get("header").map(String::as_str), Some("true"));
    assert_eq!(create.options.get("geometry").map(String::as_str), Some("xy:lon,lat"));
    assert_eq!(create.options.get("n").map(String::as_str), Some("3"));
}

#[test]
fn tables_take_clauses_in_any_order() {
    let sql = "CREATE TABLE IF NOT EXISTS t COMMENT 'it''s' CLUSTER BY (geom) TBLPROPERTIES \
               ('a' = 'b') LOCATION '/x' PARTITIONED BY (country) USING geoparquet \
               AS WITH q AS (SELECT 1 AS country) SELECT * FROM q";
    let Ok(Statement::CreateTable(create)) = parse(sql) else { panic!("not parsed") };
    assert!(create.if_not_exists);
    assert_eq!(create.comment.as_deref(), Some("it's"));
    assert_eq!(create.cluster_by.len(), 1);
    assert_eq!(create.partitioned_by.len(), 1);
    assert_eq!(create.location.as_deref(), Some("/x"));
    assert_eq!(create.format.as_deref(), Some("geoparquet"));
    assert!(matches!(create.source, CreateSource::Query(_)));
    let Ok(Statement::CreateTable(create)) =
        parse("CREATE TABLE t (a INT NOT NULL, g GEOMETRY(Point, 4326))")
    else {
        panic!("not parsed")
    };
    assert!(matches!(create.source, CreateSource::Columns(columns) if columns.len() == 2));
}

#[test]
fn a_view_keeps_the_users_own_text() {
    let sql = "CREATE VIEW v AS\n  SELECT  Name -- keep\n  FROM \u{e9}t\u{e9}  ;  ";
    let Ok(Statement::CreateView(create)) = parse(sql) else { panic!("not parsed") };
    assert_eq!(create.sql, "SELECT  Name -- keep\n  FROM \u{e9}t\u{e9}");
    let Ok(Statement::CreateView(create)) =
        parse("CREATE OR REPLACE VIEW v (\"A\", b) AS SELECT 1, 2")
    else {
        panic!("not parsed")
    };
    assert!(create.sql.contains("(\"A\", \"b\")"), "{}", create.sql);
}

#[test]
fn inserts_tell_columns_from_queries() {
    let Ok(Statement::Insert(insert)) = parse("INSERT INTO t (a, \"B\") VALUES (1, 2)") else {
        panic!("not parsed")
    };
    assert_eq!(insert.columns.len(), 2);
    let Ok(Statement::Insert(insert)) = parse("INSERT OVERWRITE TABLE t (SELECT 1)") else {
        panic!("not parsed")
    };
    assert!(insert.overwrite && insert.columns.is_empty());
    let Ok(Statement::Insert(insert)) =
        parse("INSERT INTO s.t VALUES (1, DEFAULT) RETURNING *, a b")
    else {
        panic!("not parsed")
    };
    assert_eq!(insert.query.to_string(), "VALUES (1, NULL)");
    let returning = insert.returning.map(|query| query.to_string());
    assert_eq!(returning.as_deref(), Some("SELECT *, a AS b FROM \"returned rows\" AS t"));
    assert_eq!(refused("INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING"), Code::Unsupported);
}

#[test]
fn copy_takes_tables_and_queries() {
    for sql in [
        "COPY t TO 'x.parquet' STORED AS GEOPARQUET OPTIONS (compression zstd) CLUSTER BY (geom)",
        "COPY (SELECT * FROM t) TO 'x.parquet' CLUSTER BY geom (FORMAT geoparquet, compression zstd)",
        "COPY t TO 'x.parquet' CLUSTER BY geom WITH (FORMAT geoparquet, compression zstd)",
    ] {
        let Ok(Statement::Copy(copy)) = parse(sql) else { panic!("not parsed: {sql}") };
        assert_eq!(copy.location, "x.parquet");
        assert!(copy.format.is_some_and(|format| format.eq_ignore_ascii_case("geoparquet")));
        assert_eq!(copy.options.get("compression").map(String::as_str), Some("zstd"));
        assert_eq!(copy.cluster_by.len(), 1);
    }
    assert_eq!(refused("COPY t FROM 'x.csv'"), Code::Unsupported);
}

#[test]
fn session_statements_are_parsed() {
    assert!(matches!(
        parse("SHOW TABLES FROM s LIKE 'a%'"),
        Ok(Statement::Show(Show::Tables { schema: Some(_), like: Some(_) }))
    ));
    assert!(matches!(parse("show create view v"), Ok(Statement::Show(Show::Create(_)))));
    assert!(
        matches!(parse("SHOW datafusion.execution.batch_size"), Ok(Statement::Show(Show::Variable(name))) if name == "datafusion.execution.batch_size")
    );
    assert!(matches!(parse("DESC t"), Ok(Statement::Describe(Describe::Table(_)))));
    assert!(matches!(parse("DESCRIBE SELECT 1"), Ok(Statement::Describe(Describe::Query(_)))));
    assert!(
        matches!(parse("SET TIME ZONE 'Europe/Paris'"), Ok(Statement::Set { name, value }) if name == "time_zone" && value == "Europe/Paris")
    );
    assert!(
        matches!(parse("set Batch_Size to 100"), Ok(Statement::Set { name, .. }) if name == "batch_size")
    );
    assert!(matches!(parse("USE godwit.lake"), Ok(Statement::Use(_))));
    assert!(matches!(
        parse("KILL QUERY '018f5a3e-0000-7000-8000-000000000000'"),
        Ok(Statement::Kill(_))
    ));
    assert_eq!(refused("KILL 'x'"), Code::InvalidText);
    assert!(
        matches!(parse("DROP TABLE IF EXISTS a, b"), Ok(Statement::Drop(drop)) if drop.if_exists && drop.names.len() == 2 && drop.kind == DropKind::Table)
    );
}

#[test]
fn one_statement_a_call() {
    assert!(parse("SELECT 1;;").is_ok());
    assert!(parse(";SELECT 1").is_ok());
    assert_eq!(refused("SELECT 1; SELECT 2"), Code::SyntaxError);
    assert_eq!(refused("  -- nothing\n"), Code::SyntaxError);
    assert_eq!(refused(""), Code::SyntaxError);
}

#[test]
fn explain_explains_the_query_inside() {
    assert!(
        matches!(parse("EXPLAIN ANALYZE VERBOSE SELECT 1"), Ok(Statement::Explain(explain)) if explain.analyze && explain.verbose)
    );
    assert!(matches!(parse("EXPLAIN CREATE TABLE t AS SELECT 1"), Ok(Statement::Explain(_))));
    assert_eq!(refused("EXPLAIN ANALYZE CREATE TABLE t AS SELECT 1 AS a"), Code::Unsupported);
    assert_eq!(refused("EXPLAIN DROP TABLE t"), Code::Unsupported);
}

#[test]
fn analyze_names_tables_and_their_columns() {
    let shown = |sql| match parse(sql).expect(sql) {
        Statement::Analyze(tables) => {
            let shown = tables.iter().map(|named| {
                let columns: Vec<String> = named.columns.iter().map(ToString::to_string).collect();
                format!("{}({})", named.table, columns.join(","))
            });
            shown.collect::<Vec<_>>().join(" ")
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(shown("ANALYZE"), "");
    assert_eq!(shown("ANALYZE VERBOSE;"), "");
    assert_eq!(shown("ANALYZE t"), "t()");
    assert_eq!(shown("analyze table s.t"), "s.t()");
    assert_eq!(shown("ANALYSE VERBOSE a, b (geom, \"Area\"), c"), "a() b(geom,\"Area\") c()");
    assert_eq!(shown("ANALYZE (VERBOSE, SKIP_LOCKED true, BUFFER_USAGE_LIMIT '1 MB') t"), "t()");
    assert_eq!(shown("ANALYZE (VERBOSE off)"), "");
    assert_eq!(shown("ANALYZE '/data/a.parquet' (geom)"), "'/data/a.parquet'(geom)");
    for sql in [
        "ANALYZE TABLE",
        "ANALYZE t,",
        "ANALYZE t u",
        "ANALYZE t ()",
        "ANALYZE t (geom",
        "ANALYZE (FULL) t",
        "ANALYZE (VERBOSE",
        "ANALYZE SELECT 1",
    ] {
        assert_eq!(refused(sql), Code::SyntaxError, "{sql}");
    }
    assert!(matches!(parse("EXPLAIN ANALYZE SELECT 1"), Ok(Statement::Explain(_))));
    assert_eq!(refused("EXPLAIN ANALYZE t"), Code::SyntaxError);
    assert_eq!(refused("EXPLAIN ANALYZE ANALYZE t"), Code::Unsupported);
}

#[test]
fn other_databases_statements_are_refused_by_name() {
    for sql in [
        "BEGIN",
        "UPDATE t SET a = 1 USING u",
        "DELETE FROM t WHERE a = 1 LIMIT 1",
        "CREATE INDEX i ON t (a)",
        "CREATE MATERIALIZED VIEW v AS SELECT 1",
    ] {
        assert_eq!(refused(sql), Code::Unsupported, "{sql}");
    }
}

#[test]
fn changes_are_queries_of_the_rows_they_are_about() {
    let query = |sql| match parse(sql).expect(sql) {
        Statement::Change(change) => change.query.to_string(),
        other => panic!("{other:?}"),
    };
    let update = query("UPDATE s.t AS x SET a = 1, x.b = a + 1 WHERE c = 'where'");
    assert_eq!(
        update,
        "SELECT 1 AS \"new value 1\", a + 1 AS \"new value 2\", * FROM s.t AS x WHERE c = 'where'"
    );
    assert_eq!(query("DELETE FROM t x WHERE a"), "SELECT * FROM t AS x WHERE a");
    assert_eq!(query("TRUNCATE TABLE t"), "SELECT * FROM t");
    assert_eq!(
        query("UPDATE t SET a = DEFAULT, b = s.b FROM s RETURNING a"),
        "SELECT NULL AS \"new value 1\", s.b AS \"new value 2\", t.* FROM t, s"
    );
    for sql in ["UPDATE t SET", "UPDATE t SET 1 = a", "UPDATE SET a = 1", "DELETE t", "DELETE FROM"]
    {
        assert_eq!(refused(sql), Code::SyntaxError, "{sql}");
    }
}

#[test]
fn mistakes_have_a_place() {
    let error = parse("SELECT 1\nFROM t WHERE").expect_err("incomplete");
    assert_eq!(error.code, Code::SyntaxError);
    assert!(error.message.chars().next().is_some_and(char::is_lowercase), "{}", error.message);
    let error = parse("CREATE TABLE t\n  FOO").expect_err("no query");
    assert_eq!(error.position.map(|place| (place.line, place.column)), Some((2, 3)));
    let error = parse("SELECT 'open").expect_err("no end");
    assert_eq!(error.position.map(|place| (place.line, place.column)), Some((1, 8)));
}

#[test]
fn deep_and_long_statements_are_refused() {
    let nested = format!("SELECT {}1{}", "(".repeat(5_000), ")".repeat(5_000));
    assert_eq!(refused(&nested), Code::LimitExceeded);
    let chained = format!("SELECT 1{}", "+1".repeat(100_000));
    assert_eq!(refused(&chained), Code::LimitExceeded);
    let united = format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(100_000));
    assert_eq!(refused(&united), Code::LimitExceeded);
    let joined = format!("SELECT 1, 2 FROM t{}", " JOIN t USING (a, b)".repeat(501));
    assert_eq!(refused(&joined), Code::LimitExceeded);
    let conditions = format!("SELECT a{}", " AND a".repeat(501));
    assert_eq!(refused(&conditions), Code::LimitExceeded);
    let alternatives = format!("SELECT a{}", " OR a".repeat(5_001));
    assert_eq!(refused(&alternatives), Code::LimitExceeded);
    let negated = format!("SELECT {} true", "NOT ".repeat(2_900));
    assert_eq!(refused(&negated), Code::LimitExceeded);
    let negative = format!("SELECT {}1", "- ".repeat(2_900));
    assert_eq!(refused(&negative), Code::LimitExceeded);
    // Long lists are no deep trees.
    let listed = format!("SELECT 1 IN (1{})", ",1".repeat(100_000));
    assert!(parse(&listed).is_ok());
    let rows = format!("INSERT INTO t VALUES (1, -1, 'a'){}", ", (1, -1, 'a')".repeat(20_000));
    assert!(parse(&rows).is_ok());
}

#[test]
fn a_long_chain_that_is_allowed_can_be_dropped() {
    let chained = format!("SELECT 1{}", "+1".repeat(500));
    assert!(parse(&chained).is_ok());
    let united = format!("SELECT 1, 2{}", " UNION ALL SELECT 1, 2".repeat(500));
    assert!(parse(&united).is_ok());
    let alternatives = format!("SELECT a = 1{}", " OR t.a = 1 AND t.b < 2".repeat(5_000));
    assert!(parse(&alternatives).is_ok());
    let cases = format!("SELECT CASE{} END", " WHEN a = 1 AND b = 2 THEN 3".repeat(1_000));
    assert!(parse(&cases).is_ok());
}
