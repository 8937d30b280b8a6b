//! Where results go: the screen, a pipe or a file, as a table or in a format.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use godwit_engine::Error;
use godwit_engine::encode::{EncodeOptions, Encoder, Encoding, encoder};

use crate::cli::failure::Failure;
use crate::cli::sql::progress::note;
use crate::cli::sql::table::{Style, TableWriter};

/// Where results go, and in which format.
pub(super) struct Destination {
    encoding: Encoding,
    path: Option<PathBuf>,
    is_on_screen: bool,
    file: Option<PartialFile>,
    result: Option<Form>,
}

/// How the result at hand is written.
enum Form {
    Table(TableWriter),
    Encoded(Box<dyn Encoder>),
}

impl Destination {
    pub(super) fn new(encoding: Encoding, path: Option<PathBuf>) -> Self {
        let is_on_screen = path.is_none() && io::stdout().is_terminal();
        Self { encoding, path, is_on_screen, file: None, result: None }
    }

    pub(super) fn is_on_screen(&self) -> bool {
        self.is_on_screen
    }

    /// Begins a result.
    pub(super) fn begin(&mut self, schema: &SchemaRef) -> Result<(), Failure> {
        if let Some(path) = &self.path {
            if self.file.is_some() {
                return Err(Failure::new("several statements return rows")
                    .with_hint("leave out --output, or run one query at a time"));
            }
            self.file = Some(PartialFile::create(path)?);
        }
        if self.encoding == Encoding::Table {
            let style = if self.is_on_screen { Style::Screen } else { Style::Plain };
            self.result = Some(Form::Table(TableWriter::new(SchemaRef::clone(schema), style)));
            return Ok(());
        }
        let mut encoder =
            encoder(self.encoding, schema, &EncodeOptions::default()).map_err(Error::from)?;
        let mut bytes = Vec::new();
        encoder.start(&mut bytes).map_err(Error::from)?;
        self.result = Some(Form::Encoded(encoder));
        self.put(&bytes)
    }

    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<(), Failure> {
        let mut bytes = Vec::new();
        match &mut self.result {
            Some(Form::Table(table)) => table.write(batch, &mut bytes)?,
            Some(Form::Encoded(encoder)) => {
                encoder.write(batch, &mut bytes).map_err(Error::from)?;
            }
            None => {}
        }
        self.put(&bytes)
    }

    /// Ends a result of so many rows.
    pub(super) fn end(&mut self, rows: usize, took: Duration) -> Result<(), Failure> {
        let mut bytes = Vec::new();
        match self.result.take() {
            Some(Form::Table(table)) => table.finish(rows, &mut bytes),
            Some(Form::Encoded(mut encoder)) => {
                encoder.finish(&mut bytes).map_err(Error::from)?;
                while encoder.rest(&mut bytes).map_err(Error::from)? {
                    self.put(&std::mem::take(&mut bytes))?;
                }
            }
            None => {}
        }
        self.put(&bytes)?;
        if let Some(path) = &self.path {
            note(&format!("{}: {rows} rows in {:.1} s", path.display(), took.as_secs_f64()));
        }
        Ok(())
    }

    /// Says what a statement without rows did.
    pub(super) fn write_completion(
        &mut self,
        operation: Option<&'static str>,
        rows: Option<u64>,
        version: Option<i64>,
        took: Duration,
    ) -> Result<(), Failure> {
        let mut text = operation.unwrap_or("OK").to_owned();
        if let Some(rows) = rows.filter(|rows| operation.is_some() || *rows > 0) {
            text = format!("{text}, {rows} rows");
        }
        if let Some(version) = version {
            text = format!("{text}, version {version}");
        }
        // Only a table on the standard output is read by people alone.
        if self.encoding == Encoding::Table && self.path.is_none() {
            return self.put(format!("{text}\n").as_bytes());
        }
        note(&format!("{text} ({:.1} s)", took.as_secs_f64()));
        Ok(())
    }

    /// Makes the file appear, now that every statement has succeeded.
    pub(super) fn close(self) -> Result<(), Failure> {
        match self.file {
            Some(file) => file.commit(),
            None => Ok(()),
        }
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if let Some(file) = &mut self.file {
            return file.write(bytes);
        }
        let mut output = io::stdout().lock();
        output.write_all(bytes)?;
        Ok(output.flush()?)
    }
}

/// A file that appears under its name only when it is whole.
struct PartialFile {
    path: PathBuf,
    partial: PathBuf,
    writer: Option<BufWriter<File>>,
}

impl PartialFile {
    fn create(path: &Path) -> Result<Self, Failure> {
        let mut partial = path.as_os_str().to_owned();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let file = File::create(&partial).map_err(|error| failed(path, &error))?;
        Ok(Self { path: path.to_owned(), partial, writer: Some(BufWriter::new(file)) })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let path = &self.path;
        let Some(writer) = &mut self.writer else { return Ok(()) };
        writer.write_all(bytes).map_err(|error| failed(path, &error))
    }

    fn commit(mut self) -> Result<(), Failure> {
        if let Some(mut writer) = self.writer.take() {
            writer.flush().map_err(|error| failed(&self.path, &error))?;
            std::fs::rename(&self.partial, &self.path)
                .map_err(|error| failed(&self.path, &error))?;
        }
        Ok(())
    }
}

impl Drop for PartialFile {
    fn drop(&mut self) {
        if self.writer.take().is_some() {
            // What is left behind has a name that says what it is.
            let _left_behind = std::fs::remove_file(&self.partial);
        }
    }
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("cannot write \"{}\": {error}", path.display()))
}
