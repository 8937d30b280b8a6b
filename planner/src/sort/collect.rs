//! The rows of all partitions while they are collected.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use arrow::array::RecordBatch;
use datafusion::common::Result;
use datafusion::common::runtime::SpawnedTask;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::MemoryReservation;
use datafusion::physical_expr::PhysicalSortExpr;
use futures::StreamExt as _;

use super::all;
use super::blocks::{self, Block};
use super::buckets::Buckets;
use super::keys::KeyColumn;
use super::ranking::Ranked;
use crate::gather::Gather;
use crate::memory::{bytes_of, is_exhausted};

/// What is booked for each row: it is in a bucket that may have grown, and then sorted.
const PER_ROW: usize = 2 * size_of::<Ranked>();
/// What is booked for each row and each column that is sorted by, whose keys may be computed.
const PER_KEY: usize = size_of::<u64>();
/// So many rows of a partition tell where buckets end; fewer stay where they are.
const MANY: usize = 1 << 19;
/// So many buckets rows are put together by.
const BUCKETS: usize = 256;

/// What was read of a partition.
pub(super) struct Partition {
    /// Rows that were put together.
    pub(super) blocks: Vec<Block>,
    /// The other rows.
    pub(super) batches: Vec<RecordBatch>,
    /// What was not read, since rows did not fit into memory.
    pub(super) rest: Option<SendableRecordBatchStream>,
}

/// What all partitions share while they are collected.
pub(super) struct Collecting {
    /// The column that is sorted by first.
    pub(super) column: PhysicalSortExpr,
    pub(super) column_count: usize,
    pub(super) gather: Gather,
    pub(super) reservation: Arc<MemoryReservation>,
    is_full: AtomicBool,
    /// What rows are put together by; nothing inside where that is not worthwhile.
    buckets: OnceLock<Option<Buckets>>,
}

impl Collecting {
    pub(super) fn new(
        column: PhysicalSortExpr,
        column_count: usize,
        gather: Gather,
        reservation: Arc<MemoryReservation>,
    ) -> Self {
        let (is_full, buckets) = (AtomicBool::new(false), OnceLock::new());
        Self { column, column_count, gather, reservation, is_full, buckets }
    }

    /// Returns what rows were put together by.
    pub(super) fn buckets(&self) -> Option<&Buckets> {
        self.buckets.get()?.as_ref()
    }

    /// Puts rows together, all of them if they are the rest of a partition.
    pub(super) fn put_together(&self, partition: &mut Partition, is_rest: bool) -> Result<()> {
        if let Some(buckets) = self.buckets() {
            let Partition { batches, blocks, .. } = partition;
            let column = &self.column;
            let made = blocks::put_together(batches, column, buckets, &self.gather, is_rest)?;
            blocks.extend(made);
        }
        Ok(())
    }

    /// Finds out what rows are put together by, from those of a partition.
    fn look_at(&self, batches: &[RecordBatch]) -> Result<()> {
        if self.buckets.get().is_some() {
            return Ok(());
        }
        let buckets = if blocks::is_worthwhile(batches) {
            let keys = KeyColumn::of(batches.iter().cloned(), &self.column)?;
            Some(Buckets::parting(&keys, BUCKETS))
        } else {
            None
        };
        // Another partition may have been quicker.
        let _ = self.buckets.set(buckets);
        Ok(())
    }

    /// Books memory; returns whether there is as much.
    fn book(&self, bytes: usize) -> Result<bool> {
        match self.reservation.try_grow(bytes) {
            Ok(()) => Ok(true),
            Err(error) if is_exhausted(&error) => {
                self.is_full.store(true, Ordering::Relaxed);
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }
}

/// Reads all partitions at once; none goes on when the rows of one do not fit into memory.
pub(super) async fn collect(
    inputs: Vec<SendableRecordBatchStream>,
    collecting: &Arc<Collecting>,
) -> Result<Vec<Partition>> {
    let read = |input| SpawnedTask::spawn(read(input, Arc::clone(collecting)));
    all(inputs.into_iter().map(read).collect()).await
}

async fn read(
    mut input: SendableRecordBatchStream,
    collecting: Arc<Collecting>,
) -> Result<Partition> {
    let per_row = PER_ROW + collecting.column_count * PER_KEY;
    let mut partition = Partition { blocks: Vec::new(), batches: Vec::new(), rest: None };
    let (mut row_count, mut has_room) = (0, false);
    while !collecting.is_full.load(Ordering::Relaxed) {
        let Some(batch) = input.next().await.transpose()? else { return Ok(partition) };
        if batch.num_rows() == 0 {
            continue;
        }
        row_count += batch.num_rows();
        let fits = collecting.book(bytes_of(&batch) + batch.num_rows() * per_row)?;
        partition.batches.push(batch);
        if fits && row_count >= MANY {
            collecting.look_at(&partition.batches)?;
        }
        if collecting.buckets().is_some() {
            // While a block is made, its rows are there twice.
            has_room = has_room || collecting.book(blocks::BYTES)?;
            if has_room {
                collecting.put_together(&mut partition, false)?;
            }
        }
    }
    partition.rest = Some(input);
    Ok(partition)
}
