//! Options of a format: text by name, checked against what the format declares.

use std::collections::BTreeMap;

use godwit_geometry::Crs;

use crate::format::OptionDescription;
use crate::{Compression, Description, FormatError};

/// Options of a format, as written in SQL.
pub type FormatOptions = BTreeMap<String, String>;

/// The option for the compression around files.
pub(crate) const COMPRESSION: OptionDescription = OptionDescription {
    name: "compression",
    default: "auto",
    summary: "The compression of the files: auto, none, gzip or zstd.",
};

/// The option for the reference system of what is written.
pub(crate) const WRITTEN_CRS: OptionDescription = OptionDescription {
    name: "crs",
    default: "none",
    summary: "When writing, the reference system to convert geometries to.",
};

/// The option for the reference system of geometries without one.
pub(crate) const ASSUMED_CRS: OptionDescription = OptionDescription {
    name: "assume_crs",
    default: "none",
    summary: "When writing, the reference system of geometries that do not say theirs.",
};

/// The option for the reference system of what is read, or of what is written.
pub(crate) const PLACED_CRS: OptionDescription = OptionDescription {
    name: "crs",
    default: "from the file",
    summary: "The reference system of the coordinates; when writing, the one to convert to.",
};

/// The option for the geometry of features.
pub(crate) const WRITTEN_GEOMETRY: OptionDescription = OptionDescription {
    name: "geometry_column",
    default: "the first geometry",
    summary: "When writing, the column with the geometry.",
};

/// The option for an index by place.
pub(crate) const INDEX: OptionDescription = OptionDescription {
    name: "index",
    default: "true",
    summary: "When writing, whether the file gets an index by place. The features of a FlatGeobuf \
              file are put in its order, and more than 16 million of them get none.",
};

/// Options that have been checked against a format's description.
#[derive(Debug)]
pub(crate) struct Options<'a> {
    values: BTreeMap<String, &'a str>,
}

impl<'a> Options<'a> {
    /// Checks every name; names are case-insensitive and may carry a `format.` prefix.
    pub(crate) fn try_new(
        description: &Description,
        options: &'a FormatOptions,
    ) -> Result<Self, FormatError> {
        let mut values = BTreeMap::new();
        for (name, value) in options {
            let lower = name.to_ascii_lowercase();
            let key = lower.strip_prefix("format.").unwrap_or(&lower).to_owned();
            if !description.options.iter().any(|option| option.name == key) {
                return Err(FormatError::UnknownOption {
                    name: name.clone(),
                    format: description.name,
                    nearest: nearest(&key, description),
                });
            }
            values.insert(key, value.as_str());
        }
        Ok(Self { values })
    }

    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.values.get(name).copied()
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, FormatError> {
        let Some(value) = self.text(name) else { return Ok(None) };
        match value.to_ascii_lowercase().as_str() {
            "true" | "on" | "yes" | "1" => Ok(Some(true)),
            "false" | "off" | "no" | "0" => Ok(Some(false)),
            _ => Err(invalid(name, value, "it takes true or false")),
        }
    }

    pub(crate) fn count(&self, name: &str) -> Result<Option<usize>, FormatError> {
        let Some(value) = self.text(name) else { return Ok(None) };
        let parsed = value.replace('_', "").parse();
        parsed.map(Some).map_err(|_ignored: std::num::ParseIntError| {
            invalid(name, value, "it takes a whole number")
        })
    }

    /// Returns how many rows are looked at to find the columns, `None` for all of them.
    pub(crate) fn infer_rows(&self) -> Result<Option<usize>, FormatError> {
        if self.text("infer_rows").is_some_and(|text| text.eq_ignore_ascii_case("all")) {
            return Ok(None);
        }
        self.count("infer_rows")
    }

    /// Returns a single-byte character; `\t` and `tab` name the tabulator.
    pub(crate) fn character(&self, name: &str) -> Result<Option<u8>, FormatError> {
        let Some(value) = self.text(name) else { return Ok(None) };
        match value.as_bytes() {
            [byte] if byte.is_ascii() => Ok(Some(*byte)),
            b"\\t" | b"tab" => Ok(Some(b'\t')),
            _ => Err(invalid(name, value, "it takes one ASCII character")),
        }
    }

    pub(crate) fn crs(&self, name: &str) -> Result<Option<Crs>, FormatError> {
        let parse =
            |text: &str| Crs::parse(text).map_err(|error| invalid(name, text, error.to_string()));
        self.text(name).map(parse).transpose()
    }

    /// Returns the compression, `None` when it is to be found out file by file.
    pub(crate) fn compression(&self) -> Result<Option<Compression>, FormatError> {
        let Some(value) = self.text("compression") else { return Ok(None) };
        if value.eq_ignore_ascii_case("auto") {
            return Ok(None);
        }
        let found = Compression::from_name(value);
        let refused = || invalid("compression", value, "it takes auto, none, gzip or zstd");
        found.map(Some).ok_or_else(refused)
    }
}

/// Returns the error for a value an option cannot have.
pub(crate) fn invalid(name: &str, value: &str, reason: impl Into<String>) -> FormatError {
    FormatError::InvalidOption {
        name: name.to_owned(),
        value: value.to_owned(),
        reason: reason.into(),
    }
}

fn nearest(name: &str, description: &Description) -> Option<String> {
    let candidates = description.options.iter().map(|option| option.name);
    nearest_name(name, candidates).map(str::to_owned)
}

/// Returns the candidate that is nearest to a name, if it is near enough to be meant.
pub fn nearest_name<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().div_ceil(3).max(2))
        .min()
        .map(|(_, candidate)| candidate)
}
