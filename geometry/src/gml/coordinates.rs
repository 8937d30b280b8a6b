//! The coordinates of GML: `pos`, `posList`, `coordinates` and `coord`.

use super::invalid;
use crate::number::read_prefix;
use crate::xml::Element;
use crate::{Coord, GeometryError};

/// Reads the numbers of a `pos`: one position.
pub(super) fn pos(element: Element<'_>) -> Result<Coord, GeometryError> {
    let numbers = numbers(element)?;
    let dimension = dimension(element)?;
    if numbers.len() != dimension {
        return Err(invalid(format!("a pos of {} numbers has {}", dimension, numbers.len())));
    }
    position(&numbers)
}

/// Reads the numbers of a `posList`: positions one after the other.
pub(super) fn pos_list(element: Element<'_>) -> Result<Vec<Coord>, GeometryError> {
    let numbers = numbers(element)?;
    let dimension = dimension(element)?;
    if !numbers.len().is_multiple_of(dimension) {
        let reason = format!("a posList of {} numbers a position has {}", dimension, numbers.len());
        return Err(invalid(reason));
    }
    numbers.chunks_exact(dimension).map(position).collect()
}

/// Reads `coordinates`: tuples of numbers, with separators of one's own choice.
pub(super) fn tuples(element: Element<'_>) -> Result<Vec<Coord>, GeometryError> {
    let between_tuples = separator(element, "ts", ' ')?;
    let between_numbers = separator(element, "cs", ',')?;
    let decimal = separator(element, "decimal", '.')?;
    if between_tuples == between_numbers || between_tuples == decimal || between_numbers == decimal
    {
        return Err(invalid("two separators of coordinates are the same"));
    }
    let mut coords = Vec::new();
    for tuple in split(element.text().trim(), between_tuples) {
        if tuple.is_empty() {
            continue;
        }
        let mut numbers = Vec::with_capacity(3);
        for word in split(tuple, between_numbers) {
            numbers.push(number(&word.replace(decimal, "."))?);
        }
        coords.push(position(&numbers)?);
    }
    Ok(coords)
}

/// Reads a `coord`: one element an ordinate.
pub(super) fn coord<'a>(
    children: impl Iterator<Item = Element<'a>>,
) -> Result<Coord, GeometryError> {
    let mut ordinates = [None; 3];
    for child in children {
        let Some(index) = ["X", "Y", "Z"].iter().position(|name| *name == child.name()) else {
            continue;
        };
        if ordinates[index].is_some() {
            return Err(invalid(format!("a coord has {} twice", child.name())));
        }
        ordinates[index] = Some(number(child.text().trim())?);
    }
    let [Some(x), Some(y), z] = ordinates else {
        return Err(invalid("a coord must have X and Y"));
    };
    Ok(Coord::xyz(x, y, z.unwrap_or(f64::NAN)))
}

fn numbers(element: Element<'_>) -> Result<Vec<f64>, GeometryError> {
    element.text().split_ascii_whitespace().map(number).collect()
}

fn position(numbers: &[f64]) -> Result<Coord, GeometryError> {
    match *numbers {
        [x, y] => Ok(Coord::xy(x, y)),
        [x, y, z] => Ok(Coord::xyz(x, y, z)),
        _ => Err(invalid(format!("a position has {} numbers", numbers.len()))),
    }
}

/// Returns how many numbers a position has.
fn dimension(element: Element<'_>) -> Result<usize, GeometryError> {
    let written = element.attribute("srsDimension").or_else(|| element.attribute("dimension"));
    match written.map(str::trim) {
        None | Some("2") => Ok(2),
        Some("3") => Ok(3),
        Some(other) => Err(invalid(format!("the dimension \"{other}\" is neither 2 nor 3"))),
    }
}

fn separator(element: Element<'_>, name: &str, default: char) -> Result<char, GeometryError> {
    let Some(written) = element.attribute(name) else {
        return Ok(default);
    };
    let mut characters = written.chars();
    match (characters.next(), characters.next()) {
        (Some(separator), None) if !separator.is_ascii_digit() => Ok(separator),
        _ => Err(invalid(format!("\"{written}\" cannot be the separator {name}"))),
    }
}

/// Returns the parts of a text; white space separates however much of it there is.
fn split(text: &str, separator: char) -> Vec<&str> {
    if separator.is_ascii_whitespace() {
        return text.split_ascii_whitespace().collect();
    }
    text.split(separator).map(str::trim_ascii_end).collect()
}

/// Reads a number: digits with at most one point behind the first, an exponent with digits.
fn number(word: &str) -> Result<f64, GeometryError> {
    let unsigned = word.strip_prefix(['-', '+']).unwrap_or(word);
    let starts_well = unsigned.starts_with(|first: char| first.is_ascii_digit());
    match read_prefix(word.as_bytes()) {
        Some((value, length)) if starts_well && length == word.len() => Ok(value),
        _ => Err(invalid(format!("\"{word}\" is not a number"))),
    }
}
