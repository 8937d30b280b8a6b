//! The units that `timestampadd` and `timestampdiff` count in.

use arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::{Result, ScalarValue, plan_err};
use datafusion::logical_expr::ColumnarValue;

use crate::error::{Code, Error, external};

/// How many nanoseconds a second has.
const SECOND: i64 = 1_000_000_000;

/// What is counted: so many nanoseconds, days or months at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Nanoseconds(i64),
    Days(i64),
    Months(i64),
}

impl Unit {
    /// Returns the unit of a name, with or without the prefix that ODBC gives it.
    pub(super) fn of(name: &ColumnarValue) -> Result<Self> {
        let ColumnarValue::Scalar(ScalarValue::Utf8(Some(name))) = name else {
            return plan_err!("the unit is not a literal");
        };
        let name = name.to_uppercase();
        Ok(match name.strip_prefix("SQL_TSI_").unwrap_or(&name) {
            // ODBC counts fractions in billionths of a second.
            "FRAC_SECOND" | "NANOSECOND" => Self::Nanoseconds(1),
            "SECOND" => Self::Nanoseconds(SECOND),
            "MINUTE" => Self::Nanoseconds(60 * SECOND),
            "HOUR" => Self::Nanoseconds(3600 * SECOND),
            "DAY" => Self::Days(1),
            "WEEK" => Self::Days(7),
            "MONTH" => Self::Months(1),
            "QUARTER" => Self::Months(3),
            "YEAR" => Self::Months(12),
            _ => {
                let message = format!("\"{name}\" is not a unit of time");
                let error = Error::new(Code::InvalidParameter, message).with_hint(
                    "Type SQL_TSI_YEAR, QUARTER, MONTH, WEEK, DAY, HOUR, MINUTE, SECOND or FRAC_SECOND.",
                );
                return Err(external(error));
            }
        })
    }
}

/// Returns the type of points in time that values of a type are taken for.
pub(super) fn timestamp(data_type: &DataType) -> Result<DataType> {
    match data_type {
        DataType::Timestamp(..) => Ok(data_type.clone()),
        DataType::Date32 | DataType::Date64 | DataType::Null => {
            Ok(DataType::Timestamp(TimeUnit::Microsecond, None))
        }
        text if text.is_string() => Ok(DataType::Timestamp(TimeUnit::Microsecond, None)),
        other => plan_err!("a timestamp or a date is expected, not {other}"),
    }
}
