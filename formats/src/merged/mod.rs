//! One schema for the files of a table, whose columns may be of different widths.

mod common_type;

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Schema};
use arrow::error::ArrowError;
use godwit_geometry::{Crs, GeometryType};
use indexmap::IndexMap;
use object_store::{ObjectMeta, ObjectStore};

use self::common_type::common_field;
use crate::{FormatError, input};

/// Returns the columns of all files, in the order in which they appear; `schemas` are those of
/// `objects`. A column has the narrowest type that holds its values in every file.
pub(crate) async fn merged_schema(
    store: &Arc<dyn ObjectStore>,
    objects: &[ObjectMeta],
    schemas: Vec<Schema>,
) -> Result<Schema, FormatError> {
    let mut merged = Merged::default();
    for (file, schema) in schemas.into_iter().enumerate() {
        if let Err(clash) = merged.add(file, &schema) {
            return Err(clash.shown(store, objects).await);
        }
    }
    Ok(Schema::new(merged.columns.into_values().map(|column| column.field).collect::<Vec<_>>()))
}

#[derive(Debug, Default)]
struct Merged {
    columns: IndexMap<String, Column>,
}

#[derive(Debug)]
struct Column {
    field: FieldRef,
    /// The file that the type is from.
    file: usize,
}

/// A column that two files have with types that no third type holds.
#[derive(Debug)]
struct Clash {
    left: Column,
    right: Column,
}

impl Merged {
    fn add(&mut self, file: usize, schema: &Schema) -> Result<(), Clash> {
        for field in schema.fields() {
            let Some(known) = self.columns.get_mut(field.name()) else {
                let column = Column { field: Arc::clone(field), file };
                self.columns.insert(field.name().clone(), column);
                continue;
            };
            if known.field == *field {
                continue;
            }
            let Some(common) = common_field(&known.field, field) else {
                let left = Column { field: Arc::clone(&known.field), file: known.file };
                return Err(Clash { left, right: Column { field: Arc::clone(field), file } });
            };
            if common.data_type() != known.field.data_type() {
                known.file = file;
            }
            known.field = Arc::new(common);
        }
        Ok(())
    }
}

impl Clash {
    async fn shown(&self, store: &Arc<dyn ObjectStore>, objects: &[ObjectMeta]) -> FormatError {
        let (left, right) = (self.left.in_file(store, objects), self.right.in_file(store, objects));
        let reason = format!(
            "column \"{}\" is {} and {}; read these files one by one and cast the column",
            self.left.field.name(),
            left.await,
            right.await,
        );
        ArrowError::SchemaError(reason).into()
    }
}

impl Column {
    async fn in_file(&self, store: &Arc<dyn ObjectStore>, objects: &[ObjectMeta]) -> String {
        let path = match objects.get(self.file) {
            Some(object) => input::shown_path(store, &object.location).await,
            None => String::new(),
        };
        format!("{} in file \"{path}\"", shown_type(&self.field))
    }
}

fn shown_type(field: &Field) -> String {
    if let Ok(Some(geometry)) = GeometryType::from_field(field) {
        let none = || "no reference system".to_owned();
        let system = geometry.crs.as_ref().map_or_else(none, Crs::name);
        return format!("a geometry with {system}");
    }
    match field.data_type() {
        DataType::Utf8View | DataType::LargeUtf8 => DataType::Utf8.to_string(),
        DataType::BinaryView | DataType::LargeBinary => DataType::Binary.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_is_missing_may_be_null() {
        let schema = |fields: &[(&str, DataType)]| {
            let fields = fields.iter().map(|(name, kind)| Field::new(*name, kind.clone(), false));
            Schema::new(fields.collect::<Vec<_>>())
        };
        let mut merged = Merged::default();
        merged.add(0, &schema(&[("a", DataType::Int32), ("b", DataType::Utf8)])).unwrap();
        merged.add(1, &schema(&[("c", DataType::Date32), ("a", DataType::Int64)])).unwrap();
        let names: Vec<&str> = merged.columns.keys().map(String::as_str).collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(merged.columns[0].field.data_type(), &DataType::Int64);
        let clash = merged.add(2, &schema(&[("a", DataType::Utf8)])).unwrap_err();
        assert_eq!((clash.left.file, clash.right.file), (1, 2));
    }
}
