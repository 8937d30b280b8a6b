//! `/openapi.json`: the description of the interface, made from the handlers.

use axum::http::header;
use axum::response::IntoResponse;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::app::App;

#[derive(OpenApi)]
#[openapi(info(
    title = "Godwit",
    description = "A SQL-first geospatial query server.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
pub(super) struct Description;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(openapi))
}

/// Returns the description of the interface as JSON text.
pub fn openapi_json() -> String {
    let (_, description) = super::routes().split_for_parts();
    let mut text = description.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

/// Returns this description.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "health",
    responses((status = 200, description = "An OpenAPI 3.1 document.", content_type = "application/json"))
)]
async fn openapi() -> impl IntoResponse {
    std::future::ready(([(header::CONTENT_TYPE, "application/json")], openapi_json())).await
}
