//! One port for gRPC, gRPC-web and HTTP: the type of the content tells which is spoken.

use arrow_flight::flight_service_server::FlightServiceServer;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use tonic::service::Routes;
use tonic_web::GrpcWebLayer;
use tower::{Layer as _, ServiceExt as _};

use crate::flight::FlightService;
use crate::http::{self, App};
use crate::telemetry::CountCalls;

/// Where calls go that are not plain HTTP.
#[derive(Clone)]
struct Calls {
    grpc: Router,
    web: Router,
}

/// Returns all that is served.
pub(super) fn routes(app: App, service: FlightServiceServer<FlightService>) -> Routes {
    let grpc = Routes::new(service.clone()).into_axum_router();
    // Browsers speak gRPC-web, so it is guarded as HTTP is.
    let web = Routes::new(GrpcWebLayer::new().layer(service)).into_axum_router();
    let web = web.layer(from_fn_with_state(app.clone(), http::guard));
    let calls = Calls { grpc: grpc.layer(CountCalls), web: web.layer(CountCalls) };
    Routes::from(http::router(app).layer(from_fn_with_state(calls, dispatch)))
}

async fn dispatch(State(calls): State<Calls>, request: Request, next: Next) -> Response {
    let content = request.headers().get(header::CONTENT_TYPE);
    let content = content.and_then(|content| content.to_str().ok()).unwrap_or_default();
    let way = if content.starts_with("application/grpc-web") {
        calls.web
    } else if content.starts_with("application/grpc") {
        calls.grpc
    } else {
        return Box::pin(next.run(request)).await;
    };
    match way.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
