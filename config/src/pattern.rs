//! Names with a wildcard, as rules of certificates and grants have them.

/// Returns whether a name fits a pattern, in which `*` stands for any text.
pub fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else {
        return false;
    };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, name) in [
            ("ada", "ada"),
            ("*", ""),
            ("*", "anything"),
            ("*.example.org", "maps.example.org"),
            ("spiffe://a/*/sa/*", "spiffe://a/ns/b/sa/c"),
            ("a*a", "aa"),
            ("a**b", "ab"),
        ] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("", "a"),
            ("ada", "adam"),
            ("*.example.org", "example.org"),
            ("a*a", "a"),
            ("a*b*c", "acb"),
            ("ada*", "nada"),
        ] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }
}
