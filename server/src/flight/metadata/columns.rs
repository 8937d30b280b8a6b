//! The columns of tables as `GetTables` sends them. Making them is most of its work, so those of
//! tables that have not changed are kept.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{Schema, SchemaRef};
use bytes::Bytes;
use godwit_engine::{TableInfo, TableKind};
use parking_lot::Mutex;

use super::super::status::Failure;
use super::super::wire::{GeometryFormat, schema_bytes, wire_schema};

/// The bytes kept at once.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The encoded columns of tables.
#[derive(Debug, Default)]
pub(in crate::flight) struct EncodedColumns {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// By the address of the columns, which each entry keeps from being another's.
    by_address: HashMap<usize, Entry>,
    bytes: usize,
}

#[derive(Debug)]
struct Entry {
    /// Held so that the address stays theirs.
    _columns: SchemaRef,
    schema: String,
    table: String,
    geometry: GeometryFormat,
    encoded: Bytes,
}

impl EncodedColumns {
    /// Returns the columns of a table; none for one that cannot be read.
    pub(super) fn of(&self, table: &TableInfo, geometry: GeometryFormat) -> Result<Bytes, Failure> {
        let Some(columns) = &table.arrow_schema else { return Ok(schema_bytes(&Schema::empty())?) };
        let address = Arc::as_ptr(columns).addr();
        if let Some(encoded) = self.get(address, table, geometry) {
            return Ok(encoded);
        }
        let encoded = schema_bytes(&described(table, columns, geometry))?;
        // The columns of others are made for each listing.
        if table.kind == TableKind::Table {
            self.keep(
                address,
                Entry {
                    _columns: Arc::clone(columns),
                    schema: table.schema.clone(),
                    table: table.name.clone(),
                    geometry,
                    encoded: encoded.clone(),
                },
            );
        }
        Ok(encoded)
    }

    fn get(&self, address: usize, table: &TableInfo, geometry: GeometryFormat) -> Option<Bytes> {
        let kept = self.kept.lock();
        let entry = kept.by_address.get(&address)?;
        let is_same = entry.schema == table.schema
            && entry.table == table.name
            && entry.geometry == geometry
            && table.kind == TableKind::Table;
        is_same.then(|| entry.encoded.clone())
    }

    fn keep(&self, address: usize, entry: Entry) {
        let mut kept = self.kept.lock();
        if kept.bytes + entry.encoded.len() > MAX_BYTES {
            *kept = Kept::default();
        }
        kept.bytes += entry.encoded.len();
        if let Some(old) = kept.by_address.insert(address, entry) {
            kept.bytes -= old.encoded.len();
        }
    }
}

/// Returns the columns of a table as clients see them: in wire form, with the table's names.
///
/// Columns of results may always be null. Here a stored column that takes no nulls says so.
fn described(table: &TableInfo, columns: &Schema, geometry: GeometryFormat) -> Schema {
    let named = HashMap::from([
        ("ARROW:FLIGHT:SQL:CATALOG_NAME".to_owned(), table.catalog.clone()),
        ("ARROW:FLIGHT:SQL:DB_SCHEMA_NAME".to_owned(), table.schema.clone()),
        // The Java driver reads this key, the specification names the one above.
        ("ARROW:FLIGHT:SQL:SCHEMA_NAME".to_owned(), table.schema.clone()),
        ("ARROW:FLIGHT:SQL:TABLE_NAME".to_owned(), table.name.clone()),
    ]);
    let wire = wire_schema(columns, geometry);
    let fields = wire.fields().iter().zip(columns.fields()).map(|(field, stored)| {
        let takes_nulls = table.kind != TableKind::Table || stored.is_nullable();
        let mut field = field.as_ref().clone().with_nullable(takes_nulls);
        field.metadata_mut().extend(named.clone());
        field
    });
    Schema::new(fields.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::{DataType, Field};

    use super::*;

    fn table(name: &str, columns: &SchemaRef) -> TableInfo {
        TableInfo {
            catalog: "godwit".to_owned(),
            schema: "public".to_owned(),
            name: name.to_owned(),
            kind: TableKind::Table,
            arrow_schema: Some(Arc::clone(columns)),
            comment: None,
            location: None,
            format: None,
            version: None,
            definition: None,
            error: None,
        }
    }

    fn columns(name: &str) -> SchemaRef {
        Arc::new(Schema::new(vec![Field::new(name, DataType::Int64, false)]))
    }

    #[test]
    fn what_is_kept_is_that_of_the_table_at_hand() {
        let kept = EncodedColumns::default();
        let of = |table: &TableInfo| kept.of(table, GeometryFormat::Wkb).unwrap();
        let (ids, names) = (columns("id"), columns("name"));
        let first = of(&table("a", &ids));
        assert_eq!(first.as_ptr(), of(&table("a", &ids)).as_ptr());
        for other in [table("a", &names), table("b", &ids)] {
            let fresh = EncodedColumns::default().of(&other, GeometryFormat::Wkb).unwrap();
            assert_ne!(of(&other), first);
            assert_eq!(of(&other), fresh);
        }
        let view = TableInfo { kind: TableKind::View, ..table("b", &ids) };
        assert_ne!(of(&view), of(&table("b", &ids)), "a view says that its columns may be null");
        let unread = TableInfo { arrow_schema: None, ..table("a", &ids) };
        assert_eq!(of(&unread), schema_bytes(&Schema::empty()).unwrap());
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let kept = EncodedColumns::default();
        let wide: Vec<_> =
            (0..4000).map(|n| Field::new(format!("c{n}"), DataType::Int64, true)).collect();
        let wide = Schema::new(wide);
        let mut most = 0;
        for number in 0..100 {
            let columns = Arc::new(wide.clone());
            kept.of(&table(&number.to_string(), &columns), GeometryFormat::Wkb).unwrap();
            most = most.max(kept.kept.lock().bytes);
        }
        assert!((MAX_BYTES / 2..=MAX_BYTES).contains(&most), "{most}");
    }
}
