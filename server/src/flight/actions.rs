//! `DoAction`: prepared statements, cancellation and session options.

use arrow_flight::sql::{
    ActionCancelQueryRequest, ActionCancelQueryResult, ActionClosePreparedStatementRequest,
    ActionCreatePreparedStatementRequest, Any, ProstMessageExt,
};
use arrow_flight::{
    Action, ActionType, CancelFlightInfoRequest, CancelFlightInfoResult, CancelStatus, FlightInfo,
    RenewFlightEndpointRequest,
};
use bytes::Bytes;
use godwit_engine::Session;
use prost::Message;
use uuid::Uuid;

use super::call::Call;
use super::cancel::cancel;
use super::prepared;
use super::renew::renew;
use super::service::Shared;
use super::session_messages::{
    CloseResult, CloseStatus, OptionValue, SessionOptions, SetError, SetErrorValue, SetResult,
    Value,
};
use super::sessions::{COOKIE, SessionKey};
use super::settings::{SettingError, Settings};
use super::status::Failure;

/// The result of an action.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// The message, for actions that answer with one.
    pub(super) body: Option<Bytes>,
    /// The cookie of a new session.
    pub(super) cookie: Option<String>,
}

impl Answer {
    fn message(message: &impl Message) -> Self {
        Self { body: Some(message.encode_to_vec().into()), cookie: None }
    }
}

/// Returns the actions that work.
pub(super) fn list() -> Vec<ActionType> {
    [
        ("CreatePreparedStatement", "Plans a statement and returns its handle."),
        ("ClosePreparedStatement", "Forgets a prepared statement."),
        ("CancelFlightInfo", "Cancels the query that a flight info describes."),
        ("CancelQuery", "Cancels the query that a flight info describes (deprecated)."),
        ("RenewFlightEndpoint", "Gives more time to fetch a result."),
        ("SetSessionOptions", "Changes options of the session."),
        ("GetSessionOptions", "Returns the options of the session."),
        ("CloseSession", "Ends the session."),
    ]
    .map(|(name, description)| ActionType {
        r#type: name.to_owned(),
        description: description.to_owned(),
    })
    .into()
}

/// Performs an action.
pub(super) async fn perform(
    shared: &Shared,
    call: &Call,
    action: Action,
) -> Result<Answer, Failure> {
    match action.r#type.as_str() {
        "CreatePreparedStatement" => {
            let request: ActionCreatePreparedStatementRequest = unpack(&action)?;
            Ok(Answer::message(&prepared::create(shared, call, &request).await?))
        }
        "ClosePreparedStatement" => {
            let request: ActionClosePreparedStatementRequest = unpack(&action)?;
            prepared::close(shared, call, &request);
            Ok(Answer::default())
        }
        "CancelFlightInfo" => {
            let request: CancelFlightInfoRequest = decode(&action.r#type, &action.body)?;
            let status = cancel(shared, call, &request.info.unwrap_or_default())?;
            Ok(Answer::message(&CancelFlightInfoResult { status: status.into() }))
        }
        "CancelQuery" => {
            let request: ActionCancelQueryRequest = unpack(&action)?;
            let info: FlightInfo = decode(&action.r#type, &request.info)?;
            // Both enumerations have the same numbers.
            let result: i32 = CancelStatus::into(cancel(shared, call, &info)?);
            Ok(Answer::message(&ActionCancelQueryResult { result }.as_any()))
        }
        "SetSessionOptions" => {
            let request: SessionOptions = decode(&action.r#type, &action.body)?;
            set_options(shared, call, request)
        }
        "GetSessionOptions" => Ok(Answer::message(&get_options(shared, call))),
        "CloseSession" => {
            if let Some(key) = &call.session {
                shared.sessions.close(key, &call.principal.identity());
            }
            Ok(Answer::message(&CloseResult { status: CloseStatus::Closed.into() }))
        }
        "BeginTransaction" | "EndTransaction" | "BeginSavepoint" | "EndSavepoint" => {
            Err(Failure::unsupported("transactions are not supported; every statement is atomic"))
        }
        "CreatePreparedSubstraitPlan" => {
            Err(Failure::unsupported("Substrait plans are not supported; send SQL"))
        }
        "RenewFlightEndpoint" => {
            let request: RenewFlightEndpointRequest = decode(&action.r#type, &action.body)?;
            let endpoint = request.endpoint.unwrap_or_default();
            Ok(Answer::message(&renew(shared, call, endpoint)?))
        }
        other => Err(Failure::unsupported(format!("action \"{other}\" is not known"))),
    }
}

fn unpack<M: ProstMessageExt>(action: &Action) -> Result<M, Failure> {
    let any: Any = decode(&action.r#type, &action.body)?;
    any.unpack().ok().flatten().ok_or_else(|| undecodable(&action.r#type))
}

fn decode<M: Message + Default>(action: &str, body: &Bytes) -> Result<M, Failure> {
    M::decode(body.clone()).map_err(|_error| undecodable(action))
}

fn undecodable(action: &str) -> Failure {
    Failure::invalid(format!("the body of action \"{action}\" cannot be decoded"))
}

/// Sets the options of a session, and says which could not be set.
///
/// The answer has no word for a catalog or schema that does not exist, so the call fails then and
/// sets nothing: drivers tell their users what a status is about.
fn set_options(shared: &Shared, call: &Call, request: SessionOptions) -> Result<Answer, Failure> {
    let Some(key) = &call.session else {
        let errors = request.options.into_keys().map(|name| (name, error(SetErrorValue::Error)));
        return Ok(Answer::message(&SetResult { errors: errors.collect() }));
    };
    let principal = &call.principal.identity();
    let stored = shared.sessions.settings(Some(key), principal);
    let session = call.session(shared, &stored);
    let current = stored.clone().left_by(&session);
    let mut settings = current.clone();
    let mut result = SetResult::default();
    for (name, value) in request.options {
        let mut changed = settings.clone();
        let set = set_option(&mut changed, &name, value.value);
        let set = set.and_then(|()| match name.as_str() {
            "schema" => known_schema(&mut changed, &session),
            "timezone" => known_time_zone(&changed, &session),
            _ => Ok(()),
        });
        match set {
            Ok(()) => settings = changed,
            Err(SettingError::Name) => {
                result.errors.insert(name, error(SetErrorValue::InvalidName));
            }
            Err(SettingError::Value(_)) => {
                result.errors.insert(name, error(SetErrorValue::InvalidValue));
            }
            Err(SettingError::Missing(reason)) => return Err(Failure::missing(&name, reason)),
        }
    }
    let mut answer = Answer::message(&result);
    let (settings, session) = if settings.session_options() == current.session_options() {
        (settings.beside(stored), session)
    } else {
        let session = session.with_options(settings.session_options());
        (settings, session)
    };
    // A client that keeps cookies gets its session back over any connection.
    if matches!(key, SessionKey::Peer(_)) {
        let id = Uuid::new_v4().simple().to_string();
        answer.cookie = Some(format!("{COOKIE}={id}; Path=/; HttpOnly"));
        shared.sessions.keep(SessionKey::Cookie(id), settings.clone(), session.clone());
    }
    shared.sessions.keep(key.clone(), settings, session);
    Ok(answer)
}

/// Spells the schema as the catalog does; an empty one is that which sessions start in.
fn known_schema(settings: &mut Settings, session: &Session) -> Result<(), SettingError> {
    let Some(wanted) = settings.schema.take().filter(|schema| !schema.is_empty()) else {
        return Ok(());
    };
    let mut known = session.schemas().into_iter();
    settings.schema = known.find(|schema| schema.eq_ignore_ascii_case(&wanted));
    match settings.schema {
        Some(_) => Ok(()),
        None => Err(SettingError::Missing(format!("schema \"{wanted}\" does not exist"))),
    }
}

/// Refuses a time zone at which every statement would fail.
fn known_time_zone(settings: &Settings, session: &Session) -> Result<(), SettingError> {
    match session.with_options(settings.session_options()).objection() {
        Some(error) => Err(SettingError::Value(error.message.clone())),
        None => Ok(()),
    }
}

fn set_option(
    settings: &mut Settings,
    name: &str,
    value: Option<Value>,
) -> Result<(), SettingError> {
    match value {
        None => settings.unset(name),
        Some(Value::Text(text)) => settings.set(name, &text),
        Some(Value::Bool(flag)) => settings.set(name, &flag.to_string()),
        Some(Value::Int(number)) => settings.set(name, &number.to_string()),
        Some(Value::Double(number)) => settings.set(name, &number.to_string()),
        Some(Value::Texts(texts)) => settings.set(name, &texts.values.join(",")),
    }
}

fn error(value: SetErrorValue) -> SetError {
    SetError { value: value.into() }
}

fn get_options(shared: &Shared, call: &Call) -> SessionOptions {
    let settings = shared.sessions.settings(call.session.as_ref(), &call.principal.identity());
    let session = call.session(shared, &settings);
    let options =
        settings.left_by(&session).values().into_iter().map(|(name, value)| {
            (name.to_owned(), OptionValue { value: Some(Value::Text(value)) })
        });
    SessionOptions { options: options.collect() }
}
