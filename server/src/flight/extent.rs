//! Whether the buffers that a message speaks of lie in it.

use arrow::ipc::{Buffer, root_as_message};
use arrow_flight::FlightData;
use godwit_engine::{Code, Error};

/// Refuses a message with a buffer that is not in it, at which the decoder panics.
pub(super) fn check(data: &FlightData) -> Result<(), Error> {
    // What is no message is for the decoder to refuse.
    let Ok(message) = root_as_message(&data.data_header) else { return Ok(()) };
    let batch = message.header_as_record_batch();
    let batch = batch.or_else(|| message.header_as_dictionary_batch()?.data());
    let mut buffers = batch.and_then(|batch| batch.buffers()).into_iter().flatten();
    if buffers.all(|buffer| is_within(buffer, data.data_body.len())) {
        return Ok(());
    }
    Err(Error::new(Code::InvalidParameter, "the rows that were sent are not all in their message"))
}

fn is_within(buffer: &Buffer, length: usize) -> bool {
    let start = usize::try_from(buffer.offset());
    let size = usize::try_from(buffer.length());
    let (Ok(start), Ok(size)) = (start, size) else { return false };
    start.checked_add(size).is_some_and(|end| end <= length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_end_where_the_message_does() {
        assert!(is_within(&Buffer::new(0, 8), 8));
        assert!(is_within(&Buffer::new(8, 0), 8));
        for (offset, length) in [(0, 9), (8, 1), (-1, 1), (0, -1), (i64::MAX, i64::MAX)] {
            assert!(!is_within(&Buffer::new(offset, length), 8), "{offset} {length}");
        }
    }
}
