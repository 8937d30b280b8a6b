//! The rule that reads rows of many bytes few at a time.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::datasource::physical_plan::{FileScanConfig, FileScanConfigBuilder};
use datafusion::datasource::source::DataSourceExec;
use datafusion::physical_expr::utils::collect_columns;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;

/// About so many bytes of rows are read together: few enough to stay at hand until they are done
/// with, and for the memory of the next rows to be that of the last.
const BYTES: usize = 4 << 20;
/// So many rows are read together at least.
const FEWEST: usize = 256;

/// Reads rows of many bytes, as boundaries are, in batches of fewer rows.
#[derive(Debug, Default)]
pub(crate) struct ReadWideRowsInSmallBatches;

impl PhysicalOptimizerRule for ReadWideRowsInSmallBatches {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let batch_size = config.execution.batch_size.get();
        let sized = plan.transform_up(|node| {
            let scan = node.downcast_ref::<DataSourceExec>();
            let scan = scan.and_then(|scan| scan.data_source().downcast_ref::<FileScanConfig>());
            let Some(scan) = scan.filter(|scan| scan.batch_size.is_none()) else {
                return Ok(Transformed::no(node));
            };
            let fitting = row_bytes(scan).map_or(batch_size, |bytes| BYTES / bytes.max(1));
            if fitting.max(FEWEST) >= batch_size {
                return Ok(Transformed::no(node));
            }
            let scan = FileScanConfigBuilder::from(scan.clone());
            let scan = scan.with_batch_size(Some(fitting.max(FEWEST))).build();
            Ok(Transformed::yes(DataSourceExec::from_data_source(scan) as _))
        })?;
        Ok(sized.data)
    }

    fn name(&self) -> &'static str {
        "read_wide_rows_in_small_batches"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Returns how many bytes of a row a scan reads, if the files say so.
fn row_bytes(scan: &FileScanConfig) -> Option<usize> {
    let statistics = scan.statistics();
    let row_count = *statistics.num_rows.get_value()?;
    let read =
        scan.file_source.projection()?.iter().flat_map(|column| collect_columns(&column.expr));
    let read: BTreeSet<usize> = read.map(|column| column.index()).collect();
    let bytes = read.into_iter().map(|column| {
        let column = statistics.column_statistics.get(column)?;
        column.byte_size.get_value().copied()
    });
    bytes.sum::<Option<usize>>()?.checked_div(row_count)
}
