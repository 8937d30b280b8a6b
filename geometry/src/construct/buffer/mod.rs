//! The area within some distance of a geometry.
//!
//! An offset curve is drawn along each side of every line and ring, and the buffer is what these
//! curves wind around. Curves are drawn with the same vertices as GEOS, so that results compare.

mod circle;
mod curve;
mod divided;
mod input;
mod offset;
mod start;
mod style;

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;

use crate::overlay::{AreaOverlay, Elevation, Parts, Rings, write_parts, write_polygons};
use crate::planar::{Role, Shape, Xy, closest_on_segment, distance_squared, orient, signed_area};
use crate::{Geometry, GeometryError, interrupt};
pub use circle::UnitCircle;
use curve::Offset;
pub use offset::offset_curve;
pub use style::{BufferStyle, EndCap, Join, Side};

/// Rings of fewer positions are checked for having turned inside out.
const MAX_INVERTED: usize = 9;
/// Curves of more positions than this many times those of their ring have not turned inside out.
const INVERTED_FACTOR: usize = 4;
/// A curve that gets no closer to its ring than this part of the distance has some true outline.
const NEARNESS: f64 = 0.99;

/// Returns the area within a distance of a geometry; with a negative distance, the part of its
/// areas that is further than that from their border.
pub fn buffer(
    geometry: Geometry<'_>,
    distance: f64,
    style: &BufferStyle,
) -> Result<Vec<u8>, GeometryError> {
    if !distance.is_finite() {
        let reason = format!("the buffer distance must be a finite number, not {distance}");
        return Err(GeometryError::InvalidArgument { reason });
    }
    let polygons = polygons(&Shape::new(geometry), distance, style)?;
    if distance != 0.0 || polygons.is_empty() {
        return Ok(write_polygons(&polygons));
    }
    // Nothing moves, so vertices keep their heights.
    let parts = Parts { polygons, ..Parts::default() };
    Ok(write_parts(&parts, 2, &Elevation::new(&[geometry])))
}

/// Appends the area within a distance of a geometry; `circle` is that of the style.
pub fn append_buffer(
    bytes: &mut Vec<u8>,
    geometry: Geometry<'_>,
    distance: f64,
    style: &BufferStyle,
    circle: &UnitCircle,
) -> Result<(), GeometryError> {
    if let Some(at) = geometry.point_xy()
        && circle.append(bytes, at, distance)
    {
        return Ok(());
    }
    bytes.extend_from_slice(&buffer(geometry, distance, style)?);
    Ok(())
}

/// Returns the polygons of a buffer.
fn polygons(
    shape: &Shape,
    distance: f64,
    style: &BufferStyle,
) -> Result<Vec<Rings>, GeometryError> {
    match undivided(shape, distance, style) {
        Err(GeometryError::TooComplex) => contained(|| divided::polygons(shape, distance, style)),
        polygons => polygons,
    }
}

/// Returns the polygons of a buffer, computed in one overlay.
fn undivided(
    shape: &Shape,
    distance: f64,
    style: &BufferStyle,
) -> Result<Vec<Rings>, GeometryError> {
    contained(|| {
        let curves = curves(shape, distance, style);
        let mut overlay = AreaOverlay::of(curves.iter().map(Vec::as_slice));
        for curve in &curves {
            overlay.add_subject(curve);
        }
        let mut polygons = overlay.run(OverlayRule::Subject, FillRule::Positive)?;
        start::choose(&mut polygons, &curves);
        Ok(polygons)
    })
}

/// Leaves what is computed once nobody waits for it, and turns a panic into an error.
fn contained<T>(compute: impl FnOnce() -> Result<T, GeometryError>) -> Result<T, GeometryError> {
    interrupt::contained_or("the buffer of the geometry cannot be computed", compute)?
}

/// Returns whether all positions lie on one line, so that nothing is inside.
fn is_flat(line: &[Xy]) -> bool {
    let Some(first) = line.first() else { return true };
    let Some(second) = line.iter().find(|at| *at != first) else { return true };
    line.iter().all(|at| orient(*first, *second, *at) == 0)
}

/// Returns the curves that wind anticlockwise around the buffer.
fn curves(shape: &Shape, distance: f64, style: &BufferStyle) -> Vec<Vec<Xy>> {
    let mut builder = Builder { distance, style, curves: Vec::new() };
    for point in &shape.points {
        builder.add_point(*point);
    }
    let mut is_gone = false;
    for path in &shape.paths {
        let coords = shape.path_coords(path);
        match path.role {
            Role::Line => builder.add_line(coords),
            Role::Shell => is_gone = !builder.add_shell(coords),
            Role::Hole if is_gone => {}
            Role::Hole => builder.add_hole(coords),
        }
    }
    builder.curves
}

struct Builder<'s> {
    distance: f64,
    style: &'s BufferStyle,
    curves: Vec<Vec<Xy>>,
}

impl Builder<'_> {
    fn add_point(&mut self, at: Xy) {
        if self.distance > 0.0
            && let Some(curve) = curve::around_line(&[at], self.distance, self.style)
        {
            self.add_clockwise(curve);
        }
    }

    fn add_line(&mut self, line: &[Xy]) {
        let is_right = match self.style.side {
            Side::Both => false,
            Side::Left => self.distance < 0.0,
            Side::Right => self.distance > 0.0,
        };
        let distance = self.distance.abs();
        if self.style.side != Side::Both {
            if distance > 0.0 {
                let curve = curve::beside_line(line, distance, is_right, self.style);
                self.add_clockwise(curve);
            }
            return;
        }
        if self.distance <= 0.0 {
            return;
        }
        if line.len() > 3 && line.first() == line.last() && !is_flat(line) {
            self.add_ring(line, distance, Offset::Left, true);
            self.add_ring(line, distance, Offset::Right, false);
        } else if let Some(curve) = curve::around_line(line, distance, self.style) {
            self.add_clockwise(curve);
        }
    }

    /// Adds the exterior ring of a polygon, and returns whether anything is left of it.
    fn add_shell(&mut self, ring: &[Xy]) -> bool {
        let is_shrunk = self.distance < 0.0;
        if is_shrunk && is_eroded(ring, -self.distance) {
            return false;
        }
        let side = if is_shrunk { Offset::Right } else { Offset::Left };
        self.add_ring(ring, self.distance.abs(), side, true);
        true
    }

    fn add_hole(&mut self, ring: &[Xy]) {
        if self.distance > 0.0 && is_eroded(ring, self.distance) {
            return;
        }
        let side = if self.distance < 0.0 { Offset::Left } else { Offset::Right };
        self.add_ring(ring, self.distance.abs(), side, false);
    }

    /// Adds the curve beside a ring, given for clockwise rings: on which side it is drawn, and
    /// whether the buffer is to its right.
    fn add_ring(&mut self, ring: &[Xy], distance: f64, side: Offset, is_right: bool) {
        let is_anticlockwise = signed_area(ring) > 0.0;
        let (side, is_right) =
            if is_anticlockwise { (side.opposite(), !is_right) } else { (side, is_right) };
        let mut curve = if distance == 0.0 {
            ring.to_vec()
        } else {
            curve::beside_ring(ring, distance, side, self.style)
        };
        if is_inverted(ring, distance, &curve) {
            return;
        }
        if is_right {
            curve.reverse();
        }
        self.curves.push(curve);
    }

    fn add_clockwise(&mut self, mut curve: Vec<Xy>) {
        curve.reverse();
        self.curves.push(curve);
    }
}

/// Returns whether nothing is left of the inside of a ring that shrinks.
fn is_eroded(ring: &[Xy], distance: f64) -> bool {
    if ring.len() < 4 {
        return true;
    }
    if let [a, b, c, _] = ring {
        return incircle_radius([*a, *b, *c]) < distance;
    }
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for at in ring {
        for axis in [0, 1] {
            low[axis] = low[axis].min(at[axis]);
            high[axis] = high[axis].max(at[axis]);
        }
    }
    2.0 * distance > (high[0] - low[0]).min(high[1] - low[1])
}

fn incircle_radius([a, b, c]: [Xy; 3]) -> f64 {
    let length = |p: Xy, q: Xy| distance_squared(p, q).sqrt();
    let perimeter = length(a, b) + length(b, c) + length(c, a);
    let twice_area = ((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])).abs();
    if perimeter == 0.0 { 0.0 } else { twice_area / perimeter }
}

/// Returns whether the offset of a small ring is all on the wrong side of it: then the whole
/// curve lies closer to the ring than the distance.
fn is_inverted(ring: &[Xy], distance: f64, curve: &[Xy]) -> bool {
    if distance == 0.0
        || ring.len() <= 3
        || ring.len() >= MAX_INVERTED
        || curve.len() > INVERTED_FACTOR * ring.len()
    {
        return false;
    }
    let limit = NEARNESS * distance;
    let is_far = |at: Xy| {
        let squared = ring
            .windows(2)
            .map(|edge| distance_squared(at, closest_on_segment(at, [edge[0], edge[1]])))
            .fold(f64::INFINITY, f64::min);
        squared > limit * limit
    };
    !curve.windows(2).any(|edge| {
        let middle = [f64::midpoint(edge[0][0], edge[1][0]), f64::midpoint(edge[0][1], edge[1][1])];
        is_far(edge[0]) || is_far(middle)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{measure, wkt};

    fn buffered(text: &str, distance: f64, style: &str) -> Vec<u8> {
        let (wkb, _) = wkt::parse(text).unwrap();
        let style = BufferStyle::parse(style).unwrap();
        buffer(Geometry::try_new(&wkb).unwrap(), distance, &style).unwrap()
    }

    fn text(wkb: &[u8]) -> String {
        wkt::format(Geometry::try_new(wkb).unwrap(), 10)
    }

    #[test]
    fn circles_have_the_vertices_of_geos() {
        assert_eq!(
            text(&buffered("POINT(0 0)", 1.0, "quad_segs=1")),
            "POLYGON((1 0,0 -1,-1 0,0 1,1 0))"
        );
        let circle = buffered("POINT(0 0)", 1.0, "");
        assert_eq!(Geometry::try_new(&circle).unwrap().coord_count(), 33);
    }

    #[test]
    fn circles_that_are_copied_are_those_that_are_drawn() {
        for style in ["", "quad_segs=1", "quad_segs=64", "quad_segs=100", "endcap=square"] {
            let style = BufferStyle::parse(style).unwrap();
            let circle = UnitCircle::new(&style);
            for (text, distance) in [
                ("POINT(0.1 -0.7)", 0.5),
                ("POINT Z (-0 4000000.3 7)", 123.456),
                ("POINT(1e15 0)", 1.0),
                ("POINT(1 1)", 0.0),
                ("POINT(1 1)", -1.0),
                ("POINT EMPTY", 1.0),
            ] {
                let (wkb, _) = wkt::parse(text).unwrap();
                let geometry = Geometry::try_new(&wkb).unwrap();
                let mut copied = Vec::new();
                append_buffer(&mut copied, geometry, distance, &style, &circle).unwrap();
                let drawn = buffer(geometry, distance, &style).unwrap();
                assert_eq!(
                    wkt::format(Geometry::try_new(&copied).unwrap(), 15),
                    wkt::format(Geometry::try_new(&drawn).unwrap(), 15),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn nothing_remains_of_points_and_lines_without_distance() {
        for (geometry, distance) in [
            ("POINT(1 1)", 0.0),
            ("LINESTRING(0 0,1 1)", -1.0),
            ("POINT EMPTY", 1.0),
            ("POLYGON((0 0,1 0,1 1,0 1,0 0))", -1.0),
        ] {
            assert_eq!(text(&buffered(geometry, distance, "")), "POLYGON EMPTY");
        }
    }

    #[test]
    fn styles_change_the_outline() {
        let line = "LINESTRING(0 0,10 0)";
        let flat = "POLYGON((10 2,10 -2,0 -2,0 2,10 2))";
        assert_eq!(text(&buffered(line, 2.0, "endcap=flat")), flat);
        let square = "POLYGON((10 2,12 2,12 -2,0 -2,-2 -2,-2 2,10 2))";
        assert_eq!(text(&buffered(line, 2.0, "endcap=square")), square);
        let left = "POLYGON((10 0,0 0,0 2,10 2,10 0))";
        assert_eq!(text(&buffered(line, 2.0, "side=left")), left);
        let right = "POLYGON((0 0,10 0,10 -2,0 -2,0 0))";
        assert_eq!(text(&buffered(line, 2.0, "side=right")), right);
        let square = "POLYGON((0 0,10 0,10 10,0 10,0 0))";
        let mitre = "POLYGON((-1 -1,-1 11,11 11,11 -1,-1 -1))";
        assert_eq!(text(&buffered(square, 1.0, "join=mitre")), mitre);
        let bevel = buffered(square, 1.0, "join=bevel");
        assert_eq!(measure::area(Geometry::try_new(&bevel).unwrap()), 142.0);
        let shrunk = "POLYGON((1 1,1 9,9 9,9 1,1 1))";
        assert_eq!(text(&buffered(square, -1.0, "")), shrunk);
    }

    #[test]
    fn a_bowtie_loses_one_half_as_in_postgis() {
        let bowtie = "POLYGON((0 0,2 2,2 0,0 2,0 0))";
        assert_eq!(text(&buffered(bowtie, 0.0, "")), "POLYGON((1 1,2 2,2 0,1 1))");
    }

    #[test]
    fn a_closed_line_without_an_inside_leaves_no_hole() {
        let there_and_back = buffered("LINESTRING(0 7,0 4,0 0,0 7)", 6.8125, "");
        let there = buffered("LINESTRING(0 7,0 0)", 6.8125, "");
        let [there_and_back, there] =
            [&there_and_back, &there].map(|wkb| Geometry::try_new(wkb).unwrap());
        assert_eq!(there_and_back.rings().count(), 1);
        assert!((measure::area(there_and_back) - measure::area(there)).abs() < 1e-9);
    }

    #[test]
    fn a_line_that_runs_back_and_forth_many_times_is_one_strip() {
        // Rotated, so that the strokes lie on one line within the rounding of their ends alone.
        let strokes: Vec<String> = (0..128)
            .map(|stroke| f64::from(stroke * 16 % 251) / 16.0)
            .map(|along| format!("{} {}", along * 0.8, along * 0.6))
            .collect();
        let strip = buffered(&format!("LINESTRING({})", strokes.join(",")), 3.4, "");
        let strip = Geometry::try_new(&strip).unwrap();
        let plain = buffered("LINESTRING(0 0,12.5 9.375)", 3.4, "");
        let plain = Geometry::try_new(&plain).unwrap();
        assert!((measure::area(strip) - measure::area(plain)).abs() < 0.02 * measure::area(plain));
    }
}
