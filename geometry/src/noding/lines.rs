//! The lines of a geometry, and lines joined to longer ones.

use std::collections::HashMap;

use crate::planar::{Key, Xy, key};
use crate::{Geometry, Kind};

/// Returns the positions of every line and ring of a geometry, without repetition.
///
/// What has one position only, or one that is not finite, is left out.
pub(crate) fn lines_of(geometries: &[Geometry<'_>]) -> Vec<Vec<Xy>> {
    let mut lines = Vec::new();
    for geometry in geometries {
        geometry.sequences(&mut |kind, sequence| {
            if kind == Kind::Point {
                return;
            }
            let line = positions(sequence.iter().map(|coord| [coord.x, coord.y]));
            if line.len() > 1 && line.iter().flatten().all(|value| value.is_finite()) {
                lines.push(line);
            }
        });
    }
    lines
}

/// Returns positions without repetition; negative zeros become positive.
pub(crate) fn positions(path: impl IntoIterator<Item = Xy>) -> Vec<Xy> {
    let mut line: Vec<Xy> = Vec::new();
    for [x, y] in path {
        let at = [x + 0.0, y + 0.0];
        if line.last() != Some(&at) {
            line.push(at);
        }
    }
    line
}

/// Returns lines joined wherever exactly two of them end in one position that may be passed.
///
/// With `directed`, only where one ends and the other starts; else lines may be reversed, and a
/// joined line runs as most of its parts do.
pub(crate) fn merge(
    lines: &[Vec<Xy>],
    directed: bool,
    may_pass: &dyn Fn(Xy) -> bool,
) -> Vec<Vec<Xy>> {
    let mut joints = Joints { lines, directed, ends: HashMap::new() };
    for (line, path) in lines.iter().enumerate() {
        for (is_last, at) in [(false, path.first()), (true, path.last())] {
            if let Some(at) = at.filter(|at| may_pass(**at)) {
                joints.ends.entry(key(*at)).or_default().push(End { line, is_last });
            }
        }
    }
    let mut is_used = vec![false; lines.len()];
    let mut merged = Vec::new();
    // Lines with a free end first, then what remains: those that are closed.
    for closed in [false, true] {
        for line in 0..lines.len() {
            for is_last in [false, true] {
                let start = End { line, is_last };
                // A directed line is followed from its start.
                let is_start = !(directed && is_last) && (closed || joints.joined(start).is_none());
                if is_start && !is_used[line] {
                    merged.push(joints.follow(start, &mut is_used));
                }
            }
        }
    }
    merged
}

/// One end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct End {
    line: usize,
    is_last: bool,
}

/// Where lines end.
struct Joints<'l> {
    lines: &'l [Vec<Xy>],
    directed: bool,
    ends: HashMap<Key, Vec<End>>,
}

impl Joints<'_> {
    /// Returns the end of another line that is joined to an end.
    fn joined(&self, end: End) -> Option<End> {
        let path = &self.lines[end.line];
        let at = if end.is_last { path.last()? } else { path.first()? };
        let [a, b] = self.ends.get(&key(*at))?.as_slice() else { return None };
        let other = if *a == end { *b } else { *a };
        (!self.directed || other.is_last != end.is_last).then_some(other)
    }

    /// Returns the line that starts at an end.
    fn follow(&self, start: End, is_used: &mut [bool]) -> Vec<Xy> {
        let mut path: Vec<Xy> = Vec::new();
        let mut balance: i64 = 0;
        let mut end = start;
        while !is_used[end.line] {
            is_used[end.line] = true;
            balance += if end.is_last { -1 } else { 1 };
            let mut part = self.lines[end.line].clone();
            if end.is_last {
                part.reverse();
            }
            let skipped = usize::from(!path.is_empty());
            path.extend(part.into_iter().skip(skipped));
            match self.joined(End { line: end.line, is_last: !end.is_last }) {
                Some(next) => end = next,
                None => break,
            }
        }
        if balance < 0 {
            path.reverse();
        }
        path
    }
}
