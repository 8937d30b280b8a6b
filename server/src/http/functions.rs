//! `/v1/functions`: the SQL functions.

use axum::Json;
use axum::extract::State;
use godwit_engine::{ArgumentInfo, Engine, FunctionInfo, FunctionKind};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::app::App;
use crate::http::caller::Caller;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_functions))
}

/// The SQL functions.
#[derive(Serialize, ToSchema)]
struct Functions {
    functions: Vec<Function>,
}

/// A SQL function.
#[derive(Serialize, ToSchema)]
struct Function {
    name: String,
    aliases: Vec<String>,
    category: String,
    summary: String,
    notes: String,
    signatures: Vec<String>,
    arguments: Vec<Argument>,
    returns: String,
    example: String,
    /// Whether it makes one value of many rows.
    aggregate: bool,
}

/// An argument of a function.
#[derive(Serialize, ToSchema)]
struct Argument {
    name: String,
    #[serde(rename = "type")]
    data_type: String,
    summary: String,
    /// Whether a call may leave it out.
    optional: bool,
}

/// Lists the spatial functions.
#[utoipa::path(
    get,
    path = "/v1/functions",
    tag = "catalog",
    responses((status = 200, body = Functions))
)]
async fn list_functions(State(engine): State<Engine>, _caller: Caller) -> Json<Functions> {
    let functions = engine.functions().iter().map(describe).collect();
    std::future::ready(Json(Functions { functions })).await
}

fn describe(info: &FunctionInfo) -> Function {
    let argument = |argument: &ArgumentInfo| Argument {
        name: argument.name.to_owned(),
        data_type: argument.type_name.clone(),
        summary: argument.summary.to_owned(),
        optional: argument.is_optional,
    };
    Function {
        name: info.title.to_owned(),
        aliases: info.aliases.iter().map(|&alias| alias.to_owned()).collect(),
        category: info.category.title().to_owned(),
        summary: info.summary.to_owned(),
        notes: info.notes.to_owned(),
        signatures: info.signatures.clone(),
        arguments: info.arguments.iter().map(argument).collect(),
        returns: info.returns.clone(),
        example: info.example.to_owned(),
        aggregate: info.kind == FunctionKind::Aggregate,
    }
}
