//! The columns of delimited text: names from the header, types from a sample.

use std::io::Read;
use std::sync::Arc;

use arrow::array::{Array as _, AsArray as _};
use arrow::csv::reader::Format;
use arrow::datatypes::{DataType, Field, Schema};

use crate::FormatError;
use crate::chunks::ChunkSource as _;
use crate::csv::dialect::Dialect;
use crate::csv::splitter::RecordSplitter;
use crate::csv::types::Seen;

/// The columns of a file as far as they are known.
#[derive(Debug, Default)]
pub(super) struct Inferred {
    columns: Vec<(String, Seen)>,
    pub(super) rows: usize,
}

impl Inferred {
    /// Looks at up to `limit` rows; with none, every column is text.
    pub(super) fn from_reader(
        reader: Box<dyn Read + Send>,
        path: Arc<str>,
        dialect: &Dialect,
        limit: usize,
    ) -> Result<Self, FormatError> {
        let mut splitter = RecordSplitter::new(reader, path, dialect.clone());
        let mut inferred = Self::default();
        while let Some(chunk) = splitter.next_chunk()? {
            let refused = |error: arrow::error::ArrowError| chunk.malformed(0, error.to_string());
            if chunk.is_first {
                inferred.columns = names(&chunk.data, dialect).map_err(refused)?;
            }
            let left = limit.saturating_sub(inferred.rows);
            if left == 0 {
                break;
            }
            let has_header = chunk.is_first && dialect.has_header;
            inferred.look_at(&chunk.data, dialect, has_header, left).map_err(refused)?;
        }
        Ok(inferred)
    }

    /// Adds another file; values are found by position, so its columns must be the same.
    pub(super) fn merge(&mut self, other: Self, path: &str) -> Result<(), FormatError> {
        if self.columns.is_empty() {
            *self = other;
            return Ok(());
        }
        let names = |columns: &[(String, Seen)]| {
            columns.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>().join(", ")
        };
        let (known, found) = (names(&self.columns), names(&other.columns));
        if known != found && !other.columns.is_empty() {
            let reason =
                format!("file \"{path}\" has the columns {found}, the files before it {known}");
            return Err(FormatError::Unsupported { reason });
        }
        self.rows += other.rows;
        for ((_, known), (_, seen)) in self.columns.iter_mut().zip(other.columns) {
            known.merge(seen);
        }
        Ok(())
    }

    pub(super) fn schema(self) -> Schema {
        let fields = self.columns.into_iter();
        let fields = fields.map(|(name, seen)| Field::new(name, seen.data_type(), true));
        Schema::new(fields.collect::<Vec<_>>())
    }

    fn look_at(
        &mut self,
        data: &[u8],
        dialect: &Dialect,
        has_header: bool,
        limit: usize,
    ) -> Result<(), arrow::error::ArrowError> {
        let fields = self.columns.iter();
        let fields = fields.map(|(name, _)| Field::new(name, DataType::Utf8View, true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let mut left = limit;
        for batch in dialect.reader(schema, has_header).build_buffered(data)? {
            let batch = batch?;
            let batch = batch.slice(0, batch.num_rows().min(left));
            left -= batch.num_rows();
            self.rows += batch.num_rows();
            for ((_, seen), column) in self.columns.iter_mut().zip(batch.columns()) {
                let texts = column.as_string_view();
                if seen.is_text() || texts.null_count() == texts.len() {
                    continue;
                }
                texts.iter().flatten().for_each(|value| seen.add(value));
            }
            if left == 0 {
                break;
            }
        }
        Ok(())
    }
}

/// Returns the names in the header, or numbered ones; each is unique.
fn names(data: &[u8], dialect: &Dialect) -> Result<Vec<(String, Seen)>, arrow::error::ArrowError> {
    let mut format = Format::default()
        .with_header(dialect.has_header)
        .with_delimiter(dialect.delimiter)
        .with_quote(dialect.quote);
    if let Some(escape) = dialect.escape {
        format = format.with_escape(escape);
    }
    if let Some(comment) = dialect.comment {
        format = format.with_comment(comment);
    }
    let limit = usize::from(!dialect.has_header);
    let (schema, _) = format.infer_schema(data, Some(limit))?;
    let mut names: Vec<(String, Seen)> = Vec::new();
    for (index, field) in schema.fields().iter().enumerate() {
        let given = field.name().as_str();
        let is_given = dialect.has_header && !given.is_empty();
        let base = if is_given { given.to_owned() } else { format!("column_{}", index + 1) };
        let mut name = base.clone();
        let mut number = 0_usize;
        while names.iter().any(|(known, _)| *known == name) {
            number += 1;
            name = format!("{base}_{number}");
        }
        names.push((name, Seen::default()));
    }
    Ok(names)
}
