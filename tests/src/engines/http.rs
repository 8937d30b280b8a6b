//! The engine behind the HTTP server, with results as an Arrow stream.

use std::io::Cursor;

use arrow::array::{AsArray as _, RecordBatch};
use arrow::datatypes::Int64Type;
use arrow::ipc::reader::StreamReader;
use godwit_config::Config;
use godwit_server::serve::Running;
use reqwest::header::HeaderValue;

use super::{Answer, EngineError};

/// A server and a client of it.
pub(super) struct Client {
    server: Option<Running>,
    origin: String,
    client: reqwest::Client,
}

impl Client {
    pub(super) async fn start(config: Config) -> Result<Self, EngineError> {
        let server = Running::start(config).await.map_err(EngineError::harness)?;
        let origin = format!("http://{}", server.http_addr());
        Ok(Self { server: Some(server), origin, client: reqwest::Client::new() })
    }

    pub(super) async fn run(&self, sql: &str) -> Result<Answer, EngineError> {
        let url = format!("{}/v1/sql?format=arrow", self.origin);
        let request = self.client.post(url).header("content-type", "application/sql");
        let response = request.body(sql.to_owned()).send().await.map_err(EngineError::harness)?;
        let is_success = response.status().is_success();
        let is_completion = response.headers().contains_key("x-operation");
        let query_id = response.headers().get("x-query-id").cloned();
        let body = match response.bytes().await {
            Ok(body) => body,
            Err(broken_off) => return Err(self.failure(query_id, &broken_off).await),
        };
        if !is_success {
            return Err(problem(&body));
        }
        let reader =
            StreamReader::try_new(Cursor::new(body), None).map_err(EngineError::harness)?;
        let batches = reader.collect::<Result<Vec<_>, _>>().map_err(EngineError::harness)?;
        if is_completion {
            return Ok(Answer::Done(affected(&batches)));
        }
        Ok(Answer::Rows(batches))
    }

    /// Asks why an answer broke off: its query failed after the first rows were on their way.
    async fn failure(&self, id: Option<HeaderValue>, broken_off: &reqwest::Error) -> EngineError {
        let harness = || EngineError::harness(broken_off);
        let Some(id) = id.as_ref().and_then(|id| id.to_str().ok()) else { return harness() };
        let request = self.client.get(format!("{}/v1/queries/{id}", self.origin)).send();
        let Ok(response) = request.await else { return harness() };
        let body = response.bytes().await.unwrap_or_default();
        let query: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        let text = |member: &str| query.get(member)?.as_str().map(str::to_owned);
        let Some(message) = text("error") else { return harness() };
        EngineError { sqlstate: text("sqlstate"), message }
    }

    pub(super) async fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop().await;
        }
    }
}

/// Returns the count of a completion row.
fn affected(batches: &[RecordBatch]) -> u64 {
    let column = batches.first().and_then(|batch| batch.column_by_name("rows_affected"));
    let counts = column.and_then(|column| column.as_primitive_opt::<Int64Type>());
    let count = counts.and_then(|counts| counts.iter().next().flatten());
    count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0)
}

/// Returns the error of an RFC 9457 problem document.
fn problem(body: &[u8]) -> EngineError {
    let document: serde_json::Value = match serde_json::from_slice(body) {
        Ok(document) => document,
        Err(error) => return EngineError::harness(format!("not a problem document: {error}")),
    };
    let text = |member: &str| document.get(member).and_then(|value| value.as_str());
    let detail = text("detail").unwrap_or_default();
    let message = match text("hint") {
        Some(hint) => format!("{detail}; hint: {hint}"),
        None => detail.to_owned(),
    };
    EngineError { sqlstate: text("sqlstate").map(str::to_owned), message }
}
