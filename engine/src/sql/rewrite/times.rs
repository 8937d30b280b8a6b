//! Times of ISO 8601 without colons, `TIME '040506'`, which the cast below would take for a number
//! of microseconds.

use sqlparser::ast::{DataType, Expr, TypedString, Value};

use crate::error::{Code, Error};

/// Gives a literal time its colons.
pub(super) fn rewrite(expr: &mut Expr) -> Result<(), Error> {
    let literal = match expr {
        Expr::TypedString(TypedString { data_type: DataType::Time(..), value, .. }) => value,
        Expr::Cast { data_type: DataType::Time(..), expr: value, .. } => match value.as_mut() {
            Expr::Value(value) => value,
            _ => return Ok(()),
        },
        _ => return Ok(()),
    };
    if let Value::SingleQuotedString(text) = &mut literal.value
        && let Some(time) = with_colons(text)?
    {
        *text = time;
    }
    Ok(())
}

/// Returns the time that only digits and a fraction are; nothing for any other text.
fn with_colons(text: &str) -> Result<Option<String>, Error> {
    let trimmed = text.trim();
    let (digits, fraction) = match trimmed.find('.') {
        Some(point) => trimmed.split_at(point),
        None => (trimmed, ""),
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_fraction = fraction.strip_prefix('.').is_none_or(is_number);
    let digits = digits.strip_prefix(['-', '+']).unwrap_or(digits);
    if !is_number(digits) || !is_fraction {
        return Ok(None);
    }
    let mut pairs = digits.as_bytes().chunks(2).filter_map(|pair| std::str::from_utf8(pair).ok());
    let parts = (pairs.next(), pairs.next(), pairs.next());
    let time = match (digits.len(), parts) {
        (4, (Some(hour), Some(minute), _)) if fraction.is_empty() => {
            format!("{hour}:{minute}:00")
        }
        (6, (Some(hour), Some(minute), Some(second))) => {
            format!("{hour}:{minute}:{second}{fraction}")
        }
        _ => {
            return Err(Error::new(Code::InvalidText, format!("\"{text}\" is not a time"))
                .with_hint("Type it as '04:05:06' or '040506'."));
        }
    };
    Ok(Some(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_become_times() {
        let time = |text| with_colons(text).unwrap();
        assert_eq!(time("040506").as_deref(), Some("04:05:06"));
        assert_eq!(time(" 040506.789").as_deref(), Some("04:05:06.789"));
        assert_eq!(time("0405").as_deref(), Some("04:05:00"));
        for other in ["04:05", "noon", "", "04:05:06.7", "040506.x"] {
            assert_eq!(time(other), None, "{other}");
        }
        for wrong in ["5", "40506", "0405067", "0405.5", "-14706000000"] {
            assert!(with_colons(wrong).is_err(), "{wrong}");
        }
    }
}
