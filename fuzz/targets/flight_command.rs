//! Any bytes as what a Flight SQL client asks for: refused, or a command that is written and read
//! to itself.
#![no_main]

use godwit_fuzz::{flight, print_panics};
use libfuzzer_sys::fuzz_target;
use prost::Message as _;

fuzz_target!(
    init: print_panics(),
    |bytes: &[u8]| {
        if let Some(command) = flight::command(bytes) {
            let written = command.clone().into_any().encode_to_vec();
            assert_eq!(flight::command(&written), Some(command));
        }
        if let Some(written) = flight::session_options(bytes) {
            let again = flight::session_options(&written).expect("our own message");
            // Names are in no order.
            assert_eq!(again.len(), written.len());
        }
    }
);
