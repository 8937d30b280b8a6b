//! Every metric Godwit exposes, in the Prometheus text format.

use std::fmt::Write as _;
use std::sync::OnceLock;
use std::time::Duration;

use godwit_engine::EngineMetrics;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

const REQUESTS: &str = "godwit_requests_total";
const DURATION: &str = "godwit_request_duration_seconds";
const RESPONSE_BYTES: &str = "godwit_response_bytes_total";
const DURATION_BUCKETS: [f64; 11] =
    [0.001, 0.005, 0.02, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0, 600.0];

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Starts recording for the whole process. Further calls change nothing.
pub(crate) fn start() {
    HANDLE.get_or_init(|| match recorder() {
        Ok(handle) => Some(handle),
        Err(error) => {
            tracing::warn!(error = %error, "metrics are not recorded");
            None
        }
    });
}

fn recorder() -> Result<PrometheusHandle, BuildError> {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(DURATION.to_owned()), &DURATION_BUCKETS)?
        .build_recorder();
    let handle = recorder.handle();
    // Somebody else's recorder stays; the engine's gauges are shown all the same.
    let _already_started = metrics::set_global_recorder(recorder);
    metrics::describe_counter!(REQUESTS, "Requests by protocol, method and status.");
    metrics::describe_histogram!(DURATION, "Time to the first byte of the answer, by protocol.");
    metrics::describe_counter!(RESPONSE_BYTES, "Bytes of answers before compression, by protocol.");
    Ok(handle)
}

/// Counts a request; `method` is one of a fixed set of names.
pub(crate) fn request(protocol: &'static str, method: String, status: String, took: Duration) {
    metrics::counter!(REQUESTS, "protocol" => protocol, "method" => method, "status" => status)
        .increment(1);
    metrics::histogram!(DURATION, "protocol" => protocol).record(took.as_secs_f64());
}

/// Counts the bytes of an answer.
pub(crate) fn response_bytes(protocol: &'static str, bytes: usize) {
    metrics::counter!(RESPONSE_BYTES, "protocol" => protocol).increment(bytes as u64);
}

/// Folds recorded samples together, so that they do not pile up when nobody scrapes.
pub(crate) fn tidy() {
    if let Some(Some(handle)) = HANDLE.get() {
        handle.run_upkeep();
    }
}

/// Returns all metrics as text.
pub(crate) fn render(engine: &EngineMetrics) -> String {
    let mut text = match HANDLE.get() {
        Some(Some(handle)) => handle.render(),
        _ => String::new(),
    };
    let gauges = [
        ("godwit_queries_running", "Queries that run.", engine.queries_running as f64),
        (
            "godwit_queries_queued",
            "Queries that wait for their turn.",
            engine.queries_queued as f64,
        ),
        ("godwit_memory_used_bytes", "Memory booked by queries.", engine.memory_used as f64),
        ("godwit_memory_limit_bytes", "Memory for all queries.", engine.memory_limit as f64),
        (
            "godwit_join_cache_used_bytes",
            "Collected sides of joins that are kept for later queries.",
            engine.join_cache_used as f64,
        ),
        ("godwit_spilled_bytes", "Bytes of spill files on disk.", engine.spilled_bytes as f64),
    ];
    for (name, help, value) in gauges {
        push(&mut text, name, "gauge", help, value);
    }
    let counters = [
        ("godwit_queries_started_total", "Queries admitted.", engine.queries_started as f64),
        ("godwit_queries_failed_total", "Queries that failed.", engine.queries_failed as f64),
        (
            "godwit_statements_planned_total",
            "Times that a statement was planned.",
            engine.statements_planned as f64,
        ),
    ];
    for (name, help, value) in counters {
        push(&mut text, name, "counter", help, value);
    }
    text
}

fn push(text: &mut String, name: &str, kind: &str, help: &str, value: f64) {
    // Writing to a text does not fail.
    let _infallible =
        write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n\n");
}
