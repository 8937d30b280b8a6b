//! Describes what a geometry consists of, for people.

use crate::wkb::has_stored_box;
use crate::{Geometry, Kind, Layout, Sequence};

/// What is known about a geometry beyond its bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context {
    /// Whether the reference system is known.
    pub has_crs: bool,
    /// Whether the coordinates are on the earth.
    pub is_geography: bool,
}

/// Returns the kinds, dimensions and sizes of a geometry and its parts, one a line.
///
/// The letters in brackets: `Z` and `M` for heights and measures, `B` where `PostGIS` would keep a
/// box with the geometry, `G` for a geography, `S` for a known reference system.
pub fn summary(geometry: Geometry<'_>, context: Context) -> String {
    let mut lines = Vec::new();
    describe(geometry, context, 0, &mut lines);
    lines.join("\n")
}

fn describe(geometry: Geometry<'_>, context: Context, depth: usize, lines: &mut Vec<String>) {
    let mut flags = String::new();
    for (flag, is_set) in [
        ('Z', geometry.dimension().has_z()),
        ('M', geometry.dimension().has_m()),
        ('B', depth == 0 && has_stored_box(geometry)),
        ('G', context.is_geography),
        ('S', context.has_crs),
    ] {
        if is_set {
            flags.push(flag);
        }
    }
    let head = format!("{}{}[{flags}]", "  ".repeat(depth), geometry.kind().geojson_name());
    match (geometry.kind().layout(), geometry.kind()) {
        (Layout::Position, _) => lines.push(head),
        (Layout::Path, _) => {
            let count = geometry.path().map_or(0, Sequence::len);
            lines.push(format!("{head} with {count} points"));
        }
        (Layout::Rings, Kind::Triangle) => {
            lines.push(format!("{head} with {} points", geometry.coord_count()));
        }
        (Layout::Rings, _) => {
            let rings = geometry.rings();
            lines.push(format!("{head} with {}", counted(rings.len(), "ring")));
            for (index, ring) in rings.enumerate() {
                lines.push(format!("   ring {index} has {} points", ring.len()));
            }
        }
        (Layout::Members, _) => {
            lines.push(format!("{head} with {}", counted(geometry.part_count(), "element")));
            for part in geometry.parts() {
                describe(part, context, depth + 1, lines);
            }
        }
    }
}

/// Returns a count with its word, and a colon when things follow.
fn counted(count: usize, word: &str) -> String {
    match count {
        0 => format!("0 {word}s"),
        1 => format!("1 {word}:"),
        _ => format!("{count} {word}s:"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn of(text: &str, context: Context) -> String {
        let (wkb, _) = wkt::parse(text).unwrap();
        summary(Geometry::try_new(&wkb).unwrap(), context)
    }

    #[test]
    fn parts_are_listed_below_each_other() {
        assert_eq!(of("POINT(1 2)", Context::default()), "Point[]");
        let earth = Context { has_crs: true, is_geography: true };
        assert_eq!(of("LINESTRING(1 2,3 4,5 6)", earth), "LineString[BGS] with 3 points");
        assert_eq!(
            of(
                "GEOMETRYCOLLECTION Z (POINT Z (1 2 3),POLYGON Z ((0 0 0,1 0 0,1 1 0,0 0 0)))",
                Context::default()
            ),
            "GeometryCollection[ZB] with 2 elements:\n  Point[Z]\n  Polygon[Z] with 1 ring:\n   \
             ring 0 has 4 points"
        );
        assert_eq!(of("MULTIPOINT EMPTY", Context::default()), "MultiPoint[] with 0 elements");
    }
}
