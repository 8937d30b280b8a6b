//! Texts in the spellings of the standard, as the plain texts they mean: `N'..'`, `U&'..'` with
//! `UESCAPE`, and literals that go on in the next line.

use sqlparser::tokenizer::{Span, Token, TokenWithSpan, Whitespace};

use crate::error::{Code, Error, Position};

/// Returns the tokens with one plain literal for each text.
pub(super) fn plain(tokens: &[TokenWithSpan]) -> Result<Vec<TokenWithSpan>, Error> {
    let mut plain = Vec::with_capacity(tokens.len());
    let mut rest = tokens;
    while let Some(first) = rest.first() {
        let (token, length) = match unicode(rest)? {
            Some(found) => found,
            None => (simple(first)?, 1),
        };
        let (token, length) = continued(token, rest, length);
        let end = rest.get(length - 1).map_or(first.span.end, |last| last.span.end);
        plain.push(TokenWithSpan { token, span: Span::new(first.span.start, end) });
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(plain)
}

/// Returns a token as it is, or as the plain literal that it means.
fn simple(token: &TokenWithSpan) -> Result<Token, Error> {
    match &token.token {
        Token::NationalStringLiteral(text) => Ok(Token::SingleQuotedString(text.clone())),
        Token::SingleQuotedByteStringLiteral(_) => {
            Err(Error::unsupported("strings of bits are not supported")
                .with_hint("Type X'0F' for bytes, or a text of 0 and 1.")
                .with_position(position(token)))
        }
        other => Ok(other.clone()),
    }
}

/// Returns the text or name that `U&'..'` or `U&".."` at the beginning of the tokens means, and of
/// how many tokens it is made.
fn unicode(tokens: &[TokenWithSpan]) -> Result<Option<(Token, usize)>, Error> {
    let [first, ampersand, quoted, behind @ ..] = tokens else { return Ok(None) };
    let is_prefix = matches!(&first.token, Token::Word(word)
        if word.quote_style.is_none() && word.value.eq_ignore_ascii_case("u"));
    if !is_prefix || ampersand.token != Token::Ampersand {
        return Ok(None);
    }
    let (mut token, length) =
        continued(quoted.token.clone(), tokens.get(2..).unwrap_or_default(), 1);
    let text = match &mut token {
        Token::SingleQuotedString(text) => text,
        Token::Word(word) if word.quote_style == Some('"') => &mut word.value,
        _ => return Ok(None),
    };
    let (escape, escape_length) =
        escape_character(behind.get(length - 1..).unwrap_or_default())?.unwrap_or(('\\', 0));
    *text = unescaped(text, escape).map_err(|error| error.with_position(position(quoted)))?;
    Ok(Some((token, 2 + length + escape_length)))
}

/// Returns the character of `UESCAPE '.'` at the beginning of the tokens, and how many tokens that
/// are.
fn escape_character(tokens: &[TokenWithSpan]) -> Result<Option<(char, usize)>, Error> {
    let mut words = tokens.iter().enumerate().filter(|(_, token)| !is_space(token));
    match words.next() {
        Some((_, TokenWithSpan { token: Token::Word(word), .. }))
            if word.quote_style.is_none() && word.value.eq_ignore_ascii_case("uescape") => {}
        _ => return Ok(None),
    }
    let character = words.next().and_then(|(place, token)| match &token.token {
        Token::SingleQuotedString(text) => {
            let mut characters = text.chars();
            Some((characters.next().filter(|_| characters.next().is_none())?, place + 1))
        }
        _ => None,
    });
    let is_usable = |(character, _): &(char, usize)| {
        !character.is_ascii_hexdigit()
            && !character.is_whitespace()
            && !matches!(character, '+' | '\'' | '"')
    };
    character.filter(is_usable).map(Some).ok_or_else(|| {
        Error::new(Code::SyntaxError, "UESCAPE needs one character")
            .with_hint("Type a character that is no digit, no letter from A to F, no plus sign, no quote and no space.")
    })
}

/// Returns the text with the characters that are written as `\0061` or `\+000061`.
fn unescaped(text: &str, escape: char) -> Result<String, Error> {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut high: Option<u32> = None;
    while let Some(character) = characters.next() {
        if character != escape || characters.next_if_eq(&escape).is_some() {
            if high.is_some() {
                return Err(malformed());
            }
            plain.push(character);
            continue;
        }
        let digits = if characters.next_if_eq(&'+').is_some() { 6 } else { 4 };
        let mut code = 0;
        for _ in 0..digits {
            let digit = characters.next().and_then(|digit| digit.to_digit(16));
            code = code * 16 + digit.ok_or_else(malformed)?;
        }
        // A character beyond the first plane may be written as two.
        match (high.take(), code) {
            (None, 0xD800..=0xDBFF) => high = Some(code),
            (Some(high), 0xDC00..=0xDFFF) => {
                let pair = 0x1_0000 + ((high - 0xD800) << 10) + (code - 0xDC00);
                plain.push(char::from_u32(pair).ok_or_else(malformed)?);
            }
            (None, code) if code > 0 => plain.push(char::from_u32(code).ok_or_else(malformed)?),
            _ => return Err(malformed()),
        }
    }
    if high.is_some() { Err(malformed()) } else { Ok(plain) }
}

fn malformed() -> Error {
    Error::new(Code::SyntaxError, "a character is not written as U&'..' has them")
        .with_hint("Type \\0061 or \\+000061, and \\\\ for the sign itself; UESCAPE names another.")
}

/// Returns a literal with those that follow in further lines, and of how many tokens it is made:
/// the `length` that the literal has, and what follows it in `tokens`.
fn continued(mut token: Token, tokens: &[TokenWithSpan], mut length: usize) -> (Token, usize) {
    let is_escaped = matches!(token, Token::EscapedStringLiteral(_));
    let (Token::SingleQuotedString(text)
    | Token::EscapedStringLiteral(text)
    | Token::HexStringLiteral(text)) = &mut token
    else {
        return (token, length);
    };
    while let Some((more, count)) = tokens.get(length..).and_then(next_line) {
        if is_escaped && more.contains('\\') {
            // The tokenizer has read it as a text without escapes.
            break;
        }
        text.push_str(more);
        length += count;
    }
    (token, length)
}

/// Returns the literal that follows in another line, and how many tokens there are up to it.
fn next_line(tokens: &[TokenWithSpan]) -> Option<(&str, usize)> {
    let space = tokens.iter().take_while(|token| is_space(token)).count();
    let is_line = tokens.iter().take(space).any(|token| {
        matches!(
            &token.token,
            Token::Whitespace(Whitespace::Newline | Whitespace::SingleLineComment { .. })
        )
    });
    match tokens.get(space).map(|token| &token.token) {
        Some(Token::SingleQuotedString(text)) if is_line => Some((text, space + 1)),
        _ => None,
    }
}

fn is_space(token: &TokenWithSpan) -> bool {
    let is_comment = matches!(token.token, Token::Whitespace(Whitespace::MultiLineComment(_)));
    matches!(token.token, Token::Whitespace(_)) && !is_comment
}

fn position(token: &TokenWithSpan) -> Position {
    let start = token.span.start;
    Position { line: start.line.max(1), column: start.column.max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_written_by_their_numbers() {
        assert_eq!(unescaped("d\\0061t\\+000061 \\\\", '\\').unwrap(), "data \\");
        assert_eq!(unescaped("!d83d!de00\\", '!').unwrap(), "\u{1f600}\\");
        for wrong in ["\\006", "\\zzzz", "\\+110000", "\\d83d", "\\d83dx", "\\de00", "\\0000"] {
            assert!(unescaped(wrong, '\\').is_err(), "{wrong}");
        }
    }
}
