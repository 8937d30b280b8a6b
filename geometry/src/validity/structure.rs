//! Repair that keeps what rings are: shells make areas, holes take them away.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;

use crate::noding::positions;
use crate::overlay::{AreaOverlay, Elevation, Parts, Rings, union, write_parts, write_polygons};
use crate::planar::Xy;
use crate::{Geometry, GeometryError, Kind, Sequence, relate, write};

use super::check::is_valid;
use super::repair::areas_between;

/// Returns a valid geometry made of the areas that the rings of each polygon wind around.
///
/// Parts that collapse to a lower dimension vanish unless `keep_collapsed`.
pub(super) fn repair(
    geometry: Geometry<'_>,
    keep_collapsed: bool,
) -> Result<Vec<u8>, GeometryError> {
    let dimension = geometry.dimension();
    match geometry.kind() {
        Kind::Point => {
            let point = geometry.point().filter(|at| at.x.is_finite() && at.y.is_finite());
            Ok(point.map_or_else(
                || write::empty(Kind::Point, dimension),
                |at| write::point(at, dimension),
            ))
        }
        Kind::LineString => Ok(line(geometry, keep_collapsed)),
        Kind::Polygon => polygon(geometry, keep_collapsed),
        Kind::MultiPolygon => {
            let mut united = write::empty(Kind::MultiPolygon, dimension);
            for part in geometry.parts() {
                let part = polygon(part, keep_collapsed)?;
                united = union(Geometry::try_new(&united)?, Geometry::try_new(&part)?)?;
            }
            settled(united)
        }
        _ => {
            let mut parts = Vec::new();
            for part in geometry.parts() {
                let part = repair(part, keep_collapsed)?;
                if !Geometry::try_new(&part)?.is_empty() {
                    parts.push(part);
                }
            }
            let mut kind = geometry.kind();
            for part in &parts {
                if kind.member() != Some(Geometry::try_new(part)?.kind()) {
                    kind = Kind::GeometryCollection;
                }
            }
            Ok(write::collection(kind, dimension, &parts))
        }
    }
}

fn line(geometry: Geometry<'_>, keep_collapsed: bool) -> Vec<u8> {
    let dimension = geometry.dimension();
    let coords = geometry.line().into_iter().flatten();
    let coords: Vec<_> = coords.filter(|at| at.x.is_finite() && at.y.is_finite()).collect();
    let first = coords.first().copied();
    let has_extent = coords.iter().any(|at| first.is_some_and(|f| (f.x, f.y) != (at.x, at.y)));
    match first {
        Some(first) if !has_extent && keep_collapsed => write::point(first, dimension),
        Some(_) if has_extent => write::line_string(coords, dimension),
        _ => write::empty(Kind::LineString, dimension),
    }
}

fn polygon(geometry: Geometry<'_>, keep_collapsed: bool) -> Result<Vec<u8>, GeometryError> {
    let rings: Vec<Vec<Xy>> = geometry.rings().map(finite_positions).collect();
    let [shell, holes @ ..] = rings.as_slice() else {
        return Ok(write::empty(Kind::Polygon, geometry.dimension()));
    };
    let area = wound(shell)?;
    if area.is_empty() {
        if keep_collapsed && let Some(ring) = geometry.rings().next() {
            let collapsed = write::line_string(ring, geometry.dimension());
            return Ok(line(Geometry::try_new(&collapsed)?, true));
        }
        return Ok(write::empty(Kind::Polygon, geometry.dimension()));
    }
    let elevation = Elevation::new(&[geometry]);
    // A hole that lies outside of the shell is an area of its own.
    let shell = write_polygons(&area);
    let shell = Geometry::try_new(&shell)?;
    let (mut within, mut apart) = (Vec::new(), Vec::new());
    for hole in holes {
        let hole = wound(hole)?;
        let wkb = write_polygons(&hole);
        if relate::intersects(shell, Geometry::try_new(&wkb)?)? {
            within.extend(hole);
        } else {
            apart.extend(hole);
        }
    }
    let mut polygons = area;
    if !within.is_empty() {
        polygons = combined(&polygons, &within, OverlayRule::Difference)?;
    }
    if !apart.is_empty() {
        polygons = combined(&polygons, &apart, OverlayRule::Union)?;
    }
    let parts = Parts { polygons, ..Parts::default() };
    settled(write_parts(&parts, 2, &elevation))
}

/// Returns areas with each hole in its own shell: of dozens of crossings in one place the overlay
/// can make rings that are right together and sorted wrongly.
fn settled(areas: Vec<u8>) -> Result<Vec<u8>, GeometryError> {
    let geometry = Geometry::try_new(&areas)?;
    if is_valid(geometry) { Ok(areas) } else { areas_between(geometry) }
}

fn finite_positions(ring: Sequence<'_>) -> Vec<Xy> {
    let all = ring.iter().map(|at| [at.x, at.y]);
    positions(all.filter(|at| at.iter().all(|value| value.is_finite())))
}

/// Returns the areas that a ring winds around at least once.
fn wound(ring: &[Xy]) -> Result<Vec<Rings>, GeometryError> {
    if ring.len() < 4 {
        return Ok(Vec::new());
    }
    let mut overlay = AreaOverlay::of(std::iter::once(ring));
    overlay.add_subject(ring);
    overlay.run(OverlayRule::Subject, FillRule::NonZero)
}

fn combined(
    subject: &[Rings],
    clip: &[Rings],
    rule: OverlayRule,
) -> Result<Vec<Rings>, GeometryError> {
    let rings = subject.iter().chain(clip).flatten().map(Vec::as_slice);
    let mut overlay = AreaOverlay::of(rings);
    for ring in subject.iter().flatten() {
        overlay.add_subject(ring);
    }
    for ring in clip.iter().flatten() {
        overlay.add_clip(ring);
    }
    overlay.run(rule, FillRule::NonZero)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{measure, wkt};

    #[test]
    fn holes_find_their_shells() {
        let misplaced = "MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0),(6 1,7 1,7 2,6 2,6 1)),\
                         ((5 0,9 0,9 4,5 4,5 0)))";
        let (misplaced, _) = wkt::parse(misplaced).unwrap();
        let areas = settled(misplaced).unwrap();
        let areas = Geometry::try_new(&areas).unwrap();
        assert!(is_valid(areas));
        assert_eq!(measure::area(areas), 31.0);
    }
}
