//! The gRPC service: each call is authenticated, decoded, and handed to the file of its command.

use std::sync::Arc;
use std::time::Duration;

use arrow_flight::flight_service_server::{FlightService as FlightRpc, FlightServiceServer};
use arrow_flight::sql::Command;
use arrow_flight::{
    Action, ActionType, Criteria, Empty, FlightData, FlightDescriptor, FlightInfo,
    HandshakeRequest, HandshakeResponse, PollInfo, PutResult, Result as ActionResult, SchemaResult,
    Ticket,
};
use futures::stream::BoxStream;
use futures::{StreamExt as _, stream};
use godwit_engine::Engine;
use prost::Message as _;
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::{Extensions, Request, Response, Status, Streaming};

use super::call::Call;
use super::connections::Connections;
use super::credentials::shake_hands;
use super::handle::{Handle, HandleError, Signer};
use super::jobs::Jobs;
use super::metadata::EncodedColumns;
use super::plans::Plans;
use super::sessions::Sessions;
use super::status::Failure;
use super::wire::{Encoder, Profile, encoded, schema_bytes};
use super::{actions, command, info, ingest, metadata, poll, prepared, statement, tables, updates};
use crate::auth::Authenticator;
use crate::net::Peer;

/// What an operator can choose about the Flight service.
#[derive(Clone)]
pub struct FlightOptions {
    /// The key that signs statement handles; they survive a restart when it does.
    pub secret: [u8; 32],
    /// The largest message a client may send. ADBC sends whole batches.
    pub max_message_bytes: usize,
    /// The server's limit on the run time of a query, told to clients.
    pub query_timeout: Option<Duration>,
    /// The server's limit on the text of a statement, told to clients.
    pub max_sql_bytes: usize,
}

impl Default for FlightOptions {
    fn default() -> Self {
        Self {
            secret: rand::random(),
            max_message_bytes: 256 * 1024 * 1024,
            query_timeout: None,
            max_sql_bytes: 16 * 1024 * 1024,
        }
    }
}

impl std::fmt::Debug for FlightOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FlightOptions")
            .field("max_message_bytes", &self.max_message_bytes)
            .field("query_timeout", &self.query_timeout)
            .field("max_sql_bytes", &self.max_sql_bytes)
            .finish_non_exhaustive()
    }
}

/// What all calls share.
#[derive(Debug)]
pub(super) struct Shared {
    /// The engine that plans and executes.
    pub(super) engine: Engine,
    /// Who may call.
    pub(super) authenticator: Arc<Authenticator>,
    /// What the operator chose.
    pub(super) options: FlightOptions,
    /// Signs statement handles.
    pub(super) signer: Signer,
    /// Remembers plans and bound values.
    pub(super) plans: Plans,
    /// Runs the statements of clients that poll.
    pub(super) jobs: Jobs,
    /// Remembers the settings of sessions.
    pub(super) sessions: Sessions,
    /// Remembers the columns of tables as they are listed.
    pub(super) columns: EncodedColumns,
}

impl Shared {
    /// Returns the content of a handle, whether it travelled or waited here.
    pub(super) fn open(&self, bytes: &[u8], call: &Call) -> Result<Handle, Failure> {
        let handle = self.signer.open_any(bytes, &call.principal.identity())?;
        if !handle.kept {
            return Ok(handle);
        }
        let content = self.plans.recall(handle.id()).content;
        content.map(|content| content.as_ref().clone()).ok_or_else(|| HandleError::Expired.into())
    }
}

/// The Flight SQL service.
#[derive(Debug, Clone)]
pub struct FlightService {
    shared: Arc<Shared>,
}

/// Returns the Flight SQL service, ready for a tonic server, and what ends its sessions.
pub fn router(
    engine: Engine,
    authenticator: Arc<Authenticator>,
    options: FlightOptions,
) -> (FlightServiceServer<FlightService>, Connections) {
    let max_message_bytes = options.max_message_bytes;
    let shared = Shared {
        engine,
        authenticator,
        signer: Signer::new(&options.secret),
        options,
        plans: Plans::default(),
        jobs: Jobs::default(),
        sessions: Sessions::default(),
        columns: EncodedColumns::default(),
    };
    let shared = Arc::new(shared);
    let connections = Connections::new(Arc::clone(&shared));
    let service = FlightServiceServer::new(FlightService { shared })
        .max_decoding_message_size(max_message_bytes)
        .max_encoding_message_size(usize::MAX);
    (service, connections)
}

impl FlightService {
    async fn begin<T>(&self, request: &Request<T>) -> Result<Call, Failure> {
        Box::pin(Call::begin(&self.shared, request.metadata(), peer(request.extensions()))).await
    }

    async fn describe(&self, call: &Call, of: FlightDescriptor) -> Result<FlightInfo, Failure> {
        let command = command::of_descriptor(&of)?;
        if let Some(schema) = metadata::schema(&command) {
            return info::describe(&schema, of.clone(), of.cmd, None);
        }
        match command {
            Command::CommandStatementQuery(command) => {
                statement::describe(&self.shared, call, of, command).await
            }
            Command::CommandPreparedStatementQuery(command) => {
                prepared::describe(&self.shared, call, of, command).await
            }
            other => Err(command::misplaced(&other, "GetFlightInfo")),
        }
    }

    async fn schema(&self, call: &Call, of: &FlightDescriptor) -> Result<SchemaResult, Failure> {
        let command = command::of_descriptor(of)?;
        if let Some(schema) = metadata::schema(&command) {
            return Ok(SchemaResult { schema: schema_bytes(&schema)? });
        }
        let schema = match command {
            Command::CommandStatementQuery(command) => {
                statement::schema(&self.shared, call, &command).await?
            }
            Command::CommandPreparedStatementQuery(command) => {
                prepared::schema(&self.shared, call, &command).await?
            }
            other => return Err(command::misplaced(&other, "GetSchema")),
        };
        Ok(SchemaResult { schema: schema_bytes(&schema)? })
    }

    async fn fetch(&self, call: &Call, ticket: &Ticket) -> Result<FlightStream, Failure> {
        let command = command::of_bytes(&ticket.ticket)?;
        if let Some(schema) = metadata::schema(&command) {
            let rows = metadata::rows(&self.shared, call, command).await?;
            let encoder = Encoder::try_new(Profile::fixed(schema), call.settings.compression)?;
            let rows = stream::iter(rows.map(Ok::<_, Failure>));
            return Ok(encoded(encoder, rows).map(|item| item.map_err(Status::from)).boxed());
        }
        match command {
            Command::TicketStatementQuery(ticket) => {
                statement::fetch(&self.shared, call, &ticket.statement_handle).await
            }
            Command::CommandStatementQuery(command) => {
                statement::fetch_text(&self.shared, call, command).await
            }
            Command::CommandPreparedStatementQuery(command) => {
                prepared::fetch(&self.shared, call, &command).await
            }
            other => Err(command::misplaced(&other, "DoGet")),
        }
    }

    async fn put(
        &self,
        call: &Call,
        mut messages: Streaming<FlightData>,
    ) -> Result<PutResult, Failure> {
        let Some(mut first) = messages.message().await? else {
            return Err(Failure::invalid(
                "the stream has no message; of rows without columns or batches, clients send none",
            ));
        };
        let Some(descriptor) = first.flight_descriptor.take() else {
            return Err(Failure::invalid("the first message has no descriptor"));
        };
        let messages = stream::iter([Ok(first)]).chain(messages);
        let app_metadata = match command::of_descriptor(&descriptor)? {
            // Sent without a schema and without batches, so nothing more is read.
            Command::CommandStatementUpdate(command) => {
                updates::statement(&self.shared, call, &command).await?.encode_to_vec()
            }
            Command::CommandPreparedStatementUpdate(command) => {
                prepared::update(&self.shared, call, &command, messages).await?.encode_to_vec()
            }
            Command::CommandPreparedStatementQuery(command) => {
                prepared::bind(&self.shared, call, &command, messages).await?.encode_to_vec()
            }
            Command::CommandStatementIngest(command) => {
                ingest::ingest(&self.shared, call, command, messages).await?.encode_to_vec()
            }
            other => return Err(command::misplaced(&other, "DoPut")),
        };
        Ok(PutResult { app_metadata: app_metadata.into() })
    }
}

type FlightStream = BoxStream<'static, Result<FlightData, Status>>;

#[tonic::async_trait]
impl FlightRpc for FlightService {
    type HandshakeStream = BoxStream<'static, Result<HandshakeResponse, Status>>;
    type ListFlightsStream = BoxStream<'static, Result<FlightInfo, Status>>;
    type DoGetStream = FlightStream;
    type DoPutStream = BoxStream<'static, Result<PutResult, Status>>;
    type DoExchangeStream = FlightStream;
    type DoActionStream = BoxStream<'static, Result<ActionResult, Status>>;
    type ListActionsStream = BoxStream<'static, Result<ActionType, Status>>;

    async fn handshake(
        &self,
        request: Request<Streaming<HandshakeRequest>>,
    ) -> Result<Response<Self::HandshakeStream>, Status> {
        let (metadata, extensions, requests) = request.into_parts();
        let peer = peer(&extensions);
        let token = shake_hands(&self.shared.authenticator, &metadata, &peer, requests).await?;
        let mut response = Response::new(stream::iter([Ok(token.response)]).boxed());
        insert(response.metadata_mut(), "authorization", &token.header)?;
        Ok(response)
    }

    async fn list_flights(
        &self,
        request: Request<Criteria>,
    ) -> Result<Response<Self::ListFlightsStream>, Status> {
        let call = self.begin(&request).await?;
        let flights = tables::flights(&self.shared, &call, request.get_ref()).await?;
        Ok(Response::new(stream::iter(flights.into_iter().map(Ok)).boxed()))
    }

    async fn get_flight_info(
        &self,
        request: Request<FlightDescriptor>,
    ) -> Result<Response<FlightInfo>, Status> {
        let call = self.begin(&request).await?;
        Ok(Response::new(Box::pin(self.describe(&call, request.into_inner())).await?))
    }

    async fn poll_flight_info(
        &self,
        request: Request<FlightDescriptor>,
    ) -> Result<Response<PollInfo>, Status> {
        let call = self.begin(&request).await?;
        Ok(Response::new(Box::pin(poll::poll(&self.shared, &call, request.into_inner())).await?))
    }

    async fn get_schema(
        &self,
        request: Request<FlightDescriptor>,
    ) -> Result<Response<SchemaResult>, Status> {
        let call = self.begin(&request).await?;
        Ok(Response::new(Box::pin(self.schema(&call, request.get_ref())).await?))
    }

    async fn do_get(
        &self,
        request: Request<Ticket>,
    ) -> Result<Response<Self::DoGetStream>, Status> {
        let call = self.begin(&request).await?;
        Ok(Response::new(Box::pin(self.fetch(&call, request.get_ref())).await?))
    }

    async fn do_put(
        &self,
        request: Request<Streaming<FlightData>>,
    ) -> Result<Response<Self::DoPutStream>, Status> {
        let call = self.begin(&request).await?;
        let result = Box::pin(self.put(&call, request.into_inner())).await?;
        Ok(Response::new(stream::iter([Ok(result)]).boxed()))
    }

    async fn do_exchange(
        &self,
        _request: Request<Streaming<FlightData>>,
    ) -> Result<Response<Self::DoExchangeStream>, Status> {
        Err(Failure::unsupported("DoExchange is not part of Flight SQL and is not supported")
            .into())
    }

    async fn do_action(
        &self,
        request: Request<Action>,
    ) -> Result<Response<Self::DoActionStream>, Status> {
        let call = self.begin(&request).await?;
        let answer = Box::pin(actions::perform(&self.shared, &call, request.into_inner())).await?;
        let results = answer.body.map(|body| Ok(ActionResult { body }));
        let mut response = Response::new(stream::iter(results).boxed());
        if let Some(cookie) = answer.cookie {
            insert(response.metadata_mut(), "set-cookie", &cookie)?;
        }
        Ok(response)
    }

    async fn list_actions(
        &self,
        request: Request<Empty>,
    ) -> Result<Response<Self::ListActionsStream>, Status> {
        self.begin(&request).await?;
        Ok(Response::new(stream::iter(actions::list().into_iter().map(Ok)).boxed()))
    }
}

/// Returns who is at the other end of the connection.
fn peer(extensions: &Extensions) -> Peer {
    extensions.get::<Peer>().cloned().unwrap_or_default()
}

fn insert(metadata: &mut MetadataMap, name: &'static str, value: &str) -> Result<(), Failure> {
    let value = MetadataValue::try_from(value)
        .map_err(|_error| Failure::internal(format!("header {name} has a bad value")))?;
    metadata.insert(name, value);
    Ok(())
}
