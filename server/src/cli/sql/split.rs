//! Splits a script into statements at the semicolons that are not inside quotes or comments.

/// Returns the statements of a script without their semicolons; empty ones are left out.
pub(super) fn statements(script: &str) -> Vec<&str> {
    let bytes = script.as_bytes();
    let mut statements = Vec::new();
    let mut start = 0;
    let mut has_code = false;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let next = bytes.get(at + 1);
        at = match (byte, next) {
            (b';', _) => {
                if has_code {
                    statements.push(slice(script, start, at));
                }
                (start, has_code) = (at + 1, false);
                at + 1
            }
            (b'-', Some(b'-')) => skip_past(script, at, "\n"),
            (b'/', Some(b'*')) => skip_comment(bytes, at),
            (quote @ (b'\'' | b'"'), _) => {
                has_code = true;
                // A doubled quote ends one text and begins the next, which comes to the same.
                skip_past(script, at + 1, if *quote == b'"' { "\"" } else { "'" })
            }
            (b'$', _) => {
                has_code = true;
                match dollar_tag(script, at) {
                    Some(tag) => skip_past(script, at + tag.len(), tag),
                    None => at + 1,
                }
            }
            (byte, _) => {
                has_code |= !byte.is_ascii_whitespace();
                at + 1
            }
        };
    }
    if has_code {
        statements.push(slice(script, start, bytes.len()));
    }
    statements
}

fn slice(script: &str, start: usize, end: usize) -> &str {
    script.get(start..end).unwrap_or_default().trim()
}

/// Returns the position behind the next `end`, or the end of the script.
fn skip_past(script: &str, from: usize, end: &str) -> usize {
    let rest = script.get(from..).unwrap_or_default();
    rest.find(end).map_or(script.len(), |found| from + found + end.len())
}

/// Returns the position behind a comment; comments nest.
fn skip_comment(bytes: &[u8], from: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = from;
    while let (Some(byte), Some(next)) = (bytes.get(at), bytes.get(at + 1)) {
        match (byte, next) {
            (b'/', b'*') => depth += 1,
            (b'*', b'/') => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    bytes.len()
}

/// Returns the `$tag$` that begins a dollar-quoted text; `$1` is a parameter.
fn dollar_tag(script: &str, at: usize) -> Option<&str> {
    let rest = script.get(at + 1..)?;
    let length = rest.find('$')?;
    let name = rest.get(..length)?;
    let is_name = name.chars().all(|character| character.is_alphanumeric() || character == '_')
        && !name.starts_with(|character: char| character.is_ascii_digit());
    if is_name { script.get(at..at + length + 2) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn semicolons_split() {
        assert_eq!(statements("SELECT 1; SELECT 2 ;\n"), ["SELECT 1", "SELECT 2"]);
        assert_eq!(statements("SELECT 1"), ["SELECT 1"]);
        assert!(statements(" ;; -- nothing\n; /* ; */").is_empty());
    }

    #[test]
    fn quoted_semicolons_do_not() {
        for script in [
            "SELECT ';'",
            "SELECT 'it''s; fine'",
            "SELECT \"a;b\" FROM t",
            "SELECT $$a;b$$",
            "SELECT $tag$a;$$;b$tag$",
            "SELECT 1 -- no; not here\n+ 1",
            "SELECT /* a; /* nested; */ b; */ 1",
            "SELECT 'unfinished; text",
            "SELECT '\u{e9};\u{e9}'",
        ] {
            assert_eq!(statements(script), [script]);
        }
        assert_eq!(statements("SELECT $1; SELECT $2"), ["SELECT $1", "SELECT $2"]);
        assert_eq!(statements("-- first\nSELECT 1;"), ["-- first\nSELECT 1"]);
    }

    #[test]
    fn any_text_is_taken() {
        for script in ["'", "\"", "$", "$a$", "/*", "/**", "--", "\u{e9}$\u{e9}$;", "*/;"] {
            let _ = statements(script);
        }
    }
}
