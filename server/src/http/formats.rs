//! `/v1/formats`: the file formats.

use axum::Json;
use axum::extract::State;
use godwit_engine::{Description, Engine, OptionDescription};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::app::App;
use crate::http::caller::Caller;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_formats))
}

/// The file formats.
#[derive(Serialize, ToSchema)]
struct Formats {
    formats: Vec<Format>,
}

/// A file format.
#[derive(Serialize, ToSchema)]
struct Format {
    name: &'static str,
    aliases: Vec<&'static str>,
    extensions: Vec<&'static str>,
    media_type: &'static str,
    summary: &'static str,
    reads: bool,
    writes: bool,
    options: Vec<FormatOption>,
}

/// An option of a file format.
#[derive(Serialize, ToSchema)]
struct FormatOption {
    name: &'static str,
    default: &'static str,
    summary: &'static str,
}

/// Lists the file formats.
#[utoipa::path(get, path = "/v1/formats", tag = "catalog", responses((status = 200, body = Formats)))]
async fn list_formats(State(engine): State<Engine>, _caller: Caller) -> Json<Formats> {
    let formats = engine.formats().into_iter().map(describe).collect();
    std::future::ready(Json(Formats { formats })).await
}

fn describe(format: &'static Description) -> Format {
    let option = |option: &OptionDescription| FormatOption {
        name: option.name,
        default: option.default,
        summary: option.summary,
    };
    Format {
        name: format.name,
        aliases: format.aliases.to_vec(),
        extensions: format.extensions.to_vec(),
        media_type: format.media_type,
        summary: format.summary,
        reads: format.reads,
        writes: format.writes,
        options: format.options.iter().map(option).collect(),
    }
}
