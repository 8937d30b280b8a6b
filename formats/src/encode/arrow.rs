//! Rows as Arrow IPC, in the types that every reader knows.

use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef};
use arrow::ipc::writer::{FileWriter, StreamWriter};

use crate::FormatError;
use crate::encode::shape::Shaper;
use crate::encode::{EncodeOptions, Encoder, Encoding, GeometryEncoding};

/// Brings batches into the types of the wire: no views, no run ends.
struct Wire {
    shaper: Shaper,
    schema: SchemaRef,
}

impl Wire {
    fn try_new(
        schema: &SchemaRef,
        options: &EncodeOptions,
        keeps_dictionaries: bool,
    ) -> Result<Self, FormatError> {
        let form = options.geometry.filter(|form| *form != GeometryEncoding::Wkb);
        let shaper = Shaper::try_new(schema, options, options.crs.as_ref(), form)?;
        let shaped = shaper.schema();
        let fields = shaped.fields().iter().map(|field| wire_field(field, keeps_dictionaries));
        let fields: Vec<FieldRef> = fields.collect();
        let schema = Arc::new(Schema::new_with_metadata(fields, shaped.metadata().clone()));
        Ok(Self { shaper, schema })
    }

    fn apply(&self, batch: &RecordBatch) -> Result<RecordBatch, FormatError> {
        let batch = self.shaper.apply(batch)?;
        let mut columns = Vec::with_capacity(batch.num_columns());
        for (column, field) in batch.columns().iter().zip(self.schema.fields()) {
            columns.push(cast(column, field.data_type())?);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        Ok(RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)?)
    }
}

fn wire_field(field: &FieldRef, keeps_dictionaries: bool) -> FieldRef {
    let wire_type = wire_type(field.data_type(), keeps_dictionaries);
    let wire = Field::new(field.name(), wire_type, field.is_nullable());
    Arc::new(wire.with_metadata(field.metadata().clone()))
}

fn wire_type(data_type: &DataType, keeps_dictionaries: bool) -> DataType {
    let child = |field: &FieldRef| wire_field(field, keeps_dictionaries);
    match data_type {
        DataType::Utf8View => DataType::Utf8,
        DataType::BinaryView => DataType::Binary,
        DataType::List(item) | DataType::ListView(item) => DataType::List(child(item)),
        DataType::LargeList(item) | DataType::LargeListView(item) => {
            DataType::LargeList(child(item))
        }
        DataType::FixedSizeList(item, size) => DataType::FixedSizeList(child(item), *size),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(child).collect()),
        DataType::Map(entries, is_sorted) => DataType::Map(child(entries), *is_sorted),
        DataType::Dictionary(key, values) => {
            let values = wire_type(values, keeps_dictionaries);
            if !keeps_dictionaries {
                return values;
            }
            DataType::Dictionary(key.clone(), Box::new(values))
        }
        DataType::RunEndEncoded(_, values) => wire_type(values.data_type(), keeps_dictionaries),
        other => other.clone(),
    }
}

/// Writes rows as a stream or as a file.
pub(super) struct ArrowEncoder {
    wire: Wire,
    writer: Writer,
}

enum Writer {
    Stream(StreamWriter<Vec<u8>>),
    File(FileWriter<Vec<u8>>),
}

impl ArrowEncoder {
    pub(super) fn stream(schema: &SchemaRef, options: &EncodeOptions) -> Result<Self, FormatError> {
        let wire = Wire::try_new(schema, options, true)?;
        let writer = Writer::Stream(StreamWriter::try_new(Vec::new(), &wire.schema)?);
        Ok(Self { wire, writer })
    }

    pub(super) fn file(schema: &SchemaRef, options: &EncodeOptions) -> Result<Self, FormatError> {
        // A file holds one dictionary a column, and batches come with their own.
        let wire = Wire::try_new(schema, options, false)?;
        let writer = Writer::File(FileWriter::try_new(Vec::new(), &wire.schema)?);
        Ok(Self { wire, writer })
    }

    /// Hands over what has been written.
    fn hand_over(&mut self, out: &mut Vec<u8>) {
        out.append(match &mut self.writer {
            Writer::Stream(writer) => writer.get_mut(),
            Writer::File(writer) => writer.get_mut(),
        });
    }
}

impl Encoder for ArrowEncoder {
    fn media_type(&self) -> &'static str {
        match self.writer {
            Writer::Stream(_) => Encoding::Arrow.media_type(),
            Writer::File(_) => Encoding::ArrowFile.media_type(),
        }
    }

    fn start(&mut self, out: &mut Vec<u8>) -> Result<(), FormatError> {
        self.hand_over(out);
        Ok(())
    }

    fn write(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), FormatError> {
        let batch = self.wire.apply(batch)?;
        match &mut self.writer {
            Writer::Stream(writer) => writer.write(&batch)?,
            Writer::File(writer) => writer.write(&batch)?,
        }
        self.hand_over(out);
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), FormatError> {
        match &mut self.writer {
            Writer::Stream(writer) => writer.finish()?,
            Writer::File(writer) => writer.finish()?,
        }
        self.hand_over(out);
        Ok(())
    }
}
