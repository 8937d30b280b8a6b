//! The encodings of a result.

/// How a result becomes bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// One JSON array of row objects.
    Json,
    /// One JSON object with columns, rows and a status.
    Table,
    /// One JSON object a line.
    Ndjson,
    /// Comma-separated values with a header.
    Csv,
    /// Tab-separated values with a header.
    Tsv,
    /// An Arrow IPC stream.
    Arrow,
    /// An Arrow IPC file.
    ArrowFile,
    /// A GeoParquet file.
    Parquet,
    /// A GeoJSON feature collection.
    GeoJson,
    /// GeoJSON features, one a line.
    GeoJsonSeq,
    /// A FlatGeobuf file.
    FlatGeobuf,
    /// A GeoPackage with one layer.
    GeoPackage,
}

impl Encoding {
    /// Every encoding, for listings.
    pub const ALL: &'static [Self] = &[
        Self::Json,
        Self::Table,
        Self::Ndjson,
        Self::Csv,
        Self::Tsv,
        Self::Arrow,
        Self::ArrowFile,
        Self::Parquet,
        Self::GeoJson,
        Self::GeoJsonSeq,
        Self::FlatGeobuf,
        Self::GeoPackage,
    ];

    /// Returns the encoding called `name`, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "json" => Self::Json,
            "table" => Self::Table,
            "ndjson" | "jsonl" => Self::Ndjson,
            "csv" => Self::Csv,
            "tsv" => Self::Tsv,
            "arrow" | "arrows" => Self::Arrow,
            "arrow_file" | "feather" => Self::ArrowFile,
            "parquet" | "geoparquet" => Self::Parquet,
            "geojson" => Self::GeoJson,
            "geojsonseq" | "geojsonl" => Self::GeoJsonSeq,
            "flatgeobuf" | "fgb" => Self::FlatGeobuf,
            "geopackage" | "gpkg" => Self::GeoPackage,
            _ => return None,
        })
    }

    /// Returns the encoding that writes files of the format called `name` in SQL.
    pub fn from_format(name: &str) -> Option<Self> {
        Some(match name.to_ascii_uppercase().as_str() {
            "PARQUET" | "GEOPARQUET" => Self::Parquet,
            "CSV" => Self::Csv,
            "TSV" => Self::Tsv,
            "JSON" | "NDJSON" | "JSONL" => Self::Ndjson,
            "ARROW" | "IPC" | "FEATHER" => Self::ArrowFile,
            "GEOJSON" | "JSONGEO" => Self::GeoJson,
            "GEOJSONSEQ" | "GEOJSONL" | "GEOJSONS" | "NDGEOJSON" => Self::GeoJsonSeq,
            "FLATGEOBUF" | "FGB" => Self::FlatGeobuf,
            "GEOPACKAGE" | "GPKG" => Self::GeoPackage,
            _ => return None,
        })
    }

    /// Returns the encoding of a media type; parameters behind `;` do not count.
    pub fn from_media_type(media_type: &str) -> Option<Self> {
        let essence = media_type.split(';').next().unwrap_or(media_type).trim();
        let is_named = |encoding: &&Self| {
            let own = encoding.media_type();
            own.split(';').next().is_some_and(|own| own.eq_ignore_ascii_case(essence))
        };
        let aliased = match essence.to_ascii_lowercase().as_str() {
            "application/jsonl" | "application/ndjson" => Some(Self::Ndjson),
            "application/geojson" | "application/vnd.geo+json" => Some(Self::GeoJson),
            "application/parquet" => Some(Self::Parquet),
            _ => None,
        };
        Self::ALL.iter().find(is_named).copied().or(aliased)
    }

    /// Returns the name in requests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Table => "table",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Arrow => "arrow",
            Self::ArrowFile => "arrow_file",
            Self::Parquet => "parquet",
            Self::GeoJson => "geojson",
            Self::GeoJsonSeq => "geojsonseq",
            Self::FlatGeobuf => "flatgeobuf",
            Self::GeoPackage => "geopackage",
        }
    }

    /// Returns the media type of the bytes.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Table => "application/vnd.geo.table+json",
            Self::Ndjson => "application/x-ndjson",
            Self::Csv => "text/csv; header=present",
            Self::Tsv => "text/tab-separated-values",
            Self::Arrow => "application/vnd.apache.arrow.stream",
            Self::ArrowFile => "application/vnd.apache.arrow.file",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::GeoJson => "application/geo+json",
            Self::GeoJsonSeq => "application/geo+json-seq",
            Self::FlatGeobuf => "application/flatgeobuf",
            Self::GeoPackage => "application/geopackage+sqlite3",
        }
    }

    /// Returns the suffix of a file, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Json | Self::Table => "json",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Arrow => "arrows",
            Self::ArrowFile => "arrow",
            Self::Parquet => "parquet",
            Self::GeoJson => "geojson",
            Self::GeoJsonSeq => "geojsonl",
            Self::FlatGeobuf => "fgb",
            Self::GeoPackage => "gpkg",
        }
    }

    /// Tells whether a file may be compressed as a whole.
    pub fn is_compressible(self) -> bool {
        !matches!(self, Self::Parquet | Self::GeoPackage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_media_types_lead_back() {
        for encoding in Encoding::ALL {
            assert_eq!(Encoding::from_name(encoding.name()), Some(*encoding));
            assert_eq!(Encoding::from_media_type(encoding.media_type()), Some(*encoding));
        }
        assert_eq!(Encoding::from_media_type("text/html"), None);
    }
}
