//! Changes that are bound to many rows of values.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, StringArray};

use super::Fixture;
use crate::{Completion, Outcome};

/// Executes a statement for rows of values; returns nothing if it is to be executed for each.
async fn changed(fixture: &Fixture, sql: &str, columns: &[ArrayRef]) -> Option<Completion> {
    let prepared = fixture.session.prepare(sql).await.expect(sql);
    let execution = prepared.execute_rows(columns).await.expect(sql)?;
    let Outcome::Done(completion) = execution.outcome else { panic!("{sql} returned rows") };
    Some(completion)
}

fn numbers(numbers: impl IntoIterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(numbers))
}

fn texts(texts: [&str; 3]) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(texts))
}

#[tokio::test]
async fn many_rows_of_values_are_one_commit() {
    let fixture = Fixture::new().await;
    let made = "CREATE TABLE t AS SELECT value AS id, 'old' AS name FROM generate_series(1, 6)";
    let version = fixture.done(made).await.version.expect("a version");
    let update = "UPDATE t SET name = upper(?) || name WHERE id = ?";
    let done = changed(&fixture, update, &[texts(["a", "b", "c"]), numbers([1, 2, 9])]).await;
    let done = done.expect("one statement");
    assert_eq!((done.operation, done.rows_affected), ("UPDATE", Some(2)));
    assert_eq!(done.version, Some(version + 1));
    let delete = "DELETE FROM t WHERE id = ? OR name = ?";
    let done = changed(&fixture, delete, &[numbers([3, 4, 3]), texts(["Bold", "x", "y"])]).await;
    let done = done.expect("one statement");
    assert_eq!((done.operation, done.rows_affected), ("DELETE", Some(3)));
    assert_eq!(done.version, Some(version + 2));
    assert_eq!(fixture.rows("SELECT * FROM t ORDER BY id").await, "id|name\n1|Aold\n5|old\n6|old");
}

#[tokio::test]
async fn rows_that_see_each_other_are_executed_one_by_one() {
    let fixture = Fixture::new().await;
    fixture.done("CREATE TABLE t AS SELECT 1::bigint AS id, 'old' AS name").await;
    let twice = numbers([1, 1, 2]);
    for (sql, columns) in [
        ("UPDATE t SET id = id + 1 WHERE id = ?", vec![numbers([1, 2, 3])]),
        ("UPDATE t SET name = name || ? WHERE id = ?", vec![texts(["a", "b", "c"]), twice]),
        ("UPDATE t SET name = ? WHERE id > 0", vec![texts(["a", "b", "c"])]),
        ("DELETE FROM t WHERE id = (SELECT max(id) FROM t) - ?", vec![numbers([0, 1, 2])]),
    ] {
        assert_eq!(changed(&fixture, sql, &columns).await, None, "{sql}");
    }
    assert_eq!(fixture.rows("SELECT * FROM t").await, "id|name\n1|old");
}

#[tokio::test]
async fn hundreds_of_rows_are_a_few_commits() {
    let fixture = Fixture::new().await;
    let made = "CREATE TABLE t AS SELECT value AS id FROM generate_series(1, 500)";
    let version = fixture.done(made).await.version.expect("a version");
    let done = changed(&fixture, "DELETE FROM t WHERE id = ?", &[numbers(1..=450)]).await;
    let done = done.expect("a few statements");
    assert_eq!((done.rows_affected, done.version), (Some(450), Some(version + 3)));
    assert_eq!(fixture.rows("SELECT min(id) AS a, count(*) AS n FROM t").await, "a|n\n451|50");
}
