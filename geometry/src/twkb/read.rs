//! Reads TWKB.

use super::varint::{pull_signed, pull_unsigned};
use super::{HAS_BOUNDS, HAS_EXTENSION, HAS_IDS, HAS_SIZE, IS_EMPTY, factor};
use crate::wkb::MAX_DEPTH;
use crate::{Coord, Dimension, GeometryError, Kind, WkbWriter, write};

/// Reads TWKB: canonical WKB. Bounding boxes, sizes and ids are skipped.
pub fn parse(bytes: &[u8]) -> Result<Vec<u8>, GeometryError> {
    let mut reader = Reader { rest: bytes };
    reader.geometry(0)
}

struct Reader<'a> {
    rest: &'a [u8],
}

/// What is said about a geometry in front of its body, and the last position read.
struct Head {
    kind: Kind,
    dimension: Dimension,
    factors: [f64; 4],
    has_ids: bool,
    last: [i64; 4],
}

impl Reader<'_> {
    fn geometry(&mut self, depth: usize) -> Result<Vec<u8>, GeometryError> {
        if depth > MAX_DEPTH {
            return Err(invalid(format!("geometries are nested deeper than {MAX_DEPTH}")));
        }
        let first = self.byte()?;
        let kind = Kind::from_code(u32::from(first & 15))
            .filter(|kind| kind.is_basic())
            .ok_or_else(|| invalid(format!("unknown geometry type {}", first & 15)))?;
        let zigzag = first >> 4;
        let xy = (zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed();
        let flags = self.byte()?;
        let mut head = Head {
            kind,
            dimension: Dimension::Xy,
            factors: [factor(xy); 4],
            has_ids: flags & HAS_IDS != 0,
            last: [0; 4],
        };
        if flags & HAS_EXTENSION != 0 {
            let extension = self.byte()?;
            head.dimension = Dimension::new(extension & 1 != 0, extension & 2 != 0);
            let [z, m] = [extension >> 2 & 7, extension >> 5].map(u8::cast_signed);
            let decimals = if head.dimension.has_z() { [z, m] } else { [m, m] };
            for (place, decimals) in head.factors.iter_mut().skip(2).zip(decimals) {
                *place = factor(decimals);
            }
        }
        if flags & HAS_SIZE != 0 {
            self.unsigned()?;
        }
        if flags & IS_EMPTY != 0 {
            return Ok(write::empty(kind, head.dimension));
        }
        if flags & HAS_BOUNDS != 0 {
            for _ in 0..2 * head.dimension.size() {
                self.signed()?;
            }
        }
        if kind == Kind::GeometryCollection {
            return self.collection(&head, depth);
        }
        let mut writer = WkbWriter::new(head.dimension);
        self.body(&mut writer, &mut head, kind)?;
        Ok(writer.into_bytes())
    }

    fn collection(&mut self, head: &Head, depth: usize) -> Result<Vec<u8>, GeometryError> {
        let count = self.count()?;
        self.skip_ids(head, count)?;
        let mut parts = Vec::new();
        for _ in 0..count {
            parts.push(self.geometry(depth + 1)?);
        }
        Ok(write::collection(Kind::GeometryCollection, head.dimension, &parts))
    }

    fn body(
        &mut self,
        writer: &mut WkbWriter,
        head: &mut Head,
        kind: Kind,
    ) -> Result<(), GeometryError> {
        match kind {
            Kind::Point => writer.point(self.position(head)?),
            Kind::LineString => {
                let coords = self.sequence(head)?;
                if coords.len() == 1 {
                    return Err(invalid("a line must have two positions"));
                }
                writer.line(coords);
            }
            Kind::Polygon => {
                writer.begin(Kind::Polygon);
                for _ in 0..self.count()? {
                    let ring = self.sequence(head)?;
                    let is_closed = match (ring.first(), ring.last()) {
                        (Some(first), Some(last)) => first.x == last.x && first.y == last.y,
                        _ => continue,
                    };
                    if ring.len() < 4 || !is_closed {
                        return Err(invalid("a ring must be closed and have four positions"));
                    }
                    writer.ring(ring);
                }
                writer.end();
            }
            kind => {
                let member = kind.member().unwrap_or(Kind::Point);
                let count = self.count()?;
                self.skip_ids(head, count)?;
                writer.begin(kind);
                for _ in 0..count {
                    self.body(writer, head, member)?;
                }
                writer.end();
            }
        }
        Ok(())
    }

    fn sequence(&mut self, head: &mut Head) -> Result<Vec<Coord>, GeometryError> {
        let count = self.count()?;
        (0..count).map(|_| self.position(head)).collect()
    }

    fn position(&mut self, head: &mut Head) -> Result<Coord, GeometryError> {
        let mut ordinates = [f64::NAN; 4];
        let places = ordinates.iter_mut().zip(&mut head.last).zip(head.factors);
        for ((place, last), factor) in places.take(head.dimension.size()) {
            *last = last.wrapping_add(self.signed()?);
            *place = *last as f64 / factor;
        }
        Ok(Coord::from_ordinates(ordinates, head.dimension))
    }

    fn skip_ids(&mut self, head: &Head, count: usize) -> Result<(), GeometryError> {
        if head.has_ids && head.kind.is_collection() {
            for _ in 0..count {
                self.signed()?;
            }
        }
        Ok(())
    }

    /// Reads a count of things that take at least a byte each.
    fn count(&mut self) -> Result<usize, GeometryError> {
        let count = self.unsigned()?;
        let fitting = usize::try_from(count).ok().filter(|count| *count <= self.rest.len());
        fitting
            .ok_or_else(|| invalid(format!("a count of {count} is more than the bytes can hold")))
    }

    fn byte(&mut self) -> Result<u8, GeometryError> {
        let (first, rest) = self.rest.split_first().ok_or_else(truncated)?;
        self.rest = rest;
        Ok(*first)
    }

    fn unsigned(&mut self) -> Result<u64, GeometryError> {
        pull_unsigned(&mut self.rest).ok_or_else(truncated)
    }

    fn signed(&mut self) -> Result<i64, GeometryError> {
        pull_signed(&mut self.rest).ok_or_else(truncated)
    }
}

fn truncated() -> GeometryError {
    invalid("unexpected end of the bytes")
}

fn invalid(reason: impl Into<String>) -> GeometryError {
    GeometryError::InvalidText { format: "TWKB", reason: reason.into() }
}
