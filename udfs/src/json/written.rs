//! Texts as JSON.

use std::fmt::Write as _;

/// Writes a text with quotes around it.
pub fn write_string(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some((plain, behind)) = rest.find(is_special).and_then(|at| rest.split_at_checked(at))
    {
        out.push_str(plain);
        let mut characters = behind.chars();
        if let Some(character) = characters.next() {
            write_special(character, out);
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

fn is_special(character: char) -> bool {
    matches!(character, '"' | '\\' | '\0'..='\x1f')
}

fn write_special(character: char, out: &mut String) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\x08' => out.push_str("\\b"),
        '\x0c' => out.push_str("\\f"),
        other => {
            // Writing to a text cannot fail.
            let _ = write!(out, "\\u{:04x}", u32::from(other));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::write_string;

    #[test]
    fn only_what_json_forbids_is_escaped() {
        let mut text = String::new();
        write_string("a\"b\\c/\u{e4}\n\t\u{1}\u{8}\u{7f}", &mut text);
        assert_eq!(text, "\"a\\\"b\\\\c/\u{e4}\\n\\t\\u0001\\b\u{7f}\"");
    }
}
