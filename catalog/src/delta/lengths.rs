//! The most characters that a text column takes, `VARCHAR(n)`: how a table remembers it, and the
//! check on the way in.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, StringBuilder};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field};
use arrow::error::ArrowError;

use crate::CatalogError;

/// Names the length in the metadata of a stored field. Spark writes it there too, and heeds it.
const LENGTH_KEY: &str = "__CHAR_VARCHAR_TYPE_STRING";

/// How long the texts of a column are at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextLength {
    /// The most characters.
    pub characters: usize,
    /// Whether the column was declared as `VARCHAR`; else as `CHAR`.
    pub is_varying: bool,
}

impl TextLength {
    /// Returns the length that a field remembers.
    pub fn of(field: &Field) -> Option<Self> {
        let (name, rest) = field.metadata().get(LENGTH_KEY)?.split_once('(')?;
        let characters = rest.strip_suffix(')')?.trim().parse().ok()?;
        match name.trim() {
            "varchar" => Some(Self { characters, is_varying: true }),
            "char" => Some(Self { characters, is_varying: false }),
            _ => None,
        }
    }

    /// Returns the field with this length.
    #[must_use]
    pub fn annotate(self, field: Field) -> Field {
        let name = if self.is_varying { "varchar" } else { "char" };
        let mut metadata = field.metadata().clone();
        metadata.insert(LENGTH_KEY.to_owned(), format!("{name}({})", self.characters));
        field.with_metadata(metadata)
    }

    /// Returns the name that the type has in messages.
    fn type_name(self) -> String {
        let name = if self.is_varying { "character varying" } else { "character" };
        format!("{name}({})", self.characters)
    }

    /// Returns a text without the blanks behind the last place, none if there is more behind it.
    fn shortened(self, text: &str) -> Option<&str> {
        // No character takes less than a byte.
        if text.len() <= self.characters {
            return Some(text);
        }
        let Some((end, _)) = text.char_indices().nth(self.characters) else { return Some(text) };
        let (kept, excess) = text.split_at_checked(end)?;
        excess.bytes().all(|byte| byte == b' ').then_some(kept)
    }
}

/// Returns the field without its length, as queries see it: what they compute has none.
pub(super) fn without_length(mut field: Field) -> Field {
    field.metadata_mut().remove(LENGTH_KEY);
    field
}

/// Returns the values of a stored column, which are no longer than it takes.
pub(super) fn cut(column: ArrayRef, field: &Field) -> Result<ArrayRef, CatalogError> {
    let Some(length) = TextLength::of(field) else { return Ok(column) };
    let Some(texts) = column.as_string_opt::<i32>() else {
        if !matches!(column.data_type(), DataType::Utf8View | DataType::LargeUtf8) {
            return Ok(column);
        }
        let failed = |error: ArrowError| CatalogError::Query(error.into());
        let plain = cast(&column, &DataType::Utf8).map_err(failed)?;
        return cast(&cut(plain, field)?, column.data_type()).map_err(failed);
    };
    let too_long =
        || CatalogError::TooLong { column: field.name().clone(), declared: length.type_name() };
    let mut is_cut = false;
    for text in texts.iter().flatten() {
        is_cut |= length.shortened(text).ok_or_else(too_long)?.len() < text.len();
    }
    if !is_cut {
        return Ok(column);
    }
    let mut cut = StringBuilder::with_capacity(texts.len(), texts.value_data().len());
    for text in texts {
        cut.append_option(text.and_then(|text| length.shortened(text)));
    }
    Ok(Arc::new(cut.finish()))
}

#[cfg(test)]
mod tests {
    use arrow::array::{StringArray, StringViewArray};

    use super::*;

    fn column(length: TextLength) -> Field {
        length.annotate(Field::new("name", DataType::Utf8, true))
    }

    #[test]
    fn a_length_is_remembered() {
        for is_varying in [true, false] {
            let length = TextLength { characters: 12, is_varying };
            let field = column(length);
            assert_eq!(TextLength::of(&field), Some(length));
            assert_eq!(TextLength::of(&without_length(field)), None);
        }
        let other = [(LENGTH_KEY.to_owned(), "array<varchar(3)>".to_owned())];
        let field = Field::new("a", DataType::Utf8, true).with_metadata(other.into());
        assert_eq!(TextLength::of(&field), None);
    }

    #[test]
    fn characters_are_counted_and_blanks_behind_the_end_are_cut() {
        let field = column(TextLength { characters: 3, is_varying: true });
        let texts = |texts: Vec<Option<&str>>| -> ArrayRef { Arc::new(StringArray::from(texts)) };
        let short = texts(vec![Some("äöü"), None, Some("a")]);
        assert!(Arc::ptr_eq(&short, &cut(Arc::clone(&short), &field).unwrap()));
        let blanks = cut(texts(vec![Some("ab   "), None, Some("äöü ")]), &field).unwrap();
        assert_eq!(&blanks, &texts(vec![Some("ab "), None, Some("äöü")]));
        let views: ArrayRef = Arc::new(StringViewArray::from(vec![Some("abc "), None]));
        let shortened: ArrayRef = Arc::new(StringViewArray::from(vec![Some("abc"), None]));
        assert_eq!(&cut(views, &field).unwrap(), &shortened);
        let error = cut(texts(vec![Some("a"), Some("abcd")]), &field).unwrap_err();
        let message = "value too long for type character varying(3), in column \"name\"";
        assert_eq!(error.to_string(), message);
    }
}
