//! Any bytes as the messages of an upload: refused, or rows that are sound all through.
#![no_main]

use arrow::array::Array as _;
use godwit_fuzz::{flight, print_panics};
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: print_panics(),
    |bytes: &[u8]| {
        for batch in flight::rows(bytes) {
            for column in batch.columns() {
                column.to_data().validate_full().expect("what is read is sound");
            }
        }
    }
);
