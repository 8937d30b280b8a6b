//! Geometries as SVG path data, upside down because Y grows downwards there.

use crate::curve::{Sweep, arcs};
use crate::number::write_ordinate;
use crate::{Coord, Geometry, Kind, Sequence};

/// Returns the SVG of a geometry of any kind: the attributes of points, the path data of lines,
/// arcs and polygons.
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
            Kind::CircularString | Kind::CompoundCurve => {
                self.curve(geometry, &mut None);
            }
            Kind::Polygon | Kind::Triangle => self.polygon(geometry),
            Kind::CurvePolygon => self.curve_polygon(geometry),
            kind => {
                let separator = match kind {
                    Kind::MultiPoint => ',',
                    Kind::GeometryCollection | Kind::PolyhedralSurface | Kind::Tin => ';',
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

    fn curve_polygon(&mut self, geometry: Geometry<'_>) {
        for (index, ring) in geometry.parts().filter(|ring| !ring.is_empty()).enumerate() {
            if index > 0 {
                self.out.push(' ');
            }
            self.curve(ring, &mut None);
            self.out.push_str(if self.is_relative { " z" } else { " Z" });
        }
    }

    /// Writes a path of lines and arcs from where the pen is, or from its first position.
    fn curve(&mut self, curve: Geometry<'_>, pen: &mut Option<[f64; 2]>) {
        let Some(path) = curve.path() else {
            for part in curve.parts() {
                self.curve(part, pen);
            }
            return;
        };
        if pen.is_none()
            && let Some(first) = path.first()
        {
            self.out.push_str("M ");
            self.pair(first.x, first.y);
            *pen = Some([self.rounded(first.x), self.rounded(first.y)]);
        }
        if curve.kind() == Kind::CircularString {
            arcs(path, |a, b, c| self.arc([a, b, c], pen));
            return;
        }
        let mut has_command = false;
        for coord in path.iter().skip(1) {
            if has_command {
                self.out.push(' ');
            } else {
                self.out.push_str(if self.is_relative { " l " } else { " L " });
                has_command = true;
            }
            self.run_to([coord.x, coord.y], pen);
        }
    }

    /// Writes one arc, a whole circle in two halves.
    fn arc(&mut self, [a, b, c]: [[f64; 2]; 3], pen: &mut Option<[f64; 2]>) {
        let Some(Sweep { radius, is_long, is_clockwise }) = Sweep::through(a, b, c) else {
            for to in [b, c] {
                self.out.push_str(if self.is_relative { " l " } else { " L " });
                self.run_to(to, pen);
            }
            return;
        };
        let halfway = (a == c).then_some(b);
        for end in halfway.into_iter().chain([c]) {
            self.out.push_str(if self.is_relative { " a " } else { " A " });
            self.number(radius);
            self.out.push(' ');
            self.number(radius);
            self.out.push_str(if is_long { " 0 1 " } else { " 0 0 " });
            self.out.push_str(if is_clockwise { "1 " } else { "0 " });
            self.run_to(end, pen);
        }
    }

    /// Writes where the pen goes.
    fn run_to(&mut self, [x, y]: [f64; 2], pen: &mut Option<[f64; 2]>) {
        if self.is_relative {
            let [from_x, from_y] = pen.unwrap_or([0.0; 2]);
            let at = [self.rounded(x), self.rounded(y)];
            self.pair(at[0] - from_x, at[1] - from_y);
            *pen = Some(at);
        } else {
            self.pair(x, y);
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
