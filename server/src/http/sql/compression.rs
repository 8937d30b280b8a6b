//! Compression of answers that puts every chunk through at once.
//!
//! Ready-made layers wait until their encoder is full, which holds the first rows of a slow query
//! back for as long as it runs.

use std::io::{self, Write as _};

use axum::http::{HeaderMap, HeaderValue, header};
use flate2::write::GzEncoder;
use godwit_engine::encode::Encoding;

/// A content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Identity,
    Gzip,
    Zstd,
}

impl Coding {
    /// Returns the coding to use for an answer. Arrow and Parquet have their own compression.
    pub(super) fn of_request(headers: &HeaderMap, encoding: Encoding) -> Self {
        if matches!(encoding, Encoding::Arrow | Encoding::ArrowFile | Encoding::Parquet) {
            return Self::Identity;
        }
        let values: Vec<&str> = headers
            .get_all(header::ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        let accepted = |name: &str| {
            values.iter().any(|part| {
                let (coding, quality) = part.split_once(';').unwrap_or((part, "q=1"));
                let quality = quality.trim().trim_start_matches("q=").parse().unwrap_or(1.0);
                coding.trim().eq_ignore_ascii_case(name) && quality > 0.0_f32
            })
        };
        if accepted("zstd") {
            Self::Zstd
        } else if accepted("gzip") {
            Self::Gzip
        } else {
            Self::Identity
        }
    }

    /// Returns the value of the `Content-Encoding` header.
    pub(super) fn header(self) -> Option<HeaderValue> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Zstd => Some(HeaderValue::from_static("zstd")),
        }
    }
}

/// Compresses a stream of chunks.
pub(super) enum Compressor {
    Identity,
    Gzip(Box<GzEncoder<Vec<u8>>>),
    Zstd(Box<zstd::stream::write::Encoder<'static, Vec<u8>>>),
}

impl Compressor {
    pub(super) fn new(coding: Coding) -> io::Result<Self> {
        Ok(match coding {
            Coding::Identity => Self::Identity,
            Coding::Gzip => {
                let level = flate2::Compression::fast();
                Self::Gzip(Box::new(GzEncoder::new(Vec::new(), level)))
            }
            Coding::Zstd => Self::Zstd(Box::new(zstd::stream::write::Encoder::new(Vec::new(), 1)?)),
        })
    }

    /// Returns all of the chunk, compressed.
    pub(super) fn compress(&mut self, chunk: Vec<u8>) -> io::Result<Vec<u8>> {
        match self {
            Self::Identity => Ok(chunk),
            Self::Gzip(encoder) => {
                encoder.write_all(&chunk)?;
                encoder.flush()?;
                Ok(std::mem::take(encoder.get_mut()))
            }
            Self::Zstd(encoder) => {
                encoder.write_all(&chunk)?;
                encoder.flush()?;
                Ok(std::mem::take(encoder.get_mut()))
            }
        }
    }

    /// Returns what ends the stream.
    pub(super) fn finish(&mut self) -> io::Result<Vec<u8>> {
        match self {
            Self::Identity => Ok(Vec::new()),
            Self::Gzip(encoder) => {
                encoder.try_finish()?;
                Ok(std::mem::take(encoder.get_mut()))
            }
            Self::Zstd(encoder) => {
                encoder.do_finish()?;
                Ok(std::mem::take(encoder.get_mut()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn every_chunk_can_be_read_at_once() {
        let mut compressor = Compressor::new(Coding::Gzip).unwrap();
        let first = compressor.compress(b"first rows".to_vec()).unwrap();
        let mut decoder = flate2::write::GzDecoder::new(Vec::new());
        decoder.write_all(&first).unwrap();
        decoder.flush().unwrap();
        assert_eq!(decoder.get_ref(), b"first rows");
        decoder.write_all(&compressor.finish().unwrap()).unwrap();
        assert_eq!(decoder.finish().unwrap(), b"first rows");
    }

    #[test]
    fn zstd_ends_well_formed() {
        let mut compressor = Compressor::new(Coding::Zstd).unwrap();
        let mut bytes = compressor.compress(b"a".to_vec()).unwrap();
        bytes.extend(compressor.compress(b"b".to_vec()).unwrap());
        bytes.extend(compressor.finish().unwrap());
        let mut text = String::new();
        zstd::stream::read::Decoder::new(&bytes[..]).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "ab");
    }

    #[test]
    fn the_client_chooses() {
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            Coding::of_request(&headers, Encoding::Json)
        };
        assert_eq!(of("gzip, deflate, br, zstd"), Coding::Zstd);
        assert_eq!(of("gzip;q=0.5"), Coding::Gzip);
        assert_eq!(of("gzip;q=0, br"), Coding::Identity);
    }
}
