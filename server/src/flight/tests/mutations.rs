//! Changed bytes through the decoders and through a server: whatever a client sends is read or
//! refused.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, DictionaryArray, Int64Array, ListArray, NullArray,
    RecordBatch, StringArray, StringViewArray, StructArray,
};
use arrow::datatypes::{Field, Int32Type};
use arrow::ipc::CompressionType;
use arrow::ipc::writer::IpcWriteOptions;
use arrow_flight::encode::FlightDataEncoderBuilder;
use arrow_flight::sql::{
    Any, CommandGetDbSchemas, CommandGetTables, CommandPreparedStatementQuery,
    CommandStatementIngest, CommandStatementQuery, ProstMessageExt as _, TableDefinitionOptions,
};
use arrow_flight::utils::batches_to_flight_data;
use arrow_flight::{Action, FlightData, FlightDescriptor, Ticket};
use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use godwit_engine::Code;
use prost::Message as _;
use tonic::Status;

use super::TestServer;
use crate::flight::command;
use crate::flight::upload::Upload;

/// How often each seed is changed.
const ROUNDS: usize = 2000;
/// How often each is changed where a server answers.
const CALLS: usize = 60;

/// A sequence of numbers without a pattern that a decoder would know.
struct Noise(u64);

impl Noise {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (end.max(1) as u64)).unwrap()
    }

    /// Returns the bytes with one to four of them changed, moved, added or cut off.
    fn change(&mut self, bytes: &[u8]) -> Bytes {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            match self.below(6) {
                _ if bytes.is_empty() => bytes.push(0),
                0 => bytes[at] ^= 1 << self.below(8),
                1 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][self.below(5)],
                2 => bytes.truncate(at),
                3 => bytes.insert(at, u8::try_from(self.below(256)).unwrap()),
                4 => {
                    let end = (at + 8).min(bytes.len());
                    bytes[at..end].fill([0, 0xff][self.below(2)]);
                }
                _ => {
                    let other = self.below(bytes.len());
                    bytes.swap(at, other);
                }
            }
        }
        bytes.into()
    }
}

fn commands() -> Vec<Vec<u8>> {
    let text = || Some("godwit".to_owned());
    let commands = [
        CommandStatementQuery { query: "SELECT 1".to_owned(), transaction_id: None }.as_any(),
        CommandGetDbSchemas { catalog: text(), db_schema_filter_pattern: text() }.as_any(),
        CommandGetTables {
            catalog: text(),
            table_types: vec!["VIEW".into()],
            ..Default::default()
        }
        .as_any(),
        CommandPreparedStatementQuery { prepared_statement_handle: Bytes::from_static(b"handle") }
            .as_any(),
        CommandStatementIngest { table: "t".to_owned(), temporary: true, ..Default::default() }
            .as_any(),
    ];
    commands.iter().map(Any::encode_to_vec).collect()
}

#[test]
fn changed_commands_are_read_or_refused() {
    let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
    let (mut read, mut refused) = (0, 0);
    for seed in commands() {
        assert!(command::of_bytes(&seed.clone().into()).is_ok());
        for _ in 0..ROUNDS {
            match command::of_bytes(&noise.change(&seed)) {
                Ok(_) => read += 1,
                Err(_) => refused += 1,
            }
        }
    }
    assert!(read > 0 && refused > 0, "{read} read, {refused} refused");
}

/// Fails unless a call was answered, or refused as one that the client has to change.
fn assert_answered<T>(answer: Result<T, Status>) {
    let Err(refused) = answer else { return };
    let faults = [tonic::Code::Internal, tonic::Code::Unknown, tonic::Code::Unavailable];
    assert!(!faults.contains(&refused.code()), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_calls_are_answered() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let client = client.inner_mut();
    let mut noise = Noise(0x6c07_8965_5a9d_1b35);
    for seed in commands() {
        for _ in 0..CALLS {
            let changed = noise.change(&seed);
            let descriptor = FlightDescriptor::new_cmd(changed.clone());
            assert_answered(client.get_flight_info(descriptor.clone()).await);
            assert_answered(client.get_schema(descriptor).await);
            assert_answered(client.do_get(Ticket { ticket: changed.clone() }).await);
            for name in ["CreatePreparedStatement", "CancelFlightInfo", "SetSessionOptions"] {
                let action = Action { r#type: name.to_owned(), body: changed.clone() };
                assert_answered(client.do_action(action).await);
            }
        }
    }
    assert_answered(client.get_flight_info(FlightDescriptor::new_cmd("SELECT 1")).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_uploads_are_answered() {
    let server = TestServer::start().await;
    let mut client = server.connect().await;
    let client = client.inner_mut();
    let mut noise = Noise(0x1d87_2b41_d4f3_09e7);
    let create_or_replace = TableDefinitionOptions { if_not_exist: 1, if_exists: 3 };
    let ingest = CommandStatementIngest {
        table: "t".to_owned(),
        table_definition_options: Some(create_or_replace),
        ..Default::default()
    };
    let descriptor = FlightDescriptor::new_cmd(ingest.as_any().encode_to_vec());
    for compression in [None, Some(CompressionType::LZ4_FRAME)] {
        let mut seed = messages(compression).await;
        seed[0].flight_descriptor = Some(descriptor.clone());
        for _ in 0..CALLS {
            let changed = changed(&mut noise, &seed);
            assert_answered(client.do_put(stream::iter(changed)).await);
        }
        assert!(client.do_put(stream::iter(seed)).await.is_ok());
    }
}

/// Returns the messages with the head or the body of one changed.
fn changed(noise: &mut Noise, seed: &[FlightData]) -> Vec<FlightData> {
    let mut changed = seed.to_vec();
    let at = noise.below(changed.len());
    let message = &mut changed[at];
    if noise.below(2) == 0 {
        message.data_header = noise.change(&message.data_header);
    } else {
        message.data_body = noise.change(&message.data_body);
    }
    changed
}

fn rows() -> RecordBatch {
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None, Some(3)]));
    let flags: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)]));
    let lists = ListArray::from_iter_primitive::<Int32Type, _, _>(vec![
        Some(vec![Some(1), None]),
        None,
        Some(vec![]),
    ]);
    let names: DictionaryArray<Int32Type> = vec!["a", "b", "a"].into_iter().collect();
    let field = Arc::new(Field::new("n", numbers.data_type().clone(), true));
    let long = "a text that does not fit into a view";
    let columns: [(&str, ArrayRef); 8] = [
        ("number", Arc::clone(&numbers)),
        ("flag", flags),
        ("text", Arc::new(StringArray::from(vec![Some("\u{e4}"), None, Some("bc")]))),
        ("view", Arc::new(StringViewArray::from(vec![Some(long), None, Some("short")]))),
        ("bytes", Arc::new(BinaryArray::from(vec![Some(&b"\x00\xff"[..]), None, Some(b"")]))),
        ("list", Arc::new(lists)),
        ("name", Arc::new(names)),
        ("struct", Arc::new(StructArray::from(vec![(field, numbers)]))),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

async fn messages(compression: Option<CompressionType>) -> Vec<FlightData> {
    let options = IpcWriteOptions::default().try_with_compression(compression).unwrap();
    FlightDataEncoderBuilder::new()
        .with_options(options)
        .build(stream::iter([Ok(rows()), Ok(rows())]))
        .try_collect()
        .await
        .unwrap()
}

/// Reads rows to their end; returns whether all were read.
async fn is_read(messages: Vec<FlightData>) -> bool {
    let Ok(Some((_, upload))) = Upload::begin(stream::iter(messages.into_iter().map(Ok))).await
    else {
        return false;
    };
    let mut rows = upload.rows();
    while let Some(batch) = rows.next().await {
        let Ok(batch) = batch else { return false };
        for column in batch.columns() {
            column.to_data().validate_full().expect("what is read is sound");
        }
    }
    true
}

#[tokio::test]
async fn changed_rows_are_read_or_refused() {
    let mut noise = Noise(0x2545_f491_4f6c_dd1d);
    for compression in [None, Some(CompressionType::LZ4_FRAME), Some(CompressionType::ZSTD)] {
        let seed = messages(compression).await;
        assert!(is_read(seed.clone()).await);
        let (mut read, mut refused) = (0, 0);
        for _ in 0..ROUNDS {
            if is_read(changed(&mut noise, &seed)).await {
                read += 1;
            } else {
                refused += 1;
            }
        }
        assert!(read > 0 && refused > 0, "{read} read, {refused} refused");
    }
}

/// Returns the lengths of the batches that the engine is given of so many nulls in one message.
async fn lengths(rows: usize) -> Vec<Result<usize, Code>> {
    let nulls: ArrayRef = Arc::new(NullArray::new(rows));
    let batch = RecordBatch::try_from_iter([("n", nulls)]).unwrap();
    let messages = batches_to_flight_data(&batch.schema(), vec![batch]).unwrap();
    let upload = Upload::begin(stream::iter(messages.into_iter().map(Ok))).await.unwrap();
    let (_, upload) = upload.unwrap();
    let lengths = upload.rows().map_ok(|batch| batch.num_rows()).map_err(|error| error.code);
    lengths.collect().await
}

#[tokio::test]
async fn rows_that_take_no_bytes_come_in_pieces_and_not_without_end() {
    assert_eq!(lengths(3).await, [Ok(3)]);
    let pieces: Result<Vec<_>, _> = lengths(1_000_000).await.into_iter().collect();
    let pieces = pieces.unwrap();
    assert_eq!(pieces.iter().sum::<usize>(), 1_000_000);
    assert!(pieces.iter().all(|rows| *rows <= 1 << 17), "{pieces:?}");
    assert_eq!(lengths(1 << 40).await, [Err(Code::LimitExceeded)]);
}
