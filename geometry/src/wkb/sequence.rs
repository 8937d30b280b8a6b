//! The coordinates of one point, line or ring.

use std::ops::Range;

use crate::bounds::xy_of;
use crate::{Bounds, Coord, Dimension};

/// The coordinates of one point, line or ring, read in place.
#[derive(Debug, Clone, Copy)]
pub struct Sequence<'a> {
    /// Exactly the ordinates: a whole number of coordinates.
    bytes: &'a [u8],
    dimension: Dimension,
    little: bool,
}

impl<'a> Sequence<'a> {
    #[inline]
    pub(super) fn new(bytes: &'a [u8], dimension: Dimension, little: bool) -> Self {
        Self { bytes, dimension, little }
    }

    /// Returns the number of coordinates.
    #[inline]
    pub fn len(self) -> usize {
        // A match lets the compiler divide by constants.
        match self.dimension {
            Dimension::Xy => self.bytes.len() / 16,
            Dimension::Xyz | Dimension::Xym => self.bytes.len() / 24,
            Dimension::Xyzm => self.bytes.len() / 32,
        }
    }

    /// Returns whether there are no coordinates.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.bytes.is_empty()
    }

    /// Returns which ordinates the coordinates have.
    pub fn dimension(self) -> Dimension {
        self.dimension
    }

    /// Returns the bytes when they are little-endian, as canonical WKB is.
    pub fn little_endian_bytes(self) -> Option<&'a [u8]> {
        self.little.then_some(self.bytes)
    }

    /// Returns a coordinate; outside of the sequence all ordinates are NaN.
    #[inline]
    pub fn coord(self, index: usize) -> Coord {
        self.record(index).map_or(Coord::NAN, |record| self.decode(record))
    }

    /// Returns X and Y of a coordinate; outside of the sequence both are NaN.
    #[inline]
    pub fn xy(self, index: usize) -> [f64; 2] {
        self.record(index).map_or([f64::NAN; 2], |record| decode_xy(record, self.little))
    }

    /// Returns the first coordinate.
    pub fn first(self) -> Option<Coord> {
        self.record(0).map(|record| self.decode(record))
    }

    /// Returns the last coordinate.
    pub fn last(self) -> Option<Coord> {
        self.record(self.len().checked_sub(1)?).map(|record| self.decode(record))
    }

    /// Returns the coordinates of a range; none when it reaches beyond the end.
    #[inline]
    pub(crate) fn part(self, range: Range<usize>) -> Self {
        let stride = self.dimension.stride();
        let bytes = self.bytes.get(range.start * stride..range.end * stride).unwrap_or_default();
        Self { bytes, ..self }
    }

    /// Returns the coordinates in order.
    #[inline]
    pub fn iter(self) -> Coords<'a> {
        Coords {
            records: self.bytes.chunks_exact(self.dimension.stride()),
            dimension: self.dimension,
            little: self.little,
        }
    }

    /// Returns the coordinates as they are stored, when that is as little-endian X and Y alone.
    #[inline]
    pub(crate) fn xy_records(self) -> Option<&'a [[u8; 16]]> {
        (self.little && self.dimension == Dimension::Xy).then_some(self.bytes.as_chunks().0)
    }

    /// Calls a function with X and Y of every coordinate in order.
    #[inline]
    pub fn for_each_xy(self, mut visit: impl FnMut(f64, f64)) {
        if let Some(records) = self.xy_records() {
            for record in records {
                let [x, y] = xy_of(*record);
                visit(x, y);
            }
            return;
        }
        for record in self.bytes.chunks_exact(self.dimension.stride()) {
            let [x, y] = decode_xy(record, self.little);
            visit(x, y);
        }
    }

    /// Appends the coordinates in the opposite order, when they are little-endian.
    pub(super) fn append_reversed(self, bytes: &mut Vec<u8>) {
        let start = bytes.len();
        bytes.extend_from_slice(self.bytes);
        let copied = bytes.get_mut(start..).unwrap_or_default();
        match self.dimension {
            Dimension::Xy => copied.as_chunks_mut::<16>().0.reverse(),
            Dimension::Xyz | Dimension::Xym => copied.as_chunks_mut::<24>().0.reverse(),
            Dimension::Xyzm => copied.as_chunks_mut::<32>().0.reverse(),
        }
    }

    /// Returns the sums of what a function measures of every edge.
    #[inline]
    pub(crate) fn sum_edges<const N: usize>(
        self,
        measure: impl Fn([f64; 2], [f64; 2]) -> [f64; N],
    ) -> [f64; N] {
        self.sum_edges_around([0.0; 2], measure)
    }

    /// Returns the sums of what a function measures of every edge, whose positions it is given
    /// relative to an origin.
    #[inline]
    pub(crate) fn sum_edges_around<const N: usize>(
        self,
        origin: [f64; 2],
        measure: impl Fn([f64; 2], [f64; 2]) -> [f64; N],
    ) -> [f64; N] {
        let [left, bottom] = origin;
        let place = |[x, y]: [f64; 2]| [x - left, y - bottom];
        // Four sums do not wait for each other.
        let mut sums = [[0.0; N]; 4];
        let add = |sum: &mut [f64; N], from, to| {
            for (sum, part) in sum.iter_mut().zip(measure(from, to)) {
                *sum += part;
            }
        };
        let [first, second, third, fourth] = &mut sums;
        if let Some((start, rest)) = self.xy_records().and_then(<[_]>::split_first) {
            let mut previous = place(xy_of(*start));
            let (chunks, rest) = rest.as_chunks::<4>();
            for chunk in chunks {
                let [a, b, c, d] = chunk.map(|record| place(xy_of(record)));
                add(first, previous, a);
                add(second, a, b);
                add(third, b, c);
                add(fourth, c, d);
                previous = d;
            }
            for record in rest {
                let next = place(xy_of(*record));
                add(first, previous, next);
                previous = next;
            }
        } else {
            let mut previous: Option<[f64; 2]> = None;
            self.for_each_xy(|x, y| {
                let next = place([x, y]);
                if let Some(previous) = previous {
                    add(first, previous, next);
                }
                previous = Some(next);
            });
        }
        let mut total = [0.0; N];
        for sum in sums {
            for (total, part) in total.iter_mut().zip(sum) {
                *total += part;
            }
        }
        total
    }

    /// Returns whether the first and the last coordinate are equal in X, Y and Z.
    ///
    /// An empty sequence is not closed.
    #[inline]
    pub fn is_closed(self) -> bool {
        if let Some(records) = self.xy_records() {
            let ends = records.first().zip(records.last());
            return ends.is_some_and(|(first, last)| xy_of(*first) == xy_of(*last));
        }
        let (Some(first), Some(last)) = (self.first(), self.last()) else { return false };
        let same_height = !self.dimension.has_z() || first.z == last.z;
        first.x == last.x && first.y == last.y && same_height
    }

    /// Grows the bounds to contain every coordinate.
    #[inline]
    pub(super) fn add_to(self, bounds: &mut Bounds) {
        match self.xy_records() {
            Some(records) => bounds.add_records(records),
            None => self.for_each_xy(|x, y| bounds.add(x, y)),
        }
    }

    /// Appends the coordinates to bytes, each replaced, as little-endian ordinates.
    #[inline]
    pub(super) fn append_mapped(self, bytes: &mut Vec<u8>, map: &mut impl FnMut(Coord) -> Coord) {
        let start = bytes.len();
        bytes.extend_from_slice(self.bytes);
        let copied = bytes.get_mut(start..).unwrap_or_default();
        if self.xy_records().is_some() {
            for record in copied.as_chunks_mut().0 {
                let [x, y] = xy_of(*record);
                let coord = map(Coord::xy(x, y));
                *record = record_of([coord.x, coord.y]);
            }
            return;
        }
        let size = self.dimension.size();
        for record in copied.chunks_exact_mut(self.dimension.stride()) {
            let coord = map(self.decode(record)).ordinates(self.dimension);
            for (field, ordinate) in record.as_chunks_mut().0.iter_mut().zip(coord).take(size) {
                *field = ordinate.to_le_bytes();
            }
        }
    }

    #[inline]
    fn record(self, index: usize) -> Option<&'a [u8]> {
        let stride = self.dimension.stride();
        let start = index.checked_mul(stride)?;
        self.bytes.get(start..start.checked_add(stride)?)
    }

    #[inline]
    fn decode(self, record: &[u8]) -> Coord {
        decode(record, self.dimension, self.little)
    }
}

impl<'a> IntoIterator for Sequence<'a> {
    type Item = Coord;
    type IntoIter = Coords<'a>;

    fn into_iter(self) -> Coords<'a> {
        self.iter()
    }
}

/// An iterator over the coordinates of a [`Sequence`].
#[derive(Debug, Clone)]
pub struct Coords<'a> {
    records: std::slice::ChunksExact<'a, u8>,
    dimension: Dimension,
    little: bool,
}

impl Iterator for Coords<'_> {
    type Item = Coord;

    #[inline]
    fn next(&mut self) -> Option<Coord> {
        self.records.next().map(|record| decode(record, self.dimension, self.little))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.records.size_hint()
    }
}

impl DoubleEndedIterator for Coords<'_> {
    fn next_back(&mut self) -> Option<Coord> {
        self.records.next_back().map(|record| decode(record, self.dimension, self.little))
    }
}

impl ExactSizeIterator for Coords<'_> {}

#[inline]
fn decode(record: &[u8], dimension: Dimension, little: bool) -> Coord {
    let [x, y] = decode_xy(record, little);
    match dimension {
        Dimension::Xy => Coord::xy(x, y),
        Dimension::Xyz => Coord::xyz(x, y, ordinate(record, 16, little)),
        Dimension::Xym => Coord { x, y, z: f64::NAN, m: ordinate(record, 16, little) },
        Dimension::Xyzm => {
            Coord { x, y, z: ordinate(record, 16, little), m: ordinate(record, 24, little) }
        }
    }
}

#[inline]
pub(super) fn decode_xy(record: &[u8], little: bool) -> [f64; 2] {
    let Some(pair) = record.first_chunk::<16>() else { return [f64::NAN; 2] };
    let pair = xy_of(*pair);
    if little { pair } else { pair.map(|ordinate| f64::from_bits(ordinate.to_bits().swap_bytes())) }
}

/// Returns X and Y as little-endian doubles.
#[inline]
pub(super) fn record_of([x, y]: [f64; 2]) -> [u8; 16] {
    let [a, b, c, d, e, f, g, h] = x.to_le_bytes();
    let [i, j, k, l, m, n, o, p] = y.to_le_bytes();
    [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]
}

#[inline]
fn ordinate(record: &[u8], offset: usize, little: bool) -> f64 {
    let Some(bytes) = record.get(offset..).and_then(<[u8]>::first_chunk::<8>) else {
        return f64::NAN;
    };
    if little { f64::from_le_bytes(*bytes) } else { f64::from_be_bytes(*bytes) }
}
