//! Which columns the features of a file have: one look at every property.

use arrow::datatypes::{DataType, Field, Schema};
use godwit_geometry::{Crs, GeometryType};
use indexmap::IndexMap;

use crate::FormatError;
use crate::chunks::Chunk;
use crate::geojson::columns::Source;
use crate::geojson::crs::parse_crs;
use crate::geojson::geometry::is_geometry_type;
use crate::objects::{Cursor, Kinds, Parsed, as_json};

/// More columns than this are a sign of keys that should have been values.
const MAX_PROPERTIES: usize = 4096;

/// What is known about the columns so far.
#[derive(Debug, Default)]
pub(super) struct Inferred {
    properties: IndexMap<String, Kinds>,
    id: Kinds,
    crs: Option<Vec<u8>>,
    pub(super) features: usize,
}

impl Inferred {
    /// Looks at the features of one chunk.
    pub(super) fn from_chunk(chunk: &Chunk) -> Result<Self, FormatError> {
        let mut inferred = Self { crs: chunk.crs.clone(), ..Self::default() };
        let mut cursor = Cursor::new(&chunk.data);
        loop {
            cursor.skip_between_objects();
            if cursor.peek().is_none() {
                return Ok(inferred);
            }
            inferred
                .feature(&mut cursor)
                .map_err(|fault| chunk.malformed(fault.offset, fault.reason))?;
        }
    }

    /// Adds what the next part of a file, or the next file, contains.
    pub(super) fn merge(&mut self, other: Self) {
        for (name, kinds) in other.properties {
            *self.properties.entry(name).or_default() |= kinds;
        }
        self.id |= other.id;
        self.crs = other.crs.or(self.crs.take());
        self.features += other.features;
    }

    /// Returns the reference system of the file; GeoJSON means longitude and latitude.
    pub(super) fn crs(&self) -> Result<Option<Crs>, FormatError> {
        self.crs.as_deref().map_or_else(|| Ok(Some(Crs::wgs84())), parse_crs)
    }

    /// Returns the columns: the identifier, the properties as they appear, the geometry.
    pub(super) fn schema(&self, crs: Option<Crs>) -> Result<Schema, FormatError> {
        if self.properties.len() > MAX_PROPERTIES {
            return Err(FormatError::Unsupported {
                reason: format!(
                    "the features have {} distinct properties, more than {MAX_PROPERTIES}",
                    self.properties.len()
                ),
            });
        }
        let geometry = Field::new("geometry", DataType::BinaryView, true);
        let geometry = GeometryType::new(crs).annotate(geometry);
        let has_id = self.id != Kinds::default();
        let id_clashes = has_id && self.properties.contains_key("id");
        let mut fields = Vec::with_capacity(self.properties.len() + 2);
        if has_id && !id_clashes {
            fields.push(field("id", self.id));
        }
        for (name, kinds) in &self.properties {
            let column = if name == "geometry" { self.free_name(name) } else { name.clone() };
            let is_renamed = column != *name;
            let mut field = field(&column, *kinds);
            if is_renamed || (id_clashes && name == "id") {
                field = Source::Property(name.clone()).annotate(field);
            }
            fields.push(field);
        }
        if id_clashes {
            fields.push(Source::Id.annotate(field(&self.free_name("id"), self.id)));
        }
        fields.push(geometry);
        Ok(Schema::new(fields))
    }

    /// Returns `name` with the first number that makes it unique.
    fn free_name(&self, name: &str) -> String {
        let mut number = 1_usize;
        loop {
            let candidate = format!("{name}_{number}");
            if !self.properties.contains_key(&candidate) {
                return candidate;
            }
            number += 1;
        }
    }

    fn feature(&mut self, cursor: &mut Cursor<'_>) -> Parsed<()> {
        let start = cursor.position();
        self.features += 1;
        cursor.expect(b'{')?;
        let mut is_open = !cursor.take(b'}');
        while is_open {
            let key = cursor.key()?;
            match key.raw {
                b"properties" if cursor.peek() == Some(b'{') => self.properties(cursor)?,
                b"id" => self.id |= Kinds::of_value(cursor)?,
                b"type" if cursor.peek() == Some(b'"') => {
                    let token = cursor.string()?;
                    if is_geometry_type(&token) {
                        // A bare geometry has no properties.
                        cursor.set_position(start);
                        return cursor.skip_value();
                    }
                }
                _ => cursor.skip_value()?,
            }
            is_open = cursor.more(b'}')?;
        }
        Ok(())
    }

    fn properties(&mut self, cursor: &mut Cursor<'_>) -> Parsed<()> {
        cursor.advance(1);
        let mut expected = 0;
        let mut is_open = !cursor.take(b'}');
        while is_open {
            let key = cursor.key()?;
            let kinds = Kinds::of_value(cursor)?;
            is_open = cursor.more(b'}')?;
            // Features of one file mostly have the same properties in the same order.
            if let Some((name, known)) = self.properties.get_index_mut(expected)
                && key.is(name.as_bytes())
                && !key.has_escapes
            {
                *known |= kinds;
                expected += 1;
                continue;
            }
            let entry = self.properties.entry(key.to_text()?.into_owned());
            expected = entry.index() + 1;
            *entry.or_default() |= kinds;
        }
        Ok(())
    }
}

fn field(name: &str, kinds: Kinds) -> Field {
    let field = Field::new(name, kinds.data_type(), true);
    if kinds.is_nested() { as_json(field) } else { field }
}
