//! Polygons from lines.

use super::assemble::{Region, polygons, regions};
use super::faces::Faces;
use super::graph::Graph;
use crate::overlay::Rings;
use crate::planar::Xy;

/// Returns the polygons that lines enclose; the lines are expected to meet at their ends only.
pub(crate) fn polygons_within(lines: &[Vec<Xy>]) -> Vec<Rings> {
    let mut graph = graph_of(lines);
    graph.remove_dangles();
    graph.remove_bridges();
    let faces = Faces::new(&graph);
    let each: Vec<Option<usize>> = (0..faces.count).map(Some).collect();
    let regions = regions(&graph, &faces, &each);
    regions.iter().map(|region| region.rings(&graph)).collect()
}

/// Returns the areas that lines enclose, where an area inside of a hole counts again.
pub(crate) fn areas_within(lines: &[Vec<Xy>]) -> Vec<Rings> {
    let mut graph = graph_of(lines);
    let (faces, is_inside) = area_faces(&mut graph);
    polygons(&graph, &faces, |face| is_inside[face])
}

/// Returns the graph of lines that meet at their ends only.
pub(crate) fn graph_of(lines: &[Vec<Xy>]) -> Graph {
    let mut graph = Graph::default();
    for line in lines {
        if line.len() > 1 {
            graph.add(line);
        }
    }
    graph.sort();
    graph
}

/// Removes the edges of a graph that enclose nothing; returns its faces, and which of them belong
/// to the area that the edges enclose: those with an even number of others around them.
///
/// A face lies around another one if that fills a hole of it alone.
pub(crate) fn area_faces(graph: &mut Graph) -> (Faces, Vec<bool>) {
    graph.remove_dangles();
    graph.remove_bridges();
    let faces = Faces::new(graph);
    let each: Vec<Option<usize>> = (0..faces.count).map(Some).collect();
    let regions = regions(graph, &faces, &each);
    let mut parents: Vec<Option<usize>> = vec![None; faces.count];
    let mut shells: Vec<usize> = vec![0; faces.count];
    let face_of = |region: &Region| {
        region.loops.first().and_then(|shell| shell.halves.first()).map(|half| faces.of[*half])
    };
    let mut is_shell_half = vec![false; faces.of.len()];
    for region in &regions {
        if let (Some(face), Some(shell)) = (face_of(region), region.loops.first()) {
            shells[face] = shell.halves.len();
            for half in &shell.halves {
                is_shell_half[*half] = true;
            }
        }
    }
    for region in &regions {
        let Some(face) = face_of(region) else { continue };
        for hole in region.loops.iter().skip(1) {
            let Some(inner) = hole.halves.first().map(|half| faces.of[half ^ 1]) else { continue };
            let is_filled = |half: &usize| faces.of[half ^ 1] == inner && is_shell_half[half ^ 1];
            if shells.get(inner) == Some(&hole.halves.len()) && hole.halves.iter().all(is_filled) {
                parents[inner] = Some(face);
            }
        }
    }
    // A face is known once the face around it is.
    let mut is_inside: Vec<Option<bool>> = vec![None; faces.count];
    for start in 0..faces.count {
        let mut chain = Vec::new();
        let mut face = start;
        let base = loop {
            if let Some(known) = is_inside[face] {
                break known;
            }
            chain.push(face);
            match parents[face] {
                Some(parent) if chain.len() <= faces.count => face = parent,
                _ => break false,
            }
        };
        let mut inside = base;
        for face in chain.into_iter().rev() {
            inside = !inside;
            is_inside[face] = Some(inside);
        }
    }
    let is_inside = is_inside.into_iter().map(|inside| inside.unwrap_or(false)).collect();
    (faces, is_inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64, size: f64) -> Vec<Xy> {
        vec![[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    }

    #[test]
    fn rings_in_rings_are_holes() {
        let lines = [square(0.0, 0.0, 9.0), square(1.0, 1.0, 7.0), square(2.0, 2.0, 1.0)];
        assert_eq!(polygons_within(&lines).len(), 3);
        let areas = areas_within(&lines);
        assert_eq!(areas.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    }

    #[test]
    fn what_encloses_nothing_is_left_out() {
        let bridge = vec![[1.0, 1.0], [5.0, 5.0]];
        let lines = [square(0.0, 0.0, 1.0), square(5.0, 5.0, 1.0), bridge];
        let polygons = polygons_within(&lines);
        assert_eq!(polygons.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1]);
    }

    #[test]
    fn a_hole_may_touch_its_shell() {
        let shell = vec![[0.0, 0.0], [9.0, 0.0], [9.0, 9.0], [0.0, 9.0], [0.0, 0.0]];
        let hole = vec![[0.0, 0.0], [3.0, 2.0], [2.0, 3.0], [0.0, 0.0]];
        let polygons = polygons_within(&[shell, hole]);
        let mut rings: Vec<usize> = polygons.iter().map(Vec::len).collect();
        rings.sort_unstable();
        assert_eq!(rings, [1, 2]);
    }
}
