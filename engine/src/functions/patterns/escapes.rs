//! Escapes of regular expressions that `PostgreSQL` spells otherwise than the engine below: borders
//! of words and the end of a text.
//! <https://www.postgresql.org/docs/current/functions-matching.html#POSIX-ESCAPE-SEQUENCES>

/// Returns a regular expression with the escapes that the engine below knows; nothing if they are
/// those already.
pub(crate) fn known_escapes(pattern: &str) -> Option<String> {
    let known = |letter| {
        Some(match letter {
            'm' => r"\b{start}",
            'M' => r"\b{end}",
            'y' => r"\b",
            'Y' => r"\B",
            'Z' => r"\z",
            _ => return None,
        })
    };
    let mut text = String::with_capacity(pattern.len());
    let mut has_changed = false;
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        let Some(letter) = characters.next() else {
            text.push(character);
            break;
        };
        if let Some(escape) = known(letter) {
            text.push_str(escape);
            has_changed = true;
        } else {
            text.extend([character, letter]);
        }
    }
    has_changed.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::known_escapes;

    #[test]
    fn borders_are_spelled_otherwise() {
        assert_eq!(known_escapes(r"\mfoo\M").as_deref(), Some(r"\b{start}foo\b{end}"));
        assert_eq!(known_escapes(r"\yfoo\Z").as_deref(), Some(r"\bfoo\z"));
        assert_eq!(known_escapes(r"\\m\d").as_deref(), None);
        assert_eq!(known_escapes("a\\").as_deref(), None);
    }
}
