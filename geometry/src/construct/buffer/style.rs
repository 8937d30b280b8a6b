//! How the outline of a buffer is drawn.

use crate::GeometryError;

/// The shape of a buffer at the ends of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EndCap {
    /// A half circle.
    #[default]
    Round,
    /// Cut off at the end.
    Flat,
    /// Cut off one distance after the end.
    Square,
}

/// The shape of a buffer at corners that point outward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Join {
    /// An arc.
    #[default]
    Round,
    /// The offset edges continued until they meet, up to the mitre limit.
    Mitre,
    /// The offset edges joined by a straight edge.
    Bevel,
}

/// The side of a line on which a buffer lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Side {
    /// On both sides.
    #[default]
    Both,
    /// To the left of the direction of the line.
    Left,
    /// To the right of the direction of the line.
    Right,
}

/// How the outline of a buffer is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BufferStyle {
    /// The number of edges that stand for a quarter of a circle.
    pub quad_segs: u32,
    /// The shape at the ends of lines.
    pub end_cap: EndCap,
    /// The shape at corners that point outward.
    pub join: Join,
    /// How many distances a mitred corner may be away from the corner of the geometry.
    pub mitre_limit: f64,
    /// The side of lines on which the buffer lies.
    pub side: Side,
}

/// The most edges that may stand for a quarter of a circle.
const MAX_QUAD_SEGS: u32 = 1 << 16;

impl Default for BufferStyle {
    fn default() -> Self {
        Self {
            quad_segs: 8,
            end_cap: EndCap::Round,
            join: Join::Round,
            mitre_limit: 5.0,
            side: Side::Both,
        }
    }
}

impl BufferStyle {
    /// Returns the style that a text like `quad_segs=4 endcap=flat join=mitre mitre_limit=2.5
    /// side=left` describes.
    pub fn parse(text: &str) -> Result<Self, GeometryError> {
        let mut style = Self::default();
        for word in text.split_whitespace() {
            let Some((name, value)) = word.split_once('=') else {
                return Err(invalid(format!("the buffer parameter \"{word}\" has no value")));
            };
            style.set(name, value)?;
        }
        Ok(style)
    }

    /// Returns the number of edges of a quarter circle within sensible limits.
    pub(super) fn quadrant_segments(&self) -> u32 {
        self.quad_segs.clamp(1, MAX_QUAD_SEGS)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), GeometryError> {
        let unknown = |expected: &str| {
            invalid(format!("the buffer parameter {name} is \"{value}\", expected {expected}"))
        };
        let number = |expected| value.parse::<f64>().ok().ok_or_else(|| unknown(expected));
        match name.to_ascii_lowercase().as_str() {
            "endcap" => {
                self.end_cap = match value {
                    "round" => EndCap::Round,
                    "flat" | "butt" => EndCap::Flat,
                    "square" => EndCap::Square,
                    _ => return Err(unknown("round, flat or square")),
                };
            }
            "join" => {
                self.join = match value {
                    "round" => Join::Round,
                    "mitre" | "miter" => Join::Mitre,
                    "bevel" => Join::Bevel,
                    _ => return Err(unknown("round, mitre or bevel")),
                };
            }
            "side" => {
                self.side = match value {
                    "both" => Side::Both,
                    "left" => Side::Left,
                    "right" => Side::Right,
                    _ => return Err(unknown("both, left or right")),
                };
            }
            "quad_segs" => {
                let segments: i64 = value.parse().ok().ok_or_else(|| unknown("a whole number"))?;
                self.quad_segs = u32::try_from(segments.max(1)).unwrap_or(MAX_QUAD_SEGS);
            }
            "mitre_limit" | "miter_limit" => self.mitre_limit = number("a number")?,
            _ => {
                return Err(invalid(format!(
                    "unknown buffer parameter \"{name}\", expected quad_segs, endcap, join, \
                     mitre_limit or side"
                )));
            }
        }
        Ok(())
    }
}

fn invalid(reason: String) -> GeometryError {
    GeometryError::InvalidArgument { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read() {
        let style =
            BufferStyle::parse("quad_segs=2 endcap=butt join=miter mitre_limit=1.5 side=left");
        let expected = BufferStyle {
            quad_segs: 2,
            end_cap: EndCap::Flat,
            join: Join::Mitre,
            mitre_limit: 1.5,
            side: Side::Left,
        };
        assert_eq!(style, Ok(expected));
        assert_eq!(BufferStyle::parse(""), Ok(BufferStyle::default()));
        for text in ["quad_segs", "endcap=oval", "join=", "side=up", "quad_segs=x", "colour=red"] {
            assert!(BufferStyle::parse(text).is_err(), "{text}");
        }
    }
}
