//! How large compressed rows become, which is known before they are.

use arrow::ipc::{self, CompressionType, root_as_message};
use arrow_flight::FlightData;
use godwit_engine::{Code, Error};

use super::lz4::most_bytes;

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
    let Some(batch) = batch else { return Ok(()) };
    let Some(compression) = batch.compression() else { return Ok(()) };
    let is_lz4 = compression.codec() == CompressionType::LZ4_FRAME;
    let buffers = batch.buffers().into_iter().flatten();
    let total = buffers.fold(0_u64, |total, buffer| {
        total.saturating_add(length(buffer, &data.data_body, is_lz4).unwrap_or(0))
    });
    if total <= MAX_BYTES {
        return Ok(());
    }
    let limit = MAX_BYTES >> 20;
    let message = format!("a batch of the rows that were sent is larger than {limit} MiB");
    Err(Error::new(Code::LimitExceeded, message).with_hint("Send smaller batches."))
}

/// Returns the length that a buffer had before it was compressed; nothing if it was not, or if it
/// is not in the message. The decoder of LZ4 goes on behind that length, so that there the blocks
/// count as well.
fn length(buffer: &ipc::Buffer, body: &[u8], is_lz4: bool) -> Option<u64> {
    let start = usize::try_from(buffer.offset()).ok()?;
    let (prefix, compressed) = body.get(start..)?.split_first_chunk::<PREFIX>()?;
    let claimed = u64::try_from(i64::from_le_bytes(*prefix)).ok()?;
    let size = usize::try_from(buffer.length()).ok()?.saturating_sub(PREFIX);
    let compressed = compressed.get(..size).unwrap_or(compressed);
    Some(if is_lz4 { claimed.max(most_bytes(compressed)) } else { claimed })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int64Array, RecordBatch};
    use arrow::ipc::writer::{
        DictionaryTracker, IpcDataGenerator, IpcWriteContext, IpcWriteOptions,
    };

    use super::*;

    fn message(
        values: impl IntoIterator<Item = i64>,
        compression: Option<CompressionType>,
    ) -> FlightData {
        let column: ArrayRef = Arc::new(Int64Array::from_iter_values(values));
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
    fn blocks_of_lz4_count_whatever_the_length_says() {
        // Noise, of which every number comes twice.
        let noise =
            (0..800_000_i64).map(|n| (n / 2).wrapping_mul(0x5851_F42D_4C95_7F2D).rotate_left(29));
        let sent = message(noise, Some(CompressionType::LZ4_FRAME));
        check(&sent).unwrap();
        let mut body = sent.data_body.to_vec();
        let magic = 0x184D_2204_u32.to_le_bytes();
        let frame = body.windows(4).position(|bytes| bytes == magic).unwrap();
        // Blocks of 4 MiB of one byte each in the place of those there are.
        let room = body.split_off(frame).len();
        body.extend(magic);
        body.extend([0x60, 0x70, 0]);
        let block = [&16_500_u32.to_le_bytes()[..], &vec![0; 16_500]].concat();
        body.extend(block.repeat(room / block.len()));
        let refused = check(&FlightData { data_body: body.into(), ..sent }).unwrap_err();
        assert_eq!(refused.code, Code::LimitExceeded);
    }

    #[test]
    fn the_lengths_of_all_buffers_count() {
        for compression in [None, Some(CompressionType::LZ4_FRAME), Some(CompressionType::ZSTD)] {
            let sent = message(vec![7; 10_000], compression);
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
