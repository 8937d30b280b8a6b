//! To and from the geometry types of the `geo` crate, for its rarer algorithms.

use geo::{
    Coord as GeoCoord, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};

use crate::{Coord, Dimension, Geometry, Kind, Sequence, WkbWriter};

/// Returns the geometry as a `geo` one; heights and measures are lost, an empty point becomes an
/// empty multipoint.
pub fn to_geo(geometry: Geometry<'_>) -> geo::Geometry<f64> {
    match geometry.kind() {
        Kind::Point => match geometry.point() {
            Some(coord) => geo::Geometry::Point(Point::new(coord.x, coord.y)),
            None => geo::Geometry::MultiPoint(MultiPoint(Vec::new())),
        },
        Kind::LineString => geo::Geometry::LineString(
            geometry.line().map_or_else(|| LineString(Vec::new()), line_string),
        ),
        Kind::Polygon => geo::Geometry::Polygon(polygon(geometry)),
        Kind::MultiPoint => {
            let points = geometry.parts().filter_map(Geometry::point);
            let points = points.map(|coord| Point::new(coord.x, coord.y)).collect();
            geo::Geometry::MultiPoint(MultiPoint(points))
        }
        Kind::MultiLineString => {
            let lines = geometry.parts().filter_map(Geometry::line).map(line_string).collect();
            geo::Geometry::MultiLineString(MultiLineString(lines))
        }
        Kind::MultiPolygon => {
            let polygons = geometry.parts().map(polygon).collect();
            geo::Geometry::MultiPolygon(MultiPolygon(polygons))
        }
        _ => {
            let parts = geometry.parts().map(to_geo).collect();
            geo::Geometry::GeometryCollection(GeometryCollection(parts))
        }
    }
}

/// Returns a `geo` geometry as canonical WKB.
pub fn from_geo(geometry: &geo::Geometry<f64>) -> Vec<u8> {
    let mut writer = WkbWriter::new(Dimension::Xy);
    write(&mut writer, geometry);
    writer.into_bytes()
}

fn line_string(sequence: Sequence<'_>) -> LineString<f64> {
    LineString(sequence.iter().map(|coord| GeoCoord { x: coord.x, y: coord.y }).collect())
}

fn polygon(geometry: Geometry<'_>) -> Polygon<f64> {
    let mut rings = geometry.rings().map(line_string);
    let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
    Polygon::new(exterior, rings.collect())
}

fn write(writer: &mut WkbWriter, geometry: &geo::Geometry<f64>) {
    match geometry {
        geo::Geometry::Point(point) => writer.point(Coord::xy(point.x(), point.y())),
        geo::Geometry::Line(line) => writer.line([line.start, line.end].map(coord)),
        geo::Geometry::LineString(line) => writer.line(line.coords().copied().map(coord)),
        geo::Geometry::Polygon(polygon) => write_polygon(writer, polygon),
        geo::Geometry::MultiPoint(points) => {
            writer.begin(Kind::MultiPoint);
            for point in points {
                writer.point(Coord::xy(point.x(), point.y()));
            }
            writer.end();
        }
        geo::Geometry::MultiLineString(lines) => {
            writer.begin(Kind::MultiLineString);
            for line in lines {
                writer.line(line.coords().copied().map(coord));
            }
            writer.end();
        }
        geo::Geometry::MultiPolygon(polygons) => {
            writer.begin(Kind::MultiPolygon);
            for polygon in polygons {
                write_polygon(writer, polygon);
            }
            writer.end();
        }
        geo::Geometry::GeometryCollection(parts) => {
            writer.begin(Kind::GeometryCollection);
            for part in parts {
                write(writer, part);
            }
            writer.end();
        }
        geo::Geometry::Rect(rect) => write_polygon(writer, &rect.to_polygon()),
        geo::Geometry::Triangle(triangle) => write_polygon(writer, &triangle.to_polygon()),
    }
}

fn write_polygon(writer: &mut WkbWriter, polygon: &Polygon<f64>) {
    writer.begin(Kind::Polygon);
    if !polygon.exterior().0.is_empty() {
        writer.ring(polygon.exterior().coords().copied().map(coord));
        for ring in polygon.interiors() {
            writer.ring(ring.coords().copied().map(coord));
        }
    }
    writer.end();
}

fn coord(coord: GeoCoord<f64>) -> Coord {
    Coord::xy(coord.x, coord.y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn every_kind_survives() {
        for text in [
            "POINT(1 2)",
            "LINESTRING(1 2,3 4)",
            "LINESTRING EMPTY",
            "POLYGON((0 0,9 0,9 9,0 0),(5 1,6 1,6 2,5 1))",
            "POLYGON EMPTY",
            "MULTIPOINT((1 2),(3 4))",
            "MULTILINESTRING((1 2,3 4),(5 6,7 8))",
            "MULTIPOLYGON(((0 0,9 0,9 9,0 0)))",
            "GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(1 2,3 4))",
        ] {
            let (wkb, _) = wkt::parse(text).unwrap();
            assert_eq!(from_geo(&to_geo(Geometry::try_new(&wkb).unwrap())), wkb, "{text}");
        }
    }
}
