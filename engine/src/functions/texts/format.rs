//! `format('%s in %I', value, name)`:
//! <https://www.postgresql.org/docs/current/functions-string.html#FUNCTIONS-STRING-FORMAT>.

use std::borrow::Cow;
use std::iter::Peekable;
use std::str::Chars;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, StringArray, StringBuilder};
use arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, Result, exec_err};
use datafusion::logical_expr::{ScalarUDF, TypeSignature};

use super::super::plain::Plain;
use super::super::written::texts_of;
use super::quote;
use crate::error::{Code, Error, external};

/// The widest place for a value, in characters.
const WIDEST: usize = 1 << 16;

/// Returns the function.
pub(super) fn format() -> ScalarUDF {
    let types = vec![TypeSignature::VariadicAny];
    Plain::new("format", types, DataType::Utf8, rows).with_aliases(&["printf"]).into()
}

fn rows(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let texts = columns.iter().map(texts_of).collect::<Result<Vec<_>>>()?;
    let [templates, values @ ..] = texts.as_slice() else {
        return exec_err!("format takes a text and values");
    };
    let values: Vec<&StringArray> = values.iter().collect();
    let mut answers = StringBuilder::with_capacity(templates.len(), 0);
    for (row, template) in templates.iter().enumerate() {
        match template {
            Some(template) => answers.append_value(write(template, &values, row)?),
            None => answers.append_null(),
        }
    }
    Ok(Arc::new(answers.finish()))
}

fn write(template: &str, values: &[&StringArray], row: usize) -> Result<String> {
    let mut text = String::with_capacity(template.len());
    let mut characters = template.chars().peekable();
    let mut next = 0;
    while let Some(character) = characters.next() {
        if character != '%' {
            text.push(character);
            continue;
        }
        if characters.next_if_eq(&'%').is_some() {
            text.push('%');
            continue;
        }
        let place = Place::read(&mut characters)?;
        let index = place.position.unwrap_or(next);
        next = index + 1;
        let Some(values) = values.get(index) else {
            return Err(invalid("there are too few values for the places of the text"));
        };
        let value = values.is_valid(row).then(|| values.value(row));
        place.write(value, &mut text)?;
    }
    Ok(text)
}

/// A place for a value: `%1$-10s`.
struct Place {
    /// Which value, counted from zero.
    position: Option<usize>,
    width: usize,
    is_left: bool,
    kind: char,
}

impl Place {
    /// Reads what is behind the per cent sign.
    fn read(characters: &mut Peekable<Chars<'_>>) -> Result<Self> {
        let mut position = None;
        let mut is_left = characters.next_if_eq(&'-').is_some();
        let mut width = number(characters);
        if !is_left && width.is_some() && characters.next_if_eq(&'$').is_some() {
            let Some(index) = width.and_then(|width| width.checked_sub(1)) else {
                return Err(invalid("values are counted from 1, as in %1$s"));
            };
            position = Some(index);
            is_left = characters.next_if_eq(&'-').is_some();
            width = number(characters);
        }
        let width = width.unwrap_or(0);
        if width > WIDEST {
            return Err(invalid("the width of a place is at most 65536"));
        }
        match characters.next() {
            Some(kind @ ('s' | 'I' | 'L')) => Ok(Self { position, width, is_left, kind }),
            _ => Err(invalid("% is followed by s, I, L or %")),
        }
    }

    fn write(&self, value: Option<&str>, text: &mut String) -> Result<()> {
        let value: Cow<'_, str> = match (self.kind, value) {
            ('s', value) => value.unwrap_or_default().into(),
            ('L', value) => quote::nullable(value),
            (_, Some(name)) => quote::ident(name),
            (_, None) => {
                let error = Error::new(Code::InvalidParameter, "NULL is not the name of anything");
                return Err(external(error));
            }
        };
        let padding = self.width.saturating_sub(value.chars().count());
        let spaces = std::iter::repeat_n(' ', padding);
        if self.is_left {
            text.push_str(&value);
            text.extend(spaces);
        } else {
            text.extend(spaces);
            text.push_str(&value);
        }
        Ok(())
    }
}

fn number(characters: &mut Peekable<Chars<'_>>) -> Option<usize> {
    let mut number = None::<usize>;
    while let Some(digit) = characters.peek().and_then(|character| character.to_digit(10)) {
        characters.next();
        let digit = usize::try_from(digit).unwrap_or(0);
        number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(digit));
    }
    number
}

fn invalid(message: &str) -> DataFusionError {
    external(
        Error::new(Code::InvalidParameter, message)
            .with_hint("Type for example format('%s of %s', 1, 10), and %% for a per cent sign."),
    )
}
