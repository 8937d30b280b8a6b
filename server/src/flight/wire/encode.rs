//! Batches to Flight messages of about 2 MiB.
//!
//! Arrow's own Flight encoder measures whole buffers, so a slice of a big batch is either cut to
//! single rows or sent far too large, and it sends every buffer of a view array with each slice.
//! This one counts the bytes of the slice, converts slice by slice (which compacts views), and
//! only a single huge row makes a message larger than the target.

use arrow::compute::concat_batches;
use arrow::datatypes::{Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::ipc::CompressionType;
use arrow::ipc::writer::{DictionaryTracker, IpcDataGenerator, IpcWriteContext, IpcWriteOptions};
use arrow::record_batch::RecordBatch;
use arrow_flight::{FlightData, IpcMessage, SchemaAsIpc};
use bytes::Bytes;

use super::error::WireError;
use super::profile::Profile;
use super::size::batch_size;

/// The size a message aims at. Go clients refuse more than 16 MiB, tonic clients more than 4 MiB.
const TARGET_BYTES: usize = 2 * 1024 * 1024;
/// Batches below both bounds are sent together.
pub(super) const SMALL_BYTES: usize = TARGET_BYTES / 2;
/// See [`SMALL_BYTES`].
pub(super) const SMALL_ROWS: usize = 8192;
/// The largest row whose offsets fit 32 bits.
const MAX_ROW_BYTES: usize = i32::MAX as usize;

/// The compression of record batches, which a client must ask for: the JDBC driver reads none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::flight) enum Compression {
    /// Plain buffers.
    #[default]
    None,
    /// LZ4 frames.
    Lz4,
    /// Zstandard.
    Zstd,
}

impl Compression {
    /// Returns the compression of an option value.
    pub(in crate::flight) fn from_name(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "none" => Some(Self::None),
            "lz4" => Some(Self::Lz4),
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }

    /// Returns the name of the compression as an option value.
    pub(in crate::flight) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Lz4 => "lz4",
            Self::Zstd => "zstd",
        }
    }

    fn codec(self) -> Option<CompressionType> {
        match self {
            Self::None => None,
            Self::Lz4 => Some(CompressionType::LZ4_FRAME),
            Self::Zstd => Some(CompressionType::ZSTD),
        }
    }
}

/// Writes the batches of one result as Flight messages.
#[derive(Debug)]
pub(in crate::flight) struct Encoder {
    profile: Profile,
    options: IpcWriteOptions,
    target_bytes: usize,
}

impl Encoder {
    /// Creates the encoder of one result.
    pub(in crate::flight) fn try_new(
        profile: Profile,
        compression: Compression,
    ) -> Result<Self, WireError> {
        let options = IpcWriteOptions::default().try_with_compression(compression.codec())?;
        Ok(Self { profile, options, target_bytes: TARGET_BYTES })
    }

    /// Returns the schema of the messages.
    pub(in crate::flight) fn schema(&self) -> &SchemaRef {
        self.profile.schema()
    }

    /// Returns the message that opens the stream.
    pub(in crate::flight) fn schema_message(&self) -> FlightData {
        SchemaAsIpc::new(self.schema(), &self.options).into()
    }

    /// Returns a message without rows.
    pub(in crate::flight) fn empty_message(&self) -> Result<FlightData, WireError> {
        let mut writer = Writer::new(&self.options);
        writer.write(&RecordBatch::new_empty(SchemaRef::clone(self.schema())))?;
        // No column has a dictionary on the wire, so there is one message.
        Ok(writer.messages.pop().unwrap_or_default())
    }

    /// Returns the messages of consecutive batches: large ones are cut, small ones joined.
    pub(in crate::flight) fn encode(
        &self,
        batches: &[RecordBatch],
    ) -> Result<Vec<FlightData>, WireError> {
        let mut writer = Writer::new(&self.options);
        let mut small: Vec<RecordBatch> = Vec::new();
        let mut small_bytes = 0;
        for batch in batches.iter().filter(|batch| batch.num_rows() > 0) {
            let bytes = batch_size(batch);
            if bytes > SMALL_BYTES {
                self.flush(&mut small, &mut writer)?;
                small_bytes = 0;
                self.cut(batch, bytes, &mut writer)?;
                continue;
            }
            if small_bytes + bytes > self.target_bytes {
                self.flush(&mut small, &mut writer)?;
                small_bytes = 0;
            }
            small.push(self.profile.to_wire(batch)?);
            small_bytes += bytes;
        }
        self.flush(&mut small, &mut writer)?;
        Ok(writer.messages)
    }

    fn flush(
        &self,
        small: &mut Vec<RecordBatch>,
        writer: &mut Writer<'_>,
    ) -> Result<(), WireError> {
        match small.as_slice() {
            [] => {}
            [batch] => writer.write(batch)?,
            batches => writer.write(&concat_batches(self.schema(), batches)?)?,
        }
        small.clear();
        Ok(())
    }

    /// Writes a batch in slices of equal row counts, and cuts again where the rows are uneven.
    fn cut(
        &self,
        batch: &RecordBatch,
        bytes: usize,
        writer: &mut Writer<'_>,
    ) -> Result<(), WireError> {
        let rows = batch.num_rows();
        if rows <= 1 && bytes > MAX_ROW_BYTES {
            return Err(WireError::RowTooLarge { bytes });
        }
        if rows <= 1 || bytes <= self.target_bytes {
            return writer.write(&self.profile.to_wire(batch)?);
        }
        let step = rows.div_ceil(bytes.div_ceil(self.target_bytes)).min(rows - 1).max(1);
        let mut start = 0;
        while start < rows {
            let slice = batch.slice(start, step.min(rows - start));
            self.cut(&slice, batch_size(&slice), writer)?;
            start += step;
        }
        Ok(())
    }
}

/// The messages written so far, with the scratch space that is reused between them.
struct Writer<'a> {
    options: &'a IpcWriteOptions,
    dictionaries: DictionaryTracker,
    context: IpcWriteContext,
    messages: Vec<FlightData>,
}

impl<'a> Writer<'a> {
    fn new(options: &'a IpcWriteOptions) -> Self {
        let mut context = IpcWriteContext::default();
        context.set_reserve_scratch(true);
        Self { options, dictionaries: DictionaryTracker::new(false), context, messages: Vec::new() }
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<(), WireError> {
        let (dictionaries, message) = IpcDataGenerator::default().encode(
            batch,
            &mut self.dictionaries,
            self.options,
            &mut self.context,
        )?;
        self.messages.extend(dictionaries.into_iter().map(FlightData::from));
        self.messages.push(message.into());
        Ok(())
    }
}

/// Returns a schema as the encapsulated IPC message that every Flight SQL field carries.
pub(in crate::flight) fn schema_bytes(schema: &Schema) -> Result<Bytes, ArrowError> {
    let options = IpcWriteOptions::default();
    let IpcMessage(bytes) = SchemaAsIpc::new(schema, &options).try_into()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{
        ArrayRef, BinaryArray, BinaryViewArray, DictionaryArray, Int64Array, StringViewArray,
    };
    use arrow::datatypes::{DataType, Field, Int32Type};
    use arrow_flight::decode::FlightRecordBatchStream;
    use futures::TryStreamExt as _;

    use super::super::geometry::GeometryFormat;
    use super::*;

    fn encoder(schema: &Schema, compression: Compression) -> Encoder {
        Encoder::try_new(Profile::new(schema, GeometryFormat::Wkb), compression).unwrap()
    }

    fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
        RecordBatch::try_from_iter(columns).unwrap()
    }

    async fn decoded(encoder: &Encoder, messages: Vec<FlightData>) -> Vec<RecordBatch> {
        let stream = futures::stream::iter(
            std::iter::once(encoder.schema_message()).chain(messages).map(Ok),
        );
        FlightRecordBatchStream::new_from_flight_data(stream).try_collect().await.unwrap()
    }

    #[tokio::test]
    async fn a_large_batch_is_cut_near_the_target() {
        let values =
            StringViewArray::from_iter_values((0..100_000).map(|row| format!("{row:0>100}")));
        let input = batch(vec![("text", Arc::new(values) as ArrayRef)]);
        let encoder = encoder(&input.schema(), Compression::None);
        let messages = encoder.encode(std::slice::from_ref(&input)).unwrap();
        assert!((5..=7).contains(&messages.len()), "{} messages", messages.len());
        for message in &messages {
            assert!(message.data_body.len() < TARGET_BYTES + 64 * 1024);
        }
        let rows: usize = decoded(&encoder, messages).await.iter().map(RecordBatch::num_rows).sum();
        assert_eq!(rows, 100_000);
    }

    #[tokio::test]
    async fn a_slice_of_a_large_batch_sends_only_its_rows() {
        let values = BinaryViewArray::from_iter_values((0..100_000).map(|_| [7_u8; 100]));
        let input = batch(vec![("wkb", Arc::new(values) as ArrayRef)]).slice(50_000, 10);
        let encoder = encoder(&input.schema(), Compression::None);
        let messages = encoder.encode(std::slice::from_ref(&input)).unwrap();
        assert_eq!(messages.len(), 1);
        assert!(messages[0].data_body.len() < 2048, "{}", messages[0].data_body.len());
    }

    #[tokio::test]
    async fn one_huge_row_passes_alone() {
        let huge = vec![1_u8; 8 * 1024 * 1024];
        let rows: Vec<&[u8]> = vec![b"a", b"b", &huge, b"c"];
        let input = batch(vec![("wkb", Arc::new(BinaryArray::from_vec(rows)) as ArrayRef)]);
        let encoder = encoder(&input.schema(), Compression::None);
        let messages = encoder.encode(std::slice::from_ref(&input)).unwrap();
        let large: Vec<_> =
            messages.iter().filter(|message| message.data_body.len() > TARGET_BYTES).collect();
        assert_eq!(large.len(), 1);
        let batches = decoded(&encoder, messages).await;
        assert_eq!(concat_batches(encoder.schema(), &batches).unwrap().num_rows(), 4);
    }

    #[tokio::test]
    async fn small_batches_travel_together_and_keep_their_order() {
        let batches: Vec<_> = (0..100)
            .map(|row| batch(vec![("n", Arc::new(Int64Array::from(vec![row; 50])) as ArrayRef)]))
            .collect();
        let encoder = encoder(&batches[0].schema(), Compression::None);
        let messages = encoder.encode(&batches).unwrap();
        assert_eq!(messages.len(), 1);
        let expected = concat_batches(encoder.schema(), &batches).unwrap();
        assert_eq!(decoded(&encoder, messages).await, vec![expected]);
    }

    #[tokio::test]
    async fn dictionaries_leave_as_plain_values() {
        let values: DictionaryArray<Int32Type> = ["a", "b", "a"].into_iter().collect();
        let input = batch(vec![("kind", Arc::new(values) as ArrayRef)]);
        let encoder = encoder(&input.schema(), Compression::None);
        let output = decoded(&encoder, encoder.encode(&[input]).unwrap()).await;
        assert_eq!(output[0].schema().field(0).data_type(), &DataType::Utf8);
    }

    #[tokio::test]
    async fn compressed_messages_are_smaller_and_readable() {
        let input = batch(vec![("n", Arc::new(Int64Array::from(vec![1; 100_000])) as ArrayRef)]);
        let plain = encoder(&input.schema(), Compression::None);
        let plain_bytes = plain.encode(std::slice::from_ref(&input)).unwrap()[0].data_body.len();
        for compression in [Compression::Lz4, Compression::Zstd] {
            let encoder = encoder(&input.schema(), compression);
            let messages = encoder.encode(std::slice::from_ref(&input)).unwrap();
            assert!(messages[0].data_body.len() < plain_bytes / 10);
            assert_eq!(decoded(&encoder, messages).await[0].num_rows(), 100_000);
        }
    }

    #[test]
    fn a_result_without_columns_keeps_its_row_count() {
        let schema = Arc::new(Schema::empty());
        let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(3));
        let input = RecordBatch::try_new_with_options(Arc::clone(&schema), vec![], &options);
        let encoder = encoder(&schema, Compression::None);
        assert_eq!(encoder.encode(&[input.unwrap()]).unwrap().len(), 1);
    }

    #[test]
    fn a_batch_of_another_shape_is_refused() {
        let schema = Schema::new(vec![Field::new("a", DataType::Int64, true)]);
        let one: ArrayRef = Arc::new(Int64Array::from(vec![1]));
        let input = batch(vec![("a", Arc::clone(&one)), ("b", one)]);
        let error = encoder(&schema, Compression::None).encode(&[input]).unwrap_err();
        assert!(matches!(error, WireError::Columns { expected: 1, found: 2 }));
    }
}
