//! Moves coordinates from one reference system to another.

mod cylinder;
mod map_grid;
mod pipeline;
mod plane;
mod projection;
mod web_mercator;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use proj_core::SelectionOptions;

use crate::crs::Definition;
use crate::{Coord, Crs, Geometry, GeometryError, map_coords, to_iso};

pub use pipeline::Pipeline;
use plane::{End, Plane};

/// Transforms kept; a server sees few pairs of systems, so the cache is emptied when it is full.
const CACHED: usize = 256;

/// A transformation between two reference systems, in x, y (longitude, latitude) order.
///
/// Only x and y move; heights and measures are kept.
#[derive(Debug)]
pub struct Transform {
    source: Crs,
    target: Crs,
    method: Method,
}

enum Method {
    Identity,
    ToWebMercator,
    FromWebMercator,
    Projection(Box<proj_core::Transform>),
    /// Over longitude and latitude.
    Planes {
        from: Option<Plane>,
        between: Box<Method>,
        to: Option<Plane>,
    },
}

impl Transform {
    /// Returns the transformation between two reference systems; the same pair is built once.
    pub fn between(source: &Crs, target: &Crs) -> Result<Arc<Self>, GeometryError> {
        let key = (source.cache_key(), target.cache_key());
        if let Some(transform) = cache().lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(transform));
        }
        let transform = Arc::new(Self::new(source, target)?);
        let mut cached = cache().lock().unwrap_or_else(PoisonError::into_inner);
        if cached.len() >= CACHED {
            cached.clear();
        }
        cached.insert(key, Arc::clone(&transform));
        Ok(transform)
    }

    /// Returns the transformation back.
    pub fn inverted(&self) -> Result<Arc<Self>, GeometryError> {
        Self::between(&self.target, &self.source)
    }

    /// Returns whether coordinates stay as they are.
    pub fn is_identity(&self) -> bool {
        matches!(self.method, Method::Identity)
    }

    /// Returns the geometry with its coordinates moved.
    pub fn apply(&self, geometry: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
        if self.is_identity() {
            return Ok(to_iso(geometry).into_owned());
        }
        let mut failure = None;
        let moved = map_coords(geometry, |coord| match self.convert(coord.x, coord.y) {
            Ok([x, y]) => Coord { x, y, ..coord },
            Err(error) => {
                failure.get_or_insert(error);
                coord
            }
        });
        failure.map_or(Ok(moved), Err)
    }

    /// Moves many positions in place; positions with a NaN stay as they are.
    pub fn apply_xy(&self, xs: &mut [f64], ys: &mut [f64]) -> Result<(), GeometryError> {
        if self.is_identity() {
            return Ok(());
        }
        for (x, y) in xs.iter_mut().zip(ys) {
            if !x.is_nan() && !y.is_nan() {
                [*x, *y] = self.convert(*x, *y)?;
            }
        }
        Ok(())
    }

    /// Returns one position moved.
    pub fn convert(&self, x: f64, y: f64) -> Result<[f64; 2], GeometryError> {
        if self.is_identity() {
            return Ok([x, y]);
        }
        let moved = self.method.convert(x, y)?;
        if moved.iter().all(|ordinate| ordinate.is_finite()) {
            return Ok(moved);
        }
        let reason = format!("the position {x} {y} lies outside of the projection");
        Err(GeometryError::Transform { reason })
    }

    fn new(source: &Crs, target: &Crs) -> Result<Self, GeometryError> {
        let (from, to) = (source.clone(), target.clone());
        Ok(Self { source: from, target: to, method: Method::new(source, target)? })
    }
}

impl Method {
    fn new(source: &Crs, target: &Crs) -> Result<Self, GeometryError> {
        if source == target {
            return Ok(Self::Identity);
        }
        match (source.registry_code(), target.registry_code()) {
            (Some(4326), Some(3857)) => return Ok(Self::ToWebMercator),
            (Some(3857), Some(4326)) => return Ok(Self::FromWebMercator),
            _ => {}
        }
        let (from, to) = (End::new(definition(source)?)?, End::new(definition(target)?)?);
        let between = if from.base.semantically_equivalent(&to.base) {
            Self::Identity
        } else {
            match select(&from.base, &to.base) {
                Ok(selected) => Self::Projection(Box::new(selected)),
                Err(reason) => {
                    return Self::without_shift(from, to).ok_or_else(|| GeometryError::Transform {
                        reason: format!("from {source} to {target}: {reason}"),
                    });
                }
            }
        };
        if from.plane.is_none() && to.plane.is_none() {
            return Ok(between);
        }
        Ok(Self::Planes { from: from.plane, between: Box::new(between), to: to.plane })
    }

    /// Returns the method that takes longitudes and latitudes over as they are, as PROJ does (a
    /// ballpark transformation) between datums that no registered operation without a grid joins.
    fn without_shift(from: End, to: End) -> Option<Self> {
        let from = from.over_longitude_and_latitude()?;
        let to = to.over_longitude_and_latitude()?;
        Some(Self::Planes { from: from.plane, between: Box::new(Self::Identity), to: to.plane })
    }

    fn convert(&self, x: f64, y: f64) -> Result<[f64; 2], GeometryError> {
        Ok(match self {
            Self::Identity => [x, y],
            Self::ToWebMercator => web_mercator::project(x, y),
            Self::FromWebMercator => web_mercator::unproject(x, y),
            Self::Projection(transform) => {
                let (x, y) = transform.convert((x, y)).map_err(|error| failed(&error))?;
                [x, y]
            }
            Self::Planes { from, between, to } => {
                let [x, y] = from.as_ref().map_or(Ok([x, y]), |plane| plane.unproject(x, y))?;
                let [x, y] = between.convert(x, y)?;
                to.as_ref().map_or(Ok([x, y]), |plane| plane.project(x, y))?
            }
        })
    }
}

impl std::fmt::Debug for Method {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Identity => formatter.write_str("Identity"),
            Self::ToWebMercator => formatter.write_str("ToWebMercator"),
            Self::FromWebMercator => formatter.write_str("FromWebMercator"),
            Self::Planes { between, .. } => between.fmt(formatter),
            Self::Projection(transform) => {
                formatter.write_str(&transform.selected_operation().name)
            }
        }
    }
}

/// Returns the best registered operation, in two steps over WGS 84 when there is no direct one.
fn select(
    from: &proj_core::CrsDef,
    to: &proj_core::CrsDef,
) -> Result<proj_core::Transform, String> {
    let attempt = |from: &proj_core::CrsDef, to: &proj_core::CrsDef, options: SelectionOptions| {
        catch_unwind(AssertUnwindSafe(|| {
            proj_core::Transform::from_horizontal_components_with_selection_options(
                from, to, options,
            )
        }))
        .map_err(|_panic| "the operation cannot be built".to_owned())?
        .map_err(|error| error.to_string())
    };
    let found = attempt(from, to, SelectionOptions::new()).or_else(|reason| {
        attempt(from, to, SelectionOptions::new().with_wgs84_pivot()).map_err(|_second| reason)
    });
    let is_known = |crs| is_modern(crs) || is_sphere(crs);
    if found.is_ok() || !is_known(from) || !is_known(to) {
        return found;
    }
    // Datums on these ellipsoids agree within a metre or two, so no shift is the best guess; a
    // sphere has no datum, and latitudes are taken over as they are.
    if is_sphere(from) != is_sphere(to) && from.is_projected() && to.is_projected() {
        return found;
    }
    let ellipsoid = if from.is_projected() { from } else { to }.datum().ellipsoid();
    let Ok(datum) = proj_core::Datum::new(ellipsoid, proj_core::DatumToWgs84::Identity) else {
        return found;
    };
    let (source, target) = (from.clone().with_datum(datum.clone()), to.clone().with_datum(datum));
    found.or_else(|reason| {
        attempt(&source, &target, SelectionOptions::new()).map_err(|_second| reason)
    })
}

/// Returns whether a system is on the ellipsoid of WGS 84, GRS 80 or one as close to them.
fn is_modern(crs: &proj_core::CrsDef) -> bool {
    let ellipsoid = crs.datum().ellipsoid();
    (ellipsoid.semi_major_axis() - 6_378_137.0).abs() < 0.5
        && (ellipsoid.flattening() - 1.0 / 298.257).abs() < 1e-7
}

/// Returns whether a system takes the earth for a sphere.
fn is_sphere(crs: &proj_core::CrsDef) -> bool {
    crs.datum().ellipsoid().flattening() == 0.0
}

fn definition(crs: &Crs) -> Result<&Definition, GeometryError> {
    crs.definition().ok_or_else(|| GeometryError::UnknownCrs {
        crs: crs.name(),
        reason: "its definition is not known, so coordinates cannot be transformed".to_owned(),
    })
}

fn failed(error: &proj_core::Error) -> GeometryError {
    GeometryError::Transform { reason: error.to_string() }
}

type Cache = Mutex<HashMap<(String, String), Arc<Transform>>>;

fn cache() -> &'static Cache {
    static CACHE: OnceLock<Cache> = OnceLock::new();
    CACHE.get_or_init(Cache::default)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write;

    fn transform(from: &str, to: &str) -> Arc<Transform> {
        Transform::between(&Crs::parse(from).unwrap(), &Crs::parse(to).unwrap()).unwrap()
    }

    /// Positions that PROJ 9.5 computes with longitude first; tolerance in units of the target.
    #[test]
    fn positions_agree_with_proj() {
        let cases = [
            ("4326", "3857", [2.35, 48.85], [261_600.803_364_192_9, 6_249_447.752_791_28], 1e-6),
            ("4326", "3857", [0.0, 0.0], [0.0, 0.0], 1e-6),
            (
                "4326",
                "3857",
                [190.0, 10.0],
                [-18_924_313.434_856_508, 1_118_889.974_857_959_4],
                1e-6,
            ),
            ("4326", "2056", [7.319, 46.616], [2_590_835.578_9, 1_162_756.580_3], 1.0),
            ("4326", "21781", [7.319, 46.616], [590_835.578_9, 162_756.580_3], 1.0),
            ("4326", "4087", [10.0, 84.0], [1_113_194.907_932_735_7, 9_350_837.226_634_981], 1e-6),
            ("4087", "3857", [1e6, 5e6], [1e6, 5_608_270.018_366_942], 1e-3),
            ("4326", "27572", [2.35, 48.85], [600_990.892_4, 2_427_961.511_7], 1e-3),
            ("4326", "27582", [2.35, 46.85], [601_026.993_8, 2_205_563.500_7], 1e-3),
            ("4326", "27562", [2.35, 46.85], [601_026.993_8, 205_563.500_7], 1e-3),
            ("4326", "31370", [3.67, 50.304], [100_222.996_1, 110_566.617_2], 0.1),
            ("4326", "6933", [18.5, -33.9], [1_784_996.184_6, -4_082_458.773_9], 1e-3),
            ("4326", "+proj=robin", [18.5, -33.9], [1_654_889.085_3, -3_625_737.743], 1e-3),
            ("4326", "54003", [10.0, 50.0], [1_111_950.519_8, 6_075_628.589_8], 1e-3),
            ("4326", "102005", [10.0, 50.0], [6_089_201.181_6, 5_221_368.073_3], 1e-3),
            ("4148", "2048", [18.5, -33.9], [46_246.675, 3_752_681.842_5], 1e-3),
            ("4156", "5513", [14.42, 50.08], [1_043_898.660_4, 743_101.013_9], 1e-3),
            ("4326", "2331", [90.0, 40.0], [16_730_908.642_7, 4_468_533.902_3], 1e-3),
            ("4312", "4805", [14.0, 47.0], [31.666_666_667, 47.0], 1e-8),
        ];
        for (from, to, [x, y], [expected_x, expected_y], tolerance) in cases {
            let [x, y] = transform(from, to).convert(x, y).unwrap();
            assert!(
                (x - expected_x).abs() < tolerance && (y - expected_y).abs() < tolerance,
                "{from} to {to}: {x} {y}, expected {expected_x} {expected_y}"
            );
        }
    }

    #[test]
    fn planes_lead_back() {
        for code in ["6933", "3410", "2048", "29375", "5513", "31300", "2331", "3411", "4805"] {
            let there = transform("4326", code);
            let [x, y] = there.convert(15.25, 49.5).unwrap();
            let [longitude, latitude] = there.inverted().unwrap().convert(x, y).unwrap();
            let off = (longitude - 15.25).abs().max((latitude - 49.5).abs());
            assert!(off < 1e-6, "{code}: {longitude} {latitude}");
        }
    }

    /// Without the longitude of the meridian a position would be off by many degrees.
    #[test]
    fn longitudes_of_other_meridians_are_not_taken_over() {
        for code in ["4811", "4901", "27500"] {
            let error = Transform::between(&Crs::from_epsg(4326), &Crs::parse(code).unwrap());
            assert!(error.is_err(), "{code}");
        }
    }

    #[test]
    fn heights_and_measures_are_kept() {
        let coord = Coord { x: 2.35, y: 48.85, z: 7.0, m: 9.0 };
        let wkb = write::point(coord, crate::Dimension::Xyzm);
        let moved = transform("4326", "3857").apply(Geometry::try_new(&wkb).unwrap()).unwrap();
        let moved = Geometry::try_new(&moved).unwrap().point().unwrap();
        assert_eq!((moved.z, moved.m), (7.0, 9.0));
        assert!((moved.x - 261_600.803_364_192_9).abs() < 1e-6);
    }

    #[test]
    fn unknown_systems_are_named() {
        let error =
            Transform::between(&Crs::from_epsg(4326), &Crs::from_epsg(999_999)).unwrap_err();
        assert!(
            matches!(&error, GeometryError::UnknownCrs { crs, .. } if crs == "EPSG:999999"),
            "{error}"
        );
    }

    #[test]
    fn empty_points_stay_empty_and_bad_positions_are_refused() {
        let transform = transform("4326", "3857");
        let empty = write::empty(crate::Kind::Point, crate::Dimension::Xy);
        assert_eq!(transform.apply(Geometry::try_new(&empty).unwrap()), Ok(empty.clone()));
        let pole = write::point_xy(0.0, 91.0);
        assert!(transform.apply(Geometry::try_new(&pole).unwrap()).is_err());
        let (mut xs, mut ys) = ([0.0, f64::NAN], [0.0, 1.0]);
        transform.apply_xy(&mut xs, &mut ys).unwrap();
        assert_eq!(ys, [0.0, 1.0]);
    }
}
