//! What holds for every scalar function, tried with drawn arguments on every overload.
//!
//! - A call of constants answers what a call of columns does, row by row.
//! - Any constant is as good as a column that repeats it.
//! - The answer does not depend on how rows are cut into batches, on offsets into longer arrays, or
//!   on how texts and bytes are stored.
//! - A null makes null where the function says so.
//! - Geometries of two reference systems are refused, and the result says the system of its input.
//! - Nothing panics, and the type planned is the type made.

mod call;
mod draw;

use std::collections::BTreeSet;

use arrow::array::ArrayRef;
use arrow::compute::{cast, concat};
use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF};
use godwit_geometry::{Crs, GeometryError, GeometryType};

use crate::function::{Argument, CrsRule, Function, Nulls, Overload, Type};
use crate::functions::SCALARS;
use crate::scalar::Scalar;
use draw::Draw;

const ROWS: usize = 16;
const ROUNDS: u64 = 2;

/// Returns every function but the one that is only a condition of joins and never run.
fn scalars() -> impl Iterator<Item = &'static Function> {
    SCALARS.iter().copied().flatten().copied().filter(|function| function.title != "ST_KNN")
}

/// One overload with some of its arguments, and drawn values for them.
struct Trial {
    function: &'static Function,
    udf: ScalarUDF,
    overload: &'static Overload,
    arguments: &'static [Argument],
    fields: Vec<FieldRef>,
    /// The values, an argument's side by side; one alone where it must be a literal.
    columns: Vec<Vec<ScalarValue>>,
}

/// Returns trials of every overload with the fewest and with the most arguments it takes.
fn trials() -> impl Iterator<Item = Trial> {
    scalars().flat_map(|function| {
        function.all_overloads().flat_map(move |overload| {
            let counts = BTreeSet::from([overload.required_count(), overload.arguments.len()]);
            counts.into_iter().flat_map(move |count| {
                (0..ROUNDS).map(move |round| Trial::new(function, overload, count, round))
            })
        })
    })
}

impl Trial {
    fn new(
        function: &'static Function,
        overload: &'static Overload,
        count: usize,
        round: u64,
    ) -> Self {
        let arguments = &overload.arguments[..count];
        let seed = function
            .title
            .bytes()
            .fold(round, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte)));
        let mut draw = Draw::new(seed, arguments);
        // The plane of the first round is nowhere, that of the others on the earth.
        let crs = (round > 0).then(Crs::wgs84);
        let columns = arguments
            .iter()
            .map(|argument| {
                let count = if argument.literal { 1 } else { ROWS };
                (0..count).map(|_| draw.value(argument)).collect()
            })
            .collect();
        Self {
            function,
            udf: ScalarUDF::new_from_impl(Scalar::new(function)),
            overload,
            arguments,
            fields: arguments.iter().map(|argument| draw::field(argument, crs.clone())).collect(),
            columns,
        }
    }

    fn value(&self, argument: usize, row: usize) -> &ScalarValue {
        let column = &self.columns[argument];
        &column[row % column.len()]
    }

    /// Returns the answer to a row of constants, or none when it is refused.
    fn constant(&self, row: usize) -> Option<String> {
        let values = (0..self.arguments.len())
            .map(|argument| ColumnarValue::Scalar(self.value(argument, row).clone()))
            .collect();
        call::run(&self.udf, values, &self.fields, 1).ok().map(|mut rows| rows.remove(0))
    }

    /// Returns an argument's values of some rows as a column, or the literal it must be.
    fn column(&self, argument: usize, rows: &[usize]) -> ColumnarValue {
        if self.arguments[argument].literal {
            return ColumnarValue::Scalar(self.value(argument, 0).clone());
        }
        let values = rows.iter().map(|row| self.value(argument, *row).clone());
        ColumnarValue::Array(ScalarValue::iter_to_array(values).expect("values of one type"))
    }

    fn columns(&self, rows: &[usize]) -> Vec<ColumnarValue> {
        (0..self.arguments.len()).map(|argument| self.column(argument, rows)).collect()
    }

    /// Returns the answers to columns, or one answer that says why there are none.
    fn run(&self, values: Vec<ColumnarValue>, row_count: usize) -> Vec<String> {
        call::run(&self.udf, values, &self.fields, row_count)
            .unwrap_or_else(|error| vec![format!("refused: {error}")])
    }

    fn name(&self) -> String {
        let arguments: Vec<_> =
            self.arguments.iter().map(|argument| argument.kind.sql_name()).collect();
        format!("{}({})", self.function.title, arguments.join(", "))
    }

    /// Returns the rows that are not refused, and their answers.
    fn accepted(&self) -> (Vec<usize>, Vec<String>) {
        (0..ROWS).filter_map(|row| Some((row, self.constant(row)?))).unzip()
    }
}

/// What was found to break a law.
#[derive(Default)]
struct Violations(BTreeSet<String>);

impl Violations {
    fn unless_equal(&mut self, trial: &Trial, law: &str, found: &[String], expected: &[String]) {
        if found != expected {
            let place = found.iter().zip(expected).position(|(a, b)| a != b).unwrap_or_default();
            let of = |answers: &[String]| answers.get(place).cloned().unwrap_or_default();
            self.add(trial, &format!("{law}: {} instead of {}", of(found), of(expected)));
        }
    }

    fn add(&mut self, trial: &Trial, what: &str) {
        self.0.insert(format!("{}: {}", trial.name(), what.chars().take(300).collect::<String>()));
    }

    fn assert_none(&self) {
        let texts: Vec<&str> = self.0.iter().map(String::as_str).collect();
        assert!(texts.is_empty(), "{} violations:\n{}", texts.len(), texts.join("\n"));
    }
}

fn mapped(
    values: Vec<ColumnarValue>,
    change: impl Fn(&ArrayRef) -> ArrayRef,
) -> Vec<ColumnarValue> {
    let map = |value| match value {
        ColumnarValue::Array(array) => ColumnarValue::Array(change(&array)),
        scalar @ ColumnarValue::Scalar(_) => scalar,
    };
    values.into_iter().map(map).collect()
}

/// Returns an array in another storage of the same values.
fn stored(array: &ArrayRef, bytes: &DataType, text: &DataType) -> ArrayRef {
    let wanted = match array.data_type() {
        DataType::Binary => bytes,
        DataType::Utf8 => text,
        _ => return ArrayRef::clone(array),
    };
    cast(array, wanted).expect("another storage")
}

/// Returns the array as a part of a longer one.
fn sliced(array: &ArrayRef) -> ArrayRef {
    let longer = concat(&[array.as_ref(), array.as_ref(), array.as_ref()]).expect("one type");
    longer.slice(array.len(), array.len())
}

#[test]
fn constants_columns_batches_slices_and_storages_answer_alike() {
    let mut violations = Violations::default();
    let (mut functions, mut calls) = (BTreeSet::new(), 0);
    for trial in trials() {
        let (rows, expected) = trial.accepted();
        if rows.is_empty() {
            continue;
        }
        let count = rows.len();
        functions.insert(trial.function.title);
        calls += 7;
        let found = trial.run(trial.columns(&rows), count);
        violations.unless_equal(&trial, "columns", &found, &expected);
        let (front, back) = rows.split_at(count / 2);
        let mut batches = Vec::new();
        for part in [front, back].into_iter().filter(|part| !part.is_empty()) {
            batches.extend(trial.run(trial.columns(part), part.len()));
        }
        violations.unless_equal(&trial, "smaller batches", &batches, &expected);
        let slices = trial.run(mapped(trial.columns(&rows), sliced), count);
        violations.unless_equal(&trial, "slices", &slices, &expected);
        for (bytes, text) in [
            (DataType::LargeBinary, DataType::LargeUtf8),
            (DataType::BinaryView, DataType::Utf8View),
        ] {
            let values = mapped(trial.columns(&rows), |array| stored(array, &bytes, &text));
            let found = trial.run(values, count);
            violations.unless_equal(&trial, &format!("{bytes} and {text}"), &found, &expected);
        }
        let nothing = mapped(trial.columns(&rows), |array| array.slice(0, 0));
        violations.unless_equal(&trial, "no rows", &trial.run(nothing, 0), &[]);
    }
    println!("{} functions, {calls} calls of columns", functions.len());
    violations.assert_none();
    let never: Vec<&str> = scalars()
        .filter(|function| !function.overloads.iter().all(|each| each.arguments.is_empty()))
        .map(|function| function.title)
        .filter(|title| !functions.contains(title))
        .collect();
    assert!(never.is_empty(), "no call was accepted of {never:?}");
}

#[test]
fn a_constant_is_a_column_that_repeats_it() {
    let mut violations = Violations::default();
    for trial in trials().filter(|trial| trial.arguments.len() > 1) {
        let (rows, _) = trial.accepted();
        let Some(&chosen) = rows.first() else { continue };
        for argument in 0..trial.arguments.len() {
            if trial.arguments[argument].literal {
                continue;
            }
            let constant = trial.value(argument, chosen).clone();
            let column = constant.to_array().expect("a value");
            // Other rows may refuse this value, so each is asked alone.
            for &row in &rows {
                let mut repeated = trial.columns(&[row]);
                repeated[argument] = ColumnarValue::Array(ArrayRef::clone(&column));
                let mut fixed = trial.columns(&[row]);
                fixed[argument] = ColumnarValue::Scalar(constant.clone());
                let repeated = call::run(&trial.udf, repeated, &trial.fields, 1);
                let fixed = call::run(&trial.udf, fixed, &trial.fields, 1);
                if fixed.as_ref().ok() != repeated.as_ref().ok() {
                    let what = format!("argument {argument}: {fixed:?} but {repeated:?}");
                    violations.add(&trial, &what);
                }
            }
        }
    }
    violations.assert_none();
}

#[test]
fn a_null_makes_null_unless_the_function_sees_it() {
    let mut violations = Violations::default();
    for trial in trials().filter(|trial| trial.function.nulls == Nulls::Strict) {
        let Some(row) = (0..ROWS).find(|row| trial.constant(*row).is_some()) else { continue };
        for argument in 0..trial.arguments.len() {
            if trial.arguments[argument].literal {
                continue;
            }
            let null = ScalarValue::try_from(&trial.value(argument, row).data_type());
            let null = null.expect("a null");
            for is_constant in [true, false] {
                let mut values = trial.columns(&[row]);
                values[argument] = if is_constant {
                    ColumnarValue::Scalar(null.clone())
                } else {
                    ColumnarValue::Array(null.to_array().expect("a null"))
                };
                let law = format!("argument {argument}, constant: {is_constant}");
                let found = trial.run(values, 1);
                violations.unless_equal(&trial, &law, &found, &["NULL".to_owned()]);
            }
        }
    }
    violations.assert_none();
}

#[test]
fn the_result_says_the_reference_system_of_its_input() {
    let crs = Crs::from_epsg(3857);
    let mut count = 0;
    for trial in trials().filter(|trial| {
        trial.overload.returns == Type::Geometry && trial.overload.crs == CrsRule::Inherit
    }) {
        let has_geometry = trial.arguments.iter().any(|each| each.kind == Type::Geometry);
        let Some(row) = (0..ROWS).find(|row| trial.constant(*row).is_some()) else { continue };
        if !has_geometry {
            continue;
        }
        let fields: Vec<FieldRef> =
            trial.arguments.iter().map(|each| draw::field(each, Some(crs.clone()))).collect();
        let planned = call::plan(&trial.udf, &trial.columns(&[row]), &fields);
        let planned = planned.unwrap_or_else(|error| panic!("{}: {error}", trial.name()));
        let geometry = GeometryType::from_field(&planned).expect("a geometry");
        let found = geometry.and_then(|geometry| geometry.crs);
        assert_eq!(found.as_ref(), Some(&crs), "{}", trial.name());
        count += 1;
    }
    println!("{count} overloads");
}

#[test]
fn two_reference_systems_in_a_call_are_refused() {
    let mut count = 0;
    for trial in trials() {
        let geometries: Vec<usize> = (0..trial.arguments.len())
            .filter(|index| trial.arguments[*index].kind == Type::Geometry)
            .collect();
        let [first, second, ..] = geometries.as_slice() else { continue };
        let Some(row) = (0..ROWS).find(|row| trial.constant(*row).is_some()) else { continue };
        let mut fields = trial.fields.clone();
        fields[*first] = draw::field(&trial.arguments[*first], Some(Crs::from_epsg(3857)));
        fields[*second] = draw::field(&trial.arguments[*second], Some(Crs::from_epsg(4326)));
        let planned = call::plan(&trial.udf, &trial.columns(&[row]), &fields);
        let error = planned.expect_err(&trial.name());
        let found = error.find_root();
        let is_mismatch = matches!(found, datafusion::common::DataFusionError::External(inner)
            if matches!(inner.downcast_ref(), Some(GeometryError::CrsMismatch { .. })));
        assert!(is_mismatch, "{}: {error}", trial.name());
        count += 1;
    }
    println!("{count} overloads");
}
