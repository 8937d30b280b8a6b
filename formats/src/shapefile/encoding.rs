//! Which encoding the texts of a `.dbf` file have.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::FormatError;
use crate::options::invalid;

/// Returns the encoding of a name, as users and `.cpg` files write it.
pub(super) fn named(name: &str) -> Result<&'static Encoding, FormatError> {
    find(name).ok_or_else(|| invalid("encoding", name, "it takes a name as UTF-8 or windows-1252"))
}

/// Returns the encoding of a file: as its `.cpg` file says, else as the `.dbf` file itself says.
pub(super) fn of_file(code_page: Option<&str>, driver: u8) -> &'static Encoding {
    code_page.and_then(find).or_else(|| of_driver(driver)).unwrap_or(UTF_8)
}

fn find(name: &str) -> Option<&'static Encoding> {
    let name = name.trim().trim_start_matches('\u{feff}').to_ascii_lowercase();
    let page = name.trim_start_matches("ansi").trim_start_matches([' ', '_']).trim();
    match page.strip_prefix("cp").unwrap_or(page) {
        "65001" => Some(UTF_8),
        "88591" | "8859-1" | "8859_1" => Some(WINDOWS_1252),
        "932" => Encoding::for_label(b"shift_jis"),
        "936" => Encoding::for_label(b"gbk"),
        "949" => Encoding::for_label(b"euc-kr"),
        "950" => Encoding::for_label(b"big5"),
        number if number.len() == 4 && number.starts_with("125") => {
            Encoding::for_label(format!("windows-{number}").as_bytes())
        }
        "866" => Encoding::for_label(b"ibm866"),
        _ => Encoding::for_label(name.as_bytes()),
    }
}

/// Returns the encoding that the language driver of a `.dbf` file stands for.
fn of_driver(driver: u8) -> Option<&'static Encoding> {
    let label: &[u8] = match driver {
        0x03 | 0x57 | 0x58 | 0x59 => b"windows-1252",
        0x26 | 0x65 => b"ibm866",
        0x13 | 0x7b => b"shift_jis",
        0x4d | 0x7a => b"gbk",
        0x4e | 0x79 => b"euc-kr",
        0x4f | 0x78 => b"big5",
        0x50 | 0x7c => b"windows-874",
        0xc8 => b"windows-1250",
        0xc9 => b"windows-1251",
        0xca => b"windows-1254",
        0xcb => b"windows-1253",
        0xcc => b"windows-1257",
        _ => return None,
    };
    Encoding::for_label(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_pages_have_many_spellings() {
        for (name, expected) in [
            ("UTF-8", "UTF-8"),
            ("65001", "UTF-8"),
            ("ISO-8859-1", "windows-1252"),
            ("88591", "windows-1252"),
            ("1251", "windows-1251"),
            ("CP1250", "windows-1250"),
            ("ANSI 1252", "windows-1252"),
            ("Big5\r\n", "Big5"),
        ] {
            assert_eq!(named(name).unwrap().name(), expected, "{name}");
        }
        assert!(named("klingon").is_err());
        assert_eq!(of_file(None, 0x57).name(), "windows-1252");
        assert_eq!(of_file(Some("UTF-8"), 0x57).name(), "UTF-8");
        assert_eq!(of_file(None, 0).name(), "UTF-8");
    }
}
