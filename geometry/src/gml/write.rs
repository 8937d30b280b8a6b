//! Writes geometries as GML.

use std::fmt::Write as _;

use super::invalid;
use crate::number::write_ordinate;
use crate::{Bounds, Coord, Geometry, GeometryError, Kind, Sequence};

/// The versions of GML that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// GML 2.1.2.
    Two,
    /// GML 3.1.1.
    Three,
}

impl Version {
    /// Returns the version of a number.
    pub fn from_number(number: i64) -> Result<Self, GeometryError> {
        match number {
            2 => Ok(Self::Two),
            3 => Ok(Self::Three),
            _ => Err(GeometryError::InvalidArgument {
                reason: format!("GML has the versions 2 and 3, not {number}"),
            }),
        }
    }
}

/// How GML is written.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is one of the options GML has")]
pub struct WriteOptions<'a> {
    /// The most decimals of a number.
    pub max_decimals: usize,
    /// The name of the reference system, if there is one to be named.
    pub srs_name: Option<&'a str>,
    /// What stands in front of the colon of names; nothing for names without.
    pub prefix: &'a str,
    /// The id of the geometry and of its members.
    pub id: Option<&'a str>,
    /// Whether positions say how many numbers they have.
    pub with_dimensions: bool,
    /// Whether lines are written as `LineString` and not as `Curve`.
    pub short_lines: bool,
    /// Whether the latitude comes first.
    pub latitude_first: bool,
    /// Whether only the bounding box is written.
    pub only_bounds: bool,
}

/// Returns the GML of a geometry; nothing when it is empty.
pub fn write(
    geometry: Geometry<'_>,
    version: Version,
    options: &WriteOptions<'_>,
) -> Result<Option<String>, GeometryError> {
    if options.prefix.contains(|character: char| "<>&'\"".contains(character)) {
        return Err(invalid(format!("\"{}\" cannot be a prefix", options.prefix)));
    }
    let prefix =
        if options.prefix.is_empty() { String::new() } else { format!("{}:", options.prefix) };
    let mut writer = Writer { out: String::new(), prefix, version, options };
    if options.only_bounds {
        writer.bounds(geometry);
        return Ok(Some(writer.out));
    }
    if geometry.is_empty() {
        return Ok(None);
    }
    if version == Version::Two && !geometry.is_basic() {
        let name = geometry.kind().wkt_name();
        return Err(GeometryError::Unsupported {
            reason: format!("GML 2 has nothing for a {name}; ST_AsGML(3, geom) writes it"),
        });
    }
    writer.geometry(geometry, true);
    Ok(Some(writer.out))
}

pub(super) struct Writer<'a> {
    pub(super) out: String,
    prefix: String,
    version: Version,
    options: &'a WriteOptions<'a>,
}

impl Writer<'_> {
    pub(super) fn geometry(&mut self, geometry: Geometry<'_>, is_outermost: bool) {
        if geometry.is_empty() {
            self.out.push('<');
            self.out.push_str(&self.prefix);
            self.out.push_str(self.name(geometry.kind()).0);
            self.out.push_str("/>");
            return;
        }
        match geometry.kind() {
            Kind::Point => {
                self.open("Point", is_outermost);
                if let Some(coord) = geometry.point() {
                    let has_z = geometry.dimension().has_z();
                    self.positions("pos", std::iter::once(coord), has_z);
                }
                self.close("Point");
            }
            Kind::LineString => self.line(geometry, is_outermost),
            Kind::Polygon => self.polygon(geometry, "Polygon", is_outermost),
            Kind::Triangle => self.polygon(geometry, "Triangle", is_outermost),
            Kind::CircularString | Kind::CompoundCurve => self.curve(geometry, is_outermost),
            Kind::CurvePolygon => self.curve_polygon(geometry, is_outermost),
            Kind::PolyhedralSurface | Kind::Tin => self.surface(geometry, is_outermost),
            kind => {
                let (name, member) = self.name(kind);
                self.open(name, is_outermost);
                for part in geometry.parts() {
                    // PostGIS puts the members of this kind into no elements of their own.
                    if kind == Kind::MultiSurface {
                        self.geometry(part, false);
                        continue;
                    }
                    self.element(member);
                    self.geometry(part, false);
                    self.close(member);
                }
                self.close(name);
            }
        }
    }

    /// Returns the name of the element of a geometry, and that of the elements around its members.
    fn name(&self, kind: Kind) -> (&'static str, &'static str) {
        match (kind, self.version) {
            (Kind::Point, _) => ("Point", ""),
            (Kind::LineString, _) if self.has_curves() => ("Curve", ""),
            (Kind::CircularString | Kind::CompoundCurve, _) => ("Curve", ""),
            (Kind::LineString, _) => ("LineString", ""),
            (Kind::Polygon | Kind::CurvePolygon, _) => ("Polygon", ""),
            (Kind::Triangle, _) => ("Triangle", ""),
            (Kind::PolyhedralSurface, _) => ("PolyhedralSurface", ""),
            (Kind::Tin, _) => ("Tin", ""),
            (Kind::MultiPoint, _) => ("MultiPoint", "pointMember"),
            (Kind::MultiLineString, Version::Two) => ("MultiLineString", "lineStringMember"),
            (Kind::MultiLineString, Version::Three) | (Kind::MultiCurve, _) => {
                ("MultiCurve", "curveMember")
            }
            (Kind::MultiPolygon, Version::Two) => ("MultiPolygon", "polygonMember"),
            (Kind::MultiPolygon, Version::Three) | (Kind::MultiSurface, _) => {
                ("MultiSurface", "surfaceMember")
            }
            (Kind::GeometryCollection, _) => ("MultiGeometry", "geometryMember"),
        }
    }

    fn has_curves(&self) -> bool {
        self.version == Version::Three && !self.options.short_lines
    }

    fn line(&mut self, geometry: Geometry<'_>, is_outermost: bool) {
        let inner: &[&str] =
            if self.has_curves() { &["segments", "LineStringSegment"] } else { &[] };
        let (name, _) = self.name(Kind::LineString);
        self.open(name, is_outermost);
        for name in inner {
            self.element(name);
        }
        if let Some(line) = geometry.line() {
            self.sequence(line);
        }
        for name in inner.iter().rev() {
            self.close(name);
        }
        self.close(name);
    }

    /// Writes the rings of a geometry inside of an element.
    pub(super) fn polygon(&mut self, geometry: Geometry<'_>, name: &str, is_outermost: bool) {
        let sides = match self.version {
            Version::Two => ["outerBoundaryIs", "innerBoundaryIs"],
            Version::Three => ["exterior", "interior"],
        };
        self.open(name, is_outermost);
        for (index, ring) in geometry.rings().enumerate() {
            let side = sides[index.min(1)];
            self.element(side);
            self.element("LinearRing");
            self.sequence(ring);
            self.close("LinearRing");
            self.close(side);
        }
        self.close(name);
    }

    pub(super) fn sequence(&mut self, sequence: Sequence<'_>) {
        self.positions("posList", sequence.iter(), sequence.dimension().has_z());
    }

    /// Writes positions, in version 3 in an element of the given name.
    fn positions(&mut self, name: &str, coords: impl Iterator<Item = Coord>, has_z: bool) {
        let (name, separator) = match self.version {
            Version::Two => ("coordinates", ','),
            Version::Three => (name, ' '),
        };
        self.out.push('<');
        self.out.push_str(&self.prefix);
        self.out.push_str(name);
        if self.version == Version::Three {
            self.dimension(has_z);
        }
        self.out.push('>');
        for (index, coord) in coords.enumerate() {
            if index > 0 {
                self.out.push(' ');
            }
            self.position(coord, has_z, separator);
        }
        self.close(name);
    }

    fn position(&mut self, coord: Coord, has_z: bool, separator: char) {
        let is_swapped = self.version == Version::Three && self.options.latitude_first;
        let (first, second) = if is_swapped { (coord.y, coord.x) } else { (coord.x, coord.y) };
        self.number(first);
        self.out.push(separator);
        self.number(second);
        if has_z {
            self.out.push(separator);
            self.number(coord.z);
        }
    }

    fn bounds(&mut self, geometry: Geometry<'_>) {
        let name = match self.version {
            Version::Two => "Box",
            Version::Three => "Envelope",
        };
        self.out.push('<');
        self.out.push_str(&self.prefix);
        self.out.push_str(name);
        self.srs_name();
        let Some(bounds) = geometry.bounds() else {
            self.out.push_str("/>");
            return;
        };
        let has_z = geometry.dimension().has_z();
        if self.version == Version::Three {
            self.dimension(has_z);
        }
        self.out.push('>');
        let [low, high] = corners(geometry, &bounds);
        match self.version {
            Version::Two => self.positions("", [low, high].into_iter(), has_z),
            Version::Three => {
                for (name, corner) in [("lowerCorner", low), ("upperCorner", high)] {
                    self.element(name);
                    self.position(corner, has_z, ' ');
                    self.close(name);
                }
            }
        }
        self.close(name);
    }

    /// Opens the element of a geometry; each has the id, as in PostGIS.
    pub(super) fn open(&mut self, name: &str, is_outermost: bool) {
        self.out.push('<');
        self.out.push_str(&self.prefix);
        self.out.push_str(name);
        if is_outermost {
            self.srs_name();
        }
        if let (Some(id), Version::Three) = (self.options.id, self.version) {
            let _ = write!(self.out, " {}id=\"{}\"", self.prefix, escaped(id));
        }
        self.out.push('>');
    }

    /// Opens an element that is no geometry.
    pub(super) fn element(&mut self, name: &str) {
        self.out.push('<');
        self.out.push_str(&self.prefix);
        self.out.push_str(name);
        self.out.push('>');
    }

    pub(super) fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(&self.prefix);
        self.out.push_str(name);
        self.out.push('>');
    }

    fn srs_name(&mut self) {
        if let Some(name) = self.options.srs_name {
            let _ = write!(self.out, " srsName=\"{}\"", escaped(name));
        }
    }

    fn dimension(&mut self, has_z: bool) {
        if self.options.with_dimensions {
            self.out.push_str(if has_z { " srsDimension=\"3\"" } else { " srsDimension=\"2\"" });
        }
    }

    fn number(&mut self, value: f64) {
        write_ordinate(&mut self.out, value, self.options.max_decimals);
    }
}

/// Returns the lower and the upper corner of a geometry in all its ordinates.
fn corners(geometry: Geometry<'_>, bounds: &Bounds) -> [Coord; 2] {
    let (mut zmin, mut zmax) = (f64::INFINITY, f64::NEG_INFINITY);
    geometry.coords(|coord| {
        zmin = zmin.min(coord.z);
        zmax = zmax.max(coord.z);
    });
    [Coord::xyz(bounds.xmin, bounds.ymin, zmin), Coord::xyz(bounds.xmax, bounds.ymax, zmax)]
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
