//! The expressions that derive a geometry.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, BinaryViewBuilder};
use arrow::compute::cast;
use arrow::datatypes::{DataType, FieldRef, Float64Type, Schema};
use arrow::record_batch::RecordBatch;
use datafusion::common::Result;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::ColumnarValue;
use datafusion::physical_plan::PhysicalExpr;
use godwit_geometry::write::point_xy_array;

use crate::FormatError;
use crate::geoarrow::{Shape, to_wkb};

/// How a geometry follows from other columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Derivation {
    /// From one column in a native encoding or as text.
    Shape(Shape),
    /// From a column of x and one of y.
    Xy,
}

/// A geometry column derived from other columns.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct GeometryExpr {
    derivation: Derivation,
    inputs: Vec<Arc<dyn PhysicalExpr>>,
    field: FieldRef,
}

impl GeometryExpr {
    /// Derives the geometry `field` from `inputs`.
    pub(crate) fn new(
        derivation: Derivation,
        inputs: Vec<Arc<dyn PhysicalExpr>>,
        field: FieldRef,
    ) -> Self {
        Self { derivation, inputs, field }
    }

    fn derive(&self, inputs: &[ArrayRef]) -> Result<ArrayRef, FormatError> {
        let wkb = match (self.derivation, inputs) {
            (Derivation::Shape(shape), [input]) => to_wkb(input, shape)?,
            (Derivation::Xy, [x, y]) => points(x, y)?,
            _ => return Err(FormatError::Unsupported { reason: "wrong inputs".to_owned() }),
        };
        Ok(cast(&wkb, self.field.data_type())?)
    }
}

impl Display for GeometryExpr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "geometry(")?;
        for (index, input) in self.inputs.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{input}")?;
        }
        write!(f, ")")
    }
}

impl PhysicalExpr for GeometryExpr {
    fn data_type(&self, _input_schema: &Schema) -> Result<DataType> {
        Ok(self.field.data_type().clone())
    }

    fn nullable(&self, _input_schema: &Schema) -> Result<bool> {
        Ok(true)
    }

    fn return_field(&self, _input_schema: &Schema) -> Result<FieldRef> {
        Ok(Arc::clone(&self.field))
    }

    fn evaluate(&self, batch: &RecordBatch) -> Result<ColumnarValue> {
        let mut arrays = Vec::with_capacity(self.inputs.len());
        for input in &self.inputs {
            arrays.push(input.evaluate(batch)?.into_array(batch.num_rows())?);
        }
        Ok(ColumnarValue::Array(self.derive(&arrays).map_err(DataFusionError::from)?))
    }

    fn children(&self) -> Vec<&Arc<dyn PhysicalExpr>> {
        self.inputs.iter().collect()
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn PhysicalExpr>>,
    ) -> Result<Arc<dyn PhysicalExpr>> {
        Ok(Arc::new(Self::new(self.derivation, children, Arc::clone(&self.field))))
    }

    fn fmt_sql(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

/// Points from two columns of numbers; a missing or not finite number is no point.
fn points(x: &ArrayRef, y: &ArrayRef) -> Result<ArrayRef, FormatError> {
    let x = cast(x, &DataType::Float64)?;
    let y = cast(y, &DataType::Float64)?;
    let (x, y) = (x.as_primitive::<Float64Type>(), y.as_primitive::<Float64Type>());
    let mut builder = BinaryViewBuilder::with_capacity(x.len());
    for (x, y) in x.iter().zip(y) {
        match (x, y) {
            (Some(x), Some(y)) if x.is_finite() && y.is_finite() => {
                builder.append_value(point_xy_array(x, y));
            }
            _ => builder.append_null(),
        }
    }
    Ok(Arc::new(builder.finish()))
}
