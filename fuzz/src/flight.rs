//! The decoders of what Flight SQL clients send, built from the files of the server.
//!
//! They are taken by their paths and see a stand-in of the engine (`fuzz/engine`), so that a build
//! for fuzzing is one of Arrow, gRPC and these files.

#[allow(dead_code, reason = "the server uses all of it")]
#[path = "../../server/src/flight/command.rs"]
mod command;
#[path = "../../server/src/flight/extent.rs"]
mod extent;
#[path = "../../server/src/flight/inflation.rs"]
mod inflation;
#[path = "../../server/src/flight/lz4.rs"]
mod lz4;
#[allow(dead_code, reason = "the server uses all of it")]
#[path = "../../server/src/flight/session_messages.rs"]
mod session_messages;
#[path = "../../server/src/flight/upload.rs"]
mod upload;

use arrow::array::RecordBatch;
use arrow_flight::FlightData;
use arrow_flight::sql::Command;
use futures::executor::block_on;
use futures::{StreamExt as _, stream};
use prost::Message as _;

use self::session_messages::SessionOptions;
use self::upload::Upload;

/// Stands for the failures of the server.
mod status {
    #[derive(Debug)]
    pub(super) struct Failure;

    impl Failure {
        pub(super) fn invalid(_message: impl Into<String>) -> Self {
            Self
        }

        pub(super) fn unsupported(_message: impl Into<String>) -> Self {
            Self
        }
    }
}

/// Returns the command that a descriptor or a ticket holds, unless it is refused.
pub fn command(bytes: &[u8]) -> Option<Command> {
    command::of_bytes(&bytes.to_vec().into()).ok()
}

/// Returns the bytes of session options as they are written again, unless they are refused.
pub fn session_options(bytes: &[u8]) -> Option<Vec<u8>> {
    SessionOptions::decode(bytes).ok().map(|options| options.encode_to_vec())
}

/// Returns the rows that messages bring, each with its length in front, up to what is refused.
pub fn rows(mut bytes: &[u8]) -> Vec<RecordBatch> {
    let mut messages = Vec::new();
    while let Ok(message) = FlightData::decode_length_delimited(&mut bytes) {
        messages.push(Ok(message));
    }
    block_on(async {
        let Ok(Some((_, upload))) = Upload::begin(stream::iter(messages)).await else {
            return Vec::new();
        };
        let rows = upload.rows().take_while(|batch| std::future::ready(batch.is_ok()));
        rows.filter_map(|batch| std::future::ready(batch.ok())).collect().await
    })
}
