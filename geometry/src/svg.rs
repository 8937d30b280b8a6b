//! Geometries as SVG path data, upside down because Y grows downwards there.

use crate::number::write_ordinate;
use crate::{Coord, Geometry, Kind, Sequence};

/// Returns the SVG of a geometry: the attributes of points, the path data of lines and polygons.
///
/// Relative paths have moves instead of positions, and points `x` and `y` instead of the centre
/// of a circle.
pub fn svg_path(geometry: Geometry<'_>, is_relative: bool, max_decimals: usize) -> String {
    let mut writer = Writer { out: String::new(), is_relative, max_decimals };
    writer.geometry(geometry);
    writer.out
}

struct Writer {
    out: String,
    is_relative: bool,
    max_decimals: usize,
}

impl Writer {
    fn geometry(&mut self, geometry: Geometry<'_>) {
        match geometry.kind() {
            Kind::Point => {
                if let Some(coord) = geometry.point() {
                    self.point(coord);
                }
            }
            Kind::LineString => {
                if let Some(line) = geometry.line().filter(|line| !line.is_empty()) {
                    self.path(line, line.len());
                }
            }
            Kind::Polygon => self.polygon(geometry),
            kind => {
                let separator = match kind {
                    Kind::MultiPoint => ',',
                    Kind::GeometryCollection => ';',
                    _ => ' ',
                };
                let mut is_first = true;
                for part in geometry.parts().filter(|part| !part.is_empty()) {
                    if !is_first {
                        self.out.push(separator);
                    }
                    is_first = false;
                    self.geometry(part);
                }
            }
        }
    }

    fn point(&mut self, coord: Coord) {
        let [x, y] = if self.is_relative { ["x", "y"] } else { ["cx", "cy"] };
        self.out.push_str(x);
        self.out.push_str("=\"");
        self.number(coord.x);
        self.out.push_str("\" ");
        self.out.push_str(y);
        self.out.push_str("=\"");
        self.number(-coord.y);
        self.out.push('"');
    }

    fn polygon(&mut self, geometry: Geometry<'_>) {
        for (index, ring) in geometry.rings().filter(|ring| !ring.is_empty()).enumerate() {
            if index > 0 {
                self.out.push(' ');
            }
            // The command that closes the path takes the place of the last position.
            self.path(ring, ring.len() - 1);
            self.out.push_str(if self.is_relative { " z" } else { " Z" });
        }
    }

    fn path(&mut self, sequence: Sequence<'_>, count: usize) {
        self.out.push_str("M ");
        let mut at: Option<[f64; 2]> = None;
        for (index, coord) in sequence.iter().take(count).enumerate() {
            if self.is_relative {
                let [x, y] = [self.rounded(coord.x), self.rounded(coord.y)];
                let [from_x, from_y] = at.unwrap_or([0.0; 2]);
                if index > 0 {
                    self.out.push(' ');
                }
                self.pair(x - from_x, y - from_y);
                if index == 0 {
                    self.out.push_str(" l");
                }
                at = Some([x, y]);
                continue;
            }
            match index {
                0 => {}
                1 => self.out.push_str(" L "),
                _ => self.out.push(' '),
            }
            self.pair(coord.x, coord.y);
        }
    }

    fn pair(&mut self, x: f64, y: f64) {
        self.number(x);
        self.out.push(' ');
        self.number(-y);
    }

    fn number(&mut self, value: f64) {
        write_ordinate(&mut self.out, value, self.max_decimals);
    }

    /// Returns a number without the decimals that are not written, so that moves add up.
    fn rounded(&self, value: f64) -> f64 {
        let factor = (0..self.max_decimals).fold(1.0, |factor, _| factor * 10.0);
        let rounded = (value * factor).round() / factor;
        if rounded.is_finite() { rounded } else { value }
    }
}
