//! One stream of rows to its files.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use datafusion::common::runtime::SpawnedTask;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use futures::StreamExt as _;
use tokio::sync::mpsc;

use super::file::OpenFile;
use super::{Target, WrittenFiles};
use crate::CatalogError;
use crate::delta::{OPEN_FILES, PartitionSplitter};

/// How many batches are ready for the encoder.
const BATCHES_AHEAD: usize = 2;

/// Writes the rows of a stream.
///
/// The rows are computed and brought into shape on one task while they are encoded on another.
pub(super) async fn write_stream(
    target: Arc<Target>,
    number: usize,
    mut stream: SendableRecordBatchStream,
) -> Result<WrittenFiles, CatalogError> {
    let (sender, mut receiver) = mpsc::channel::<RecordBatch>(BATCHES_AHEAD);
    let source = SpawnedTask::spawn({
        let target = Arc::clone(&target);
        async move {
            while let Some(batch) = stream.next().await {
                let batch = batch.map_err(CatalogError::query)?;
                let batch = target.schema.conform(&batch)?;
                if sender.send(batch).await.is_err() {
                    break;
                }
            }
            Ok::<_, CatalogError>(())
        }
    });
    let mut files = TableFiles::try_new(target, number)?;
    while let Some(batch) = receiver.recv().await {
        if let Err(error) = files.write(&batch).await {
            files.abort().await;
            return Err(error);
        }
    }
    match source.await.unwrap_or(Err(CatalogError::TaskLost)) {
        Ok(()) => files.finish().await,
        Err(error) => {
            files.abort().await;
            Err(error)
        }
    }
}

/// The files of a table that one stream fills.
struct TableFiles {
    target: Arc<Target>,
    number: usize,
    splitter: PartitionSplitter,
    open: HashMap<Vec<Option<String>>, OpenFile>,
    started: usize,
    written: WrittenFiles,
    reservation: MemoryReservation,
}

impl TableFiles {
    fn try_new(target: Arc<Target>, number: usize) -> Result<Self, CatalogError> {
        let splitter = PartitionSplitter::try_new(&target.schema.table, &target.partition_by)?;
        let reservation =
            MemoryConsumer::new(format!("TableWriter[{number}]")).register(&target.memory);
        Ok(Self {
            target,
            number,
            splitter,
            open: HashMap::new(),
            started: 0,
            written: WrittenFiles::default(),
            reservation,
        })
    }

    async fn write(&mut self, batch: &RecordBatch) -> Result<(), CatalogError> {
        self.written.rows += batch.num_rows() as u64;
        for partition in self.splitter.split(batch)? {
            self.write_partition(partition.values, &partition.rows).await?;
        }
        self.book().await
    }

    async fn write_partition(
        &mut self,
        values: Vec<Option<String>>,
        rows: &RecordBatch,
    ) -> Result<(), CatalogError> {
        let target = Arc::clone(&self.target);
        let mut file = if let Some(file) = self.open.remove(&values) {
            file
        } else {
            if self.open.len() >= OPEN_FILES {
                self.finish_largest().await?;
            }
            self.start(&values)?
        };
        if let Err(error) = file.write(&target, rows).await {
            file.abort().await;
            return Err(error);
        }
        if file.size() >= target.file_bytes {
            self.written.adds.push(file.finish(&target).await?);
        } else {
            self.open.insert(values, file);
        }
        Ok(())
    }

    fn start(&mut self, values: &[Option<String>]) -> Result<OpenFile, CatalogError> {
        let mut path = Vec::new();
        let mut partition_values = HashMap::new();
        for (column, value) in self.target.partition_by.iter().zip(values) {
            // The log has the values; the names of directories only help people.
            let text = value.as_deref().unwrap_or("__HIVE_DEFAULT_PARTITION__");
            path.push(format!("{}={}", readable(column), readable(text)));
            partition_values.insert(column.clone(), value.clone());
        }
        let (number, count) = (self.number, self.started);
        let write = self.target.write.simple();
        path.push(format!("part-{number:05}-{write}-c{count:03}.zstd.parquet"));
        self.started += 1;
        OpenFile::try_new(&self.target, path.join("/"), partition_values)
    }

    /// Books the memory of the open files; finishes files early when there is not enough.
    async fn book(&mut self) -> Result<(), CatalogError> {
        loop {
            let size = self.open.values().map(OpenFile::memory_size).sum();
            match self.reservation.try_resize(size) {
                Ok(()) => return Ok(()),
                Err(error) if self.open.is_empty() => return Err(CatalogError::query(error)),
                Err(_) => self.relieve().await?,
            }
        }
    }

    /// Writes out what the largest file buffers, or finishes it when that is next to nothing.
    async fn relieve(&mut self) -> Result<(), CatalogError> {
        let largest = self.open.values_mut().max_by_key(|file| file.memory_size());
        match largest {
            Some(file) if file.has_rows_buffered() => file.flush(&self.target).await,
            _ => self.finish_largest().await,
        }
    }

    async fn finish_largest(&mut self) -> Result<(), CatalogError> {
        let largest = self.open.iter().max_by_key(|(_, file)| file.memory_size());
        let Some(values) = largest.map(|(values, _)| values.clone()) else {
            return Ok(());
        };
        if let Some(file) = self.open.remove(&values) {
            self.written.adds.push(file.finish(&self.target).await?);
        }
        Ok(())
    }

    async fn finish(mut self) -> Result<WrittenFiles, CatalogError> {
        let files = std::mem::take(&mut self.open);
        let mut finished = Vec::with_capacity(files.len());
        for (_, file) in files {
            finished.push(file.finish(&self.target).await);
        }
        for file in finished {
            self.written.adds.push(file?);
        }
        Ok(self.written)
    }

    async fn abort(self) {
        for (_, file) in self.open {
            file.abort().await;
        }
    }
}

/// Returns a text as a name of a directory, with what a path could not have replaced.
fn readable(text: &str) -> String {
    let plain = |letter: char| {
        if letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.') {
            letter
        } else {
            '_'
        }
    };
    text.chars().map(plain).collect()
}
