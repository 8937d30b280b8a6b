//! Reads KML geometries.

use super::invalid;
use crate::number::read_prefix;
use crate::wkb::MAX_DEPTH;
use crate::xml::{self, Element, Shape, is_closed};
use crate::{Coord, GeometryError, Kind};

/// How the namespaces of KML start: there is one for each version, and one from before.
const KML: [&str; 2] = ["http://www.opengis.net/kml/", "http://earth.google.com/kml/"];

/// Reads a KML geometry in longitude and latitude: canonical WKB.
///
/// Open rings are closed. Heights are dropped unless all positions have them.
pub fn parse(text: &str) -> Result<Vec<u8>, GeometryError> {
    let document = xml::parse(text).map_err(invalid)?;
    let root = document.root().ok_or_else(|| invalid("there is no element"))?;
    if !is_kml(root) {
        return Err(invalid(format!("<{}> is not of a KML namespace", root.name())));
    }
    Ok(geometry(root)?.to_wkb())
}

fn geometry(element: Element<'_>) -> Result<Shape, GeometryError> {
    match element.name() {
        "Point" => match coordinates(element)?.as_slice() {
            [coord] => Ok(Shape::Point(Some(*coord))),
            _ => Err(invalid("a Point must have one position")),
        },
        "LineString" => {
            let coords = coordinates(element)?;
            if coords.len() < 2 {
                return Err(invalid("a LineString must have two positions"));
            }
            Ok(Shape::Line(coords))
        }
        "LinearRing" => Ok(Shape::Line(ring(element)?)),
        "Polygon" => polygon(element),
        "MultiGeometry" => {
            let mut parts = Vec::new();
            members(element, 0, &mut parts)?;
            Ok(simplest(parts))
        }
        other => Err(invalid(format!("<{other}> is not a geometry"))),
    }
}

/// Returns members in the simplest form: the only one, a multi geometry of members of one kind, or
/// a collection with one of each kind.
fn simplest(mut parts: Vec<Shape>) -> Shape {
    let mut forms = Vec::new();
    for kind in [Kind::Point, Kind::LineString, Kind::Polygon] {
        let (mut found, others): (Vec<_>, Vec<_>) =
            parts.into_iter().partition(|part| part.kind() == kind);
        parts = others;
        if found.len() > 1 {
            forms.push(Shape::Collection(kind.multi(), found));
        } else {
            forms.append(&mut found);
        }
    }
    if forms.len() == 1 {
        return forms.swap_remove(0);
    }
    Shape::Collection(Kind::GeometryCollection, forms)
}

/// Reads the members of a collection; those of collections inside of it are its own.
fn members(
    element: Element<'_>,
    depth: usize,
    parts: &mut Vec<Shape>,
) -> Result<(), GeometryError> {
    if depth > MAX_DEPTH {
        return Err(invalid(format!("geometries are nested deeper than {MAX_DEPTH}")));
    }
    for child in children(element) {
        match child.name() {
            "MultiGeometry" => members(child, depth + 1, parts)?,
            "Point" | "LineString" | "Polygon" if !child.is_bare() => {
                parts.push(geometry(child)?);
            }
            _ => {}
        }
    }
    Ok(())
}

fn polygon(element: Element<'_>) -> Result<Shape, GeometryError> {
    if element.is_bare() {
        return Ok(Shape::Polygon(Vec::new()));
    }
    let mut exterior = None;
    for found in rings(element, "outerBoundaryIs") {
        exterior = Some(ring(found)?);
    }
    let mut all = vec![exterior.ok_or_else(|| invalid("a Polygon must have an outer boundary"))?];
    for found in rings(element, "innerBoundaryIs") {
        all.push(ring(found)?);
    }
    Ok(Shape::Polygon(all))
}

fn rings<'a>(element: Element<'a>, side: &str) -> impl Iterator<Item = Element<'a>> {
    let sides = children(element).filter(move |child| child.name() == side);
    sides.flat_map(children).filter(|child| child.name() == "LinearRing")
}

fn ring(element: Element<'_>) -> Result<Vec<Coord>, GeometryError> {
    let mut ring = coordinates(element)?;
    if ring.len() < 4 {
        return Err(invalid("a LinearRing must have four positions"));
    }
    let with_heights = ring.iter().all(|coord| !coord.z.is_nan());
    if !is_closed(&ring, with_heights) {
        ring.extend(ring.first().copied());
    }
    Ok(ring)
}

/// Reads positions: numbers with commas between, and white space between positions.
fn coordinates(element: Element<'_>) -> Result<Vec<Coord>, GeometryError> {
    let found = children(element).find(|child| child.name() == "coordinates");
    let text = found.ok_or_else(|| invalid("there are no coordinates"))?.text();
    let mut coords: Vec<Coord> = Vec::new();
    let mut rest = text.trim_ascii();
    while !rest.is_empty() {
        let mut numbers = Vec::with_capacity(3);
        loop {
            let (value, length) = read_prefix(rest.as_bytes())
                .ok_or_else(|| invalid("a coordinate is not a number"))?;
            numbers.push(value);
            let (_, tail) = rest.split_at_checked(length).unwrap_or((rest, ""));
            let next = tail.trim_ascii_start();
            if let Some(after_comma) = next.strip_prefix(',') {
                rest = after_comma.trim_ascii_start();
                continue;
            }
            if next.len() == tail.len() && !next.is_empty() {
                return Err(invalid("a coordinate is not a number"));
            }
            rest = next;
            break;
        }
        let coord = match *numbers.as_slice() {
            [x, y] => Coord::xy(x, y),
            [x, y, z] => Coord::xyz(x, y, z),
            _ => return Err(invalid(format!("a position has {} numbers", numbers.len()))),
        };
        if coords.last().is_some_and(|last| last.z.is_nan() != coord.z.is_nan()) {
            return Err(invalid("some positions have a height and some do not"));
        }
        coords.push(coord);
    }
    Ok(coords)
}

/// Returns whether an element is KML; in fragments, prefixes need no declaration.
fn is_kml(element: Element<'_>) -> bool {
    let known = |namespace: &str| KML.iter().any(|start| namespace.starts_with(start));
    !element.has_prefix() || element.namespace().is_none_or(known)
}

fn children(element: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    element.children().filter(|child| is_kml(*child))
}
