//! The credentials of a call, and the handshake that trades them for a token.

use std::sync::Arc;

use arrow_flight::{BasicAuth, HandshakeRequest, HandshakeResponse};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use futures::{Stream, StreamExt as _};
use godwit_engine::Principal;
use prost::Message as _;
use tonic::Status;
use tonic::metadata::MetadataMap;

use super::status::Failure;
use crate::auth::{Authenticator, Credentials};
use crate::net::Peer;

/// The Go client sends `Basic` credentials without padding, others with it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Returns the credentials in the headers of a call.
pub(super) fn from_metadata(metadata: &MetadataMap) -> Result<Credentials, Failure> {
    let Some(value) = metadata.get("authorization") else {
        return Ok(match metadata.get("x-api-key").and_then(|key| key.to_str().ok()) {
            Some(key) => Credentials::ApiKey(key.to_owned()),
            None => Credentials::Anonymous,
        });
    };
    value.to_str().ok().and_then(from_header).ok_or_else(|| {
        unauthenticated(
            "the authorization header is neither \"Bearer <token>\" nor \"Basic <...>\"",
        )
    })
}

fn from_header(value: &str) -> Option<Credentials> {
    let (scheme, rest) = value.trim().split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Credentials::Bearer(rest.to_owned()));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64.decode(rest).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some(Credentials::Basic { user: user.to_owned(), password: password.to_owned() })
}

/// Returns who the credentials belong to.
pub(super) async fn authenticate(
    authenticator: &Arc<Authenticator>,
    credentials: Credentials,
    peer: &Peer,
) -> Result<Principal, Failure> {
    let answer = authenticator.authenticate(credentials, peer).await;
    answer.map_err(|error| refused(&error))
}

fn refused(error: &impl std::error::Error) -> Failure {
    unauthenticated(&error.to_string())
}

fn unauthenticated(message: &str) -> Failure {
    godwit_engine::Error::new(godwit_engine::Code::Unauthenticated, message).into()
}

/// What a client gets for its credentials: the answer, and the header that repeats the token.
#[derive(Debug)]
pub(super) struct Token {
    /// The value of the `authorization` header for all further calls.
    pub(super) header: String,
    /// The message of the handshake stream.
    pub(super) response: HandshakeResponse,
}

/// Checks the credentials of a handshake, from its headers or its first message.
pub(super) async fn shake_hands<S>(
    authenticator: &Arc<Authenticator>,
    metadata: &MetadataMap,
    peer: &Peer,
    mut requests: S,
) -> Result<Token, Failure>
where
    S: Stream<Item = Result<HandshakeRequest, Status>> + Send + Unpin,
{
    let mut credentials = from_metadata(metadata)?;
    let mut protocol_version = 0;
    if matches!(credentials, Credentials::Anonymous)
        && let Some(request) = requests.next().await
    {
        let request = request?;
        protocol_version = request.protocol_version;
        if !request.payload.is_empty() {
            credentials = from_payload(&request.payload)?;
        }
    }
    // A client that came with a token keeps it: a token of ours would expire before it does.
    let token = match &credentials {
        Credentials::Bearer(token) => {
            let token = token.clone();
            authenticate(authenticator, credentials, peer).await?;
            token
        }
        _ => authenticator.issue_token(&authenticate(authenticator, credentials, peer).await?),
    };
    let response = HandshakeResponse { protocol_version, payload: token.clone().into() };
    Ok(Token { header: format!("Bearer {token}"), response })
}

fn from_payload(payload: &[u8]) -> Result<Credentials, Failure> {
    match BasicAuth::decode(payload) {
        Ok(basic) => Ok(Credentials::Basic { user: basic.username, password: basic.password }),
        Err(_) => Err(unauthenticated("the handshake message is not a BasicAuth message")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_schemes_are_read_whatever_their_case() {
        // With padding, and without.
        for basic in ["bASIC YWRhOnBhOnNzcw==", "Basic YWRhOnBhOnNzcw"] {
            assert!(matches!(
                from_header(basic),
                Some(Credentials::Basic { user, password }) if user == "ada" && password == "pa:sss"
            ));
        }
        assert!(matches!(
            from_header("bearer abc"),
            Some(Credentials::Bearer(token)) if token == "abc"
        ));
    }

    #[test]
    fn nonsense_is_refused() {
        for value in ["", "Bearer", "Basic !!!", "Basic YWRh", "Digest x=y"] {
            assert!(from_header(value).is_none(), "{value}");
        }
    }
}
