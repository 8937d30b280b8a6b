//! The rows of all partitions while they are collected.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::RecordBatch;
use datafusion::common::Result;
use datafusion::common::runtime::SpawnedTask;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::MemoryReservation;
use futures::StreamExt as _;

use super::all;
use super::ranking::Ranked;
use crate::memory::{bytes_of, is_exhausted};

/// What is booked for each row: it is in a bucket that may have grown, and then sorted.
const PER_ROW: usize = 2 * size_of::<Ranked>();
/// What is booked for each row and each column that is sorted by, whose keys may be computed.
const PER_KEY: usize = size_of::<u64>();

/// What was read of a partition.
pub(super) struct Partition {
    pub(super) batches: Vec<RecordBatch>,
    /// What was not read, since rows did not fit into memory.
    pub(super) rest: Option<SendableRecordBatchStream>,
}

/// Reads all partitions at once; none goes on when the rows of one do not fit into memory.
pub(super) async fn collect(
    inputs: Vec<SendableRecordBatchStream>,
    column_count: usize,
    reservation: &Arc<MemoryReservation>,
) -> Result<Vec<Partition>> {
    let is_full = Arc::new(AtomicBool::new(false));
    let tasks: Vec<_> = inputs
        .into_iter()
        .map(|input| {
            let (reservation, is_full) = (Arc::clone(reservation), Arc::clone(&is_full));
            SpawnedTask::spawn(read(input, column_count, reservation, is_full))
        })
        .collect();
    all(tasks).await
}

async fn read(
    mut input: SendableRecordBatchStream,
    column_count: usize,
    reservation: Arc<MemoryReservation>,
    is_full: Arc<AtomicBool>,
) -> Result<Partition> {
    let per_row = PER_ROW + column_count * PER_KEY;
    let mut batches = Vec::new();
    while !is_full.load(Ordering::Relaxed) {
        let Some(batch) = input.next().await.transpose()? else {
            return Ok(Partition { batches, rest: None });
        };
        if batch.num_rows() == 0 {
            continue;
        }
        let booked = reservation.try_grow(bytes_of(&batch) + batch.num_rows() * per_row);
        batches.push(batch);
        match booked {
            Ok(()) => {}
            Err(error) if is_exhausted(&error) => is_full.store(true, Ordering::Relaxed),
            Err(error) => return Err(error),
        }
    }
    Ok(Partition { batches, rest: Some(input) })
}
