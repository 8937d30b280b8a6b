//! `current_user`, `session_user`, `current_role`, `current_schema`, `current_catalog`,
//! `current_database` and `version`.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::identity::Identity;
use crate::DEFAULT_CATALOG;

/// Returns the functions about the session.
pub(super) fn all() -> Vec<Arc<ScalarUDF>> {
    let fact = |name, aliases: &[&str], value| {
        let aliases = aliases.iter().map(|&alias| alias.to_owned()).collect();
        let signature = Signature::nullary(Volatility::Stable);
        Arc::new(ScalarUDF::from(Fact { name, aliases, value, signature }))
    };
    vec![
        fact("current_user", &["session_user", "current_role"], Value::User),
        fact("current_schema", &[], Value::Schema),
        fact("current_catalog", &["current_database"], Value::Catalog),
        fact("version", &[], Value::Version),
    ]
}

/// A function of no arguments that tells something about the session.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Fact {
    name: &'static str,
    aliases: Vec<String>,
    value: Value,
    signature: Signature,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Value {
    User,
    Schema,
    Catalog,
    Version,
}

impl ScalarUDFImpl for Fact {
    fn name(&self) -> &str {
        self.name
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let identity = arguments.config_options.extensions.get::<Identity>();
        let text = match self.value {
            Value::User => identity.map(|identity| identity.user.clone()),
            Value::Schema => identity.map(|identity| identity.schema.clone()),
            Value::Catalog => Some(DEFAULT_CATALOG.to_owned()),
            Value::Version => Some(format!("Godwit {}", env!("CARGO_PKG_VERSION"))),
        };
        Ok(ColumnarValue::Scalar(ScalarValue::Utf8(text)))
    }
}
