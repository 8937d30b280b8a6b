//! The columns of tables as `GetTables` sends them. Making them is most of its work, so those of
//! tables and views that have not changed are kept.

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

/// What an entry takes beside its encoded columns and its name, about.
const ENTRY_BYTES: usize = 256;

/// The encoded columns of tables.
#[derive(Debug, Default)]
pub(in crate::flight) struct EncodedColumns {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// By schema and name, of which each has one entry at a time.
    by_name: HashMap<String, HashMap<String, Entry>>,
    bytes: usize,
}

#[derive(Debug)]
struct Entry {
    /// The very columns that were encoded. Held, so that others cannot have their address.
    columns: SchemaRef,
    kind: TableKind,
    geometry: GeometryFormat,
    encoded: Bytes,
}

impl Entry {
    fn is_of(&self, table: &TableInfo, columns: &SchemaRef, geometry: GeometryFormat) -> bool {
        Arc::ptr_eq(&self.columns, columns) && self.kind == table.kind && self.geometry == geometry
    }

    /// Returns the bytes that it takes under the name of a table.
    fn size(&self, name: &str) -> usize {
        self.encoded.len() + name.len() + ENTRY_BYTES
    }
}

impl EncodedColumns {
    /// Returns the columns of a table; none for one that cannot be read.
    pub(super) fn of(&self, table: &TableInfo, geometry: GeometryFormat) -> Result<Bytes, Failure> {
        let Some(columns) = &table.arrow_schema else { return Ok(schema_bytes(&Schema::empty())?) };
        if let Some(encoded) = self.get(table, columns, geometry) {
            return Ok(encoded);
        }
        let encoded = schema_bytes(&described(table, columns, geometry))?;
        // Those of other kinds are made for each listing, and temporary ones have the same names.
        if matches!(table.kind, TableKind::Table | TableKind::View) {
            let columns = Arc::clone(columns);
            let entry = Entry { columns, kind: table.kind, geometry, encoded: encoded.clone() };
            self.keep(table, entry);
        }
        Ok(encoded)
    }

    fn get(
        &self,
        table: &TableInfo,
        columns: &SchemaRef,
        geometry: GeometryFormat,
    ) -> Option<Bytes> {
        let kept = self.kept.lock();
        let entry = kept.by_name.get(&table.schema)?.get(&table.name)?;
        entry.is_of(table, columns, geometry).then(|| entry.encoded.clone())
    }

    fn keep(&self, table: &TableInfo, entry: Entry) {
        let mut kept = self.kept.lock();
        let size = entry.size(&table.name);
        if kept.bytes + size > MAX_BYTES {
            *kept = Kept::default();
        }
        kept.bytes += size;
        let tables = kept.by_name.entry(table.schema.clone()).or_default();
        if let Some(old) = tables.insert(table.name.clone(), entry) {
            kept.bytes -= old.size(&table.name);
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
        assert_eq!(of(&view).as_ptr(), of(&view).as_ptr());
        let temporary = TableInfo { kind: TableKind::Temporary, ..table("b", &ids) };
        assert_ne!(of(&temporary).as_ptr(), of(&temporary).as_ptr());
        let text = kept.of(&table("a", &ids), GeometryFormat::Wkt).unwrap();
        assert_ne!(
            text.as_ptr(),
            of(&table("a", &ids)).as_ptr(),
            "geometries are asked for as text"
        );
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

    #[test]
    fn a_table_is_kept_once() {
        let kept = EncodedColumns::default();
        let size = |_| {
            kept.of(&table("a", &columns("id")), GeometryFormat::Wkb).unwrap();
            kept.kept.lock().bytes
        };
        let sizes: Vec<usize> = (0..3).map(size).collect();
        assert_eq!(sizes, [sizes[0]; 3]);
    }
}
