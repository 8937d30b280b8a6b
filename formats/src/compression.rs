//! The compressions a whole file can be wrapped in.

use std::io::{BufRead as _, BufReader, Read};

use datafusion::datasource::file_format::file_compression_type::FileCompressionType;

use crate::FormatError;

const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];
const ZSTD_MAGIC: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
const READ_BUFFER_BYTES: usize = 256 * 1024;

/// A compression around a whole file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Compression {
    /// The bytes as they are.
    #[default]
    None,
    /// Gzip, also of several members.
    Gzip,
    /// Zstandard.
    Zstd,
}

impl Compression {
    /// Every compression, for listings.
    pub const ALL: &'static [Self] = &[Self::None, Self::Gzip, Self::Zstd];

    /// Returns the compression called `name` in SQL.
    pub fn from_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "none" | "uncompressed" => Some(Self::None),
            "gzip" | "gz" => Some(Self::Gzip),
            "zstd" | "zst" => Some(Self::Zstd),
            _ => None,
        }
    }

    /// Returns the name used in SQL.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// Returns the suffix of a compressed file, with its dot.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Gzip => ".gz",
            Self::Zstd => ".zst",
        }
    }

    /// Returns the compression a file name promises and the name without that suffix.
    pub fn of_path(path: &str) -> (Self, &str) {
        let dot = path.rfind('.').unwrap_or(path.len());
        let (stem, suffix) = path.split_at_checked(dot).unwrap_or((path, ""));
        match suffix.to_ascii_lowercase().as_str() {
            ".gz" | ".gzip" => (Self::Gzip, stem),
            ".zst" | ".zstd" => (Self::Zstd, stem),
            _ => (Self::None, path),
        }
    }

    /// Returns the compression whose signature `head` starts with.
    pub fn of_head(head: &[u8]) -> Self {
        if head.starts_with(GZIP_MAGIC) {
            Self::Gzip
        } else if head.starts_with(ZSTD_MAGIC) {
            Self::Zstd
        } else {
            Self::None
        }
    }

    /// Wraps a reader so that it delivers decompressed bytes.
    pub fn reader(self, reader: Box<dyn Read + Send>) -> Result<Box<dyn Read + Send>, FormatError> {
        Ok(match self {
            Self::None => reader,
            Self::Gzip => {
                let buffered = BufReader::with_capacity(READ_BUFFER_BYTES, reader);
                Box::new(flate2::bufread::MultiGzDecoder::new(buffered))
            }
            Self::Zstd => Box::new(zstd::Decoder::new(reader)?),
        })
    }

    /// Wraps a reader according to the signature its bytes start with.
    pub fn sniffing_reader(
        reader: Box<dyn Read + Send>,
    ) -> Result<Box<dyn Read + Send>, FormatError> {
        let mut buffered = BufReader::with_capacity(READ_BUFFER_BYTES, reader);
        let compression = Self::of_head(buffered.fill_buf()?);
        compression.reader(Box::new(buffered))
    }

    /// Returns DataFusion's word for the same compression.
    pub fn to_datafusion(self) -> FileCompressionType {
        match self {
            Self::None => FileCompressionType::UNCOMPRESSED,
            Self::Gzip => FileCompressionType::GZIP,
            Self::Zstd => FileCompressionType::ZSTD,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_are_taken_off() {
        assert_eq!(Compression::of_path("a/b.csv.gz"), (Compression::Gzip, "a/b.csv"));
        assert_eq!(Compression::of_path("b.geojson.ZST"), (Compression::Zstd, "b.geojson"));
        assert_eq!(Compression::of_path("b.csv"), (Compression::None, "b.csv"));
        assert_eq!(Compression::of_path("b"), (Compression::None, "b"));
    }

    #[test]
    fn a_signature_decides_when_sniffing() {
        let zstd = zstd::encode_all(&b"hello"[..], 1).unwrap();
        for bytes in [zstd, b"hello".to_vec()] {
            let mut text = String::new();
            let source: Box<dyn Read + Send> = Box::new(std::io::Cursor::new(bytes));
            Compression::sniffing_reader(source).unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "hello");
        }
    }
}
