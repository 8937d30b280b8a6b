//! Patterns of `SIMILAR TO` as regular expressions.
//!
//! The standard mixes the wildcards of `LIKE` with the operators of regular expressions, and means
//! the whole text: see
//! <https://www.postgresql.org/docs/current/functions-matching.html#FUNCTIONS-SIMILARTO-REGEXP>.

use datafusion::common::Result;

use super::like_pattern::lonely_escape;

/// Returns the regular expression that a pattern with an escape character stands for.
pub(super) fn regular_expression(pattern: &str, escape: Option<char>) -> Result<String> {
    let mut text = String::with_capacity(pattern.len() + 16);
    text.push_str("^(?s:");
    let mut characters = pattern.chars().peekable();
    let mut is_in_brackets = false;
    while let Some(character) = characters.next() {
        if Some(character) == escape {
            let Some(escaped) = characters.next() else { return Err(lonely_escape()) };
            push_literal(&mut text, escaped);
            continue;
        }
        match character {
            ']' if is_in_brackets => {
                is_in_brackets = false;
                text.push(']');
            }
            '[' if is_in_brackets && characters.peek() == Some(&':') => {
                // A class such as [:digit:] ends with brackets of its own.
                text.push('[');
                while let Some(inner) = characters.next() {
                    text.push(inner);
                    if inner == ':' && characters.peek() == Some(&']') {
                        text.extend(characters.next());
                        break;
                    }
                }
            }
            '^' | '-' if is_in_brackets => text.push(character),
            other if is_in_brackets => push_literal(&mut text, other),
            '[' => {
                is_in_brackets = true;
                text.push('[');
                if characters.peek() == Some(&'^') {
                    text.extend(characters.next());
                }
                if characters.peek() == Some(&']') {
                    characters.next();
                    text.push_str("\\]");
                }
            }
            '%' => text.push_str(".*"),
            '_' => text.push('.'),
            '(' => text.push_str("(?:"),
            ')' | '|' | '*' | '+' | '?' | '{' | '}' => text.push(character),
            other => push_literal(&mut text, other),
        }
    }
    text.push_str(")$");
    Ok(text)
}

/// Appends a character that stands for itself.
fn push_literal(text: &mut String, character: char) {
    if character.is_ascii_punctuation() {
        text.push('\\');
    }
    text.push(character);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_become_regular_expressions() {
        let cases = [
            ("(a|b)%", "^(?s:(?:a|b).*)$"),
            ("a_c", "^(?s:a.c)$"),
            ("1.5\\%", "^(?s:1\\.5\\%)$"),
            ("[a-c.]+", "^(?s:[a-c\\.]+)$"),
            ("[^]x]{2}", "^(?s:[^\\]x]{2})$"),
            ("[[:digit:]_]", "^(?s:[[:digit:]\\_])$"),
            ("$^\\\\", "^(?s:\\$\\^\\\\)$"),
        ];
        for (pattern, expected) in cases {
            assert_eq!(regular_expression(pattern, Some('\\')).unwrap(), expected, "{pattern}");
        }
        assert!(regular_expression("a\\", Some('\\')).is_err());
        assert_eq!(regular_expression("a\\", None).unwrap(), "^(?s:a\\\\)$");
    }
}
