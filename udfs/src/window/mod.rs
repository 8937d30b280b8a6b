//! A [`Function`] over the rows of a partition, as the query engine wants it.
//!
//! The batch that a window function gets is a whole partition; options are read from its first
//! row. Frames are not looked at: a cluster is not a matter of some rows before.

mod evaluator;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::Result;
use datafusion::logical_expr::function::{PartitionEvaluatorArgs, WindowUDFFieldArgs};
use datafusion::logical_expr::{
    Documentation, LimitEffect, PartitionEvaluator, Signature, WindowUDFImpl,
};
use datafusion::physical_expr::PhysicalExpr;

use crate::function::Function;
use crate::overload::{coerce, resolve};
use crate::plan::{Planned, return_field};
use crate::reference::{self, FunctionKind};
use crate::scalar::{external, no_match, signature};

use evaluator::Evaluator;

/// A window function of the catalogue; stateless, and found by name.
pub(crate) struct Window {
    function: &'static Function,
    name: String,
    aliases: Vec<String>,
    signature: Signature,
    documentation: Documentation,
}

impl Window {
    /// Returns the engine's object for a function.
    pub(crate) fn new(function: &'static Function) -> Self {
        Self {
            function,
            name: function.name(),
            aliases: function.aliases.iter().map(|alias| alias.to_ascii_lowercase()).collect(),
            signature: signature(function),
            documentation: reference::documentation(&reference::info(
                function,
                FunctionKind::Window,
            )),
        }
    }

    /// Returns the field of the result, after everything about the call was checked.
    fn result(&self, fields: &[FieldRef], name: &str) -> Result<FieldRef> {
        let Some(overload) = resolve(self.function, fields) else {
            return Err(no_match(self.function, fields));
        };
        let planned = Planned { function: &self.name, fields, literals: &vec![None; fields.len()] };
        let field = return_field(overload, &planned).map_err(external)?;
        Ok(Arc::new(field.with_name(name)))
    }
}

impl WindowUDFImpl for Window {
    fn name(&self) -> &str {
        &self.name
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        Ok(coerce(self.function, types).unwrap_or_else(|| types.to_vec()))
    }

    fn field(&self, args: WindowUDFFieldArgs<'_>) -> Result<FieldRef> {
        self.result(args.input_fields(), args.name())
    }

    fn partition_evaluator(
        &self,
        args: PartitionEvaluatorArgs<'_>,
    ) -> Result<Box<dyn PartitionEvaluator>> {
        Ok(Box::new(Evaluator {
            function: self.function,
            result: self.result(args.input_fields(), &self.name)?,
            fields: args.input_fields().to_vec(),
        }))
    }

    fn limit_effect(&self, _args: &[Arc<dyn PhysicalExpr>]) -> LimitEffect {
        LimitEffect::Unknown
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(&self.documentation)
    }
}

impl std::fmt::Debug for Window {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Window").field(&self.name).finish()
    }
}

impl PartialEq for Window {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Window {}

impl Hash for Window {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
