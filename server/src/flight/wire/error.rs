//! What can go wrong between a result batch and its wire form.

use arrow::error::ArrowError;

/// An error while bringing a result into its wire form.
#[derive(Debug, thiserror::Error)]
pub(in crate::flight) enum WireError {
    /// The kernels of Arrow refused a conversion.
    #[error("cannot convert column \"{column}\" for the wire")]
    Convert {
        /// The column that was being converted.
        column: String,
        /// What the kernel said.
        source: ArrowError,
    },
    /// The message could not be written.
    #[error("cannot encode a result batch")]
    Encode(#[from] ArrowError),
    /// A batch does not belong to the schema that was announced.
    #[error("a result batch has {found} columns, its schema announced {expected}")]
    Columns {
        /// The number of announced columns.
        expected: usize,
        /// The number of columns that came.
        found: usize,
    },
    /// A value does not fit the 32-bit offsets every client understands.
    #[error("a row of {bytes} bytes is larger than the 2 GiB that one message can carry")]
    RowTooLarge {
        /// The size of the row.
        bytes: usize,
    },
    /// A geometry could not be written in the requested format.
    #[error("cannot write geometry column \"{column}\" as {format}: {reason}")]
    Geometry {
        /// The geometry column.
        column: String,
        /// The requested format.
        format: &'static str,
        /// What is wrong with the value.
        reason: String,
    },
    /// The task that encodes stopped without an answer.
    #[error("the encoder stopped")]
    Worker,
}
