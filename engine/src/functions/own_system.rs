//! A text or bytes that hold a geometry, after a look at the reference system that they name.

use arrow::array::{Array, AsArray as _};
use arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};
use godwit_geometry::{Crs, Geometry, WkbColumn, check_column_crs};

use super::geometry_cast::geometry_from_text;
use crate::error::external;

/// The first argument as it is. It fails when a value names another SRID than the second argument,
/// which is 0 for a column that has none.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct OwnSystem {
    signature: Signature,
}

impl OwnSystem {
    /// Returns the function.
    pub(crate) fn new() -> Self {
        Self { signature: Signature::any(2, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for OwnSystem {
    fn name(&self) -> &'static str {
        "godwit_own_system"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        let Some(data_type) = types.first() else {
            return plan_err!("godwit_own_system needs a value");
        };
        Ok(data_type.clone())
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let mut values = arguments.args.into_iter();
        let (Some(value), Some(ColumnarValue::Scalar(ScalarValue::Int32(srid)))) =
            (values.next(), values.next())
        else {
            return exec_err!("godwit_own_system needs a value and an SRID");
        };
        let column = srid.filter(|srid| *srid != 0).map(Crs::from_epsg);
        match &value {
            ColumnarValue::Array(array) => check(array.as_ref(), column.as_ref())?,
            ColumnarValue::Scalar(scalar) => check(scalar.to_array()?.as_ref(), column.as_ref())?,
        }
        Ok(value)
    }
}

fn check(values: &dyn Array, column: Option<&Crs>) -> Result<()> {
    if let Some(bytes) = WkbColumn::try_new(values) {
        if bytes.is_plain() {
            return Ok(());
        }
        for row in 0..bytes.len() {
            let geometry = bytes.get(row).and_then(|bytes| Geometry::try_any(bytes).ok());
            check_srid(geometry.and_then(Geometry::srid), column)?;
        }
        return Ok(());
    }
    let texts = arrow::compute::cast(values, &DataType::Utf8)?;
    for text in texts.as_string::<i32>() {
        check_srid(text.and_then(named), column)?;
    }
    Ok(())
}

/// Returns the SRID that a text names. What is wrong with the text is for those to say who read it.
fn named(text: &str) -> Option<i32> {
    let text = text.trim_start();
    // EWKT and hexadecimal EWKB; others name none.
    let may_name = text.starts_with(['S', 's', '0']);
    if may_name { geometry_from_text(text).ok()?.1 } else { None }
}

fn check_srid(srid: Option<i32>, column: Option<&Crs>) -> Result<()> {
    let named = srid.filter(|srid| *srid != 0).map(Crs::from_epsg);
    check_column_crs(named.as_ref(), column).map_err(external)
}

#[cfg(test)]
mod tests {
    use arrow::array::{BinaryArray, StringViewArray};

    use super::*;

    #[test]
    fn only_the_system_of_the_column_may_be_named() {
        let texts = |text: &str| StringViewArray::from(vec![Some("POINT(1 2)"), Some(text), None]);
        let column = Crs::from_epsg(4326);
        for text in ["SRID=4326;POINT(1 2)", "srid=0;POINT(1 2)", "no geometry", "Sand"] {
            assert!(check(&texts(text), Some(&column)).is_ok(), "{text}");
        }
        let hexadecimal = "0101000020110F0000000000000000F03F0000000000000040";
        for text in [" SRID=3857;POINT(1 2)", hexadecimal] {
            let error = check(&texts(text), Some(&column)).unwrap_err().to_string();
            let words = "Geometry SRID (3857) does not match column SRID (4326)";
            assert!(error.contains(words), "{error}");
        }
        assert!(check(&texts("SRID=4326;POINT(1 2)"), None).is_err());
    }

    #[test]
    fn bytes_name_their_system_too() {
        let mut ewkb = vec![1, 1, 0, 0, 0x20];
        ewkb.extend(3857_i32.to_le_bytes());
        ewkb.extend([1.0_f64, 2.0].into_iter().flat_map(f64::to_le_bytes));
        let bytes =
            BinaryArray::from_opt_vec(vec![Some(ewkb.as_slice()), None, Some(b"none".as_slice())]);
        assert!(check(&bytes, Some(&Crs::from_epsg(3857))).is_ok());
        assert!(check(&bytes, Some(&Crs::from_epsg(4326))).is_err());
    }
}
