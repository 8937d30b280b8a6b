//! Features to batches.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::datatypes::SchemaRef;

use crate::FormatError;
use crate::chunks::{Chunk, ChunkDecoder};
use crate::geojson::columns::{Column, Source};
use crate::geojson::geometry::{GeometryParser, is_geometry_type};
use crate::objects::{Cursor, Parsed, Token};

/// Which members of a feature go into which column of the batch.
#[derive(Debug)]
pub(super) struct FeatureDecoder {
    schema: SchemaRef,
    sources: Vec<Source>,
    geometry: Option<usize>,
    id: Option<usize>,
    /// The properties of the file in their usual order, and their columns if they are wanted.
    properties: Vec<(Box<[u8]>, Option<usize>)>,
    by_name: HashMap<Box<[u8]>, usize>,
    /// Whether a property that inference did not see is an error.
    refuses_unknown: bool,
    batch_size: usize,
}

impl FeatureDecoder {
    pub(super) fn try_new(
        file_schema: &SchemaRef,
        projection: &[usize],
        batch_size: usize,
        refuses_unknown: bool,
    ) -> Result<Self, FormatError> {
        let schema = Arc::new(file_schema.project(projection)?);
        let sources: Vec<Source> = schema.fields().iter().map(|field| Source::of(field)).collect();
        let column_of = |source: &Source| sources.iter().position(|other| other == source);
        let mut properties = Vec::new();
        for field in file_schema.fields() {
            let source = Source::of(field);
            let name = match &source {
                Source::Property(name) => name.as_str(),
                Source::AnyId => "id",
                Source::Geometry | Source::Id => continue,
            };
            properties.push((name.as_bytes().into(), column_of(&source)));
        }
        let by_name = properties.iter().enumerate();
        let by_name = by_name.map(|(index, (name, _))| (Box::clone(name), index)).collect();
        let id = column_of(&Source::Id).or_else(|| column_of(&Source::AnyId));
        let geometry = column_of(&Source::Geometry);
        Ok(Self { schema, sources, geometry, id, properties, by_name, refuses_unknown, batch_size })
    }
}

impl ChunkDecoder for FeatureDecoder {
    fn decode(&self, chunk: &Chunk) -> Result<Vec<RecordBatch>, FormatError> {
        let mut batches = Vec::new();
        let mut rows = Rows::new(self);
        let mut cursor = Cursor::new(&chunk.data);
        loop {
            cursor.skip_between_objects();
            let is_done = cursor.peek().is_none();
            if rows.count == self.batch_size || (is_done && rows.count > 0) {
                batches.push(rows.finish()?);
            }
            if is_done {
                return Ok(batches);
            }
            rows.feature(&mut cursor)
                .map_err(|fault| chunk.malformed(fault.offset, fault.reason))?;
        }
    }
}

/// The rows of the batch under construction.
struct Rows<'d> {
    decoder: &'d FeatureDecoder,
    columns: Vec<Column>,
    geometry_parser: GeometryParser,
    scratch: String,
    count: usize,
}

impl<'d> Rows<'d> {
    fn new(decoder: &'d FeatureDecoder) -> Self {
        let fields = decoder.schema.fields().iter().zip(&decoder.sources);
        let columns = fields.map(|(field, source)| Column::new(field, source)).collect();
        Self {
            decoder,
            columns,
            geometry_parser: GeometryParser::default(),
            scratch: String::new(),
            count: 0,
        }
    }

    fn finish(&mut self) -> Result<RecordBatch, FormatError> {
        let mut arrays = Vec::with_capacity(self.columns.len());
        for column in &mut self.columns {
            arrays.push(column.finish()?);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(self.count));
        self.count = 0;
        let schema = Arc::clone(&self.decoder.schema);
        Ok(RecordBatch::try_new_with_options(schema, arrays, &options)?)
    }

    /// Takes one feature, or a bare geometry, as a row.
    fn feature(&mut self, cursor: &mut Cursor<'_>) -> Parsed<()> {
        let start = cursor.position();
        self.count += 1;
        cursor.expect(b'{')?;
        let mut has_type = false;
        let mut is_open = !cursor.take(b'}');
        while is_open {
            let key = cursor.key()?;
            match key.raw {
                b"geometry" => self.geometry(cursor)?,
                b"properties" => self.properties(cursor)?,
                b"type" => {
                    if Self::is_bare_geometry(cursor)? {
                        cursor.set_position(start);
                        self.geometry(cursor)?;
                        has_type = true;
                        break;
                    }
                    has_type = true;
                }
                b"id" => self.id(cursor)?,
                _ => cursor.skip_value()?,
            }
            is_open = cursor.more(b'}')?;
        }
        if !has_type {
            cursor.set_position(start);
            return Err(cursor.fault("the object has no \"type\", so it is no Feature"));
        }
        let row = self.count;
        for column in &mut self.columns {
            if !column.is_filled(row) {
                column.append_null(row);
            }
        }
        Ok(())
    }

    fn is_bare_geometry(cursor: &mut Cursor<'_>) -> Parsed<bool> {
        if cursor.peek() != Some(b'"') {
            return Err(cursor.expected_what("\"Feature\""));
        }
        let start = cursor.position();
        let token = cursor.string()?;
        if token.is(b"Feature") {
            return Ok(false);
        }
        if is_geometry_type(&token) {
            return Ok(true);
        }
        cursor.set_position(start);
        Err(cursor.fault("the type is neither \"Feature\" nor a geometry"))
    }

    fn geometry(&mut self, cursor: &mut Cursor<'_>) -> Parsed<()> {
        let row = self.count;
        let column = self.decoder.geometry.and_then(|index| self.columns.get_mut(index));
        let Some(column) = column.filter(|column| !column.is_filled(row)) else {
            return cursor.skip_value();
        };
        if cursor.peek() == Some(b'n') {
            cursor.word("null")?;
            column.append_null(row);
            return Ok(());
        }
        let wkb = self.geometry_parser.parse(cursor)?;
        column.append_binary(row, wkb);
        Ok(())
    }

    fn id(&mut self, cursor: &mut Cursor<'_>) -> Parsed<()> {
        let row = self.count;
        let column = self.decoder.id.and_then(|index| self.columns.get_mut(index));
        match column.filter(|column| !column.is_filled(row)) {
            Some(column) => column.append(row, cursor, &mut self.scratch),
            None => cursor.skip_value(),
        }
    }

    fn properties(&mut self, cursor: &mut Cursor<'_>) -> Parsed<()> {
        if cursor.peek() == Some(b'n') {
            return cursor.word("null");
        }
        cursor.expect(b'{')?;
        let row = self.count;
        let mut expected = 0;
        let mut is_open = !cursor.take(b'}');
        while is_open {
            let key = cursor.key()?;
            let index = self.property(&key, expected)?;
            if let Some(index) = index {
                expected = index + 1;
            } else if self.decoder.refuses_unknown {
                return Err(cursor.fault(
                    "the features that were looked at do not have this property; leave out \
                     infer_rows so that the whole file is looked at",
                ));
            }
            let wanted = index.and_then(|index| self.decoder.properties.get(index)?.1);
            match wanted.and_then(|column| self.columns.get_mut(column)) {
                // Of a property that is given twice the first value counts.
                Some(column) if !column.is_filled(row) => {
                    column.append(row, cursor, &mut self.scratch)?;
                }
                _ => cursor.skip_value()?,
            }
            is_open = cursor.more(b'}')?;
        }
        Ok(())
    }

    /// Returns the place of a property, looking first where it is expected.
    #[inline]
    fn property(&mut self, key: &Token<'_>, expected: usize) -> Parsed<Option<usize>> {
        if let Some((name, _)) = self.decoder.properties.get(expected)
            && key.is(name)
            && !key.has_escapes
        {
            return Ok(Some(expected));
        }
        let name = key.decode(&mut self.scratch)?;
        Ok(self.decoder.by_name.get(name.as_bytes()).copied())
    }
}
