//! What a literal without a type is taken for: `ST_MakePoint('NaN', '1.5')`.
//!
//! A text in quotes has no type of its own in `PostgreSQL`; where a function takes no text, it is
//! read as what the function takes. A column of texts stays text.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::function::{Argument, Type};
use crate::functions::{AGGREGATES, RECORD_AGGREGATES, SCALARS, WINDOWS};

/// What a text in quotes is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Untyped {
    /// A double.
    Float,
    /// A whole number.
    Integer,
    /// Bytes.
    Binary,
}

/// Where an argument stands in a call.
#[derive(Debug, Clone, Copy)]
pub enum Place<'a> {
    /// Counted from 0.
    Index(usize),
    /// By `name => value`.
    Name(&'a str),
}

/// The argument lists of every function by its names, in lower case.
static LISTS: LazyLock<HashMap<String, Vec<&'static [Argument]>>> = LazyLock::new(|| {
    let mut lists: HashMap<String, Vec<&'static [Argument]>> = HashMap::new();
    for function in SCALARS.iter().flat_map(|category| category.iter()).chain(WINDOWS) {
        for name in function.aliases.iter().chain([&function.title]) {
            let known = lists.entry(name.to_ascii_lowercase()).or_default();
            known.extend(function.all_overloads().map(|overload| overload.arguments));
        }
    }
    for aggregate in AGGREGATES {
        for name in aggregate.aliases.iter().chain([&aggregate.title]) {
            lists.entry(name.to_ascii_lowercase()).or_default().push(aggregate.arguments);
        }
    }
    for aggregate in RECORD_AGGREGATES {
        lists.insert(aggregate.title.to_ascii_lowercase(), vec![aggregate.arguments]);
    }
    lists
});

/// Returns what a text in quotes is read as at a place of a call, unless the function may want it
/// as it is.
pub fn untyped_literal(name: &str, argument_count: usize, place: Place<'_>) -> Option<Untyped> {
    let mut found = None;
    for list in LISTS.get(name)? {
        let required = list.iter().filter(|argument| !argument.optional).count();
        if !(required..=list.len()).contains(&argument_count) {
            continue;
        }
        let argument = match place {
            Place::Index(index) => list.get(index),
            Place::Name(name) => list.iter().find(|argument| argument.name == name),
        };
        let read_as = match argument?.kind {
            Type::Float64 => Untyped::Float,
            Type::Int64 => Untyped::Integer,
            Type::Binary => Untyped::Binary,
            _ => return None,
        };
        match found {
            Some(other) if other != read_as => return None,
            _ => found = Some(read_as),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_texts_where_one_is_wanted() {
        let at = |name, count, index| untyped_literal(name, count, Place::Index(index));
        assert_eq!(at("st_makepoint", 2, 0), Some(Untyped::Float));
        assert_eq!(at("st_pointn", 2, 1), Some(Untyped::Integer));
        assert_eq!(at("st_geomfromwkb", 2, 0), Some(Untyped::Binary));
        assert_eq!(at("st_geomfromtext", 2, 0), None);
        assert_eq!(at("st_buffer", 3, 2), None);
        assert_eq!(at("st_pointn", 7, 1), None);
        assert_eq!(at("abs", 1, 0), None);
        assert_eq!(
            untyped_literal("st_geohash", 2, Place::Name("maxchars")),
            at("st_geohash", 2, 1)
        );
    }
}
