//! The sort of rows that fit into memory, by normalized keys.
//!
//! All partitions are collected. The first column that is sorted by becomes a number for each row
//! whose order is that of the column (Graefe, "Implementing Sorting in Database Systems", 2006).
//! The numbers are divided into buckets, and each bucket is sorted for itself together with the
//! places of the rows; the other columns are only looked at where numbers are equal. As the buckets
//! are done, their rows are put together in their order, several batches at a time. Many small rows
//! are brought next to those of their bucket already when they come. Rows that do not fit are handed
//! over to the sort of the query engine.

mod blocks;
mod buckets;
mod collect;
mod exec;
mod handover;
mod keys;
mod ranking;
mod rule;
mod sorted;

#[cfg(test)]
mod tests;

use datafusion::common::runtime::SpawnedTask;
use datafusion::common::{DataFusionError, Result};

pub use exec::KeySortExec;
pub(crate) use rule::UseKeySort;

/// Returns what a task returns.
async fn joined<T: Send + 'static>(task: SpawnedTask<Result<T>>) -> Result<T> {
    let joined = task.join_unwind().await;
    joined.map_err(|error| DataFusionError::ExecutionJoin(Box::new(error)))?
}

/// Returns what tasks return.
async fn all<T: Send + 'static>(tasks: Vec<SpawnedTask<Result<T>>>) -> Result<Vec<T>> {
    let mut results = Vec::with_capacity(tasks.len());
    for task in tasks {
        results.push(joined(task).await?);
    }
    Ok(results)
}
