//! Boxes as geometries: there is no type of its own for them.

use crate::{Coord, Dimension, Geometry, Kind, WkbWriter, write};

/// Returns the box between two corners: a rectangle, or a line or point when it is as thin.
///
/// The ring runs from the lower left corner upwards.
pub fn box_2d([x1, y1]: [f64; 2], [x2, y2]: [f64; 2]) -> Vec<u8> {
    let (low, high) = ([x1.min(x2), y1.min(y2)], [x1.max(x2), y1.max(y2)]);
    let coord = |[x, y]: [f64; 2]| Coord::xy(x, y);
    match [low[0] == high[0], low[1] == high[1]] {
        [true, true] => write::point_xy(low[0], low[1]),
        [false, false] => {
            let ring = [low, [low[0], high[1]], high, [high[0], low[1]], low];
            write::polygon([ring.map(coord)], Dimension::Xy)
        }
        _ => write::line_string([low, high].map(coord), Dimension::Xy),
    }
}

/// Returns the box between two corners in space, with heights.
///
/// A flat box is a rectangle, a line or a point; one with a volume is the surface of its six sides,
/// bottom and top first.
pub fn box_3d([x1, y1, z1]: [f64; 3], [x2, y2, z2]: [f64; 3]) -> Vec<u8> {
    let [x, y, z] = [[x1, x2], [y1, y2], [z1, z2]].map(|[a, b]| [a.min(b), a.max(b)]);
    let corner = |[i, j, k]: [usize; 3]| Coord::xyz(x[i], y[j], z[k]);
    let extents = [x, y, z].map(|[low, high]| usize::from(low != high));
    let mut writer = WkbWriter::new(Dimension::Xyz);
    match extents {
        [0, 0, 0] => writer.point(corner([0; 3])),
        [1, 0, 0] | [0, 1, 0] | [0, 0, 1] => writer.line([[0; 3], extents].map(corner)),
        [1, 1, 1] => {
            writer.begin(Kind::PolyhedralSurface);
            for ring in SIDES {
                write_polygon(&mut writer, ring.map(corner));
            }
            writer.end();
        }
        _ => {
            let [i, j, k] = extents;
            // Two of the three axes have an extent: a ring on the ground runs along Y first, one
            // that stands runs upwards last.
            let first = if k == 1 { [i, j, 0] } else { [0, 1, 0] };
            let second = [i - first[0], j - first[1], k - first[2]];
            write_polygon(&mut writer, [[0; 3], first, extents, second, [0; 3]].map(corner));
        }
    }
    writer.into_bytes()
}

/// Returns the lower and the upper corner of the box around a geometry in space, nothing of one
/// without a position. Without heights, the box lies at height 0.
pub fn corners_3d(geometry: Geometry<'_>) -> Option<[[f64; 3]; 2]> {
    let bounds = geometry.bounds()?;
    let (mut zmin, mut zmax) = (f64::INFINITY, f64::NEG_INFINITY);
    geometry.coords(|coord| {
        zmin = zmin.min(coord.z);
        zmax = zmax.max(coord.z);
    });
    if zmin > zmax {
        (zmin, zmax) = (0.0, 0.0);
    }
    Some([[bounds.xmin, bounds.ymin, zmin], [bounds.xmax, bounds.ymax, zmax]])
}

/// Returns the box that a text such as `BOX(0 0,2 1)` or `BOX3D(0 0 0,2 1 3)` spells, if it is one.
pub fn parse_box(text: &str) -> Option<Vec<u8>> {
    let (name, corners) = text.trim().strip_suffix(')')?.split_once('(')?;
    let has_height = name.trim_end().eq_ignore_ascii_case("BOX3D");
    if !has_height && !name.trim_end().eq_ignore_ascii_case("BOX") {
        return None;
    }
    let (first, second) = corners.split_once(',')?;
    let ordinates = |corner: &str| -> Option<Vec<f64>> {
        corner.split_ascii_whitespace().map(|word| word.parse().ok()).collect()
    };
    match (ordinates(first)?.as_slice(), ordinates(second)?.as_slice()) {
        (&[a, b], &[c, d]) if has_height => Some(box_3d([a, b, 0.0], [c, d, 0.0])),
        (&[a, b, c], &[d, e, f]) if has_height => Some(box_3d([a, b, c], [d, e, f])),
        (&[a, b], &[c, d]) => Some(box_2d([a, b], [c, d])),
        _ => None,
    }
}

/// The sides of a box, as rings of corners: 0 is the lower end of an axis, 1 the upper.
const SIDES: [[[usize; 3]; 5]; 6] = [
    [[0, 0, 0], [0, 1, 0], [1, 1, 0], [1, 0, 0], [0, 0, 0]],
    [[0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1], [0, 0, 1]],
    [[0, 0, 0], [0, 0, 1], [0, 1, 1], [0, 1, 0], [0, 0, 0]],
    [[1, 0, 0], [1, 1, 0], [1, 1, 1], [1, 0, 1], [1, 0, 0]],
    [[0, 0, 0], [1, 0, 0], [1, 0, 1], [0, 0, 1], [0, 0, 0]],
    [[0, 1, 0], [0, 1, 1], [1, 1, 1], [1, 1, 0], [0, 1, 0]],
];

fn write_polygon(writer: &mut WkbWriter, ring: [Coord; 5]) {
    writer.begin(Kind::Polygon);
    writer.ring(ring);
    writer.end();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn thin_boxes_have_fewer_dimensions() {
        let text = |wkb: Vec<u8>| wkt::format(Geometry::try_new(&wkb).unwrap(), 15);
        assert_eq!(text(box_2d([2.0, 3.0], [0.0, 1.0])), "POLYGON((0 1,0 3,2 3,2 1,0 1))");
        assert_eq!(text(box_2d([0.0, 3.0], [0.0, 1.0])), "LINESTRING(0 1,0 3)");
        assert_eq!(text(box_2d([0.0, 1.0], [0.0, 1.0])), "POINT(0 1)");
        let flat = box_3d([0.0, 0.0, 5.0], [1.0, 1.0, 5.0]);
        assert_eq!(text(flat), "POLYGON Z ((0 0 5,0 1 5,1 1 5,1 0 5,0 0 5))");
        let wall = box_3d([0.0, 0.0, 0.0], [1.0, 0.0, 1.0]);
        assert_eq!(text(wall), "POLYGON Z ((0 0 0,1 0 0,1 0 1,0 0 1,0 0 0))");
        assert_eq!(text(box_3d([1.0; 3], [1.0; 3])), "POINT Z (1 1 1)");
        let solid = box_3d([0.0; 3], [1.0; 3]);
        let solid = Geometry::try_any(&solid).unwrap();
        assert_eq!((solid.kind(), solid.part_count()), (Kind::PolyhedralSurface, 6));
    }
    #[test]
    fn boxes_are_read_from_their_text() {
        assert_eq!(parse_box("BOX(0 0,2 1)"), Some(box_2d([0.0, 0.0], [2.0, 1.0])));
        assert_eq!(
            parse_box(" box3d (0 0 1, 2 1 3) "),
            Some(box_3d([0.0, 0.0, 1.0], [2.0, 1.0, 3.0]))
        );
        assert_eq!(parse_box("BOX3D(0 0,2 1)"), Some(box_3d([0.0; 3], [2.0, 1.0, 0.0])));
        for broken in ["BOX", "BOX()", "BOX(0 0)", "BOX(0 0,1)", "BOX(0 0,1 x)", "BOX(0 0 0,1 1 1)"]
        {
            assert_eq!(parse_box(broken), None, "{broken}");
        }
    }
}
