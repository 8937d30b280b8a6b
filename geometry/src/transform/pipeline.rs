//! Coordinate operations written out as PROJ pipelines.

use std::f64::consts::PI;
use std::sync::Arc;

use super::Transform;
use crate::{Coord, Crs, Geometry, GeometryError, map_coords};

/// A coordinate operation: steps that run one after another, or backwards.
#[derive(Debug)]
pub struct Pipeline {
    steps: Vec<Step>,
}

/// One step; angles are in radians between steps, as in PROJ.
#[derive(Debug)]
enum Step {
    /// Between longitude and latitude and a plane.
    Projection { transform: Arc<Transform>, is_inverse: bool },
    /// Factors for X and Y, and for Z, and what comes in and goes out.
    Units { plane: f64, height: f64, from: Unit, to: Unit },
    /// For each ordinate of the result, which ordinate it is and its sign.
    Axes([(usize, f64); 3]),
    /// Offsets and a matrix.
    Affine { offset: [f64; 3], matrix: [[f64; 3]; 3] },
    /// Nothing changes.
    Nothing,
}

/// What the ordinates between two steps are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// Angles in radians.
    Radians,
    /// Angles in degrees, lengths or something else that is taken as it comes.
    Other,
    /// What the neighbouring step says.
    Any,
}

impl Pipeline {
    /// Returns the operation of a PROJ string, a pipeline or the URN of a UTM projection.
    pub fn parse(text: &str, is_inverse: bool) -> Result<Self, GeometryError> {
        let text = text.trim();
        let words: Vec<String> = match utm_of_urn(text) {
            Some(definition) => split(&definition),
            None => split(text),
        };
        let mut groups: Vec<Vec<String>> = Vec::new();
        if words.iter().any(|word| word == "proj=pipeline") {
            for word in words {
                match groups.last_mut() {
                    _ if word == "step" => groups.push(Vec::new()),
                    Some(group) => group.push(word),
                    None => {}
                }
            }
        } else {
            groups.push(words);
        }
        let mut steps = Vec::with_capacity(groups.len());
        for group in &groups {
            steps.push(Step::parse(group, text)?);
        }
        if steps.is_empty() {
            return Err(refused(text, "it has no steps"));
        }
        if is_inverse {
            steps.reverse();
            steps = steps.into_iter().map(|step| step.inverted(text)).collect::<Result<_, _>>()?;
        }
        Ok(Self { steps })
    }

    /// Returns the geometry with its coordinates moved.
    pub fn apply(&self, geometry: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
        let mut failure = None;
        let moved = map_coords(geometry, |coord| match self.convert(coord) {
            Ok(moved) => moved,
            Err(error) => {
                failure.get_or_insert(error);
                coord
            }
        });
        failure.map_or(Ok(moved), Err)
    }

    fn convert(&self, coord: Coord) -> Result<Coord, GeometryError> {
        let mut at = coord;
        let known = |unit: &Unit| *unit != Unit::Any;
        if self.steps.iter().map(Step::takes).find(known) == Some(Unit::Radians) {
            at = scaled(at, PI / 180.0, 1.0);
        }
        for step in &self.steps {
            at = step.convert(at)?;
        }
        if self.steps.iter().rev().map(Step::gives).find(known) == Some(Unit::Radians) {
            at = scaled(at, 180.0 / PI, 1.0);
        }
        Ok(Coord { m: coord.m, ..at })
    }
}

impl Step {
    fn parse(words: &[String], text: &str) -> Result<Self, GeometryError> {
        let value =
            |key: &str| words.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
        let is_inverse = words.iter().any(|word| word == "inv");
        let number = |key: &str, default: f64| match value(key) {
            None => Ok(default),
            Some(text) => text.parse::<f64>().map_err(|_error| refused(text, "not a number")),
        };
        let step = match value("proj").ok_or_else(|| refused(text, "a step has no proj"))? {
            "noop" | "longlat" | "latlong" | "lonlat" | "latlon" => Self::Nothing,
            "unitconvert" => Self::units(&value, text)?,
            "axisswap" => Self::axes(value("order").unwrap_or("1,2"), text)?,
            "affine" => Self::Affine {
                offset: [number("xoff", 0.0)?, number("yoff", 0.0)?, number("zoff", 0.0)?],
                matrix: [
                    [number("s11", 1.0)?, number("s12", 0.0)?, number("s13", 0.0)?],
                    [number("s21", 0.0)?, number("s22", 1.0)?, number("s23", 0.0)?],
                    [number("s31", 0.0)?, number("s32", 0.0)?, number("s33", 1.0)?],
                ],
            },
            known @ ("helmert" | "molobadekas" | "molodensky" | "cart" | "hgridshift"
            | "vgridshift" | "gridshift" | "xyzgridshift" | "deformation" | "defmodel"
            | "horner" | "push" | "pop" | "set" | "geogoffset" | "topocentric"
            | "tinshift") => {
                return Err(refused(text, &format!("the step \"{known}\" is not supported")));
            }
            _ => return Self::projection(words, is_inverse),
        };
        if is_inverse { step.inverted(text) } else { Ok(step) }
    }

    fn projection(words: &[String], is_inverse: bool) -> Result<Self, GeometryError> {
        let mut definition = String::new();
        let mut base = String::from("+proj=longlat");
        for word in words.iter().filter(|word| *word != "inv") {
            definition.extend(["+", word, " "]);
            let key = word.split('=').next().unwrap_or_default();
            if ["ellps", "datum", "a", "b", "R", "rf"].contains(&key) {
                base.extend([" +", word]);
            }
        }
        if !definition.contains("+ellps") && !definition.contains("+datum") && !base.contains("+R")
        {
            // Without an ellipsoid, PROJ takes GRS 80.
            definition.push_str("+ellps=GRS80 ");
            base.push_str(" +ellps=GRS80");
        }
        let (base, plane) = (Crs::parse(&base)?, Crs::parse(definition.trim())?);
        let transform = if is_inverse {
            Transform::between(&plane, &base)?
        } else {
            Transform::between(&base, &plane)?
        };
        Ok(Self::Projection { transform, is_inverse })
    }

    fn units<'v>(
        value: &impl Fn(&str) -> Option<&'v str>,
        text: &str,
    ) -> Result<Self, GeometryError> {
        let size = |key: &str| match value(key) {
            None => Ok(None),
            Some(unit) => unit_size(unit).map(Some).ok_or_else(|| refused(text, "unknown unit")),
        };
        let ratio = |from: Option<f64>, to: Option<f64>| from.unwrap_or(1.0) / to.unwrap_or(1.0);
        Ok(Self::Units {
            plane: ratio(size("xy_in")?, size("xy_out")?),
            height: ratio(size("z_in")?, size("z_out")?),
            from: if value("xy_in") == Some("rad") { Unit::Radians } else { Unit::Other },
            to: if value("xy_out") == Some("rad") { Unit::Radians } else { Unit::Other },
        })
    }

    fn axes(order: &str, text: &str) -> Result<Self, GeometryError> {
        let mut axes = [(0, 1.0), (1, 1.0), (2, 1.0)];
        for (axis, name) in axes.iter_mut().zip(order.split(',')) {
            let (sign, digit) =
                name.trim().strip_prefix('-').map_or((1.0, name), |rest| (-1.0, rest));
            let index = match digit.trim() {
                "1" => 0,
                "2" => 1,
                "3" => 2,
                _ => return Err(refused(text, "axes are numbered from 1 to 3")),
            };
            *axis = (index, sign);
        }
        Ok(Self::Axes(axes))
    }

    fn inverted(self, text: &str) -> Result<Self, GeometryError> {
        Ok(match self {
            Self::Projection { transform, is_inverse } => {
                Self::Projection { transform: transform.inverted()?, is_inverse: !is_inverse }
            }
            Self::Units { plane, height, from, to } => {
                Self::Units { plane: 1.0 / plane, height: 1.0 / height, from: to, to: from }
            }
            Self::Axes(axes) => {
                let mut inverse = [(0, 1.0), (1, 1.0), (2, 1.0)];
                for (to, (from, sign)) in axes.into_iter().enumerate() {
                    if let Some(axis) = inverse.get_mut(from) {
                        *axis = (to, sign);
                    }
                }
                Self::Axes(inverse)
            }
            Self::Affine { .. } => {
                return Err(refused(text, "an affine step cannot be inverted"));
            }
            Self::Nothing => Self::Nothing,
        })
    }

    /// Returns what comes in.
    fn takes(&self) -> Unit {
        match self {
            Self::Projection { is_inverse: false, .. } => Unit::Radians,
            Self::Projection { .. } => Unit::Other,
            Self::Units { from, .. } => *from,
            Self::Axes(_) | Self::Affine { .. } | Self::Nothing => Unit::Any,
        }
    }

    /// Returns what goes out.
    fn gives(&self) -> Unit {
        match self {
            Self::Projection { is_inverse: true, .. } => Unit::Radians,
            Self::Projection { .. } => Unit::Other,
            Self::Units { to, .. } => *to,
            Self::Axes(_) | Self::Affine { .. } | Self::Nothing => Unit::Any,
        }
    }

    fn convert(&self, at: Coord) -> Result<Coord, GeometryError> {
        Ok(match self {
            Self::Projection { transform, is_inverse: false } => {
                let [x, y] = transform.convert(at.x.to_degrees(), at.y.to_degrees())?;
                Coord { x, y, ..at }
            }
            Self::Projection { transform, is_inverse: true } => {
                let [x, y] = transform.convert(at.x, at.y)?;
                Coord { x: x.to_radians(), y: y.to_radians(), ..at }
            }
            Self::Units { plane, height, .. } => scaled(at, *plane, *height),
            Self::Axes(axes) => {
                let ordinates = [at.x, at.y, at.z];
                let [x, y, z] = axes
                    .map(|(axis, sign)| ordinates.get(axis).copied().unwrap_or(f64::NAN) * sign);
                Coord { x, y, z, ..at }
            }
            Self::Affine { offset, matrix } => {
                let z = if at.z.is_nan() { 0.0 } else { at.z };
                let [x, y, moved_z] = [0, 1, 2].map(|row: usize| {
                    let [a, b, c] = matrix.get(row).copied().unwrap_or_default();
                    offset.get(row).copied().unwrap_or(0.0) + a * at.x + b * at.y + c * z
                });
                Coord { x, y, z: if at.z.is_nan() { at.z } else { moved_z }, ..at }
            }
            Self::Nothing => at,
        })
    }
}

fn scaled(at: Coord, plane: f64, height: f64) -> Coord {
    Coord { x: at.x * plane, y: at.y * plane, z: at.z * height, ..at }
}

/// Returns the size of a unit in metres or radians.
fn unit_size(name: &str) -> Option<f64> {
    Some(match name {
        "deg" => PI / 180.0,
        "grad" => PI / 200.0,
        "rad" | "m" => 1.0,
        "km" => 1000.0,
        "dm" => 0.1,
        "cm" => 0.01,
        "mm" => 0.001,
        "ft" => 0.3048,
        "us-ft" => 1200.0 / 3937.0,
        "yd" => 0.9144,
        "mi" => 1609.344,
        "kmi" => 1852.0,
        other => return other.parse().ok(),
    })
}

/// Returns the words of a PROJ string without the plus signs in front of them.
fn split(text: &str) -> Vec<String> {
    text.split_whitespace().map(|word| word.trim_start_matches('+').to_owned()).collect()
}

/// Returns the definition of a UTM projection in the EPSG registry of operations.
fn utm_of_urn(text: &str) -> Option<String> {
    let upper = text.to_ascii_uppercase();
    let code = upper
        .strip_prefix("URN:OGC:DEF:COORDINATEOPERATION:EPSG:")
        .and_then(|rest| rest.rsplit(':').next())
        .or_else(|| upper.strip_prefix("EPSG:"))?;
    let code: u32 = code.parse().ok()?;
    let (zone, south) = match code {
        16_001..=16_060 => (code - 16_000, ""),
        16_101..=16_160 => (code - 16_100, " south"),
        _ => return None,
    };
    Some(format!("proj=utm zone={zone}{south} ellps=WGS84"))
}

fn refused(text: &str, reason: &str) -> GeometryError {
    let start: String = text.chars().take(80).collect();
    GeometryError::Transform { reason: format!("pipeline \"{start}\": {reason}") }
}
