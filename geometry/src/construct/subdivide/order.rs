//! Where the rings of a clipped polygon start and in which order its parts come, as in GEOS.
//!
//! GEOS keeps the pieces of all borders in the order of the input, and a ring of the result starts
//! with the first of its pieces. That decides between vertices that are equally close to the middle
//! of a part, through one of which it is cut next, and which vertex stays although it lies between
//! its neighbours.

use std::collections::HashMap;

use crate::planar::{Key, Xy, closest_on_segment, distance_squared, key};
use crate::{Bounds, Coord, Geometry, Kind, WkbWriter};

/// How far off an edge a position on it may be, as a part of the largest ordinate.
const ROUNDING: f64 = 1e-12;

/// Returns the areas that are left of a polygon in a window, with rings and parts in the order of
/// GEOS; nothing when there are none.
pub(super) fn in_order(
    polygon: Geometry<'_>,
    window: &Bounds,
    clipped: Geometry<'_>,
) -> Option<Vec<u8>> {
    if polygon.kind() != Kind::Polygon {
        return None;
    }
    let input = Input::new(polygon, window);
    let polygons: Vec<Geometry<'_>> = match clipped.kind() {
        Kind::Polygon => vec![clipped],
        // Where the window only touches the polygon there are lines and points, which are no parts.
        _ => clipped.parts().filter(|part| part.kind() == Kind::Polygon).collect(),
    };
    if polygons.is_empty() {
        return None;
    }
    let mut parts =
        polygons.into_iter().map(|part| input.ordered(part)).collect::<Option<Vec<_>>>()?;
    parts.sort_by(|a, b| a.place.compare(&b.place));
    let mut writer = WkbWriter::new(clipped.dimension());
    writer.begin(Kind::MultiPolygon);
    for part in parts {
        writer.begin(Kind::Polygon);
        for ring in part.rings {
            writer.ring(ring.coords);
        }
        writer.end();
    }
    writer.end();
    Some(writer.into_bytes())
}

/// The borders that meet: the rings of the polygon, then that of the window.
struct Input {
    /// Closed rings.
    rings: Vec<Vec<Xy>>,
    /// The rings and indexes of every vertex.
    vertices: HashMap<Key, Vec<(usize, usize)>>,
    window: Bounds,
    /// The square of the distance that is taken for none.
    tolerance: f64,
}

/// A piece of the input that an edge of the result lies on.
#[derive(Debug, Clone, Copy)]
struct Place {
    ring: usize,
    edge: usize,
    /// How far from the start of the edge the piece starts, squared.
    along: f64,
    /// Whether the result runs in the direction of the input.
    is_forward: bool,
}

/// A polygon of the result.
struct Part {
    rings: Vec<Ring>,
    /// The place of the exterior.
    place: Place,
}

/// A ring of the result and the first of the pieces that it is made of.
struct Ring {
    coords: Vec<Coord>,
    place: Place,
}

impl Place {
    fn compare(&self, other: &Self) -> std::cmp::Ordering {
        let order = (self.ring, self.edge).cmp(&(other.ring, other.edge));
        order.then(self.along.total_cmp(&other.along))
    }
}

impl Input {
    fn new(polygon: Geometry<'_>, window: &Bounds) -> Self {
        let mut rings: Vec<Vec<Xy>> = polygon
            .rings()
            .map(|ring| (0..ring.len()).map(|index| ring.xy(index)).collect())
            .collect();
        let Bounds { xmin, ymin, xmax, ymax } = *window;
        rings.push(vec![[xmin, ymin], [xmin, ymax], [xmax, ymax], [xmax, ymin], [xmin, ymin]]);
        let mut vertices: HashMap<Key, Vec<(usize, usize)>> = HashMap::new();
        let mut largest = 0.0_f64;
        for (number, ring) in rings.iter().enumerate() {
            for (index, at) in ring.iter().enumerate() {
                vertices.entry(key(*at)).or_default().push((number, index));
                largest = largest.max(at[0].abs()).max(at[1].abs());
            }
        }
        let tolerance = (largest * ROUNDING).powi(2);
        Self { rings, vertices, window: *window, tolerance }
    }

    fn ordered(&self, polygon: Geometry<'_>) -> Option<Part> {
        let mut rings = polygon.rings().map(|ring| self.started(ring.iter().collect()));
        let exterior = rings.next()??;
        let place = exterior.place;
        let mut holes = rings.collect::<Option<Vec<_>>>()?;
        holes.sort_by(|a, b| a.place.compare(&b.place));
        holes.insert(0, exterior);
        Some(Part { rings: holes, place })
    }

    /// Returns a closed ring that starts with the first piece of the input.
    fn started(&self, mut coords: Vec<Coord>) -> Option<Ring> {
        coords.pop();
        let count = coords.len();
        let at = |index: usize| coords.get(index % count).map(|coord| [coord.x, coord.y]);
        let places: Vec<Option<Place>> =
            (0..count).map(|index| self.place(at(index)?, at(index + 1)?)).collect();
        let found = places.iter().enumerate().filter_map(|(index, place)| Some((index, (*place)?)));
        let (mut start, first) = found.min_by(|a, b| a.1.compare(&b.1))?;
        if !first.is_forward {
            // A piece reaches from one node to the next, and is entered at its end.
            let is_same = |index: usize| {
                let place = places.get(index % count).copied().flatten();
                place.is_some_and(|place| place.ring == first.ring && !place.is_forward)
            };
            for _ in 0..count {
                if self.is_node(at(start)?) || !is_same(start + count - 1) {
                    break;
                }
                start = (start + count - 1) % count;
            }
        }
        // GEOS leaves out the first position of the first piece, and closes the ring with the second.
        coords.rotate_left((start + 1) % count);
        coords.extend(coords.first().copied());
        Some(Ring { coords, place: first })
    }

    /// Returns the first place in the input that an edge of the result lies on.
    fn place(&self, from: Xy, to: Xy) -> Option<Place> {
        let mut best: Option<Place> = None;
        let mut look = |ring: usize, edge: usize| {
            let Some(place) = self.place_on(ring, edge, from, to) else { return };
            if best.is_none_or(|best| place.compare(&best).is_lt()) {
                best = Some(place);
            }
        };
        for at in [from, to] {
            for (ring, index) in self.vertices.get(&key(at)).into_iter().flatten() {
                look(*ring, *index);
                // A closed ring comes back to its first vertex as to its last.
                if let Some(before) = index.checked_sub(1) {
                    look(*ring, before);
                }
            }
        }
        if best.is_some() {
            return best;
        }
        for (number, ring) in self.rings.iter().enumerate() {
            for edge in 0..ring.len().saturating_sub(1) {
                if let Some(place) = self.place_on(number, edge, from, to) {
                    return Some(place);
                }
            }
        }
        None
    }

    fn place_on(&self, ring: usize, edge: usize, from: Xy, to: Xy) -> Option<Place> {
        let [a, b] = *self.rings.get(ring)?.get(edge..edge + 2)?.first_chunk::<2>()?;
        let is_on = |at: Xy| distance_squared(at, closest_on_segment(at, [a, b])) <= self.tolerance;
        if !is_on(from) || !is_on(to) {
            return None;
        }
        let is_forward =
            (to[0] - from[0]) * (b[0] - a[0]) + (to[1] - from[1]) * (b[1] - a[1]) > 0.0;
        let along = distance_squared(a, from).min(distance_squared(a, to));
        Some(Place { ring, edge, along, is_forward })
    }

    /// Returns whether pieces of the input end at a position: where a ring starts, where rings
    /// touch, and where they meet the window.
    fn is_node(&self, at: Xy) -> bool {
        let Bounds { xmin, ymin, xmax, ymax } = self.window;
        let is_on_window = at[0] == xmin || at[0] == xmax || at[1] == ymin || at[1] == ymax;
        // The first vertex of a ring is its last one too.
        is_on_window || self.vertices.get(&key(at)).is_some_and(|places| places.len() > 1)
    }
}
