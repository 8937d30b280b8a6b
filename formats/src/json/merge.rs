//! The schema of rows that were looked at in pieces.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, Schema};

/// Returns the columns of both schemas, each with a type that holds the values of both.
pub(super) fn merge_schemas(left: &Schema, right: &Schema) -> Schema {
    Schema::new(merge_fields(left.fields(), right.fields()))
}

fn merge_fields(left: &Fields, right: &Fields) -> Fields {
    let mut fields: Vec<Arc<Field>> = left.iter().map(Arc::clone).collect();
    for other in right {
        match fields.iter_mut().find(|field| field.name() == other.name()) {
            Some(field) => {
                let merged = merge_types(field.data_type(), other.data_type());
                *field = Arc::new(Field::new(field.name(), merged, true));
            }
            None => fields.push(Arc::clone(other)),
        }
    }
    fields.into()
}

fn merge_types(left: &DataType, right: &DataType) -> DataType {
    use DataType::{Float64, Int64, List, Null, Struct, Utf8};
    match (left, right) {
        (left, right) if left == right => left.clone(),
        (Null, other) | (other, Null) => other.clone(),
        (Int64, Float64) | (Float64, Int64) => Float64,
        (Struct(left), Struct(right)) => Struct(merge_fields(left, right)),
        (List(left), List(right)) => {
            let merged = merge_types(left.data_type(), right.data_type());
            List(Arc::new(Field::new(left.name(), merged, true)))
        }
        _ => Utf8,
    }
}

/// Returns the schema with a type for columns that are always null, and views for texts.
pub(super) fn finish_schema(schema: &Schema) -> Schema {
    let finish = |field: &Arc<Field>| {
        let data_type = match finish_type(field.data_type()) {
            DataType::Utf8 => DataType::Utf8View,
            other => other,
        };
        Field::new(field.name(), data_type, true)
    };
    Schema::new(schema.fields().iter().map(finish).collect::<Vec<_>>())
}

fn finish_type(data_type: &DataType) -> DataType {
    let finish =
        |field: &Arc<Field>| Field::new(field.name(), finish_type(field.data_type()), true);
    match data_type {
        DataType::Null => DataType::Utf8,
        DataType::List(item) => DataType::List(Arc::new(finish(item))),
        // Parquet and Delta know no struct without a field.
        DataType::Struct(fields) if fields.is_empty() => DataType::Utf8,
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(finish).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_widen() {
        let schema = |data_type| Schema::new(vec![Field::new("a", data_type, true)]);
        let merged = |left, right| merge_schemas(&schema(left), &schema(right));
        assert_eq!(merged(DataType::Int64, DataType::Float64), schema(DataType::Float64));
        assert_eq!(merged(DataType::Null, DataType::Boolean), schema(DataType::Boolean));
        assert_eq!(merged(DataType::Int64, DataType::Boolean), schema(DataType::Utf8));
        assert_eq!(finish_schema(&schema(DataType::Null)), schema(DataType::Utf8View));
    }
}
