//! The bytes of a request's body: within a limit, in time, and without their compression.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use axum::body::{Body, BodyDataStream};
use axum::http::{HeaderMap, StatusCode, header};
use flate2::read::MultiGzDecoder;
use futures::StreamExt as _;
use godwit_engine::{Code, Error};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::http::problem::Problem;

/// How much of a body that is too large is read, and how long, before it is refused.
const MOST_DISCARDED: usize = 256 << 20;
const LONGEST_DISCARD: Duration = Duration::from_secs(10);
/// How long a client may send nothing in the middle of a body.
const LONGEST_PAUSE: Duration = Duration::from_secs(if cfg!(test) { 2 } else { 30 });
/// How long a client may be slower than any line is.
const GRACE: Duration = Duration::from_mins(1);
/// How many bytes come in a second at least, once that is over.
const SLOWEST: u64 = 256;

/// How a body is compressed.
#[derive(Clone, Copy, Debug)]
enum Coding {
    Identity,
    Gzip,
    Zstd,
}

/// Returns the bytes of a body, which may be at most so many.
pub(super) async fn received(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
) -> Result<Vec<u8>, Problem> {
    let coding = coding(headers)?;
    let bytes = collect(headers, body, limit).await?;
    if matches!(coding, Coding::Identity) {
        return Ok(bytes);
    }
    let mut inflating = JoinSet::new();
    inflating.spawn_blocking(move || inflate(coding, &bytes, limit));
    match inflating.join_next().await {
        Some(Ok(inflated)) => inflated,
        Some(Err(_)) | None => {
            Err(Error::new(Code::Internal, "the body could not be decompressed").into())
        }
    }
}

fn coding(headers: &HeaderMap) -> Result<Coding, Problem> {
    let Some(named) = headers.get(header::CONTENT_ENCODING) else { return Ok(Coding::Identity) };
    match named.to_str().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(Coding::Identity),
        "gzip" | "x-gzip" => Ok(Coding::Gzip),
        "zstd" => Ok(Coding::Zstd),
        _ => {
            let detail = format!("a body with the content coding {named:?} is not understood");
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            Err(Problem::of_request(status, "unsupported_media_type", detail)
                .with_hint("Send the body as it is, or compressed by gzip or zstd."))
        }
    }
}

async fn collect(headers: &HeaderMap, body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let declared = declared.and_then(|value| value.parse::<usize>().ok()).unwrap_or(0);
    let mut chunks = body.into_data_stream();
    if declared > limit {
        if !headers.contains_key(header::EXPECT) {
            discard(&mut chunks).await;
        }
        return Err(too_large(limit));
    }
    let mut bytes = Vec::with_capacity(declared.min(1 << 20));
    let begun = Instant::now();
    loop {
        let Ok(chunk) = timeout(LONGEST_PAUSE, chunks.next()).await else {
            return Err(too_slow(bytes.len()));
        };
        let Some(chunk) = chunk else { return Ok(bytes) };
        let chunk = chunk.map_err(|error| {
            let detail = format!("the body broke off: {error}");
            Problem::of_request(StatusCode::BAD_REQUEST, "incomplete_body", detail)
        })?;
        if bytes.len() + chunk.len() > limit {
            discard(&mut chunks).await;
            return Err(too_large(limit));
        }
        bytes.extend_from_slice(&chunk);
        if trickles(bytes.len(), begun.elapsed()) {
            return Err(too_slow(bytes.len()));
        }
    }
}

/// Reads on without keeping anything: many clients look at the answer only after they have sent
/// everything, and lose it when the connection closes before.
async fn discard(chunks: &mut BodyDataStream) {
    let reading = async {
        let mut read = 0;
        while let Some(Ok(chunk)) = chunks.next().await {
            read += chunk.len();
            if read > MOST_DISCARDED {
                break;
            }
        }
    };
    let _time_is_up = timeout(LONGEST_DISCARD, reading).await;
}

/// Returns whether a body comes so slowly that its client may mean to keep the server waiting.
fn trickles(byte_count: usize, elapsed: Duration) -> bool {
    let fewest = elapsed.saturating_sub(GRACE).as_secs().saturating_mul(SLOWEST);
    u64::try_from(byte_count).unwrap_or(u64::MAX) < fewest
}

/// Returns a body without its compression.
fn inflate(coding: Coding, bytes: &[u8], limit: usize) -> Result<Vec<u8>, Problem> {
    let read = |reader: &mut dyn Read| -> io::Result<Vec<u8>> {
        let mut inflated = Vec::new();
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        reader.take(most).read_to_end(&mut inflated)?;
        Ok(inflated)
    };
    let inflated = match coding {
        Coding::Identity => return Ok(bytes.to_vec()),
        Coding::Gzip => read(&mut MultiGzDecoder::new(bytes)),
        Coding::Zstd => zstd::stream::read::Decoder::new(bytes).and_then(|mut it| read(&mut it)),
    };
    let inflated = inflated.map_err(|error| {
        let detail = format!("the body is not what its content coding says: {error}");
        Problem::from(Error::new(Code::InvalidText, detail))
    })?;
    if inflated.len() > limit { Err(too_large(limit)) } else { Ok(inflated) }
}

fn too_large(limit: usize) -> Problem {
    let message = format!("the body is larger than {limit} bytes");
    Error::new(Code::LimitExceeded, message).with_hint("Raise listen.max_body_bytes.").into()
}

fn too_slow(byte_count: usize) -> Problem {
    let detail = format!("the body came too slowly: {byte_count} bytes are there");
    Problem::of_request(StatusCode::REQUEST_TIMEOUT, "request_timeout", detail)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn zipped(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn bodies_are_inflated_up_to_the_limit() {
        let packed = zipped(b"SELECT 1");
        assert_eq!(inflate(Coding::Gzip, &packed, 8).unwrap(), b"SELECT 1");
        assert!(inflate(Coding::Gzip, &packed, 7).is_err());
        assert!(inflate(Coding::Gzip, &packed[..12], 8).is_err());
        assert!(inflate(Coding::Gzip, b"SELECT 1", 8).is_err());
        let packed = zstd::stream::encode_all(&b"SELECT 1"[..], 1).unwrap();
        assert_eq!(inflate(Coding::Zstd, &packed, 8).unwrap(), b"SELECT 1");
        assert!(inflate(Coding::Zstd, &packed[..packed.len() - 1], 8).is_err());
        let bomb = zipped(&vec![b' '; 10 << 20]);
        assert!(bomb.len() < 1 << 20 && inflate(Coding::Gzip, &bomb, 1 << 20).is_err());
    }

    #[test]
    fn a_slow_line_is_waited_for_and_a_trickle_is_not() {
        assert!(!trickles(1, Duration::from_secs(59)));
        assert!(!trickles(2560, Duration::from_secs(70)));
        assert!(trickles(100, Duration::from_secs(70)));
    }
}
