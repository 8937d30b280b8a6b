//! The sort key of geometries, of `ORDER BY` and `CLUSTER BY`: where one lies on a Hilbert curve.

use std::sync::Arc;

use arrow::array::UInt64Builder;
use arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};
use godwit_geometry::{Bounds, Geometry, GeometryType, WkbColumn, hilbert};

use crate::error::external;

/// Half the width of the world in metres, for projected systems of unknown extent.
const HALF_WORLD_METRES: f64 = 20_037_508.342_789_244;

/// Where the centre of a geometry's bounds lies on a Hilbert curve; an empty one comes before all
/// others, as in `PostGIS`.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct HilbertKey {
    signature: Signature,
}

impl HilbertKey {
    /// Returns the function.
    pub(crate) fn new() -> Self {
        Self { signature: Signature::any(1, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for HilbertKey {
    fn name(&self) -> &'static str {
        "godwit_hilbert_key"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::UInt64)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_projected = arguments.arg_fields.first().is_some_and(|field| {
            GeometryType::from_field(field)
                .ok()
                .flatten()
                .and_then(|geometry| geometry.crs)
                .is_some_and(|crs| !crs.is_geographic())
        });
        let extent = if is_projected {
            let half = HALF_WORLD_METRES;
            Bounds::new(-half, -half, half, half)
        } else {
            Bounds::new(-180.0, -90.0, 180.0, 90.0)
        };
        let arrays = ColumnarValue::values_to_arrays(&arguments.args)?;
        let Some(column) = arrays.first().and_then(|array| WkbColumn::try_new(array.as_ref()))
        else {
            return Err(DataFusionError::Plan("CLUSTER BY needs a geometry column".to_owned()));
        };
        let mut keys = UInt64Builder::with_capacity(column.len());
        for row in 0..column.len() {
            let Some(bytes) = column.get(row) else {
                keys.append_null();
                continue;
            };
            let geometry = Geometry::try_any(bytes).map_err(external)?;
            keys.append_value(geometry.bounds().map_or(0, |bounds| key(&extent, &bounds).max(1)));
        }
        Ok(ColumnarValue::Array(Arc::new(keys.finish())))
    }
}

/// Returns the key over the extent, refined by the key inside its cell: 16 bits for each axis are
/// coarse for the data of one town.
fn key(extent: &Bounds, bounds: &Bounds) -> u64 {
    let x = f64::midpoint(bounds.xmin, bounds.xmax);
    let y = f64::midpoint(bounds.ymin, bounds.ymax);
    let coarse = hilbert::key(extent, x, y);
    let width = (extent.xmax - extent.xmin) / 65_535.0;
    let height = (extent.ymax - extent.ymin) / 65_535.0;
    let left = extent.xmin + ((x - extent.xmin) / width).floor() * width;
    let bottom = extent.ymin + ((y - extent.ymin) / height).floor() * height;
    let cell = Bounds::new(left, bottom, left + width, bottom + height);
    (u64::from(coarse) << 32) | u64::from(hilbert::key(&cell, x, y))
}
