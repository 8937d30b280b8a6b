//! Reads what is put together of paths and areas with arcs.

use super::parse::{Parser, TOO_FEW, UNCLOSED};
use crate::{Coord, GeometryError, Kind};

impl Parser<'_> {
    /// Reads the members of a geometry that may have arcs: a line or a polygon without its name,
    /// others with it.
    pub(super) fn curves(&mut self, parent: Kind, depth: usize) -> Result<(), GeometryError> {
        let mut path = None;
        self.list(|this| {
            let kind = this.curve(parent, depth)?;
            match parent {
                Kind::CompoundCurve => path = Some(this.joined(path)?),
                Kind::CurvePolygon => this.check_ring(kind)?,
                _ => {}
            }
            Ok(())
        })?;
        self.ends = path;
        Ok(())
    }

    /// Reads one member and returns its kind.
    fn curve(&mut self, parent: Kind, depth: usize) -> Result<Kind, GeometryError> {
        self.skip_space();
        let unnamed = parent.unnamed_member().unwrap_or(Kind::LineString);
        if self.accept_empty() {
            self.writer.empty(unnamed);
            self.ends = None;
            return Ok(unnamed);
        }
        if self.peek() != Some(b'(') {
            return self.geometry(Some(parent), depth + 1);
        }
        self.member(unnamed)?;
        Ok(unnamed)
    }

    /// Returns where a path starts and ends that goes on with the one that was read last.
    fn joined(&self, path: Option<[Coord; 2]>) -> Result<[Coord; 2], GeometryError> {
        match (path, self.ends) {
            (None, Some(ends)) => Ok(ends),
            (Some([start, joint]), Some([next, end])) if self.is_same_place(joint, next, false) => {
                Ok([start, end])
            }
            _ => Err(self.error("incontinuous compound curve")),
        }
    }

    /// Refuses a ring that is too short or does not end where it starts.
    fn check_ring(&self, kind: Kind) -> Result<(), GeometryError> {
        let is_short = kind == Kind::LineString && self.coords.len() < 4;
        match self.ends {
            Some(_) if is_short => Err(self.error(TOO_FEW)),
            None => Err(self.error(TOO_FEW)),
            Some([first, last]) if self.is_same_place(first, last, true) => Ok(()),
            Some(_) => Err(self.error(UNCLOSED)),
        }
    }
}
