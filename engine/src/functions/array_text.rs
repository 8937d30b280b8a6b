//! Arrays that are written as one text, as `PostgreSQL` writes them: `{a,"b c",NULL}`.

/// An element of such a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// The element, without quotes around it.
    pub(crate) text: String,
    /// Whether there were any: `NULL` in quotes is a text.
    pub(crate) is_quoted: bool,
}

/// Returns the elements of a text; none if it is no array, or one of arrays.
pub(crate) fn items(text: &str) -> Option<Vec<Item>> {
    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let mut items = Vec::new();
    if inner.trim().is_empty() {
        return Some(items);
    }
    let mut characters = inner.chars();
    let mut item = Item { text: String::new(), is_quoted: false };
    let mut is_open = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' => item.text.push(characters.next()?),
            '"' => {
                is_open = !is_open;
                if is_open && item.text.trim().is_empty() {
                    item.text.clear();
                }
                item.is_quoted = true;
            }
            ',' if !is_open => {
                items.push(item.ended()?);
                item = Item { text: String::new(), is_quoted: false };
            }
            '{' | '}' if !is_open => return None,
            // Blanks behind quotes.
            blank if blank.is_whitespace() && item.is_quoted && !is_open => {}
            other => item.text.push(other),
        }
    }
    items.push(item.ended()?);
    (!is_open).then_some(items)
}

impl Item {
    /// Returns the element at its end, unless there is nothing.
    fn ended(self) -> Option<Self> {
        let text = if self.is_quoted { self.text } else { self.text.trim().to_owned() };
        (self.is_quoted || !text.is_empty()).then_some(Self { text, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::items;

    #[test]
    fn texts_of_arrays_are_read() {
        let shown = |text| {
            let items = items(text)?.into_iter().map(|item| (item.text, item.is_quoted));
            Some(items.collect::<Vec<_>>())
        };
        assert_eq!(shown("{}"), Some(Vec::new()));
        let expected =
            [("a", false), ("b, c", true), ("null", false), ("NULL", true), ("d\"", false)];
        let expected = expected.map(|(text, is_quoted)| (text.to_owned(), is_quoted));
        assert_eq!(shown(r#"{a, "b, c" ,null,"NULL",d\"}"#), Some(expected.to_vec()));
        for text in ["a", "{a", "{a,}", "{{a},{b}}", "{\"a}", "{a\\"] {
            assert_eq!(shown(text), None, "{text}");
        }
    }
}
