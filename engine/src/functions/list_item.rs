//! `array_element(list, place)`, and `list[place]`: an item with what the list's field says of it,
//! such as the reference system of geometries, which the function of the engine below forgets.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::Result;
use datafusion::functions_nested::extract::array_element_udf;
use datafusion::logical_expr::{ReturnFieldArgs, ScalarUDF};

use super::wrapped::{Answers, wrapped};

/// Returns the function.
pub(crate) fn array_element() -> ScalarUDF {
    wrapped(array_element_udf(), ListItem)
}

/// Answers with the field of the items.
#[derive(Debug, PartialEq, Eq, Hash)]
struct ListItem;

impl Answers for ListItem {
    fn field(&self, inner: &ScalarUDF, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
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
        let field = Field::new(inner.name(), inner.return_type(&types)?, true);
        Ok(Arc::new(field.with_metadata(item)))
    }
}
