//! Geometries as nodes of X3D, the XML of scenes in space, with the spaces of `PostGIS`.

use std::fmt::Write as _;

use crate::number::write_ordinate;
use crate::{Coord, Geometry, GeometryError, Kind, Sequence};

/// How positions are written.
#[derive(Debug, Clone, Copy)]
pub struct X3dOptions {
    /// The most decimals of a number.
    pub max_decimals: usize,
    /// Whether Y stands before X.
    pub is_flipped: bool,
    /// Whether positions are said to be longitudes and latitudes on WGS 84.
    pub is_geographic: bool,
}

/// Returns the X3D of a geometry: the position of a point, a node for anything else.
pub fn format_x3d(geometry: Geometry<'_>, options: X3dOptions) -> Result<String, GeometryError> {
    let mut writer = Writer { out: String::new(), options };
    writer.geometry(geometry)?;
    Ok(writer.out)
}

struct Writer {
    out: String,
    options: X3dOptions,
}

impl Writer {
    fn geometry(&mut self, geometry: Geometry<'_>) -> Result<(), GeometryError> {
        if geometry.is_empty() {
            return Ok(());
        }
        match geometry.kind() {
            Kind::Point => self.positions(&mut geometry.point().into_iter()),
            Kind::LineString => {
                let Some(line) = geometry.line() else { return Ok(()) };
                let _ = write!(self.out, "<LineSet  vertexCount='{}'>", line.len());
                self.coordinates(&mut open(line), "' />");
                self.out.push_str("</LineSet>");
            }
            Kind::MultiPoint if geometry.dimension().has_z() => {
                self.out.push_str("<PointSet >");
                self.coordinates(&mut geometry.parts().filter_map(Geometry::point), " ' />");
                self.out.push_str("</PointSet>");
            }
            Kind::MultiPoint => {
                self.out.push_str("<Polypoint2D  point='");
                self.positions(&mut geometry.parts().filter_map(Geometry::point));
                self.out.push_str(" ' />");
            }
            Kind::MultiLineString => {
                self.out.push_str("<IndexedLineSet  coordIndex='");
                let lines: Vec<Sequence<'_>> =
                    geometry.parts().filter_map(Geometry::line).collect();
                self.indexes(&lines, true);
                self.coordinates(&mut lines.iter().copied().flat_map(open), " ' />");
                self.out.push_str("</IndexedLineSet>");
            }
            Kind::Polygon | Kind::MultiPolygon | Kind::PolyhedralSurface => {
                let is_surface = geometry.kind() == Kind::PolyhedralSurface;
                self.out.push_str(if is_surface {
                    "<IndexedFaceSet convex='false'  coordIndex='"
                } else {
                    "<IndexedFaceSet  convex='false' coordIndex='"
                });
                let rings: Vec<Sequence<'_>> = match geometry.kind() {
                    Kind::Polygon => geometry.rings().collect(),
                    _ => geometry.parts().flat_map(Geometry::rings).collect(),
                };
                self.indexes(&rings, false);
                let end = if is_surface { "' />" } else { " ' />" };
                self.coordinates(&mut rings.iter().copied().flat_map(open), end);
                self.out.push_str("</IndexedFaceSet>");
            }
            Kind::Triangle => self.positions(&mut geometry.rings().flat_map(open)),
            Kind::Tin => {
                self.out.push_str("<IndexedTriangleSet  index='");
                let rings: Vec<Sequence<'_>> = geometry.parts().flat_map(Geometry::rings).collect();
                let count = rings.iter().copied().flat_map(open).count();
                let indexes: Vec<String> = (0..count).map(|index| index.to_string()).collect();
                self.out.push_str(&indexes.join(" "));
                self.out.push_str("'>");
                self.coordinates(&mut rings.iter().copied().flat_map(open), "'/>");
                self.out.push_str("</IndexedTriangleSet>");
            }
            Kind::GeometryCollection => {
                for part in geometry.parts() {
                    self.out.push_str("<Shape>");
                    self.geometry(part)?;
                    self.out.push_str("</Shape>");
                }
            }
            kind => {
                let name = kind.wkt_name();
                let reason = format!("\"{name}\" cannot be written as X3D: type ST_CurveToLine");
                return Err(GeometryError::Unsupported { reason });
            }
        }
        Ok(())
    }

    /// Writes which positions each path has; a line that is closed comes back to its first.
    fn indexes(&mut self, paths: &[Sequence<'_>], are_lines: bool) {
        let mut next = 0;
        for (number, path) in paths.iter().enumerate() {
            if number > 0 {
                self.out.push_str(" -1 ");
            }
            let first = next;
            for index in 0..open(*path).count() {
                let space = if index == 0 { "" } else { " " };
                let _ = write!(self.out, "{space}{next}");
                next += 1;
            }
            if are_lines && is_closed(*path) {
                let _ = write!(self.out, " {first}");
            }
        }
        self.out.push_str("'>");
    }

    /// Writes positions in an element that is closed by a text, whose blanks are those of PostGIS.
    fn coordinates(&mut self, coords: &mut dyn Iterator<Item = Coord>, end: &str) {
        if self.options.is_geographic {
            let order = if self.options.is_flipped { "latitude" } else { "longitude" };
            let _ = write!(
                self.out,
                "<GeoCoordinate geoSystem='\"GD\" \"WE\" \"{order}_first\"' point='"
            );
        } else {
            self.out.push_str("<Coordinate point='");
        }
        self.positions(coords);
        self.out.push_str(end);
    }

    fn positions(&mut self, coords: &mut dyn Iterator<Item = Coord>) {
        for (index, coord) in coords.enumerate() {
            let [x, y] =
                if self.options.is_flipped { [coord.y, coord.x] } else { [coord.x, coord.y] };
            for (place, value) in [x, y, coord.z].into_iter().enumerate() {
                // There is no height in two dimensions.
                if place == 2 && value.is_nan() {
                    continue;
                }
                if index + place > 0 {
                    self.out.push(' ');
                }
                write_ordinate(&mut self.out, value, self.options.max_decimals);
            }
        }
    }
}

fn is_closed(path: Sequence<'_>) -> bool {
    path.len() > 1 && path.is_closed()
}

/// Returns the positions of a path, the last one not when it is the first one again.
fn open(path: Sequence<'_>) -> impl Iterator<Item = Coord> {
    let count = path.len() - usize::from(is_closed(path));
    path.iter().take(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn x3d(text: &str, is_flipped: bool, is_geographic: bool) -> String {
        let (wkb, _) = wkt::parse(text).unwrap();
        let options = X3dOptions { max_decimals: 15, is_flipped, is_geographic };
        format_x3d(Geometry::try_new(&wkb).unwrap(), options).unwrap()
    }

    #[test]
    fn faces_count_the_positions_of_all_rings() {
        assert_eq!(
            x3d("POLYGON Z ((0 0 1,4 0 2,4 4 3,0 0 1),(2 1 5,3 1 5,3 2 5,2 1 5))", false, false),
            "<IndexedFaceSet  convex='false' coordIndex='0 1 2 -1 3 4 5'>\
             <Coordinate point='0 0 1 4 0 2 4 4 3 2 1 5 3 1 5 3 2 5 ' /></IndexedFaceSet>"
        );
    }

    #[test]
    fn closed_lines_come_back() {
        assert_eq!(
            x3d("MULTILINESTRING((0 0,1 0,1 1,0 0),(5 5,6 6))", false, false),
            "<IndexedLineSet  coordIndex='0 1 2 0 -1 3 4'>\
             <Coordinate point='0 0 1 0 1 1 5 5 6 6 ' /></IndexedLineSet>"
        );
    }

    #[test]
    fn latitudes_may_come_first() {
        assert_eq!(
            x3d("LINESTRING(1 2,3 4)", true, true),
            "<LineSet  vertexCount='2'><GeoCoordinate geoSystem='\"GD\" \"WE\" \"latitude_first\"' \
             point='2 1 4 3' /></LineSet>"
        );
    }
}
