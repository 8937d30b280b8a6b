//! Positions along a line that runs over the earth, as parts of its length.

use super::vector::{angle_between, closest_on_edge, position, vector};
use super::{Figure, between, geodesic, project};
use crate::{Coord, Geometry, GeometryError, Kind, WkbWriter, write};
use geographiclib_rs::InverseGeodesic as _;

/// Returns the point at a part of the length of a line; nothing when the line is empty.
pub fn interpolate(
    line: Geometry<'_>,
    fraction: f64,
    figure: Figure,
) -> Result<Option<Vec<u8>>, GeometryError> {
    let path = path_of(line)?;
    check(fraction)?;
    let Some(coords) = path else {
        return Ok(None);
    };
    let at = Measured::new(&coords, figure).at(fraction);
    Ok(at.map(|at| write::point(at, line.dimension())))
}

/// Returns the points at all multiples of a part of the length of a line, as a multipoint unless
/// there is only one.
pub fn interpolate_all(
    line: Geometry<'_>,
    fraction: f64,
    figure: Figure,
) -> Result<Option<Vec<u8>>, GeometryError> {
    let path = path_of(line)?;
    check(fraction)?;
    let Some(coords) = path else {
        return Ok(None);
    };
    if fraction == 0.0 || fraction > 0.5 {
        return interpolate(line, fraction, figure);
    }
    let count = (1.0 / fraction).floor();
    if count > 1e7 {
        return Err(GeometryError::InvalidArgument {
            reason: format!("fraction {fraction} gives more than ten million points"),
        });
    }
    let measured = Measured::new(&coords, figure);
    let mut writer = WkbWriter::new(line.dimension());
    writer.begin(Kind::MultiPoint);
    let mut number = 1.0;
    while number <= count {
        if let Some(at) = measured.at((number * fraction).min(1.0)) {
            writer.point(at);
        }
        number += 1.0;
    }
    writer.end();
    Ok(Some(writer.into_bytes()))
}

/// Returns how far along a line the position is that is closest to a point, as a part of its
/// length; nothing when one of them is empty.
pub fn locate(
    line: Geometry<'_>,
    point: Geometry<'_>,
    figure: Figure,
) -> Result<Option<f64>, GeometryError> {
    let path = path_of(line)?;
    if point.kind() != Kind::Point {
        return Err(GeometryError::InvalidArgument {
            reason: format!("a point is located on a line, not {}", point.kind().wkt_name()),
        });
    }
    let (Some(coords), Some(point)) = (path, point.point()) else {
        return Ok(None);
    };
    let measured = Measured::new(&coords, figure);
    if measured.total == 0.0 {
        return Ok(Some(0.0));
    }
    let at = vector([point.x, point.y]);
    let mut best = (f64::INFINITY, 0.0);
    for (edge, passed) in coords.windows(2).zip(&measured.passed) {
        let [from, to] = edge else { continue };
        let near = closest_on_edge(at, [vector([from.x, from.y]), vector([to.x, to.y])]);
        let angle = angle_between(near, at);
        if angle < best.0 {
            let along = between([from.x, from.y], position(near), figure).unwrap_or(0.0);
            best = (angle, passed + along);
        }
    }
    Ok(Some((best.1 / measured.total).clamp(0.0, 1.0)))
}

/// Returns the part of a line between two parts of its length, a point when they are the same;
/// nothing when the line is empty.
pub fn substring(
    line: Geometry<'_>,
    start: f64,
    end: f64,
    figure: Figure,
) -> Result<Option<Vec<u8>>, GeometryError> {
    let path = path_of(line)?;
    check(start)?;
    check(end)?;
    if start > end {
        return Err(GeometryError::InvalidArgument {
            reason: format!("the start {start} of a part of a line is after its end {end}"),
        });
    }
    let Some(coords) = path else {
        return Ok(None);
    };
    let measured = Measured::new(&coords, figure);
    let (Some(first), Some(last)) = (measured.at(start), measured.at(end)) else {
        return Ok(None);
    };
    if start == end {
        return Ok(Some(write::point(first, line.dimension())));
    }
    let mut part = vec![first];
    for (at, passed) in coords.iter().zip(&measured.passed) {
        if *passed > start * measured.total && *passed < end * measured.total {
            part.push(*at);
        }
    }
    part.push(last);
    Ok(Some(write::line_string(part, line.dimension())))
}

/// A line with the length of the way to each vertex.
struct Measured<'a> {
    coords: &'a [Coord],
    passed: Vec<f64>,
    total: f64,
    figure: Figure,
}

impl<'a> Measured<'a> {
    fn new(coords: &'a [Coord], figure: Figure) -> Self {
        let mut total = 0.0;
        let mut passed = vec![0.0];
        for edge in coords.windows(2) {
            let [from, to] = edge else { continue };
            total += between([from.x, from.y], [to.x, to.y], figure).unwrap_or(0.0);
            passed.push(total);
        }
        Self { coords, passed, total, figure }
    }

    /// Returns the position at a part of the length.
    fn at(&self, fraction: f64) -> Option<Coord> {
        if fraction <= 0.0 || self.total == 0.0 {
            return self.coords.first().copied();
        }
        let wanted = fraction * self.total;
        for ((edge, start), end) in
            self.coords.windows(2).zip(&self.passed).zip(self.passed.iter().skip(1))
        {
            let [from, to] = edge else { continue };
            if wanted < *end {
                let [x, y] = on_edge(*from, *to, wanted - start, self.figure);
                // PostGIS does not interpolate these either.
                return Some(Coord { x, y, z: to.z, m: to.m });
            }
        }
        self.coords.last().copied()
    }
}

/// Returns the position some metres from the start of an edge.
fn on_edge(from: Coord, to: Coord, metres: f64, figure: Figure) -> [f64; 2] {
    if metres == 0.0 {
        return [from.x, from.y];
    }
    let (azimuth, _, _): (f64, f64, f64) = geodesic(figure).inverse(from.y, from.x, to.y, to.x);
    project([from.x, from.y], metres, azimuth.to_radians(), figure)
}

fn check(fraction: f64) -> Result<(), GeometryError> {
    if (0.0..=1.0).contains(&fraction) {
        return Ok(());
    }
    Err(GeometryError::InvalidArgument {
        reason: format!("fraction {fraction} is not between 0 and 1"),
    })
}

/// Returns the vertices of a line, unless it is empty.
fn path_of(line: Geometry<'_>) -> Result<Option<Vec<Coord>>, GeometryError> {
    if line.kind() != Kind::LineString {
        return Err(GeometryError::InvalidArgument {
            reason: format!("a line is expected, not {}", line.kind().wkt_name()),
        });
    }
    let coords: Vec<Coord> = line.line().map(|line| line.iter().collect()).unwrap_or_default();
    Ok((!coords.is_empty()).then_some(coords))
}
