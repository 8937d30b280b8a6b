//! The metadata commands: what catalogs, tables, types and abilities there are.
//!
//! Their schemas are fixed by the specification to the letter, nullability included.

mod columns;
mod keys;
mod listing;
mod sql_info;
mod tables;
mod xdbc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow_flight::sql::Command;

pub(super) use self::columns::EncodedColumns;
use super::call::Call;
use super::service::Shared;
use super::status::Failure;

/// Returns the schema of a metadata command's rows; nothing for any other command.
pub(super) fn schema(command: &Command) -> Option<SchemaRef> {
    Some(match command {
        Command::CommandGetCatalogs(_) => listing::catalogs_schema(),
        Command::CommandGetDbSchemas(_) => listing::schemas_schema(),
        Command::CommandGetTables(command) => tables::schema(command),
        Command::CommandGetTableTypes(_) => tables::types_schema(),
        Command::CommandGetPrimaryKeys(_) => keys::primary_keys_schema(),
        Command::CommandGetExportedKeys(_)
        | Command::CommandGetImportedKeys(_)
        | Command::CommandGetCrossReference(_) => keys::foreign_keys_schema(),
        Command::CommandGetXdbcTypeInfo(_) => xdbc::schema(),
        Command::CommandGetSqlInfo(_) => sql_info::schema(),
        _ => return None,
    })
}

/// Returns the rows of a metadata command; nothing for any other command.
pub(super) async fn rows(
    shared: &Shared,
    call: &Call,
    command: Command,
) -> Result<Option<RecordBatch>, Failure> {
    Ok(Some(match command {
        Command::CommandGetCatalogs(_) => listing::catalogs()?,
        Command::CommandGetDbSchemas(command) => listing::schemas(shared, call, command)?,
        Command::CommandGetTables(command) => tables::rows(shared, call, command).await?,
        Command::CommandGetTableTypes(_) => tables::types()?,
        Command::CommandGetPrimaryKeys(_) => RecordBatch::new_empty(keys::primary_keys_schema()),
        Command::CommandGetExportedKeys(_)
        | Command::CommandGetImportedKeys(_)
        | Command::CommandGetCrossReference(_) => {
            RecordBatch::new_empty(keys::foreign_keys_schema())
        }
        Command::CommandGetXdbcTypeInfo(command) => xdbc::rows(command)?,
        Command::CommandGetSqlInfo(command) => sql_info::rows(shared, call, command)?,
        _ => return Ok(None),
    }))
}

/// Returns the rows that a builder of the protocol crate failed to make.
fn unbuilt(error: &arrow_flight::error::FlightError) -> Failure {
    Failure::internal(format!("cannot build a metadata answer: {error}"))
}

/// Returns a catalog filter as clients mean it: some send `%` for "any".
fn any_catalog(catalog: Option<String>) -> Option<String> {
    catalog.filter(|name| name != "%")
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::{DataType, Field, Schema};
    use arrow_flight::sql::{
        CommandGetCatalogs, CommandGetCrossReference, CommandGetDbSchemas, CommandGetExportedKeys,
        CommandGetImportedKeys, CommandGetPrimaryKeys, CommandGetSqlInfo, CommandGetTableTypes,
        CommandGetTables, CommandGetXdbcTypeInfo,
    };

    use super::*;

    /// Reads the notation of the protocol's comments: `name type [not null]`.
    fn specified(columns: &str) -> Schema {
        let fields = columns.trim().split(',').map(|column| {
            let words: Vec<&str> = column.split_whitespace().collect();
            let data_type = match words[1] {
                "utf8" => DataType::Utf8,
                "bytes" => DataType::Binary,
                "bool" => DataType::Boolean,
                "int32" => DataType::Int32,
                "uint8" => DataType::UInt8,
                "list<utf8>" => DataType::new_list(DataType::Utf8, false),
                other => panic!("{other}"),
            };
            Field::new(words[0], data_type, words.len() == 2)
        });
        Schema::new(fields.collect::<Vec<_>>())
    }

    #[track_caller]
    fn assert_schema(command: &Command, columns: &str) {
        assert_eq!(schema(command).unwrap().as_ref(), &specified(columns));
    }

    #[test]
    fn schemas_are_those_of_the_specification() {
        assert_schema(
            &Command::CommandGetCatalogs(CommandGetCatalogs {}),
            "catalog_name utf8 not null",
        );
        assert_schema(
            &Command::CommandGetDbSchemas(CommandGetDbSchemas::default()),
            "catalog_name utf8, db_schema_name utf8 not null",
        );
        assert_schema(
            &Command::CommandGetTables(CommandGetTables::default()),
            "catalog_name utf8, db_schema_name utf8, table_name utf8 not null,
             table_type utf8 not null",
        );
        assert_schema(
            &Command::CommandGetTables(CommandGetTables {
                include_schema: true,
                ..CommandGetTables::default()
            }),
            "catalog_name utf8, db_schema_name utf8, table_name utf8 not null,
             table_type utf8 not null, table_schema bytes not null",
        );
        assert_schema(
            &Command::CommandGetTableTypes(CommandGetTableTypes {}),
            "table_type utf8 not null",
        );
        assert_schema(
            &Command::CommandGetPrimaryKeys(CommandGetPrimaryKeys::default()),
            "catalog_name utf8, db_schema_name utf8, table_name utf8 not null,
             column_name utf8 not null, key_name utf8, key_sequence int32 not null",
        );
        let references = "pk_catalog_name utf8, pk_db_schema_name utf8,
             pk_table_name utf8 not null, pk_column_name utf8 not null,
             fk_catalog_name utf8, fk_db_schema_name utf8,
             fk_table_name utf8 not null, fk_column_name utf8 not null,
             key_sequence int32 not null, fk_key_name utf8, pk_key_name utf8,
             update_rule uint8 not null, delete_rule uint8 not null";
        assert_schema(
            &Command::CommandGetExportedKeys(CommandGetExportedKeys::default()),
            references,
        );
        assert_schema(
            &Command::CommandGetImportedKeys(CommandGetImportedKeys::default()),
            references,
        );
        assert_schema(
            &Command::CommandGetCrossReference(CommandGetCrossReference::default()),
            references,
        );
        assert_schema(
            &Command::CommandGetXdbcTypeInfo(CommandGetXdbcTypeInfo::default()),
            "type_name utf8 not null, data_type int32 not null, column_size int32,
             literal_prefix utf8, literal_suffix utf8, create_params list<utf8>,
             nullable int32 not null, case_sensitive bool not null, searchable int32 not null,
             unsigned_attribute bool, fixed_prec_scale bool not null, auto_increment bool,
             local_type_name utf8, minimum_scale int32, maximum_scale int32,
             sql_data_type int32 not null, datetime_subcode int32, num_prec_radix int32,
             interval_precision int32",
        );
    }

    #[test]
    fn the_sql_info_union_has_its_six_branches_in_order() {
        let schema = schema(&Command::CommandGetSqlInfo(CommandGetSqlInfo::default())).unwrap();
        assert_eq!(schema.field(0), &Field::new("info_name", DataType::UInt32, false));
        let DataType::Union(members, _) = schema.field(1).data_type() else { panic!("a union") };
        let names: Vec<_> = members.iter().map(|(id, field)| (id, field.name().clone())).collect();
        let expected = [
            (0, "string_value"),
            (1, "bool_value"),
            (2, "bigint_value"),
            (3, "int32_bitmask"),
            (4, "string_list"),
            (5, "int32_to_int32_list_map"),
        ];
        assert!(names.iter().zip(expected).all(|(found, wanted)| (found.0, &*found.1) == wanted));
        assert_eq!(names.len(), 6);
    }
}
