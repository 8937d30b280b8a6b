//! Prepared geometries must answer as the general algorithms do.

use super::Prepared;
use crate::{Coord, Dimension, Geometry, Kind, Relation, WkbWriter, measure, wkt, write};

const RELATIONS: [Relation; 13] = [
    Relation::Intersects,
    Relation::Contains,
    Relation::Within,
    Relation::Covers,
    Relation::CoveredBy,
    Relation::ContainsProperly,
    Relation::WithinProperly,
    Relation::Touches,
    Relation::Crosses,
    Relation::Overlaps,
    Relation::Equals,
    Relation::Disjoint,
    Relation::BoundsIntersect,
];

/// A small generator of numbers that look random.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn unit(&mut self) -> f64 {
        self.next() as f64 / f64::from(1_u32 << 31)
    }
}

fn ring(positions: &[[f64; 2]]) -> Vec<Coord> {
    let closed = positions.iter().chain(positions.first());
    closed.map(|[x, y]| Coord::xy(*x, *y)).collect()
}

/// A ring around a centre whose radius changes from corner to corner.
fn star(random: &mut Random, centre: [f64; 2], radius: f64, corners: u32) -> Vec<Coord> {
    let positions: Vec<_> = (0..corners)
        .map(|corner| {
            let angle = f64::from(corner) / f64::from(corners) * std::f64::consts::TAU;
            let length = radius * (0.3 + 0.7 * random.unit());
            [centre[0] + length * angle.cos(), centre[1] + length * angle.sin()]
        })
        .collect();
    ring(&positions)
}

/// Bars of whole heights on a common ground: many edges on grid lines.
fn bars(random: &mut Random, x: f64, y: f64, count: u32) -> Vec<Coord> {
    let mut positions = vec![[x + f64::from(count), y], [x, y]];
    let mut previous = 0;
    for bar in 0..count {
        let mut height = 2 + random.below(5);
        if height == previous {
            height += 1;
        }
        previous = height;
        positions.push([x + f64::from(bar), y + height as f64]);
        positions.push([x + f64::from(bar + 1), y + height as f64]);
    }
    ring(&positions)
}

fn triangle(random: &mut Random, size: u64) -> Vec<Coord> {
    loop {
        let mut corner = || [random.below(size) as f64, random.below(size) as f64];
        let corners = [corner(), corner(), corner()];
        let [a, b, c] = corners;
        if (b[0] - a[0]) * (c[1] - a[1]) != (b[1] - a[1]) * (c[0] - a[0]) {
            return ring(&corners);
        }
    }
}

fn polygon(random: &mut Random) -> Vec<u8> {
    match random.below(5) {
        0 => {
            let corners = 5 + u32::try_from(random.below(60)).expect("small");
            let shell = star(random, [5.0, 5.0], 5.0, corners);
            let hole = star(random, [5.0, 5.0], 1.4, 7);
            write::polygon([shell, hole], Dimension::Xy)
        }
        1 => write::polygon([bars(random, 0.0, 0.0, 9)], Dimension::Xy),
        2 => {
            let hole = ring(&[[3.0, 1.0], [4.0, 1.0], [4.0, 2.0], [3.0, 2.0]]);
            write::polygon([bars(random, 0.0, 0.0, 8), hole], Dimension::Xy)
        }
        3 => {
            let one = write::polygon([bars(random, 0.0, 0.0, 4)], Dimension::Xy);
            let two = write::polygon([bars(random, 5.0, 1.0, 4)], Dimension::Xy);
            write::collection(Kind::MultiPolygon, Dimension::Xy, &[&one, &two])
        }
        _ => write::polygon([triangle(random, 10)], Dimension::Xy),
    }
}

fn line(random: &mut Random) -> Vec<u8> {
    let count = 2 + random.below(4);
    let is_whole = random.below(2) == 0;
    let mut coords: Vec<Coord> = Vec::new();
    while coords.len() < usize::try_from(count).expect("small") {
        let coord = if is_whole {
            Coord::xy(random.below(11) as f64, random.below(9) as f64)
        } else {
            Coord::xy(random.unit() * 11.0 - 0.5, random.unit() * 9.0 - 0.5)
        };
        if coords.last().is_none_or(|last| last.x != coord.x || last.y != coord.y) {
            coords.push(coord);
        }
    }
    write::line_string(coords, Dimension::Xy)
}

fn point(random: &mut Random) -> Vec<u8> {
    if random.below(2) == 0 {
        return write::point_xy(random.unit() * 11.0 - 0.5, random.unit() * 9.0 - 0.5);
    }
    write::point_xy(random.below(22) as f64 / 2.0, random.below(18) as f64 / 2.0)
}

fn points(random: &mut Random) -> Vec<u8> {
    let members: Vec<_> = (0..=random.below(4)).map(|_| point(random)).collect();
    write::collection(Kind::MultiPoint, Dimension::Xy, &members)
}

fn any(random: &mut Random) -> Vec<u8> {
    match random.below(4) {
        0 => point(random),
        1 => points(random),
        2 => line(random),
        _ => polygon(random),
    }
}

/// Compares every relation of a prepared geometry with the general algorithms.
fn compare(own: &[u8], other: &[u8]) {
    let prepared = Prepared::new(own).expect("good WKB");
    let (own, other) =
        (Geometry::try_new(own).expect("good WKB"), Geometry::try_new(other).expect("good WKB"));
    for relation in RELATIONS {
        assert_eq!(
            prepared.evaluate(relation, other),
            relation.evaluate(own, other),
            "{relation:?} of {} and {}",
            wkt::format(own, 17),
            wkt::format(other, 17)
        );
    }
    for distance in [0.0, 0.25, 1.0, 3.0, 100.0] {
        assert_eq!(
            prepared.dwithin(other, distance),
            Ok(measure::dwithin(own, other, distance)),
            "{distance} between {} and {}",
            wkt::format(own, 17),
            wkt::format(other, 17)
        );
    }
}

#[test]
fn random_pairs_agree_with_the_general_algorithms() {
    let mut random = Random(42);
    for _ in 0..1500 {
        let own = any(&mut random);
        compare(&own, &any(&mut random));
    }
}

#[test]
fn points_in_polygons_agree_everywhere() {
    let mut random = Random(7);
    for _ in 0..120 {
        let own = polygon(&mut random);
        let prepared = Prepared::new(&own).expect("good WKB");
        let own = Geometry::try_new(&own).expect("good WKB");
        let check = |x: f64, y: f64| {
            let other = write::point_xy(x, y);
            let other = Geometry::try_new(&other).expect("a point");
            for relation in [Relation::Intersects, Relation::Contains, Relation::Touches] {
                assert_eq!(
                    prepared.evaluate(relation, other),
                    relation.evaluate(own, other),
                    "{relation:?} of {} and {x} {y}",
                    wkt::format(own, 17)
                );
            }
        };
        // Corners, middles of edges, and positions at the height or width of corners.
        own.coords(|a| {
            check(a.x, a.y);
            check(a.x.next_up(), a.y);
            check(a.x, a.y.next_down());
            check(a.x, random.unit() * 8.0);
            check(random.unit() * 10.0, a.y);
        });
        own.sequences(&mut |_, sequence| {
            for index in 1..sequence.len() {
                let ([ax, ay], [bx, by]) = (sequence.xy(index - 1), sequence.xy(index));
                check(f64::midpoint(ax, bx), f64::midpoint(ay, by));
            }
        });
    }
}

/// Parts that overlap each other are invalid, but every algorithm must take them for one area.
#[test]
fn multipolygons_that_overlap_themselves_agree() {
    let mut random = Random(21);
    for _ in 0..150 {
        let mut writer = WkbWriter::new(Dimension::Xy);
        writer.begin(Kind::MultiPolygon);
        for _ in 0..2 + random.below(3) {
            writer.begin(Kind::Polygon);
            writer.ring(triangle(&mut random, 6));
            writer.end();
        }
        writer.end();
        let own = writer.into_bytes();
        for _ in 0..40 {
            let at = [random.below(7), random.below(7)].map(|ordinate| ordinate as f64);
            compare(&own, &write::point_xy(at[0], at[1]));
        }
        compare(&own, &any(&mut random));
    }
}

#[test]
fn grids_survive_odd_shapes() {
    let cases = [
        // Very flat, very far away, very small.
        "POLYGON((0 0,1000000 0,1000000 0.001,0 0.001,0 0))",
        "POLYGON((1e15 1e15,1000000000000004 1e15,1000000000000004 1000000000000004,1e15 1e15))",
        "POLYGON((1 1,1.0000000000000002 1,1.0000000000000002 1.0000000000000002,1 1))",
        "POLYGON((0 0,1e-300 0,1e-300 1e-300,0 1e-300,0 0))",
        "POLYGON((-1e300 -1e300,1e300 -1e300,1e300 1e300,-1e300 1e300,-1e300 -1e300))",
        // Without an area, without a length, empty.
        "POLYGON((0 0,5 0,2 0,0 0))",
        "POLYGON((1 1,1 1,1 1,1 1))",
        "LINESTRING(2 2,2 2)",
        "POLYGON EMPTY",
        "MULTIPOINT EMPTY",
        "GEOMETRYCOLLECTION(POINT(1 1),POLYGON((0 0,4 0,4 4,0 4,0 0)))",
        "MULTILINESTRING((0 0,2 2),(2 2,4 0),(2 2,2 9))",
        "LINESTRING(0 0,4 0,4 4,0 0)",
        "MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)),EMPTY)",
    ];
    let others = [
        "POINT(1 1)",
        "POINT(2 2)",
        "POINT(0 0)",
        "POINT EMPTY",
        "POINT(1000000000000002 1000000000000001)",
        "LINESTRING(0 0,4 4)",
        "POLYGON((0 0,4 0,4 4,0 4,0 0))",
        "GEOMETRYCOLLECTION EMPTY",
    ];
    for own in cases {
        for other in others {
            let (own, other) = (wkt::parse(own).expect("WKT").0, wkt::parse(other).expect("WKT").0);
            compare(&own, &other);
            compare(&other, &own);
        }
    }
}

#[test]
fn a_large_ring_has_a_small_index() {
    let mut random = Random(3);
    let shell = star(&mut random, [0.0, 0.0], 50.0, 20_000);
    let own = write::polygon([shell], Dimension::Xy);
    let prepared = Prepared::new(&own).expect("good WKB");
    assert!(prepared.memory_size() < own.len() * 20, "{}", prepared.memory_size());
    for _ in 0..200 {
        let other = write::point_xy(random.unit() * 100.0 - 50.0, random.unit() * 100.0 - 50.0);
        let other = Geometry::try_new(&other).expect("a point");
        assert_eq!(
            prepared.evaluate(Relation::Contains, other),
            Relation::Contains.evaluate(Geometry::try_new(&own).expect("good WKB"), other)
        );
    }
}

#[test]
fn random_lines_agree_with_the_general_algorithms() {
    let mut random = Random(99);
    for _ in 0..800 {
        let own = line(&mut random);
        compare(&own, &any(&mut random));
    }
}

#[test]
fn parts_inside_overlap_although_no_edges_meet() {
    let square = "POLYGON((0 0,9 0,9 9,0 9,0 0))";
    let with_hole = "POLYGON((0 0,9 0,9 9,0 9,0 0),(4 4,5 4,5 5,4 5,4 4))";
    let in_and_out = "MULTIPOLYGON(((1 1,2 1,2 2,1 2,1 1)),((20 1,21 1,21 2,20 2,20 1)))";
    let around_the_hole = "POLYGON((3 3,6 3,6 6,3 6,3 3))";
    for (a, b, expected) in [
        (square, in_and_out, true),
        (with_hole, around_the_hole, true),
        (square, around_the_hole, false),
        (with_hole, "POLYGON((4.2 4.2,4.8 4.2,4.8 4.8,4.2 4.2))", false),
    ] {
        let (a, b) = (wkt::parse(a).unwrap().0, wkt::parse(b).unwrap().0);
        for (a, b) in [(&a, &b), (&b, &a)] {
            let answer = Prepared::new(a)
                .unwrap()
                .evaluate(Relation::Overlaps, Geometry::try_new(b).unwrap());
            assert_eq!(answer, Ok(expected));
        }
    }
}
