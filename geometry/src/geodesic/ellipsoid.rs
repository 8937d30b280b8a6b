//! Measures on an ellipsoid that the caller chooses.

use geographiclib_rs::{Geodesic, InverseGeodesic as _};

use super::sphere::{Closest, Located, closest};
use crate::{Geometry, GeometryError, Kind, Sequence, interrupt};

/// An ellipsoid that stands for the earth.
#[derive(Debug, Clone, Copy)]
pub struct Ellipsoid {
    geodesic: Geodesic,
}

impl Ellipsoid {
    /// Returns the ellipsoid of WGS 84.
    pub fn wgs84() -> Self {
        Self { geodesic: Geodesic::wgs84() }
    }

    /// Returns the ellipsoid of a text such as `SPHEROID["GRS_1980",6378137,298.257222101]`: a
    /// name, the larger radius in metres and the inverse of the flattening.
    pub fn parse(text: &str) -> Result<Self, GeometryError> {
        let invalid = || GeometryError::InvalidArgument {
            reason: format!("\"{text}\" is no ellipsoid, as SPHEROID[\"name\",6378137,298.25] is"),
        };
        let body = text.trim().get("SPHEROID".len()..).ok_or_else(invalid)?.trim();
        let has_word = text.trim().get(.."SPHEROID".len());
        let has_word = has_word.is_some_and(|word| word.eq_ignore_ascii_case("SPHEROID"));
        let inner = body.strip_prefix(['[', '(']).and_then(|rest| rest.strip_suffix([']', ')']));
        let fields: Vec<&str> = inner.filter(|_| has_word).unwrap_or_default().split(',').collect();
        let [_, radius, inverse] = fields.as_slice() else { return Err(invalid()) };
        let number = |field: &str| field.trim().parse::<f64>().ok().filter(|value| *value > 0.0);
        let (Some(radius), Some(inverse)) = (number(radius), number(inverse)) else {
            return Err(invalid());
        };
        Ok(Self { geodesic: Geodesic::new(radius, 1.0 / inverse) })
    }

    /// Returns the smallest distance between two geometries in metres, 0 when they meet; nothing
    /// when one of them is empty or has an ordinate that is not finite.
    pub fn distance(&self, a: Geometry<'_>, b: Geometry<'_>) -> Option<f64> {
        if let (Some(from), Some(to)) = (a.point_xy(), b.point_xy()) {
            return self.between(from, to);
        }
        let compute = || closest(&Located::new(a)?, &Located::new(b)?);
        match interrupt::contained(compute).flatten()? {
            Closest::Meeting(_) => Some(0.0),
            Closest::Apart([from, to]) => self.between(from, to),
        }
    }

    /// Returns the length of all lines and all rings of polygons in metres; heights count.
    pub fn length(&self, geometry: Geometry<'_>) -> f64 {
        let mut sum = 0.0;
        geometry.sequences(&mut |kind, path| {
            if kind != Kind::Point {
                sum += self.path_length(path);
            }
        });
        sum
    }

    fn path_length(&self, path: Sequence<'_>) -> f64 {
        let has_z = path.dimension().has_z();
        let steps = path.iter().zip(path.iter().skip(1));
        let lengths = steps.map(|(from, to)| {
            let flat = self.between([from.x, from.y], [to.x, to.y]).unwrap_or(f64::NAN);
            if has_z { flat.hypot(to.z - from.z) } else { flat }
        });
        lengths.sum()
    }

    fn between(&self, from: [f64; 2], to: [f64; 2]) -> Option<f64> {
        let distance: f64 = if from == to {
            0.0 * (from[0] + from[1])
        } else {
            self.geodesic.inverse(from[1], from[0], to[1], to[0])
        };
        distance.is_finite().then_some(distance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn ellipsoids_are_read() {
        for text in ["SPHEROID[\"GRS_1980\",6378137,298.257222101]", " spheroid(\"x\", 6e6, 300 )"]
        {
            assert!(Ellipsoid::parse(text).is_ok(), "{text}");
        }
        for text in ["", "SPHEROID", "SPHEROID[]", "SPHEROID[\"x\",1]", "SPHEROID[\"x\",a,b]", "é"]
        {
            assert!(Ellipsoid::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn lengths_count_heights_and_rings() {
        let length = |text: &str| {
            let (wkb, _) = wkt::parse(text).unwrap();
            Ellipsoid::wgs84().length(Geometry::try_new(&wkb).unwrap())
        };
        assert_eq!(length("LINESTRING Z (0 0 0,0 0 100)"), 100.0);
        assert_eq!(length("POINT(1 1)"), 0.0);
        assert!((length("LINESTRING(0 0,0 1)") - 110_574.388_557_8).abs() < 1e-6);
        assert!((length("POLYGON((0 0,0 1,0 0,0 0))") - 2.0 * 110_574.388_557_8).abs() < 1e-6);
    }
}
