//! `sind`, `cosd` and their kin: functions of angles in degrees. As in `PostgreSQL` the sine of 30
//! degrees is a half, and not next to it.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, Float64Array};
use arrow::datatypes::{DataType, Float64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::super::plain::{Compute, Plain, takes};
use crate::error::{Code, Error, external};

const NUMBER: DataType = DataType::Float64;

/// Returns the functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    let of_one =
        |name, compute: Compute| Plain::new(name, vec![takes(&[NUMBER])], NUMBER, compute).into();
    vec![
        of_one("sind", |columns| each(columns, sine)),
        of_one("cosd", |columns| each(columns, cosine)),
        of_one("tand", |columns| each(columns, tangent)),
        of_one("cotd", |columns| each(columns, cotangent)),
        of_one("asind", |columns| each(columns, arc_sine)),
        of_one("acosd", |columns| each(columns, arc_cosine)),
        of_one("atand", |columns| each(columns, |of| Some(arc_tangent(of, 1.0)))),
        Plain::new("atan2d", vec![takes(&[NUMBER, NUMBER])], NUMBER, arc_tangents).into(),
    ]
}

/// Returns what a function gives for each number; it gives nothing for what is beyond its range.
fn each(columns: &[ArrayRef], of: fn(f64) -> Option<f64>) -> Result<ArrayRef> {
    let [numbers] = columns else { return exec_err!("one number is expected") };
    let answers = numbers.as_primitive::<Float64Type>().iter().map(|number| match number {
        Some(number) if number.is_nan() => Ok(Some(number)),
        Some(number) => of(number)
            .map(Some)
            .ok_or_else(|| external(Error::new(Code::ValueOutOfRange, "input is out of range"))),
        None => Ok(None),
    });
    Ok(Arc::new(answers.collect::<Result<Float64Array>>()?))
}

fn arc_tangents(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [rises, runs] = columns else { return exec_err!("two numbers are expected") };
    let rises = rises.as_primitive::<Float64Type>();
    let runs = runs.as_primitive::<Float64Type>();
    let angles = arrow::compute::binary::<_, _, _, Float64Type>(rises, runs, arc_tangent)?;
    Ok(Arc::new(angles))
}

/// Returns the sine of an angle from 0 to 30 degrees.
fn small_sine(angle: f64) -> f64 {
    angle.to_radians().sin() / 30_f64.to_radians().sin() / 2.0
}

/// Returns the cosine of an angle from 0 to 60 degrees.
fn small_cosine(angle: f64) -> f64 {
    let below = |angle: f64| 1.0 - angle.to_radians().cos();
    1.0 - below(angle) / below(60.0) / 2.0
}

/// Returns the sine of an angle from 0 to 90 degrees.
fn quarter_sine(angle: f64) -> f64 {
    if angle <= 30.0 { small_sine(angle) } else { small_cosine(90.0 - angle) }
}

/// Returns the cosine of an angle from 0 to 90 degrees.
fn quarter_cosine(angle: f64) -> f64 {
    if angle <= 60.0 { small_cosine(angle) } else { small_sine(90.0 - angle) }
}

/// An angle from 0 to 90 degrees, and the signs of the sine and the cosine of the one it stands for.
struct Quarter {
    angle: f64,
    sine: f64,
    cosine: f64,
}

impl Quarter {
    fn of(angle: f64) -> Option<Self> {
        if angle.is_infinite() {
            return None;
        }
        let turned = angle % 360.0;
        let (mut angle, mut sine, mut cosine) = (turned.abs(), 1.0, 1.0);
        if turned < 0.0 {
            sine = -sine;
        }
        if angle > 180.0 {
            angle = 360.0 - angle;
            sine = -sine;
        }
        if angle > 90.0 {
            angle = 180.0 - angle;
            cosine = -cosine;
        }
        Some(Self { angle, sine, cosine })
    }
}

fn sine(angle: f64) -> Option<f64> {
    let quarter = Quarter::of(angle)?;
    Some(quarter.sine * quarter_sine(quarter.angle))
}

fn cosine(angle: f64) -> Option<f64> {
    let quarter = Quarter::of(angle)?;
    Some(quarter.cosine * quarter_cosine(quarter.angle))
}

fn tangent(angle: f64) -> Option<f64> {
    let of = |angle: f64| quarter_sine(angle) / quarter_cosine(angle);
    let quarter = Quarter::of(angle)?;
    // A zero has no sign.
    Some(quarter.sine * quarter.cosine * (of(quarter.angle) / of(45.0)) + 0.0)
}

fn cotangent(angle: f64) -> Option<f64> {
    let of = |angle: f64| quarter_cosine(angle) / quarter_sine(angle);
    let quarter = Quarter::of(angle)?;
    Some(quarter.sine * quarter.cosine * (of(quarter.angle) / of(45.0)) + 0.0)
}

/// Returns the angle from 0 to 90 degrees whose sine is a number from 0 to 1.
fn quarter_arc_sine(of: f64) -> f64 {
    if of <= 0.5 {
        return of.asin() / 0.5_f64.asin() * 30.0;
    }
    90.0 - of.acos() / 0.5_f64.acos() * 60.0
}

fn arc_sine(of: f64) -> Option<f64> {
    (of.abs() <= 1.0).then(|| quarter_arc_sine(of.abs()).copysign(of))
}

fn arc_cosine(of: f64) -> Option<f64> {
    let angle = match of {
        0.5..=1.0 => of.acos() / 0.5_f64.acos() * 60.0,
        0.0..0.5 => 90.0 - of.asin() / 0.5_f64.asin() * 30.0,
        -1.0..0.0 => 90.0 + quarter_arc_sine(-of),
        _ => return None,
    };
    Some(angle)
}

fn arc_tangent(rise: f64, run: f64) -> f64 {
    rise.atan2(run) / 1_f64.atan() * 45.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A function, what it is of, and what it answers.
    type Case = (fn(f64) -> Option<f64>, f64, f64);

    #[test]
    fn round_angles_have_round_answers() {
        let cases: [Case; 16] = [
            (sine, 30.0, 0.5),
            (sine, -150.0, -0.5),
            (sine, 180.0, 0.0),
            (sine, 270.0, -1.0),
            (cosine, 60.0, 0.5),
            (cosine, 90.0, 0.0),
            (cosine, 540.0, -1.0),
            (tangent, 45.0, 1.0),
            (tangent, 135.0, -1.0),
            (tangent, -180.0, 0.0),
            (cotangent, -45.0, -1.0),
            (arc_sine, 0.5, 30.0),
            (arc_sine, -1.0, -90.0),
            (arc_cosine, 0.5, 60.0),
            (arc_cosine, -0.5, 120.0),
            (arc_cosine, 0.0, 90.0),
        ];
        for (function, of, expected) in cases {
            let answer = function(of).unwrap();
            assert!(answer.total_cmp(&expected).is_eq(), "{of}: {answer}");
        }
        assert!(sine(f64::INFINITY).is_none());
        assert!(arc_cosine(1.5).is_none());
        assert!((arc_tangent(1.0, -1.0) - 135.0).abs() < f64::EPSILON);
    }
}
