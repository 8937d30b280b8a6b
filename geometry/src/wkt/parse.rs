//! Reads WKT and EWKT.
//!
//! Strict where PostGIS is: rings must be closed and have four positions, lines two. Lenient where
//! it is: heights need no `Z`, the positions of a multipoint no parentheses.

use crate::number::read_prefix;
use crate::wkb::MAX_DEPTH;
use crate::{Coord, Dimension, GeometryError, Kind, WkbWriter, write};

const MIXED: &str = "can not mix dimensionality in a geometry";
const TOO_FEW: &str = "geometry requires more points";
const UNCLOSED: &str = "geometry contains non-closed rings";

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
    parser.geometry(0)?;
    parser.skip_space();
    if parser.position < parser.bytes.len() {
        return Err(parser.error("unexpected text behind the geometry"));
    }
    *bytes = parser.writer.into_bytes();
    Ok(srid)
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
struct Parser<'a> {
    bytes: &'a [u8],
    position: usize,
    /// The dimension of the whole geometry; there is only one.
    dimension: Dimension,
    writer: WkbWriter,
    /// The positions of the line or ring that is being read.
    coords: Vec<Coord>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            bytes: text.as_bytes(),
            position: 0,
            dimension: Dimension::Xy,
            writer: WkbWriter::new(Dimension::Xy),
            coords: Vec::new(),
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
        Ok((srid > 0).then_some(srid))
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

    fn geometry(&mut self, depth: usize) -> Result<(), GeometryError> {
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
        let tag = tag.or_else(|| self.tag());
        self.skip_space();
        if self.accept_empty() {
            self.writer.empty(kind);
            return Ok(());
        }
        let dimension = match tag {
            None if kind == Kind::GeometryCollection => self.dimension,
            None if depth == 0 => self.dimension,
            None => implied_dimension(self.dimension.size()),
            Some(dimension) => dimension,
        };
        if dimension != self.dimension {
            return Err(self.error(MIXED));
        }
        match kind {
            Kind::GeometryCollection => {
                self.writer.begin(kind);
                self.list(|this| this.geometry(depth + 1))?;
                self.writer.end();
                Ok(())
            }
            Kind::MultiPoint | Kind::MultiLineString | Kind::MultiPolygon => {
                let member = kind.member().unwrap_or(Kind::Point);
                self.writer.begin(kind);
                self.list(|this| this.member(member))?;
                self.writer.end();
                Ok(())
            }
            _ => self.body(kind),
        }
    }

    /// Reads a member of a multi geometry.
    fn member(&mut self, kind: Kind) -> Result<(), GeometryError> {
        self.skip_space();
        if self.accept_empty() {
            self.writer.empty(kind);
            return Ok(());
        }
        if kind == Kind::Point && self.peek() != Some(b'(') {
            let coord = self.coord()?;
            self.writer.point(coord);
            return Ok(());
        }
        self.body(kind)
    }

    /// Reads a point, line or polygon from its parenthesis on.
    fn body(&mut self, kind: Kind) -> Result<(), GeometryError> {
        match kind {
            Kind::Point => {
                self.expect(b'(')?;
                let coord = self.coord()?;
                self.expect(b')')?;
                self.writer.point(coord);
            }
            Kind::LineString => {
                self.coords()?;
                if self.coords.len() < 2 {
                    return Err(self.error(TOO_FEW));
                }
                self.writer.line(self.coords.iter().copied());
            }
            _ => {
                self.writer.begin(Kind::Polygon);
                self.list(Self::ring)?;
                self.writer.end();
            }
        }
        Ok(())
    }

    fn ring(&mut self) -> Result<(), GeometryError> {
        self.coords()?;
        if self.coords.len() < 4 {
            return Err(self.error(TOO_FEW));
        }
        let is_closed = match (self.coords.first(), self.coords.last()) {
            (Some(first), Some(last)) => first.x == last.x && first.y == last.y,
            _ => false,
        };
        if !is_closed {
            return Err(self.error(UNCLOSED));
        }
        self.writer.ring(self.coords.iter().copied());
        Ok(())
    }

    /// Reads a list in parentheses.
    fn list(
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

    fn accept_empty(&mut self) -> bool {
        let start = self.position;
        if self.word().eq_ignore_ascii_case(b"EMPTY") {
            return true;
        }
        self.position = start;
        false
    }

    /// Reads a run of letters.
    fn word(&mut self) -> &'a [u8] {
        let start = self.position;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphabetic()) {
            self.position += 1;
        }
        self.bytes.get(start..self.position).unwrap_or_default()
    }

    fn expect(&mut self, byte: u8) -> Result<(), GeometryError> {
        self.skip_space();
        if self.peek() == Some(byte) {
            self.position += 1;
            return Ok(());
        }
        Err(self.error(&format!("expected \"{}\"", char::from(byte))))
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    fn skip_space(&mut self) {
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

    fn error(&self, reason: &str) -> GeometryError {
        GeometryError::InvalidWkt { position: self.position + 1, reason: reason.to_owned() }
    }
}

/// Returns the dimension of positions with a number of ordinates and no tag.
fn implied_dimension(count: usize) -> Dimension {
    match count {
        0..=2 => Dimension::Xy,
        3 => Dimension::Xyz,
        _ => Dimension::Xyzm,
    }
}

/// Splits `POINTZM` into the name and the dimension.
fn split_tag(word: &[u8]) -> (&[u8], Option<Dimension>) {
    if Kind::ALL.into_iter().any(|kind| is_name(word, kind)) {
        return (word, None);
    }
    for length in [2, 1] {
        let Some(middle) = word.len().checked_sub(length) else { continue };
        let (name, tag) = word.split_at(middle);
        if let Some(dimension) = dimension_tag(tag) {
            return (name, Some(dimension));
        }
    }
    (word, None)
}

fn dimension_tag(word: &[u8]) -> Option<Dimension> {
    match word {
        [b'z' | b'Z'] => Some(Dimension::Xyz),
        [b'm' | b'M'] => Some(Dimension::Xym),
        [b'z' | b'Z', b'm' | b'M'] => Some(Dimension::Xyzm),
        _ => None,
    }
}

fn is_name(word: &[u8], kind: Kind) -> bool {
    word.eq_ignore_ascii_case(kind.wkt_name().as_bytes())
}

/// Reads `NaN`, `Inf` or `Infinity` with an optional sign.
fn special_number(bytes: &[u8]) -> Option<(f64, usize)> {
    let (is_negative, sign) = match bytes.first()? {
        b'-' => (true, 1),
        b'+' => (false, 1),
        b'n' | b'N' | b'i' | b'I' => (false, 0),
        _ => return None,
    };
    let word = bytes.get(sign..)?;
    let letters = word.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let word = word.get(..letters)?;
    let value = if word.eq_ignore_ascii_case(b"nan") {
        f64::NAN
    } else if word.eq_ignore_ascii_case(b"inf") || word.eq_ignore_ascii_case(b"infinity") {
        f64::INFINITY
    } else {
        return None;
    };
    Some((if is_negative { -value } else { value }, sign + letters))
}
