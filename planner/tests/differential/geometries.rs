//! Geometries that are hard to compare: they share vertices, edges and more.

use godwit_geometry::{Coord, Dimension, wkt, write};

/// A small generator of numbers that look random.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        u32::try_from(self.0 >> 33).expect("31 bits") % bound
    }

    fn whole(&mut self, bound: u32) -> f64 {
        f64::from(self.below(bound))
    }
}

/// Returns the shapes that every table has, around a place.
fn odd_shapes(x: f64, y: f64) -> Vec<String> {
    let (x1, x2, x3, x4) = (x + 1.0, x + 2.0, x + 3.0, x + 4.0);
    let (y1, y2, y3, y4) = (y + 1.0, y + 2.0, y + 3.0, y + 4.0);
    let shell = format!("({x} {y},{x4} {y},{x4} {y4},{x} {y4},{x} {y})");
    vec![
        // A hole that touches the shell in a point, and one that shares no point with it.
        format!("POLYGON({shell},({x} {y},{x2} {y1},{x1} {y2},{x} {y}))"),
        format!("POLYGON({shell},({x1} {y1},{x3} {y1},{x3} {y3},{x1} {y3},{x1} {y1}))"),
        // Two polygons that touch in a point, and one with an island in its hole.
        format!(
            "MULTIPOLYGON((({x} {y},{x2} {y},{x2} {y2},{x} {y2},{x} {y})),\
             (({x2} {y2},{x4} {y2},{x4} {y4},{x2} {y4},{x2} {y2})))"
        ),
        format!(
            "MULTIPOLYGON(({shell},({x1} {y1},{x3} {y1},{x3} {y3},{x1} {y3},{x1} {y1})),\
             (({x1} {y1},{x2} {y1},{x2} {y2},{x1} {y1})))"
        ),
        format!("MULTIPOINT({x} {y},{x1} {y1},{x4} {y})"),
        format!("MULTILINESTRING(({x} {y},{x4} {y4}),({x} {y4},{x4} {y}))"),
        format!("LINESTRING({x} {y},{x4} {y},{x4} {y4},{x} {y4},{x} {y})"),
        format!("LINESTRING({x1} {y},{x3} {y})"),
        // A line without length, and a ring that runs back.
        format!("LINESTRING({x1} {y1},{x1} {y1})"),
        format!("POLYGON(({x2} {y},{x} {y2},{x2} {y4},{x4} {y2},{x2} {y}))"),
    ]
}

/// Returns geometries on a small lattice, so that they meet in every way.
pub(super) fn lattice(seed: u64, count: usize) -> Vec<Option<Vec<u8>>> {
    let mut random = Random(seed);
    let parse = |text: &str| wkt::parse(text).expect("WKT").0;
    let mut made = vec![
        None,
        Some(parse("POINT EMPTY")),
        Some(parse("POLYGON EMPTY")),
        Some(parse("MULTIPOLYGON EMPTY")),
        // Far larger and far smaller than everything else.
        Some(parse("POLYGON((-1e9 -1e9,1e9 -1e9,1e9 1e9,-1e9 1e9,-1e9 -1e9))")),
        Some(parse("POLYGON((3 3,3.000000001 3,3.000000001 3.000000001,3 3))")),
        Some(parse("LINESTRING(-1e9 3,1e9 3)")),
    ];
    let (x, y) = (random.whole(4), random.whole(4));
    made.extend(odd_shapes(x, y).iter().map(|text| Some(parse(text))));
    while made.len() < count {
        let (x, y) = (random.whole(12), random.whole(12));
        let (right, top) = (x + 1.0 + random.whole(4), y + 1.0 + random.whole(4));
        made.push(Some(match random.below(6) {
            0 | 1 => write::point_xy(x, y),
            2 => write::point_xy(x + 0.5, y + 0.25),
            3 => {
                // A ring of enough corners to be prepared, with corners on the lattice.
                let ring = (0..=48_u32).map(|corner| {
                    let (side, step) = ((corner % 48) / 12, f64::from(corner % 12) / 3.0);
                    let bump = f64::from(corner % 3) * 0.2;
                    match side {
                        0 => Coord::xy(x + step, y - bump),
                        1 => Coord::xy(x + 4.0 + bump, y + step),
                        2 => Coord::xy(x + 4.0 - step, y + 4.0 + bump),
                        _ => Coord::xy(x - bump, y + 4.0 - step),
                    }
                });
                write::polygon([ring], Dimension::Xy)
            }
            _ => parse(&format!("POLYGON(({x} {y},{right} {y},{right} {top},{x} {top},{x} {y}))")),
        }));
    }
    made
}
