//! `/metrics`: numbers for Prometheus.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use godwit_engine::Engine;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::app::App;
use crate::http::caller::Caller;
use crate::telemetry::metrics::render;

const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(metrics))
}

/// Returns the metrics in the Prometheus text format.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "health",
    responses((status = 200, body = String, content_type = "text/plain"))
)]
async fn metrics(State(engine): State<Engine>, _caller: Caller) -> impl IntoResponse {
    let text = render(&engine.metrics());
    std::future::ready(([(header::CONTENT_TYPE, MEDIA_TYPE)], text)).await
}
