//! Whether the lines and rings of WKB have the positions they need.

use crate::{Geometry, GeometryError, Kind};

/// Checks that no line has a single position, and that the rings of polygons are closed and have
/// four positions.
///
/// Files hold such geometries all the same, so [`Geometry::try_any`] reads them.
pub fn check_complete(geometry: Geometry<'_>) -> Result<(), GeometryError> {
    let mut found = None;
    geometry.visit(&mut |kind, path| {
        let is_open =
            || path.first().zip(path.last()).is_some_and(|(a, b)| a.x != b.x || a.y != b.y);
        let reason = match (kind, path.len()) {
            (Kind::LineString, 1) => "a line must have at least two positions",
            (Kind::Polygon, 0..4) => "a polygon must have at least four positions in each ring",
            (Kind::Polygon, _) if is_open() => "a polygon must have closed rings",
            _ => return,
        };
        found = found.or(Some(reason));
    });
    match found {
        Some(reason) => Err(GeometryError::InvalidWkb { offset: 0, reason: reason.to_owned() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Coord, Dimension, WkbWriter, write};

    #[test]
    fn short_lines_and_open_rings_are_found() {
        let is_complete = |wkb: &[u8]| check_complete(Geometry::try_any(wkb).unwrap()).is_ok();
        let at =
            |ordinates: &[f64]| ordinates.iter().map(|at| Coord::xy(*at, *at)).collect::<Vec<_>>();
        let area = |ring: &[f64]| {
            let mut writer = WkbWriter::new(Dimension::Xy);
            writer.begin(Kind::Polygon);
            writer.ring(at(ring));
            writer.end();
            writer.into_bytes()
        };
        for (ordinates, expected) in [(&[][..], true), (&[1.0], false), (&[1.0, 2.0], true)] {
            let line = write::line_string(at(ordinates), Dimension::Xy);
            assert_eq!(is_complete(&line), expected, "{ordinates:?}");
            let lines = write::collection(Kind::MultiLineString, Dimension::Xy, &[&line]);
            assert_eq!(is_complete(&lines), expected, "{ordinates:?}");
        }
        assert!(is_complete(&area(&[0.0, 1.0, 2.0, 0.0])));
        assert!(!is_complete(&area(&[0.0, 1.0, 2.0, 3.0])));
        assert!(!is_complete(&area(&[0.0, 1.0, 0.0])));
        assert!(!is_complete(&area(&[])));
    }
}
