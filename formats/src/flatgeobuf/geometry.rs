//! Geometries as WKB.

use godwit_geometry::{Dimension, Kind, Layout};

use super::header::Header;
use super::table::{Checked, Table};

/// How deep geometries may stand in each other.
const DEEPEST: usize = 32;
const TOO_DEEP: &str = "a geometry is nested too deeply";
const REPEATED: &str = "a geometry repeats its parts";
const NAN: [u8; 8] = f64::NAN.to_le_bytes();

/// The fields of a geometry in the schema.
mod field {
    pub(super) const ENDS: usize = 0;
    pub(super) const XY: usize = 1;
    pub(super) const Z: usize = 2;
    pub(super) const M: usize = 3;
    pub(super) const TYPE: usize = 6;
    pub(super) const PARTS: usize = 7;
}

/// Writes a geometry that takes `size` bytes in its file into `wkb`, which becomes empty before.
pub(super) fn write(
    wkb: &mut Vec<u8>,
    geometry: Table<'_>,
    header: &Header,
    size: usize,
) -> Checked<()> {
    wkb.clear();
    // Tables may be shared, so that a few bytes stand for more than there is memory; those of an
    // honest file are about as long as their WKB.
    let room = size.saturating_mul(3).saturating_add(64);
    let dimension = dimension(geometry, header, size)?;
    Writer { wkb, dimension, room }.geometry(geometry, header.kind, None, 0)
}

/// Returns the dimension of a geometry: that of the file when it has no positions, and without the
/// heights and measures that are NaN in all of them, as writers fill in what a geometry among
/// others does not have.
fn dimension(geometry: Table<'_>, header: &Header, size: usize) -> Checked<Dimension> {
    if !header.has_z && !header.has_m {
        return Ok(Dimension::Xy);
    }
    let mut found = Found { left: size.saturating_mul(2), ..Found::default() };
    found.look(geometry, 0)?;
    if found.is_placed {
        return Ok(Dimension::new(header.has_z && found.has_z, header.has_m && found.has_m));
    }
    Ok(Dimension::new(header.has_z, header.has_m))
}

/// What the positions of a geometry have.
#[derive(Default)]
struct Found {
    is_placed: bool,
    has_z: bool,
    has_m: bool,
    /// How many bytes may be looked at, tables counting as one.
    left: usize,
}

impl Found {
    fn look(&mut self, geometry: Table<'_>, depth: usize) -> Checked<()> {
        self.left = self.left.checked_sub(1).ok_or(REPEATED)?;
        if depth > DEEPEST {
            return Err(TOO_DEEP);
        }
        let mut has = |field| -> Checked<bool> {
            let vector = geometry.vector(field, 8)?;
            self.left = self.left.checked_sub(vector.len()).ok_or(REPEATED)?;
            let mut numbers = vector.chunks_exact(8);
            Ok(numbers.any(|number| {
                number.first_chunk().is_some_and(|number| !f64::from_le_bytes(*number).is_nan())
            }))
        };
        let (is_placed, has_z, has_m) = (has(field::XY)?, has(field::Z)?, has(field::M)?);
        self.is_placed |= is_placed;
        self.has_z |= has_z;
        self.has_m |= has_m;
        geometry.tables(field::PARTS)?.try_for_each(|part| self.look(part?, depth + 1))
    }
}

struct Writer<'w> {
    wkb: &'w mut Vec<u8>,
    dimension: Dimension,
    /// How long the result may become.
    room: usize,
}

impl Writer<'_> {
    /// Writes a geometry whose kind is said by itself, or else by its surroundings.
    fn geometry(
        &mut self,
        table: Table<'_>,
        usual: Option<Kind>,
        inside: Option<Kind>,
        depth: usize,
    ) -> Checked<()> {
        if depth > DEEPEST {
            return Err(TOO_DEEP);
        }
        let kind = match table.byte(field::TYPE)? {
            0 => usual.ok_or("a geometry has no type")?,
            code => Kind::from_code(code.into()).ok_or("a geometry has an unknown type")?,
        };
        if inside.is_some_and(|outer| !outer.can_contain(kind)) {
            return Err("a geometry has parts of a wrong type");
        }
        let positions = Positions::of(table)?;
        match kind.layout() {
            Layout::Position => self.point(positions.first()),
            Layout::Path => {
                self.header(kind)?;
                self.path(positions)
            }
            Layout::Rings => {
                self.counted_header(kind, positions.part_count())?;
                positions.parts().try_for_each(|ring| self.path(ring?))
            }
            Layout::Members => self.members(table, kind, positions, depth),
        }
    }

    fn members(
        &mut self,
        table: Table<'_>,
        kind: Kind,
        positions: Positions<'_>,
        depth: usize,
    ) -> Checked<()> {
        match kind {
            Kind::MultiPoint => {
                self.counted_header(kind, positions.count)?;
                return (0..positions.count)
                    .try_for_each(|index| self.point(positions.slice(index, index + 1)));
            }
            Kind::MultiLineString => {
                self.counted_header(kind, positions.part_count())?;
                return positions.parts().try_for_each(|line| {
                    self.header(Kind::LineString)?;
                    self.path(line?)
                });
            }
            // Some writers make parts of the triangles, others keep them as paths.
            Kind::Tin if positions.count > 0 => {
                self.counted_header(kind, positions.part_count())?;
                return positions.parts().try_for_each(|ring| {
                    self.counted_header(Kind::Triangle, 1)?;
                    self.path(ring?)
                });
            }
            _ => {}
        }
        let mut parts = table.tables(field::PARTS)?;
        self.counted_header(kind, parts.len())?;
        parts.try_for_each(|part| self.geometry(part?, kind.member(), Some(kind), depth + 1))
    }

    fn append(&mut self, bytes: &[u8]) -> Checked<()> {
        self.room = self.room.checked_sub(bytes.len()).ok_or(REPEATED)?;
        self.wkb.extend_from_slice(bytes);
        Ok(())
    }

    fn header(&mut self, kind: Kind) -> Checked<()> {
        self.append(&[1])?;
        self.append(&self.dimension.iso_code(kind).to_le_bytes())
    }

    fn counted_header(&mut self, kind: Kind, count: usize) -> Checked<()> {
        self.header(kind)?;
        self.count(count)
    }

    fn count(&mut self, count: usize) -> Checked<()> {
        let count = u32::try_from(count).map_err(|_many| "a geometry has too many parts")?;
        self.append(&count.to_le_bytes())
    }

    /// Writes one position, or that there is none.
    fn point(&mut self, positions: Option<Positions<'_>>) -> Checked<()> {
        self.header(Kind::Point)?;
        match positions {
            Some(positions) => self.coordinates(positions),
            None => (0..self.dimension.size()).try_for_each(|_| self.append(&NAN)),
        }
    }

    fn path(&mut self, positions: Positions<'_>) -> Checked<()> {
        self.count(positions.count)?;
        self.coordinates(positions)
    }

    fn coordinates(&mut self, positions: Positions<'_>) -> Checked<()> {
        if self.dimension == Dimension::Xy {
            return self.append(positions.xy);
        }
        let mut heights = positions.z.chunks_exact(8);
        let mut measures = positions.m.chunks_exact(8);
        for xy in positions.xy.chunks_exact(16) {
            self.append(xy)?;
            if self.dimension.has_z() {
                self.append(heights.next().unwrap_or(&NAN))?;
            }
            if self.dimension.has_m() {
                self.append(measures.next().unwrap_or(&NAN))?;
            }
        }
        Ok(())
    }
}

/// Positions as they are stored: all X and Y, and all heights and measures behind them.
#[derive(Debug, Clone, Copy)]
struct Positions<'a> {
    count: usize,
    xy: &'a [u8],
    z: &'a [u8],
    m: &'a [u8],
    /// Where paths end, four bytes each; one path need not say it.
    ends: &'a [u8],
}

impl<'a> Positions<'a> {
    fn of(table: Table<'a>) -> Checked<Self> {
        let xy = table.vector(field::XY, 8)?;
        let count = xy.len() / 16;
        let (z, m) = (table.vector(field::Z, 8)?, table.vector(field::M, 8)?);
        let fits = |numbers: &[u8]| numbers.is_empty() || numbers.len() == 8 * count;
        if xy.len() % 16 != 0 || !fits(z) || !fits(m) {
            return Err("a geometry has incomplete positions");
        }
        Ok(Self { count, xy, z, m, ends: table.vector(field::ENDS, 4)? })
    }

    fn slice(&self, start: usize, end: usize) -> Option<Self> {
        let of = |numbers: &'a [u8], size: usize| match numbers {
            [] => Some(numbers),
            _ => numbers.get(size * start..size * end),
        };
        let (xy, z, m) = (of(self.xy, 16)?, of(self.z, 8)?, of(self.m, 8)?);
        Some(Self { count: end.checked_sub(start)?, xy, z, m, ends: &[] })
    }

    fn first(&self) -> Option<Self> {
        if self.count == 0 { None } else { self.slice(0, 1) }
    }

    fn part_count(&self) -> usize {
        match self.ends.len() / 4 {
            0 if self.count > 0 => 1,
            count => count,
        }
    }

    fn parts(self) -> impl Iterator<Item = Checked<Self>> {
        let mut start = 0;
        let ends = self.ends.chunks_exact(4).map(|end| {
            let end = end.first_chunk().map_or(0, |end| u32::from_le_bytes(*end));
            usize::try_from(end).unwrap_or(usize::MAX)
        });
        let only = (self.ends.is_empty() && self.count > 0).then_some(self.count);
        ends.chain(only).map(move |end| {
            let part =
                if start <= end && end <= self.count { self.slice(start, end) } else { None };
            start = end;
            part.ok_or("the parts of a geometry are out of order")
        })
    }
}
