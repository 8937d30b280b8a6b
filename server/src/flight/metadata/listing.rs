//! `GetCatalogs` and `GetDbSchemas`.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow_flight::sql::{CommandGetCatalogs, CommandGetDbSchemas};
use godwit_engine::DEFAULT_CATALOG;

use super::super::call::Call;
use super::super::service::Shared;
use super::super::status::Failure;
use super::{any_catalog, unbuilt};

/// Returns the schema of `GetCatalogs`.
pub(super) fn catalogs_schema() -> SchemaRef {
    CommandGetCatalogs {}.into_builder().schema()
}

/// Returns the catalogs, of which there is one.
pub(super) fn catalogs() -> Result<RecordBatch, Failure> {
    let mut builder = CommandGetCatalogs {}.into_builder();
    builder.append(DEFAULT_CATALOG);
    builder.build().map_err(|error| unbuilt(&error))
}

/// Returns the schema of `GetDbSchemas`.
pub(super) fn schemas_schema() -> SchemaRef {
    CommandGetDbSchemas::default().into_builder().schema()
}

/// Returns the schemas that match the filters; no catalog filter means every catalog.
pub(super) fn schemas(
    shared: &Shared,
    call: &Call,
    command: CommandGetDbSchemas,
) -> Result<RecordBatch, Failure> {
    let command = CommandGetDbSchemas { catalog: any_catalog(command.catalog), ..command };
    let mut builder = command.into_builder();
    for name in call.session(shared, &call.settings).schemas() {
        builder.append(DEFAULT_CATALOG, name);
    }
    builder.build().map_err(|error| unbuilt(&error))
}
