//! The columns of a stored table, and how rows are brought into their shape.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::CastOptions;
use arrow::datatypes::{Field, Fields, Schema, SchemaRef};
use godwit_formats::covering::{BoundsPrecision, bbox_array, bbox_field, bbox_precision};
use godwit_geometry::{DeclaredKind, GeometryType, check_column_crs, is_geometry};

use super::constraints::{fitted, unconstrained};
use super::types::{can_partition, refused, stored_field};
use crate::CatalogError;
use crate::name::key;

/// Names the column with the bounding boxes in the metadata of a geometry field.
const BOUNDS_KEY: &str = "godwit.bounds";

/// The fields of a bounding box.
pub(crate) const BOUNDS_FIELDS: [&str; 4] = ["xmin", "ymin", "xmax", "ymax"];

/// The columns of a stored table.
#[derive(Debug, Clone)]
pub(crate) struct StoredSchema {
    /// All columns in the order of the table, geometries with their type.
    pub(crate) table: SchemaRef,
    /// The columns that a user sees, by their place in the table.
    pub(crate) visible: Vec<usize>,
    /// For each geometry with bounding boxes, its place and that of its boxes.
    pub(crate) bounds: Vec<(usize, usize)>,
}

impl StoredSchema {
    /// Returns the columns for rows of a query, or for columns that were declared: these keep
    /// their nanoseconds and may refuse nulls.
    pub(crate) fn for_rows(rows: &Schema, is_declared: bool) -> Result<Self, CatalogError> {
        if rows.fields().is_empty() {
            return Err(CatalogError::invalid("a table needs at least one column"));
        }
        let mut names = HashSet::new();
        for field in rows.fields() {
            if field.name().is_empty() {
                return Err(CatalogError::invalid("a column of a table needs a name"));
            }
            if !names.insert(key(field.name())) {
                return Err(CatalogError::invalid(format!(
                    "column \"{}\" is there more than once",
                    field.name()
                )));
            }
        }
        let mut fields = Vec::with_capacity(rows.fields().len());
        let mut boxes = Vec::new();
        for field in rows.fields() {
            let mut stored = stored_field(field, is_declared)?;
            if let Some(geometry) = GeometryType::from_field(field)? {
                let name = free_name(&mut names, field.name());
                let mut metadata = HashMap::new();
                metadata.insert(BOUNDS_KEY.to_owned(), name.clone());
                stored = geometry.annotate(stored.with_metadata(metadata));
                if let Some(kind) = DeclaredKind::of(field).filter(|_| is_declared) {
                    stored = kind.annotate(stored);
                }
                boxes.push(bbox_field(&name, BoundsPrecision::Single));
            }
            fields.push(stored);
        }
        fields.extend(boxes);
        Ok(Self::of_table(&Schema::new(fields)))
    }

    /// Returns the columns of a table that exists.
    pub(crate) fn of_table(table: &Schema) -> Self {
        let mut bounds = Vec::new();
        for (index, field) in table.fields().iter().enumerate() {
            let boxes = field.metadata().get(BOUNDS_KEY).and_then(|name| table.index_of(name).ok());
            if let Some(boxes) = boxes
                && is_geometry(field)
                && bbox_precision(table.field(boxes)).is_some()
            {
                bounds.push((index, boxes));
            }
        }
        let is_hidden = |index: &usize| bounds.iter().any(|(_, boxes)| boxes == index);
        let visible = (0..table.fields().len()).filter(|index| !is_hidden(index)).collect();
        Self { table: Arc::new(table.clone()), visible, bounds }
    }

    /// Returns the columns that files hold: all but the partition columns, as plain Parquet.
    pub(crate) fn file_fields(&self, partition_by: &[String]) -> Fields {
        let fields = self.table.fields().iter();
        fields
            .filter(|field| !partition_by.contains(field.name()))
            .map(|field| plain(field))
            .collect()
    }

    /// Returns the names of the geometry columns with those of the columns of their boxes.
    pub(super) fn coverings(&self) -> BTreeMap<String, String> {
        let name = |index: usize| self.table.field(index).name().clone();
        self.bounds.iter().map(|(geometry, boxes)| (name(*geometry), name(*boxes))).collect()
    }

    /// Returns the spelling that the table has for the partition columns, which must fit to be so.
    pub(crate) fn partition_columns(&self, names: &[String]) -> Result<Vec<String>, CatalogError> {
        let mut columns = Vec::with_capacity(names.len());
        for name in names {
            let field = self
                .visible
                .iter()
                .map(|index| self.table.field(*index))
                .find(|field| key(field.name()) == key(name))
                .ok_or_else(|| {
                    CatalogError::invalid(format!(
                        "partition column \"{name}\" is not a column of the query"
                    ))
                })?;
            if !can_partition(field.data_type()) {
                let reason = "a table cannot be partitioned by it";
                return Err(refused(field.name(), field.data_type(), reason));
            }
            if columns.contains(field.name()) {
                return Err(CatalogError::invalid(format!(
                    "partition column \"{name}\" is there more than once"
                )));
            }
            columns.push(field.name().clone());
        }
        if columns.len() == self.visible.len() {
            return Err(CatalogError::invalid("a table cannot be partitioned by all its columns"));
        }
        Ok(columns)
    }

    /// Checks that rows can go into the table: as many columns, and the same reference systems.
    pub(crate) fn check_rows(&self, rows: &Schema) -> Result<(), CatalogError> {
        if rows.fields().len() != self.visible.len() {
            return Err(CatalogError::SchemaMismatch {
                reason: format!(
                    "they have {} columns, the table has {}",
                    rows.fields().len(),
                    self.visible.len()
                ),
            });
        }
        for (index, given) in self.visible.iter().zip(rows.fields()) {
            let field = self.table.field(*index);
            let (Some(stored), Some(given)) =
                (GeometryType::from_field(field)?, GeometryType::from_field(given)?)
            else {
                continue;
            };
            check_column_crs(given.crs.as_ref(), stored.crs.as_ref())?;
        }
        Ok(())
    }

    /// Returns the rows with the types of the table and with their bounding boxes.
    ///
    /// The columns of the rows are the visible ones of the table, in order.
    pub(crate) fn conform(&self, rows: &RecordBatch) -> Result<RecordBatch, CatalogError> {
        const OPTIONS: CastOptions<'static> =
            CastOptions { safe: false, format_options: arrow::util::display::FormatOptions::new() };
        let mismatch = |reason: String| CatalogError::SchemaMismatch { reason };
        let mut columns: Vec<Option<ArrayRef>> = vec![None; self.table.fields().len()];
        for (index, column) in self.visible.iter().zip(rows.columns()) {
            let field = self.table.field(*index);
            let cast = arrow::compute::cast_with_options(column, field.data_type(), &OPTIONS)
                .map_err(|error| mismatch(format!("column \"{}\": {error}", field.name())))?;
            if !field.is_nullable() && cast.null_count() > 0 {
                return Err(CatalogError::NotNull { column: field.name().clone() });
            }
            if let Some(place) = columns.get_mut(*index) {
                *place = Some(fitted(cast, field)?);
            }
        }
        for (geometry, boxes) in &self.bounds {
            let Some(precision) = bbox_precision(self.table.field(*boxes)) else { continue };
            let bounds: ArrayRef = match columns.get(*geometry) {
                Some(Some(column)) => Arc::new(bbox_array(column.as_ref(), precision)?),
                _ => continue,
            };
            if let Some(place) = columns.get_mut(*boxes) {
                *place = Some(bounds);
            }
        }
        let columns: Option<Vec<ArrayRef>> = columns.into_iter().collect();
        let columns = columns.ok_or_else(|| mismatch("a column is missing".to_owned()))?;
        let fields: Vec<Field> = self.table.fields().iter().map(|field| plain(field)).collect();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
            .map_err(|error| mismatch(error.to_string()))
    }
}

/// Returns the field as plain Parquet has it.
fn plain(field: &Field) -> Field {
    Field::new(field.name(), field.data_type().clone(), field.is_nullable())
}

/// Returns the field without what only the catalog needs to know.
pub(super) fn without_key(field: &Field) -> Field {
    let mut metadata = field.metadata().clone();
    metadata.remove(BOUNDS_KEY);
    unconstrained(field.clone().with_metadata(metadata))
}

/// Returns a name for the boxes of a geometry column that no column has.
fn free_name(names: &mut HashSet<String>, geometry: &str) -> String {
    let mut name = format!("{geometry}_bbox");
    while !names.insert(key(&name)) {
        name.insert(0, '_');
    }
    name
}
