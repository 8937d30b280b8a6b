//! Simpler polygons that still share their borders.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap, HashSet};

use super::polygons_of;
use crate::interrupt::is_over;
use crate::planar::{EdgeTree, Key, Role, Shape, Xy, key, orient};
use crate::{Bounds, Coord, Geometry, GeometryError, Kind, WkbWriter, to_iso};

/// Returns the polygons of a coverage with fewer vertices and borders shared as before.
///
/// Vertices whose triangle with their neighbours is smaller than the square of the tolerance are
/// left out, smallest first, as long as no other vertex lies in that triangle. Where three or
/// more polygons meet, vertices stay. Without `simplify_boundary`, so does the outer border.
pub fn simplify(
    geometries: &[Option<Geometry<'_>>],
    tolerance: f64,
    simplify_boundary: bool,
) -> Result<Vec<Option<Vec<u8>>>, GeometryError> {
    if tolerance.is_nan() || tolerance < 0.0 {
        let reason = format!("the tolerance {tolerance} is not positive");
        return Err(GeometryError::InvalidArgument { reason });
    }
    let mut coverage = Coverage::default();
    let mut owned: Vec<Vec<Vec<Vec<Piece>>>> = Vec::with_capacity(geometries.len());
    let nodes = Nodes::new(geometries)?;
    for geometry in geometries {
        let mut polygons = Vec::new();
        for polygon in geometry.map(polygons_of).transpose()?.into_iter().flatten() {
            polygons.push(
                polygon.rings().map(|ring| coverage.add(&nodes, ring.iter().collect())).collect(),
            );
        }
        owned.push(polygons);
    }
    coverage.simplify(tolerance * tolerance, simplify_boundary);
    let write = |(geometry, polygons): (&Option<Geometry<'_>>, &Vec<Vec<Vec<Piece>>>)| {
        geometry.map(|geometry| {
            if geometry.is_empty() {
                return to_iso(geometry).into_owned();
            }
            let mut writer = WkbWriter::new(geometry.dimension());
            let is_multi = geometry.kind() == Kind::MultiPolygon;
            if is_multi {
                writer.begin(Kind::MultiPolygon);
            }
            for rings in polygons {
                writer.begin(Kind::Polygon);
                for pieces in rings {
                    writer.ring(coverage.ring(pieces));
                }
                writer.end();
            }
            if is_multi {
                writer.end();
            }
            writer.into_bytes()
        })
    };
    Ok(geometries.iter().zip(&owned).map(write).collect())
}

/// The vertices where more than two borders meet.
struct Nodes {
    positions: HashSet<Key>,
}

impl Nodes {
    fn new(geometries: &[Option<Geometry<'_>>]) -> Result<Self, GeometryError> {
        let mut uses: HashMap<[Key; 2], usize> = HashMap::new();
        for geometry in geometries.iter().flatten() {
            for polygon in polygons_of(*geometry)? {
                for ring in polygon.rings() {
                    for index in 1..ring.len() {
                        let (a, b) = (key(ring.xy(index - 1)), key(ring.xy(index)));
                        if a != b {
                            *uses.entry(if a <= b { [a, b] } else { [b, a] }).or_default() += 1;
                        }
                    }
                }
            }
        }
        // How many edges meet in a position, and how often the first of them is used.
        let mut meets: HashMap<Key, (usize, usize, bool)> = HashMap::new();
        for (ends, count) in &uses {
            for end in ends {
                let (degree, first, differs) = meets.entry(*end).or_insert((0, *count, false));
                *degree += 1;
                *differs |= first != count;
            }
        }
        let is_node =
            |(_, (degree, _, differs)): &(Key, (usize, usize, bool))| *degree > 2 || *differs;
        let positions = meets.into_iter().filter(is_node).map(|(at, _)| at).collect();
        Ok(Self { positions })
    }
}

/// A chain in a ring, and whether it is followed backwards.
struct Piece {
    chain: usize,
    is_reversed: bool,
}

/// A border between two nodes, or a closed one without nodes.
struct Chain {
    coords: Vec<Coord>,
    /// Whether a vertex has not been left out.
    is_kept: Vec<bool>,
    /// The vertices kept before and after each one.
    beside: Vec<[usize; 2]>,
    count: usize,
    uses: usize,
    is_ring: bool,
}

#[derive(Default)]
struct Coverage {
    chains: Vec<Chain>,
    known: HashMap<Vec<Key>, usize>,
}

impl Coverage {
    /// Adds a ring; returns the chains it is made of.
    fn add(&mut self, nodes: &Nodes, mut ring: Vec<Coord>) -> Vec<Piece> {
        ring.dedup_by(|a, b| a.x == b.x && a.y == b.y);
        let is_node = |at: &Coord| nodes.positions.contains(&key([at.x, at.y]));
        if ring.len() < 2 {
            return Vec::new();
        }
        ring.pop();
        let first_node = ring.iter().position(is_node);
        let Some(first) = first_node else {
            // Without nodes the ring starts at its lowest vertex, wherever it did before.
            let order = |a: &Coord, b: &Coord| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y));
            let lowest = (0..ring.len()).min_by(|a, b| order(&ring[*a], &ring[*b]));
            ring.rotate_left(lowest.unwrap_or(0));
            ring.extend(ring.first().copied());
            return vec![self.chain(ring, true)];
        };
        ring.rotate_left(first);
        ring.extend(ring.first().copied());
        let mut pieces = Vec::new();
        let mut path: Vec<Coord> = Vec::new();
        for at in ring {
            path.push(at);
            if path.len() > 1 && is_node(&at) {
                let done = std::mem::replace(&mut path, vec![at]);
                pieces.push(self.chain(done, false));
            }
        }
        pieces
    }

    fn chain(&mut self, coords: Vec<Coord>, is_ring: bool) -> Piece {
        let forward: Vec<Key> = coords.iter().map(|at| key([at.x, at.y])).collect();
        let backward: Vec<Key> = forward.iter().rev().copied().collect();
        let is_reversed = backward < forward;
        let keys = if is_reversed { backward } else { forward };
        if let Some(chain) = self.known.get(&keys) {
            self.chains[*chain].uses += 1;
            return Piece { chain: *chain, is_reversed };
        }
        let mut coords = coords;
        if is_reversed {
            coords.reverse();
        }
        self.known.insert(keys, self.chains.len());
        let (count, is_kept) = (coords.len(), vec![true; coords.len()]);
        let beside = (0..count).map(|index| [index.saturating_sub(1), index + 1]).collect();
        self.chains.push(Chain { coords, is_kept, beside, count, uses: 1, is_ring });
        Piece { chain: self.chains.len() - 1, is_reversed }
    }

    /// Returns the ring that chains make.
    fn ring(&self, pieces: &[Piece]) -> Vec<Coord> {
        let mut ring: Vec<Coord> = Vec::new();
        for piece in pieces {
            let chain = &self.chains[piece.chain];
            let kept = chain.coords.iter().zip(&chain.is_kept).filter(|(_, kept)| **kept);
            let mut path: Vec<Coord> = kept.map(|(at, _)| *at).collect();
            if piece.is_reversed {
                path.reverse();
            }
            let ends = [path.first(), path.last()].map(|at| at.map(|at| (at.x, at.y)));
            if chain.is_ring && ends[0] != ends[1] {
                path.extend(path.first().copied());
            }
            let skipped = usize::from(!ring.is_empty());
            ring.extend(path.into_iter().skip(skipped));
        }
        ring
    }

    fn simplify(&mut self, limit: f64, simplify_boundary: bool) {
        let vertices = Vertices::new(&self.chains);
        let mut straight: HashSet<[Key; 2]> = HashSet::new();
        let mut corners = BinaryHeap::new();
        for (number, chain) in self.chains.iter().enumerate() {
            if chain.count == 2 {
                straight.extend(chain.ends());
            }
            if chain.uses > 1 || simplify_boundary {
                let inner = 1..chain.coords.len() - 1;
                corners.extend(inner.filter_map(|index| chain.corner(number, index)));
            }
        }
        while let Some(corner) = corners.pop() {
            is_over();
            if corner.area > limit {
                break;
            }
            let chain = &self.chains[corner.chain];
            let is_current = chain.is_kept[corner.index]
                && chain.neighbours(corner.index) == Some([corner.before, corner.after]);
            let least = if chain.is_ring { 4 } else { 2 };
            if !is_current || chain.count <= least {
                continue;
            }
            let ends = chain.ends();
            if chain.count == 3
                && !chain.is_ring
                && ends.is_none_or(|ends| straight.contains(&ends))
            {
                continue;
            }
            if vertices.any_in(&self.chains, &corner) {
                continue;
            }
            let chain = &mut self.chains[corner.chain];
            chain.leave_out(corner.index);
            if chain.count == 2 {
                straight.extend(ends);
            }
            let next = [corner.before, corner.after];
            corners.extend(next.into_iter().filter_map(|index| chain.corner(corner.chain, index)));
        }
    }
}

impl Chain {
    /// Returns the ends, in order of their keys.
    fn ends(&self) -> Option<[Key; 2]> {
        let [first, last] = [self.coords.first()?, self.coords.last()?].map(|at| key([at.x, at.y]));
        Some(if first <= last { [first, last] } else { [last, first] })
    }

    /// Returns the kept vertices before and after an inner one.
    fn neighbours(&self, index: usize) -> Option<[usize; 2]> {
        let is_inner = index > 0 && index + 1 < self.coords.len();
        is_inner.then(|| self.beside[index])
    }

    /// Leaves an inner vertex out.
    fn leave_out(&mut self, index: usize) {
        let [before, after] = self.beside[index];
        self.is_kept[index] = false;
        self.beside[before][1] = after;
        self.beside[after][0] = before;
        self.count -= 1;
    }

    fn at(&self, index: usize) -> Xy {
        let at = self.coords[index];
        [at.x + 0.0, at.y + 0.0]
    }

    fn corner(&self, chain: usize, index: usize) -> Option<Corner> {
        let [before, after] = self.neighbours(index)?;
        let [a, b, c] = [before, index, after].map(|index| self.at(index));
        let area = ((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])).abs() / 2.0;
        Some(Corner { area, chain, index, before, after, positions: [a, b, c] })
    }
}

/// A vertex with its neighbours; the one with the smallest area is the greatest.
struct Corner {
    area: f64,
    chain: usize,
    index: usize,
    before: usize,
    after: usize,
    positions: [Xy; 3],
}

impl PartialEq for Corner {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Corner {}

impl PartialOrd for Corner {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Corner {
    fn cmp(&self, other: &Self) -> Ordering {
        other
            .area
            .total_cmp(&self.area)
            .then(other.chain.cmp(&self.chain))
            .then(other.index.cmp(&self.index))
    }
}

/// All vertices, with an index.
struct Vertices {
    shape: Shape,
    tree: EdgeTree,
    /// The chain and vertex of each coordinate of the shape.
    owners: Vec<(usize, usize)>,
}

impl Vertices {
    fn new(chains: &[Chain]) -> Self {
        let mut shape = Shape::default();
        let mut owners = Vec::new();
        for (number, chain) in chains.iter().enumerate() {
            for index in 0..chain.coords.len() {
                let at = chain.at(index);
                shape.add_edge(at, at, Role::Line);
                owners.extend([(number, index); 2]);
            }
        }
        let tree = EdgeTree::new(&shape);
        Self { shape, tree, owners }
    }

    /// Returns whether a vertex other than the three of a corner lies in its triangle.
    fn any_in(&self, chains: &[Chain], corner: &Corner) -> bool {
        let [a, b, c] = corner.positions;
        let mut window = Bounds::NOTHING;
        for [x, y] in corner.positions {
            window.add(x, y);
        }
        let mut is_found = false;
        self.tree.search(&self.shape, &window, |segment| {
            let (chain, index) = self.owners[segment];
            let [at, _] = self.shape.segment(segment);
            if is_found || !chains[chain].is_kept[index] || corner.positions.contains(&at) {
                return;
            }
            let sides = [orient(a, b, at), orient(b, c, at), orient(c, a, at)];
            is_found = sides.iter().all(|side| *side >= 0) || sides.iter().all(|side| *side <= 0);
        });
        is_found
    }
}
