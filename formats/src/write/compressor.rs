//! Compression of a whole file while it is written.

use std::io::Write as _;

use crate::{Compression, FormatError};

/// Takes bytes and gives compressed ones.
pub(super) enum Compressor {
    None,
    Gzip(flate2::write::GzEncoder<Vec<u8>>),
    Zstd(zstd::Encoder<'static, Vec<u8>>),
}

impl Compressor {
    pub(super) fn try_new(compression: Compression) -> Result<Self, FormatError> {
        Ok(match compression {
            Compression::None => Self::None,
            Compression::Gzip => {
                let level = flate2::Compression::default();
                Self::Gzip(flate2::write::GzEncoder::new(Vec::new(), level))
            }
            Compression::Zstd => {
                Self::Zstd(zstd::Encoder::new(Vec::new(), zstd::DEFAULT_COMPRESSION_LEVEL)?)
            }
        })
    }

    /// Replaces `bytes` with what is ready of their compressed form.
    pub(super) fn push(&mut self, bytes: &mut Vec<u8>) -> Result<(), FormatError> {
        match self {
            Self::None => {}
            Self::Gzip(encoder) => {
                encoder.write_all(bytes)?;
                *bytes = std::mem::take(encoder.get_mut());
            }
            Self::Zstd(encoder) => {
                encoder.write_all(bytes)?;
                *bytes = std::mem::take(encoder.get_mut());
            }
        }
        Ok(())
    }

    /// Returns what is left.
    pub(super) fn finish(self) -> Result<Vec<u8>, FormatError> {
        Ok(match self {
            Self::None => Vec::new(),
            Self::Gzip(encoder) => encoder.finish()?,
            Self::Zstd(encoder) => encoder.finish()?,
        })
    }
}
