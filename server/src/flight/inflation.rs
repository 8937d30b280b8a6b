//! How large compressed rows become, which is known before they are.

use arrow::ipc::{self, root_as_message};
use arrow_flight::FlightData;
use godwit_engine::{Code, Error};

/// The bytes that the rows of one message may become.
const MAX_BYTES: u64 = 1 << 30;
/// What begins each compressed buffer: its length before it was compressed.
const PREFIX: usize = 8;

/// Refuses a message whose rows say that they are larger than memory should be asked for.
///
/// The decoder takes their word for it, and a process that asks for too much memory ends.
pub(super) fn check(data: &FlightData) -> Result<(), Error> {
    // What is no message is for the decoder to refuse.
    let Ok(message) = root_as_message(&data.data_header) else { return Ok(()) };
    let batch = message.header_as_record_batch();
    let batch = batch.or_else(|| message.header_as_dictionary_batch()?.data());
    let Some(batch) = batch.filter(|batch| batch.compression().is_some()) else { return Ok(()) };
    let buffers = batch.buffers().into_iter().flatten();
    let total = buffers.fold(0_u64, |total, buffer| {
        total.saturating_add(length(buffer, &data.data_body).unwrap_or(0))
    });
    if total <= MAX_BYTES {
        return Ok(());
    }
    let limit = MAX_BYTES >> 20;
    let message = format!("a batch of the rows that were sent is larger than {limit} MiB");
    Err(Error::new(Code::LimitExceeded, message).with_hint("Send smaller batches."))
}

/// Returns the length that a buffer had before it was compressed; nothing if it was not, or if it
/// is not in the message.
fn length(buffer: &ipc::Buffer, body: &[u8]) -> Option<u64> {
    let start = usize::try_from(buffer.offset()).ok()?;
    let prefix = body.get(start..)?.get(..PREFIX)?;
    let length = i64::from_le_bytes(prefix.try_into().ok()?);
    u64::try_from(length).ok()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int64Array, RecordBatch};
    use arrow::ipc::CompressionType;
    use arrow::ipc::writer::{
        DictionaryTracker, IpcDataGenerator, IpcWriteContext, IpcWriteOptions,
    };

    use super::*;

    fn message(compression: Option<CompressionType>) -> FlightData {
        let column: ArrayRef = Arc::new(Int64Array::from_iter_values(vec![7; 10_000]));
        let batch = RecordBatch::try_from_iter([("n", column)]).unwrap();
        let options = IpcWriteOptions::default().try_with_compression(compression).unwrap();
        let (_, encoded) = IpcDataGenerator::default()
            .encode(
                &batch,
                &mut DictionaryTracker::new(false),
                &options,
                &mut IpcWriteContext::default(),
            )
            .unwrap();
        encoded.into()
    }

    #[test]
    fn the_lengths_of_all_buffers_count() {
        for compression in [None, Some(CompressionType::LZ4_FRAME), Some(CompressionType::ZSTD)] {
            let sent = message(compression);
            check(&sent).unwrap();
            let packed = i64::from(10_000 * 8).to_le_bytes();
            let mut body = sent.data_body.to_vec();
            let Some(at) = body.windows(PREFIX).position(|bytes| bytes == packed) else {
                assert!(compression.is_none());
                continue;
            };
            body[at..at + PREFIX].copy_from_slice(&(1_i64 << 45).to_le_bytes());
            let refused = check(&FlightData { data_body: body.into(), ..sent }).unwrap_err();
            assert_eq!(refused.code, Code::LimitExceeded);
        }
    }
}
