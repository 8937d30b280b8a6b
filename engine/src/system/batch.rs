//! Rows of cells to an Arrow batch.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Int64Array, RecordBatch, RecordBatchOptions, StringArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use chrono::{DateTime, Utc};

use super::table::{Column, Type};
use crate::error::Error;

/// A value in one of the engine's own tables.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    Text(String),
    Number(i64),
    Flag(bool),
    Time(DateTime<Utc>),
    Null,
}

impl Cell {
    /// Returns a text.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Returns a text or null.
    pub(crate) fn maybe(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Null, |text| Self::Text(text.into()))
    }

    /// Returns a number or null.
    pub(crate) fn maybe_number(number: Option<impl Into<i64>>) -> Self {
        number.map_or(Self::Null, |number| Self::Number(number.into()))
    }
}

/// Returns the schema of these columns.
pub(super) fn schema(columns: &[Column]) -> SchemaRef {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, kind)| {
            let data_type = match kind {
                Type::Text => DataType::Utf8,
                Type::Number => DataType::Int64,
                Type::Flag => DataType::Boolean,
                Type::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            };
            Field::new(*name, data_type, true)
        })
        .collect();
    Arc::new(Schema::new(fields))
}

/// Returns the rows as a batch; a missing or unfitting cell is null.
pub(crate) fn batch(columns: &[Column], rows: Vec<Vec<Cell>>) -> Result<RecordBatch, Error> {
    let row_count = rows.len();
    let mut cells: Vec<Vec<Cell>> = columns.iter().map(|_| Vec::with_capacity(row_count)).collect();
    for row in rows {
        let mut row = row.into_iter();
        for column in &mut cells {
            column.push(row.next().unwrap_or(Cell::Null));
        }
    }
    let arrays: Vec<ArrayRef> =
        columns.iter().zip(cells).map(|((_, kind), cells)| array(*kind, cells)).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(row_count));
    Ok(RecordBatch::try_new_with_options(schema(columns), arrays, &options)?)
}

fn array(kind: Type, cells: Vec<Cell>) -> ArrayRef {
    let cells = cells.into_iter();
    match kind {
        Type::Text => {
            let text = |cell| if let Cell::Text(text) = cell { Some(text) } else { None };
            Arc::new(cells.map(text).collect::<StringArray>())
        }
        Type::Number => {
            let number = |cell| if let Cell::Number(number) = cell { Some(number) } else { None };
            Arc::new(cells.map(number).collect::<Int64Array>())
        }
        Type::Flag => {
            let flag = |cell| if let Cell::Flag(flag) = cell { Some(flag) } else { None };
            Arc::new(cells.map(flag).collect::<BooleanArray>())
        }
        Type::Time => {
            let micros = |cell| {
                if let Cell::Time(time) = cell { Some(time.timestamp_micros()) } else { None }
            };
            let times: TimestampMicrosecondArray = cells.map(micros).collect();
            Arc::new(times.with_timezone("UTC"))
        }
    }
}
