//! Geometries drawn from bytes.

use godwit_geometry::{Coord, Dimension, Kind, write};

/// The most members of a collection that is drawn.
const MAX_MEMBERS: u8 = 3;

/// A reader of the fuzzer's bytes.
///
/// Positions are one byte each, on a grid of 16 by 16, so that vertices and edges coincide at
/// every turn. The first byte says how the grid is placed in the plane.
#[derive(Debug)]
pub struct Draw<'a> {
    bytes: &'a [u8],
    placement: u8,
}

impl<'a> Draw<'a> {
    /// Returns a reader of these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        let mut draw = Self { bytes, placement: 0 };
        draw.placement = draw.byte();
        draw
    }

    /// Returns the WKB of a geometry, valid or not.
    pub fn geometry(&mut self) -> Vec<u8> {
        self.any(2)
    }

    /// Returns a small number, at times any double.
    pub fn number(&mut self) -> f64 {
        match self.byte() {
            255 => self.double(),
            byte => (f64::from(byte) - 64.0) / 16.0,
        }
    }

    /// Returns the next byte, 0 behind the end.
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        *first
    }

    fn double(&mut self) -> f64 {
        f64::from_le_bytes(std::array::from_fn(|_| self.byte()))
    }

    fn any(&mut self, depth: u8) -> Vec<u8> {
        match self.byte() % 10 {
            0 => write::point(self.coord(), Dimension::Xy),
            1 => self.line(),
            2 | 3 => self.polygon(),
            4 => self.members(Kind::MultiPoint, |draw| write::point(draw.coord(), Dimension::Xy)),
            5 => self.members(Kind::MultiLineString, Self::line),
            6 | 7 => self.members(Kind::MultiPolygon, Self::polygon),
            8 if depth > 0 => {
                self.members(Kind::GeometryCollection, |draw| draw.any(depth.saturating_sub(1)))
            }
            _ => self.empty(),
        }
    }

    fn members(&mut self, kind: Kind, mut member: impl FnMut(&mut Self) -> Vec<u8>) -> Vec<u8> {
        let count = self.byte() % MAX_MEMBERS + 1;
        let members: Vec<Vec<u8>> = (0..count).map(|_| member(self)).collect();
        write::collection(kind, Dimension::Xy, &members)
    }

    fn empty(&mut self) -> Vec<u8> {
        let kinds = [Kind::Point, Kind::LineString, Kind::Polygon, Kind::GeometryCollection];
        let kind = kinds.get(usize::from(self.byte() % 4)).copied().unwrap_or(Kind::Polygon);
        write::empty(kind, Dimension::Xy)
    }

    fn line(&mut self) -> Vec<u8> {
        let mut coords = self.path();
        if let [one] = coords.as_slice() {
            coords = vec![*one, *one];
        }
        write::line_string(coords, Dimension::Xy)
    }

    fn polygon(&mut self) -> Vec<u8> {
        let rings = match self.byte() % 4 {
            0 => vec![self.rectangle()],
            1 => vec![self.star()],
            2 => vec![self.rectangle(), self.star()],
            _ => (0..self.byte() % 3 + 1).map(|_| self.path()).collect(),
        };
        let rings = rings.into_iter().map(|mut ring| {
            while ring.len() < 3 {
                ring.push(self.coord());
            }
            ring.extend(ring.first().copied());
            ring
        });
        let rings: Vec<Vec<Coord>> = rings.collect();
        write::polygon(rings, Dimension::Xy)
    }

    fn rectangle(&mut self) -> Vec<Coord> {
        let (a, b) = (self.grid(), self.grid());
        [(a.0, a.1), (b.0, a.1), (b.0, b.1), (a.0, b.1)].map(|(x, y)| self.place(x, y)).to_vec()
    }

    /// Returns positions in the order of their direction from a centre.
    fn star(&mut self) -> Vec<Coord> {
        let count = self.byte() % 10 + 3;
        let mut grid: Vec<(f64, f64)> = (0..count).map(|_| self.grid()).collect();
        let centre = grid.iter().fold((0.01, 0.03), |sum, at| (sum.0 + at.0, sum.1 + at.1));
        let centre = (centre.0 / f64::from(count), centre.1 / f64::from(count));
        let direction = |at: &(f64, f64)| (at.1 - centre.1).atan2(at.0 - centre.0);
        grid.sort_by(|a, b| direction(a).total_cmp(&direction(b)));
        grid.into_iter().map(|(x, y)| self.place(x, y)).collect()
    }

    /// Returns some positions; at times dozens, of which many edges cross.
    fn path(&mut self) -> Vec<Coord> {
        let count = self.byte();
        if count < 0xf8 {
            return (0..count % 9 + 1).map(|_| self.coord()).collect();
        }
        let (x, y) = (u32::from(self.byte()), u32::from(self.byte()));
        let place = |step: u32| {
            let (x, y) = (step * x % 251, step * y % 241);
            self.place(f64::from(x) / 16.0, f64::from(y) / 16.0)
        };
        (0..u32::from(count & 7) * 8 + 16).map(place).collect()
    }

    fn coord(&mut self) -> Coord {
        let (x, y) = self.grid();
        self.place(x, y)
    }

    /// Returns a position of the grid, at times any other.
    fn grid(&mut self) -> (f64, f64) {
        let byte = self.byte();
        if byte == 0xff && self.placement & 8 != 0 {
            return (self.double(), self.double());
        }
        (f64::from(byte >> 4), f64::from(byte & 15))
    }

    /// Returns where a position of the grid is in the plane.
    fn place(&self, x: f64, y: f64) -> Coord {
        let (x, y) = match self.placement & 7 {
            0..=2 => (x, y),
            3 => (x * 0.1 + 500_000.3, y * 0.1 + 5_000_000.7),
            4 => (x * 1e-7, y * 1e-7),
            5 => (x * 0.8 - y * 0.6, x * 0.6 + y * 0.8),
            6 => (x * 1e9 + 0.5, y * 1e-3),
            _ => (x / 3.0 - 7.0, y / 7.0 + x / 11.0),
        };
        Coord::xy(x, y)
    }
}
