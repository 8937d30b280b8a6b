//! What a descriptor or ticket asks for.

use arrow_flight::FlightDescriptor;
use arrow_flight::sql::{Any, Command, CommandStatementQuery};
use prost::Message as _;
use prost::bytes::Bytes;

use super::status::Failure;

const TYPE_PREFIX: &str = "type.googleapis.com/";

/// Returns the command of a descriptor. Plain Flight clients may name a table by its path, or
/// send the text of a statement.
pub(super) fn of_descriptor(descriptor: &FlightDescriptor) -> Result<Command, Failure> {
    if descriptor.path.is_empty() {
        return of_bytes(&descriptor.cmd);
    }
    let names: Vec<String> =
        descriptor.path.iter().map(|name| format!("\"{}\"", name.replace('"', "\"\""))).collect();
    Ok(statement(format!("SELECT * FROM {}", names.join("."))))
}

/// Returns the command of a ticket, which is a command or the text of a statement.
pub(super) fn of_bytes(bytes: &Bytes) -> Result<Command, Failure> {
    if let Ok(any) = Any::decode(bytes.clone())
        && any.type_url.starts_with(TYPE_PREFIX)
    {
        return Command::try_from(any)
            .map_err(|_error| Failure::invalid("the Flight SQL command cannot be decoded"));
    }
    match std::str::from_utf8(bytes) {
        Ok(sql) if !sql.trim().is_empty() => Ok(statement(sql.to_owned())),
        _ => Err(Failure::invalid("the request carries neither a Flight SQL command nor SQL text")),
    }
}

fn statement(query: String) -> Command {
    Command::CommandStatementQuery(CommandStatementQuery { query, transaction_id: None })
}

/// Refuses a transaction id, because there are no transactions.
pub(super) fn without_transaction(id: Option<&Bytes>) -> Result<(), Failure> {
    if id.is_none_or(Bytes::is_empty) {
        return Ok(());
    }
    Err(Failure::invalid("transactions are not supported; every statement is atomic"))
}

/// Returns the failure of a command in a call it does not belong to.
pub(super) fn misplaced(command: &Command, call: &str) -> Failure {
    let name = command.type_url().rsplit(['.', '/']).next().unwrap_or_default();
    match command {
        Command::CommandStatementSubstraitPlan(_) => {
            Failure::unsupported("Substrait plans are not supported; send SQL")
        }
        Command::Unknown(_) => Failure::invalid(format!("command \"{name}\" is not known")),
        _ => Failure::invalid(format!("command \"{name}\" cannot be sent to {call}")),
    }
}

#[cfg(test)]
mod tests {
    use arrow_flight::sql::{CommandGetCatalogs, ProstMessageExt as _};

    use super::*;

    fn sql(command: Command) -> String {
        match command {
            Command::CommandStatementQuery(command) => command.query,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn commands_text_and_paths_are_told_apart() {
        let bytes = Bytes::from(CommandGetCatalogs {}.as_any().encode_to_vec());
        assert!(matches!(of_bytes(&bytes), Ok(Command::CommandGetCatalogs(_))));
        let text = of_bytes(&Bytes::from_static(b"SELECT 1")).unwrap();
        assert_eq!(sql(text), "SELECT 1");
        let path = FlightDescriptor::new_path(vec!["public".to_owned(), "a\"b".to_owned()]);
        assert_eq!(sql(of_descriptor(&path).unwrap()), "SELECT * FROM \"public\".\"a\"\"b\"");
    }

    #[test]
    fn foreign_bytes_are_refused() {
        for bytes in [&b""[..], b"  ", b"\xff\xfe\x00"] {
            assert!(of_bytes(&Bytes::copy_from_slice(bytes)).is_err());
        }
    }
}
