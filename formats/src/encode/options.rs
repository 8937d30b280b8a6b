//! How a result is to be encoded.

use godwit_geometry::Crs;
use parquet::basic::{Compression as Codec, GzipLevel, ZstdLevel};

use crate::covering::BoundsPrecision;
use crate::encode::Encoding;
use crate::options::{Options, invalid};
use crate::{Compression, FormatError, FormatOptions, format_named, formats};

/// How geometries are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GeometryEncoding {
    /// GeoJSON geometry: an object in JSON, its text elsewhere.
    GeoJson,
    /// Well-known text.
    Wkt,
    /// Well-known text with the SRID in front.
    Ewkt,
    /// Well-known binary; hexadecimal digits in text encodings.
    Wkb,
    /// Well-known binary in hexadecimal digits.
    HexWkb,
    /// Two columns `<name>_lon` and `<name>_lat` of points.
    LonLat,
}

impl GeometryEncoding {
    /// Returns the geometry encoding called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "geojson" => Self::GeoJson,
            "wkt" => Self::Wkt,
            "ewkt" => Self::Ewkt,
            "wkb" => Self::Wkb,
            "hexwkb" => Self::HexWkb,
            "lonlat" => Self::LonLat,
            _ => return None,
        })
    }
}

/// How a result is to be encoded.
#[derive(Debug, Clone)]
pub struct EncodeOptions {
    /// How geometries are written; each encoding has its own default.
    pub geometry: Option<GeometryEncoding>,
    /// The reference system to convert geometries to.
    pub crs: Option<Crs>,
    /// The reference system of geometries that do not say theirs.
    pub assume_crs: Option<Crs>,
    /// The geometry of features; the first geometry column by default.
    pub geometry_column: Option<String>,
    /// The column that becomes the identifier of features.
    pub id_column: Option<String>,
    /// The name of the layer, in formats that have some.
    pub layer: Option<String>,
    /// Whether features get an index by place, in formats that have one.
    pub has_index: bool,
    /// Whether 64-bit integers are written as JSON strings.
    pub int64_as_string: bool,
    /// Options of delimited text.
    pub csv: CsvOptions,
    /// Options of Parquet.
    pub parquet: ParquetOptions,
}

/// Options of delimited text.
#[derive(Debug, Clone)]
pub struct CsvOptions {
    /// The character between values; a comma for CSV and a tabulator for TSV by default.
    pub delimiter: Option<u8>,
    /// Whether the names of the columns come first.
    pub has_header: bool,
    /// The character around values that need it.
    pub quote: u8,
    /// What is written for NULL.
    pub null: String,
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self { delimiter: None, has_header: true, quote: b'"', null: String::new() }
    }
}

/// Options of Parquet.
#[derive(Debug, Clone)]
pub struct ParquetOptions {
    /// The codec of the pages.
    pub compression: Codec,
    /// How many rows a row group has at most.
    pub row_group_rows: usize,
    /// Whether every geometry gets a column of its bounds.
    pub has_bbox: bool,
    /// The width of the numbers of these bounds.
    pub bbox_precision: BoundsPrecision,
    /// Whether geometries have the GEOMETRY type of Parquet itself, with its statistics.
    pub has_native_type: bool,
}

impl Default for ParquetOptions {
    fn default() -> Self {
        Self {
            compression: Codec::ZSTD(ZstdLevel::try_new(3).unwrap_or_default()),
            row_group_rows: 65_536,
            has_bbox: true,
            bbox_precision: BoundsPrecision::Single,
            has_native_type: false,
        }
    }
}

impl Default for EncodeOptions {
    fn default() -> Self {
        Self {
            geometry: None,
            crs: None,
            assume_crs: None,
            geometry_column: None,
            id_column: None,
            layer: None,
            has_index: true,
            int64_as_string: false,
            csv: CsvOptions::default(),
            parquet: ParquetOptions::default(),
        }
    }
}

impl EncodeOptions {
    /// Reads the options of `COPY ... OPTIONS` for a format, and the compression of the file.
    /// Options that only matter when reading are accepted and do nothing.
    pub fn from_format_options(
        format: &str,
        options: &FormatOptions,
    ) -> Result<(Encoding, Self, Compression), FormatError> {
        let unknown =
            || FormatError::Unsupported { reason: format!("unknown format \"{format}\"") };
        let description = format_named(format).ok_or_else(unknown)?.describe();
        let encoding = Encoding::from_format(format)
            .or_else(|| Encoding::from_format(description.name))
            .ok_or_else(|| only_read(description.name))?;
        let options = Options::try_new(description, options)?;
        let mut result = Self {
            crs: options.crs("crs")?,
            assume_crs: options.crs("assume_crs")?,
            geometry_column: options.text("geometry_column").map(str::to_owned),
            id_column: options.text("id_column").map(str::to_owned),
            layer: options.text("layer").map(str::to_owned),
            has_index: options.flag("index")?.unwrap_or(true),
            ..Self::default()
        };
        if let Some(name) = options.text("geometry_format") {
            let found = GeometryEncoding::from_name(name);
            let reason = "it takes geojson, wkt, ewkt, hexwkb or lonlat";
            result.geometry = Some(found.ok_or_else(|| invalid("geometry_format", name, reason))?);
        }
        if encoding == Encoding::Parquet {
            result.parquet = parquet_options(&options)?;
            return Ok((encoding, result, Compression::None));
        }
        let defaults = CsvOptions::default();
        result.csv = CsvOptions {
            delimiter: options.character("delimiter")?,
            has_header: options.flag("header")?.unwrap_or(defaults.has_header),
            quote: options.character("quote")?.unwrap_or(defaults.quote),
            null: options.text("null").unwrap_or_default().to_owned(),
        };
        Ok((encoding, result, options.compression()?.unwrap_or_default()))
    }
}

/// Returns the error for a format that files cannot be written in.
fn only_read(name: &str) -> FormatError {
    let written = formats().iter().map(|format| format.describe());
    let written = written.filter(|description| description.writes);
    let written: Vec<&str> = written.map(|description| description.name).collect();
    let reason = format!(
        "files of format {name} can only be read; those that can be written are {}",
        written.join(", ")
    );
    FormatError::Unsupported { reason }
}

fn parquet_options(options: &Options<'_>) -> Result<ParquetOptions, FormatError> {
    let defaults = ParquetOptions::default();
    let codec = options.text("compression").map(codec).transpose()?;
    let row_group_rows = options.count("row_group_rows")?.filter(|count| *count > 0);
    let bbox_precision = match options.text("bbox_precision") {
        None => defaults.bbox_precision,
        Some(text) if text.eq_ignore_ascii_case("single") => BoundsPrecision::Single,
        Some(text) if text.eq_ignore_ascii_case("double") => BoundsPrecision::Double,
        Some(text) => return Err(invalid("bbox_precision", text, "it takes single or double")),
    };
    Ok(ParquetOptions {
        compression: codec.unwrap_or(defaults.compression),
        row_group_rows: row_group_rows.unwrap_or(defaults.row_group_rows),
        has_bbox: options.flag("bbox")?.unwrap_or(defaults.has_bbox),
        bbox_precision,
        has_native_type: options.flag("native_type")?.unwrap_or(defaults.has_native_type),
    })
}

/// Reads `zstd`, `zstd(9)`, `snappy`, ...
fn codec(text: &str) -> Result<Codec, FormatError> {
    let refused = || {
        invalid(
            "compression",
            text,
            "it takes zstd, zstd(1) to zstd(22), snappy, gzip, lz4 or none",
        )
    };
    let lower = text.to_ascii_lowercase();
    let (name, level) = match lower.strip_suffix(')').and_then(|text| text.split_once('(')) {
        Some((name, level)) => (name, Some(level.parse::<i32>().map_err(|_error| refused())?)),
        None => (lower.as_str(), None),
    };
    Ok(match name {
        "none" | "uncompressed" => Codec::UNCOMPRESSED,
        "snappy" => Codec::SNAPPY,
        "lz4" | "lz4_raw" => Codec::LZ4_RAW,
        "gzip" => Codec::GZIP(GzipLevel::default()),
        "zstd" => Codec::ZSTD(ZstdLevel::try_new(level.unwrap_or(3)).map_err(|_error| refused())?),
        _ => return Err(refused()),
    })
}
