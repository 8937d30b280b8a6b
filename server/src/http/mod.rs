//! The HTTP interface: one file an endpoint; `sql/` is the heart.

mod app;
mod caller;
mod catalogs;
mod formats;
mod functions;
mod guard;
mod health;
mod metrics;
mod openapi;
mod problem;
mod queries;
mod root;
mod sql;
#[cfg(test)]
mod tests;
mod trace;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;

pub use self::app::{App, Drain};
pub(crate) use self::guard::guard;
pub use self::openapi::openapi_json;

/// Returns the routes with everything around them.
pub fn router(app: App) -> Router {
    let (routes, _) = routes().split_for_parts();
    routes
        .fallback(problem::no_such_path)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(from_fn_with_state(app.clone(), guard))
        .layer(from_fn(trace::trace))
        .with_state(app)
}

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(openapi::Description::openapi())
        .merge(root::routes())
        .merge(sql::routes())
        .merge(catalogs::routes())
        .merge(functions::routes())
        .merge(formats::routes())
        .merge(queries::routes())
        .merge(health::routes())
        .merge(metrics::routes())
        .merge(openapi::routes())
}
