//! The statistics of a Parquet file, whose columns may be narrower than those of its table.

use std::sync::Arc;

use arrow::datatypes::{DataType, Schema};
use datafusion::common::stats::Precision;
use datafusion::common::{ScalarValue, Statistics};
use godwit_geometry::is_geometry;

use crate::names::by_name;

/// Returns the columns of a table as a file of it has them, if there is a difference: bounds of
/// one type are not compared with those of another.
pub(super) fn as_in_file(table: &Schema, file: &Schema) -> Option<Schema> {
    let mut differs = false;
    let in_file = by_name(file);
    let fields = table.fields().iter().map(|field| {
        let own = in_file.get(field.name().as_str()).map(|own| own.data_type());
        match own {
            Some(own) if own != field.data_type() && !own.is_nested() && !is_geometry(field) => {
                differs = true;
                Arc::new(field.as_ref().clone().with_data_type(own.clone()))
            }
            _ => Arc::clone(field),
        }
    });
    let fields: Vec<_> = fields.collect();
    differs.then(|| Schema::new_with_metadata(fields, table.metadata().clone()))
}

/// Returns statistics with bounds of the types of the table.
pub(super) fn as_in_table(mut statistics: Statistics, own: &Schema, table: &Schema) -> Statistics {
    let types = own.fields().iter().zip(table.fields());
    for (column, (own, wanted)) in statistics.column_statistics.iter_mut().zip(types) {
        if own.data_type() == wanted.data_type() {
            continue;
        }
        for bound in [&mut column.min_value, &mut column.max_value] {
            *bound = as_type(std::mem::take(bound), wanted.data_type());
        }
        column.sum_value = Precision::Absent;
    }
    statistics
}

/// Types are widened in a way that keeps the order of values.
fn as_type(bound: Precision<ScalarValue>, wanted: &DataType) -> Precision<ScalarValue> {
    let cast = |bound: ScalarValue| bound.cast_to(wanted).ok().filter(|bound| !bound.is_null());
    match bound {
        Precision::Exact(bound) => cast(bound).map_or(Precision::Absent, Precision::Exact),
        Precision::Inexact(bound) => cast(bound).map_or(Precision::Absent, Precision::Inexact),
        Precision::Absent => Precision::Absent,
    }
}

/// Returns statistics whose bounds of floating-point columns do not pass for those of all values:
/// NaN is not among them.
pub(super) fn without_nan(mut statistics: Statistics, schema: &Schema) -> Statistics {
    for (column, field) in statistics.column_statistics.iter_mut().zip(schema.fields()) {
        if field.data_type().is_floating() {
            column.min_value = std::mem::take(&mut column.min_value).to_inexact();
            column.max_value = std::mem::take(&mut column.max_value).to_inexact();
        }
    }
    statistics
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::Field;
    use datafusion::common::ColumnStatistics;

    use super::*;

    #[test]
    fn bounds_have_the_types_of_the_table() {
        let schema = |kinds: [DataType; 2]| {
            let [a, b] = kinds;
            Schema::new(vec![Field::new("a", a, true), Field::new("b", b, true)])
        };
        let table = schema([DataType::Int64, DataType::Utf8View]);
        assert_eq!(as_in_file(&table, &table), None);
        let file = schema([DataType::Int32, DataType::Utf8View]);
        let own = as_in_file(&table, &file).unwrap();
        assert_eq!(own, file);
        let column = ColumnStatistics {
            min_value: Precision::Exact(ScalarValue::Int32(Some(-1))),
            max_value: Precision::Inexact(ScalarValue::Int32(Some(7))),
            ..ColumnStatistics::new_unknown()
        };
        let statistics = Statistics {
            column_statistics: vec![column, ColumnStatistics::new_unknown()],
            ..Statistics::new_unknown(&file)
        };
        let known = as_in_table(statistics, &own, &table);
        let column = &known.column_statistics[0];
        assert_eq!(column.min_value, Precision::Exact(ScalarValue::Int64(Some(-1))));
        assert_eq!(column.max_value, Precision::Inexact(ScalarValue::Int64(Some(7))));
    }
}
