//! Where the values of a call with named arguments belong.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::function::Argument;
use crate::functions::{AGGREGATES, RECORD_AGGREGATES, SCALARS, WINDOWS};

/// What stands at a place of an argument list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// The value at this position of the call.
    Given(usize),
    /// This SQL, because the call leaves the argument out.
    Default(&'static str),
}

type Lists = Vec<&'static [Argument]>;

static LISTS: LazyLock<HashMap<String, Lists>> = LazyLock::new(|| {
    let mut lists = HashMap::new();
    let mut add = |title: &str, aliases: &[&str], arguments: Lists| {
        for name in aliases.iter().chain([&title]) {
            lists.insert(name.to_ascii_lowercase(), arguments.clone());
        }
    };
    let scalars = SCALARS.iter().flat_map(|category| category.iter());
    for function in scalars.chain(WINDOWS.iter()) {
        let arguments = function.all_overloads().map(|overload| overload.arguments);
        add(function.title, function.aliases, arguments.collect());
    }
    for aggregate in AGGREGATES {
        add(aggregate.title, aggregate.aliases, vec![aggregate.arguments]);
    }
    for aggregate in RECORD_AGGREGATES {
        add(aggregate.title, &[], vec![aggregate.arguments]);
    }
    lists
});

/// Returns what stands at each place of the argument list that a call means, given the name of
/// each of its values, in lower case, or nothing for those without.
///
/// There is none when the function (in lower case) is not one of ours, when it has no list with
/// such names, or when an argument without a default is left out before another.
pub fn fill(function: &str, names: &[Option<&str>]) -> Option<Vec<Filled>> {
    LISTS.get(function)?.iter().find_map(|list| fill_list(list, names))
}

fn fill_list(list: &[Argument], names: &[Option<&str>]) -> Option<Vec<Filled>> {
    let mut places = vec![None; list.len()];
    for (position, name) in names.iter().enumerate() {
        let place = match name {
            Some(name) => list.iter().position(|argument| argument.name == *name)?,
            None => position,
        };
        if places.get_mut(place)?.replace(Filled::Given(position)).is_some() {
            return None;
        }
    }
    let count = places.iter().rposition(Option::is_some)? + 1;
    if list.iter().skip(count).any(|argument| !argument.optional) {
        return None;
    }
    let filled = places.into_iter().zip(list).take(count);
    filled.map(|(place, argument)| place.or(argument.default.map(Filled::Default))).collect()
}

#[cfg(test)]
mod tests {
    use super::Filled::{Default, Given};
    use super::*;

    #[test]
    fn gaps_are_filled() {
        let names = [None, None, Some("clip_geom"), Some("extent")];
        let filled = vec![Given(0), Given(1), Given(3), Default("256"), Given(2)];
        assert_eq!(fill("st_asmvtgeom", &names), Some(filled));
        assert_eq!(fill("st_point", &[Some("y"), Some("x")]), Some(vec![Given(1), Given(0)]));
    }

    #[test]
    fn calls_that_mean_no_list_are_left() {
        for (function, names) in [
            ("st_asmvtgeom", &[None, None, Some("buffers")][..]),
            ("st_asmvtgeom", &[None, Some("extent")]),
            ("st_asmvtgeom", &[None, None, Some("bounds")]),
            ("st_point", &[Some("x")]),
            ("abs", &[Some("x")]),
        ] {
            assert_eq!(fill(function, names), None, "{function} {names:?}");
        }
    }

    #[test]
    fn arguments_after_a_default_may_be_left_out() {
        for (function, lists) in LISTS.iter() {
            for list in lists {
                let first = list.iter().position(|argument| argument.default.is_some());
                let mut rest = list.iter().skip(first.unwrap_or(list.len()));
                assert!(rest.all(|argument| argument.optional), "{function}");
            }
        }
    }
}
