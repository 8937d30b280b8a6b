//! `ST_AsMVT`: rows as the features of a layer of a vector tile.
//!
//! The rows are records and the result is no geometry, so this is an aggregate of its own kind.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, StructArray};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, ScalarValue, plan_datafusion_err, plan_err};
use datafusion::functions_aggregate::array_agg::ArrayAgg;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{
    Accumulator, AggregateUDFImpl, Documentation, Signature, Volatility,
};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::Literal;

use super::features::{LayerOptions, tile_of};
use crate::function::{Category, Parity};
use crate::reference::{self, ArgumentInfo, FunctionInfo, FunctionKind, Shape};
use crate::scalar::external;

const NAME: &str = "st_asmvt";
const SIGNATURE: &str = "ST_AsMVT(row record, [name text], [extent integer], [geom_name text], \
                         [feature_id_name text])";

/// The aggregate function; stateless, and found by name.
pub(crate) struct TileFunction {
    signature: Signature,
    rows: ArrayAgg,
    documentation: Documentation,
}

impl TileFunction {
    /// Returns the engine's object for the function.
    pub(crate) fn new() -> Self {
        Self {
            signature: Signature::user_defined(Volatility::Immutable),
            rows: ArrayAgg::default(),
            documentation: reference::documentation(&Self::info()),
        }
    }

    /// Returns what there is to read about the function.
    pub(crate) fn info() -> FunctionInfo {
        let argument = |name, type_name: &str, summary, is_optional| ArgumentInfo {
            name,
            type_name: type_name.to_owned(),
            summary,
            is_optional,
        };
        FunctionInfo {
            name: NAME.to_owned(),
            title: "ST_AsMVT",
            aliases: &[],
            category: Category::Aggregate,
            summary: "Returns a vector tile with one layer that has a feature for each row.",
            notes: "The geometry of a row must be on the grid of the tile already, as \
                    ST_AsMVTGeom returns it; rows whose geometry is null are left out. The other \
                    fields of the row become properties. The bytes of tiles put together one \
                    behind the other are a tile with all their layers.",
            signatures: vec![SIGNATURE.to_owned()],
            arguments: vec![
                argument("row", "record", "The rows, as by `named_struct`.", false),
                argument("name", "text", "The name of the layer, `default` if left out.", true),
                argument("extent", "integer", "The cells on a side, 4096 if left out.", true),
                argument("geom_name", "text", "The field with the geometry; else the first.", true),
                argument("feature_id_name", "text", "The field with the id of features.", true),
            ],
            returns: "binary".to_owned(),
            example: "SELECT encode(ST_AsMVT(named_struct('geom', ST_AsMVTGeom(geom, \
                      ST_MakeEnvelope(0, 0, 10, 10)), 'n', n), 'points'), 'hex') FROM (VALUES \
                      (1, ST_Point(1, 2)), (2, ST_Point(3, 4))) AS t(n, geom)",
            parity: Parity::Differs(
                "PostGIS takes a whole row by the name of its table, and an ST_AsMVT of JSON.",
            ),
            kind: FunctionKind::Aggregate,
            shape: Shape::Value,
        }
    }
}

impl AggregateUDFImpl for TileFunction {
    fn name(&self) -> &str {
        NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Binary)
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        Ok(types.to_vec())
    }

    fn return_field(&self, fields: &[FieldRef]) -> Result<FieldRef> {
        let is_record =
            fields.first().is_some_and(|row| matches!(row.data_type(), DataType::Struct(_)));
        if !is_record || fields.len() > 5 {
            let given: Vec<String> =
                fields.iter().map(|field| field.data_type().to_string()).collect();
            return plan_err!(
                "No function matches {NAME}({}). Candidate functions: {SIGNATURE}",
                given.join(", ")
            );
        }
        Ok(Arc::new(Field::new(NAME, DataType::Binary, true)))
    }

    fn accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        let options = options(args.exprs)?;
        let argument_count = args.exprs.len();
        let rows = self.rows.accumulator(AccumulatorArgs { ignore_nulls: true, ..args })?;
        Ok(Box::new(TileAccumulator { rows, argument_count, options }))
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        self.rows.state_fields(args)
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::HardRequirement
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(&self.documentation)
    }
}

/// Returns the options behind the row, which must be literals.
fn options(arguments: &[Arc<dyn PhysicalExpr>]) -> Result<LayerOptions> {
    let mut options = LayerOptions::default();
    for (index, argument) in arguments.iter().enumerate().skip(1) {
        let Some(literal) = argument.downcast_ref::<Literal>() else {
            return plan_err!("argument {} of \"{NAME}\" must be a literal", index + 1);
        };
        let value = literal.value();
        if value.is_null() {
            continue;
        }
        if index == 2 {
            let extent = value.cast_to(&DataType::UInt32)?;
            let ScalarValue::UInt32(Some(extent @ 1..)) = extent else {
                return plan_err!("the extent of \"{NAME}\" must be positive");
            };
            options.extent = extent;
            continue;
        }
        let text = value.try_as_str().flatten().ok_or_else(|| {
            plan_datafusion_err!("argument {} of \"{NAME}\" must be a text", index + 1)
        })?;
        match index {
            1 => text.clone_into(&mut options.name),
            3 => options.geometry = Some(text.to_owned()),
            _ => options.id = Some(text.to_owned()),
        }
    }
    Ok(options)
}

/// Rows that become a tile at the end.
#[derive(Debug)]
struct TileAccumulator {
    rows: Box<dyn Accumulator>,
    argument_count: usize,
    options: LayerOptions,
}

impl Accumulator for TileAccumulator {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        // The row, and what it is ordered by; the options in between are known.
        let kept = values.iter().take(1).chain(values.iter().skip(self.argument_count));
        self.rows.update_batch(&kept.cloned().collect::<Vec<_>>())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let list = self.rows.evaluate()?.to_array()?;
        let list = list.as_list_opt::<i32>();
        let rows =
            list.filter(|list| !list.is_empty() && list.is_valid(0)).map(|list| list.value(0));
        let records: Option<&StructArray> = rows.as_ref().and_then(|rows| rows.as_struct_opt());
        let tile = match records {
            Some(records) => tile_of(records, &self.options).map_err(external)?,
            None => Vec::new(),
        };
        Ok(ScalarValue::Binary(Some(tile)))
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.rows.size()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.rows.state()
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.rows.merge_batch(states)
    }
}

impl std::fmt::Debug for TileFunction {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("TileFunction")
    }
}

impl PartialEq for TileFunction {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for TileFunction {}

impl Hash for TileFunction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        NAME.hash(state);
    }
}
