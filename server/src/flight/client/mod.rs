//! The other end of the service: a Flight SQL client for `godwit sql --url`.

mod address;
mod tls;

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use arrow_flight::decode::FlightRecordBatchStream;
use arrow_flight::error::FlightError;
use arrow_flight::flight_service_client::FlightServiceClient;
use arrow_flight::sql::{
    ActionClosePreparedStatementRequest, ActionCreatePreparedStatementRequest, Any, Command,
    CommandPreparedStatementQuery, CommandPreparedStatementUpdate, DoPutUpdateResult,
    ProstMessageExt as _,
};
use arrow_flight::{
    Action, FlightData, FlightDescriptor, FlightInfo, HandshakeRequest, IpcMessage, Ticket,
};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use futures::stream::{self, BoxStream};
use futures::{StreamExt as _, TryStreamExt as _};
use prost::Message as _;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

use self::address::Address;
pub use self::tls::TlsOptions;
use super::prepared::CreatedStatement;

/// A message of one huge row is not cut, so the limit is generous.
const MAX_MESSAGE_BYTES: usize = 2 * 1024 * 1024 * 1024 - 1;

/// How a client shows who it is.
#[derive(Clone)]
pub enum Authentication {
    /// Not at all.
    None,
    /// With a token.
    Token(String),
    /// With a user's name and password.
    Basic {
        /// The user.
        user: String,
        /// The password.
        password: String,
    },
}

impl std::fmt::Debug for Authentication {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Token(_) => "Token(..)",
            Self::Basic { .. } => "Basic(..)",
        })
    }
}

/// Why a remote statement failed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The URL is not one of a Flight SQL server.
    #[error("url \"{url}\" {reason}")]
    Url {
        /// The URL.
        url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// What is needed for TLS cannot be used.
    #[error("the {what} cannot be used: {reason}")]
    Tls {
        /// What it is.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// No server answers.
    #[error("cannot connect to \"{url}\"")]
    Connect {
        /// The URL.
        url: String,
        /// What the transport said.
        source: tonic::transport::Error,
    },
    /// The server refused the statement; the text is the server's.
    #[error("{message}")]
    Server {
        /// What the server said, with its hint.
        message: String,
        /// The SQLSTATE, if the server sent one.
        sqlstate: Option<String>,
        /// Whether the statement was canceled.
        canceled: bool,
    },
    /// The server answered something that is not Flight SQL.
    #[error("the server's answer cannot be read: {reason}")]
    Answer {
        /// What is wrong with it.
        reason: String,
    },
}

impl From<Status> for ClientError {
    fn from(status: Status) -> Self {
        let sqlstate = status.metadata().get("x-sqlstate");
        Self::Server {
            message: status.message().to_owned(),
            sqlstate: sqlstate.and_then(|value| value.to_str().ok()).map(str::to_owned),
            canceled: status.code() == Code::Cancelled,
        }
    }
}

impl From<FlightError> for ClientError {
    fn from(error: FlightError) -> Self {
        match error {
            FlightError::Tonic(status) => (*status).into(),
            other => unreadable(other),
        }
    }
}

fn unreadable(reason: impl std::fmt::Display) -> ClientError {
    ClientError::Answer { reason: reason.to_string() }
}

/// What a remote statement gave back.
#[derive(Debug)]
pub enum Answer {
    /// The rows of a query.
    Rows(RemoteRows),
    /// The number of rows another statement wrote; 0 for definitions.
    Done {
        /// The number of rows.
        rows_affected: Option<u64>,
    },
}

/// The rows of a remote query; dropping them cancels it.
pub struct RemoteRows {
    /// The schema of every batch.
    pub schema: SchemaRef,
    /// The batches as they come.
    pub batches: BoxStream<'static, Result<RecordBatch, ClientError>>,
}

impl std::fmt::Debug for RemoteRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RemoteRows").field("schema", &self.schema).finish_non_exhaustive()
    }
}

/// A connection to a Flight SQL server.
#[derive(Debug, Clone)]
pub struct Client {
    service: FlightServiceClient<Channel>,
    authorization: Option<MetadataValue<Ascii>>,
}

impl Client {
    /// Connects to `grpc://host:port` or `grpc+tls://host:port` (also written `http://` and
    /// `https://`) and checks the credentials.
    pub async fn connect(
        url: &str,
        authentication: Authentication,
        tls: &TlsOptions,
    ) -> Result<Self, ClientError> {
        let channel = Address::parse(url, tls)?
            .connect()
            .await
            .map_err(|source| ClientError::Connect { url: url.to_owned(), source })?;
        let service = FlightServiceClient::new(channel)
            .max_decoding_message_size(MAX_MESSAGE_BYTES)
            .max_encoding_message_size(MAX_MESSAGE_BYTES);
        let mut client = Self { service, authorization: None };
        match authentication {
            Authentication::None => {}
            Authentication::Token(token) => {
                client.authorization = Some(header(&format!("Bearer {token}"))?);
            }
            Authentication::Basic { user, password } => {
                let pair = BASE64_STANDARD.encode(format!("{user}:{password}"));
                client.authorization = Some(header(&format!("Basic {pair}"))?);
                client.shake_hands().await?;
            }
        }
        Ok(client)
    }

    /// Executes a statement: a query returns rows, any other statement is done when this returns.
    pub async fn execute(&mut self, sql: &str) -> Result<Answer, ClientError> {
        let created = self.prepare(sql).await?;
        let handle = created.prepared_statement_handle.clone();
        let is_update = created.is_update.unwrap_or(created.dataset_schema.is_empty());
        let answer = if is_update {
            self.update(handle.clone()).await
        } else {
            self.query(handle.clone()).await
        };
        self.close(handle).await;
        answer
    }

    async fn shake_hands(&mut self) -> Result<(), ClientError> {
        let request = self.request(stream::iter([HandshakeRequest::default()]));
        let response = self.service.handshake(request).await?;
        if let Some(authorization) = response.metadata().get("authorization") {
            self.authorization = Some(authorization.clone());
        }
        response.into_inner().try_collect::<Vec<_>>().await?;
        Ok(())
    }

    async fn prepare(&mut self, sql: &str) -> Result<CreatedStatement, ClientError> {
        let request =
            ActionCreatePreparedStatementRequest { query: sql.to_owned(), transaction_id: None };
        let body = request.as_any().encode_to_vec().into();
        let request = self.request(Action { r#type: "CreatePreparedStatement".to_owned(), body });
        let mut results = self.service.do_action(request).await?.into_inner();
        let result = results.message().await?.ok_or_else(|| unreadable("no statement handle"))?;
        let any = Any::decode(result.body).map_err(unreadable)?;
        CreatedStatement::decode(any.value).map_err(unreadable)
    }

    async fn close(&mut self, prepared_statement_handle: Bytes) {
        let request = ActionClosePreparedStatementRequest { prepared_statement_handle };
        let body = request.as_any().encode_to_vec().into();
        let request = self.request(Action { r#type: "ClosePreparedStatement".to_owned(), body });
        if let Err(status) = self.service.do_action(request).await {
            tracing::debug!(error = %status, "statement not closed");
        }
    }

    async fn update(&mut self, prepared_statement_handle: Bytes) -> Result<Answer, ClientError> {
        let command = CommandPreparedStatementUpdate { prepared_statement_handle };
        let descriptor = descriptor(Command::CommandPreparedStatementUpdate(command));
        let message = FlightData { flight_descriptor: Some(descriptor), ..FlightData::default() };
        let request = self.request(stream::iter([message]));
        let mut results = self.service.do_put(request).await?.into_inner();
        let result = results.message().await?.ok_or_else(|| unreadable("no update count"))?;
        let result = DoPutUpdateResult::decode(result.app_metadata).map_err(unreadable)?;
        Ok(Answer::Done { rows_affected: u64::try_from(result.record_count).ok() })
    }

    async fn query(&mut self, prepared_statement_handle: Bytes) -> Result<Answer, ClientError> {
        let command = CommandPreparedStatementQuery { prepared_statement_handle };
        let request = self.request(descriptor(Command::CommandPreparedStatementQuery(command)));
        let info = self.service.get_flight_info(request).await?.into_inner();
        let schema = schema_of(&info)?;
        let tickets: Vec<Ticket> =
            info.endpoint.into_iter().filter_map(|endpoint| endpoint.ticket).collect();
        let mut streams = Vec::with_capacity(tickets.len());
        for ticket in tickets {
            let request = self.request(ticket);
            let messages = self.service.do_get(request).await?.into_inner();
            streams.push(FlightRecordBatchStream::new_from_flight_data(
                messages.map_err(FlightError::from),
            ));
        }
        let batches = stream::iter(streams).flatten().map_err(ClientError::from).boxed();
        Ok(Answer::Rows(RemoteRows { schema, batches }))
    }

    fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        if let Some(authorization) = &self.authorization {
            request.metadata_mut().insert("authorization", authorization.clone());
        }
        request
    }
}

fn descriptor(command: Command) -> FlightDescriptor {
    FlightDescriptor::new_cmd(command.into_any().encode_to_vec())
}

fn schema_of(info: &FlightInfo) -> Result<SchemaRef, ClientError> {
    Schema::try_from(IpcMessage(info.schema.clone())).map(Arc::new).map_err(unreadable)
}

fn header(value: &str) -> Result<MetadataValue<Ascii>, ClientError> {
    let mut header: MetadataValue<Ascii> = value.parse().map_err(|_error| {
        unreadable("the credentials have characters that a header cannot carry")
    })?;
    header.set_sensitive(true);
    Ok(header)
}
