//! Projections that the registry's crate does not know, by `proj4rs`.

use proj4rs::Proj;
use proj4rs::transform::transform;

use crate::GeometryError;
use crate::crs;

/// A projection from the longitudes and latitudes of an ellipsoid.
pub(super) struct Projection {
    sphere: Proj,
    plane: Proj,
}

impl Projection {
    /// Returns the projection of a plane.
    pub(super) fn try_new(plane: &crs::Plane) -> Result<Self, GeometryError> {
        let refused = |reason| GeometryError::Transform { reason };
        Ok(Self {
            sphere: plane.longitude_and_latitude().map_err(refused)?,
            plane: plane.projection().map_err(refused)?,
        })
    }

    /// Returns the position in the plane of a longitude and latitude in degrees.
    pub(super) fn project(&self, longitude: f64, latitude: f64) -> Result<[f64; 2], GeometryError> {
        if latitude.abs() > 90.0 {
            return Ok([f64::NAN; 2]);
        }
        let mut position = (longitude.to_radians(), latitude.to_radians());
        transform(&self.sphere, &self.plane, &mut position).map_err(|error| failed(&error))?;
        Ok([position.0, position.1])
    }

    /// Returns the longitude and latitude, in degrees, of a position in the plane.
    pub(super) fn unproject(&self, x: f64, y: f64) -> Result<[f64; 2], GeometryError> {
        let mut position = (x, y);
        transform(&self.plane, &self.sphere, &mut position).map_err(|error| failed(&error))?;
        Ok([position.0.to_degrees(), position.1.to_degrees()])
    }
}

fn failed(error: &proj4rs::errors::Error) -> GeometryError {
    GeometryError::Transform { reason: error.to_string() }
}
