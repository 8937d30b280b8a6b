//! The result encoders of `formats`, so that a protocol needs no other crate of ours.

pub use godwit_formats::encode::{
    CsvOptions, EncodeOptions, Encoder, Encoding, GeometryEncoding, ParquetOptions, encoder,
};
pub use godwit_formats::{Compression, FormatError};
