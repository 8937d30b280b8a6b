//! Predicates over a batch: the side that repeats is prepared once.
//!
//! A literal is prepared once and kept between batches. A column side is prepared when the same
//! bytes come several rows in a row, which is how a nested loop join presents its outer row.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, BooleanBuilder};
use godwit_geometry::{Geometry, GeometryError, Prepared, Relation};

use crate::arguments::Arguments;
use crate::column::Geometries;
use crate::prepared_cache::prepare;
use crate::rows::Rows as _;

/// How many times in a row a geometry must come before it is prepared.
const WORTH_PREPARING: usize = 4;

/// Returns whether the first two arguments have the relation, row by row.
pub(crate) fn evaluate(
    arguments: &Arguments<'_>,
    relation: Relation,
) -> Result<ArrayRef, GeometryError> {
    let (left, right) = (arguments.geometry(0)?, arguments.geometry(1)?);
    let result = match (left.constant(), right.constant()) {
        (Some(left), None) => against_constant(relation, left, &right)?,
        (None, Some(right)) => against_constant(relation.converse(), right, &left)?,
        _ => columns(relation, &left, &right)?,
    };
    Ok(Arc::new(result))
}

/// Returns whether `constant RELATION row` holds for each row.
fn against_constant(
    relation: Relation,
    constant: Geometry<'_>,
    rows: &Geometries<'_>,
) -> Result<BooleanArray, GeometryError> {
    let prepared = prepare(constant.bytes())?;
    let answers = rows.answers(|other| prepared.evaluate(relation, other))?;
    let (values, nulls) = answers.finish();
    Ok(BooleanArray::new(values.into(), nulls))
}

fn columns(
    relation: Relation,
    left: &Geometries<'_>,
    right: &Geometries<'_>,
) -> Result<BooleanArray, GeometryError> {
    let mut builder = BooleanBuilder::with_capacity(left.row_count());
    let mut left_side = Repeated::default();
    let mut right_side = Repeated::default();
    for row in 0..left.row_count() {
        let (Some(a), Some(b)) = (left.get(row)?, right.get(row)?) else {
            builder.append_null();
            continue;
        };
        let left_prepared = left_side.see(a)?;
        let right_prepared = right_side.see(b)?;
        builder.append_value(match (left_prepared, right_prepared) {
            (Some(prepared), _) => prepared.evaluate(relation, b),
            (None, Some(prepared)) => prepared.evaluate(relation.converse(), a),
            (None, None) => relation.evaluate(a, b),
        }?);
    }
    Ok(builder.finish())
}

/// A side of a predicate whose value may come many times in a row.
#[derive(Default)]
struct Repeated<'a> {
    last: &'a [u8],
    times: usize,
    prepared: Option<Arc<Prepared>>,
}

impl<'a> Repeated<'a> {
    /// Returns the prepared form of the geometry when it came often enough.
    fn see(&mut self, geometry: Geometry<'a>) -> Result<Option<&Prepared>, GeometryError> {
        let bytes = geometry.bytes();
        if std::ptr::eq(bytes, self.last) || bytes == self.last {
            self.times += 1;
        } else {
            self.last = bytes;
            self.times = 1;
            self.prepared = None;
        }
        if self.times >= WORTH_PREPARING && self.prepared.is_none() {
            self.prepared = Some(prepare(bytes)?);
        }
        Ok(self.prepared.as_deref())
    }
}
