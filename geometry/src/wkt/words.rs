//! The words of WKT: names of kinds, tags of dimensions, numbers that are not digits.

use crate::{Dimension, Kind};

/// Returns the dimension of positions with a number of ordinates and no tag.
pub(super) fn implied_dimension(count: usize) -> Dimension {
    match count {
        0..=2 => Dimension::Xy,
        3 => Dimension::Xyz,
        _ => Dimension::Xyzm,
    }
}

/// Splits `POINTZM` into the name and the dimension.
pub(super) fn split_tag(word: &[u8]) -> (&[u8], Option<Dimension>) {
    if Kind::ALL.into_iter().any(|kind| is_name(word, kind)) {
        return (word, None);
    }
    for length in [2, 1] {
        let Some(middle) = word.len().checked_sub(length) else { continue };
        let (name, tag) = word.split_at(middle);
        if let Some(dimension) = dimension_tag(tag) {
            return (name, Some(dimension));
        }
    }
    (word, None)
}

/// Returns what stands before `EMPTY` in a word that ends with it; all of another word.
pub(super) fn without_empty(word: &[u8]) -> &[u8] {
    match word.len().checked_sub(b"EMPTY".len()).map(|length| word.split_at(length)) {
        Some((name, end)) if !name.is_empty() && end.eq_ignore_ascii_case(b"EMPTY") => name,
        _ => word,
    }
}

pub(super) fn dimension_tag(word: &[u8]) -> Option<Dimension> {
    match word {
        [b'z' | b'Z'] => Some(Dimension::Xyz),
        [b'm' | b'M'] => Some(Dimension::Xym),
        [b'z' | b'Z', b'm' | b'M'] => Some(Dimension::Xyzm),
        _ => None,
    }
}

pub(super) fn is_name(word: &[u8], kind: Kind) -> bool {
    word.eq_ignore_ascii_case(kind.wkt_name().as_bytes())
}

/// Reads `NaN`, `Inf` or `Infinity` with an optional sign.
pub(super) fn special_number(bytes: &[u8]) -> Option<(f64, usize)> {
    let (is_negative, sign) = match bytes.first()? {
        b'-' => (true, 1),
        b'+' => (false, 1),
        b'n' | b'N' | b'i' | b'I' => (false, 0),
        _ => return None,
    };
    let word = bytes.get(sign..)?;
    let letters = word.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let word = word.get(..letters)?;
    let value = if word.eq_ignore_ascii_case(b"nan") {
        f64::NAN
    } else if word.eq_ignore_ascii_case(b"inf") || word.eq_ignore_ascii_case(b"infinity") {
        f64::INFINITY
    } else {
        return None;
    };
    Some((if is_negative { -value } else { value }, sign + letters))
}
