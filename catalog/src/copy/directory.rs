//! A directory of files, written in parallel.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use datafusion::common::runtime::SpawnedTask;
use datafusion::execution::SendableRecordBatchStream;
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use object_store::ObjectStore;
use object_store::path::Path;

use super::Recipe;
use super::file::NewFile;
use crate::delta::{OPEN_FILES, PartitionSplitter};
use crate::location::Location;
use crate::name::key;
use crate::{CatalogError, Written};

/// The size at which a file is full.
const FILE_BYTES: u64 = 128 * 1024 * 1024;

/// What all streams share.
struct Directory {
    store: Arc<dyn ObjectStore>,
    location: Location,
    root: Path,
    recipe: Recipe,
    schema: SchemaRef,
    partition_by: Vec<String>,
    file_schema: SchemaRef,
}

/// Writes the rows of all streams to files in a directory; there is at least one file.
pub(crate) async fn write_directory(
    store: Arc<dyn ObjectStore>,
    location: &Location,
    recipe: &Recipe,
    partition_by: &[String],
    schema: &SchemaRef,
    streams: Vec<SendableRecordBatchStream>,
) -> Result<Written, CatalogError> {
    let partition_by = partition_columns(schema, partition_by)?;
    let fields = schema.fields().iter().filter(|field| !partition_by.contains(field.name()));
    let file_schema = Schema::new_with_metadata(
        fields.map(Arc::clone).collect::<Vec<_>>(),
        schema.metadata().clone(),
    );
    let directory = Arc::new(Directory {
        store,
        root: location.path()?,
        location: location.clone(),
        recipe: recipe.clone(),
        schema: Arc::clone(schema),
        partition_by,
        file_schema: Arc::new(file_schema),
    });
    let mut tasks = FuturesUnordered::new();
    for (number, stream) in streams.into_iter().enumerate() {
        let files = ResultFiles::try_new(Arc::clone(&directory), number)?;
        tasks.push(SpawnedTask::spawn(write_stream(files, stream)));
    }
    let gathered = gather(&mut tasks).await;
    drop(tasks);
    wait_for_tasks(&directory).await;
    let mut written = gathered?;
    if written.files == 0 && directory.partition_by.is_empty() {
        written.add(directory.start("", 0, 0)?.finish().await?);
    }
    Ok(written)
}

/// Returns what all tasks wrote, or the first error.
async fn gather(
    tasks: &mut FuturesUnordered<SpawnedTask<Result<Written, CatalogError>>>,
) -> Result<Written, CatalogError> {
    let mut written = Written::default();
    while let Some(finished) = tasks.next().await {
        written.add(finished.unwrap_or(Err(CatalogError::TaskLost))?);
    }
    Ok(written)
}

/// Waits until no aborted task can write any more, so that what is removed stays removed.
async fn wait_for_tasks(directory: &Arc<Directory>) {
    let patience = tokio::time::Instant::now() + Duration::from_secs(10);
    while Arc::strong_count(directory) > 1 && tokio::time::Instant::now() < patience {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Returns the columns by their names in the schema.
fn partition_columns(schema: &Schema, names: &[String]) -> Result<Vec<String>, CatalogError> {
    let mut columns = Vec::with_capacity(names.len());
    for name in names {
        let field = schema
            .fields()
            .iter()
            .find(|field| key(field.name()) == key(name))
            .filter(|field| !field.data_type().is_nested() && !columns.contains(field.name()));
        let field = field.ok_or_else(|| {
            CatalogError::invalid(format!("the result cannot be partitioned by \"{name}\""))
        })?;
        columns.push(field.name().clone());
    }
    if !columns.is_empty() && columns.len() == schema.fields().len() {
        return Err(CatalogError::invalid("a result cannot be partitioned by all its columns"));
    }
    Ok(columns)
}

impl Directory {
    fn start(&self, below: &str, number: usize, count: usize) -> Result<NewFile, CatalogError> {
        let suffix = self.recipe.suffix();
        let path = format!("{}/{below}part-{number:05}-{count:05}.{suffix}", self.root);
        NewFile::try_new(
            Arc::clone(&self.store),
            Path::from(path),
            &self.location,
            &self.recipe,
            &self.file_schema,
        )
    }
}

/// The files of a result that one stream fills.
struct ResultFiles {
    directory: Arc<Directory>,
    number: usize,
    splitter: PartitionSplitter,
    open: HashMap<Vec<Option<String>>, NewFile>,
    started: usize,
    written: Written,
}

async fn write_stream(
    mut files: ResultFiles,
    mut stream: SendableRecordBatchStream,
) -> Result<Written, CatalogError> {
    while let Some(batch) = stream.next().await {
        let written = match batch {
            Ok(batch) => files.write(&batch).await,
            Err(error) => Err(CatalogError::query(error)),
        };
        if let Err(error) = written {
            for (_, file) in files.open {
                file.abort().await;
            }
            return Err(error);
        }
    }
    for (_, file) in std::mem::take(&mut files.open) {
        files.written.add(file.finish().await?);
    }
    Ok(files.written)
}

impl ResultFiles {
    fn try_new(directory: Arc<Directory>, number: usize) -> Result<Self, CatalogError> {
        let splitter = PartitionSplitter::try_new(&directory.schema, &directory.partition_by)?;
        Ok(Self {
            directory,
            number,
            splitter,
            open: HashMap::new(),
            started: 0,
            written: Written::default(),
        })
    }

    async fn write(&mut self, batch: &RecordBatch) -> Result<(), CatalogError> {
        for partition in self.splitter.split(batch)? {
            self.write_partition(partition.values, &partition.rows).await?;
        }
        Ok(())
    }

    async fn write_partition(
        &mut self,
        values: Vec<Option<String>>,
        rows: &RecordBatch,
    ) -> Result<(), CatalogError> {
        let mut file = if let Some(file) = self.open.remove(&values) {
            file
        } else {
            if self.open.len() >= OPEN_FILES {
                self.finish_largest().await?;
            }
            let below = self.below(&values);
            self.started += 1;
            self.directory.start(&below, self.number, self.started - 1)?
        };
        if let Err(error) = file.write(rows).await {
            file.abort().await;
            return Err(error);
        }
        if file.bytes >= FILE_BYTES {
            self.written.add(file.finish().await?);
        } else {
            self.open.insert(values, file);
        }
        Ok(())
    }

    async fn finish_largest(&mut self) -> Result<(), CatalogError> {
        let largest = self.open.iter().max_by_key(|(_, file)| file.rows);
        let values = largest.map(|(values, _)| values.clone());
        if let Some(file) = values.and_then(|values| self.open.remove(&values)) {
            self.written.add(file.finish().await?);
        }
        Ok(())
    }

    /// Returns the directories of partition values.
    fn below(&self, values: &[Option<String>]) -> String {
        let directory = |(column, value): (&String, &Option<String>)| {
            let value = value.as_deref().unwrap_or("__HIVE_DEFAULT_PARTITION__");
            format!("{}={}/", encode(column), encode(value))
        };
        self.directory.partition_by.iter().zip(values).map(directory).collect()
    }
}

/// Returns the text as the name of a directory, with what would not fit as `%XX`.
fn encode(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::with_capacity(text.len());
    for letter in text.chars() {
        let fits = !letter.is_control()
            && !matches!(
                letter,
                '/' | '\\'
                    | '%'
                    | '='
                    | ':'
                    | '?'
                    | '#'
                    | '*'
                    | '"'
                    | '<'
                    | '>'
                    | '|'
                    | '{'
                    | '}'
                    | '['
                    | ']'
                    | '^'
                    | '`'
                    | '~'
                    | '\''
            );
        if fits {
            encoded.push(letter);
            continue;
        }
        for byte in letter.to_string().bytes() {
            let _infallible = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
