//! Polygons made a coverage.

use std::collections::HashMap;

use super::gaps::is_narrow;
use super::polygons_of;
use crate::noding::{Faces, Graph, node, polygons_of_owners};
use crate::overlay::{Elevation, Parts, Rings, write_parts};
use crate::planar::{Shape, Xy, distance_squared, key, signed_area};
use crate::{Geometry, GeometryError, Kind, to_iso, write};

/// Which polygon an area that several of them cover goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MergeStrategy {
    /// The one it has the longest border with.
    #[default]
    LongestBorder,
    /// The largest.
    LargestArea,
    /// The smallest.
    SmallestArea,
    /// The first.
    FirstIndex,
}

impl MergeStrategy {
    /// Returns the strategy with a name such as `MERGE_LONGEST_BORDER`.
    pub fn parse(name: &str) -> Result<Self, GeometryError> {
        Ok(match name.to_ascii_uppercase().as_str() {
            "MERGE_LONGEST_BORDER" => Self::LongestBorder,
            "MERGE_MAX_AREA" => Self::LargestArea,
            "MERGE_MIN_AREA" => Self::SmallestArea,
            "MERGE_MIN_INDEX" => Self::FirstIndex,
            _ => {
                let reason = format!(
                    "\"{name}\" is none of MERGE_LONGEST_BORDER, MERGE_MAX_AREA, MERGE_MIN_AREA \
                     and MERGE_MIN_INDEX"
                );
                return Err(GeometryError::InvalidArgument { reason });
            }
        })
    }
}

/// Returns polygons that share their borders vertex by vertex and do not overlap.
///
/// What several polygons cover goes to one of them, and gaps that are nowhere wider than
/// `gap_width` to the neighbour with the longest border. Vertices closer to each other than
/// `snapping_distance` become one; a negative distance stands for one that fits the extent.
pub fn clean(
    geometries: &[Option<Geometry<'_>>],
    gap_width: f64,
    snapping_distance: f64,
    strategy: MergeStrategy,
) -> Result<Vec<Option<Vec<u8>>>, GeometryError> {
    let mut rings: Vec<(usize, bool)> = Vec::new();
    let mut paths: Vec<Vec<Xy>> = Vec::new();
    for (owner, geometry) in geometries.iter().enumerate() {
        for polygon in geometry.map(polygons_of).transpose()?.into_iter().flatten() {
            let shape = Shape::new(polygon);
            for path in &shape.paths {
                rings.push((owner, path.interior_left));
                paths.push(shape.path_coords(path).to_vec());
            }
        }
    }
    snap(&mut paths, snapping_distance);
    let mut graph = Graph::default();
    let mut steps: Vec<Vec<(usize, i32)>> = Vec::new();
    for (path, (owner, interior_left)) in node(paths)?.iter().zip(&rings) {
        graph.add_segments(path, |edge, is_same| {
            steps.resize(steps.len().max(edge + 1), Vec::new());
            steps[edge].push((*owner, if *interior_left == is_same { -1 } else { 1 }));
        });
    }
    graph.sort();
    let mut cells = Cells { faces: Faces::new(&graph), graph, steps, owners: Vec::new() };
    cells.find_owners(geometries.len());
    cells.settle(gap_width, strategy, geometries.len());
    let all: Vec<Geometry<'_>> = geometries.iter().flatten().copied().collect();
    let elevation = Elevation::new(&all);
    let mut polygons = cells.polygons(geometries.len());
    let write = |(owner, geometry): (usize, &Option<Geometry<'_>>)| {
        geometry.map(|geometry| {
            if geometry.is_empty() {
                return to_iso(geometry).into_owned();
            }
            let polygons = polygons.get_mut(owner).map(std::mem::take).unwrap_or_default();
            let parts = Parts { polygons, ..Parts::default() };
            if parts.polygons.is_empty() {
                return write::empty(Kind::Polygon, elevation.dimension());
            }
            write_parts(&parts, 2, &elevation)
        })
    };
    Ok(geometries.iter().enumerate().map(write).collect())
}

/// Moves vertices that are closer to each other than a distance to one position.
fn snap(paths: &mut [Vec<Xy>], distance: f64) {
    let mut bounds = crate::Bounds::NOTHING;
    for [x, y] in paths.iter().flatten() {
        bounds.add(*x, *y);
    }
    let distance = if distance < 0.0 || distance.is_nan() {
        bounds.width().hypot(bounds.height()) / 1e8
    } else {
        distance
    };
    if distance <= 0.0 || !distance.is_finite() {
        return;
    }
    // Positions within the distance are in the same cell of a grid or in a neighbouring one.
    let cell = |at: Xy| at.map(|value| (value / distance).floor());
    let mut kept: HashMap<[u64; 2], Vec<Xy>> = HashMap::new();
    let mut snapped = |at: Xy| -> Xy {
        let [column, row] = cell(at);
        for dx in [0.0, -1.0, 1.0] {
            for dy in [0.0, -1.0, 1.0] {
                let near = kept.get(&key([column + dx, row + dy])).into_iter().flatten();
                for other in near {
                    if distance_squared(*other, at).sqrt() < distance {
                        return *other;
                    }
                }
            }
        }
        kept.entry(key([column, row])).or_default().push(at);
        at
    };
    for path in paths.iter_mut() {
        for at in path.iter_mut() {
            *at = snapped(*at);
        }
        path.dedup();
    }
}

/// The pieces that borders cut the plane into, and the polygon each of them goes to.
struct Cells {
    graph: Graph,
    faces: Faces,
    /// The rings along each edge: the owner, and by how much the cover changes to the right.
    steps: Vec<Vec<(usize, i32)>>,
    /// The polygons that cover each face.
    owners: Vec<Vec<usize>>,
}

impl Cells {
    /// Finds the polygons that cover each face.
    fn find_owners(&mut self, count: usize) {
        let mut covers: Vec<Option<HashMap<usize, i32>>> = vec![None; self.faces.count];
        let mut borders: Vec<Vec<usize>> = vec![Vec::new(); self.faces.count];
        let mut queue: Vec<(usize, HashMap<usize, i32>)> = Vec::new();
        for half in self.graph.edges().flat_map(|edge| [2 * edge, 2 * edge + 1]) {
            match borders.get_mut(self.faces.of[half]) {
                Some(border) => border.push(half),
                None => queue.push((half, HashMap::new())),
            }
        }
        while let Some((half, cover)) = queue.pop() {
            let across = self.faces.of[half ^ 1];
            if covers.get(across).is_none_or(Option::is_some) {
                continue;
            }
            let sign = if half.is_multiple_of(2) { -1 } else { 1 };
            let mut cover = cover;
            for (owner, step) in self.steps.get(half / 2).into_iter().flatten() {
                *cover.entry(*owner).or_default() += sign * step;
            }
            cover.retain(|_, depth| *depth != 0);
            queue.extend(borders[across].iter().map(|half| (*half, cover.clone())));
            covers[across] = Some(cover);
        }
        self.owners = covers
            .into_iter()
            .map(|cover| {
                let mut owners: Vec<usize> = cover.unwrap_or_default().into_keys().collect();
                owners.sort_unstable();
                owners.retain(|owner| *owner < count);
                owners
            })
            .collect();
    }

    /// Gives every face that several polygons cover, and every narrow gap, to one polygon.
    fn settle(&mut self, gap_width: f64, strategy: MergeStrategy, count: usize) {
        let mut areas = vec![0.0; count];
        let mut sizes = vec![0.0; self.faces.count];
        let mut borders: Vec<HashMap<usize, f64>> = vec![HashMap::new(); self.faces.count];
        for edge in self.graph.edges() {
            let path = self.graph.path(edge);
            let length = distance_squared(path[0], path[path.len() - 1]).sqrt();
            for half in [2 * edge, 2 * edge + 1] {
                let (face, across) = (self.faces.of[half], self.faces.of[half ^ 1]);
                if face >= self.faces.count {
                    continue;
                }
                // Twice the area that an edge sweeps around the origin, clockwise.
                let mut ends: Vec<Xy> = Vec::with_capacity(3);
                self.graph.extend_path(half, &mut ends);
                let to = self.graph.at(self.graph.origin(half ^ 1));
                let origin = self.graph.at(0);
                sizes[face] -= signed_area(&[origin, ends[0], to, origin]);
                if let Some([owner]) = self.owners.get(across).map(Vec::as_slice) {
                    *borders[face].entry(*owner).or_default() += length;
                }
            }
        }
        for (face, owners) in self.owners.iter().enumerate() {
            for owner in owners {
                areas[*owner] += sizes[face];
            }
        }
        let is_narrow_gap = if gap_width > 0.0 {
            self.narrow_gaps(gap_width)
        } else {
            vec![false; self.faces.count]
        };
        let longest = |face: usize, among: Option<&[usize]>| {
            let candidates = borders[face]
                .iter()
                .filter(|(owner, _)| among.is_none_or(|among| among.contains(owner)));
            let best =
                candidates.max_by(|(a, first), (b, second)| first.total_cmp(second).then(b.cmp(a)));
            best.map(|(owner, _)| *owner)
        };
        for (face, is_narrow_gap) in is_narrow_gap.into_iter().enumerate() {
            let owners = self.owners[face].clone();
            let chosen = match owners.as_slice() {
                [] if is_narrow_gap => longest(face, None),
                [] | [_] => continue,
                [first, ..] => match strategy {
                    MergeStrategy::FirstIndex => Some(*first),
                    MergeStrategy::LongestBorder => longest(face, Some(&owners)).or(Some(*first)),
                    MergeStrategy::LargestArea => owners
                        .iter()
                        .copied()
                        .max_by(|a, b| areas[*a].total_cmp(&areas[*b]).then(b.cmp(a))),
                    MergeStrategy::SmallestArea => owners
                        .iter()
                        .copied()
                        .min_by(|a, b| areas[*a].total_cmp(&areas[*b]).then(a.cmp(b))),
                },
            };
            self.owners[face] = chosen.into_iter().collect();
        }
    }

    /// Returns whether each face is a gap that is nowhere wider than a width.
    fn narrow_gaps(&self, width: f64) -> Vec<bool> {
        let is_gap = |face: usize| self.owners[face].is_empty().then_some(face);
        let gaps = polygons_of_owners(&self.graph, &self.faces, is_gap, self.faces.count);
        gaps.iter()
            .map(|polygons| {
                !polygons.is_empty() && polygons.iter().all(|rings| is_narrow(rings, width))
            })
            .collect()
    }

    /// Returns the polygons of each owner.
    fn polygons(&self, count: usize) -> Vec<Vec<Rings>> {
        let owner_of = |face: usize| match self.owners[face].as_slice() {
            [owner] => Some(*owner),
            _ => None,
        };
        polygons_of_owners(&self.graph, &self.faces, owner_of, count)
    }
}
