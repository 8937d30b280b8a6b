//! Which encoding the texts of a `.dbf` file have.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use oem_cp::code_table::DECODING_TABLE_CP_MAP;
use oem_cp::code_table_type::TableType;

use crate::FormatError;
use crate::options::invalid;

/// The encoding of texts.
#[derive(Debug, Clone, Copy)]
pub(super) enum TextEncoding {
    /// One that the web has, too.
    Web(&'static Encoding),
    /// A code page of DOS.
    Dos(&'static TableType),
    /// Nothing is said: UTF-8, and windows-1252 for what is none.
    Unknown,
}

impl TextEncoding {
    /// Returns the encoding of a name that a user gave.
    pub(super) fn named(name: &str) -> Result<Self, FormatError> {
        let reason = "it takes a name as UTF-8, windows-1252 or CP850";
        find(name).ok_or_else(|| invalid("encoding", name, reason))
    }

    /// Returns the encoding that a `.cpg` file names, if it names one. A name that is not known is
    /// an error, because any guess would change texts.
    pub(super) fn of_code_page(name: &str, path: &str) -> Result<Option<Self>, FormatError> {
        let name = trimmed(name);
        if name.is_empty() {
            return Ok(None);
        }
        let reason = || {
            format!(
                "the .cpg file of \"{path}\" names the encoding \"{name}\", which is not known; \
                 give the option encoding, as encoding => 'windows-1252'"
            )
        };
        let found = find(name).ok_or_else(|| FormatError::Unsupported { reason: reason() })?;
        Ok(Some(found))
    }

    /// Returns the encoding that the language driver of a `.dbf` file stands for.
    pub(super) fn of_driver(driver: u8) -> Self {
        driver_page(driver).and_then(page).unwrap_or(Self::Unknown)
    }

    /// Returns a text, nothing if it should be UTF-8 and is not. A character at its end that had no
    /// room any more does not matter.
    pub(super) fn try_decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        if let Self::Web(encoding) = self
            && encoding == UTF_8
            && let Err(error) = std::str::from_utf8(bytes)
            && error.error_len().is_some()
        {
            return None;
        }
        Some(self.decode(bytes))
    }

    /// Returns a text.
    pub(super) fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Web(encoding) => encoding.decode_without_bom_handling(bytes).0,
            Self::Dos(_) if bytes.is_ascii() => String::from_utf8_lossy(bytes),
            Self::Dos(table) => Cow::Owned(table.decode_string_lossy(bytes)),
            Self::Unknown => match std::str::from_utf8(bytes) {
                Ok(text) => Cow::Borrowed(text),
                Err(error) if is_cut(bytes, error) => String::from_utf8_lossy(bytes),
                Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
            },
        }
    }
}

/// Returns whether bytes are UTF-8 but for a character at their end that had no room any more.
fn is_cut(bytes: &[u8], error: std::str::Utf8Error) -> bool {
    let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
    error.error_len().is_none() && !before.is_ascii()
}

fn trimmed(name: &str) -> &str {
    name.trim_matches(|char: char| char.is_whitespace() || matches!(char, '\u{feff}' | '\0'))
}

/// Finds an encoding by its name, which programs spell in many ways: `1252`, `CP1252`, `ANSI 1252`,
/// `OEM 850`, `8859_1`, `LDID/87`.
fn find(name: &str) -> Option<TextEncoding> {
    let name = trimmed(name).to_ascii_lowercase();
    if let Some(driver) = name.strip_prefix("ldid/") {
        return driver_page(driver.parse().ok()?).and_then(page);
    }
    let mut number = name.as_str();
    for prefix in ["ansi", "oem", "msdos", "dos", "windows", "cp", "ibm", "iso"] {
        let rest = number.strip_prefix(prefix).unwrap_or(number);
        number = rest.trim_start_matches([' ', '_', '-']);
    }
    let digits: String = number.chars().filter(|char| !matches!(char, '-' | '_')).collect();
    let found = digits.parse().ok().and_then(page);
    found.or_else(|| Encoding::for_label(name.as_bytes()).map(TextEncoding::Web))
}

/// Returns the encoding of the number of a code page.
fn page(number: u32) -> Option<TextEncoding> {
    let label = match number {
        65001 => return Some(TextEncoding::Web(UTF_8)),
        866 => "ibm866".to_owned(),
        874 => "windows-874".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        1250..=1258 => format!("windows-{number}"),
        10000 => "macintosh".to_owned(),
        10007 => "x-mac-cyrillic".to_owned(),
        88591..=88599 => format!("iso-8859-{}", number - 88590),
        885_910..=885_916 => format!("iso-8859-{}", number - 885_900),
        _ => {
            let table =
                u16::try_from(number).ok().and_then(|page| DECODING_TABLE_CP_MAP.get(&page));
            return table.map(TextEncoding::Dos);
        }
    };
    Encoding::for_label(label.as_bytes()).map(TextEncoding::Web)
}

/// Returns the number of the code page that a language driver stands for.
fn driver_page(driver: u8) -> Option<u32> {
    Some(match driver {
        0x01 | 0x0b | 0x0d | 0x0f | 0x11 | 0x15 | 0x18 | 0x19 | 0x1b => 437,
        0x02 | 0x0a | 0x0e | 0x10 | 0x12 | 0x14 | 0x16 | 0x1a | 0x1d | 0x25 | 0x37 => 850,
        0x03 | 0x57 | 0x58 | 0x59 => 1252,
        0x04 => 10000,
        0x08 | 0x17 | 0x66 => 865,
        0x13 | 0x7b => 932,
        0x1c | 0x6c => 863,
        0x1f | 0x22 | 0x23 | 0x40 | 0x64 | 0x87 => 852,
        0x24 => 860,
        0x26 | 0x65 => 866,
        0x4d | 0x7a => 936,
        0x4e | 0x79 => 949,
        0x4f | 0x78 => 950,
        0x50 | 0x7c => 874,
        0x67 => 861,
        0x6a | 0x86 => 737,
        0x6b | 0x88 => 857,
        0x7d => 1255,
        0x7e => 1256,
        0x96 => 10007,
        0xc8 => 1250,
        0xc9 => 1251,
        0xca => 1254,
        0xcb => 1253,
        0xcc => 1257,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_pages_have_many_spellings() {
        for (name, bytes, expected) in [
            ("UTF-8", "é".as_bytes(), "é"),
            ("65001", "é".as_bytes(), "é"),
            ("ISO-8859-1", b"\xe9", "é"),
            ("iso8859_2", b"\xb1", "ą"),
            ("88591", b"\xe9", "é"),
            ("8859_15", b"\xa4", "€"),
            ("1251", b"\xe9", "й"),
            ("CP1250", b"\xb9", "ą"),
            ("ANSI 1252", b"\xe9", "é"),
            ("windows-874", b"\xa1", "ก"),
            ("874", b"\xa1", "ก"),
            ("Big5\r\n", b"\xa4\xa4", "中"),
            ("437", b"K\x94ln \xe2", "Köln Γ"),
            ("CP850", b"K\x94ln \xe2", "Köln Ô"),
            ("ibm852", b"\x9f", "č"),
            ("OEM 737", b"\x80", "Α"),
            ("cp775", b"\x80", "Ć"),
            ("857", b"\x98", "İ"),
            ("865", b"\x9b", "ø"),
            ("LDID/87", b"\xe9", "é"),
        ] {
            let encoding = TextEncoding::named(name).unwrap();
            assert_eq!(encoding.decode(bytes), expected, "{name}");
        }
        assert!(TextEncoding::named("klingon").is_err());
        let error = TextEncoding::of_code_page("klingon", "a.shp").unwrap_err().to_string();
        assert!(error.contains("\"klingon\"") && error.contains("encoding =>"), "{error}");
    }

    #[test]
    fn what_should_be_utf_8_is_not_changed() {
        let named =
            |name, bytes: &'static [u8]| TextEncoding::named(name).unwrap().try_decode(bytes);
        assert_eq!(named("UTF-8", b"K\xc3\xb6ln").unwrap(), "Köln");
        assert_eq!(named("UTF-8", b"K\xf6ln"), None);
        assert_eq!(named("UTF-8", b"K\xc3").unwrap(), "K\u{fffd}");
        assert_eq!(named("windows-1252", b"K\xf6ln").unwrap(), "Köln");
        assert_eq!(TextEncoding::Unknown.try_decode(b"K\xf6ln").unwrap(), "Köln");
    }

    #[test]
    fn files_say_their_encoding_or_it_is_guessed() {
        let decoded = |code_page: Option<&str>, driver, bytes: &'static [u8]| {
            let named = TextEncoding::of_code_page(code_page.unwrap_or_default(), "a.shp").unwrap();
            named.unwrap_or(TextEncoding::of_driver(driver)).decode(bytes).into_owned()
        };
        assert_eq!(decoded(None, 0x57, b"\xe9"), "é");
        assert_eq!(decoded(None, 0x01, b"K\x94ln \xe2"), "Köln Γ");
        assert_eq!(decoded(None, 0x02, b"K\x94ln \xe2"), "Köln Ô");
        assert_eq!(decoded(None, 0x7d, b"\xe0"), "א");
        assert_eq!(decoded(None, 0x7e, b"\xe3"), "م");
        assert_eq!(decoded(Some("UTF-8\n"), 0x57, "é".as_bytes()), "é");
        assert_eq!(decoded(Some(" \n"), 0x57, b"\xe9"), "é");
        assert_eq!(decoded(None, 0, "Köln".as_bytes()), "Köln");
        assert_eq!(decoded(None, 0, b"K\xf6ln"), "Köln");
        // A value that was cut within a character is still UTF-8.
        assert_eq!(decoded(None, 0, b"K\xc3\xb6ln \xc3"), "Köln \u{fffd}");
        assert_eq!(decoded(None, 0, b"caf\xe9"), "café");
    }
}
