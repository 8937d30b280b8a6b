//! The reference systems that GML names.

use crate::transform::Transform;
use crate::xml::Element;
use crate::{Coord, Crs, GeometryError};

/// A reference system as a geometry names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) srid: i32,
    /// Whether the first ordinate is the latitude or the northing.
    pub(super) is_reversed: bool,
}

/// Returns the reference system of an element, which may be named by one it stands in.
pub(super) fn of_element(element: Element<'_>) -> Result<Option<Reference>, GeometryError> {
    let mut ancestors = element.ancestors();
    ancestors.find_map(|ancestor| ancestor.attribute("srsName")).map(parse).transpose()
}

/// Reads the name of a reference system.
///
/// Names that stand for the definition of the authority have its order of axes as well.
fn parse(name: &str) -> Result<Reference, GeometryError> {
    const PLAIN: [&str; 2] = ["EPSG:", "http://www.opengis.net/gml/srs/epsg.xml#"];
    const DEFINED: [&str; 4] = [
        "urn:ogc:def:crs:EPSG:",
        "urn:x-ogc:def:crs:EPSG:",
        "urn:EPSG:geographicCRS:",
        "http://www.opengis.net/def/crs/EPSG/",
    ];
    let refused = |reason: &str| GeometryError::UnknownCrs {
        crs: name.to_owned(),
        reason: reason.to_owned(),
    };
    let unknown = || refused("not a name of an EPSG code as GML has them");
    let plain = PLAIN.iter().find_map(|prefix| name.strip_prefix(prefix));
    let defined = DEFINED.iter().find_map(|prefix| name.strip_prefix(prefix));
    let code = match (plain, defined) {
        (Some(code), _) => code,
        // A version of the database may stand in front of the code.
        (None, Some(rest)) => rest.rsplit([':', '/']).next().unwrap_or(rest),
        (None, None) => return Err(unknown()),
    };
    let is_number = !code.is_empty() && code.bytes().all(|digit| digit.is_ascii_digit());
    let srid = code.parse().ok().filter(|srid| is_number && *srid > 0).ok_or_else(unknown)?;
    let crs = Crs::from_epsg(srid);
    // Nobody knows the order of its axes.
    if !crs.is_known_by_code() {
        return Err(refused("no such EPSG code is known"));
    }
    let is_reversed = defined.is_some() && crs.is_north_first();
    Ok(Reference { srid, is_reversed })
}

/// Moves positions from one reference system to another.
pub(super) fn reproject(coords: &mut [Coord], from: i32, to: i32) -> Result<(), GeometryError> {
    let transform = Transform::between(&Crs::from_epsg(from), &Crs::from_epsg(to))?;
    for coord in coords {
        [coord.x, coord.y] = transform.convert(coord.x, coord.y)?;
    }
    Ok(())
}
