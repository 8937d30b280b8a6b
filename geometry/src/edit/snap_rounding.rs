//! Snap rounding: rings drawn through the nodes of a grid without new crossings.
//!
//! Every vertex and every crossing marks the node it is closest to, and every edge is led through
//! the marked nodes whose cells it passes. After Hobby, Practical segment intersection with
//! finite precision output (1999).

use std::collections::HashMap;
use std::ops::ControlFlow;

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;

use super::precision::{Cells, nearest};
use crate::overlay::AreaOverlay;
use crate::planar::{EdgeTree, Key, Role, Shape, Xy, crossing_point, key, orient};
use crate::{Bounds, Geometry, GeometryError, Kind, interrupt};

/// The number of crossings, beside one for each vertex: with its node each takes some 150 bytes.
const MAX_CROSSINGS: usize = 4_000_000;

/// Rings of X, Y and height, exterior first.
pub(super) type Polygon3 = Vec<Vec<[f64; 3]>>;

/// Returns the polygons of a geometry drawn through the nodes of a grid.
pub(super) fn snap_polygons(
    geometry: Geometry<'_>,
    cells: Cells,
) -> Result<Vec<Polygon3>, GeometryError> {
    let compute = || Snapping::new(geometry, cells)?.polygons();
    interrupt::contained_or("the polygons cannot be placed on the grid", compute)?
}

/// Rings in units of the grid, and the nodes they are drawn through.
struct Snapping {
    cells: Cells,
    rings: Shape,
    /// The heights of the rings' vertices.
    heights: HashMap<Key, f64>,
    /// The heights of the marked nodes.
    nodes: HashMap<Key, f64>,
}

impl Snapping {
    fn new(geometry: Geometry<'_>, cells: Cells) -> Result<Self, GeometryError> {
        let mut rings = Shape::default();
        let mut heights = HashMap::new();
        let mut is_finite = true;
        let mut add = |polygon: Geometry<'_>, group: usize| {
            let mut paths = Vec::new();
            for ring in polygon.rings() {
                let mut path = Vec::with_capacity(ring.len());
                for coord in ring {
                    let place = cells.place(coord);
                    is_finite &= place[0].is_finite() && place[1].is_finite();
                    heights.entry(key(place)).or_insert(coord.z);
                    path.push(place);
                }
                paths.push(path);
            }
            rings.add_polygon(paths.iter().map(Vec::as_slice), group);
        };
        if geometry.kind() == Kind::Polygon {
            add(geometry, 0);
        }
        for (group, part) in geometry.parts().enumerate() {
            add(part, group);
        }
        if !is_finite {
            return Err(GeometryError::InvalidArgument {
                reason: "a coordinate of the polygon is not finite".to_owned(),
            });
        }
        Ok(Self { cells, rings, heights, nodes: HashMap::new() })
    }

    fn polygons(mut self) -> Result<Vec<Polygon3>, GeometryError> {
        if self.rings.paths.is_empty() {
            return Ok(Vec::new());
        }
        self.mark_nodes()?;
        let mut nodes = Shape::default();
        for node in self.nodes.keys() {
            let at = node.map(f64::from_bits);
            nodes.add_edge(at, at, Role::Line);
        }
        let tree = EdgeTree::new(&nodes);
        let mut drawn = Vec::with_capacity(self.rings.paths.len());
        for path in &self.rings.paths {
            let mut ring = draw(self.rings.path_coords(path), &nodes, &tree);
            if !path.interior_left {
                ring.reverse();
            }
            if ring.len() > 3 {
                drawn.push(ring);
            }
        }
        let mut overlay = AreaOverlay::of(drawn.iter().map(Vec::as_slice));
        for ring in &drawn {
            overlay.add_subject(ring);
        }
        let polygons = overlay.run(OverlayRule::Subject, FillRule::Positive)?;
        Ok(polygons.iter().map(|rings| self.placed(rings)).collect())
    }

    fn mark_nodes(&mut self) -> Result<(), GeometryError> {
        let most = MAX_CROSSINGS + self.rings.coords.len();
        for place in self.rings.coords.iter().chain(&self.rings.points) {
            let height = self.height(*place);
            self.nodes.entry(key(nearest(*place))).or_insert(height);
        }
        let tree = EdgeTree::new(&self.rings);
        let mut crossings = Vec::new();
        let shape = (&self.rings, &tree);
        let _ = EdgeTree::pairs(shape, shape, &mut |first, second| {
            if second > first {
                let (a, b) = (self.rings.segment(first), self.rings.segment(second));
                let crosses = orient(a[0], a[1], b[0]) * orient(a[0], a[1], b[1]) < 0
                    && orient(b[0], b[1], a[0]) * orient(b[0], b[1], a[1]) < 0;
                if crosses {
                    let at = crossing_point(a, b);
                    crossings.push((at, self.height_along(at, a)));
                }
            }
            if crossings.len() > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if crossings.len() > most {
            return Err(GeometryError::TooComplex);
        }
        for (at, height) in crossings {
            self.nodes.entry(key(nearest(at))).or_insert(height);
        }
        Ok(())
    }

    /// Returns rings of nodes as rings of coordinates.
    fn placed(&self, rings: &[Vec<Xy>]) -> Polygon3 {
        let coordinate = |node: &Xy| {
            let node = nearest(*node);
            let [x, y] = self.cells.position(node);
            [x, y, self.nodes.get(&key(node)).copied().unwrap_or(f64::NAN)]
        };
        rings.iter().map(|ring| ring.iter().map(coordinate).collect()).collect()
    }

    fn height(&self, place: Xy) -> f64 {
        self.heights.get(&key(place)).copied().unwrap_or(f64::NAN)
    }

    fn height_along(&self, at: Xy, [from, to]: [Xy; 2]) -> f64 {
        let length = (to[0] - from[0]).hypot(to[1] - from[1]);
        let part = (at[0] - from[0]).hypot(at[1] - from[1]) / length;
        let (low, high) = (self.height(from), self.height(to));
        low + (high - low) * part
    }
}

/// Returns a ring led through the marked nodes.
fn draw(ring: &[Xy], nodes: &Shape, tree: &EdgeTree) -> Vec<Xy> {
    let mut drawn: Vec<Xy> = ring.first().map(|place| nearest(*place)).into_iter().collect();
    for edge in ring.windows(2) {
        let [from, to] = [edge[0], edge[1]];
        let (start, end) = (nearest(from), nearest(to));
        if start == end {
            continue;
        }
        let mut passed: Vec<(f64, Xy)> = Vec::new();
        let (low, high) =
            ([from[0].min(to[0]), from[1].min(to[1])], [from[0].max(to[0]), from[1].max(to[1])]);
        let window = Bounds::new(low[0], low[1], high[0], high[1]).expand(0.5);
        tree.search(nodes, &window, |index| {
            let [node, _] = nodes.segment(index);
            if node != start && node != end && passes(node, from, to) {
                let along = (node[0] - from[0]) * (to[0] - from[0])
                    + (node[1] - from[1]) * (to[1] - from[1]);
                passed.push((along, node));
            }
        });
        passed.sort_by(|a, b| a.0.total_cmp(&b.0));
        for node in passed.into_iter().map(|(_, node)| node).chain([end]) {
            if drawn.last() != Some(&node) {
                drawn.push(node);
            }
        }
    }
    drawn
}

/// Returns whether an edge passes through the cell of a node. The left and lower sides belong to
/// the cell.
fn passes(node: Xy, from: Xy, to: Xy) -> bool {
    let (left, right) = (node[0] - 0.5, node[0] + 0.5);
    let (bottom, top) = (node[1] - 0.5, node[1] + 0.5);
    if from[0].min(to[0]) >= right
        || from[0].max(to[0]) < left
        || from[1].min(to[1]) >= top
        || from[1].max(to[1]) < bottom
    {
        return false;
    }
    if from[0] == to[0] || from[1] == to[1] {
        return true;
    }
    let corner = orient(from, to, [left, bottom]);
    let others = [[left, top], [right, top], [right, bottom]].map(|at| orient(from, to, at));
    let has = |side: i8| corner == side || others.contains(&side);
    corner == 0 || (has(1) && has(-1))
}
