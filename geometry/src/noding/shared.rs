//! The paths that two lines share.

use std::collections::HashMap;

use super::lines::lines_of;
use super::noder::node;
use super::paths::is_lineal;
use crate::overlay::{Elevation, write_lines};
use crate::planar::{Key, Xy, key};
use crate::{Geometry, GeometryError, Kind, write};

/// Returns a collection of the pieces that two lines share: first those with the same direction
/// in both, then those with opposite directions.
pub fn shared_paths(a: Geometry<'_>, b: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
    for geometry in [a, b] {
        if !is_lineal(geometry) && !geometry.is_empty() {
            let reason = format!("\"{}\" is not a line", geometry.kind().wkt_name());
            return Err(GeometryError::InvalidArgument { reason });
        }
    }
    let first = lines_of(&[a]);
    let count = first.len();
    let mut paths = first;
    paths.extend(lines_of(&[b]));
    let noded = node(paths)?;
    let (first, second) = noded.split_at(count.min(noded.len()));
    let mut directions: HashMap<[Key; 2], bool> = HashMap::new();
    for [from, to] in segments(second) {
        let (ends, is_forward) = ordered(from, to);
        directions.entry(ends).or_insert(is_forward);
    }
    let (mut same, mut opposite) = (Vec::new(), Vec::new());
    for [from, to] in segments(first) {
        let (ends, is_forward) = ordered(from, to);
        // A piece counts once, even if a line runs along it again.
        match directions.remove(&ends) {
            Some(direction) if direction == is_forward => same.push(vec![from, to]),
            Some(_) => opposite.push(vec![from, to]),
            None => {}
        }
    }
    let elevation = Elevation::new(&[a, b]);
    let (same, opposite) = (write_lines(&same, &elevation), write_lines(&opposite, &elevation));
    Ok(write::collection(Kind::GeometryCollection, elevation.dimension(), &[&same, &opposite]))
}

fn segments(paths: &[Vec<Xy>]) -> impl Iterator<Item = [Xy; 2]> + '_ {
    paths.iter().flat_map(|path| path.windows(2).map(|pair| [pair[0], pair[1]]))
}

fn ordered(from: Xy, to: Xy) -> ([Key; 2], bool) {
    let (a, b) = (key(from), key(to));
    if a <= b { ([a, b], true) } else { ([b, a], false) }
}
