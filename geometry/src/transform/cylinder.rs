//! The equidistant cylindrical projection, as PROJ computes it.
//!
//! The definition of EPSG has the length of the meridian as the northing. PROJ, and with it
//! everything that reads and writes such coordinates, has the latitude times the equatorial
//! radius, which at the poles is 23 km more.

use proj_core::{CrsDef, ProjectionMethod};

/// A plane of that projection; angles in radians, lengths in metres.
#[derive(Debug)]
pub(super) struct Cylinder {
    radius: f64,
    longitude: f64,
    /// The cosine of the latitude of true scale.
    scale: f64,
    easting: f64,
    northing: f64,
    unit: f64,
}

impl Cylinder {
    /// Returns the projection of a plane, if it is of this kind.
    pub(super) fn of(crs: &CrsDef) -> Option<Self> {
        let CrsDef::Projected(plane) = crs else { return None };
        let ProjectionMethod::EquidistantCylindrical {
            lon0,
            lat_ts,
            false_easting,
            false_northing,
        } = plane.method()
        else {
            return None;
        };
        Some(Self {
            radius: plane.datum().ellipsoid().semi_major_axis(),
            longitude: lon0.to_radians(),
            scale: lat_ts.to_radians().cos(),
            easting: false_easting,
            northing: false_northing,
            unit: plane.linear_unit_to_meter(),
        })
    }

    /// Returns the position in the plane of a longitude and latitude in degrees.
    pub(super) fn project(&self, longitude: f64, latitude: f64) -> [f64; 2] {
        if latitude.abs() > 90.0 {
            return [f64::NAN; 2];
        }
        let turn = longitude.to_radians() - self.longitude;
        let turn = if turn.abs() > std::f64::consts::PI {
            turn - std::f64::consts::TAU * (turn / std::f64::consts::TAU).round()
        } else {
            turn
        };
        let x = self.easting + self.radius * self.scale * turn;
        let y = self.northing + self.radius * latitude.to_radians();
        [x / self.unit, y / self.unit]
    }

    /// Returns the longitude and latitude, in degrees, of a position in the plane.
    pub(super) fn unproject(&self, x: f64, y: f64) -> [f64; 2] {
        let turn = (x * self.unit - self.easting) / (self.radius * self.scale);
        let latitude = (y * self.unit - self.northing) / self.radius;
        [(turn + self.longitude).to_degrees(), latitude.to_degrees()]
    }
}
