//! What is known of memory.

use arrow::array::{Array as _, RecordBatch};
use arrow::buffer::Buffer;
use arrow::datatypes::DataType;
use datafusion::common::DataFusionError;
use datafusion::common::utils::memory::get_record_batch_memory_size;

/// Returns the bytes of a batch without those of others in the same buffer, as batches that come
/// from disk are.
pub(crate) fn bytes_of(batch: &RecordBatch) -> usize {
    let own = batch.columns().iter().map(|column| {
        let data = column.to_data();
        let behind_views: usize = match data.data_type() {
            DataType::BinaryView | DataType::Utf8View => {
                data.buffers().iter().skip(1).map(Buffer::len).sum()
            }
            _ => 0,
        };
        data.get_slice_memory_size().map_or(usize::MAX, |size| size + behind_views)
    });
    own.fold(0, usize::saturating_add).min(get_record_batch_memory_size(batch))
}

/// Returns whether an error says that there is not enough memory.
pub(crate) fn is_exhausted(error: &DataFusionError) -> bool {
    matches!(error.find_root(), DataFusionError::ResourcesExhausted(_))
}
