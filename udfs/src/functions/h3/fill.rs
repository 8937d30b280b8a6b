//! Which cells belong to the polygons, lines and points of a geometry.

use std::panic::{AssertUnwindSafe, catch_unwind};

use geo::{Coord, Intersects as _, Line, LineString, MapCoords as _, MultiPolygon, Polygon, Rect};
use godwit_geometry::interrupt::Steps;
use godwit_geometry::{Geometry, GeometryError, to_geo};
use h3o::geom::{ContainmentMode, TilerBuilder};
use h3o::{CellIndex, LatLng, Resolution};

use super::cell::{check_count, listed, resolution};

/// What a user needs to know of the modes.
pub(super) const MODES: &str = "The mode is `center` for cells whose centre is inside, `full` for cells that are inside \
     wholly, `overlap` for cells that share a position with a polygon, and `overlap_bbox` for cells \
     whose box does, which has room for all cells they contain. `CONTAINMENT_FULL` and the like \
     are understood. Without a mode, `center`. A side of more than 180 degrees goes over the \
     antimeridian; one from -180 to 180 goes around the world, where the H3 library finds no cells.";

/// The longest side of a cell in radians, by resolution, as the H3 library has it.
const LONGEST_SIDES: [f64; 16] = [
    0.215_772_062_651_30,
    0.083_087_670_684_95,
    0.031_489_704_364_39,
    0.011_906_628_714_39,
    0.004_500_533_309_08,
    0.001_701_055_236_19,
    0.000_642_939_176_78,
    0.000_243_008_206_59,
    0.000_091_848_470_87,
    0.000_034_715_459_01,
    0.000_013_121_210_17,
    0.000_004_959_351_29,
    0.000_001_874_458_60,
    0.000_000_708_478_76,
    0.000_000_267_779_80,
    0.000_000_101_211_25,
];

/// The most positions that are looked at along one line.
const MOST_STEPS: f64 = 1e7;

/// Which cells belong to a polygon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Those whose centre lies in it.
    Centre,
    /// Those that lie in it wholly.
    Full,
    /// Those that share a position with it.
    Overlap,
    /// Those whose box, with room for all cells they contain, shares a position with it.
    OverlapBox,
}

impl Mode {
    /// Returns the mode of a name, as the extensions for `PostgreSQL` or `DuckDB` spell it.
    pub(super) fn parse(name: &str) -> Result<Self, GeometryError> {
        let lower = name.trim().to_ascii_lowercase();
        match lower.strip_prefix("containment_").unwrap_or(&lower) {
            "center" | "centre" => Ok(Self::Centre),
            "full" => Ok(Self::Full),
            "overlap" | "overlapping" => Ok(Self::Overlap),
            "overlap_bbox" | "overlapping_bbox" => Ok(Self::OverlapBox),
            _ => Err(GeometryError::InvalidArgument {
                reason: format!(
                    "containment mode \"{name}\" is not center, full, overlap or overlap_bbox"
                ),
            }),
        }
    }
}

/// Returns the cells of the polygons of a geometry in order, each once; nothing when there is no
/// such resolution.
pub(super) fn cells_in(
    geometry: Geometry<'_>,
    number: i64,
    mode: Mode,
) -> Result<Option<Vec<CellIndex>>, GeometryError> {
    let Some(resolution) = resolution(number) else {
        return Ok(None);
    };
    let mut parts = Parts::default();
    parts.collect(to_geo(geometry));
    fill(parts.polygons, resolution, mode).map(Some)
}

/// Returns the cells that share a position with a geometry in order, each once; nothing when
/// there is no such resolution.
pub(super) fn cells_over(
    geometry: Geometry<'_>,
    number: i64,
) -> Result<Option<Vec<CellIndex>>, GeometryError> {
    let Some(resolution) = resolution(number) else {
        return Ok(None);
    };
    let mut parts = Parts::default();
    parts.collect(to_geo(geometry));
    let mut cells = fill(parts.polygons, resolution, Mode::Overlap)?;
    for at in parts.points {
        cells.extend(cell_of(at, resolution));
    }
    for line in parts.lines.iter().flat_map(LineString::lines) {
        follow(line, resolution, &mut cells)?;
    }
    Ok(Some(sorted(cells)))
}

/// The parts of a geometry by what they are.
#[derive(Default)]
struct Parts {
    points: Vec<Coord>,
    lines: Vec<LineString>,
    polygons: Vec<Polygon>,
}

impl Parts {
    fn collect(&mut self, geometry: geo::Geometry<f64>) {
        match geometry {
            geo::Geometry::Point(point) => self.points.push(point.0),
            geo::Geometry::MultiPoint(points) => {
                self.points.extend(points.into_iter().map(|point| point.0));
            }
            geo::Geometry::LineString(line) => self.lines.push(line),
            geo::Geometry::MultiLineString(lines) => self.lines.extend(lines),
            geo::Geometry::Polygon(polygon) if !polygon.exterior().0.is_empty() => {
                self.polygons.push(polygon);
            }
            geo::Geometry::MultiPolygon(polygons) => self
                .polygons
                .extend(polygons.into_iter().filter(|each| !each.exterior().0.is_empty())),
            geo::Geometry::GeometryCollection(members) => {
                for member in members {
                    self.collect(member);
                }
            }
            _ => {}
        }
    }
}

fn fill(
    polygons: Vec<Polygon>,
    resolution: Resolution,
    mode: Mode,
) -> Result<Vec<CellIndex>, GeometryError> {
    let containment = match mode {
        Mode::Centre => ContainmentMode::ContainsCentroid,
        Mode::Full => ContainmentMode::ContainsBoundary,
        Mode::Overlap | Mode::OverlapBox => ContainmentMode::Covers,
    };
    let refused = |reason: String| GeometryError::InvalidArgument { reason };
    let polygons: Vec<Polygon> = polygons.into_iter().map(in_short_sides).collect();
    let mut tiler = TilerBuilder::new(resolution).containment_mode(containment).build();
    tiler
        .add_batch(polygons.iter().cloned())
        .map_err(|error| refused(format!("the polygon has no cells: {error}")))?;
    check_count(u64::try_from(tiler.coverage_size_hint()).unwrap_or(u64::MAX))?;
    let tile = AssertUnwindSafe(|| listed(tiler.into_coverage()));
    let cells = catch_unwind(tile)
        .map_err(|_panic| refused("the polygon is not valid and has no cells".to_owned()))??;
    if mode != Mode::OverlapBox {
        return Ok(sorted(cells));
    }
    let area = MultiPolygon(polygons.into_iter().map(unwrapped).collect());
    let near = cells.iter().flat_map(|cell| cell.grid_disk::<Vec<_>>(2)).collect();
    let mut near = sorted(near);
    near.retain(|cell| boxes(*cell).iter().any(|each| each.intersects(&area)));
    Ok(near)
}

/// Returns a polygon whose sides around the whole world, from -180 to 180 degrees, are in pieces.
///
/// A side of more than 180 degrees is one over the antimeridian for the grid, which goes the other
/// way round. For a side of 360 degrees that way has no length, so it is not meant: polygons of
/// the whole world and of what lies around a pole have such sides.
fn in_short_sides(polygon: Polygon) -> Polygon {
    if !polygon.exterior().lines().any(is_around_the_world) {
        return polygon;
    }
    let (exterior, interiors) = polygon.into_inner();
    Polygon::new(in_pieces(&exterior), interiors.iter().map(in_pieces).collect())
}

fn in_pieces(ring: &LineString) -> LineString {
    let mut positions: Vec<Coord> = ring.0.first().copied().into_iter().collect();
    for side in ring.lines() {
        if is_around_the_world(side) {
            let piece = side.delta() / 6.0;
            positions.extend([1.0, 2.0, 3.0, 4.0, 5.0].map(|count| side.start + piece * count));
        }
        positions.push(side.end);
    }
    LineString(positions)
}

fn is_around_the_world(side: Line) -> bool {
    side.dx().abs() >= 360.0
}

/// Returns a polygon over the antimeridian in the longitudes from 0 to 360 degrees, as the grid
/// sees it, and any other as it is.
fn unwrapped(polygon: Polygon) -> Polygon {
    if !polygon.exterior().lines().any(|side| side.dx().abs() > 180.0) {
        return polygon;
    }
    polygon.map_coords(|at| if at.x < 0.0 { Coord { x: at.x + 360.0, y: at.y } } else { at })
}

/// Adds the cells that a line touches.
///
/// Each step along the line is shorter than any side, so what the line touches in between is a
/// neighbour of the cells at the ends.
fn follow(
    line: Line,
    resolution: Resolution,
    cells: &mut Vec<CellIndex>,
) -> Result<(), GeometryError> {
    let step = resolution.edge_length_rads().to_degrees() / 3.0;
    let length = line.dx().hypot(line.dy());
    if !length.is_finite() {
        return Ok(());
    }
    let count = (length / step).ceil().max(1.0);
    if count > MOST_STEPS {
        return Err(GeometryError::InvalidArgument {
            reason: format!("a line over {count} cells is too long to list them"),
        });
    }
    let mut steps = Steps::default();
    let mut position = 0.0;
    let mut last = None;
    while position <= count {
        steps.step()?;
        let at = line.start + line.delta() * (position / count);
        let cell = cell_of(at, resolution);
        if let Some(cell) = cell.filter(|_| cell != last) {
            let touched =
                |near: &CellIndex| *near == cell || MultiPolygon::from(*near).intersects(&line);
            cells.extend(cell.grid_disk::<Vec<_>>(1).into_iter().filter(touched));
        }
        last = cell;
        position += 1.0;
    }
    Ok(())
}

/// Returns the boxes of a cell with room for all cells it contains; one on the antimeridian has
/// one on each side.
fn boxes(cell: CellIndex) -> [Rect; 3] {
    let longest = LONGEST_SIDES.get(usize::from(cell.resolution())).copied().unwrap_or(0.0);
    let centre = LatLng::from(cell);
    let height = 1.4 * longest.to_degrees();
    let width = (height / centre.lat_radians().cos()).min(360.0);
    [0.0, -360.0, 360.0].map(|shift| {
        let (x, y) = (centre.lng() + shift, centre.lat());
        Rect::new(Coord { x: x - width, y: y - height }, Coord { x: x + width, y: y + height })
    })
}

fn cell_of(at: Coord, resolution: Resolution) -> Option<CellIndex> {
    Some(LatLng::new(at.y, at.x).ok()?.to_cell(resolution))
}

fn sorted(mut cells: Vec<CellIndex>) -> Vec<CellIndex> {
    cells.sort_unstable_by_key(|cell| u64::from(*cell));
    cells.dedup();
    cells
}
