//! `godwit_meets_boxes`: whether the box around a geometry meets one of several boxes.

use std::sync::{Arc, LazyLock};

use arrow::array::BooleanArray;
use arrow::datatypes::{DataType, Field};
use datafusion::common::config::ConfigOptions;
use datafusion::common::{DataFusionError, Result, ScalarValue, internal_datafusion_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::physical_expr::expressions::lit;
use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr};
use godwit_geometry::filter::{Boxes, MEETS_BOXES};
use godwit_geometry::{Geometry, Kinds, WkbColumn};

static FUNCTION: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Arc::new(ScalarUDF::from(MeetsBoxes::new())));

/// Returns the condition that the box around a geometry meets one of the boxes.
pub(super) fn meets_boxes(geometry: Arc<dyn PhysicalExpr>, boxes: &Boxes) -> Arc<dyn PhysicalExpr> {
    let boxes = lit(ScalarValue::Binary(Some(boxes.to_bytes())));
    let field = Arc::new(Field::new(MEETS_BOXES, DataType::Boolean, true));
    let options = Arc::new(ConfigOptions::default());
    let function = Arc::clone(&FUNCTION);
    let arguments = vec![geometry, boxes];
    Arc::new(ScalarFunctionExpr::new(MEETS_BOXES, function, arguments, field, options))
}

/// NULL and empty geometries meet no box.
#[derive(Debug, PartialEq, Eq, Hash)]
struct MeetsBoxes {
    signature: Signature,
}

impl MeetsBoxes {
    fn new() -> Self {
        Self { signature: Signature::any(2, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for MeetsBoxes {
    fn name(&self) -> &'static str {
        MEETS_BOXES
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [geometry, ColumnarValue::Scalar(ScalarValue::Binary(Some(bytes)))] =
            arguments.args.as_slice()
        else {
            return Err(internal_datafusion_err!("{MEETS_BOXES} takes a geometry and boxes"));
        };
        let boxes = Boxes::from_bytes(bytes)
            .ok_or_else(|| internal_datafusion_err!("{MEETS_BOXES} takes whole boxes"))?;
        let array = geometry.to_array(arguments.number_rows)?;
        let column = WkbColumn::try_new(array.as_ref())
            .ok_or_else(|| internal_datafusion_err!("{MEETS_BOXES} takes a geometry"))?;
        let mut answers = Vec::with_capacity(column.len());
        for row in 0..column.len() {
            let geometry = column.geometry_of(row, Kinds::All);
            let geometry = geometry.map_err(|error| DataFusionError::External(Box::new(error)))?;
            let bounds = geometry.and_then(Geometry::bounds);
            answers.push(bounds.is_some_and(|bounds| boxes.meet(&bounds)));
        }
        Ok(ColumnarValue::Array(Arc::new(BooleanArray::from(answers))))
    }
}
