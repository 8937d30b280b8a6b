//! Reads WKT and EWKT.
//!
//! Strict where PostGIS is: rings must be closed and have four positions, lines two. Lenient where
//! it is: heights need no `Z`, the positions of a multipoint no parentheses.

use super::words::{
    dimension_tag, implied_dimension, is_name, special_number, split_tag, without_empty,
};
use crate::number::read_prefix;
use crate::wkb::MAX_DEPTH;
use crate::{Coord, Dimension, GeometryError, Kind, Layout, WkbWriter, write};

const MIXED: &str = "can not mix dimensionality in a geometry";
pub(super) const TOO_FEW: &str = "geometry requires more points";
pub(super) const UNCLOSED: &str = "geometry contains non-closed rings";

/// Reads WKT or EWKT: the geometry as canonical WKB, and its SRID if it names one other than 0.
pub fn parse(text: &str) -> Result<(Vec<u8>, Option<i32>), GeometryError> {
    let mut bytes = Vec::with_capacity(text.len());
    let srid = append_parsed(&mut bytes, text)?;
    Ok((bytes, srid))
}

/// Appends the geometry that WKT or EWKT spells as canonical WKB, and returns its SRID.
pub fn append_parsed(bytes: &mut Vec<u8>, text: &str) -> Result<Option<i32>, GeometryError> {
    if let Some([x, y]) = plain_point(text.as_bytes()) {
        bytes.extend_from_slice(&write::point_xy_array(x, y));
        return Ok(None);
    }
    let mut parser = Parser::new(text);
    let srid = parser.srid()?;
    parser.dimension = parser.clone().find_dimension();
    let writer = WkbWriter::append_to(std::mem::take(bytes), parser.dimension);
    let mut parser = Parser { writer, ..parser };
    parser.geometry(None, 0)?;
    parser.skip_space();
    if parser.position < parser.bytes.len() {
        return Err(parser.error("unexpected text behind the geometry"));
    }
    *bytes = parser.writer.into_bytes();
    Ok(srid)
}

/// Returns the SRID that stands for one: numbers above 999999 become one of the last 999, as in
/// `PostGIS`.
pub fn known_srid(srid: i32) -> i32 {
    if srid > 999_999 { 999_000 + srid % 999 } else { srid }
}

/// Reads `POINT(1 2)` as programs write it; nothing for all else.
fn plain_point(text: &[u8]) -> Option<[f64; 2]> {
    let rest = text.strip_prefix(b"POINT")?;
    let rest = rest.strip_prefix(b" ").unwrap_or(rest).strip_prefix(b"(")?;
    let (x, length) = read_prefix(rest)?;
    let rest = rest.get(length..)?.strip_prefix(b" ")?;
    let (y, length) = read_prefix(rest)?;
    (rest.get(length..)? == b")").then_some([x, y])
}

#[derive(Clone)]
pub(super) struct Parser<'a> {
    bytes: &'a [u8],
    position: usize,
    /// The dimension of the whole geometry; there is only one.
    pub(super) dimension: Dimension,
    pub(super) writer: WkbWriter,
    /// The positions of the line or ring that is being read.
    pub(super) coords: Vec<Coord>,
    /// Where the path that was read last starts and ends; nothing when it is empty.
    pub(super) ends: Option<[Coord; 2]>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            bytes: text.as_bytes(),
            position: 0,
            dimension: Dimension::Xy,
            writer: WkbWriter::new(Dimension::Xy),
            coords: Vec::new(),
            ends: None,
        }
    }

    /// Reads `SRID=4326;`.
    fn srid(&mut self) -> Result<Option<i32>, GeometryError> {
        self.skip_space();
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let is_srid = rest.get(..5).is_some_and(|word| word.eq_ignore_ascii_case(b"SRID="));
        if !is_srid {
            return Ok(None);
        }
        self.position += 5;
        let start = self.position;
        while self.peek().is_some_and(|byte| byte == b'-' || byte.is_ascii_digit()) {
            self.position += 1;
        }
        let digits = self.bytes.get(start..self.position).unwrap_or_default();
        let number = std::str::from_utf8(digits).ok().and_then(|text| text.parse::<i32>().ok());
        let Some(srid) = number else {
            return Err(self.error("SRID= must be followed by a number"));
        };
        self.expect(b';')?;
        Ok((srid > 0).then(|| known_srid(srid)))
    }

    /// Returns the dimension that the first tag or the first position calls for.
    fn find_dimension(mut self) -> Dimension {
        let mut tag = None;
        loop {
            self.skip_space();
            match self.peek() {
                None => return tag.unwrap_or_default(),
                Some(b'(' | b',' | b')') => self.position += 1,
                Some(byte) if byte.is_ascii_alphabetic() && !self.is_at_special_number() => {
                    let (_, found) = split_tag(self.word());
                    let dimension = found.or_else(|| self.tag());
                    if dimension.is_some() && tag.is_none() {
                        tag = dimension;
                    }
                }
                Some(_) => break,
            }
        }
        let mut count = 0;
        while self.number().is_some() {
            count += 1;
            self.skip_space();
        }
        tag.unwrap_or(implied_dimension(count))
    }

    /// Reads a geometry with its name, which may stand in one of another kind, and returns its kind.
    pub(super) fn geometry(
        &mut self,
        parent: Option<Kind>,
        depth: usize,
    ) -> Result<Kind, GeometryError> {
        if depth > MAX_DEPTH {
            return Err(self.error(&format!("geometries are nested deeper than {MAX_DEPTH}")));
        }
        self.skip_space();
        let start = self.position;
        let word = self.word();
        let (name, tag) = split_tag(word);
        let Some(kind) = Kind::ALL.into_iter().find(|kind| is_name(name, *kind)) else {
            self.position = start;
            return Err(self.unknown_kind(word));
        };
        if let Some(parent) = parent.filter(|parent| !parent.can_contain(kind)) {
            self.position = start;
            let (parent, kind) = (parent.wkt_name(), kind.wkt_name());
            return Err(self.error(&format!("a {parent} cannot contain a {kind}")));
        }
        let tag = tag.or_else(|| self.tag());
        self.skip_space();
        if self.accept_empty() {
            self.writer.empty(kind);
            self.ends = None;
            return Ok(kind);
        }
        let dimension = match tag {
            None if kind == Kind::GeometryCollection => self.dimension,
            None if depth == 0 || parent.is_some() => self.dimension,
            None => implied_dimension(self.dimension.size()),
            Some(dimension) => dimension,
        };
        if dimension != self.dimension {
            return Err(self.error(MIXED));
        }
        if kind.is_collection() {
            self.writer.begin(kind);
            self.members(kind, depth)?;
            self.writer.end();
        } else {
            self.body(kind)?;
        }
        Ok(kind)
    }

    /// Reads the members of a geometry.
    fn members(&mut self, parent: Kind, depth: usize) -> Result<(), GeometryError> {
        match (parent, parent.member()) {
            (Kind::GeometryCollection, _) => {
                self.list(|this| this.geometry(None, depth + 1).map(drop))
            }
            (Kind::Tin | Kind::PolyhedralSurface, Some(member)) => {
                self.list(|this| this.body_of(member, true))
            }
            (_, Some(member)) => self.list(|this| this.member(member)),
            (_, None) => self.curves(parent, depth),
        }
    }

    /// Reads a member of a multi geometry.
    pub(super) fn member(&mut self, kind: Kind) -> Result<(), GeometryError> {
        self.skip_space();
        if self.accept_empty() {
            self.writer.empty(kind);
            self.ends = None;
            return Ok(());
        }
        if kind == Kind::Point && self.peek() != Some(b'(') {
            let coord = self.coord()?;
            self.writer.point(coord);
            return Ok(());
        }
        self.body(kind)
    }

    /// Reads what has no members from its parenthesis on.
    fn body(&mut self, kind: Kind) -> Result<(), GeometryError> {
        self.body_of(kind, kind == Kind::Triangle)
    }

    /// Reads what has no members, whose rings may have to end at the height they start at.
    fn body_of(&mut self, kind: Kind, in_space: bool) -> Result<(), GeometryError> {
        match kind.layout() {
            Layout::Position => {
                self.expect(b'(')?;
                let coord = self.coord()?;
                self.expect(b')')?;
                self.writer.point(coord);
            }
            Layout::Path => {
                self.coords()?;
                self.check_path(kind)?;
                self.writer.path(kind, self.coords.iter().copied());
                self.ends = self
                    .coords
                    .first()
                    .copied()
                    .zip(self.coords.last().copied())
                    .map(<[Coord; 2]>::from);
            }
            _ => {
                self.writer.begin(kind);
                if kind == Kind::Triangle {
                    self.expect(b'(')?;
                    self.ring(kind, in_space)?;
                    self.expect(b')')?;
                } else {
                    self.list(|this| this.ring(kind, in_space))?;
                }
                self.writer.end();
            }
        }
        Ok(())
    }

    fn check_path(&self, kind: Kind) -> Result<(), GeometryError> {
        let count = self.coords.len();
        if kind == Kind::LineString {
            return if count < 2 { Err(self.error(TOO_FEW)) } else { Ok(()) };
        }
        match count {
            0..=2 => Err(self.error(TOO_FEW)),
            _ if count.is_multiple_of(2) => {
                Err(self.error("geometry must have an odd number of points"))
            }
            _ => Ok(()),
        }
    }

    fn ring(&mut self, kind: Kind, in_space: bool) -> Result<(), GeometryError> {
        self.coords()?;
        if kind == Kind::Triangle && self.coords.len() != 4 {
            return Err(self.error("triangle must have exactly 4 points"));
        }
        if self.coords.len() < 4 {
            return Err(self.error(TOO_FEW));
        }
        let ends = self.coords.first().zip(self.coords.last());
        if !ends.is_some_and(|(first, last)| self.is_same_place(*first, *last, in_space)) {
            return Err(self.error(UNCLOSED));
        }
        self.writer.ring(self.coords.iter().copied());
        Ok(())
    }

    /// Returns whether two positions are the same, in the plane or in space.
    pub(super) fn is_same_place(&self, a: Coord, b: Coord, in_space: bool) -> bool {
        let is_level = !in_space || !self.dimension.has_z() || a.z == b.z;
        a.x == b.x && a.y == b.y && is_level
    }

    /// Reads a list in parentheses.
    pub(super) fn list(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<(), GeometryError>,
    ) -> Result<(), GeometryError> {
        self.expect(b'(')?;
        loop {
            item(self)?;
            self.skip_space();
            if self.peek() != Some(b',') {
                return self.expect(b')');
            }
            self.position += 1;
        }
    }

    /// Reads a list of positions into `self.coords`.
    fn coords(&mut self) -> Result<(), GeometryError> {
        self.coords.clear();
        self.list(|this| {
            let coord = this.coord()?;
            this.coords.push(coord);
            Ok(())
        })
    }

    fn coord(&mut self) -> Result<Coord, GeometryError> {
        let mut ordinates = [f64::NAN; 4];
        let mut count = 0;
        for place in &mut ordinates {
            self.skip_space();
            let Some(value) = self.number() else { break };
            *place = value;
            count += 1;
        }
        self.skip_space();
        if !matches!(self.peek(), Some(b',' | b')')) {
            return Err(self.error("expected a number, \",\" or \")\""));
        }
        if count < 2 {
            return Err(self.error("a position needs at least two numbers"));
        }
        if count != self.dimension.size() {
            return Err(self.error(MIXED));
        }
        Ok(Coord::from_ordinates(ordinates, self.dimension))
    }

    /// Reads a number, which must be followed by space, a comma or a parenthesis.
    fn number(&mut self) -> Option<f64> {
        let rest = self.bytes.get(self.position..)?;
        let (value, length) = special_number(rest).or_else(|| read_prefix(rest))?;
        match rest.get(length) {
            None | Some(b' ' | b'\t' | b'\r' | b'\n' | b',' | b')') => {
                self.position += length;
                Some(value)
            }
            Some(_) => None,
        }
    }

    fn is_at_special_number(&self) -> bool {
        special_number(self.bytes.get(self.position..).unwrap_or_default()).is_some()
    }

    /// Reads `Z`, `M` or `ZM`.
    fn tag(&mut self) -> Option<Dimension> {
        self.skip_space();
        let start = self.position;
        let word = self.word();
        let dimension = dimension_tag(word);
        if dimension.is_none() {
            self.position = start;
        }
        dimension
    }

    pub(super) fn accept_empty(&mut self) -> bool {
        let start = self.position;
        if self.word().eq_ignore_ascii_case(b"EMPTY") {
            return true;
        }
        self.position = start;
        false
    }

    /// Reads a run of letters; of `POINTEMPTY` the name.
    fn word(&mut self) -> &'a [u8] {
        let start = self.position;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphabetic()) {
            self.position += 1;
        }
        let word = without_empty(self.bytes.get(start..self.position).unwrap_or_default());
        self.position = start + word.len();
        word
    }

    fn expect(&mut self, byte: u8) -> Result<(), GeometryError> {
        self.skip_space();
        if self.peek() == Some(byte) {
            self.position += 1;
            return Ok(());
        }
        Err(self.error(&format!("expected \"{}\"", char::from(byte))))
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    pub(super) fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.position += 1;
        }
    }

    fn unknown_kind(&self, word: &[u8]) -> GeometryError {
        if word.is_empty() {
            return self.error("expected the name of a geometry type, such as POINT");
        }
        let shown = String::from_utf8_lossy(word.get(..40).unwrap_or(word));
        self.error(&format!("unknown geometry type \"{shown}\""))
    }

    pub(super) fn error(&self, reason: &str) -> GeometryError {
        GeometryError::InvalidWkt { position: self.position + 1, reason: reason.to_owned() }
    }
}
