//! Names found whatever case they are written in.

use super::Fixture;
use crate::Code;

#[tokio::test]
async fn names_without_quotes_find_any_case_and_keep_it() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE \"Counties\" AS SELECT 1 AS \"GEOID\", 'x' AS \"Name\"").await;
    assert_eq!(fixture.rows("SELECT geoid, NAME FROM counties").await, "GEOID|Name\n1|x");
    assert_eq!(
        fixture.rows("SELECT c.GeoId FROM COUNTIES C WHERE c.name = 'x' ORDER BY c.geoid").await,
        "GEOID\n1"
    );
    assert_eq!(fixture.rows("SELECT counties.geoid FROM public.counties").await, "GEOID\n1");
    assert_eq!(
        fixture.rows("SELECT Geoid AS Total FROM counties ORDER BY total").await,
        "Total\n1"
    );
    assert_eq!(
        fixture.rows("WITH Q AS (SELECT geoid AS G FROM counties) SELECT g FROM q").await,
        "G\n1"
    );
    assert_eq!(
        fixture.rows("SELECT a.name FROM counties a JOIN counties b USING (GeoID)").await,
        "Name\nx"
    );
    assert_eq!(fixture.rows("SELECT * EXCLUDE (geoid) FROM counties").await, "Name\nx");
    assert_eq!(fixture.rows("SELECT C.* FROM counties c").await, "GEOID|Name\n1|x");
    assert_eq!(fixture.refused("SELECT \"geoid\" FROM counties").await.code, Code::UndefinedColumn);
    assert_eq!(
        fixture
            .rows("SELECT NAME, count(*) AS n FROM counties GROUP BY name HAVING COUNT(*) > 0")
            .await,
        "Name|n\nx|1"
    );
}

#[tokio::test]
async fn a_common_table_expression_may_have_the_name_of_a_table() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE t AS SELECT 1 AS a").await;
    assert_eq!(fixture.rows("WITH t AS (SELECT a + 1 AS a FROM t) SELECT a FROM t").await, "a\n2");
    assert_eq!(
        fixture
            .rows("WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT count(*) AS c FROM r")
            .await,
        "c\n3"
    );
}

#[tokio::test]
async fn columns_that_differ_only_in_case_need_quotes() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE VIEW v AS SELECT 1 AS \"name\", 2 AS \"NAME\"").await;
    assert_eq!(fixture.rows("SELECT name, NAME FROM v").await, "name|NAME\n1|2");
    let error = fixture.refused("SELECT Name FROM v").await;
    assert_eq!(error.code, Code::UndefinedColumn);
    assert!(error.hint.is_some_and(|hint| hint.contains("double quotes")));
}

#[tokio::test]
async fn a_column_may_be_called_user() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE osm AS SELECT 'bob' AS \"user\"").await;
    assert_eq!(fixture.rows("SELECT user FROM osm").await, "user\nbob");
}

#[tokio::test]
async fn functions_ignore_case_and_count_their_arguments() {
    let fixture = Fixture::new().await;
    let sql = "SELECT ST_ASTEXT(St_Collect(g)) AS c FROM (VALUES ('POINT(1 2)'::geometry), ('POINT(3 4)'::geometry)) AS t(g)";
    let rows = fixture.rows(sql).await;
    assert!(rows.contains("MULTIPOINT"), "{rows}");
    assert_eq!(fixture.rows("SELECT Upper('x') AS u").await, "u\nX");
}

#[tokio::test]
async fn schemas_are_searched_in_order() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE SCHEMA lake").await;
    fixture.done("CREATE TABLE t AS SELECT 'public' AS s").await;
    fixture.done("CREATE TABLE lake.t AS SELECT 'lake' AS s").await;
    fixture.done("CREATE TABLE only_public AS SELECT 1 AS a").await;
    fixture.done("USE Lake").await;
    assert_eq!(fixture.rows("SELECT s FROM t").await, "s\nlake");
    assert_eq!(fixture.rows("SELECT s FROM godwit.public.t").await, "s\npublic");
    assert_eq!(fixture.rows("SELECT a FROM only_public").await, "a\n1");
    assert_eq!(fixture.rows("SELECT current_schema() AS s").await, "s\nlake");
    // DROP never reaches beyond the current schema.
    assert_eq!(fixture.refused("DROP TABLE only_public").await.code, Code::UndefinedTable);
    fixture.done("SET search_path = public").await;
    assert_eq!(fixture.rows("SELECT s FROM t").await, "s\npublic");
    assert_eq!(fixture.refused("USE nowhere").await.code, Code::UndefinedSchema);
    assert_eq!(fixture.refused("DROP SCHEMA lake").await.code, Code::DependentObjects);
    fixture.done("DROP SCHEMA lake CASCADE").await;
}
