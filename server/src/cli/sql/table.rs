//! Rows as a table for people. The widths come from the first rows, the others just follow.

use std::iter::repeat_n;

use arrow::array::{Array as _, ArrayRef, AsArray as _, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, SchemaRef};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use godwit_engine::geometry::{Geometry, is_geometry, wkt};

use crate::cli::failure::Failure;

/// Rows that are looked at before the first is written.
const ROWS_FOR_WIDTHS: usize = 1000;
/// Longest text of a cell on a screen.
const SCREEN_WIDTH: usize = 60;
/// Digits of an ordinate behind the point, as `ST_AsText` writes them.
const MAX_DECIMALS: usize = 15;

/// How a table is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// With lines, long texts cut.
    Screen,
    /// With plain characters, whole texts.
    Plain,
}

/// Draws a table while its rows come.
pub(super) struct TableWriter {
    schema: SchemaRef,
    style: Style,
    widths: Vec<usize>,
    waiting: Vec<Vec<String>>,
    has_started: bool,
}

impl TableWriter {
    pub(super) fn new(schema: SchemaRef, style: Style) -> Self {
        let widths = schema.fields().iter().map(|field| width(field.name())).collect();
        Self { schema, style, widths, waiting: Vec::new(), has_started: false }
    }

    pub(super) fn write(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), Failure> {
        let cells = self
            .schema
            .fields()
            .iter()
            .zip(batch.columns())
            .map(|(field, column)| self.column(field, column))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| Failure::new(format!("cannot show the result: {error}")))?;
        for index in 0..batch.num_rows() {
            let row: Vec<String> =
                cells.iter().map(|column| column.get(index).cloned().unwrap_or_default()).collect();
            if self.has_started {
                self.draw(&row, out);
                continue;
            }
            self.waiting.push(row);
            if self.waiting.len() == ROWS_FOR_WIDTHS {
                self.start(out);
            }
        }
        Ok(())
    }

    pub(super) fn finish(mut self, rows: usize, out: &mut Vec<u8>) {
        if !self.has_started {
            self.start(out);
        }
        self.rule(out, Edge::Bottom);
        let unit = if rows == 1 { "row" } else { "rows" };
        out.extend_from_slice(format!("({rows} {unit})\n").as_bytes());
    }

    fn start(&mut self, out: &mut Vec<u8>) {
        self.has_started = true;
        let waiting = std::mem::take(&mut self.waiting);
        for row in &waiting {
            for (widest, cell) in self.widths.iter_mut().zip(row) {
                *widest = (*widest).max(width(cell));
            }
        }
        self.rule(out, Edge::Top);
        let names: Vec<String> =
            self.schema.fields().iter().map(|field| field.name().clone()).collect();
        self.draw(&names, out);
        self.rule(out, Edge::Middle);
        for row in &waiting {
            self.draw(row, out);
        }
    }

    fn draw(&self, row: &[String], out: &mut Vec<u8>) {
        let bar = if self.style == Style::Screen { "\u{2502}" } else { "|" };
        let mut line = String::from(bar);
        for ((cell, widest), field) in row.iter().zip(&self.widths).zip(self.schema.fields()) {
            let space: String = repeat_n(' ', widest.saturating_sub(width(cell))).collect();
            line.push(' ');
            if field.data_type().is_numeric() {
                line.push_str(&space);
                line.push_str(cell);
            } else {
                line.push_str(cell);
                line.push_str(&space);
            }
            line.push(' ');
            line.push_str(bar);
        }
        line.push('\n');
        out.extend_from_slice(line.as_bytes());
    }

    fn rule(&self, out: &mut Vec<u8>, edge: Edge) {
        let (left, cross, right, dash) = match (self.style, edge) {
            (Style::Plain, _) => ('+', '+', '+', '-'),
            (Style::Screen, Edge::Top) => ('\u{250c}', '\u{252c}', '\u{2510}', '\u{2500}'),
            (Style::Screen, Edge::Middle) => ('\u{251c}', '\u{253c}', '\u{2524}', '\u{2500}'),
            (Style::Screen, Edge::Bottom) => ('\u{2514}', '\u{2534}', '\u{2518}', '\u{2500}'),
        };
        let mut line = String::from(left);
        for (index, widest) in self.widths.iter().enumerate() {
            if index > 0 {
                line.push(cross);
            }
            line.extend(repeat_n(dash, widest + 2));
        }
        line.push(right);
        line.push('\n');
        out.extend_from_slice(line.as_bytes());
    }

    fn column(&self, field: &Field, column: &ArrayRef) -> Result<Vec<String>, ArrowError> {
        if is_geometry(field) {
            return self.geometry_column(column);
        }
        let options = FormatOptions::default().with_null("NULL").with_display_error(true);
        let formatter = ArrayFormatter::try_new(column, &options)?;
        let cell = |index| Ok(self.cell(&formatter.value(index).try_to_string()?));
        (0..column.len()).map(cell).collect()
    }

    fn geometry_column(&self, column: &ArrayRef) -> Result<Vec<String>, ArrowError> {
        let bytes = cast(column, &DataType::LargeBinary)?;
        let cell = |value: Option<&[u8]>| match value.map(Geometry::try_any) {
            None => "NULL".to_owned(),
            Some(Ok(geometry)) => self.cell(&wkt::format(geometry, MAX_DECIMALS)),
            Some(Err(error)) => format!("({error})"),
        };
        Ok(bytes.as_binary::<i64>().iter().map(cell).collect())
    }

    /// Returns a text that stays in its line and leaves the terminal alone.
    fn cell(&self, text: &str) -> String {
        let cut = self.style == Style::Screen && width(text) > SCREEN_WIDTH;
        let length = if cut { SCREEN_WIDTH - 3 } else { usize::MAX };
        let mut cell: String = text
            .chars()
            .take(length)
            .map(|character| if character.is_control() { ' ' } else { character })
            .collect();
        if cut {
            cell.push_str("...");
        }
        cell
    }
}

#[derive(Clone, Copy)]
enum Edge {
    Top,
    Middle,
    Bottom,
}

fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Int64Array, StringArray};
    use arrow::datatypes::Schema;

    use super::*;

    fn batch(count: i64) -> RecordBatch {
        let schema = Schema::new(vec![
            Field::new("n", DataType::Int64, true),
            Field::new("name", DataType::Utf8, true),
        ]);
        let names: Vec<Option<String>> =
            (0..count).map(|n| (n != 1).then(|| "a".repeat(usize::try_from(n).unwrap()))).collect();
        let numbers = Int64Array::from_iter_values(0..count);
        let columns: Vec<ArrayRef> = vec![Arc::new(numbers), Arc::new(StringArray::from(names))];
        RecordBatch::try_new(Arc::new(schema), columns).unwrap()
    }

    #[test]
    fn columns_are_aligned() {
        let batch = batch(6);
        let mut table = TableWriter::new(batch.schema(), Style::Plain);
        let mut out = Vec::new();
        table.write(&batch.slice(0, 2), &mut out).unwrap();
        table.write(&batch.slice(5, 1), &mut out).unwrap();
        assert!(out.is_empty());
        table.finish(3, &mut out);
        let expected = "\
+---+-------+
| n | name  |
+---+-------+
| 0 |       |
| 1 | NULL  |
| 5 | aaaaa |
+---+-------+
(3 rows)
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn long_results_do_not_wait_for_their_end() {
        let batch = batch(1500);
        let mut table = TableWriter::new(batch.schema(), Style::Screen);
        let mut out = Vec::new();
        table.write(&batch, &mut out).unwrap();
        assert!(String::from_utf8(out).unwrap().lines().count() > 1500);
    }

    #[test]
    fn cells_stay_in_their_line() {
        let schema = Arc::new(Schema::empty());
        let screen = TableWriter::new(Arc::clone(&schema), Style::Screen);
        assert_eq!(screen.cell("a\nb\u{1b}[2J"), "a b [2J");
        assert_eq!(screen.cell(&"x".repeat(100)).len(), SCREEN_WIDTH);
        assert_eq!(TableWriter::new(schema, Style::Plain).cell(&"x".repeat(100)).len(), 100);
    }
}
