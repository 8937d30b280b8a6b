//! Reads GeoJSON geometries.

use super::scan::Scanner;
use crate::wkb::MAX_DEPTH;
use crate::{Coord, Dimension, GeometryError, Kind, WkbWriter};

/// Reads a GeoJSON geometry and returns canonical WKB.
///
/// When any position has a height all have one, 0 where it is missing.
pub fn parse(text: &str) -> Result<Vec<u8>, GeometryError> {
    let mut out = Vec::new();
    parse_into(text.as_bytes(), &mut out)?;
    Ok(out)
}

/// Reads a GeoJSON geometry and appends canonical WKB.
///
/// After an error nothing has been appended.
pub fn parse_into(json: &[u8], out: &mut Vec<u8>) -> Result<(), GeometryError> {
    let start = out.len();
    let mut dimension = Dimension::Xy;
    loop {
        let writer = WkbWriter::append_to(std::mem::take(out), dimension);
        let mut parser = Parser { writer, dimension, saw_height: false };
        let mut scanner = Scanner::new(json);
        let result = parser.geometry(&mut scanner, 0).and_then(|()| at_end(&mut scanner));
        *out = parser.writer.into_bytes();
        if result.is_ok() && (!parser.saw_height || dimension == Dimension::Xyz) {
            return Ok(());
        }
        out.truncate(start);
        // The first pass assumes plane positions and stops at the first height.
        if !parser.saw_height || dimension == Dimension::Xyz {
            return result;
        }
        dimension = Dimension::Xyz;
    }
}

fn at_end(scanner: &mut Scanner<'_>) -> Result<(), GeometryError> {
    if scanner.peek().is_none() {
        return Ok(());
    }
    Err(scanner.error("unexpected text behind the geometry"))
}

struct Parser {
    writer: WkbWriter,
    dimension: Dimension,
    saw_height: bool,
}

/// The members of an object that matter here.
#[derive(Default)]
struct Members<'a> {
    kind: Option<&'a [u8]>,
    coordinates: Option<Scanner<'a>>,
    geometries: Option<Scanner<'a>>,
}

impl Parser {
    fn geometry(&mut self, scanner: &mut Scanner<'_>, depth: usize) -> Result<(), GeometryError> {
        if depth > MAX_DEPTH {
            return Err(scanner.error(&format!("geometries are nested deeper than {MAX_DEPTH}")));
        }
        let mut members = Members::default();
        let mut is_read = false;
        scanner.expect(b'{')?;
        let mut is_open = !scanner.accept(b'}');
        while is_open {
            let member = Members::read_key(scanner)?;
            // Usually the type is known when its coordinates come, and they are read only once.
            match (&member, members.kind) {
                (Member::Coordinates, Some(name)) if !is_read => match kind_of(name) {
                    Some(kind) if kind != Kind::GeometryCollection => {
                        self.coordinates(kind, scanner)?;
                        is_read = true;
                    }
                    _ => scanner.skip_value()?,
                },
                _ => members.read_value(&member, scanner)?,
            }
            is_open = scanner.accept(b',');
            if !is_open {
                scanner.expect(b'}')?;
            }
        }
        if is_read { Ok(()) } else { self.remembered(&members, depth) }
    }

    /// Reads a geometry from the members of its object.
    fn remembered(&mut self, members: &Members<'_>, depth: usize) -> Result<(), GeometryError> {
        let Some(name) = members.kind else {
            return Err(invalid("the object has no \"type\""));
        };
        let Some(kind) = kind_of(name) else {
            let shown = String::from_utf8_lossy(name.get(..40).unwrap_or(name)).into_owned();
            return Err(invalid(&format!("unknown type \"{shown}\"")));
        };
        if kind == Kind::GeometryCollection {
            let Some(mut list) = members.geometries else {
                return Err(invalid("the object has no \"geometries\""));
            };
            self.writer.begin(kind);
            self.list(&mut list, |this, scanner| this.geometry(scanner, depth + 1))?;
            self.writer.end();
            return Ok(());
        }
        let Some(mut coordinates) = members.coordinates else {
            return Err(invalid("the object has no \"coordinates\""));
        };
        self.coordinates(kind, &mut coordinates)
    }

    fn coordinates(&mut self, kind: Kind, scanner: &mut Scanner<'_>) -> Result<(), GeometryError> {
        match kind {
            Kind::Point => {
                let coord = self.position(scanner)?;
                self.writer.point(coord.unwrap_or(Coord::NAN));
                Ok(())
            }
            Kind::LineString => {
                self.writer.begin(kind);
                self.positions(scanner)?;
                self.writer.end();
                Ok(())
            }
            Kind::Polygon => self.polygon(scanner),
            Kind::MultiPoint => {
                self.writer.begin(kind);
                self.list(scanner, |this, scanner| {
                    if let Some(coord) = this.position(scanner)? {
                        this.writer.point(coord);
                    }
                    Ok(())
                })?;
                self.writer.end();
                Ok(())
            }
            _ => {
                let member = kind.member().unwrap_or(Kind::Point);
                self.writer.begin(kind);
                self.list(scanner, |this, scanner| this.coordinates(member, scanner))?;
                self.writer.end();
                Ok(())
            }
        }
    }

    /// Reads rings; those without positions are left out, and with the exterior all others.
    fn polygon(&mut self, scanner: &mut Scanner<'_>) -> Result<(), GeometryError> {
        self.writer.begin(Kind::Polygon);
        let mut ring_count = 0;
        let mut is_empty = false;
        self.list(scanner, |this, scanner| {
            let mut ahead = *scanner;
            let is_hollow = ahead.accept(b'[') && ahead.accept(b']');
            is_empty |= is_hollow && ring_count == 0;
            ring_count += 1;
            if is_hollow || is_empty {
                return scanner.skip_value();
            }
            this.writer.begin_ring();
            this.positions(scanner)?;
            this.writer.end();
            Ok(())
        })?;
        self.writer.end();
        Ok(())
    }

    /// Reads the positions of a line or ring that is open in the writer.
    fn positions(&mut self, scanner: &mut Scanner<'_>) -> Result<(), GeometryError> {
        self.list(scanner, |this, scanner| {
            let Some(coord) = this.position(scanner)? else {
                return Err(scanner.error("a position needs at least two numbers"));
            };
            this.writer.counted_coord(coord);
            Ok(())
        })
    }

    /// Reads one position, or `[]`, which is none.
    fn position(&mut self, scanner: &mut Scanner<'_>) -> Result<Option<Coord>, GeometryError> {
        scanner.expect(b'[')?;
        if scanner.accept(b']') {
            return Ok(None);
        }
        let x = scanner.ordinate()?;
        if !scanner.accept(b',') {
            return Err(scanner.error("a position needs at least two numbers"));
        }
        let y = scanner.ordinate()?;
        if scanner.accept(b']') {
            let z = if self.dimension.has_z() { 0.0 } else { f64::NAN };
            return Ok(Some(Coord::xyz(x, y, z)));
        }
        scanner.expect(b',')?;
        let z = scanner.ordinate()?;
        self.saw_height = true;
        if !self.dimension.has_z() {
            return Err(scanner.error("heights call for another pass"));
        }
        while scanner.accept(b',') {
            scanner.ordinate()?;
        }
        scanner.expect(b']')?;
        Ok(Some(Coord::xyz(x, y, z)))
    }

    /// Reads an array.
    fn list<'a>(
        &mut self,
        scanner: &mut Scanner<'a>,
        mut item: impl FnMut(&mut Self, &mut Scanner<'a>) -> Result<(), GeometryError>,
    ) -> Result<(), GeometryError> {
        scanner.expect(b'[')?;
        if scanner.accept(b']') {
            return Ok(());
        }
        loop {
            item(self, scanner)?;
            if !scanner.accept(b',') {
                return scanner.expect(b']');
            }
        }
    }
}

/// Which member of an object comes next.
enum Member {
    Type,
    Coordinates,
    Geometries,
    Other,
}

impl<'a> Members<'a> {
    fn read_key(scanner: &mut Scanner<'a>) -> Result<Member, GeometryError> {
        let key = scanner.string()?;
        scanner.expect(b':')?;
        let is = |name: &str| key.eq_ignore_ascii_case(name.as_bytes());
        Ok(if is("type") {
            Member::Type
        } else if is("coordinates") {
            Member::Coordinates
        } else if is("geometries") {
            Member::Geometries
        } else {
            Member::Other
        })
    }

    /// Passes the value of a member and remembers where it starts.
    fn read_value(
        &mut self,
        member: &Member,
        scanner: &mut Scanner<'a>,
    ) -> Result<(), GeometryError> {
        let value = Some(*scanner);
        match member {
            Member::Type => {
                self.kind = Some(scanner.string()?);
                return Ok(());
            }
            Member::Coordinates => self.coordinates = value,
            Member::Geometries => self.geometries = value,
            Member::Other => {}
        }
        scanner.skip_value()
    }
}

fn kind_of(name: &[u8]) -> Option<Kind> {
    let is_name = |kind: &Kind| name.eq_ignore_ascii_case(kind.geojson_name().as_bytes());
    Kind::ALL.into_iter().filter(|kind| kind.is_basic()).find(is_name)
}

fn invalid(reason: &str) -> GeometryError {
    GeometryError::InvalidGeoJson { reason: reason.to_owned() }
}
