//! `date_part` and `EXTRACT` with fractions of a second, centuries, zones, and the fields of what
//! lies between two moments; that of the engine below cuts seconds, and counts all hours there.

mod instants;

use std::sync::Arc;

use arrow::array::{AsArray as _, Float64Array, Int32Array, IntervalMonthDayNanoArray};
use arrow::datatypes::{
    DataType, Field, FieldRef, Int32Type, IntervalMonthDayNano, IntervalMonthDayNanoType,
};
use datafusion::common::{Result, ScalarValue};
use datafusion::functions::datetime;
use datafusion::logical_expr::preimage::PreimageResult;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
};

use super::columnar::mapped;
use super::intervals::{INTERVAL, NANOSECONDS_OF_DAY};

/// How many nanoseconds a minute has.
const MINUTE: i64 = 60_000_000_000;

/// The name of the function.
pub(crate) const DATE_PART: &str = "date_part";

/// Returns the function.
pub(super) fn date_part() -> ScalarUDF {
    ScalarUDF::from(DatePart { inner: datetime::date_part() })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct DatePart {
    inner: Arc<ScalarUDF>,
}

/// A field that the engine below has not, or not as it should be.
#[derive(Clone, Copy)]
enum Part {
    /// Seconds, or thousandths of such, with what is behind the point.
    Seconds { a_second: f64 },
    /// So many years.
    Years(i32),
    /// Seconds of an interval, whose years have 365.25 days.
    Epoch,
    /// The quarter of the year, of an interval that of the months beside its years.
    Quarter,
    /// The days since the beginning of the Julian count.
    Julian,
    /// How far clocks are ahead: the name of the field, its seconds, and how many of it there are.
    Zone(&'static str, i32, i32),
}

impl Part {
    fn of(name: &str) -> Option<Self> {
        Some(match name.trim_matches(['\'', '"']).to_ascii_lowercase().as_str() {
            "second" | "seconds" | "sec" | "secs" | "s" => Self::Seconds { a_second: 1.0 },
            "millisecond" | "milliseconds" | "msec" | "msecs" | "ms" => {
                Self::Seconds { a_second: 1000.0 }
            }
            "decade" | "decades" | "dec" | "decs" => Self::Years(10),
            "century" | "centuries" | "cent" | "c" => Self::Years(100),
            "millennium" | "millennia" | "mil" | "mils" => Self::Years(1000),
            "epoch" => Self::Epoch,
            "quarter" | "qtr" => Self::Quarter,
            "julian" | "jd" | "j" => Self::Julian,
            "timezone" => Self::Zone("timezone", 1, i32::MAX),
            "timezone_hour" | "timezone_h" => Self::Zone("timezone_hour", 3600, i32::MAX),
            "timezone_minute" | "timezone_m" => Self::Zone("timezone_minute", 60, 60),
            _ => return None,
        })
    }

    fn data_type(self) -> DataType {
        match self {
            Self::Years(_) | Self::Quarter | Self::Zone(..) => DataType::Int32,
            Self::Seconds { .. } | Self::Epoch | Self::Julian => DataType::Float64,
        }
    }
}

impl ScalarUDFImpl for DatePart {
    fn name(&self) -> &'static str {
        DATE_PART
    }

    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.inner.return_type(types)
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs) -> Result<FieldRef> {
        let name = arguments.scalar_arguments.first().copied().flatten();
        match name.and_then(|name| name.try_as_str().flatten()).and_then(Part::of) {
            Some(part) => Ok(Arc::new(Field::new(DATE_PART, part.data_type(), true))),
            None => self.inner.return_field_from_args(arguments),
        }
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let ScalarFunctionArgs { mut args, arg_fields, number_rows, return_field, config_options } =
            arguments;
        let part = match args.first() {
            Some(ColumnarValue::Scalar(name)) => name.try_as_str().flatten().and_then(Part::of),
            _ => None,
        };
        if let Some(value) = args.get_mut(1)
            && matches!(value.data_type(), DataType::Duration(_))
        {
            *value = days_and_time(value)?;
        }
        let inner = |name: &str, args: &[ColumnarValue]| {
            let mut args = args.to_vec();
            if let (Some(first), false) = (args.first_mut(), name.is_empty()) {
                *first = ColumnarValue::Scalar(ScalarValue::from(name));
            }
            self.inner.inner().invoke_with_args(ScalarFunctionArgs {
                args,
                arg_fields: arg_fields.clone(),
                number_rows,
                return_field: Arc::clone(&return_field),
                config_options: Arc::clone(&config_options),
            })
        };
        let is_interval = args.get(1).is_some_and(|value| value.data_type() == INTERVAL);
        if is_interval
            && let (Some(part), Some(value)) = (part, args.get(1))
            && let Some(field) = of_interval(part)
        {
            return mapped(value, |value| {
                let intervals = value.as_primitive::<IntervalMonthDayNanoType>();
                let fields: Float64Array = intervals.unary(&field);
                Ok(Arc::new(fields))
            });
        }
        match part {
            Some(Part::Seconds { a_second }) => {
                let divisor = 1e6 / a_second;
                mapped(&inner("microsecond", &args)?, |value| {
                    let micros = value.as_primitive::<Int32Type>();
                    let parts: Float64Array = micros.unary(|micros| f64::from(micros) / divisor);
                    Ok(Arc::new(parts))
                })
            }
            Some(Part::Years(years)) => mapped(&inner("year", &args)?, |value| {
                let periods: Int32Array = value
                    .as_primitive::<Int32Type>()
                    .unary(|year| if is_interval { year / years } else { period(year, years) });
                Ok(Arc::new(periods))
            }),
            Some(Part::Quarter) if is_interval => mapped(&inner("month", &args)?, |value| {
                let months = value.as_primitive::<Int32Type>();
                let quarters: Int32Array = months.unary(|month| month / 3 + 1);
                Ok(Arc::new(quarters))
            }),
            Some(Part::Julian) => {
                let Some(value) = args.get(1) else { return inner("", &args) };
                mapped(value, instants::julian_days)
            }
            Some(Part::Zone(name, unit, most)) => {
                let Some(value) = args.get(1) else { return inner("", &args) };
                mapped(value, |value| instants::offsets(name, value, unit, most))
            }
            _ => inner("", &args),
        }
    }

    fn preimage(
        &self,
        arguments: &[Expr],
        literal: &Expr,
        context: &SimplifyContext,
    ) -> Result<PreimageResult> {
        self.inner.preimage(arguments, literal, context)
    }
}

/// Returns the decade, the century or the millennium that a year is in.
fn period(year: i32, years: i32) -> i32 {
    match years {
        10 => year.div_euclid(years),
        // The year one is the first of the first century.
        _ if year > 0 => (year - 1) / years + 1,
        _ => -((-year) / years + 1),
    }
}

/// Returns what computes a field of intervals, if it is not that of the engine below.
fn of_interval(part: Part) -> Option<Box<dyn Fn(IntervalMonthDayNano) -> f64>> {
    match part {
        Part::Seconds { a_second } => {
            Some(Box::new(move |of| (of.nanoseconds % MINUTE) as f64 / 1e9 * a_second))
        }
        Part::Epoch => Some(Box::new(epoch)),
        _ => None,
    }
}

/// Returns what lies between moments as days and time.
fn days_and_time(value: &ColumnarValue) -> Result<ColumnarValue> {
    let between = value.cast_to(&INTERVAL, None)?;
    mapped(&between, |value| {
        let intervals = value.as_primitive::<IntervalMonthDayNanoType>();
        let parts = intervals.iter().map(|interval| {
            interval.map(|of| {
                let days = i32::try_from(of.nanoseconds / NANOSECONDS_OF_DAY).unwrap_or(0);
                let time = of.nanoseconds % NANOSECONDS_OF_DAY;
                IntervalMonthDayNano::new(of.months, of.days.saturating_add(days), time)
            })
        });
        Ok(Arc::new(parts.collect::<IntervalMonthDayNanoArray>()))
    })
}

/// Returns how many seconds an interval has: a year has 365.25 days, and a month thirty.
fn epoch(of: IntervalMonthDayNano) -> f64 {
    let days =
        f64::from(of.months / 12) * 365.25 + f64::from(of.months % 12) * 30.0 + f64::from(of.days);
    days * 86_400.0 + of.nanoseconds as f64 / 1e9
}
