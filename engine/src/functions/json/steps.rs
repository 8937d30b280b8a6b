//! Paths into JSON texts: `{a,0,b}` as `PostgreSQL` has them, `$.a[0].b` as others do.

use std::borrow::Cow;

use super::part::Step;
use crate::functions::items;

/// Returns the steps of an array literal such as `{a,0,"b c"}`, if it is one.
pub(super) fn of_array(text: &str) -> Option<Vec<Step<'static>>> {
    let steps = items(text)?.into_iter().map(|item| Step::Either(Cow::Owned(item.text)));
    Some(steps.collect())
}

/// Returns the steps of a path such as `$.a[0]."b c"`; a text without a dollar is the name of a
/// member.
pub(super) fn of_path(text: &str) -> Option<Vec<Step<'static>>> {
    let Some(mut rest) = text.strip_prefix('$') else {
        return Some(vec![Step::Member(Cow::Owned(text.to_owned()))]);
    };
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let step;
        if let Some(name) = rest.strip_prefix(".\"") {
            let (name, behind) = name.split_once('"')?;
            step = Step::Member(Cow::Owned(name.to_owned()));
            rest = behind;
        } else if let Some(name) = rest.strip_prefix('.') {
            let (name, behind) =
                name.split_at_checked(name.find(['.', '[']).unwrap_or(name.len()))?;
            if name.is_empty() || name == "*" {
                return None;
            }
            step = Step::Member(Cow::Owned(name.to_owned()));
            rest = behind;
        } else {
            let (place, behind) = rest.strip_prefix('[')?.split_once(']')?;
            step = Step::Element(place.strip_prefix('#').unwrap_or(place).trim().parse().ok()?);
            rest = behind;
        }
        steps.push(step);
    }
    Some(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn either(names: &[&'static str]) -> Vec<Step<'static>> {
        names.iter().map(|&name| Step::Either(Cow::Borrowed(name))).collect()
    }

    #[test]
    fn array_literals_are_read() {
        assert_eq!(of_array("{a, 0,b}"), Some(either(&["a", "0", "b"])));
        assert_eq!(of_array(r#"{"a,b","c\"d",e\,f}"#), Some(either(&["a,b", "c\"d", "e,f"])));
        assert_eq!(of_array("{}"), Some(either(&[])));
        for text in ["a", "{a", "{a,}", "{\"a}", "{a\\"] {
            assert_eq!(of_array(text), None, "{text}");
        }
    }

    #[test]
    fn paths_are_read() {
        let member = |name| Step::Member(Cow::Borrowed(name));
        assert_eq!(of_path("$"), Some(vec![]));
        assert_eq!(of_path("name"), Some(vec![member("name")]));
        let steps = vec![member("a"), Step::Element(0), member("b.c"), Step::Element(-1)];
        assert_eq!(of_path("$.a[0].\"b.c\"[#-1]"), Some(steps));
        for text in ["$a", "$.", "$.*", "$[a]", "$[0", "$.a.\"b"] {
            assert_eq!(of_path(text), None, "{text}");
        }
    }
}
