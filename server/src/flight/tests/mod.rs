//! The service over a socket, with the client of the protocol crate.

mod metadata;
mod mutations;
mod plannings;
mod polling;
mod security;
mod sessions;
mod statements;
mod unsupported;

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use arrow_flight::sql::client::FlightSqlServiceClient;
use arrow_flight::{FlightInfo, IpcMessage, Ticket};
use futures::TryStreamExt as _;
use godwit_config::{Auth, Config};
use godwit_engine::Engine;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::Status;
use tonic::transport::{Channel, Server};

use super::{FlightOptions, router};
use crate::auth::Authenticator;

/// A server on a free port, which ends with the test.
struct TestServer {
    url: String,
    engine: Engine,
    _tasks: JoinSet<()>,
    _data: tempfile::TempDir,
}

impl TestServer {
    async fn start() -> Self {
        Self::start_with(Auth::default()).await
    }

    async fn start_with(auth: Auth) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.storage.data_dir = data.path().join("data");
        let engine = Box::pin(Engine::start(&config)).await.unwrap();
        let authenticator = Arc::new(Authenticator::from_config(&auth).unwrap());
        let (service, connections) =
            router(engine.clone(), authenticator, FlightOptions::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let incoming = connections.watch(TcpListenerStream::new(listener));
            Server::builder().add_service(service).serve_with_incoming(incoming).await.unwrap();
        });
        Self { url, engine, _tasks: tasks, _data: data }
    }

    async fn connect(&self) -> FlightSqlServiceClient<Channel> {
        FlightSqlServiceClient::new(self.channel().await)
    }

    async fn channel(&self) -> Channel {
        Channel::from_shared(self.url.clone()).unwrap().connect().await.unwrap()
    }
}

type Client = FlightSqlServiceClient<Channel>;

fn ticket(info: &FlightInfo) -> Ticket {
    assert_eq!(info.endpoint.len(), 1);
    assert!(info.endpoint[0].location.is_empty());
    info.endpoint[0].ticket.clone().unwrap()
}

async fn fetch(client: &mut Client, info: &FlightInfo) -> (SchemaRef, Vec<RecordBatch>) {
    let mut stream = client.do_get(ticket(info)).await.unwrap();
    let mut batches = Vec::new();
    while let Some(batch) = stream.try_next().await.unwrap() {
        batches.push(batch);
    }
    (Arc::clone(stream.schema().unwrap()), batches)
}

async fn query(client: &mut Client, sql: &str) -> Vec<RecordBatch> {
    let info = client.execute(sql.to_owned(), None).await.unwrap();
    fetch(client, &info).await.1
}

async fn count(client: &mut Client, sql: &str) -> i64 {
    use arrow::array::AsArray as _;
    let batches = query(client, sql).await;
    batches[0].column(0).as_primitive::<arrow::datatypes::Int64Type>().value(0)
}

fn info_schema(info: &FlightInfo) -> Schema {
    Schema::try_from(IpcMessage(info.schema.clone())).unwrap()
}

/// Returns the status of a failed call of the client.
fn status(error: arrow_flight::error::FlightError) -> Status {
    match error {
        arrow_flight::error::FlightError::Tonic(status) => *status,
        other => panic!("{other}"),
    }
}
