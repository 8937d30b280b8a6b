//! Writes WKT and EWKT.

use crate::number::write_ordinate;
use crate::{Coord, Dimension, Geometry, Kind, Layout, Sequence};

/// Returns a geometry as WKT: `POINT Z (1 2 3)`.
pub fn format(geometry: Geometry<'_>, max_decimals: usize) -> String {
    let mut out = String::with_capacity(geometry.bytes().len());
    format_into(&mut out, geometry, max_decimals);
    out
}

/// Appends a geometry as WKT.
pub fn format_into(out: &mut String, geometry: Geometry<'_>, max_decimals: usize) {
    Formatter { out, max_decimals, style: Style::Iso }.tagged(geometry);
}

/// Returns a geometry as EWKT: `SRID=4326;POINT(1 2 3)`.
pub fn format_ewkt(geometry: Geometry<'_>, srid: Option<i32>, max_decimals: usize) -> String {
    let mut out = String::with_capacity(geometry.bytes().len());
    if let Some(srid) = srid.filter(|srid| *srid != 0) {
        out.push_str("SRID=");
        out.push_str(&srid.to_string());
        out.push(';');
    }
    Formatter { out: &mut out, max_decimals, style: Style::Extended }.tagged(geometry);
    out
}

#[derive(Clone, Copy, PartialEq)]
enum Style {
    /// Dimensions stand behind the name.
    Iso,
    /// Only a lone measure is marked; heights show by their number.
    Extended,
}

struct Formatter<'o> {
    out: &'o mut String,
    max_decimals: usize,
    style: Style,
}

impl Formatter<'_> {
    /// Writes a geometry with its name and dimension.
    fn tagged(&mut self, geometry: Geometry<'_>) {
        self.out.push_str(geometry.kind().wkt_name());
        let dimension = match (self.style, geometry.dimension()) {
            (Style::Iso, Dimension::Xyz) => " Z ",
            (Style::Iso, Dimension::Xym) => " M ",
            (Style::Iso, Dimension::Xyzm) => " ZM ",
            (Style::Extended, Dimension::Xym) => "M",
            _ => "",
        };
        self.out.push_str(dimension);
        self.body(geometry);
    }

    fn body(&mut self, geometry: Geometry<'_>) {
        match geometry.kind().layout() {
            Layout::Position => match geometry.point() {
                Some(coord) => {
                    self.out.push('(');
                    self.coord(coord, geometry.dimension());
                    self.out.push(')');
                }
                None => self.empty(),
            },
            Layout::Path => match geometry.path() {
                Some(path) if !path.is_empty() => self.sequence(path),
                _ => self.empty(),
            },
            Layout::Rings if geometry.is_empty() => self.empty(),
            Layout::Rings => self.list(geometry.rings(), Self::sequence),
            Layout::Members if geometry.part_count() == 0 => self.empty(),
            Layout::Members => self.members(geometry),
        }
    }

    fn members(&mut self, geometry: Geometry<'_>) {
        match (geometry.kind(), geometry.kind().unnamed_member()) {
            (Kind::MultiPoint, _) if self.style == Style::Extended => {
                self.list(geometry.parts(), Self::bare_point);
            }
            (_, Some(unnamed)) => self.list(geometry.parts(), |this, part| {
                if part.kind() == unnamed {
                    this.body(part);
                } else {
                    this.tagged(part);
                }
            }),
            (_, None) => self.list(geometry.parts(), Self::tagged),
        }
    }

    /// Writes a point without parentheses, as EWKT has it in multipoints.
    fn bare_point(&mut self, geometry: Geometry<'_>) {
        match geometry.point() {
            Some(coord) => self.coord(coord, geometry.dimension()),
            None => self.empty(),
        }
    }

    fn list<T>(&mut self, items: impl Iterator<Item = T>, write: impl Fn(&mut Self, T)) {
        self.out.push('(');
        for (index, item) in items.enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            write(self, item);
        }
        self.out.push(')');
    }

    fn sequence(&mut self, sequence: Sequence<'_>) {
        let dimension = sequence.dimension();
        self.list(sequence.iter(), |this, coord| this.coord(coord, dimension));
    }

    fn coord(&mut self, coord: Coord, dimension: Dimension) {
        let ordinates = coord.ordinates(dimension);
        for (index, ordinate) in ordinates.into_iter().take(dimension.size()).enumerate() {
            if index > 0 {
                self.out.push(' ');
            }
            write_ordinate(self.out, ordinate, self.max_decimals);
        }
    }

    fn empty(&mut self) {
        if !self.out.ends_with([' ', ',', '(']) {
            self.out.push(' ');
        }
        self.out.push_str("EMPTY");
    }
}
