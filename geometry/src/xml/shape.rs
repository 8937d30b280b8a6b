//! A geometry as it is read, before it is known whether all of it has heights.

use crate::{Coord, Dimension, Kind, WkbWriter};

/// A geometry of coordinates in memory; an absent height is NaN.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    Point(Option<Coord>),
    Line(Vec<Coord>),
    Polygon(Vec<Vec<Coord>>),
    /// One ring, or none.
    Triangle(Vec<Vec<Coord>>),
    Collection(Kind, Vec<Shape>),
}

impl Shape {
    /// Returns the kind of geometry.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Point(_) => Kind::Point,
            Self::Line(_) => Kind::LineString,
            Self::Polygon(_) => Kind::Polygon,
            Self::Triangle(_) => Kind::Triangle,
            Self::Collection(kind, _) => *kind,
        }
    }

    /// Returns the geometry as canonical WKB; without heights when any is absent.
    pub(crate) fn to_wkb(&self) -> Vec<u8> {
        let (mut count, mut has_z) = (0, true);
        self.visit(&mut |coord| {
            count += 1;
            has_z &= !coord.z.is_nan();
        });
        let mut writer = WkbWriter::new(Dimension::new(has_z && count > 0, false));
        self.write(&mut writer);
        writer.into_bytes()
    }

    fn visit(&self, visit: &mut impl FnMut(&Coord)) {
        match self {
            Self::Point(coord) => coord.iter().for_each(visit),
            Self::Line(coords) => coords.iter().for_each(visit),
            Self::Polygon(rings) | Self::Triangle(rings) => rings.iter().flatten().for_each(visit),
            Self::Collection(_, parts) => {
                for part in parts {
                    part.visit(visit);
                }
            }
        }
    }

    fn write(&self, writer: &mut WkbWriter) {
        match self {
            Self::Point(coord) => writer.point(coord.unwrap_or(Coord::NAN)),
            Self::Line(coords) => writer.line(coords.iter().copied()),
            Self::Polygon(rings) | Self::Triangle(rings) => {
                writer.begin(self.kind());
                for ring in rings {
                    writer.ring(ring.iter().copied());
                }
                writer.end();
            }
            Self::Collection(kind, parts) => {
                writer.begin(*kind);
                for part in parts {
                    part.write(writer);
                }
                writer.end();
            }
        }
    }
}

/// Returns whether the first and the last position of a ring are the same.
pub(crate) fn is_closed(ring: &[Coord], with_heights: bool) -> bool {
    let (Some(first), Some(last)) = (ring.first(), ring.last()) else {
        return false;
    };
    first.x == last.x && first.y == last.y && (!with_heights || first.z == last.z)
}
