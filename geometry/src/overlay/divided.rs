//! The union of polygons that cross too often for one overlay: that of each half of them first.
//!
//! Of thousands of areas on top of each other, such as the surroundings of many points, little but
//! an outline remains, and outlines cross rarely.

use i_overlay::core::overlay_rule::OverlayRule;

use super::Rings;
use super::combine::{overlaid, shape_of};
use crate::GeometryError;
use crate::planar::Shape;

/// Returns the union of the polygons of two shapes, computed of parts of them.
pub(super) fn union(shapes: [&Shape; 2]) -> Result<Vec<Rings>, GeometryError> {
    let mut polygons: Vec<Rings> = Vec::new();
    for shape in shapes {
        let rings: Vec<_> = shape.paths.iter().filter(|path| path.is_ring()).collect();
        polygons.extend(rings.chunk_by(|a, b| a.polygon == b.polygon).map(|rings| {
            rings.iter().map(|path| shape.path_coords(path).to_vec()).collect::<Rings>()
        }));
    }
    union_of_halves(&mut polygons, 0)
}

/// Returns the union of the polygons on either side of a line across an axis.
fn union_of_halves(polygons: &mut [Rings], axis: usize) -> Result<Vec<Rings>, GeometryError> {
    let middle = polygons.len() / 2;
    if middle == 0 {
        return Err(GeometryError::TooComplex);
    }
    let place = |rings: &Rings| {
        let first = rings.first().and_then(|ring| ring.first());
        first.and_then(|at| at.get(axis)).copied().unwrap_or_default()
    };
    polygons.select_nth_unstable_by(middle, |a, b| place(a).total_cmp(&place(b)));
    let (low, high) = polygons.split_at_mut(middle);
    let mut halves = union_of(low, 1 - axis)?;
    halves.extend(union_of(high, 1 - axis)?);
    overlaid(OverlayRule::Union, [&shape_of(&halves), &Shape::default()])
}

fn union_of(polygons: &mut [Rings], axis: usize) -> Result<Vec<Rings>, GeometryError> {
    match overlaid(OverlayRule::Union, [&shape_of(polygons), &Shape::default()]) {
        Err(GeometryError::TooComplex) => union_of_halves(polygons, axis),
        union => union,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planar::signed_area;

    #[test]
    fn a_union_of_parts_is_that_of_the_whole() {
        let frame = |x: f64, y: f64| -> Rings {
            let square = |low: f64, high: f64| {
                vec![
                    [x + low, y + low],
                    [x + low, y + high],
                    [x + high, y + high],
                    [x + high, y + low],
                    [x + low, y + low],
                ]
            };
            vec![square(0.0, 3.0), square(1.25, 1.75).into_iter().rev().collect()]
        };
        let frames: Vec<Rings> = (0..64)
            .map(|number| number * 37 % 64)
            .map(|place| frame(f64::from(place % 8 * 2), f64::from(place / 8 * 2)))
            .collect();
        let shape = shape_of(&frames);
        let whole = overlaid(OverlayRule::Union, [&shape, &Shape::default()]).unwrap();
        let parts = union([&shape, &Shape::default()]).unwrap();
        let areas = |polygons: &[Rings]| -> Vec<f64> {
            polygons.iter().flatten().map(|ring| signed_area(ring)).collect()
        };
        assert_eq!(whole.len(), 1);
        assert_eq!(areas(&whole).len(), 65);
        assert_eq!(areas(&parts).len(), 65);
        assert_eq!(areas(&parts).iter().sum::<f64>(), areas(&whole).iter().sum::<f64>());
    }
}
