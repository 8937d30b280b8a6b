//! A GeoJSON geometry straight from text to ISO WKB, without anything in between.

use crate::objects::{Cursor, Parsed, Token};

/// How deep geometry collections may nest.
const MAX_DEPTH: usize = 32;

/// The kind of a geometry by its WKB code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Point = 1,
    LineString = 2,
    Polygon = 3,
    MultiPoint = 4,
    MultiLineString = 5,
    MultiPolygon = 6,
    GeometryCollection = 7,
}

impl Kind {
    fn from_token(token: &Token<'_>) -> Option<Self> {
        Some(match token.raw {
            b"Point" => Self::Point,
            b"LineString" => Self::LineString,
            b"Polygon" => Self::Polygon,
            b"MultiPoint" => Self::MultiPoint,
            b"MultiLineString" => Self::MultiLineString,
            b"MultiPolygon" => Self::MultiPolygon,
            b"GeometryCollection" => Self::GeometryCollection,
            _ => return None,
        })
    }

    /// Returns the kind of the parts of a multi geometry.
    fn part(self) -> Self {
        match self {
            Self::MultiPoint => Self::Point,
            Self::MultiLineString => Self::LineString,
            _ => Self::Polygon,
        }
    }
}

/// Tells whether `type` names a geometry.
pub(super) fn is_geometry_type(token: &Token<'_>) -> bool {
    Kind::from_token(token).is_some()
}

/// Writes WKB; one writer serves many geometries.
#[derive(Debug, Default)]
pub(super) struct GeometryParser {
    out: Vec<u8>,
    /// Whether every position is written with a Z.
    has_z: bool,
    /// Whether a position with a Z was met while none was expected.
    met_z: bool,
}

impl GeometryParser {
    /// Parses the geometry object the cursor stands on and returns its WKB.
    pub(super) fn parse(&mut self, cursor: &mut Cursor<'_>) -> Parsed<&[u8]> {
        let start = cursor.position();
        self.has_z = false;
        self.attempt(cursor)?;
        if self.met_z {
            // One geometry has one dimension, so a Z anywhere is a Z everywhere.
            cursor.set_position(start);
            self.has_z = true;
            self.attempt(cursor)?;
        }
        Ok(&self.out)
    }

    fn attempt(&mut self, cursor: &mut Cursor<'_>) -> Parsed<()> {
        self.out.clear();
        self.met_z = false;
        self.geometry(cursor, 0)
    }

    fn geometry(&mut self, cursor: &mut Cursor<'_>, depth: usize) -> Parsed<()> {
        if depth > MAX_DEPTH {
            return Err(cursor.fault(format!("collections nested deeper than {MAX_DEPTH} levels")));
        }
        let start = cursor.position();
        cursor.expect(b'{')?;
        let mut kind = None;
        // Coordinates that stand before the type are parsed once the type is known.
        let mut pending = None;
        let mut is_written = false;
        let mut is_open = !cursor.take(b'}');
        while is_open {
            let key = cursor.key()?;
            if key.is(b"type") {
                kind = Some(read_kind(cursor)?);
            } else if key.is(b"coordinates") || key.is(b"geometries") {
                if is_written || pending.is_some() {
                    return Err(cursor.fault("a geometry has its coordinates twice"));
                }
                if let Some(kind) = kind {
                    self.body(cursor, kind, &key, depth)?;
                    is_written = true;
                } else {
                    pending = Some((key, cursor.position()));
                    cursor.skip_value()?;
                }
            } else {
                cursor.skip_value()?;
            }
            is_open = cursor.more(b'}')?;
        }
        let end = cursor.position();
        let Some(kind) = kind else {
            cursor.set_position(start);
            return Err(cursor.fault("the geometry has no \"type\""));
        };
        if let Some((key, position)) = pending {
            cursor.set_position(position);
            self.body(cursor, kind, &key, depth)?;
            cursor.set_position(end);
        } else if !is_written {
            cursor.set_position(start);
            return Err(cursor.fault(format!("the {kind:?} has no \"{}\"", member(kind))));
        }
        Ok(())
    }

    fn body(
        &mut self,
        cursor: &mut Cursor<'_>,
        kind: Kind,
        key: &Token<'_>,
        depth: usize,
    ) -> Parsed<()> {
        if !key.is(member(kind).as_bytes()) {
            return Err(cursor.fault(format!("a {kind:?} needs \"{}\"", member(kind))));
        }
        cursor.skip_whitespace();
        self.header(kind);
        match kind {
            Kind::Point => self.point(cursor),
            Kind::LineString => self.positions(cursor),
            Kind::Polygon => self.list(cursor, Self::positions),
            Kind::MultiPoint => self.parts(cursor, kind, Self::point),
            Kind::MultiLineString => self.parts(cursor, kind, Self::positions),
            Kind::MultiPolygon => {
                self.parts(cursor, kind, |parser, cursor| parser.list(cursor, Self::positions))
            }
            Kind::GeometryCollection => {
                self.list(cursor, |parser, cursor| parser.geometry(cursor, depth + 1))
            }
        }
    }

    fn header(&mut self, kind: Kind) {
        let code = kind as u32 + if self.has_z { 1000 } else { 0 };
        self.out.push(1);
        self.out.extend_from_slice(&code.to_le_bytes());
    }

    /// Writes a count and the elements of an array, each by `element`.
    fn list(
        &mut self,
        cursor: &mut Cursor<'_>,
        mut element: impl FnMut(&mut Self, &mut Cursor<'_>) -> Parsed<()>,
    ) -> Parsed<()> {
        let at = self.out.len();
        self.out.extend_from_slice(&[0; 4]);
        open_array(cursor)?;
        let mut count = 0_u32;
        let mut is_open = !cursor.take(b']');
        while is_open {
            cursor.skip_whitespace();
            element(self, cursor)?;
            count += 1;
            is_open = cursor.more(b']')?;
        }
        self.set_count(at, count);
        Ok(())
    }

    fn parts(
        &mut self,
        cursor: &mut Cursor<'_>,
        kind: Kind,
        part: impl Fn(&mut Self, &mut Cursor<'_>) -> Parsed<()>,
    ) -> Parsed<()> {
        self.list(cursor, |parser, cursor| {
            parser.header(kind.part());
            part(parser, cursor)
        })
    }

    /// Writes a count and the positions of a line or a ring.
    fn positions(&mut self, cursor: &mut Cursor<'_>) -> Parsed<()> {
        let at = self.out.len();
        self.out.extend_from_slice(&[0; 4]);
        open_array(cursor)?;
        let mut count = 0_u32;
        let mut is_open = !cursor.take(b']');
        while is_open {
            if cursor.next_byte() != Some(b'[') {
                return Err(cursor.expected_what("a position"));
            }
            cursor.advance(1);
            self.position(cursor)?;
            count += 1;
            is_open = cursor.more(b']')?;
        }
        self.set_count(at, count);
        Ok(())
    }

    /// Writes the coordinates of a point; an empty array is an empty point.
    fn point(&mut self, cursor: &mut Cursor<'_>) -> Parsed<()> {
        open_array(cursor)?;
        if !cursor.take(b']') {
            return self.position(cursor);
        }
        for _ in 0..if self.has_z { 3 } else { 2 } {
            self.out.extend_from_slice(&f64::NAN.to_le_bytes());
        }
        Ok(())
    }

    /// Writes a position; the cursor stands behind its opening bracket.
    #[inline]
    fn position(&mut self, cursor: &mut Cursor<'_>) -> Parsed<()> {
        let x = ordinate(cursor)?;
        cursor.expect(b',')?;
        let y = ordinate(cursor)?;
        let mut text = [0_u8; 16];
        let (low, high) = text.split_at_mut(8);
        low.copy_from_slice(&x.to_le_bytes());
        high.copy_from_slice(&y.to_le_bytes());
        self.out.extend_from_slice(&text);
        if !cursor.more(b']')? {
            if self.has_z {
                self.out.extend_from_slice(&0_f64.to_le_bytes());
            }
            return Ok(());
        }
        self.beyond_y(cursor)
    }

    /// Takes the third ordinate; further ones have no meaning in GeoJSON.
    fn beyond_y(&mut self, cursor: &mut Cursor<'_>) -> Parsed<()> {
        let z = ordinate(cursor)?;
        if self.has_z {
            self.out.extend_from_slice(&z.to_le_bytes());
        }
        self.met_z = !self.has_z;
        while cursor.more(b']')? {
            ordinate(cursor)?;
        }
        Ok(())
    }

    fn set_count(&mut self, at: usize, count: u32) {
        if let Some(slot) = self.out.get_mut(at..at + 4) {
            slot.copy_from_slice(&count.to_le_bytes());
        }
    }
}

fn member(kind: Kind) -> &'static str {
    if kind == Kind::GeometryCollection { "geometries" } else { "coordinates" }
}

fn read_kind(cursor: &mut Cursor<'_>) -> Parsed<Kind> {
    if cursor.peek() != Some(b'"') {
        return Err(cursor.expected_what("a geometry type"));
    }
    let start = cursor.position();
    let token = cursor.string()?;
    Kind::from_token(&token).ok_or_else(|| {
        cursor.set_position(start);
        let name: String = String::from_utf8_lossy(token.raw).chars().take(40).collect();
        cursor.fault(format!("\"{name}\" is no geometry type"))
    })
}

fn open_array(cursor: &mut Cursor<'_>) -> Parsed<()> {
    cursor.expect(b'[')
}

#[inline]
fn ordinate(cursor: &mut Cursor<'_>) -> Parsed<f64> {
    if cursor.peek().is_some_and(|byte| byte <= b' ') {
        cursor.skip_whitespace();
    }
    let value = cursor.float()?;
    if value.is_infinite() {
        return Err(cursor.fault("the coordinate is too large"));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use godwit_geometry::{Geometry, wkt};

    use super::*;

    fn to_wkt(text: &str) -> Result<String, String> {
        let mut parser = GeometryParser::default();
        let wkb = parser
            .parse(&mut Cursor::new(text.as_bytes()))
            .map_err(|fault| format!("{}: {}", fault.offset, fault.reason))?;
        let geometry = Geometry::try_new(wkb).map_err(|error| error.to_string())?;
        Ok(wkt::format(geometry, 15))
    }

    #[test]
    fn every_kind_is_read() {
        for (json, expected) in [
            (r#"{"type":"Point","coordinates":[1,2.5]}"#, "POINT(1 2.5)"),
            (r#"{"type":"Point","coordinates":[]}"#, "POINT EMPTY"),
            (r#"{"coordinates":[1,2,3,4],"type":"Point"}"#, "POINT Z (1 2 3)"),
            (
                r#"{"type":"LineString","coordinates":[[0,0],[1,1,5]]}"#,
                "LINESTRING Z (0 0 0,1 1 5)",
            ),
            (
                r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]],"bbox":[0,0,1,1]}"#,
                "POLYGON((0 0,1 0,1 1,0 0))",
            ),
            (r#"{ "type" : "Polygon" , "coordinates" : [ ] }"#, "POLYGON EMPTY"),
            (r#"{"type":"MultiPoint","coordinates":[[0,0],[1,1]]}"#, "MULTIPOINT((0 0),(1 1))"),
            (
                r#"{"type":"MultiLineString","coordinates":[[[0,0],[1,1]]]}"#,
                "MULTILINESTRING((0 0,1 1))",
            ),
            (
                r#"{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}"#,
                "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))",
            ),
            (
                r#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},
                    {"type":"Point","coordinates":[1,2,3]}]}"#,
                "GEOMETRYCOLLECTION Z (POINT Z (1 2 0),POINT Z (1 2 3))",
            ),
        ] {
            assert_eq!(to_wkt(json).as_deref(), Ok(expected), "{json}");
        }
    }

    #[test]
    fn broken_geometries_are_located() {
        for (json, offset) in [
            (r#"{"type":"Point","coordinates":[1]}"#, "32"),
            (r#"{"type":"Point","coordinates":[1,null]}"#, "33"),
            (r#"{"type":"Point","coordinates":["1",2]}"#, "31"),
            (r#"{"type":"Point","coordinates":[1e999,2]}"#, "36"),
            (r#"{"type":"Pointy","coordinates":[1,2]}"#, "8"),
            (r#"{"type":"Point"}"#, "0"),
            (r#"{"coordinates":[1,2]}"#, "0"),
            (r#"{"type":"LineString","coordinates":[1,2]}"#, "36"),
            (r#"{"type":"Point","geometries":[]}"#, "29"),
            (r#"{"type":"Point","coordinates":[1,2]"#, "35"),
        ] {
            let error = to_wkt(json).unwrap_err();
            assert_eq!(error.split(':').next(), Some(offset), "{json}: {error}");
        }
        let open = r#"{"type":"GeometryCollection","geometries":["#.repeat(1000);
        assert!(to_wkt(&open).unwrap_err().contains("nested deeper"));
    }
}
