//! The projection that suits a region of the earth, and planar work done in it.

use super::vector::{Vector, add, cross, dot, scale, unit, vector};
use crate::transform::Transform;
use crate::{Crs, Geometry, GeometryError};

/// The box around positions in space, in units of the earth's radius.
struct Space {
    least: Vector,
    most: Vector,
}

impl Space {
    fn new() -> Self {
        Self { least: [f64::INFINITY; 3], most: [f64::NEG_INFINITY; 3] }
    }

    fn extend(&mut self, at: Vector) {
        for (axis, value) in at.into_iter().enumerate() {
            self.least[axis] = self.least[axis].min(value);
            self.most[axis] = self.most[axis].max(value);
        }
    }

    /// Extends the box by an edge, which may bulge beyond its ends.
    fn extend_by_edge(&mut self, from: Vector, to: Vector) {
        let Some(pole) = unit(cross(from, to)) else {
            return;
        };
        for axis in 0..3 {
            let mut direction = [0.0; 3];
            direction[axis] = 1.0;
            let Some(extreme) = unit(add(direction, scale(pole, -dot(direction, pole)))) else {
                continue;
            };
            for at in [extreme, scale(extreme, -1.0)] {
                if dot(cross(from, at), pole) >= 0.0 && dot(cross(at, to), pole) >= 0.0 {
                    self.extend(at);
                }
            }
        }
    }

    /// Returns the corners of the box, projected onto the sphere.
    fn corners(&self) -> Vec<Vector> {
        let mut corners = Vec::with_capacity(8);
        for x in [self.least[0], self.most[0]] {
            for y in [self.least[1], self.most[1]] {
                for z in [self.least[2], self.most[2]] {
                    corners.extend(unit([x, y, z]));
                }
            }
        }
        corners
    }
}

/// A region of the earth.
struct Region {
    /// Longitude and latitude of the centre in degrees.
    centre: [f64; 2],
    width: f64,
    height: f64,
}

/// Returns the region of geometries in longitude and latitude, unless they are empty.
fn region(geometries: &[Geometry<'_>]) -> Option<Region> {
    let mut space = Space::new();
    for geometry in geometries {
        geometry.sequences(&mut |_, sequence| {
            let mut previous: Option<Vector> = None;
            sequence.for_each_xy(|x, y| {
                if !x.is_finite() || !y.is_finite() {
                    return;
                }
                let at = vector([x, y]);
                space.extend(at);
                if let Some(previous) = previous {
                    space.extend_by_edge(previous, at);
                }
                previous = Some(at);
            });
        });
    }
    let corners = space.corners();
    let sum = corners.iter().fold([0.0; 3], |sum, corner| add(sum, *corner));
    let centre = super::vector::position(unit(sum)?);
    let latitude = |corner: &Vector| corner[2].clamp(-1.0, 1.0).asin().to_degrees();
    let highest = corners.iter().map(latitude).fold(f64::NEG_INFINITY, f64::max);
    let lowest = corners.iter().map(latitude).fold(f64::INFINITY, f64::min);
    let mut width: f64 = 0.0;
    for a in &corners {
        for b in &corners {
            let angle = (a[0] * b[1] - a[1] * b[0]).atan2(a[0] * b[0] + a[1] * b[1]);
            width = width.max(angle.abs().to_degrees());
        }
    }
    Some(Region { centre, width, height: highest - lowest })
}

/// A projection for a region: its EPSG code, if it has one, and its definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projection {
    /// The code of the same projection in the EPSG registry.
    pub srid: Option<i32>,
    /// The definition as a PROJ string.
    pub definition: String,
}

/// Returns the projection in which geometries in longitude and latitude are measured well, unless
/// they are empty: a polar one, a UTM zone, an equal-area one for a part of a continent, or
/// Mercator for the world.
///
/// `PostGIS` chooses the same.
pub fn best_projection(geometries: &[Geometry<'_>]) -> Option<Projection> {
    let Region { centre: [x, y], width, height } = region(geometries)?;
    if y.abs() > 70.0 && height < 45.0 {
        return Some(if y > 0.0 {
            equal_area(-40.0, 90.0, Some(3574))
        } else {
            equal_area(0.0, -90.0, Some(6932))
        });
    }
    if width < 6.0 {
        return Some(utm(x, y));
    }
    if height < 25.0
        && let Some(projection) = continental(x, y, width)
    {
        return Some(projection);
    }
    let definition = "+proj=merc +lon_0=0 +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs";
    Some(Projection { srid: Some(3395), definition: definition.to_owned() })
}

fn utm(x: f64, y: f64) -> Projection {
    // Zones are compared from west to east instead of a number being cut.
    let zone = (1..60).find(|zone| x < -180.0 + 6.0 * f64::from(*zone)).unwrap_or(60);
    let (south, first) = if y < 0.0 { (" +south", 32_700) } else { ("", 32_600) };
    let definition = format!("+proj=utm +zone={zone}{south} +datum=WGS84 +units=m +no_defs");
    Projection { srid: Some(first + zone), definition }
}

/// Returns the equal-area projection of a band of latitudes and a stretch of it.
fn continental(x: f64, y: f64, width: f64) -> Option<Projection> {
    let band = (y / 30.0).floor();
    let stretch = match band.abs().max((band + 1.0).abs()) {
        wide if wide <= 1.0 => 30.0,
        wide if wide <= 2.0 => 45.0,
        _ => 90.0,
    };
    if width >= stretch {
        return None;
    }
    let longitude = (x / stretch).floor() * stretch + stretch / 2.0;
    Some(equal_area(longitude, 30.0 * band + 15.0, None))
}

fn equal_area(longitude: f64, latitude: f64, srid: Option<i32>) -> Projection {
    let definition = format!(
        "+proj=laea +lat_0={latitude} +lon_0={longitude} +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs"
    );
    Projection { srid, definition }
}

/// Returns the result of planar work on one geometry in the projection that suits it, brought
/// back to longitude and latitude; nothing when it is empty.
pub fn in_plane(
    geometry: Geometry<'_>,
    work: impl FnOnce(Geometry<'_>) -> Result<Vec<u8>, GeometryError>,
) -> Result<Option<Vec<u8>>, GeometryError> {
    let Some((there, back)) = ways(&[geometry])? else {
        return Ok(None);
    };
    let planar = there.apply(geometry)?;
    let result = work(Geometry::try_new(&planar)?)?;
    back.apply(Geometry::try_new(&result)?).map(Some)
}

/// Returns the result of planar work on two geometries in the projection that suits both, brought
/// back to longitude and latitude; nothing when both are empty.
pub fn in_plane_together(
    a: Geometry<'_>,
    b: Geometry<'_>,
    work: impl FnOnce(Geometry<'_>, Geometry<'_>) -> Result<Vec<u8>, GeometryError>,
) -> Result<Option<Vec<u8>>, GeometryError> {
    let Some((there, back)) = ways(&[a, b])? else {
        return Ok(None);
    };
    let (first, second) = (there.apply(a)?, there.apply(b)?);
    let result = work(Geometry::try_new(&first)?, Geometry::try_new(&second)?)?;
    back.apply(Geometry::try_new(&result)?).map(Some)
}

type Ways = (std::sync::Arc<Transform>, std::sync::Arc<Transform>);

fn ways(geometries: &[Geometry<'_>]) -> Result<Option<Ways>, GeometryError> {
    let Some(projection) = best_projection(geometries) else {
        return Ok(None);
    };
    let (degrees, plane) = (Crs::wgs84(), Crs::parse(&projection.definition)?);
    Ok(Some((Transform::between(&degrees, &plane)?, Transform::between(&plane, &degrees)?)))
}
