//! Functions of the query engine that may take long for one batch, asked for some rows at a time.
//!
//! Nothing can end a query while such a function computes. Between two slices of a batch is time
//! to look. The first slice is small and tells how long the others take, so that whatever is quick
//! is asked twice for a batch of many bytes, and once for others.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::ArrayRef;
use arrow::compute::concat;
use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::Result;
use datafusion::logical_expr::interval_arithmetic::Interval;
use datafusion::logical_expr::simplify::{ExprSimplifyResult, SimplifyContext};
use datafusion::logical_expr::sort_properties::{ExprProperties, SortProperties};
use datafusion::logical_expr::{
    ColumnarValue, Documentation, Expr, ExpressionPlacement, ReturnFieldArgs, ScalarFunctionArgs,
    ScalarUDF, ScalarUDFImpl, Signature,
};

use crate::error::external;
use crate::queries::Interrupt;

/// The functions whose rows can cost much: more than their bytes, or bytes without end.
const NAMES: [&str; 37] = [
    "array_distinct",
    "array_except",
    "array_has_all",
    "array_has_any",
    "array_intersect",
    "array_positions",
    "array_remove_all",
    "array_replace_all",
    "array_sort",
    "array_to_string",
    "array_union",
    "decode",
    "digest",
    "encode",
    "jsonb_path_exists",
    "jsonb_path_match",
    "jsonb_path_query",
    "jsonb_path_query_array",
    "jsonb_path_query_first",
    "levenshtein",
    "lpad",
    "overlay",
    "regexp_count",
    "regexp_instr",
    "regexp_like",
    "regexp_match",
    "regexp_matches",
    "regexp_replace",
    "regexp_split_to_array",
    "regexp_substr",
    "repeat",
    "replace",
    "reverse",
    "rpad",
    "split_part",
    "strpos",
    "translate",
];

/// A batch of fewer bytes is asked for as a whole.
const FEW_BYTES: usize = 16 * 1024;
/// How long a slice should take.
const SHORT: Duration = Duration::from_millis(20);
/// How much larger a slice may be than the one before.
const MOST_GROWTH: usize = 64;

/// A function that is asked for some rows at a time.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Sliced {
    inner: ScalarUDF,
}

/// Returns a function as it is to be registered: in slices, if it may take long.
pub(crate) fn sliced(function: &ScalarUDF) -> Option<ScalarUDF> {
    NAMES
        .contains(&function.name())
        .then(|| ScalarUDF::new_from_impl(Sliced { inner: function.clone() }))
}

impl Sliced {
    /// Returns the answer for some of the rows.
    fn slice(&self, args: &ScalarFunctionArgs, start: usize, row_count: usize) -> Result<ArrayRef> {
        let of_rows = |value: &ColumnarValue| match value {
            ColumnarValue::Array(array) => ColumnarValue::Array(array.slice(start, row_count)),
            constant @ ColumnarValue::Scalar(_) => constant.clone(),
        };
        let some = ScalarFunctionArgs {
            args: args.args.iter().map(of_rows).collect(),
            arg_fields: args.arg_fields.clone(),
            number_rows: row_count,
            return_field: FieldRef::clone(&args.return_field),
            config_options: Arc::clone(&args.config_options),
        };
        self.inner.invoke_with_args(some)?.into_array(row_count)
    }
}

/// Returns the bytes of the columns among some arguments, or more.
fn byte_count(args: &[ColumnarValue]) -> usize {
    let bytes = |value: &ColumnarValue| match value {
        ColumnarValue::Array(array) => array.get_buffer_memory_size(),
        ColumnarValue::Scalar(_) => 0,
    };
    args.iter().map(bytes).sum()
}

/// Returns how many rows come next, after so many that took so long.
fn next_rows(row_count: usize, took: Duration) -> usize {
    let took = took.as_nanos().max(1);
    let factor = usize::try_from(SHORT.as_nanos() / took).unwrap_or(usize::MAX);
    if factor == 0 {
        // Half of a rate that is hardly known.
        return (row_count / 2).max(1);
    }
    row_count.saturating_mul(factor.min(MOST_GROWTH))
}

impl ScalarUDFImpl for Sliced {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let bytes = byte_count(&args.args);
        let interrupt = args.config_options.extensions.get::<Interrupt>().cloned();
        let Some(interrupt) = interrupt.filter(|_| bytes > FEW_BYTES && args.number_rows > 1)
        else {
            return self.inner.invoke_with_args(args);
        };
        let check = || interrupt.check().map_err(external);
        let mut row_count = (args.number_rows.saturating_mul(FEW_BYTES) / bytes).max(1);
        let mut slices = Vec::new();
        let mut start = 0;
        while start < args.number_rows {
            check()?;
            row_count = row_count.min(args.number_rows - start);
            let begun = Instant::now();
            slices.push(self.slice(&args, start, row_count)?);
            start += row_count;
            row_count = next_rows(row_count, begun.elapsed());
        }
        check()?;
        let slices: Vec<_> = slices.iter().map(AsRef::as_ref).collect();
        Ok(ColumnarValue::Array(concat(&slices)?))
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        self.inner.schema_name(args)
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.inner.return_type(types)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        self.inner.return_field_from_args(args)
    }

    fn is_strict(&self) -> bool {
        self.inner.is_strict()
    }

    fn simplify(&self, args: Vec<Expr>, context: &SimplifyContext) -> Result<ExprSimplifyResult> {
        self.inner.simplify(args, context)
    }

    fn conditional_arguments<'a>(
        &self,
        args: &'a [Expr],
    ) -> Option<(Vec<&'a Expr>, Vec<&'a Expr>)> {
        self.inner.conditional_arguments(args)
    }

    fn short_circuits(&self) -> bool {
        self.inner.short_circuits()
    }

    fn evaluate_bounds(&self, inputs: &[&Interval]) -> Result<Interval> {
        self.inner.evaluate_bounds(inputs)
    }

    fn output_ordering(&self, inputs: &[ExprProperties]) -> Result<SortProperties> {
        self.inner.output_ordering(inputs)
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        self.inner.coerce_types(types)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }

    fn placement(&self, args: &[ExpressionPlacement]) -> ExpressionPlacement {
        self.inner.placement(args)
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array as _, AsArray as _, StringArray};
    use arrow::datatypes::Field;
    use datafusion::common::ScalarValue;
    use datafusion::common::config::ConfigOptions;
    use datafusion::functions::string::levenshtein;

    use super::*;
    use crate::error::Code;

    fn call(interrupt: &Interrupt, texts: &StringArray) -> Result<ColumnarValue> {
        let mut options = ConfigOptions::new();
        options.extensions.insert(interrupt.clone());
        let text = Arc::new(Field::new("text", DataType::Utf8, true));
        let args = ScalarFunctionArgs {
            args: vec![
                ColumnarValue::Array(Arc::new(texts.clone())),
                ColumnarValue::Scalar(ScalarValue::from("abc")),
            ],
            arg_fields: vec![Arc::clone(&text), text],
            number_rows: texts.len(),
            return_field: Arc::new(Field::new("distance", DataType::Int32, true)),
            config_options: Arc::new(options),
        };
        sliced(&levenshtein()).unwrap().invoke_with_args(args)
    }

    #[test]
    fn slices_answer_as_a_whole_does_and_end_when_they_must() {
        let texts = ["abc".to_owned(), "x".repeat(40_000), "ab".to_owned(), "y".repeat(2)];
        let texts = texts.iter().map(Some).chain([None]).collect::<StringArray>();
        let interrupt = Interrupt::default();
        let found = call(&interrupt, &texts).unwrap().into_array(5).unwrap();
        let found = found.as_primitive::<arrow::datatypes::Int32Type>();
        let wanted = [Some(0), Some(40_000), Some(1), Some(3), None];
        assert_eq!(found.iter().collect::<Vec<_>>(), wanted);
        interrupt.stop();
        let error = call(&interrupt, &texts).unwrap_err();
        assert_eq!(crate::error::Error::from(error).code, Code::Canceled);
    }

    #[test]
    fn slices_grow_while_they_are_quick() {
        assert_eq!(next_rows(10, Duration::from_micros(1)), 640);
        assert_eq!(next_rows(10, Duration::from_millis(10)), 20);
        assert_eq!(next_rows(10, Duration::from_millis(100)), 5);
        assert_eq!(next_rows(1, Duration::from_secs(9)), 1);
    }
}
