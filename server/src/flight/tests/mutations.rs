//! Messages changed at random: each is answered, none with a fault of the server.
//!
//! `GODWIT_MUTATIONS` sets how many are sent; the same number always means the same messages.

use std::sync::Arc;
use std::time::Duration;

use arrow::array::{
    ArrayRef, BinaryArray, DictionaryArray, Float64Array, Int64Array, ListArray, RecordBatch,
    StringArray, StringViewArray, StructArray,
};
use arrow::datatypes::{Field, Int32Type, Int64Type};
use arrow::ipc::CompressionType;
use arrow::ipc::writer::{DictionaryTracker, IpcDataGenerator, IpcWriteContext, IpcWriteOptions};
use arrow_flight::flight_service_client::FlightServiceClient;
use arrow_flight::sql::{
    ActionCreatePreparedStatementRequest, Any, CommandGetDbSchemas, CommandGetSqlInfo,
    CommandGetTables, CommandGetXdbcTypeInfo, CommandPreparedStatementQuery,
    CommandStatementIngest, CommandStatementQuery, CommandStatementUpdate, ProstMessageExt,
    TableDefinitionOptions,
};
use arrow_flight::{Action, FlightData, FlightDescriptor, SchemaAsIpc};
use futures::stream;
use prost::Message as _;
use tonic::Code;

use super::*;
use crate::flight::prepared::CreatedStatement;

const DEFAULT_COUNT: u64 = 1500;
const PATIENCE: Duration = Duration::from_secs(20);

/// Numbers that look random and are the same each time (xorshift64*).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap() % limit.max(1)
    }

    fn of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// Returns the bytes with some of them changed, gone, doubled or put elsewhere.
    fn changed(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            let end = (at + 1 + self.below(8)).min(bytes.len());
            match self.below(6) {
                _ if bytes.is_empty() => bytes.push(0),
                0 => bytes[at] ^= 1 << self.below(8),
                1 => bytes[at..end].fill(*self.of(&[0, 1, 0x7f, 0x80, 0xff])),
                2 => drop(bytes.drain(at..end)),
                3 => bytes.truncate(at),
                4 => {
                    let copy = bytes[at..end].to_vec();
                    let to = self.below(bytes.len());
                    bytes.splice(to..to, copy);
                }
                _ => bytes[at] = u8::try_from(self.below(256)).unwrap(),
            }
        }
        bytes
    }
}

fn packed(message: &impl ProstMessageExt) -> Vec<u8> {
    message.as_any().encode_to_vec()
}

fn commands() -> Vec<Vec<u8>> {
    let query = |query: &str| {
        packed(&CommandStatementQuery { query: query.to_owned(), transaction_id: None })
    };
    vec![
        query("SELECT 1 AS n, 'x' AS t, ST_Point(1, 2) AS geom"),
        query("SELECT value FROM generate_series(1, 100) ORDER BY 1 DESC LIMIT 5"),
        packed(&CommandGetTables {
            db_schema_filter_pattern: Some("pub%".to_owned()),
            table_types: vec!["TABLE".to_owned()],
            include_schema: true,
            ..CommandGetTables::default()
        }),
        packed(&CommandGetDbSchemas { catalog: Some("godwit".to_owned()), ..Default::default() }),
        packed(&CommandGetSqlInfo { info: vec![0, 8, 541, 576] }),
        packed(&CommandGetXdbcTypeInfo { data_type: Some(12) }),
    ]
}

/// Returns a schema with a batch, as a client sends them.
fn uploads() -> Vec<Vec<FlightData>> {
    let words = ["a", "bc", "a", "a string that is not inlined", ""];
    let lists = ListArray::from_iter_primitive::<Int64Type, _, _>([
        Some(vec![Some(1), None]),
        None,
        Some(vec![]),
        Some(vec![Some(7)]),
        Some(vec![Some(8), Some(9)]),
    ]);
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None, Some(3), Some(4), None]));
    let fields = Arc::new(Field::new("n", numbers.data_type().clone(), true));
    let columns: [(&str, ArrayRef); 8] = [
        ("0", Arc::new(StructArray::from(vec![(fields, Arc::clone(&numbers))]))),
        ("1", numbers),
        ("2", Arc::new(StringArray::from(words.to_vec()))),
        ("3", Arc::new(StringViewArray::from(words.to_vec()))),
        ("4", Arc::new(words.into_iter().collect::<DictionaryArray<Int32Type>>())),
        ("5", Arc::new(BinaryArray::from_vec(words.iter().map(|word| word.as_bytes()).collect()))),
        ("6", Arc::new(Float64Array::from(vec![0.5, f64::NAN, -0.0, 1e300, 2.0]))),
        ("7", Arc::new(lists)),
    ];
    let mut uploads = Vec::new();
    for compression in [None, Some(CompressionType::LZ4_FRAME), Some(CompressionType::ZSTD)] {
        for column in &columns {
            let batch = RecordBatch::try_from_iter([column.clone()]).unwrap();
            let options = IpcWriteOptions::default().try_with_compression(compression).unwrap();
            let mut tracker = DictionaryTracker::new(false);
            let mut context = IpcWriteContext::default();
            let mut messages: Vec<FlightData> =
                vec![SchemaAsIpc::new(&batch.schema(), &options).into()];
            let (dictionaries, rows) = IpcDataGenerator::default()
                .encode(&batch, &mut tracker, &options, &mut context)
                .unwrap();
            messages.extend(dictionaries.into_iter().map(FlightData::from));
            messages.push(rows.into());
            uploads.push(messages);
        }
    }
    uploads
}

type Raw = FlightServiceClient<Channel>;

async fn drained<T>(
    answer: Result<tonic::Response<tonic::Streaming<T>>, Status>,
) -> Result<(), Status> {
    let mut stream = answer?.into_inner();
    while stream.message().await?.is_some() {}
    Ok(())
}

/// Sends one changed message.
async fn send(client: &mut Raw, dice: &mut Dice, seeds: &Seeds) -> (String, Result<(), Status>) {
    let descriptor = |bytes: Vec<u8>| FlightDescriptor::new_cmd(bytes);
    match dice.below(8) {
        0 => {
            let bytes = dice.of(&seeds.commands).clone();
            let bytes = dice.changed(&bytes);
            let name = format!("GetFlightInfo {bytes:?}");
            (name, client.get_flight_info(descriptor(bytes)).await.map(drop))
        }
        1 => {
            let bytes = dice.of(&seeds.tickets).clone();
            let bytes = dice.changed(&bytes);
            let name = format!("DoGet {bytes:?}");
            (name, drained(client.do_get(Ticket { ticket: bytes.into() }).await).await)
        }
        2 => {
            let bytes = dice.of(&seeds.commands).clone();
            let bytes = dice.changed(&bytes);
            let name = format!("GetSchema {bytes:?}");
            (name, client.get_schema(descriptor(bytes)).await.map(drop))
        }
        3 => {
            let (kind, body) = dice.of(&seeds.actions).clone();
            let body = dice.changed(&body);
            let name = format!("DoAction {kind} {body:?}");
            let action = Action { r#type: kind, body: body.into() };
            (name, drained(client.do_action(action).await).await)
        }
        kind => {
            let puts = if kind < 6 { &seeds.puts[..1] } else { &seeds.puts[..] };
            let mut messages = dice.of(&seeds.uploads).clone();
            let index = dice.below(messages.len());
            let message = &mut messages[index];
            if dice.below(3) == 0 {
                message.data_body = dice.changed(&message.data_body).into();
            } else {
                message.data_header = dice.changed(&message.data_header).into();
            }
            let name = format!("DoPut {messages:?}");
            messages[0].flight_descriptor = Some(descriptor(dice.of(puts).clone()));
            (name, drained(client.do_put(stream::iter(messages)).await).await)
        }
    }
}

struct Seeds {
    commands: Vec<Vec<u8>>,
    tickets: Vec<Vec<u8>>,
    actions: Vec<(String, Vec<u8>)>,
    /// What begins an upload; the first binds values to a prepared statement.
    puts: Vec<Vec<u8>>,
    uploads: Vec<Vec<FlightData>>,
}

impl Seeds {
    async fn of(client: &mut Raw) -> Self {
        let commands = commands();
        let mut tickets = commands.clone();
        for command in &commands {
            let descriptor = FlightDescriptor::new_cmd(command.clone());
            let info = client.get_flight_info(descriptor).await.unwrap().into_inner();
            tickets.push(ticket(&info).ticket.to_vec());
        }
        let prepare = ActionCreatePreparedStatementRequest {
            query: "SELECT ? AS v".to_owned(),
            transaction_id: None,
        };
        let prepare = ("CreatePreparedStatement".to_owned(), packed(&prepare));
        let action = Action { r#type: prepare.0.clone(), body: prepare.1.clone().into() };
        let mut answer = client.do_action(action).await.unwrap().into_inner();
        let result = Any::decode(answer.message().await.unwrap().unwrap().body).unwrap();
        let created = CreatedStatement::decode(result.value).unwrap();
        let handle = created.prepared_statement_handle;
        let bind = packed(&CommandPreparedStatementQuery { prepared_statement_handle: handle });
        let ingest = CommandStatementIngest {
            table_definition_options: Some(TableDefinitionOptions {
                if_not_exist: 1,
                if_exists: 3,
            }),
            table: "mutated".to_owned(),
            temporary: true,
            ..CommandStatementIngest::default()
        };
        let update = CommandStatementUpdate { query: "SELECT 1".to_owned(), transaction_id: None };
        let cancel = ("CancelFlightInfo".to_owned(), tickets[6].clone());
        let option =
            ("SetSessionOptions".to_owned(), b"\x0a\x0d\x0a\x06schema\x12\x03\x0a\x01a".to_vec());
        let close = ("ClosePreparedStatement".to_owned(), bind.clone());
        Self {
            puts: vec![bind.clone(), packed(&ingest), packed(&update)],
            uploads: uploads(),
            commands: [commands, vec![bind]].concat(),
            tickets,
            actions: vec![prepare, cancel, option, close],
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_changed_message_is_answered() {
    let server = TestServer::start().await;
    let mut client = FlightServiceClient::new(server.channel().await);
    let seeds = Seeds::of(&mut client).await;
    #[expect(clippy::disallowed_methods, reason = "a test may be asked to do more")]
    let count = std::env::var("GODWIT_MUTATIONS").ok().and_then(|text| text.parse().ok());
    for number in 1..=count.unwrap_or(DEFAULT_COUNT) {
        let mut dice = Dice(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let sent = tokio::time::timeout(PATIENCE, Box::pin(send(&mut client, &mut dice, &seeds)));
        let (name, answer) = sent.await.unwrap_or_else(|_| panic!("{number} is not answered"));
        let Err(status) = answer else { continue };
        let is_fault = matches!(
            status.code(),
            Code::Internal | Code::Unknown | Code::Unavailable | Code::DataLoss
        );
        assert!(!is_fault, "{number}: {name}: {status:?}");
    }
    assert_eq!(count_of(&server).await, 1);
}

async fn count_of(server: &TestServer) -> i64 {
    count(&mut server.connect().await, "SELECT 1").await
}
