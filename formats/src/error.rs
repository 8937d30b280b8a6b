//! What can go wrong between the bytes of a file and Arrow.

use datafusion::error::DataFusionError;
use godwit_geometry::GeometryError;

/// A failure to read or write a file format.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// The bytes of a file are not what its format promises.
    #[error("malformed file \"{path}\" at byte {offset}: {reason}")]
    Malformed {
        /// The file that was read.
        path: String,
        /// Where the reader stopped, in bytes after decompression.
        offset: u64,
        /// What was wrong there.
        reason: String,
    },
    /// A file is gone that was there when the table was opened.
    #[error(
        "file \"{path}\" of the table is gone: another writer replaced, vacuumed or removed it \
         after the table was opened"
    )]
    Vanished {
        /// The file that was to be read.
        path: String,
    },
    /// An option the format does not have.
    #[error("unknown option \"{name}\" for format {format}{}", suggestion(.nearest.as_deref()))]
    UnknownOption {
        /// The option as it was written.
        name: String,
        /// The name of the format.
        format: &'static str,
        /// The option that was probably meant.
        nearest: Option<String>,
    },
    /// An option with a value it cannot have.
    #[error("invalid value \"{value}\" for option \"{name}\": {reason}")]
    InvalidOption {
        /// The option.
        name: String,
        /// The value as it was written.
        value: String,
        /// What the option takes.
        reason: String,
    },
    /// A request the format cannot fulfil.
    #[error("{reason}")]
    Unsupported {
        /// What cannot be done.
        reason: String,
    },
    /// A Shapefile with surfaces in space.
    #[error("the shapes of file \"{path}\" are multipatches, which are not read")]
    Multipatch {
        /// The file that was read.
        path: String,
    },
    /// A file of a format that is not read.
    #[error("file \"{path}\" is {what}, which is not read")]
    Foreign {
        /// The file.
        path: String,
        /// What it is.
        what: &'static str,
        /// What can be done, as a sentence.
        advice: &'static str,
    },
    /// A file that was read as one of another format.
    #[error("file \"{path}\" is {found}, not {wanted}")]
    OtherFormat {
        /// The file.
        path: String,
        /// The name of its format.
        found: &'static str,
        /// The name of the format it was read as.
        wanted: &'static str,
    },
    /// A result that is to be written as features has no geometry.
    #[error("the result has no geometry column, which {format} needs")]
    NoGeometryColumn {
        /// The name of the encoding.
        format: &'static str,
    },
    /// A geometry that must be reprojected has no known reference system.
    #[error("column \"{column}\" has no known reference system")]
    UnknownCrs {
        /// The geometry column.
        column: String,
    },
    /// A geometry was refused.
    #[error(transparent)]
    Geometry(#[from] GeometryError),
    /// Arrow refused an array or a cast.
    #[error(transparent)]
    Arrow(#[from] arrow::error::ArrowError),
    /// Parquet refused a file.
    #[error(transparent)]
    Parquet(#[from] parquet::errors::ParquetError),
    /// The object store failed.
    #[error(transparent)]
    Store(#[from] object_store::Error),
    /// Reading or writing bytes failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The query that delivers the rows failed.
    #[error(transparent)]
    Query(#[from] DataFusionError),
}

impl FormatError {
    /// Returns what the user can type to get further, when that is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Vanished { .. } => Some(
                "Run the statement again; it then reads the table as it is by that time."
                    .to_owned(),
            ),
            Self::Multipatch { .. } => Some(
                "Convert the file to a GeoPackage with ogr2ogr, or select its other columns alone."
                    .to_owned(),
            ),
            Self::OtherFormat { path, .. } => {
                Some(format!("FROM '{path}' finds out the format by itself."))
            }
            Self::Foreign { advice, .. } => Some((*advice).to_owned()),
            Self::UnknownOption { nearest: Some(nearest), .. } => Some(format!("Write {nearest}.")),
            Self::UnknownOption { format, .. } => Some(format!(
                "SELECT options FROM system.formats WHERE format_name = '{format}' lists them."
            )),
            Self::UnknownCrs { column } => Some(format!(
                "Say which one it is with ST_SetSRID({column}, 4326) or with assume_crs=EPSG:4326."
            )),
            Self::NoGeometryColumn { .. } => Some(
                "Select a geometry column, or build one with ST_Point(lon, lat) and ST_SetSRID."
                    .to_owned(),
            ),
            _ => None,
        }
    }
}

impl From<FormatError> for DataFusionError {
    fn from(error: FormatError) -> Self {
        match error {
            FormatError::Query(inner) => inner,
            FormatError::Store(inner) => Self::ObjectStore(Box::new(inner)),
            other => Self::External(Box::new(other)),
        }
    }
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map(|name| format!(", did you mean \"{name}\"?")).unwrap_or_default()
}
