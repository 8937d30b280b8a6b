//! Planes whose projection the registry's crate does not know, by PROJ strings.

use proj_core::CrsDef;
use proj4rs::Proj;

use super::definition::Definition;
use super::{parse, proj_text};

/// Words of a PROJ string that say what the earth is.
const DATUM: [&str; 9] = ["datum", "ellps", "a", "b", "rf", "f", "R", "towgs84", "nadgrids"];
/// Words of a PROJ string that say nothing.
const SILENT: [&str; 3] = ["no_defs", "wktext", "type"];
/// Names that `+proj` may have without a plane being meant.
const NO_PLANE: [&str; 6] = ["longlat", "latlong", "lonlat", "latlon", "geocent", "cart"];

/// A plane over the longitudes and latitudes of a datum, which count from Greenwich.
#[derive(Debug, Clone)]
pub(crate) struct Plane {
    name: String,
    base: CrsDef,
    projection: String,
}

impl Plane {
    /// Returns the plane of a projection (a PROJ string without words about the earth) over
    /// longitude and latitude; or why there is none.
    pub(super) fn new(name: &str, base: CrsDef, projection: &str) -> Result<Self, String> {
        let words: Vec<&str> = words(projection).filter(|word| !is_one_of(word, &SILENT)).collect();
        if words.iter().any(|word| NO_PLANE.iter().any(|no| *word == format!("+proj={no}"))) {
            return Err("the PROJ string does not define a plane".to_owned());
        }
        let projection = format!("{} {}", words.join(" "), proj_text::ellipsoid(base.datum()));
        let plane = Self { name: name.to_owned(), base, projection };
        if plane.is_map_grid() {
            return Ok(plane);
        }
        let projection = plane.projection()?;
        if projection.has_forward() && projection.has_inverse() {
            return Ok(plane);
        }
        Err(format!("the projection {} works in one direction only", projection.projname()))
    }

    /// Returns the plane that a PROJ string defines, or why there is none.
    pub(super) fn from_proj_string(text: &str) -> Result<Self, String> {
        let (datum, projection): (Vec<&str>, Vec<&str>) =
            words(text).partition(|word| is_one_of(word, &DATUM));
        let datum = if datum.is_empty() { "+ellps=GRS80".to_owned() } else { datum.join(" ") };
        let base = format!("+proj=longlat {datum} +no_defs");
        match parse::definition(&base)? {
            Definition::Registered(base) => Self::new("unnamed", base, &projection.join(" ")),
            Definition::Plane(_) => Err("the datum cannot be read".to_owned()),
        }
    }

    /// Returns the name of the plane.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the longitude and latitude that the plane is drawn from.
    pub(crate) fn base(&self) -> &CrsDef {
        &self.base
    }

    /// Returns the PROJ string of the whole.
    pub(super) fn to_proj_string(&self) -> String {
        let words = words(&self.projection).filter(|word| !is_one_of(word, &DATUM));
        let projection: Vec<&str> = words.collect();
        format!("{} {} +no_defs", projection.join(" "), proj_text::datum(self.base.datum()))
    }

    /// Returns whether the plane is the New Zealand Map Grid, whose parameters are its own.
    pub(crate) fn is_map_grid(&self) -> bool {
        words(&self.projection).any(|word| word == "+proj=nzmg")
    }

    /// Returns the projection, ready to compute.
    pub(crate) fn projection(&self) -> Result<Proj, String> {
        Proj::from_proj_string(&self.projection).map_err(|error| error.to_string())
    }

    /// Returns the longitude and latitude of the plane's ellipsoid, ready to compute.
    pub(crate) fn longitude_and_latitude(&self) -> Result<Proj, String> {
        let text = format!("+proj=longlat {}", proj_text::ellipsoid(self.base.datum()));
        Proj::from_proj_string(&text).map_err(|error| error.to_string())
    }
}

impl PartialEq for Plane {
    fn eq(&self, other: &Self) -> bool {
        let sorted = |plane: &Self| {
            let spoken = words(&plane.projection).filter(|word| !is_default(word));
            let mut spoken: Vec<String> = spoken.map(str::to_owned).collect();
            spoken.sort_unstable();
            spoken
        };
        self.base.semantically_equivalent(&other.base) && sorted(self) == sorted(other)
    }
}

/// Returns the words of a PROJ string: `+lat_0=30`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().filter(|word| word.len() > 1 && word.starts_with('+'))
}

/// Returns whether a word says what holds without it.
fn is_default(word: &str) -> bool {
    let (key, value) = word.split_once('=').unwrap_or((word, ""));
    let value: Option<f64> = value.parse().ok();
    match key {
        "+lon_0" | "+lat_0" | "+x_0" | "+y_0" => value == Some(0.0),
        "+k" | "+k_0" | "+to_meter" => value == Some(1.0),
        _ => word == "+units=m",
    }
}

/// Returns whether the key of a word is one of some names.
fn is_one_of(word: &str, names: &[&str]) -> bool {
    let key = word.trim_start_matches('+').split('=').next().unwrap_or_default();
    names.contains(&key)
}
