//! `LIKE` patterns of metadata requests.

/// Returns whether a name matches a pattern of `%`, `_` and `\` as escape, whatever its case.
pub(crate) fn is_like(name: &str, pattern: &str) -> bool {
    let name: Vec<char> = name.to_lowercase().chars().collect();
    let pattern = tokens(&pattern.to_lowercase());
    let (mut at, mut wanted) = (0, 0);
    // Where to try again when the characters after the last `%` do not fit.
    let mut retry: Option<(usize, usize)> = None;
    while let Some(&character) = name.get(at) {
        match pattern.get(wanted) {
            Some(Token::Any) => {
                wanted += 1;
                retry = Some((wanted, at));
            }
            Some(Token::One) => {
                at += 1;
                wanted += 1;
            }
            Some(Token::Exactly(expected)) if *expected == character => {
                at += 1;
                wanted += 1;
            }
            _ => match retry {
                Some((after, from)) => {
                    wanted = after;
                    at = from + 1;
                    retry = Some((after, from + 1));
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(wanted).all(|token| matches!(token, Token::Any))
}

enum Token {
    Any,
    One,
    Exactly(char),
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut characters = pattern.chars();
    let mut tokens = Vec::new();
    while let Some(character) = characters.next() {
        tokens.push(match character {
            '%' => Token::Any,
            '_' => Token::One,
            '\\' => Token::Exactly(characters.next().unwrap_or('\\')),
            other => Token::Exactly(other),
        });
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::is_like;

    #[test]
    fn patterns_match_as_in_sql() {
        assert!(is_like("cities", "%"));
        assert!(is_like("cities", "c%s"));
        assert!(is_like("Cities", "cit_es"));
        assert!(is_like("a_b", "a\\_b"));
        assert!(!is_like("axb", "a\\_b"));
        assert!(!is_like("cities", "city"));
        assert!(is_like("ababab", "%ab"));
        assert!(is_like("", "%"));
        assert!(!is_like("a", ""));
    }
}
