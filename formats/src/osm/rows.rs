//! Elements as rows.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Float64Builder, Int64Builder, ListBuilder, MapBuilder, RecordBatch,
    RecordBatchOptions, StringBuilder,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};

use crate::FormatError;

/// What an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ElementKind {
    Node,
    Way,
    Relation,
}

impl ElementKind {
    fn name(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Way => "way",
            Self::Relation => "relation",
        }
    }
}

/// An element whose tags, references and members were added already.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) kind: ElementKind,
    pub(super) id: i64,
    /// Latitude and longitude in degrees, of a node.
    pub(super) position: Option<(f64, f64)>,
}

/// Returns the columns that every file has.
pub(super) fn schema() -> Schema {
    let list = |item: DataType| DataType::List(Arc::new(Field::new_list_field(item, true)));
    let entries = Fields::from(vec![
        Field::new("keys", DataType::Utf8, false),
        Field::new("values", DataType::Utf8, true),
    ]);
    let entries = Field::new("entries", DataType::Struct(entries), false);
    Schema::new(vec![
        Field::new("kind", DataType::Utf8, true),
        Field::new("id", DataType::Int64, true),
        Field::new("tags", DataType::Map(Arc::new(entries), false), true),
        Field::new("refs", list(DataType::Int64), true),
        Field::new("lat", DataType::Float64, true),
        Field::new("lon", DataType::Float64, true),
        Field::new("ref_roles", list(DataType::Utf8), true),
        Field::new("ref_types", list(DataType::Utf8), true),
    ])
}

/// The rows of the batches under construction.
pub(super) struct Rows {
    schema: SchemaRef,
    batch_size: usize,
    batches: Vec<RecordBatch>,
    count: usize,
    kinds: Option<StringBuilder>,
    ids: Option<Int64Builder>,
    tags: Option<MapBuilder<StringBuilder, StringBuilder>>,
    refs: Option<ListBuilder<Int64Builder>>,
    latitudes: Option<Float64Builder>,
    longitudes: Option<Float64Builder>,
    roles: Option<ListBuilder<StringBuilder>>,
    types: Option<ListBuilder<StringBuilder>>,
    /// What the element under construction has so far.
    tag_count: usize,
}

impl Rows {
    /// Returns no rows of the wanted columns.
    pub(super) fn new(schema: &SchemaRef, batch_size: usize) -> Self {
        let is_wanted = |name: &str| schema.field_with_name(name).is_ok();
        Self {
            schema: Arc::clone(schema),
            batch_size: batch_size.max(1),
            batches: Vec::new(),
            count: 0,
            kinds: is_wanted("kind").then(StringBuilder::new),
            ids: is_wanted("id").then(Int64Builder::new),
            tags: is_wanted("tags")
                .then(|| MapBuilder::new(None, StringBuilder::new(), StringBuilder::new())),
            refs: is_wanted("refs").then(|| ListBuilder::new(Int64Builder::new())),
            latitudes: is_wanted("lat").then(Float64Builder::new),
            longitudes: is_wanted("lon").then(Float64Builder::new),
            roles: is_wanted("ref_roles").then(|| ListBuilder::new(StringBuilder::new())),
            types: is_wanted("ref_types").then(|| ListBuilder::new(StringBuilder::new())),
            tag_count: 0,
        }
    }

    /// Adds a tag to the element under construction.
    pub(super) fn tag(&mut self, key: &str, value: &str) {
        self.tag_count += 1;
        if let Some(tags) = &mut self.tags {
            tags.keys().append_value(key);
            tags.values().append_value(value);
        }
    }

    /// Adds a node to the way under construction.
    pub(super) fn reference(&mut self, id: i64) {
        if let Some(refs) = &mut self.refs {
            refs.values().append_value(id);
        }
    }

    /// Adds a member to the relation under construction.
    pub(super) fn member(&mut self, id: i64, role: &str, kind: ElementKind) {
        self.reference(id);
        if let Some(roles) = &mut self.roles {
            roles.values().append_value(role);
        }
        if let Some(types) = &mut self.types {
            types.values().append_value(kind.name());
        }
    }

    /// Ends an element.
    pub(super) fn end(&mut self, element: &Element) {
        if let Some(kinds) = &mut self.kinds {
            kinds.append_value(element.kind.name());
        }
        if let Some(ids) = &mut self.ids {
            ids.append_value(element.id);
        }
        let has_tags = std::mem::take(&mut self.tag_count) > 0;
        if let Some(tags) = &mut self.tags {
            // The keys and values were appended in pairs.
            let appended = tags.append(has_tags);
            debug_assert!(appended.is_ok(), "keys and values are pairs");
        }
        if let Some(refs) = &mut self.refs {
            refs.append(element.kind != ElementKind::Node);
        }
        if let Some(latitudes) = &mut self.latitudes {
            latitudes.append_option(element.position.map(|(latitude, _)| latitude));
        }
        if let Some(longitudes) = &mut self.longitudes {
            longitudes.append_option(element.position.map(|(_, longitude)| longitude));
        }
        for list in [&mut self.roles, &mut self.types].into_iter().flatten() {
            list.append(element.kind == ElementKind::Relation);
        }
        self.count += 1;
    }

    /// Makes a batch of the rows if there are enough of them.
    pub(super) fn flush(&mut self) -> Result<(), FormatError> {
        if self.count >= self.batch_size { self.batch() } else { Ok(()) }
    }

    /// Returns all batches.
    pub(super) fn finish(mut self) -> Result<Vec<RecordBatch>, FormatError> {
        if self.count > 0 {
            self.batch()?;
        }
        let batch_size = self.batch_size;
        let pieces = |batch: &RecordBatch| {
            let (batch, rows) = (batch.clone(), batch.num_rows());
            (0..rows)
                .step_by(batch_size)
                .map(move |start| batch.slice(start, batch_size.min(rows - start)))
        };
        Ok(self.batches.iter().flat_map(pieces).collect())
    }

    fn batch(&mut self) -> Result<(), FormatError> {
        let mut arrays = Vec::with_capacity(self.schema.fields().len());
        for field in self.schema.fields() {
            let array: Option<ArrayRef> = match field.name().as_str() {
                "kind" => finished(&mut self.kinds),
                "id" => finished(&mut self.ids),
                "tags" => finished(&mut self.tags),
                "refs" => finished(&mut self.refs),
                "lat" => finished(&mut self.latitudes),
                "lon" => finished(&mut self.longitudes),
                "ref_roles" => finished(&mut self.roles),
                _ => finished(&mut self.types),
            };
            if let Some(array) = array {
                arrays.push(cast(&array, field.data_type())?);
            }
        }
        let options = RecordBatchOptions::new().with_row_count(Some(self.count));
        self.count = 0;
        let schema = Arc::clone(&self.schema);
        self.batches.push(RecordBatch::try_new_with_options(schema, arrays, &options)?);
        Ok(())
    }
}

fn finished(builder: &mut Option<impl arrow::array::ArrayBuilder>) -> Option<ArrayRef> {
    builder.as_mut().map(arrow::array::ArrayBuilder::finish)
}
