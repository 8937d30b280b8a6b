//! Reads GML geometries.

use super::reference::{self, Reference};
use super::{coordinates, invalid};
use crate::wkb::MAX_DEPTH;
use crate::xml::{self, Element, Shape, is_closed};
use crate::{Coord, GeometryError, Kind};

const GML: [&str; 2] = ["http://www.opengis.net/gml", "http://www.opengis.net/gml/3.2"];
const XLINK: &str = "http://www.w3.org/1999/xlink";

/// How many references from one geometry to another are followed.
const MAX_LINKS: usize = 1_000;

/// Reads a GML geometry: canonical WKB, and its SRID if it names one.
///
/// Members in other reference systems are brought to that of the whole. Heights are dropped
/// unless all positions have them.
pub fn parse(text: &str) -> Result<(Vec<u8>, Option<i32>), GeometryError> {
    let document = xml::parse(text).map_err(invalid)?;
    let root = document.root().ok_or_else(|| invalid("there is no element"))?;
    if !is_gml(root) {
        return Err(invalid(format!("<{}> is not of a GML namespace", root.name())));
    }
    let mut reader = Reader { srid: None, has_z: true, depth: 0, links: 0 };
    let shape = reader.geometry(root)?;
    Ok((shape.to_wkb(), reader.srid))
}

struct Reader {
    /// The reference system of the whole, once it is known.
    srid: Option<i32>,
    /// Whether all positions so far have heights.
    has_z: bool,
    depth: usize,
    links: usize,
}

impl Reader {
    fn geometry(&mut self, element: Element<'_>) -> Result<Shape, GeometryError> {
        if self.depth > MAX_DEPTH {
            return Err(invalid(format!("geometries are nested deeper than {MAX_DEPTH}")));
        }
        self.depth += 1;
        let element = self.follow(element)?;
        let shape = match element.name() {
            "Point" => self.point(element),
            "LineString" => self.line(element),
            "Curve" => self.curve(element),
            "LinearRing" => self.linear_ring(element),
            "Polygon" if element.is_bare() => Ok(Shape::Polygon(Vec::new())),
            "Polygon" | "PolygonPatch" => self.polygon(element),
            "Triangle" => self.triangle(element),
            "Surface" => self.surface(element),
            "MultiPoint" => self.multi(element, Kind::MultiPoint, &["pointMember", "pointMembers"]),
            "MultiLineString" => self.multi(element, Kind::MultiLineString, &["lineStringMember"]),
            "MultiCurve" => {
                self.multi(element, Kind::MultiLineString, &["curveMember", "curveMembers"])
            }
            "MultiPolygon" => self.multi(element, Kind::MultiPolygon, &["polygonMember"]),
            "MultiSurface" => {
                self.multi(element, Kind::MultiPolygon, &["surfaceMember", "surfaceMembers"])
            }
            "PolyhedralSurface" => {
                self.multi(element, Kind::PolyhedralSurface, &["polygonPatches", "patches"])
            }
            "Tin" | "TriangulatedSurface" => {
                self.multi(element, Kind::Tin, &["patches", "trianglePatches"])
            }
            "MultiGeometry" => self.multi(
                element,
                Kind::GeometryCollection,
                &["geometryMember", "geometryMembers"],
            ),
            other => Err(invalid(format!("<{other}> is not a geometry"))),
        }?;
        self.depth -= 1;
        Ok(shape)
    }

    fn point(&mut self, element: Element<'_>) -> Result<Shape, GeometryError> {
        if element.is_bare() {
            return Ok(Shape::Point(None));
        }
        match self.placed(element)?.as_slice() {
            [coord] => Ok(Shape::Point(Some(*coord))),
            _ => Err(invalid("a Point must have one position")),
        }
    }

    fn line(&mut self, element: Element<'_>) -> Result<Shape, GeometryError> {
        if element.is_bare() {
            return Ok(Shape::Line(Vec::new()));
        }
        let coords = self.placed(element)?;
        if coords.len() < 2 {
            return Err(invalid("a LineString must have two positions"));
        }
        Ok(Shape::Line(coords))
    }

    /// Reads the straight segments of a curve, each of which starts where the last one ends.
    fn curve(&mut self, element: Element<'_>) -> Result<Shape, GeometryError> {
        let segments = named(element, "segments")
            .next()
            .ok_or_else(|| invalid("a Curve must have segments"))?;
        let mut coords: Vec<Coord> = Vec::new();
        for segment in named(segments, "LineStringSegment") {
            check_interpolation(segment, "linear")?;
            let positions = self.positions(segment)?;
            let [first, rest @ ..] = positions.as_slice() else {
                return Err(invalid("a segment must have two positions"));
            };
            if rest.is_empty() {
                return Err(invalid("a segment must have two positions"));
            }
            match coords.last() {
                None => coords.push(*first),
                Some(last) if is_closed(&[*last, *first], self.has_z) => {}
                Some(_) => return Err(invalid("a segment does not start where the last one ends")),
            }
            coords.extend(rest);
        }
        if coords.is_empty() {
            return Err(invalid("a Curve must have a LineStringSegment"));
        }
        self.place(element, &mut coords)?;
        Ok(Shape::Line(coords))
    }

    fn linear_ring(&mut self, element: Element<'_>) -> Result<Shape, GeometryError> {
        let mut ring = self.ring(element)?;
        self.place(element, &mut ring)?;
        Ok(Shape::Polygon(vec![ring]))
    }

    fn polygon(&mut self, element: Element<'_>) -> Result<Shape, GeometryError> {
        if element.name() == "PolygonPatch" {
            check_interpolation(element, "planar")?;
        }
        let mut exterior = None;
        for name in ["outerBoundaryIs", "exterior"] {
            for ring in named(element, name).flat_map(|side| named(side, "LinearRing")) {
                exterior = Some(self.ring(ring)?);
            }
        }
        let mut rings = vec![exterior.ok_or_else(|| invalid("a polygon must have an exterior"))?];
        for name in ["innerBoundaryIs", "interior"] {
            for ring in named(element, name).flat_map(|side| named(side, "LinearRing")) {
                rings.push(self.ring(ring)?);
            }
        }
        for ring in &mut rings {
            self.place(element, ring)?;
        }
        Ok(Shape::Polygon(rings))
    }

    fn triangle(&mut self, element: Element<'_>) -> Result<Shape, GeometryError> {
        check_interpolation(element, "planar")?;
        if element.is_bare() {
            return Ok(Shape::Triangle(Vec::new()));
        }
        match self.polygon(element)? {
            Shape::Polygon(rings)
                if rings.len() == 1 && rings.iter().all(|ring| ring.len() == 4) =>
            {
                Ok(Shape::Triangle(rings))
            }
            _ => Err(invalid("a Triangle must have one ring of three positions")),
        }
    }

    fn surface(&mut self, element: Element<'_>) -> Result<Shape, GeometryError> {
        let mut patches = named(element, "patches").flat_map(|list| named(list, "PolygonPatch"));
        match (patches.next(), patches.next()) {
            (Some(patch), None) => self.geometry(patch),
            _ => Err(invalid("a Surface must have one PolygonPatch")),
        }
    }

    /// Reads the members of a collection, which stand inside of properties.
    fn multi(
        &mut self,
        element: Element<'_>,
        kind: Kind,
        properties: &[&str],
    ) -> Result<Shape, GeometryError> {
        if self.srid.is_none() {
            self.srid = reference::of_element(element)?.map(|found| found.srid);
        }
        let mut parts = Vec::new();
        let is_property = |child: &Element<'_>| properties.contains(&child.name());
        for property in children(element).filter(is_property) {
            if property.is_bare() {
                continue;
            }
            let mut members = children(property).peekable();
            if members.peek().is_none() {
                return Err(invalid(format!("<{}> has no geometry", property.name())));
            }
            for member in members {
                let part = self.geometry(member)?;
                if kind.member().is_some_and(|expected| expected != part.kind()) {
                    return Err(invalid(format!(
                        "a {} cannot contain a {}",
                        element.name(),
                        member.name()
                    )));
                }
                parts.push(part);
            }
        }
        Ok(Shape::Collection(kind, parts))
    }

    fn ring(&mut self, element: Element<'_>) -> Result<Vec<Coord>, GeometryError> {
        let ring = self.positions(element)?;
        if ring.len() < 4 || !is_closed(&ring, self.has_z) {
            return Err(invalid("a LinearRing must be closed and have four positions"));
        }
        Ok(ring)
    }

    /// Reads the positions of an element and brings them to the reference system of the whole.
    fn placed(&mut self, element: Element<'_>) -> Result<Vec<Coord>, GeometryError> {
        let mut coords = self.positions(element)?;
        self.place(element, &mut coords)?;
        Ok(coords)
    }

    /// Reads the positions inside of an element, in any of the ways there are to write them.
    fn positions(&mut self, element: Element<'_>) -> Result<Vec<Coord>, GeometryError> {
        let mut coords = Vec::new();
        let mut is_found = false;
        for child in children(element) {
            match child.name() {
                "pos" => coords.push(coordinates::pos(child)?),
                "posList" => coords.extend(coordinates::pos_list(child)?),
                "coordinates" => coords.extend(coordinates::tuples(child)?),
                "coord" => coords.push(coordinates::coord(children(child))?),
                "pointRep" | "pointProperty" => {
                    let point = named(child, "Point").next();
                    let point = self.follow(point.ok_or_else(|| invalid("a Point is missing"))?)?;
                    match self.pointed(point)?.as_slice() {
                        [coord] => coords.push(*coord),
                        _ => return Err(invalid("a Point of a line must have one position")),
                    }
                }
                _ => continue,
            }
            is_found = true;
        }
        if !is_found {
            return Err(invalid(format!("<{}> has no coordinates", element.name())));
        }
        self.has_z &= coords.iter().all(|coord| !coord.z.is_nan());
        Ok(coords)
    }

    /// Reads the positions of a point that stands in for a position.
    fn pointed(&mut self, element: Element<'_>) -> Result<Vec<Coord>, GeometryError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(invalid(format!("geometries are nested deeper than {MAX_DEPTH}")));
        }
        let coords = self.positions(element)?;
        self.depth -= 1;
        Ok(coords)
    }

    /// Brings the positions of an element to the reference system of the whole.
    fn place(&mut self, element: Element<'_>, coords: &mut [Coord]) -> Result<(), GeometryError> {
        let Some(Reference { srid, is_reversed }) = reference::of_element(element)? else {
            return Ok(());
        };
        if is_reversed {
            for coord in coords.iter_mut() {
                (coord.x, coord.y) = (coord.y, coord.x);
            }
        }
        match self.srid {
            None => self.srid = Some(srid),
            Some(whole) if whole != srid => reference::reproject(coords, srid, whole)?,
            Some(_) => {}
        }
        Ok(())
    }

    /// Returns the element that an element refers to, or the element itself.
    fn follow<'a>(&mut self, element: Element<'a>) -> Result<Element<'a>, GeometryError> {
        if element.attribute_of(XLINK, "type") != Some("simple") {
            return Ok(element);
        }
        let reference = element.attribute_of(XLINK, "href").and_then(|href| href.strip_prefix('#'));
        let Some(id) = reference.filter(|id| !id.is_empty()) else {
            return Err(invalid("a reference must start with # and an id"));
        };
        self.links += 1;
        if self.links > MAX_LINKS {
            return Err(invalid(format!("there are more than {MAX_LINKS} references")));
        }
        let has_id = |found: &Element<'_>| found.attribute("id") == Some(id);
        if element.ancestors().any(|ancestor| has_id(&ancestor)) {
            return Err(invalid(format!("\"#{id}\" refers to what it stands in")));
        }
        let elements = element.document().elements();
        let mut found = elements.filter(|found| found.name() == element.name() && has_id(found));
        match (found.next(), found.next()) {
            (Some(target), None) => Ok(target),
            _ => Err(invalid(format!("\"#{id}\" does not refer to one <{}>", element.name()))),
        }
    }
}

/// Returns whether an element is GML; in fragments, prefixes need no declaration.
fn is_gml(element: Element<'_>) -> bool {
    !element.has_prefix() || element.namespace().is_none_or(|namespace| GML.contains(&namespace))
}

fn children(element: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    element.children().filter(|child| is_gml(*child))
}

fn named<'a>(element: Element<'a>, name: &str) -> impl Iterator<Item = Element<'a>> {
    children(element).filter(move |child| child.name() == name)
}

fn check_interpolation(element: Element<'_>, expected: &str) -> Result<(), GeometryError> {
    match element.attribute("interpolation") {
        Some(found) if found != expected => {
            Err(invalid(format!("the interpolation \"{found}\" is not \"{expected}\"")))
        }
        _ => Ok(()),
    }
}
