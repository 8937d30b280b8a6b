//! Boxes as texts, as `PostGIS` writes them: `BOX(0 0,1 1)`, `BOX3D(0 0 0,1 1 2)`. A box is a
//! geometry here; which function made it tells that it is one.

use std::sync::Arc;

use arrow::array::StringBuilder;
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use godwit_geometry::{Geometry, WkbColumn, corners_3d, ordinate_text};

use crate::error::external;

/// The function that writes a box of the plane.
pub(crate) const BOX_TEXT: &str = "godwit_box_text";

/// The function that writes a box in space.
pub(crate) const BOX_3D_TEXT: &str = "godwit_box3d_text";

/// Returns the functions.
pub(super) fn all() -> [ScalarUDF; 2] {
    [false, true].map(|has_height| {
        let signature = Signature::any(1, Volatility::Immutable);
        ScalarUDF::from(BoxText { has_height, signature })
    })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct BoxText {
    has_height: bool,
    signature: Signature,
}

impl ScalarUDFImpl for BoxText {
    fn name(&self) -> &'static str {
        if self.has_height { BOX_3D_TEXT } else { BOX_TEXT }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&arguments.args)?;
        let Some(boxes) = arrays.first().and_then(|array| WkbColumn::try_new(array.as_ref()))
        else {
            return exec_err!("a box is a geometry");
        };
        let mut texts = StringBuilder::new();
        for row in 0..boxes.len() {
            let text = match boxes.get(row) {
                Some(bytes) => {
                    let geometry = Geometry::try_any(bytes).map_err(external)?;
                    text_of_box(geometry, self.has_height)
                }
                None => None,
            };
            texts.append_option(text);
        }
        Ok(ColumnarValue::Array(Arc::new(texts.finish())))
    }
}

/// Returns the text of a box, nothing of one without a position.
pub(super) fn text_of_box(geometry: Geometry<'_>, has_height: bool) -> Option<String> {
    if has_height {
        let [low, high] = corners_3d(geometry)?;
        return Some(format!("BOX3D({},{})", corner(&low), corner(&high)));
    }
    let bounds = geometry.bounds()?;
    let [low, high] = [[bounds.xmin, bounds.ymin], [bounds.xmax, bounds.ymax]];
    Some(format!("BOX({},{})", corner(&low), corner(&high)))
}

fn corner(ordinates: &[f64]) -> String {
    let mut text = String::new();
    for ordinate in ordinates {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&ordinate_text(*ordinate));
    }
    text
}
