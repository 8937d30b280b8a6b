//! What a client sets for its session, or with a header for one call.

use std::time::Duration;

use godwit_engine::{DEFAULT_CATALOG, DEFAULT_SCHEMA, Protocol, Session, SessionOptions};

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
    /// How many streams a result may have.
    pub(super) partitions: Partitions,
}

/// How many streams a result may have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Partitions {
    /// One for each CPU core.
    Auto,
    /// At most so many.
    AtMost(usize),
    /// One, whose rows have an order.
    #[default]
    One,
}

impl Partitions {
    const MOST: usize = 256;

    fn from_name(name: &str) -> Option<Self> {
        match name {
            "auto" => Some(Self::Auto),
            "1" => Some(Self::One),
            _ => {
                let count = name.parse().ok().filter(|count| (2..=Self::MOST).contains(count));
                count.map(Self::AtMost)
            }
        }
    }

    /// Returns the most streams that a result may have.
    pub(super) fn count(self) -> usize {
        match self {
            Self::Auto => {
                std::thread::available_parallelism().map_or(1, usize::from).clamp(2, Self::MOST)
            }
            Self::AtMost(count) => count,
            Self::One => 1,
        }
    }

    fn name(self) -> String {
        match self {
            Self::Auto => "auto".to_owned(),
            Self::AtMost(_) | Self::One => self.count().to_string(),
        }
    }
}

/// Why a setting was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SettingError {
    /// There is no setting of this name.
    Name,
    /// The value means nothing; the text says what would.
    Value(String),
    /// The value names what does not exist, as the text says.
    Missing(String),
}

/// The names a setting can have, in a session option and in a header alike.
pub(super) const NAMES: [&str; 7] = [
    "catalog",
    "compression",
    "geometry_format",
    "partitions",
    "query_timeout",
    "schema",
    "timezone",
];

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
            "partitions" => {
                self.partitions = Partitions::from_name(value)
                    .ok_or_else(|| expected(name, value, "auto, or a number from 1 to 256"))?;
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
            "partitions" => self.partitions = Partitions::default(),
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
            ("partitions", self.partitions.name()),
            ("query_timeout", timeout.to_string()),
            ("schema", self.schema.as_deref().unwrap_or(DEFAULT_SCHEMA).to_owned()),
            ("timezone", zone.to_owned()),
        ]
    }

    /// Returns the settings as the statements of a session have left them.
    #[must_use]
    pub(super) fn left_by(self, session: &Session) -> Self {
        Self {
            schema: Some(session.schema()),
            time_zone: session.time_zone().or(self.time_zone),
            query_timeout: session.time_limit(),
            ..self
        }
    }

    /// Returns these settings of results beside those of the engine in others.
    #[must_use]
    pub(super) fn beside(self, engine: Self) -> Self {
        let Self { geometry, compression, partitions, .. } = self;
        Self { geometry, compression, partitions, ..engine }
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
    Err(SettingError::Missing(format!("catalog \"{value}\" does not exist")))
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
        let values = ["godwit", "lz4", "wkt", "8", "30", "raw", "Europe/Berlin"];
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
    fn unknown_names_values_and_objects_are_told_apart() {
        let mut settings = Settings::default();
        assert_eq!(settings.set("colour", "red"), Err(SettingError::Name));
        for (name, value) in [
            ("geometry_format", "svg"),
            ("query_timeout", "soon"),
            ("query_timeout", "-1"),
            ("partitions", "0"),
            ("partitions", "257"),
            ("partitions", "many"),
        ] {
            assert!(matches!(settings.set(name, value), Err(SettingError::Value(_))));
        }
        assert!(matches!(settings.set("catalog", "other"), Err(SettingError::Missing(_))));
    }
}
