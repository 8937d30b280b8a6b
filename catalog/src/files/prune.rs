//! Leaving out files by what is known about their columns.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, UInt64Array};
use arrow::datatypes::{FieldRef, SchemaRef};
use datafusion::catalog::Session;
use datafusion::common::pruning::PruningStatistics;
use datafusion::common::stats::Precision;
use datafusion::common::{Column, ColumnStatistics, DFSchema, ScalarValue, Statistics};
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::utils::conjunction;
use datafusion::physical_optimizer::pruning::PruningPredicateBuilder;
use datafusion::physical_plan::PhysicalExpr;
use godwit_formats::{Constants, spatial_filter, with_nan_rows};
use godwit_geometry::SpatialFilter;

/// Returns what the filters demand of the geometries of a file.
pub(super) fn window(session: &dyn Session, filters: &[Expr], schema: &SchemaRef) -> SpatialFilter {
    physical(session, filters, schema).map_or(SpatialFilter::Anything, |filter| {
        spatial_filter(&filter, schema, Constants::Written)
    })
}

/// Returns the filters as one condition over the columns of the table.
fn physical(
    session: &dyn Session,
    filters: &[Expr],
    schema: &SchemaRef,
) -> Option<Arc<dyn PhysicalExpr>> {
    let filter = conjunction(filters.iter().cloned())?;
    let df_schema = DFSchema::try_from(Arc::clone(schema)).ok()?;
    session.create_physical_expr(filter, &df_schema).ok()
}

/// Returns for each file whether it can have rows the filters let through.
pub(super) fn prune(
    session: &dyn Session,
    filters: &[Expr],
    schema: &SchemaRef,
    files: &[Arc<Statistics>],
) -> Vec<bool> {
    try_prune(session, filters, schema, files).unwrap_or_else(|| vec![true; files.len()])
}

fn try_prune(
    session: &dyn Session,
    filters: &[Expr],
    schema: &SchemaRef,
    files: &[Arc<Statistics>],
) -> Option<Vec<bool>> {
    let filter = with_nan_rows(physical(session, filters, schema)?, schema).ok()?;
    let predicate =
        PruningPredicateBuilder::new().with_file_schema(Arc::clone(schema)).build(filter)?;
    predicate.prune(&FileStatistics { schema, files }).ok()
}

/// Returns the statistics of a file, completed by its partition values.
pub(super) fn with_partitions(
    statistics: Arc<Statistics>,
    partition_values: &[ScalarValue],
) -> Arc<Statistics> {
    if partition_values.is_empty() {
        return statistics;
    }
    let mut statistics = Arc::unwrap_or_clone(statistics);
    for value in partition_values {
        statistics.column_statistics.push(partition_statistics(value, statistics.num_rows));
    }
    Arc::new(statistics)
}

/// Returns the statistics of a partition column inside one file.
pub(crate) fn partition_statistics(
    value: &ScalarValue,
    num_rows: Precision<usize>,
) -> ColumnStatistics {
    if value.is_null() {
        return ColumnStatistics { null_count: num_rows, ..ColumnStatistics::new_unknown() };
    }
    ColumnStatistics {
        null_count: Precision::Exact(0),
        min_value: Precision::Exact(value.clone()),
        max_value: Precision::Exact(value.clone()),
        distinct_count: Precision::Exact(1),
        ..ColumnStatistics::new_unknown()
    }
}

/// Returns statistics by which no scan puts a constant in the place of a column that says more than
/// its values, such as their reference system: a constant does not say it.
pub(super) fn without_constants(
    statistics: Arc<Statistics>,
    schema: &SchemaRef,
) -> Arc<Statistics> {
    let says_more = |field: &FieldRef| field.metadata().contains_key("ARROW:extension:name");
    if !schema.fields().iter().any(says_more) {
        return statistics;
    }
    let mut statistics = Arc::unwrap_or_clone(statistics);
    for (column, field) in statistics.column_statistics.iter_mut().zip(schema.fields()) {
        if says_more(field) {
            column.min_value = std::mem::take(&mut column.min_value).to_inexact();
            column.max_value = std::mem::take(&mut column.max_value).to_inexact();
            column.null_count = column.null_count.to_inexact();
        }
    }
    Arc::new(statistics)
}

/// What is known about the files. Bounds need not be tight to be used here.
struct FileStatistics<'a> {
    schema: &'a SchemaRef,
    files: &'a [Arc<Statistics>],
}

impl FileStatistics<'_> {
    fn bounds(
        &self,
        column: &Column,
        bound: impl Fn(&ColumnStatistics) -> &Precision<ScalarValue>,
    ) -> Option<ArrayRef> {
        let index = self.schema.index_of(column.name()).ok()?;
        let null = ScalarValue::try_from(self.schema.fields().get(index)?.data_type()).ok()?;
        let values = self.files.iter().map(|file| {
            let value = file.column_statistics.get(index).and_then(|statistics| {
                bound(statistics).get_value().filter(|value| value.data_type() == null.data_type())
            });
            value.cloned().unwrap_or_else(|| null.clone())
        });
        ScalarValue::iter_to_array(values).ok()
    }
}

impl PruningStatistics for FileStatistics<'_> {
    fn min_values(&self, column: &Column) -> Option<ArrayRef> {
        self.bounds(column, |statistics| &statistics.min_value)
    }

    fn max_values(&self, column: &Column) -> Option<ArrayRef> {
        self.bounds(column, |statistics| &statistics.max_value)
    }

    fn num_containers(&self) -> usize {
        self.files.len()
    }

    fn null_counts(&self, column: &Column) -> Option<ArrayRef> {
        let index = self.schema.index_of(column.name()).ok()?;
        let counts = self.files.iter().map(|file| {
            file.column_statistics.get(index).and_then(|statistics| exact(&statistics.null_count))
        });
        Some(Arc::new(counts.collect::<UInt64Array>()))
    }

    fn row_counts(&self) -> Option<ArrayRef> {
        let counts = self.files.iter().map(|file| exact(&file.num_rows));
        Some(Arc::new(counts.collect::<UInt64Array>()))
    }

    fn contained(&self, _: &Column, _: &HashSet<ScalarValue>) -> Option<BooleanArray> {
        None
    }
}

fn exact(count: &Precision<usize>) -> Option<u64> {
    match count {
        Precision::Exact(count) => u64::try_from(*count).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::{DataType, Field, Schema};
    use godwit_geometry::GeometryType;

    use super::*;

    #[test]
    fn a_geometry_is_no_constant() {
        let schema = Arc::new(Schema::new(vec![
            GeometryType::default().field("geom", true),
            Field::new("id", DataType::Int64, true),
        ]));
        let rows = Precision::Exact(1);
        let mut statistics = Statistics::new_unknown(&schema);
        statistics.column_statistics = vec![
            partition_statistics(&ScalarValue::Binary(Some(vec![1])), rows),
            partition_statistics(&ScalarValue::Int64(Some(7)), rows),
        ];
        let known = without_constants(Arc::new(statistics), &schema);
        let [geometry, id] = known.column_statistics.as_slice() else { panic!("{known:?}") };
        assert!(matches!(geometry.min_value, Precision::Inexact(_)));
        assert_eq!(geometry.null_count, Precision::Inexact(0));
        assert_eq!(id.min_value, Precision::Exact(ScalarValue::Int64(Some(7))));
    }
}
