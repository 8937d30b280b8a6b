//! `/`: a page that says what to type.

use axum::http::{HeaderMap, header};
use utoipa_axum::router::OpenApiRouter;

use crate::http::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().route("/", axum::routing::get(root))
}

async fn root(headers: HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let url = format!("http://{}", host.unwrap_or("127.0.0.1:8080"));
    let version = env!("CARGO_PKG_VERSION");
    std::future::ready(format!(
        "Godwit {version}, a SQL-first geospatial query server.\n\
         \n\
         curl -d 'SELECT ST_AsText(ST_Point(5.2, 52.1)) AS place' {url}/v1/sql\n\
         curl -d 'SHOW TABLES' '{url}/v1/sql?format=csv'\n\
         \n\
         {url}/v1/catalogs\n\
         {url}/v1/functions\n\
         {url}/v1/formats\n\
         {url}/v1/queries\n\
         {url}/openapi.json\n"
    ))
    .await
}
