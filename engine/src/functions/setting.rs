//! `current_setting(name)`: what `SHOW name` shows, as a value.

use std::sync::Arc;

use arrow::array::{Array as _, AsArray as _, StringArray};
use arrow::datatypes::DataType;
use datafusion::common::config::ConfigOptions;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::columnar::{answered, are_constant};
use super::identity::Identity;
use super::plain::takes;
use crate::error::{Code, Error, external};
use crate::runtime;

/// Returns the function. With `true` behind the name, a setting that does not exist is NULL.
pub(super) fn current_setting() -> ScalarUDF {
    let types = vec![takes(&[DataType::Utf8]), takes(&[DataType::Utf8, DataType::Boolean])];
    ScalarUDF::from(CurrentSetting { signature: Signature::one_of(types, Volatility::Stable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct CurrentSetting {
    signature: Signature,
}

impl ScalarUDFImpl for CurrentSetting {
    fn name(&self) -> &'static str {
        "current_setting"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_constant = are_constant(&arguments.args);
        let rows = if is_constant { 1 } else { arguments.number_rows };
        let columns =
            arguments.args.iter().map(|value| value.to_array(rows)).collect::<Result<Vec<_>>>()?;
        let (names, may_lack) = match columns.as_slice() {
            [names] => (names, None),
            [names, may_lack] => (names, Some(may_lack.as_boolean())),
            _ => return exec_err!("the name of a setting is expected"),
        };
        let values = names.as_string::<i32>().iter().enumerate().map(|(row, name)| {
            let Some(name) = name else { return Ok(None) };
            let may_lack = may_lack.is_some_and(|known| known.is_valid(row) && known.value(row));
            match value(&arguments.config_options, &name.to_lowercase()) {
                Err(error) if may_lack && error.code == Code::UndefinedObject => Ok(None),
                known => known.map_err(external),
            }
        });
        answered(Arc::new(values.collect::<Result<StringArray>>()?), is_constant)
    }
}

fn value(options: &ConfigOptions, name: &str) -> std::result::Result<Option<String>, Error> {
    match name {
        "schema" | "search_path" | "current_schema" => {
            let identity = options.extensions.get::<Identity>();
            Ok(identity.map(|identity| identity.schema.clone()))
        }
        "server_version" => Ok(Some(env!("CARGO_PKG_VERSION").to_owned())),
        _ => runtime::value(options, name),
    }
}
