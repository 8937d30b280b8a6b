//! What a client sets for its session, or with a header for one call.

use std::time::Duration;

use godwit_engine::{DEFAULT_CATALOG, DEFAULT_SCHEMA, Protocol, SessionOptions};

use super::wire::{Compression, GeometryFormat};

/// The settings of one session or call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Settings {
    /// The schema of unqualified names.
    pub(super) schema: Option<String>,
    /// The time zone of the session.
    pub(super) time_zone: Option<String>,
    /// A limit on the run time of each query.
    pub(super) query_timeout: Option<Duration>,
    /// How geometry columns leave the server.
    pub(super) geometry: GeometryFormat,
    /// How record batches are compressed.
    pub(super) compression: Compression,
}

/// Why a setting was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SettingError {
    /// There is no setting of this name.
    Name,
    /// The value means nothing; the text says what would.
    Value(String),
}

/// The names a setting can have, in a session option and in a header alike.
pub(super) const NAMES: [&str; 6] =
    ["catalog", "compression", "geometry_format", "query_timeout", "schema", "timezone"];

impl Settings {
    /// Changes one setting.
    pub(super) fn set(&mut self, name: &str, value: &str) -> Result<(), SettingError> {
        match name {
            "catalog" => check_catalog(value)?,
            "schema" => self.schema = Some(value.to_owned()),
            "timezone" => self.time_zone = Some(value.to_owned()),
            "query_timeout" => self.query_timeout = Some(parse_seconds(value)?),
            "geometry_format" => {
                self.geometry = GeometryFormat::from_name(value)
                    .ok_or_else(|| expected(name, value, "wkb, wkt, ewkb or geojson"))?;
            }
            "compression" => {
                self.compression = Compression::from_name(value)
                    .ok_or_else(|| expected(name, value, "none, lz4 or zstd"))?;
            }
            _ => return Err(SettingError::Name),
        }
        Ok(())
    }

    /// Puts one setting back to its default.
    pub(super) fn unset(&mut self, name: &str) -> Result<(), SettingError> {
        match name {
            "catalog" => {}
            "schema" => self.schema = None,
            "timezone" => self.time_zone = None,
            "query_timeout" => self.query_timeout = None,
            "geometry_format" => self.geometry = GeometryFormat::default(),
            "compression" => self.compression = Compression::default(),
            _ => return Err(SettingError::Name),
        }
        Ok(())
    }

    /// Returns every setting with its value.
    pub(super) fn values(&self) -> Vec<(&'static str, String)> {
        let timeout = self.query_timeout.map_or(0, |timeout| timeout.as_secs());
        let zone = self.time_zone.as_deref().unwrap_or("UTC");
        vec![
            ("catalog", DEFAULT_CATALOG.to_owned()),
            ("compression", self.compression.name().to_owned()),
            ("geometry_format", self.geometry.name().to_owned()),
            ("query_timeout", timeout.to_string()),
            ("schema", self.schema.as_deref().unwrap_or(DEFAULT_SCHEMA).to_owned()),
            ("timezone", zone.to_owned()),
        ]
    }

    /// Returns the part of the settings that the engine knows.
    pub(super) fn session_options(&self) -> SessionOptions {
        SessionOptions {
            schema: self.schema.clone(),
            time_zone: self.time_zone.clone(),
            query_timeout: self.query_timeout,
            protocol: Protocol::Flight,
            ..SessionOptions::default()
        }
    }
}

fn check_catalog(value: &str) -> Result<(), SettingError> {
    if value.is_empty() || value.eq_ignore_ascii_case(DEFAULT_CATALOG) {
        return Ok(());
    }
    Err(expected("catalog", value, DEFAULT_CATALOG))
}

fn parse_seconds(value: &str) -> Result<Duration, SettingError> {
    match value.trim().parse::<f64>().ok().map(Duration::try_from_secs_f64) {
        Some(Ok(timeout)) => Ok(timeout),
        Some(Err(_)) | None => Err(expected("query_timeout", value, "a number of seconds")),
    }
}

fn expected(name: &str, value: &str, choice: &str) -> SettingError {
    SettingError::Value(format!("{name} \"{value}\" is not one of: {choice}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_can_be_set_read_and_unset() {
        let mut settings = Settings::default();
        let values = ["godwit", "lz4", "wkt", "30", "raw", "Europe/Berlin"];
        for (name, value) in NAMES.iter().zip(values) {
            settings.set(name, value).unwrap();
        }
        for ((name, value), expected) in settings.values().into_iter().zip(values) {
            assert_eq!(value, expected, "{name}");
        }
        for name in NAMES {
            settings.unset(name).unwrap();
        }
        assert_eq!(settings, Settings::default());
    }

    #[test]
    fn unknown_names_and_values_are_told_apart() {
        let mut settings = Settings::default();
        assert_eq!(settings.set("colour", "red"), Err(SettingError::Name));
        for (name, value) in [
            ("geometry_format", "svg"),
            ("catalog", "other"),
            ("query_timeout", "soon"),
            ("query_timeout", "-1"),
        ] {
            assert!(matches!(settings.set(name, value), Err(SettingError::Value(_))));
        }
    }
}
