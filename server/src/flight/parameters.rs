//! Bound values: read from a `DoPut` stream, carried in handles, given to the engine row by row.

use arrow::array::{Array, ArrayRef, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::Schema;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use arrow_flight::FlightData;
use bytes::Bytes;
use futures::Stream;
use godwit_engine::{Code, Error, Parameter, Value, bindable};
use tonic::Status;

use super::status::Failure;
use super::upload::Upload;
use super::wire::parameter_field;

/// The most bytes one statement may bind.
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// The values bound to a statement: one column a parameter, one row an execution.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    batch: RecordBatch,
}

impl Bound {
    /// Reads the values of a `DoPut` stream; nothing when it brings no columns.
    pub(super) async fn read<S>(messages: S) -> Result<Option<Self>, Failure>
    where
        S: Stream<Item = Result<FlightData, Status>> + Send + 'static,
    {
        let Some((schema, mut upload)) = Upload::begin(messages).await? else { return Ok(None) };
        let (mut batches, mut bytes) = (Vec::new(), 0);
        while let Some(batch) = upload.next().await? {
            bytes += batch.columns().iter().map(|column| weight(column.as_ref())).sum::<usize>();
            if bytes > MAX_BYTES {
                return Err(too_large());
            }
            batches.push(batch);
        }
        if schema.fields().is_empty() {
            return Ok(None);
        }
        let batch = concat_batches(&schema, &batches)?;
        Ok(Some(Self { batch: bindable(&batch)? }))
    }

    /// Reads the values that a handle carries.
    pub(super) fn from_ipc(bytes: &[u8]) -> Result<Self, Failure> {
        let mut reader = StreamReader::try_new(bytes, None)?;
        match reader.next() {
            Some(batch) => Ok(Self { batch: batch? }),
            None => Ok(Self { batch: RecordBatch::new_empty(reader.schema()) }),
        }
    }

    /// Returns the values as a handle carries them.
    pub(super) fn to_ipc(&self) -> Result<Bytes, Failure> {
        let mut bytes = Vec::new();
        let mut writer = StreamWriter::try_new(&mut bytes, &self.batch.schema())?;
        writer.write(&self.batch)?;
        writer.finish()?;
        drop(writer);
        Ok(bytes.into())
    }

    /// Returns the values as they came.
    pub(super) fn values(&self) -> &RecordBatch {
        &self.batch
    }

    /// Returns the values, row by row, which the engine casts to what the statement wants.
    /// Columns count by position: clients name them `0`, `$1` or not at all.
    pub(super) fn rows(&self, parameters: &[Parameter]) -> Result<Rows, Failure> {
        check_count(self.batch.num_columns(), parameters)?;
        Ok(Rows { columns: self.batch.columns().to_vec(), len: self.batch.num_rows() })
    }
}

/// Rows of values, each good for one execution.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    columns: Vec<ArrayRef>,
    len: usize,
}

impl Rows {
    /// Returns the single empty row of a statement that takes no values.
    pub(super) fn unbound(parameters: &[Parameter]) -> Result<Self, Failure> {
        check_count(0, parameters)?;
        Ok(Self { columns: Vec::new(), len: 1 })
    }

    /// Returns values of the types of all executions, of which there may be none.
    pub(super) fn sample(&self) -> Result<Vec<Value>, Failure> {
        if self.len > 0 {
            return self.row(0);
        }
        let nulls = self.columns.iter().map(|column| Value::try_from(column.data_type()));
        let nulls: Result<Vec<Value>, _> = nulls.collect();
        nulls.map_err(|error| Failure::invalid(format!("cannot bind values: {error}")))
    }

    /// Returns the number of executions.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Returns the values of all executions, one column a parameter.
    pub(super) fn columns(&self) -> &[ArrayRef] {
        &self.columns
    }

    /// Returns the values of one execution.
    pub(super) fn row(&self, row: usize) -> Result<Vec<Value>, Failure> {
        let mut values = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            let value = Value::try_from_array(column, row)
                .map_err(|error| Failure::invalid(format!("cannot read a bound value: {error}")))?;
            values.push(value);
        }
        Ok(values)
    }
}

/// Returns the schema that tells clients what to bind.
pub(super) fn parameter_schema(parameters: &[Parameter]) -> Schema {
    Schema::new(
        parameters
            .iter()
            .map(|parameter| parameter_field(&parameter.name, &parameter.data_type))
            .collect::<Vec<_>>(),
    )
}

/// Returns the bytes that a column takes, or will take once it has the type of its parameter: nulls
/// and runs are sent in less than a bit for each.
fn weight(column: &dyn Array) -> usize {
    let size = column.get_array_memory_size();
    if size < column.len() / 8 { column.len().saturating_mul(size_of::<i64>()) } else { size }
}

fn check_count(bound: usize, parameters: &[Parameter]) -> Result<(), Failure> {
    if bound == parameters.len() {
        return Ok(());
    }
    let wanted = match parameters.len() {
        1 => "1 parameter".to_owned(),
        count => format!("{count} parameters"),
    };
    Err(Failure::invalid(format!("the statement needs {wanted}, {bound} were bound")))
}

fn too_large() -> Failure {
    let limit = MAX_BYTES / 1024 / 1024;
    Error::new(Code::LimitExceeded, format!("the bound values are larger than {limit} MiB"))
        .with_hint("Bind fewer rows at a time.")
        .into()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Int32Array, ListArray};
    use arrow::datatypes::{DataType, Field, Int64Type};

    use super::*;

    fn parameter(name: &str) -> Parameter {
        let field = Arc::new(Field::new(name, DataType::Int64, true));
        let data_type = DataType::Int64;
        Parameter { name: name.to_owned(), data_type, field, is_inferred: false }
    }

    fn bound(column: ArrayRef) -> Bound {
        Bound { batch: RecordBatch::try_from_iter([("0", column)]).unwrap() }
    }

    #[test]
    fn each_row_is_one_execution() {
        let bound = bound(Arc::new(Int32Array::from(vec![Some(1), None])));
        let rows = bound.rows(&[parameter("$1")]).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows.row(0).unwrap(), vec![Value::Int32(Some(1))]);
        assert_eq!(rows.row(1).unwrap(), vec![Value::Int32(None)]);
        assert_eq!(Rows::unbound(&[]).unwrap().row(0).unwrap(), vec![]);
    }

    #[test]
    fn the_number_of_values_must_match() {
        let failure = Rows::unbound(&[parameter("$1")]).unwrap_err();
        let message = "the statement needs 1 parameter, 0 were bound";
        assert_eq!(Status::from(failure).message(), message);
        let one = bound(Arc::new(Int32Array::from(vec![1])));
        assert!(one.rows(&[parameter("$1"), parameter("$2")]).is_err());
    }

    #[tokio::test]
    async fn malformed_messages_are_refused_and_never_panic() {
        use arrow::array::StringArray;
        use arrow::ipc::writer::IpcWriteOptions;
        use arrow_flight::SchemaAsIpc;
        use arrow_flight::utils::batches_to_flight_data;

        let texts: ArrayRef = Arc::new(StringArray::from(vec!["a", "bc", "def"]));
        let batch = RecordBatch::try_from_iter([("0", texts)]).unwrap();
        let schema = batch.schema();
        let messages = batches_to_flight_data(&schema, vec![batch]).unwrap();
        let opening: FlightData = SchemaAsIpc::new(&schema, &IpcWriteOptions::default()).into();
        let good = messages.last().unwrap();
        let read = |messages: Vec<FlightData>| {
            Bound::read(futures::stream::iter(messages.into_iter().map(Ok)))
        };
        assert!(read(vec![opening.clone(), good.clone()]).await.unwrap().is_some());
        assert!(read(vec![good.clone()]).await.is_err());
        for index in 0..good.data_header.len() {
            let mut header = good.data_header.to_vec();
            header[index] ^= 0x55;
            let changed = FlightData { data_header: header.into(), ..good.clone() };
            // Some changes do no harm; what counts is that each is answered.
            let _ = read(vec![opening.clone(), changed]).await;
        }
        let short = FlightData { data_body: good.data_body.slice(..8), ..good.clone() };
        assert!(read(vec![opening, short]).await.is_err());
    }

    #[tokio::test]
    async fn nulls_count_as_much_as_what_they_become() {
        use arrow::array::NullArray;
        use arrow_flight::utils::batches_to_flight_data;

        let read = |count| {
            let nulls: ArrayRef = Arc::new(NullArray::new(count));
            let batch = RecordBatch::try_from_iter([("0", nulls)]).unwrap();
            let messages = batches_to_flight_data(&batch.schema(), vec![batch]).unwrap();
            Bound::read(futures::stream::iter(messages.into_iter().map(Ok)))
        };
        assert_eq!(read(1000).await.unwrap().unwrap().batch.num_rows(), 1000);
        for count in [1 << 30, 1 << 40] {
            let refused = Status::from(read(count).await.unwrap_err());
            assert_eq!(refused.code(), tonic::Code::ResourceExhausted, "{count}");
        }
    }

    #[test]
    fn values_survive_the_handle() {
        let list = ListArray::from_iter_primitive::<Int64Type, _, _>([Some([Some(1), None])]);
        let before = bound(Arc::new(list));
        let after = Bound::from_ipc(&before.to_ipc().unwrap()).unwrap();
        assert_eq!(before.batch, after.batch);
        let empty = Bound { batch: before.batch.slice(0, 0) };
        assert_eq!(Bound::from_ipc(&empty.to_ipc().unwrap()).unwrap().batch.num_rows(), 0);
    }
}
