//! `ARRAY[geom, ...]`: a list of geometries that knows their reference system.

use std::sync::Arc;

use arrow::array::{Array as _, BinaryBuilder, ListArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};
use godwit_geometry::{GeometryType, WkbColumn, common_crs};

use super::columnar::{answered, are_constant};
use crate::error::external;

/// A list of the arguments, which are geometries or null.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct GeometryArray {
    signature: Signature,
}

impl GeometryArray {
    /// Returns the function.
    pub(crate) fn new() -> Self {
        Self { signature: Signature::variadic_any(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for GeometryArray {
    fn name(&self) -> &'static str {
        "godwit_geometry_array"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        plan_err!("godwit_geometry_array has no type without fields")
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let mut geometry = GeometryType::default();
        for field in arguments.arg_fields {
            if !field.data_type().is_binary() && !field.data_type().is_null() {
                return plan_err!(
                    "an array of geometries cannot hold a value of type {}",
                    field.data_type()
                );
            }
            let Some(known) = GeometryType::from_field(field).map_err(external)? else { continue };
            geometry.crs =
                common_crs(geometry.crs.as_ref(), known.crs.as_ref()).map_err(external)?;
            geometry.edges = known.edges;
        }
        let item = geometry.field(Field::LIST_FIELD_DEFAULT_NAME, true);
        Ok(Arc::new(Field::new(self.name(), DataType::List(Arc::new(item)), true)))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let DataType::List(item) = arguments.return_field.data_type() else {
            return exec_err!("an array of geometries is a list");
        };
        let is_constant = are_constant(&arguments.args);
        let row_count = if is_constant { 1 } else { arguments.number_rows };
        let mut arrays = Vec::with_capacity(arguments.args.len());
        for value in &arguments.args {
            arrays.push(value.to_array(row_count)?);
        }
        let columns: Vec<Option<WkbColumn<'_>>> =
            arrays.iter().map(|array| WkbColumn::try_new(array.as_ref())).collect();
        let mut items = BinaryBuilder::new();
        for row in 0..row_count {
            for column in &columns {
                items.append_option(column.and_then(|column| column.get(row)));
            }
        }
        let offsets = OffsetBuffer::from_lengths(std::iter::repeat_n(columns.len(), row_count));
        let list = ListArray::try_new(Arc::clone(item), offsets, Arc::new(items.finish()), None)?;
        debug_assert_eq!(list.len(), row_count);
        answered(Arc::new(list), is_constant)
    }
}
