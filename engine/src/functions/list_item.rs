//! `array_element(list, place)`, and `list[place]`: an item with what the list's field says of it, such
//! as the reference system of geometries, which the function of the engine below forgets.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::Result;
use datafusion::functions_nested::extract::array_element_udf;
use datafusion::logical_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl,
    Signature,
};

/// Returns the function.
pub(crate) fn array_element() -> ScalarUDF {
    ScalarUDF::from(ListItem { inner: array_element_udf() })
}

/// The engine's own function with the field of the items.
#[derive(Debug, PartialEq, Eq, Hash)]
struct ListItem {
    inner: Arc<ScalarUDF>,
}

impl ScalarUDFImpl for ListItem {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.inner.return_type(types)
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let types: Vec<DataType> =
            arguments.arg_fields.iter().map(|field| field.data_type().clone()).collect();
        let item = match types.first() {
            Some(
                DataType::List(item)
                | DataType::LargeList(item)
                | DataType::ListView(item)
                | DataType::LargeListView(item)
                | DataType::FixedSizeList(item, _),
            ) => item.metadata().clone(),
            _ => HashMap::new(),
        };
        let field = Field::new(self.name(), self.inner.return_type(&types)?, true);
        Ok(Arc::new(field.with_metadata(item)))
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        self.inner.coerce_types(types)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        self.inner.invoke_with_args(arguments)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }
}
