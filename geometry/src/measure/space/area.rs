//! Areas in space, and the volumes that surfaces enclose.

use std::collections::HashMap;

use super::vector::{Xyz, cross, dot, subtract};
use crate::measure::sum_of;
use crate::{Geometry, Kind, Sequence};

/// Returns the area of all polygons in space, each of which counts as flat.
pub fn area_3d(geometry: Geometry<'_>) -> f64 {
    sum_of(geometry, Kind::Polygon, |polygon| {
        let mut rings = polygon.rings().map(|ring| {
            let across = twice_area(&positions(ring));
            dot(across, across).sqrt() / 2.0
        });
        let shell = rings.next().unwrap_or(0.0);
        rings.fold(shell, |area, hole| area - hole)
    })
}

/// Returns the volume of all surfaces in space that enclose one; of what is open, nothing.
pub fn volume(geometry: Geometry<'_>) -> f64 {
    match geometry.kind() {
        Kind::PolyhedralSurface | Kind::Tin => enclosed(geometry),
        Kind::GeometryCollection => geometry.parts().map(volume).sum(),
        _ => 0.0,
    }
}

/// Returns the volume inside of a surface: the sum of the pyramids over its faces, as seen from
/// one position, if each edge is run along as often in one direction as in the other.
fn enclosed(surface: Geometry<'_>) -> f64 {
    let mut balance: HashMap<[[u64; 3]; 2], i64> = HashMap::new();
    let mut origin: Option<Xyz> = None;
    let mut six_volumes = 0.0;
    for ring in surface.parts().flat_map(Geometry::rings) {
        let ring = positions(ring);
        let Some(&corner) = ring.first() else { continue };
        let origin = *origin.get_or_insert(corner);
        six_volumes += dot(twice_area(&ring), subtract(corner, origin));
        for (from, to) in ring.iter().zip(ring.iter().skip(1)) {
            let [from, to] = [from, to].map(|at| at.map(|value| (value + 0.0).to_bits()));
            let (edge, step) = if from <= to { ([from, to], 1) } else { ([to, from], -1) };
            *balance.entry(edge).or_default() += step;
        }
    }
    let is_closed = balance.iter().all(|([from, to], count)| from == to || *count == 0);
    if is_closed { six_volumes.abs() / 6.0 } else { 0.0 }
}

/// Returns the direction upright on a ring, twice as long as its area.
fn twice_area(ring: &[Xyz]) -> Xyz {
    let Some(&origin) = ring.first() else { return [0.0; 3] };
    let mut sum = [0.0; 3];
    for (from, to) in ring.iter().zip(ring.iter().skip(1)) {
        let across = cross(subtract(*from, origin), subtract(*to, origin));
        sum = [sum[0] + across[0], sum[1] + across[1], sum[2] + across[2]];
    }
    sum
}

/// Returns the positions of a ring; without heights it lies at height 0.
fn positions(ring: Sequence<'_>) -> Vec<Xyz> {
    let has_z = ring.dimension().has_z();
    ring.iter().map(|at| [at.x, at.y, if has_z { at.z } else { 0.0 }]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn measured(measure: fn(Geometry<'_>) -> f64, text: &str) -> f64 {
        let (wkb, _) = wkt::parse(text).unwrap();
        measure(Geometry::try_any(&wkb).unwrap())
    }

    #[test]
    fn slopes_are_larger_than_what_lies_below() {
        for (text, area) in [
            ("POLYGON Z ((0 0 0,3 0 4,3 5 4,0 5 0,0 0 0))", 25.0),
            ("POLYGON((0 0,3 0,3 5,0 5,0 0),(1 1,1 2,2 2,2 1,1 1))", 14.0),
            ("POLYGON Z ((0 0 0,0 0 2,0 2 2,0 2 0,0 0 0))", 4.0),
            ("POINT Z (1 2 3)", 0.0),
        ] {
            assert!((measured(area_3d, text) - area).abs() < 1e-12, "{text}");
        }
    }

    #[test]
    fn only_closed_surfaces_enclose_a_volume() {
        let sides = "((0 0 5,1 0 5,0 1 5,0 0 5)),((0 0 5,0 0 6,1 0 5,0 0 5)),\
                     ((0 0 5,0 1 5,0 0 6,0 0 5))";
        let closed = format!("TIN Z ({sides},((0 1 5,1 0 5,0 0 6,0 1 5)))");
        assert!((measured(volume, &closed) - 1.0 / 6.0).abs() < 1e-12);
        assert_eq!(measured(volume, &format!("TIN Z ({sides})")), 0.0);
        assert_eq!(measured(volume, "POLYGON((0 0,1 0,1 1,0 0))"), 0.0);
    }
}
