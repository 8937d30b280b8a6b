//! A geometry as a borrowed view over its WKB.

use super::Sequence;
use super::sequence::decode_xy;
use super::walk::{count, header, srid, walk};
use crate::bounds::xy_of;
use crate::{Bounds, Coord, Dimension, GeometryError, Kind, Kinds, Layout, curve};

/// The first bytes of a canonical point with X and Y only.
const POINT_XY: [u8; 5] = [1, 1, 0, 0, 0];
/// The length of such a point.
pub(crate) const POINT_XY_SIZE: usize = 21;

/// A geometry as a borrowed view over its WKB, whose structure has been checked.
///
/// Reading coordinates allocates nothing and cannot fail.
#[derive(Debug, Clone, Copy)]
pub struct Geometry<'a> {
    /// Exactly this geometry.
    bytes: &'a [u8],
    kind: Kind,
    dimension: Dimension,
    little: bool,
    canonical: bool,
    basic: bool,
    body: u8,
}

impl<'a> Geometry<'a> {
    /// Reads ISO WKB or EWKB in either byte order, of a basic kind with members of basic kinds.
    ///
    /// Checks types, counts against the length, and nesting, but no coordinates. Bytes behind the
    /// geometry are ignored. Other kinds are [`GeometryError::NotBasic`], so that an algorithm
    /// that does not know of them never sees one.
    #[inline]
    pub fn try_new(bytes: &'a [u8]) -> Result<Self, GeometryError> {
        match Self::plain_kind(bytes) {
            Some(kind) => Ok(Self::plain(bytes, kind)),
            None => Self::check(bytes)?.expect_basic(),
        }
    }

    /// Reads a geometry of any kind.
    #[inline]
    pub fn try_any(bytes: &'a [u8]) -> Result<Self, GeometryError> {
        match Self::plain_kind(bytes) {
            Some(kind) => Ok(Self::plain(bytes, kind)),
            None => Self::check(bytes),
        }
    }

    /// Reads a geometry of the kinds that a reader takes.
    #[inline]
    pub fn try_of(bytes: &'a [u8], kinds: Kinds) -> Result<Self, GeometryError> {
        match kinds {
            Kinds::Basic => Self::try_new(bytes),
            Kinds::All => Self::try_any(bytes),
        }
    }

    /// Returns the kind of bytes that are, at a glance, a canonical geometry of X and Y that has
    /// one sequence, and nothing else.
    #[inline]
    pub(crate) fn plain_kind(bytes: &[u8]) -> Option<Kind> {
        let [1, kind, 0, 0, 0] = bytes.first_chunk::<5>()? else { return None };
        let (kind, count_at) = match kind {
            1 => return (bytes.len() == POINT_XY_SIZE).then_some(Kind::Point),
            2 => (Kind::LineString, 5),
            3 if bytes.get(5..).and_then(<[u8]>::first_chunk::<4>) == Some(&[1, 0, 0, 0]) => {
                (Kind::Polygon, 9)
            }
            _ => return None,
        };
        let count = count(bytes, count_at, true).ok()?;
        (bytes.len() == count_at + 4 + 16 * count as usize).then_some(kind)
    }

    /// Returns where a canonical point of X and Y lies, unless it is empty.
    #[inline]
    pub(crate) fn point_of(bytes: &[u8]) -> Option<[f64; 2]> {
        let bytes: &[u8; POINT_XY_SIZE] = bytes.try_into().ok()?;
        let (head, position) = bytes.split_first_chunk::<5>()?;
        let [x, y] = xy_of(*position.first_chunk::<16>()?);
        (*head == POINT_XY && !x.is_nan() && !y.is_nan()).then_some([x, y])
    }

    /// Returns whether bytes are a canonical point of X and Y.
    #[inline]
    pub(crate) fn is_point(bytes: &[u8; POINT_XY_SIZE]) -> bool {
        bytes.starts_with(&POINT_XY)
    }

    /// Returns the geometry of bytes that are plain.
    #[inline]
    pub(crate) fn plain(bytes: &'a [u8], kind: Kind) -> Self {
        let dimension = Dimension::Xy;
        Self { bytes, kind, dimension, little: true, canonical: true, basic: true, body: 5 }
    }

    fn check(bytes: &'a [u8]) -> Result<Self, GeometryError> {
        let head = header(bytes, 0)?;
        let extent = walk(bytes, 0, 0, &mut |_, _| {})?;
        Ok(Self {
            bytes: bytes.get(..extent.end).unwrap_or(bytes),
            kind: head.kind,
            dimension: head.dimension,
            little: head.little,
            canonical: extent.canonical,
            basic: extent.basic,
            body: head.body,
        })
    }

    /// Returns whether bytes are of a basic kind at every depth; malformed bytes count as such.
    #[inline]
    pub(crate) fn has_basic_kinds(bytes: &'a [u8]) -> bool {
        match header(bytes, 0) {
            Ok(head) if head.kind == Kind::GeometryCollection => {
                Self::check(bytes).map_or(true, Self::is_basic)
            }
            Ok(head) => head.kind.is_basic(),
            Err(_) => true,
        }
    }

    fn expect_basic(self) -> Result<Self, GeometryError> {
        if self.basic { Ok(self) } else { Err(GeometryError::NotBasic { kind: self.kind }) }
    }

    /// Returns the bytes of this geometry.
    #[inline]
    pub fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// Returns the kind of geometry.
    #[inline]
    pub fn kind(self) -> Kind {
        self.kind
    }

    /// Returns which ordinates the coordinates have.
    #[inline]
    pub fn dimension(self) -> Dimension {
        self.dimension
    }

    /// Returns the SRID when the bytes are EWKB with one.
    pub fn srid(self) -> Option<i32> {
        if self.body == 9 { srid(self.bytes, self.little) } else { None }
    }

    /// Returns whether the bytes are little-endian ISO WKB throughout.
    #[inline]
    pub fn is_canonical(self) -> bool {
        self.canonical
    }

    /// Returns whether the kind is basic, and so are those of all members.
    #[inline]
    pub fn is_basic(self) -> bool {
        self.basic
    }

    /// Returns whether the geometry has no coordinates; a point of NaN ordinates has none.
    #[inline]
    pub fn is_empty(self) -> bool {
        match self.kind.layout() {
            Layout::Position => self.point_xy().is_none(),
            Layout::Path => self.count() == 0,
            Layout::Rings => self.rings().all(Sequence::is_empty),
            Layout::Members => self.has_empty_parts(),
        }
    }

    /// Returns whether no member has coordinates; apart, since what calls itself is not inlined.
    fn has_empty_parts(self) -> bool {
        self.parts().all(Geometry::is_empty)
    }

    /// Returns the smallest box around all coordinates and arcs, or nothing when there are none.
    ///
    /// NaN ordinates are ignored; when an axis has no other ordinates there is no box.
    #[inline]
    pub fn bounds(self) -> Option<Bounds> {
        if self.kind == Kind::Point {
            let [x, y] = self.start_xy();
            return (!x.is_nan() && !y.is_nan()).then_some(Bounds::point(x, y));
        }
        self.bounds_of_sequences()
    }

    fn bounds_of_sequences(self) -> Option<Bounds> {
        let mut bounds = Bounds::NOTHING;
        self.visit(&mut |kind, sequence| {
            sequence.add_to(&mut bounds);
            if kind == Kind::CircularString {
                curve::add_arcs(sequence, &mut bounds);
            }
        });
        (!bounds.is_nothing()).then_some(bounds)
    }

    /// Returns the coordinate of a point that is not empty.
    #[inline]
    pub fn point(self) -> Option<Coord> {
        if self.kind != Kind::Point {
            return None;
        }
        let coord = self.point_sequence().coord(0);
        (!coord.is_nan()).then_some(coord)
    }

    /// Returns X and Y of a point that is not empty.
    #[inline]
    pub fn point_xy(self) -> Option<[f64; 2]> {
        if self.kind != Kind::Point {
            return None;
        }
        let [x, y] = self.start_xy();
        (!x.is_nan() || !y.is_nan()).then_some([x, y])
    }

    /// Returns X and Y of the first coordinate of a line or polygon, if they are finite.
    #[inline]
    pub(crate) fn start(self) -> Option<[f64; 2]> {
        let path = match self.kind {
            Kind::LineString => self.line()?,
            Kind::Polygon => self.rings().next()?,
            _ => return None,
        };
        let [x, y] = path.xy(0);
        (x.is_finite() && y.is_finite()).then_some([x, y])
    }

    /// Returns whether this is a canonical point of X and Y alone.
    #[inline]
    pub(super) fn is_simple_point(self) -> bool {
        self.kind == Kind::Point && self.canonical && self.bytes.len() == POINT_XY_SIZE
    }

    /// The first two ordinates behind the header.
    #[inline]
    fn start_xy(self) -> [f64; 2] {
        decode_xy(self.bytes.get(usize::from(self.body)..).unwrap_or_default(), self.little)
    }

    /// Returns the coordinates of a line.
    #[inline]
    pub fn line(self) -> Option<Sequence<'a>> {
        if self.kind == Kind::LineString { self.path() } else { None }
    }

    /// Returns the coordinates of a line or of a path of arcs.
    #[inline]
    pub fn path(self) -> Option<Sequence<'a>> {
        if self.kind.layout() != Layout::Path {
            return None;
        }
        let start = usize::from(self.body) + 4;
        let ordinates = self.bytes.get(start..).unwrap_or_default();
        Some(Sequence::new(ordinates, self.dimension, self.little))
    }

    /// Returns the rings of a polygon, exterior first, or the ring of a triangle; other kinds have
    /// none.
    #[inline]
    pub fn rings(self) -> Rings<'a> {
        let has_rings = self.kind.layout() == Layout::Rings;
        Rings {
            bytes: self.bytes,
            position: usize::from(self.body) + 4,
            left: if has_rings { self.count() } else { 0 },
            dimension: self.dimension,
            little: self.little,
        }
    }

    /// Returns the members of a multi geometry, a collection, a path or a surface of several parts;
    /// other kinds have none.
    pub fn parts(self) -> Parts<'a> {
        let start = usize::from(self.body) + 4;
        Parts { bytes: self.bytes.get(start..).unwrap_or_default(), left: self.part_count() }
    }

    /// Returns the number of members; a point, path, polygon or triangle has none.
    #[inline]
    pub fn part_count(self) -> usize {
        if self.kind.is_collection() { self.count() } else { 0 }
    }

    /// Calls a function with every coordinate sequence at any depth and the kind it belongs to.
    ///
    /// A point is a sequence of length 1 and a polygon one sequence for each ring. What has no
    /// coordinates is left out.
    pub fn sequences(self, f: &mut dyn FnMut(Kind, Sequence<'a>)) {
        self.visit(&mut |kind, sequence| {
            let is_empty_point = kind == Kind::Point && sequence.coord(0).is_nan();
            if !sequence.is_empty() && !is_empty_point {
                f(kind, sequence);
            }
        });
    }

    /// Calls a function with every coordinate at any depth; empty points have none.
    pub fn coords(self, mut f: impl FnMut(Coord)) {
        self.visit(&mut |kind, sequence| {
            for coord in sequence {
                if kind != Kind::Point || !coord.is_nan() {
                    f(coord);
                }
            }
        });
    }

    /// Returns the number of coordinates at any depth.
    #[inline]
    pub fn coord_count(self) -> usize {
        match self.kind.layout() {
            Layout::Position => return usize::from(self.point_xy().is_some()),
            Layout::Path => return self.count(),
            Layout::Rings => return self.rings().map(Sequence::len).sum(),
            Layout::Members => {}
        }
        let mut total = 0;
        self.sequences(&mut |_, sequence| total += sequence.len());
        total
    }

    /// Calls a function with every sequence, those without coordinates included.
    #[inline]
    pub(super) fn visit(self, f: &mut impl FnMut(Kind, Sequence<'a>)) {
        match self.kind {
            Kind::Polygon => {
                for ring in self.rings() {
                    f(Kind::Polygon, ring);
                }
            }
            // The structure was checked when the view was made, so the walk reaches the end.
            _ => {
                let _ = walk(self.bytes, 0, 0, f);
            }
        }
    }

    /// The number behind the header: of coordinates, rings or members.
    #[inline]
    fn count(self) -> usize {
        count(self.bytes, usize::from(self.body), self.little).map_or(0, |count| count as usize)
    }

    #[inline]
    fn point_sequence(self) -> Sequence<'a> {
        let ordinates = self.bytes.get(usize::from(self.body)..).unwrap_or_default();
        Sequence::new(ordinates, self.dimension, self.little)
    }
}

/// An iterator over the rings of a polygon.
#[derive(Debug, Clone)]
pub struct Rings<'a> {
    bytes: &'a [u8],
    position: usize,
    left: usize,
    dimension: Dimension,
    little: bool,
}

impl<'a> Iterator for Rings<'a> {
    type Item = Sequence<'a>;

    #[inline]
    fn next(&mut self) -> Option<Sequence<'a>> {
        self.left = self.left.checked_sub(1)?;
        let count = count(self.bytes, self.position, self.little).ok()? as usize;
        let start = self.position + 4;
        let end = start.checked_add(count.checked_mul(self.dimension.stride())?)?;
        let ordinates = self.bytes.get(start..end)?;
        self.position = end;
        Some(Sequence::new(ordinates, self.dimension, self.little))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Rings<'_> {}

/// An iterator over the members of a multi geometry or collection.
#[derive(Debug, Clone)]
pub struct Parts<'a> {
    bytes: &'a [u8],
    left: usize,
}

impl<'a> Iterator for Parts<'a> {
    type Item = Geometry<'a>;

    fn next(&mut self) -> Option<Geometry<'a>> {
        self.left = self.left.checked_sub(1)?;
        let part = match self.bytes.first_chunk() {
            Some(&POINT_XY) => Geometry::try_any(self.bytes.get(..POINT_XY_SIZE)?).ok()?,
            _ => Geometry::try_any(self.bytes).ok()?,
        };
        self.bytes = self.bytes.get(part.bytes.len()..)?;
        Some(part)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Parts<'_> {}
