//! Messages without rows in a stream that is silent: proxies close streams on which nothing moves
//! for a minute, and pings of the connection do not count for them.

use std::time::Duration;

use arrow_flight::FlightData;
use futures::{Stream, StreamExt as _, stream};
use tokio::time::timeout;

/// How long a stream may be silent.
pub(super) const SILENCE: Duration = Duration::from_secs(10);

/// Returns the messages of a stream, with one that has no rows wherever it is silent for long.
pub(super) fn kept_alive<S, E>(
    messages: S,
    without_rows: FlightData,
    silence: Duration,
) -> impl Stream<Item = Result<FlightData, E>> + Send + 'static
where
    S: Stream<Item = Result<FlightData, E>> + Send + 'static,
    E: Send + 'static,
{
    let start = (messages.boxed(), without_rows);
    stream::unfold(start, move |(mut messages, without_rows)| async move {
        let item = match timeout(silence, messages.next()).await {
            Ok(item) => item?,
            Err(_silence) => Ok(without_rows.clone()),
        };
        Some((item, (messages, without_rows)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(header: &'static [u8]) -> FlightData {
        FlightData { data_header: header.into(), ..FlightData::default() }
    }

    #[tokio::test]
    async fn a_silent_stream_says_that_it_lives() {
        let silence = Duration::from_millis(20);
        let slow = stream::iter([5, 0]).then(move |times| async move {
            tokio::time::sleep(silence * times).await;
            Ok::<_, ()>(message(b"rows"))
        });
        let sent: Vec<_> = kept_alive(slow, message(b"none"), silence).collect().await;
        let headers: Vec<_> = sent.into_iter().map(|item| item.unwrap().data_header).collect();
        let rows = headers.iter().position(|header| header.as_ref() == b"rows").unwrap();
        assert!((1..=5).contains(&rows), "{rows}");
        assert_eq!(headers.len(), rows + 2);
    }
}
