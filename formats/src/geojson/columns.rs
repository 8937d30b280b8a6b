//! The columns of a batch of features, filled value by value.
#![expect(clippy::unnecessary_box_returns, reason = "the error of a parse result is boxed")]

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryViewBuilder, BooleanBuilder, Float64Builder, Int64Builder, StringViewBuilder,
};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Field};
use godwit_geometry::is_geometry;

use crate::FormatError;
use crate::objects::{Cursor, Number, Parsed, loses_digits};

const SOURCE_KEY: &str = "godwit:source";

/// Where the values of a column come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    Geometry,
    /// The `id` member of the feature.
    Id,
    Property(String),
    /// A property called `id`, or the member if there is no such property.
    AnyId,
}

impl Source {
    /// Returns where the values of a field come from: what inference noted, or what the name says.
    pub(super) fn of(field: &Field) -> Self {
        match field.metadata().get(SOURCE_KEY).map(|source| source.split_at_checked(1)) {
            Some(Some(("#", _))) => return Self::Id,
            Some(Some((".", name))) => return Self::Property(name.to_owned()),
            _ => {}
        }
        match field.name().as_str() {
            _ if is_geometry(field) => Self::Geometry,
            "geometry" => Self::Geometry,
            "id" => Self::AnyId,
            name => Self::Property(name.to_owned()),
        }
    }

    /// Notes the source in a field whose name does not tell it.
    pub(super) fn annotate(&self, field: Field) -> Field {
        let note = match self {
            Self::Id => "#id".to_owned(),
            Self::Property(name) => format!(".{name}"),
            Self::Geometry | Self::AnyId => return field,
        };
        let mut metadata = field.metadata().clone();
        metadata.insert(SOURCE_KEY.to_owned(), note);
        field.with_metadata(metadata)
    }
}

/// Collects the values of one column.
#[derive(Debug)]
pub(super) struct Column {
    values: Values,
    /// The type the finished array must have.
    data_type: DataType,
    /// The row that was filled last, counted from one.
    filled: usize,
}

#[derive(Debug)]
enum Values {
    Boolean(BooleanBuilder),
    Integer(Int64Builder),
    Float(Float64Builder),
    Text(StringViewBuilder),
    Binary(BinaryViewBuilder),
}

impl Column {
    pub(super) fn new(field: &Field, source: &Source) -> Self {
        let values = match field.data_type() {
            _ if *source == Source::Geometry => Values::Binary(BinaryViewBuilder::new()),
            DataType::Boolean => Values::Boolean(BooleanBuilder::new()),
            data_type if data_type.is_integer() => Values::Integer(Int64Builder::new()),
            data_type if data_type.is_floating() => Values::Float(Float64Builder::new()),
            _ => Values::Text(StringViewBuilder::new()),
        };
        Self { values, data_type: field.data_type().clone(), filled: 0 }
    }

    /// Tells whether the column already has a value for `row`, counted from one.
    #[inline]
    pub(super) fn is_filled(&self, row: usize) -> bool {
        self.filled == row
    }

    pub(super) fn append_null(&mut self, row: usize) {
        self.filled = row;
        match &mut self.values {
            Values::Boolean(builder) => builder.append_null(),
            Values::Integer(builder) => builder.append_null(),
            Values::Float(builder) => builder.append_null(),
            Values::Text(builder) => builder.append_null(),
            Values::Binary(builder) => builder.append_null(),
        }
    }

    pub(super) fn append_binary(&mut self, row: usize, value: &[u8]) {
        self.filled = row;
        if let Values::Binary(builder) = &mut self.values {
            builder.append_value(value);
        }
    }

    /// Takes the value the cursor stands on.
    #[inline]
    pub(super) fn append(
        &mut self,
        row: usize,
        cursor: &mut Cursor<'_>,
        scratch: &mut String,
    ) -> Parsed<()> {
        if cursor.peek() == Some(b'n') {
            cursor.word("null")?;
            self.append_null(row);
            return Ok(());
        }
        match &mut self.values {
            Values::Text(builder) => append_text(builder, cursor, scratch)?,
            Values::Float(builder) => match cursor.peek() {
                Some(b'-' | b'0'..=b'9') => {
                    let start = cursor.position();
                    let value = cursor.float()?;
                    let text = cursor.slice(start, cursor.position());
                    if value.is_infinite() || loses_digits(value, text) {
                        cursor.set_position(start);
                        return Err(misfit(cursor, "a double"));
                    }
                    builder.append_value(value);
                }
                _ => return Err(misfit(cursor, "a number")),
            },
            Values::Integer(builder) => {
                let start = cursor.position();
                let number = match cursor.peek() {
                    Some(b'-' | b'0'..=b'9') => cursor.number()?,
                    _ => return Err(misfit(cursor, "an integer")),
                };
                let Number::Integer(value) = number else {
                    cursor.set_position(start);
                    return Err(misfit(cursor, "an integer"));
                };
                builder.append_value(value);
            }
            Values::Boolean(builder) => match cursor.peek() {
                Some(b't') => {
                    cursor.word("true")?;
                    builder.append_value(true);
                }
                Some(b'f') => {
                    cursor.word("false")?;
                    builder.append_value(false);
                }
                _ => return Err(misfit(cursor, "a boolean")),
            },
            Values::Binary(_) => return Err(misfit(cursor, "a geometry")),
        }
        self.filled = row;
        Ok(())
    }

    /// Returns the collected values as an array and starts again.
    pub(super) fn finish(&mut self) -> Result<ArrayRef, FormatError> {
        self.filled = 0;
        let array: ArrayRef = match &mut self.values {
            Values::Boolean(builder) => Arc::new(builder.finish()),
            Values::Integer(builder) => Arc::new(builder.finish()),
            Values::Float(builder) => Arc::new(builder.finish()),
            Values::Text(builder) => Arc::new(builder.finish()),
            Values::Binary(builder) => Arc::new(builder.finish()),
        };
        if *array.data_type() == self.data_type {
            return Ok(array);
        }
        let options = CastOptions { safe: false, ..CastOptions::default() };
        Ok(cast_with_options(&array, &self.data_type, &options)?)
    }
}

/// Strings as they are, everything else as its JSON text.
fn append_text(
    builder: &mut StringViewBuilder,
    cursor: &mut Cursor<'_>,
    scratch: &mut String,
) -> Parsed<()> {
    if cursor.peek() == Some(b'"') {
        let token = cursor.string()?;
        builder.append_value(token.decode(scratch)?);
        return Ok(());
    }
    let text = cursor.value_text()?;
    // A checked value is UTF-8: its strings were decoded and the rest is ASCII.
    builder.append_value(String::from_utf8_lossy(text));
    Ok(())
}

#[cold]
fn misfit(cursor: &Cursor<'_>, what: &str) -> Box<crate::objects::Fault> {
    cursor.fault(format!(
        "the column holds {what}, but this value is something else; leave out infer_rows so that \
         the whole file is looked at"
    ))
}
