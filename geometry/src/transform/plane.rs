//! Planes as ways from longitude and latitude and back.

use proj_core::{CrsDef, GeographicCrsDef};

use super::cylinder::Cylinder;
use super::projection::Projection;
use super::{failed, map_grid, select};
use crate::GeometryError;
use crate::crs::{Definition, meridian};

/// A way from longitude and latitude, in degrees from Greenwich, to a plane and back.
pub(super) enum Plane {
    /// An equidistant cylindrical projection.
    Cylinder(Cylinder),
    /// The New Zealand Map Grid.
    MapGrid,
    /// A projection that the registry's crate does not know.
    Projection(Box<Projection>),
    /// One that it knows, there and back.
    Registered(Box<[proj_core::Transform; 2]>),
    /// Longitude and latitude that count from another meridian, at this longitude.
    Meridian(f64),
}

impl Plane {
    /// Returns the position in the plane of a longitude and latitude in degrees.
    pub(super) fn project(&self, longitude: f64, latitude: f64) -> Result<[f64; 2], GeometryError> {
        match self {
            Self::Cylinder(cylinder) => Ok(cylinder.project(longitude, latitude)),
            Self::MapGrid => Ok(map_grid::project(longitude, latitude)),
            Self::Projection(projection) => projection.project(longitude, latitude),
            Self::Registered(ways) => convert(&ways[0], longitude, latitude),
            Self::Meridian(meridian) => Ok([longitude - meridian, latitude]),
        }
    }

    /// Returns the longitude and latitude, in degrees, of a position in the plane.
    pub(super) fn unproject(&self, x: f64, y: f64) -> Result<[f64; 2], GeometryError> {
        match self {
            Self::Cylinder(cylinder) => Ok(cylinder.unproject(x, y)),
            Self::MapGrid => Ok(map_grid::unproject(x, y)),
            Self::Projection(projection) => projection.unproject(x, y),
            Self::Registered(ways) => convert(&ways[1], x, y),
            Self::Meridian(meridian) => Ok([x + meridian, y]),
        }
    }
}

/// One end of a transformation: what the registry's crate transforms itself, and the plane over it
/// where it does not know that.
pub(super) struct End {
    pub(super) base: CrsDef,
    pub(super) plane: Option<Plane>,
}

impl End {
    /// Returns the end that a definition is.
    pub(super) fn new(definition: &Definition) -> Result<Self, GeometryError> {
        let definition = match definition {
            Definition::Registered(definition) => definition,
            Definition::Plane(plane) => {
                let base = plane.base().clone();
                let plane = if plane.is_map_grid() {
                    Plane::MapGrid
                } else {
                    Plane::Projection(Box::new(Projection::try_new(plane)?))
                };
                return Ok(Self { base, plane: Some(plane) });
            }
        };
        let (base, plane) = if let Some(cylinder) = Cylinder::of(definition) {
            (longitude_and_latitude(definition), Some(Plane::Cylinder(cylinder)))
        } else if let Some((base, meridian)) = meridian::greenwich_twin(definition) {
            (base, Some(Plane::Meridian(meridian)))
        } else {
            (definition.clone(), None)
        };
        Ok(Self { base, plane })
    }

    /// Returns the same end over longitude and latitude; nothing when they do not count from
    /// Greenwich or there are none.
    pub(super) fn over_longitude_and_latitude(self) -> Option<Self> {
        if self.base.is_geographic() {
            return meridian::is_greenwich(self.base.epsg()).then_some(self);
        }
        let from = self.base.base_geographic_crs_epsg().unwrap_or(0);
        if !self.base.is_projected() || !meridian::is_greenwich(from) {
            return None;
        }
        let base = longitude_and_latitude(&self.base);
        let ways = [select(&base, &self.base).ok()?, select(&self.base, &base).ok()?];
        Some(Self { base, plane: Some(Plane::Registered(Box::new(ways))) })
    }
}

/// Returns longitude and latitude on the datum of a plane.
fn longitude_and_latitude(plane: &CrsDef) -> CrsDef {
    let code = plane.base_geographic_crs_epsg().unwrap_or(0);
    let datum = plane.datum().clone();
    CrsDef::Geographic(GeographicCrsDef::new(code, datum, "the base of a plane"))
}

fn convert(way: &proj_core::Transform, x: f64, y: f64) -> Result<[f64; 2], GeometryError> {
    way.convert((x, y)).map(|(x, y)| [x, y]).map_err(|error| failed(&error))
}
