//! One pass over the structure of WKB: the check and the visit are the same code.

use super::Sequence;
use crate::{Dimension, GeometryError, Kind, Layout};

/// The deepest nesting of collections that is read.
pub const MAX_DEPTH: usize = 64;

const EWKB_Z: u32 = 0x8000_0000;
const EWKB_M: u32 = 0x4000_0000;
const EWKB_SRID: u32 = 0x2000_0000;
const EWKB_FLAGS: u32 = EWKB_Z | EWKB_M | EWKB_SRID;

/// What stands before the body of a geometry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub(super) kind: Kind,
    pub(super) dimension: Dimension,
    pub(super) little: bool,
    /// Whether the header is that of canonical WKB.
    pub(super) canonical: bool,
    /// Where the body starts: 5, or 9 after an SRID.
    pub(super) body: u8,
}

/// Where and why a walk stopped.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fault {
    offset: usize,
    reason: Reason,
}

#[derive(Debug, Clone, Copy)]
enum Reason {
    Truncated,
    ByteOrder(u8),
    Type(u32),
    Count(u32),
    Member(Kind, Kind),
    Arcs(u32),
    Depth,
}

impl From<Fault> for GeometryError {
    fn from(fault: Fault) -> Self {
        let reason = match fault.reason {
            Reason::Truncated => "unexpected end of the bytes".to_owned(),
            Reason::ByteOrder(byte) => format!("unknown byte order {byte}, expected 0 or 1"),
            Reason::Type(code) => format!("unknown geometry type {code}"),
            Reason::Count(count) => format!("a count of {count} is more than the bytes can hold"),
            Reason::Member(parent, member) => {
                format!("a {} cannot contain a {}", parent.wkt_name(), member.wkt_name())
            }
            Reason::Arcs(count) => {
                format!("a CIRCULARSTRING has an odd number of positions from 3 on, not {count}")
            }
            Reason::Depth => format!("geometries are nested deeper than {MAX_DEPTH}"),
        };
        Self::InvalidWkb { offset: fault.offset, reason }
    }
}

/// Reads the header at an offset.
#[inline]
pub(super) fn header(bytes: &[u8], offset: usize) -> Result<Header, Fault> {
    let truncated = || Fault { offset: bytes.len(), reason: Reason::Truncated };
    let rest = bytes.get(offset..).ok_or_else(truncated)?;
    let [order, a, b, c, d] = *rest.first_chunk::<5>().ok_or_else(truncated)?;
    let little = match order {
        0 => false,
        1 => true,
        other => return Err(Fault { offset, reason: Reason::ByteOrder(other) }),
    };
    let code = integer([a, b, c, d], little);
    if little && (1..=7).contains(&code) {
        let kind = Kind::from_code(code).unwrap_or(Kind::GeometryCollection);
        return Ok(Header { kind, dimension: Dimension::Xy, little, canonical: true, body: 5 });
    }
    let unknown = Fault { offset: offset + 1, reason: Reason::Type(code) };
    let plain = code & !EWKB_FLAGS;
    let kind = Kind::from_code(plain % 1000).ok_or(unknown)?;
    let (iso_z, iso_m) = match plain / 1000 {
        0 => (false, false),
        1 => (true, false),
        2 => (false, true),
        3 => (true, true),
        _ => return Err(unknown),
    };
    let dimension = Dimension::new(iso_z || code & EWKB_Z != 0, iso_m || code & EWKB_M != 0);
    let has_srid = code & EWKB_SRID != 0;
    if has_srid && rest.len() < 9 {
        return Err(truncated());
    }
    Ok(Header {
        kind,
        dimension,
        little,
        canonical: little && code & EWKB_FLAGS == 0,
        body: if has_srid { 9 } else { 5 },
    })
}

/// What a walk over a whole geometry found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    /// Where the geometry ends.
    pub(super) end: usize,
    /// Whether every header was canonical.
    pub(super) canonical: bool,
    /// Whether every kind was basic.
    pub(super) basic: bool,
}

/// Walks the geometry at an offset and calls `visit` with each of its sequences.
///
/// Points, lines and rings without coordinates are visited too, with an empty sequence; an empty
/// point, which is one of NaN ordinates, is visited as it stands.
pub(super) fn walk<'a>(
    bytes: &'a [u8],
    offset: usize,
    depth: usize,
    visit: &mut impl FnMut(Kind, Sequence<'a>),
) -> Result<Extent, Fault> {
    if depth > MAX_DEPTH {
        return Err(Fault { offset, reason: Reason::Depth });
    }
    let head = header(bytes, offset)?;
    let body = offset + usize::from(head.body);
    let (mut canonical, mut basic) = (head.canonical, head.kind.is_basic());
    let end = match head.kind.layout() {
        Layout::Position => sequence(bytes, body, 1, head, visit)?,
        Layout::Path => {
            let count = count(bytes, body, head.little)?;
            if head.kind == Kind::CircularString && count > 0 && (count < 3 || count % 2 == 0) {
                return Err(Fault { offset: body, reason: Reason::Arcs(count) });
            }
            sequence(bytes, body + 4, count, head, visit)?
        }
        Layout::Rings => {
            let rings = count(bytes, body, head.little)?;
            let mut position = body + 4;
            for _ in 0..rings {
                let count = count(bytes, position, head.little)?;
                position = sequence(bytes, position + 4, count, head, visit)?;
            }
            position
        }
        Layout::Members => {
            let members = count(bytes, body, head.little)?;
            let mut position = body + 4;
            for _ in 0..members {
                check_member(bytes, position, head.kind)?;
                let member = walk(bytes, position, depth + 1, visit)?;
                canonical &= member.canonical;
                basic &= member.basic;
                position = member.end;
            }
            position
        }
    };
    Ok(Extent { end, canonical, basic })
}

/// Reads a count of coordinates, rings or members.
#[inline]
pub(super) fn count(bytes: &[u8], offset: usize, little: bool) -> Result<u32, Fault> {
    match bytes.get(offset..).and_then(<[u8]>::first_chunk::<4>) {
        Some(field) => Ok(integer(*field, little)),
        None => Err(Fault { offset: bytes.len(), reason: Reason::Truncated }),
    }
}

/// Reads the SRID behind the type of an EWKB header.
pub(super) fn srid(bytes: &[u8], little: bool) -> Option<i32> {
    let field = *bytes.get(5..)?.first_chunk::<4>()?;
    Some(if little { i32::from_le_bytes(field) } else { i32::from_be_bytes(field) })
}

#[inline]
fn sequence<'a>(
    bytes: &'a [u8],
    start: usize,
    count: u32,
    head: Header,
    visit: &mut impl FnMut(Kind, Sequence<'a>),
) -> Result<usize, Fault> {
    let length = (count as usize).saturating_mul(head.dimension.stride());
    let end = start.saturating_add(length);
    let Some(ordinates) = bytes.get(start..end) else {
        let reason =
            if head.kind == Kind::Point { Reason::Truncated } else { Reason::Count(count) };
        return Err(Fault { offset: start.min(bytes.len()), reason });
    };
    visit(head.kind, Sequence::new(ordinates, head.dimension, head.little));
    Ok(end)
}

#[inline]
fn check_member(bytes: &[u8], offset: usize, parent: Kind) -> Result<(), Fault> {
    if parent == Kind::GeometryCollection {
        return Ok(());
    }
    let found = header(bytes, offset)?.kind;
    if parent.can_contain(found) {
        return Ok(());
    }
    Err(Fault { offset, reason: Reason::Member(parent, found) })
}

#[inline]
fn integer(field: [u8; 4], little: bool) -> u32 {
    if little { u32::from_le_bytes(field) } else { u32::from_be_bytes(field) }
}
