//! Taking geometries apart: members, rings, segments and points, each with the path to it.
//!
//! A path has one number for each level, counted from 1, as `PostGIS` counts; only the rings of
//! [`rings`] count from 0, the exterior.

use crate::{Geometry, GeometryError, Kind, Sequence, WkbWriter, to_iso, write};

/// Receives a path and the WKB of what stands there.
pub type Receiver<'r> = &'r mut dyn FnMut(&[i64], &[u8]) -> Result<(), GeometryError>;

/// Gives away every point, path, polygon and triangle in a geometry; one that has no members has an
/// empty path. As in `PostGIS`, an empty geometry has no parts, but others may have empty ones.
pub fn parts(geometry: Geometry<'_>, receive: Receiver<'_>) -> Result<(), GeometryError> {
    if geometry.is_empty() {
        return Ok(());
    }
    each_part(geometry, &mut Vec::new(), &mut |part, path| receive(path, &to_iso(part)))
}

/// Gives away every vertex as a point; the path ends with the ring, if in a polygon, and the
/// number of the vertex.
pub fn points(geometry: Geometry<'_>, receive: Receiver<'_>) -> Result<(), GeometryError> {
    each_part(geometry, &mut Vec::new(), &mut |part, path| {
        if let Some(coord) = part.point() {
            path.push(1);
            receive(path, &write::point(coord, part.dimension()))?;
            path.pop();
        }
        each_line(part, path, &mut |line, path| {
            for (number, coord) in (1..).zip(line) {
                path.push(number);
                receive(path, &write::point(coord, line.dimension()))?;
                path.pop();
            }
            Ok(())
        })
    })
}

/// Gives away every segment of lines and rings as a line of two vertices.
pub fn segments(geometry: Geometry<'_>, receive: Receiver<'_>) -> Result<(), GeometryError> {
    each_part(geometry, &mut Vec::new(), &mut |part, path| {
        each_line(part, path, &mut |line, path| {
            for (number, (start, end)) in (1..).zip(line.iter().zip(line.iter().skip(1))) {
                path.push(number);
                receive(path, &write::line_string([start, end], line.dimension()))?;
                path.pop();
            }
            Ok(())
        })
    })
}

/// Gives away every ring of a polygon as a polygon of its own, the exterior with the path 0.
pub fn rings(geometry: Geometry<'_>, receive: Receiver<'_>) -> Result<(), GeometryError> {
    if geometry.kind() != Kind::Polygon {
        return Err(GeometryError::InvalidArgument {
            reason: format!(
                "the geometry is a {}, not a POLYGON; take it apart with ST_Dump first",
                geometry.kind().wkt_name()
            ),
        });
    }
    for (number, ring) in (0..).zip(geometry.rings()) {
        receive(&[number], &write::polygon([ring], geometry.dimension()))?;
    }
    Ok(())
}

/// Returns the holes of a polygon as lines, those of an area with arcs as paths with arcs; nothing
/// for other kinds.
pub fn holes(geometry: Geometry<'_>) -> Option<Vec<Vec<u8>>> {
    if geometry.kind() == Kind::CurvePolygon {
        return Some(geometry.parts().skip(1).map(|ring| to_iso(ring).into_owned()).collect());
    }
    let line = |ring: Sequence<'_>| write::line_string(ring, geometry.dimension());
    (geometry.kind() == Kind::Polygon).then(|| geometry.rings().skip(1).map(line).collect())
}

/// Returns every vertex in one multi point.
pub fn multi_point(geometry: Geometry<'_>) -> Vec<u8> {
    let dimension = geometry.dimension();
    let mut writer = WkbWriter::new(dimension);
    writer.begin(Kind::MultiPoint);
    geometry.coords(|coord| writer.point(coord));
    writer.end();
    writer.into_bytes()
}

/// What is done with a part that has no members and its path.
type PartVisitor<'v, 'g> =
    &'v mut dyn FnMut(Geometry<'g>, &mut Vec<i64>) -> Result<(), GeometryError>;

fn each_part<'g>(
    geometry: Geometry<'g>,
    path: &mut Vec<i64>,
    visit: PartVisitor<'_, 'g>,
) -> Result<(), GeometryError> {
    if !geometry.kind().is_collection() {
        return visit(geometry, path);
    }
    for (number, part) in (1..).zip(geometry.parts()) {
        path.push(number);
        each_part(part, path, visit)?;
        path.pop();
    }
    Ok(())
}

/// What is done with the coordinates of a line or ring and the path to it.
type LineVisitor<'v, 'g> =
    &'v mut dyn FnMut(Sequence<'g>, &mut Vec<i64>) -> Result<(), GeometryError>;

/// Visits a line or a path of arcs, or the rings of a polygon, whose numbers are part of the path.
fn each_line<'g>(
    part: Geometry<'g>,
    path: &mut Vec<i64>,
    visit: LineVisitor<'_, 'g>,
) -> Result<(), GeometryError> {
    if let Some(line) = part.path() {
        return visit(line, path);
    }
    for (number, ring) in (1..).zip(part.rings()) {
        path.push(number);
        visit(ring, path)?;
        path.pop();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn texts(
        text: &str,
        dump: fn(Geometry<'_>, Receiver<'_>) -> Result<(), GeometryError>,
    ) -> Vec<String> {
        let (wkb, _) = wkt::parse(text).expect("WKT");
        let mut texts = Vec::new();
        dump(Geometry::try_new(&wkb).expect("WKB"), &mut |path, wkb| {
            texts.push(format!("{path:?} {}", wkt::format(Geometry::try_new(wkb)?, 15)));
            Ok(())
        })
        .expect("parts");
        texts
    }

    #[test]
    fn paths_tell_every_level() {
        let nested =
            "GEOMETRYCOLLECTION(POINT(1 2), MULTILINESTRING((0 0, 1 1), EMPTY, (2 2, 3 3)))";
        assert_eq!(
            texts(nested, parts),
            [
                "[1] POINT(1 2)",
                "[2, 1] LINESTRING(0 0,1 1)",
                "[2, 2] LINESTRING EMPTY",
                "[2, 3] LINESTRING(2 2,3 3)"
            ]
        );
        assert_eq!(texts(nested, points).last().map(String::as_str), Some("[2, 3, 2] POINT(3 3)"));
        assert_eq!(texts(nested, segments).len(), 2);
        assert_eq!(texts("POINT(1 2)", points), ["[1] POINT(1 2)"]);
        assert_eq!(texts("POINT EMPTY", points), [""; 0]);
    }
}
