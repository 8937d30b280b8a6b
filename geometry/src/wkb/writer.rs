//! Writes canonical WKB piece by piece.

use super::sequence::record_of;
use super::{Geometry, Sequence, rewrite};
use crate::{Coord, Dimension, Kind, Layout};

/// Writes canonical WKB piece by piece.
///
/// Polygons and collections are opened with [`begin`](Self::begin) and closed with
/// [`end`](Self::end); what is written in between is counted as their rings or members. Lines and
/// rings can be written at once or be opened too, and then take one coordinate at a time.
#[derive(Debug, Clone)]
pub struct WkbWriter {
    bytes: Vec<u8>,
    dimension: Dimension,
    /// Where the counts of the open geometries stand, innermost last.
    open: Vec<usize>,
}

impl WkbWriter {
    /// Returns a writer for geometries of one dimension.
    pub fn new(dimension: Dimension) -> Self {
        Self::with_capacity(dimension, 0)
    }

    /// Returns a writer with room for a number of bytes.
    pub fn with_capacity(dimension: Dimension, capacity: usize) -> Self {
        Self { bytes: Vec::with_capacity(capacity), dimension, open: Vec::new() }
    }

    /// Returns a writer that appends to bytes that exist already.
    pub fn append_to(bytes: Vec<u8>, dimension: Dimension) -> Self {
        Self { bytes, dimension, open: Vec::new() }
    }

    /// Writes a point.
    pub fn point(&mut self, coord: Coord) {
        self.header(Kind::Point);
        self.coord(coord);
    }

    /// Writes a line; without coordinates it is an empty line.
    pub fn line(&mut self, coords: impl IntoIterator<Item = Coord>) {
        self.path(Kind::LineString, coords);
    }

    /// Writes a line or a path of arcs; without coordinates it is empty.
    pub fn path(&mut self, kind: Kind, coords: impl IntoIterator<Item = Coord>) {
        self.header(kind);
        self.counted(coords);
    }

    /// Writes a line of the coordinates of a sequence, each replaced.
    #[inline]
    pub fn mapped_line(&mut self, line: Sequence<'_>, map: &mut impl FnMut(Coord) -> Coord) {
        self.mapped_path(Kind::LineString, line, map);
    }

    /// Writes a line or a path of arcs with the coordinates of a sequence, each replaced.
    #[inline]
    pub fn mapped_path(
        &mut self,
        kind: Kind,
        path: Sequence<'_>,
        map: &mut impl FnMut(Coord) -> Coord,
    ) {
        self.header(kind);
        self.mapped(path, map);
    }

    /// Writes a line of the coordinates of a sequence.
    pub fn line_of(&mut self, line: Sequence<'_>) {
        self.mapped_line(line, &mut |coord| coord);
    }

    /// Opens a geometry that is no point.
    pub fn begin(&mut self, kind: Kind) {
        self.header(kind);
        self.open.push(self.bytes.len());
        self.bytes.extend_from_slice(&[0; 4]);
    }

    /// Writes a ring of the polygon that is open.
    pub fn ring(&mut self, coords: impl IntoIterator<Item = Coord>) {
        self.count_child();
        self.counted(coords);
    }

    /// Writes a ring of the coordinates of a sequence, each replaced.
    #[inline]
    pub fn mapped_ring(&mut self, ring: Sequence<'_>, map: &mut impl FnMut(Coord) -> Coord) {
        self.count_child();
        self.mapped(ring, map);
    }

    /// Writes a ring of the coordinates of a sequence.
    pub fn ring_of(&mut self, ring: Sequence<'_>) {
        self.mapped_ring(ring, &mut |coord| coord);
    }

    /// Opens a ring of the polygon that is open.
    pub fn begin_ring(&mut self) {
        self.count_child();
        self.open.push(self.bytes.len());
        self.bytes.extend_from_slice(&[0; 4]);
    }

    /// Writes one coordinate of the line or ring that is open.
    pub fn counted_coord(&mut self, coord: Coord) {
        self.coord(coord);
        self.count_child();
    }

    /// Closes what was opened last.
    pub fn end(&mut self) {
        self.open.pop();
    }

    /// Writes a geometry that exists already, in its own dimension.
    pub fn geometry(&mut self, geometry: Geometry<'_>) {
        self.count_child();
        self.bytes.extend_from_slice(&rewrite::to_iso(geometry));
    }

    /// Writes a geometry without coordinates.
    pub fn empty(&mut self, kind: Kind) {
        match kind.layout() {
            Layout::Position => self.point(Coord::NAN),
            Layout::Path => self.path(kind, []),
            Layout::Rings | Layout::Members => {
                self.begin(kind);
                self.end();
            }
        }
    }

    /// Returns the bytes written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    fn header(&mut self, kind: Kind) {
        self.count_child();
        self.bytes.push(1);
        self.bytes.extend_from_slice(&self.dimension.iso_code(kind).to_le_bytes());
    }

    #[inline]
    fn mapped(&mut self, coords: Sequence<'_>, map: &mut impl FnMut(Coord) -> Coord) {
        if coords.dimension() != self.dimension {
            self.counted(coords.iter().map(map));
            return;
        }
        let count = u32::try_from(coords.len()).unwrap_or(u32::MAX);
        self.bytes.extend_from_slice(&count.to_le_bytes());
        coords.append_mapped(&mut self.bytes, map);
    }

    #[inline]
    fn counted(&mut self, coords: impl IntoIterator<Item = Coord>) {
        let position = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 4]);
        let mut count = 0;
        let coords = coords.into_iter();
        self.bytes.reserve(coords.size_hint().0.saturating_mul(self.dimension.stride()));
        for coord in coords {
            self.coord(coord);
            count += 1;
        }
        self.add_to_count(position, count);
    }

    #[inline]
    fn coord(&mut self, coord: Coord) {
        if self.dimension == Dimension::Xy {
            self.bytes.extend_from_slice(&record_of([coord.x, coord.y]));
            return;
        }
        let ordinates = coord.ordinates(self.dimension);
        for ordinate in ordinates.into_iter().take(self.dimension.size()) {
            self.bytes.extend_from_slice(&ordinate.to_le_bytes());
        }
    }

    fn count_child(&mut self) {
        if let Some(&position) = self.open.last() {
            self.add_to_count(position, 1);
        }
    }

    fn add_to_count(&mut self, position: usize, more: u32) {
        let field = self.bytes.get_mut(position..).and_then(<[u8]>::first_chunk_mut::<4>);
        if let Some(field) = field {
            *field = u32::from_le_bytes(*field).saturating_add(more).to_le_bytes();
        }
    }
}
