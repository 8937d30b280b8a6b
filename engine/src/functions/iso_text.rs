//! Texts of dates and times as `PostgreSQL` takes them, spelled as ISO 8601 for the cast behind it.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, StringViewBuilder};
use arrow::compute::cast;
use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility, lit,
};

use super::clock::{Reading, iso_moment, iso_time};
use super::columnar::mapped;
use super::plain::strict_field;
use crate::error::external;

/// What the texts are cast to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Target {
    /// A date, with a time of day or without.
    Moment(Reading),
    /// A time of day.
    Time,
}

/// Texts of dates and times, spelled as ISO 8601. What is neither is left as it is.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct IsoText {
    signature: Signature,
    target: Target,
    /// Whether the cast behind it is one that makes null of what it cannot read.
    is_try: bool,
}

impl IsoText {
    fn new(target: Target, is_try: bool) -> Self {
        Self { signature: Signature::any(1, Volatility::Immutable), target, is_try }
    }

    /// Returns the functions for all targets.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let readings = [Reading::Day, Reading::Clock, Reading::Instant];
        let targets = readings.map(Target::Moment).into_iter().chain([Target::Time]);
        targets.flat_map(|target| [false, true].map(|is_try| Self::new(target, is_try)))
    }

    /// Returns the text that a cast of `text` to a type reads, none when it is that already or when
    /// the type is another.
    pub(crate) fn read(text: &Expr, data_type: &DataType, is_try: bool) -> Result<Option<Expr>> {
        let target = match data_type {
            DataType::Date32 | DataType::Date64 => Target::Moment(Reading::Day),
            DataType::Timestamp(_, None) => Target::Moment(Reading::Clock),
            DataType::Timestamp(_, Some(_)) => Target::Moment(Reading::Instant),
            DataType::Time32(_) | DataType::Time64(_) => Target::Time,
            _ => return Ok(None),
        };
        let function = Self::new(target, is_try);
        let Expr::Literal(value, _) = text else {
            return Ok(Some(ScalarUDF::from(function).call(vec![text.clone()])));
        };
        let Some(Some(literal)) = value.try_as_str() else { return Ok(None) };
        Ok(function.spelled(literal)?.map(lit))
    }

    /// Returns whether this is the name of such a function.
    pub(crate) fn is_one(name: &str) -> bool {
        name.starts_with("godwit_iso_") || name.starts_with("godwit_try_iso_")
    }

    /// Returns another text for the cast; none when the text stays as it is.
    fn spelled(&self, text: &str) -> Result<Option<String>> {
        let spelled = match self.target {
            Target::Moment(reading) => iso_moment(text, reading),
            Target::Time => iso_time(text),
        };
        match spelled {
            Ok(spelled) => Ok(spelled),
            // No cast reads the empty text.
            Err(_) if self.is_try => Ok(Some(String::new())),
            Err(error) => Err(external(error)),
        }
    }

    /// Returns the texts of a column, which is the column itself when they are all as they must be.
    fn column(&self, texts: &ArrayRef) -> Result<ArrayRef> {
        let texts = cast(texts, &DataType::Utf8View)?;
        let mut others = Vec::new();
        for (row, text) in texts.as_string_view().iter().enumerate() {
            if let Some(text) = text
                && let Some(spelled) = self.spelled(text)?
            {
                others.push((row, spelled));
            }
        }
        if others.is_empty() {
            return Ok(texts);
        }
        let mut builder = StringViewBuilder::with_capacity(texts.len());
        let mut others = others.into_iter().peekable();
        for (row, text) in texts.as_string_view().iter().enumerate() {
            match others.next_if(|(other, _)| *other == row) {
                Some((_, spelled)) => builder.append_value(spelled),
                None => builder.append_option(text),
            }
        }
        Ok(Arc::new(builder.finish()))
    }
}

impl ScalarUDFImpl for IsoText {
    fn name(&self) -> &'static str {
        match (self.target, self.is_try) {
            (Target::Moment(Reading::Day), false) => "godwit_iso_day",
            (Target::Moment(Reading::Day), true) => "godwit_try_iso_day",
            (Target::Moment(Reading::Clock), false) => "godwit_iso_clock",
            (Target::Moment(Reading::Clock), true) => "godwit_try_iso_clock",
            (Target::Moment(Reading::Instant), false) => "godwit_iso_instant",
            (Target::Moment(Reading::Instant), true) => "godwit_try_iso_instant",
            (Target::Time, false) => "godwit_iso_time",
            (Target::Time, true) => "godwit_try_iso_time",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs) -> Result<FieldRef> {
        Ok(strict_field(self.name(), DataType::Utf8View, arguments.arg_fields))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [text] = arguments.args.as_slice() else {
            return exec_err!("{} takes one argument", self.name());
        };
        mapped(text, |texts| self.column(texts))
    }
}
