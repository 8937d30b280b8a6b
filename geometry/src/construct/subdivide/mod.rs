//! Division of geometries into parts of few vertices.

mod order;

use super::simplify;
use crate::planar::{Xy, signed_area};
use crate::wkb::has_stored_box;
use crate::{
    Bounds, Coord, Dimension, Geometry, GeometryError, Kind, curve, overlay, to_iso, write,
};

/// The fewest vertices a part can be limited to: those of a box.
const FEWEST_VERTICES: usize = 5;
/// How often a geometry is halved before it is left as it is.
const MAX_DEPTH: usize = 50;
/// Half of the size that a box without width or height gets.
const MARGIN: f64 = 1e-12;

/// Returns the parts of a geometry, each a point, line or polygon of at most a number of vertices.
///
/// Arcs and triangles of few vertices are parts as they are. A part with more vertices is cut in two
/// through the vertex closest to its middle. With a positive `grid_size` the cuts are rounded to
/// multiples of it.
pub fn subdivide(
    geometry: Geometry<'_>,
    max_vertices: usize,
    grid_size: f64,
) -> Result<Vec<Vec<u8>>, GeometryError> {
    let mut division = Division {
        max_vertices,
        grid_size,
        dimension: topological_dimension(geometry),
        stored: stored_box(geometry),
        parts: Vec::new(),
    };
    if geometry.is_empty() {
        return Ok(division.parts);
    }
    if max_vertices < FEWEST_VERTICES {
        return Err(GeometryError::InvalidArgument {
            reason: format!(
                "a geometry cannot be divided into parts of {max_vertices} vertices; ask for at \
                 least {FEWEST_VERTICES}"
            ),
        });
    }
    division.divide(geometry, 0)?;
    Ok(division.parts)
}

struct Division {
    max_vertices: usize,
    grid_size: f64,
    /// The dimension of the geometry: cuts may leave parts of lower dimension, which are dropped.
    dimension: u8,
    /// The box that is cut first, if it is not that of the coordinates.
    stored: Option<Bounds>,
    parts: Vec<Vec<u8>>,
}

impl Division {
    fn divide(&mut self, geometry: Geometry<'_>, depth: usize) -> Result<(), GeometryError> {
        let Some(bounds) = geometry.bounds() else { return Ok(()) };
        if bounds.width() == 0.0 && bounds.height() == 0.0 {
            if geometry.kind() == Kind::Point && self.dimension == 0 {
                self.parts.push(to_iso(geometry).into_owned());
            }
            return Ok(());
        }
        if geometry.kind() == Kind::CurvePolygon {
            return self.divide(Geometry::try_new(&curve::to_basic(geometry)?)?, depth);
        }
        if geometry.kind().is_collection() && geometry.kind() != Kind::MultiPoint {
            for part in geometry.parts() {
                self.divide(part, depth)?;
            }
            return Ok(());
        }
        if topological_dimension(geometry) < self.dimension {
            return Ok(());
        }
        let vertex_count = geometry.coord_count();
        if depth > MAX_DEPTH || vertex_count <= self.max_vertices {
            self.parts.push(to_iso(geometry).into_owned());
            return Ok(());
        }
        if !geometry.is_basic() {
            return self.divide(Geometry::try_new(&curve::to_basic(geometry)?)?, depth);
        }
        let bounds = self.stored.take().unwrap_or(bounds);
        for half in halves(geometry, with_extent(bounds)) {
            let window = window(half);
            let mut clipped = overlay::intersection_on_grid(
                geometry,
                Geometry::try_new(&window)?,
                self.grid_size,
            )?;
            if let Some(ordered) = order::in_order(geometry, &half, Geometry::try_new(&clipped)?) {
                clipped = ordered;
            }
            let clipped = Geometry::try_new(&clipped)?;
            if let Some(simpler) = simplify(clipped, 0.0, true) {
                self.divide(Geometry::try_new(&simpler)?, depth + 1)?;
            }
        }
        Ok(())
    }
}

/// Returns the box that `PostGIS` keeps with a geometry, whose middle decides between vertices that
/// are as close to it: of single precision, and no smaller than the geometry.
fn stored_box(geometry: Geometry<'_>) -> Option<Bounds> {
    let is_divided = !geometry.kind().is_collection() || geometry.kind() == Kind::MultiPoint;
    let bounds = geometry.bounds().filter(|_| is_divided && has_stored_box(geometry))?;
    let [xmin, ymin, xmax, ymax] = bounds.to_f32_outward().map(f64::from);
    Some(Bounds { xmin, ymin, xmax, ymax })
        .filter(|stored| stored.width().is_finite() && stored.height().is_finite())
}

/// Returns the highest dimension of any part: 0, 1 or 2.
fn topological_dimension(geometry: Geometry<'_>) -> u8 {
    match geometry.kind() {
        Kind::Point | Kind::MultiPoint => 0,
        Kind::LineString | Kind::MultiLineString | Kind::CircularString => 1,
        Kind::Polygon | Kind::MultiPolygon | Kind::CurvePolygon | Kind::Triangle => 2,
        _ => geometry.parts().map(topological_dimension).max().unwrap_or(0),
    }
}

/// Returns the box with some width and height.
fn with_extent(mut bounds: Bounds) -> Bounds {
    if bounds.width() == 0.0 {
        bounds.xmin -= MARGIN;
        bounds.xmax += MARGIN;
    }
    if bounds.height() == 0.0 {
        bounds.ymin -= MARGIN;
        bounds.ymax += MARGIN;
    }
    bounds
}

/// Returns the two boxes that a box is cut into, across its longer side.
fn halves(geometry: Geometry<'_>, bounds: Bounds) -> [Bounds; 2] {
    let (mut first, mut second) = (bounds, bounds);
    let is_wide = bounds.width() > bounds.height();
    let axis = usize::from(!is_wide);
    let (low, high) = if is_wide { (bounds.xmin, bounds.xmax) } else { (bounds.ymin, bounds.ymax) };
    let centre = f64::midpoint(low, high);
    let pivot = pivot(geometry, axis, centre);
    let differs = |value: f64, other: f64| (value - other).abs() > MARGIN;
    let cut = match pivot {
        Some(pivot) if differs(pivot, low) && differs(pivot, high) => pivot,
        _ => centre,
    };
    if is_wide {
        (first.xmax, second.xmin) = (cut, cut);
    } else {
        (first.ymax, second.ymin) = (cut, cut);
    }
    [first, second]
}

/// Returns the ordinate closest to the centre among the vertices of the ring that matters most:
/// the largest hole when holes have most of the vertices, else the exterior.
fn pivot(geometry: Geometry<'_>, axis: usize, centre: f64) -> Option<f64> {
    let exterior = geometry.rings().next()?;
    let mut chosen = exterior;
    if geometry.coord_count() >= 2 * exterior.len() {
        let mut largest = 0.0;
        for ring in geometry.rings().skip(1) {
            let positions: Vec<Xy> = ring.iter().map(|coord| [coord.x, coord.y]).collect();
            let area = signed_area(&positions).abs();
            if area >= largest {
                (largest, chosen) = (area, ring);
            }
        }
    }
    let ordinates = (0..chosen.len()).map(|index| chosen.xy(index)[axis]);
    ordinates.fold(None, |best: Option<f64>, ordinate| match best {
        Some(best) if (best - centre).abs() <= (ordinate - centre).abs() => Some(best),
        _ => Some(ordinate),
    })
}

fn window(bounds: Bounds) -> Vec<u8> {
    let corners = [
        Coord::xy(bounds.xmin, bounds.ymin),
        Coord::xy(bounds.xmin, bounds.ymax),
        Coord::xy(bounds.xmax, bounds.ymax),
        Coord::xy(bounds.xmax, bounds.ymin),
        Coord::xy(bounds.xmin, bounds.ymin),
    ];
    write::polygon([corners], Dimension::Xy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{measure, wkt};

    fn parts(text: &str, max_vertices: usize) -> Vec<Vec<u8>> {
        let (wkb, _) = wkt::parse(text).unwrap();
        subdivide(Geometry::try_new(&wkb).unwrap(), max_vertices, -1.0).unwrap()
    }

    #[test]
    fn small_geometries_are_one_part() {
        assert_eq!(parts("POLYGON((0 0,0 1,1 1,1 0,0 0))", 5).len(), 1);
        assert_eq!(parts("MULTIPOINT((0 0),(1 1))", 5).len(), 1);
        assert_eq!(parts("POLYGON EMPTY", 5).len(), 0);
    }

    #[test]
    fn parts_have_few_vertices_and_all_of_the_area() {
        let ring: Vec<String> = (0..=64)
            .map(|step| f64::from(step % 64).to_radians() * 360.0 / 64.0)
            .map(|angle| format!("{} {}", angle.cos(), angle.sin()))
            .collect();
        let text = format!("POLYGON(({}))", ring.join(","));
        let parts = parts(&text, 8);
        let whole = wkt::parse(&text).unwrap().0;
        let area: f64 =
            parts.iter().map(|wkb| measure::area(Geometry::try_new(wkb).unwrap())).sum();
        assert!((area - measure::area(Geometry::try_new(&whole).unwrap())).abs() < 1e-12);
        for part in &parts {
            assert!(Geometry::try_new(part).unwrap().coord_count() <= 8);
        }
    }

    #[test]
    fn parts_are_those_of_geos_vertex_by_vertex() {
        // Both ways around, with a hole, and where a window also touches the polygon. PostGIS 3.3.2.
        let cases = [
            (
                "POLYGON((7 0,7 4,7 6,10 6,10 7,12 7,12 6,13 6,13 4,11 4,11 0,7 0))",
                5,
                "POLYGON((7 4,11 4,11 0,7 0,7 4)) POLYGON((10 6,10 4,7 4,7 6,10 6)) \
                 POLYGON((13 6,13 4,10 4,10 6,13 6)) POLYGON((12 7,12 6,10 6,10 7,12 7))",
            ),
            (
                "POLYGON((0 0,12 0,12 4,8 4,8 8,0 8,0 0))",
                5,
                "POLYGON((0 0,0 8,8 8,8 0,0 0)) POLYGON((8 0,8 4,12 4,12 0,8 0))",
            ),
            (
                "POLYGON((0 0,10 0,10 8,0 8,0 0),(2 2,2 5,6 5,6 2,2 2))",
                6,
                "POLYGON((2 5,2 0,0 0,0 5,2 5)) POLYGON((6 2,6 0,2 0,2 2,6 2)) \
                 POLYGON((0 8,6 8,6 5,0 5,0 8)) POLYGON((6 0,6 8,10 8,10 0,6 0))",
            ),
        ];
        for (text, most, expected) in cases {
            let found: Vec<String> = parts(text, most)
                .iter()
                .map(|part| wkt::format(Geometry::try_new(part).unwrap(), 15))
                .collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn too_few_vertices_are_refused() {
        let (wkb, _) = wkt::parse("LINESTRING(0 0,1 1)").unwrap();
        assert!(subdivide(Geometry::try_new(&wkb).unwrap(), 4, -1.0).is_err());
    }
}
