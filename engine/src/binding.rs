//! Columns of bound values that are not what the statement tells of its parameters: geometries in a
//! reference system of their own, numbers that have fractions.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Field, FieldRef};
use godwit_formats::WkbColumns;
use godwit_geometry::GeometryType;

use crate::error::Error;
use crate::plan::keeps_type;
use crate::prepared::Parameter;

/// Returns bound values with WKB in the place of the other encodings of geometries. The columns
/// keep saying what they hold.
pub fn bindable(values: &RecordBatch) -> Result<RecordBatch, Error> {
    Ok(WkbColumns::try_new(values.schema_ref())?.convert(values)?)
}

/// Returns the fields of the parameters that are bound to something the statement does not tell:
/// geometries of another reference system, with other edges, or where none is expected; and values
/// of which one would be another in the type that the statement tells.
pub(crate) fn own_fields(
    parameters: &[Parameter],
    values: &RecordBatch,
) -> Result<Vec<Option<FieldRef>>, Error> {
    let mut own: Vec<Option<FieldRef>> = Vec::with_capacity(parameters.len());
    let columns = values.schema_ref().fields().iter().zip(values.columns());
    for (parameter, (field, column)) in parameters.iter().zip(columns) {
        let field = match GeometryType::from_field(field)? {
            Some(geometry) => own_geometry(parameter, &geometry)?,
            None if keeps_type(parameter, column) => {
                Some(Field::new(&parameter.name, column.data_type().clone(), true))
            }
            None => None,
        };
        own.push(field.map(Arc::new));
    }
    Ok(own)
}

fn own_geometry(parameter: &Parameter, bound: &GeometryType) -> Result<Option<Field>, Error> {
    let is_told = match GeometryType::from_field(&parameter.field)? {
        Some(known) => known == *bound || *bound == GeometryType::new(None),
        // Of another type, as `ST_GeomFromWKB(?)` wants, they are bytes.
        None => !parameter.is_inferred,
    };
    Ok((!is_told).then(|| bound.field(&parameter.name, true)))
}

impl Parameter {
    /// Returns the parameter as what is bound to it.
    pub(crate) fn declared(&self, field: &FieldRef) -> Self {
        let (name, data_type) = (self.name.clone(), field.data_type().clone());
        Self { name, data_type, field: Arc::clone(field), is_inferred: false }
    }
}
