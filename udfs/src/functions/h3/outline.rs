//! The outline of many cells.

use geo::{Coord, LineString, MultiPolygon, Polygon};
use godwit_geometry::{
    Coord as Position, Dimension, Geometry, GeometryError, Kind, from_geo, map_coords, overlay,
    write,
};
use h3o::CellIndex;
use h3o::geom::SolventBuilder;

/// Returns the outline of cells as a multipolygon in longitude and latitude, cut at the
/// antimeridian.
pub(super) fn outline(mut cells: Vec<CellIndex>) -> Result<Option<Vec<u8>>, GeometryError> {
    cells.sort_unstable();
    cells.dedup();
    let Some(finest) = cells.iter().map(|cell| cell.resolution()).max() else {
        return Ok(Some(write::empty(Kind::MultiPolygon, Dimension::Xy)));
    };
    let mut solvent = SolventBuilder::new();
    if cells.iter().any(|cell| cell.resolution() != finest) {
        solvent = solvent.enable_heterogeneous_support(finest);
    }
    let Ok(dissolved) = solvent.build().dissolve(cells) else {
        return Ok(None);
    };
    if !dissolved.iter().any(crosses_antimeridian) {
        return Ok(Some(from_geo(&geo::Geometry::MultiPolygon(dissolved))));
    }
    let mut parts = Vec::new();
    for polygon in dissolved {
        if crosses_antimeridian(&polygon) {
            parts.extend(cut(&polygon)?);
        } else {
            parts.push(from_geo(&geo::Geometry::Polygon(polygon)));
        }
    }
    Ok(Some(write::collection(Kind::MultiPolygon, Dimension::Xy, &parts)))
}

/// Returns whether an edge is shorter over the antimeridian.
pub(super) fn crosses_antimeridian(polygon: &Polygon) -> bool {
    let mut edges =
        polygon.exterior().lines().chain(polygon.interiors().iter().flat_map(LineString::lines));
    edges.any(|edge| edge.dx().abs() > 180.0)
}

/// Returns the parts of a polygon on both sides of the antimeridian.
pub(super) fn cut(polygon: &Polygon) -> Result<Vec<Vec<u8>>, GeometryError> {
    let mut parts = Vec::new();
    let exterior = unrolled(polygon.exterior(), true);
    let middle = centre(&exterior);
    let mut area = from_geo(&geo::Geometry::Polygon(Polygon::new(exterior, Vec::new())));
    for hole in polygon.interiors() {
        let hole = unrolled(hole, false);
        let turns = ((middle - centre(&hole)) / 360.0).round();
        let hole = moved(&Polygon::new(hole, Vec::new()), 360.0 * turns);
        area = overlay::difference(Geometry::try_new(&area)?, Geometry::try_new(&hole)?)?;
    }
    for turn in [-360.0, 0.0, 360.0] {
        let world =
            geo::Rect::new(Coord { x: turn - 180.0, y: -90.0 }, Coord { x: turn + 180.0, y: 90.0 });
        let world = from_geo(&geo::Geometry::Polygon(world.to_polygon()));
        let part = overlay::intersection(Geometry::try_new(&area)?, Geometry::try_new(&world)?)?;
        let part = map_coords(Geometry::try_new(&part)?, |at| Position { x: at.x - turn, ..at });
        let part = Geometry::try_new(&part)?;
        match part.kind() {
            Kind::Polygon if !part.is_empty() => parts.push(part.bytes().to_vec()),
            Kind::MultiPolygon => {
                parts.extend(part.parts().map(|member| member.bytes().to_vec()));
            }
            _ => {}
        }
    }
    Ok(parts)
}

/// Returns a ring whose longitudes run on over the antimeridian instead of jumping; one that goes
/// around a pole is closed over it.
fn unrolled(ring: &LineString, is_exterior: bool) -> LineString {
    let mut turn = 0.0;
    let mut coords: Vec<Coord> = Vec::with_capacity(ring.0.len() + 3);
    for pair in ring.0.windows(2) {
        let [from, to] = pair else { continue };
        if coords.is_empty() {
            coords.push(*from);
        }
        turn -= 360.0 * ((to.x - from.x) / 360.0).round();
        coords.push(Coord { x: to.x + turn, y: to.y });
    }
    if let (Some(first), Some(last), true) = (coords.first(), coords.last(), turn != 0.0) {
        // The inside is on the left of an exterior ring and on the right of a hole.
        let pole = if (turn > 0.0) == is_exterior { 90.0 } else { -90.0 };
        let (first, last) = (*first, *last);
        coords.extend([Coord { x: last.x, y: pole }, Coord { x: first.x, y: pole }, first]);
    }
    LineString(coords)
}

fn centre(ring: &LineString) -> f64 {
    let least = ring.0.iter().map(|at| at.x).fold(f64::INFINITY, f64::min);
    let most = ring.0.iter().map(|at| at.x).fold(f64::NEG_INFINITY, f64::max);
    f64::midpoint(least, most)
}

fn moved(polygon: &Polygon, by: f64) -> Vec<u8> {
    let ring = polygon.exterior().0.iter().map(|at| Coord { x: at.x + by, y: at.y }).collect();
    let polygons = MultiPolygon(vec![Polygon::new(LineString(ring), Vec::new())]);
    from_geo(&geo::Geometry::MultiPolygon(polygons))
}
