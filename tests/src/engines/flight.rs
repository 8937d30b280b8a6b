//! The engine behind a Flight SQL server, through the client of `arrow-flight`.

use arrow_flight::error::FlightError;
use arrow_flight::sql::client::FlightSqlServiceClient;
use futures::TryStreamExt as _;
use godwit_config::Config;
use godwit_server::serve::Running;
use tonic::transport::Channel;

use super::{Answer, EngineError};

/// A server and one connection to it.
pub(super) struct Client {
    server: Option<Running>,
    connection: FlightSqlServiceClient<Channel>,
}

impl Client {
    pub(super) async fn start(config: Config) -> Result<Self, EngineError> {
        let server = Running::start(config).await.map_err(EngineError::harness)?;
        let endpoint = Channel::from_shared(format!("http://{}", server.flight_addr()))
            .map_err(EngineError::harness)?;
        let channel = endpoint.connect().await.map_err(EngineError::harness)?;
        Ok(Self { server: Some(server), connection: FlightSqlServiceClient::new(channel) })
    }

    pub(super) async fn run(&mut self, sql: &str) -> Result<Answer, EngineError> {
        let mut statement =
            self.connection.prepare(sql.to_owned(), None).await.map_err(flight_error)?;
        let is_query = statement.dataset_schema().is_ok_and(|schema| !schema.fields().is_empty());
        if !is_query {
            let count = statement.execute_update().await.map_err(flight_error)?;
            return Ok(Answer::Done(u64::try_from(count).unwrap_or(0)));
        }
        let info = statement.execute().await.map_err(flight_error)?;
        let mut batches = Vec::new();
        for endpoint in info.endpoint {
            let ticket = endpoint.ticket.ok_or_else(|| EngineError::harness("no ticket"))?;
            let stream = self.connection.do_get(ticket).await.map_err(flight_error)?;
            batches.extend(stream.try_collect::<Vec<_>>().await.map_err(flight_error)?);
        }
        statement.close().await.map_err(flight_error)?;
        Ok(Answer::Rows(batches))
    }

    pub(super) async fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop().await;
        }
    }
}

/// Returns the message and the SQLSTATE that the server put into the status.
fn flight_error(error: FlightError) -> EngineError {
    let FlightError::Tonic(status) = error else {
        return EngineError { sqlstate: None, message: error.to_string() };
    };
    let sqlstate = status.metadata().get("x-sqlstate").and_then(|value| value.to_str().ok());
    EngineError { sqlstate: sqlstate.map(str::to_owned), message: status.message().to_owned() }
}
