//! `/livez`, `/readyz`, `/health` and `/version`, for whoever watches over the server.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(alive))
        .routes(routes!(ready))
        .routes(routes!(health))
        .routes(routes!(version))
}

/// Whether the server takes statements.
#[derive(Serialize, ToSchema)]
struct Health {
    /// ok, or draining.
    status: &'static str,
}

/// Who the server is.
#[derive(Serialize, ToSchema)]
struct Version {
    name: &'static str,
    version: &'static str,
}

/// Says that the process runs.
#[utoipa::path(get, path = "/livez", tag = "health", responses((status = 200, body = Health)))]
async fn alive() -> Json<Health> {
    std::future::ready(Json(Health { status: "ok" })).await
}

/// Says whether the server takes new statements.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "health",
    responses((status = 200, body = Health), (status = 503, body = Health))
)]
async fn ready(State(app): State<App>) -> (StatusCode, Json<Health>) {
    std::future::ready(readiness(&app)).await
}

/// Says whether the server takes new statements.
#[utoipa::path(
    get,
    path = "/health",
    tag = "health",
    responses((status = 200, body = Health), (status = 503, body = Health))
)]
async fn health(State(app): State<App>) -> (StatusCode, Json<Health>) {
    std::future::ready(readiness(&app)).await
}

/// Says who the server is.
#[utoipa::path(get, path = "/version", tag = "health", responses((status = 200, body = Version)))]
async fn version() -> Json<Version> {
    let version = Version { name: "godwit", version: env!("CARGO_PKG_VERSION") };
    std::future::ready(Json(version)).await
}

fn readiness(app: &App) -> (StatusCode, Json<Health>) {
    if app.drain.has_begun() || !app.engine.is_ready() {
        return (StatusCode::SERVICE_UNAVAILABLE, Json(Health { status: "draining" }));
    }
    (StatusCode::OK, Json(Health { status: "ok" }))
}
