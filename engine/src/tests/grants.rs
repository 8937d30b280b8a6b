//! What principals with grants see and may do.

use arrow::array::RecordBatch;

use super::{Fixture, batches, refused, rows};
use crate::{
    Code, Error, Grant, Principal, Rights, Role, Session, SessionOptions, TableFilter, Value,
};

fn eve(fixture: &Fixture, grants: &[&str]) -> Session {
    let grants = grants.iter().map(|text| Grant::parse(text).expect("a grant")).collect();
    let eve = Principal { rights: Rights::of(grants), ..Principal::network("eve", Role::Writer) };
    fixture.engine.session(eve, SessionOptions::default())
}

async fn with_tables() -> Fixture {
    let fixture = Fixture::new().await;
    for sql in [
        "CREATE SCHEMA maps",
        "CREATE SCHEMA secret",
        "CREATE TABLE maps.roads AS SELECT 1 AS id",
        "CREATE TABLE maps.rivers AS SELECT 2 AS id",
        "CREATE TABLE secret.codes AS SELECT 42 AS code",
        "CREATE TABLE codes AS SELECT 43 AS code",
        "CREATE VIEW maps.shown AS SELECT code FROM secret.codes",
    ] {
        fixture.done(sql).await;
    }
    fixture
}

#[track_caller]
fn assert_missing(error: &Error) {
    assert!(matches!(error.code, Code::UndefinedTable | Code::UndefinedSchema), "{error:?}");
    assert!(error.message.contains("does not exist"), "{error:?}");
}

#[tokio::test]
async fn what_no_grant_is_for_does_not_exist() {
    let fixture = with_tables().await;
    let eve = eve(&fixture, &["SELECT ON maps.r*"]);
    assert_eq!(rows(&eve, "SELECT id FROM maps.roads", vec![]).await.expect("reads"), "id\n1");
    for sql in [
        "SELECT * FROM secret.codes",
        "SELECT * FROM godwit.secret.codes",
        "SELECT * FROM codes",
        "SELECT * FROM maps.shown",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM secret.codes)",
        "SELECT (SELECT max(code) FROM codes) FROM maps.roads",
        "SELECT * FROM maps.roads UNION ALL SELECT * FROM secret.codes",
        "WITH c AS (SELECT * FROM secret.codes) SELECT * FROM c",
        "SELECT * FROM maps.roads AS codes, LATERAL (SELECT * FROM secret.codes) AS other",
        "EXPLAIN SELECT * FROM secret.codes",
        "DESCRIBE secret.codes",
        "DESCRIBE SELECT * FROM secret.codes",
        "SHOW COLUMNS FROM secret.codes",
        "SHOW CREATE TABLE secret.codes",
        "ANALYZE secret.codes",
        "ANALYZE TABLE codes",
        "INSERT INTO secret.codes VALUES (1)",
        "INSERT INTO codes SELECT id FROM maps.roads",
        "DELETE FROM secret.codes",
        "UPDATE secret.codes SET code = 1",
        "DROP TABLE secret.codes",
        "DROP SCHEMA secret CASCADE",
        "CREATE VIEW maps.rapids AS SELECT * FROM secret.codes",
        "USE secret",
        "SET schema = 'secret'",
    ] {
        let error = refused(&eve, sql).await;
        if error.code == Code::PermissionDenied {
            // The view may not be made at all, whatever it is over.
            assert!(sql.starts_with("CREATE VIEW"), "{sql}: {error:?}");
        } else {
            assert_missing(&error);
        }
        let hint = error.hint.unwrap_or_default();
        assert!(!hint.contains("codes") && !hint.contains("secret"), "{sql}: {hint}");
    }
    batches(&eve, "DROP TABLE IF EXISTS secret.codes, codes", vec![]).await.expect("nothing");
    batches(&eve, "DROP SCHEMA IF EXISTS secret CASCADE", vec![]).await.expect("nothing");
    assert_eq!(fixture.rows("SELECT code FROM secret.codes").await, "code\n42");
}

#[tokio::test]
async fn what_is_there_needs_the_right_grant() {
    let fixture = with_tables().await;
    let eve = eve(&fixture, &["SELECT ON maps.roads", "INSERT ON maps.rivers"]);
    for (sql, grant) in [
        ("SELECT * FROM maps.rivers", "SELECT ON maps.rivers"),
        ("SELECT id FROM maps.roads UNION SELECT id FROM maps.rivers", "SELECT ON maps.rivers"),
        ("SELECT 1 WHERE 2 IN (SELECT id FROM maps.rivers)", "SELECT ON maps.rivers"),
        ("ANALYZE maps.roads, maps.rivers", "SELECT ON maps.rivers"),
        ("INSERT INTO maps.roads VALUES (3)", "INSERT ON maps.roads"),
        ("INSERT OVERWRITE maps.rivers VALUES (3)", "DELETE ON maps.rivers"),
        ("DELETE FROM maps.roads", "DELETE ON maps.roads"),
        ("UPDATE maps.roads SET id = 3", "UPDATE ON maps.roads"),
        ("DROP TABLE maps.roads", "DROP ON maps.roads"),
        ("DROP SCHEMA maps CASCADE", "DROP ON maps.*"),
        ("CREATE SCHEMA mine", "CREATE ON mine.*"),
        ("CREATE TABLE maps.mine (id INT)", "CREATE ON maps.mine"),
        ("CREATE TABLE mine AS SELECT * FROM maps.roads", "CREATE ON public.mine"),
        ("CREATE OR REPLACE TABLE maps.roads AS SELECT 1 AS id", "CREATE ON maps.roads"),
        ("CREATE TEMP TABLE mine AS SELECT * FROM maps.roads", "CREATE ON temp.mine"),
        ("CREATE VIEW mine AS SELECT * FROM maps.roads", "CREATE ON public.mine"),
        ("COPY maps.roads TO '/data/roads.csv'", "COPY"),
        ("SELECT * FROM '/data/roads.csv'", "COPY"),
        ("ANALYZE '/data/roads.csv'", "COPY"),
        ("SELECT * FROM read_csv('/data/roads.csv')", "COPY"),
    ] {
        let error = refused(&eve, sql).await;
        assert_eq!(error.code, Code::PermissionDenied, "{sql}: {error:?}");
        let hint = error.hint.unwrap_or_default();
        assert!(hint.contains(&format!("\"{grant}\"")), "{sql}: {hint}");
    }
    let sql = "WITH rivers AS (SELECT 5 AS id) SELECT id FROM rivers";
    batches(&eve, "USE maps", vec![]).await.expect("is there");
    assert_eq!(rows(&eve, sql, vec![]).await.expect("is its own"), "id\n5");
    batches(&eve, "INSERT INTO maps.rivers SELECT id FROM maps.roads", vec![]).await.expect("adds");
    assert_eq!(fixture.rows("SELECT count(*) AS n FROM maps.rivers").await, "n\n2");
    // The columns of what may be filled can be looked up.
    assert!(rows(&eve, "DESCRIBE maps.rivers", vec![]).await.expect("is there").contains("id"));
}

#[tokio::test]
async fn a_view_shows_what_its_maker_may_see() {
    let fixture = with_tables().await;
    let reader = eve(&fixture, &["SELECT ON maps.shown"]);
    let sql = "SELECT v.code FROM maps.shown AS v JOIN maps.shown AS w ON v.code = w.code";
    assert_eq!(rows(&reader, sql, vec![]).await.expect("reads"), "code\n42");
    let maker = eve(&fixture, &["ALL ON maps.*"]);
    assert_missing(&refused(&maker, "CREATE VIEW maps.v AS SELECT * FROM secret.codes").await);
    batches(&maker, "CREATE VIEW maps.v AS SELECT * FROM maps.shown", vec![]).await.expect("makes");
    assert_eq!(rows(&maker, "SELECT code FROM maps.v", vec![]).await.expect("reads"), "code\n42");
    // An alias that is called like a view opens nothing.
    let error = refused(&reader, "SELECT * FROM maps.roads AS shown, maps.shown").await;
    assert_missing(&error);
}

#[tokio::test]
async fn a_view_opens_what_it_named_when_it_was_made() {
    let fixture = with_tables().await;
    fixture.done("CREATE SCHEMA work").await;
    let eve = eve(&fixture, &["ALL ON work.*", "ALL ON temp.*"]);
    for (schema, made) in [("work", "CREATE"), ("temp", "CREATE TEMP")] {
        for sql in [
            format!("{made} TABLE {schema}.codes AS SELECT 1 AS code"),
            "USE work".to_owned(),
            format!("{made} VIEW {schema}.v AS SELECT code FROM codes"),
        ] {
            batches(&eve, &sql, vec![]).await.expect("is her own");
        }
        let read = format!("SELECT code FROM {schema}.v");
        assert_eq!(rows(&eve, &read, vec![]).await.expect("reads"), "code\n1");
        batches(&eve, &format!("DROP TABLE {schema}.codes"), vec![]).await.expect("drops");
        // The table of the same name in the next schema is not hers.
        let error = refused(&eve, &read).await;
        assert_eq!(error.code, Code::UndefinedTable, "{error:?}");
        let again = format!("{made} TABLE {schema}.codes AS SELECT 2 AS code");
        batches(&eve, &again, vec![]).await.expect("makes");
        assert_eq!(rows(&eve, &read, vec![]).await.expect("reads"), "code\n2");
        batches(&eve, &format!("DROP VIEW {schema}.v"), vec![]).await.expect("drops");
        batches(&eve, &format!("DROP TABLE {schema}.codes"), vec![]).await.expect("drops");
    }
    // What others put before it later hides nothing.
    for sql in ["USE work", "CREATE VIEW work.later AS SELECT code FROM codes"] {
        fixture.done(sql).await;
    }
    fixture.done("CREATE TABLE work.codes AS SELECT 7 AS code").await;
    assert_eq!(fixture.rows("SELECT code FROM work.later").await, "code\n43");
}

#[tokio::test]
async fn a_view_tells_of_the_catalog_what_its_reader_may_know() {
    let fixture = with_tables().await;
    let eve = eve(&fixture, &["SELECT ON maps.roads", "ALL ON work.*"]);
    fixture.done("CREATE SCHEMA work").await;
    fixture.done("CREATE VIEW work.listed AS SELECT table_name FROM system.tables").await;
    for sql in [
        "CREATE VIEW work.queries AS SELECT user_name FROM system.queries",
        "CREATE VIEW work.names AS SELECT table_name FROM information_schema.tables",
    ] {
        batches(&eve, sql, vec![]).await.expect("makes");
    }
    for sql in [
        "SELECT * FROM work.listed WHERE table_name IN ('codes', 'rivers')",
        "SELECT * FROM work.names WHERE table_name IN ('codes', 'rivers')",
        "SELECT * FROM work.queries WHERE user_name <> 'eve'",
    ] {
        let found = batches(&eve, sql, vec![]).await.expect("reads");
        assert_eq!(found.iter().map(RecordBatch::num_rows).sum::<usize>(), 0, "{sql}");
    }
    let sql = "SELECT count(*) AS n FROM work.listed WHERE table_name = 'codes'";
    assert_eq!(fixture.rows(sql).await, "n\n2");
}

#[tokio::test]
async fn what_is_behind_a_view_is_not_shown() {
    let fixture = with_tables().await;
    let reader = eve(&fixture, &["SELECT ON maps.*"]);
    for sql in [
        "EXPLAIN SELECT * FROM maps.shown",
        "EXPLAIN ANALYZE SELECT * FROM maps.roads WHERE id IN (SELECT code FROM maps.shown)",
        "SHOW CREATE VIEW maps.shown",
    ] {
        let error = refused(&reader, sql).await;
        assert_eq!(error.code, Code::PermissionDenied, "{sql}: {error:?}");
        assert!(!format!("{}{:?}", error.message, error.hint).contains("codes"), "{error:?}");
    }
    let sql = "SELECT count(*) AS n FROM information_schema.views WHERE view_definition IS NULL";
    assert_eq!(rows(&reader, sql, vec![]).await.expect("reads"), "n\n1");
    assert_eq!(fixture.rows(sql).await, "n\n0");
    fixture.done("CREATE VIEW maps.plain AS SELECT id FROM maps.roads").await;
    batches(&reader, "EXPLAIN SELECT * FROM maps.plain", vec![]).await.expect("explains");
    let shown = rows(&reader, "SHOW CREATE VIEW maps.plain", vec![]).await.expect("shows");
    assert!(shown.contains("maps.roads"), "{shown}");
    // Nor by the error of a view whose tables are gone.
    fixture.done("CREATE TABLE secret.codec AS SELECT 1 AS code").await;
    fixture.done("DROP TABLE secret.codes").await;
    let error = refused(&reader, "SELECT * FROM maps.shown").await;
    let told = format!("{}{:?}{:?}", error.message, error.detail, error.hint);
    assert!(error.message.contains("maps.shown") && !told.contains("cod"), "{told}");
    assert!(
        !rows(&reader, "SELECT error FROM system.tables", vec![])
            .await
            .expect("lists")
            .contains("code")
    );
}

#[tokio::test]
async fn temporary_tables_are_their_sessions_own() {
    let fixture = with_tables().await;
    let eve = eve(&fixture, &["SELECT ON maps.roads", "CREATE ON temp.*"]);
    batches(&eve, "CREATE TEMP TABLE mine AS SELECT * FROM maps.roads", vec![])
        .await
        .expect("makes");
    batches(&eve, "INSERT INTO mine VALUES (9)", vec![]).await.expect("adds");
    batches(&eve, "CREATE TEMP VIEW seen AS SELECT mine.id FROM mine, maps.roads AS r", vec![])
        .await
        .expect("makes");
    let sql = "SELECT count(*) AS n FROM seen";
    assert_eq!(rows(&eve, sql, vec![]).await.expect("reads"), "n\n2");
    assert!(rows(&eve, "SHOW TABLES", vec![]).await.expect("lists").contains("mine"));
    batches(&eve, "DROP TABLE mine", vec![]).await.expect("drops");
}

#[tokio::test]
async fn all_lists_agree() {
    let fixture = with_tables().await;
    let eve = eve(&fixture, &["SELECT ON MAPS.Roads", "INSERT ON public.inbox", "ALL ON work.*"]);
    fixture.done("CREATE SCHEMA work").await;
    let tables = eve.tables(&TableFilter { with_schema: true, ..TableFilter::default() }).await;
    let tables = tables.expect("lists");
    let own = |schema: &str| ["information_schema", "system"].contains(&schema);
    let seen = tables.iter().filter(|table| !own(&table.schema) && table.format.is_some());
    assert_eq!(seen.map(|table| table.name.as_str()).collect::<Vec<_>>(), ["roads"]);
    assert_eq!(eve.schemas(), ["information_schema", "maps", "system", "work"]);
    assert_eq!(fixture.engine.schemas(eve.principal()), eve.schemas());
    let listed = fixture.engine.tables(&TableFilter::default(), eve.principal()).await;
    assert_eq!(listed.expect("lists").len(), tables.len());
    for sql in [
        "SELECT table_name FROM information_schema.tables WHERE table_name = 'codes'",
        "SELECT table_name FROM information_schema.columns
         WHERE column_name = 'code' AND table_schema <> 'system'",
        "SELECT table_name FROM information_schema.views",
        "SELECT table_name FROM system.tables WHERE table_name = 'codes'",
        "SELECT schema_name FROM information_schema.schemata WHERE schema_name = 'secret'",
        "SHOW TABLES LIKE 'codes'",
        "SELECT sql FROM system.queries WHERE user_name <> 'eve'",
    ] {
        let found =
            batches(&eve, sql, vec![]).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        assert_eq!(found.iter().map(RecordBatch::num_rows).sum::<usize>(), 0, "{sql}");
    }
}

#[tokio::test]
async fn prepared_statements_keep_the_rights_of_their_principal() {
    let fixture = with_tables().await;
    let sql = "SELECT id FROM maps.roads WHERE id = $1";
    fixture.session.prepare(sql).await.expect("plans");
    let other = eve(&fixture, &["INSERT ON maps.roads"]);
    let error = refused(&other, "SELECT id FROM maps.roads WHERE id = 1").await;
    assert_eq!(error.code, Code::PermissionDenied, "{error:?}");
    assert_eq!(other.prepare(sql).await.expect_err("no").code, Code::PermissionDenied);
    let filling = other.prepare("INSERT INTO maps.roads VALUES ($1)").await.expect("plans");
    filling.execute(vec![Value::Int64(Some(7))]).await.expect("adds");
    assert_eq!(fixture.rows("SELECT count(*) AS n FROM maps.roads").await, "n\n2");
}

#[tokio::test]
async fn the_grants_of_a_session_are_shown() {
    let fixture = Fixture::new().await;
    let eve = eve(&fixture, &["SELECT, INSERT ON Maps.r*", "COPY"]);
    let shown = rows(&eve, "SHOW GRANTS", vec![]).await.expect("rows");
    assert_eq!(shown, "privilege|schema_name|table_name\nSELECT|maps|r*\nINSERT|maps|r*\nCOPY||");
    let reader = Principal::network("ada", Role::Reader);
    let reader = fixture.engine.session(reader, SessionOptions::default());
    let shown = rows(&reader, "SHOW GRANTS", vec![]).await.expect("rows");
    assert_eq!(shown, "privilege|schema_name|table_name\nSELECT|*|*\nCOPY||");
}
