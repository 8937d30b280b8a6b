//! A geometry and a distance: buffers are valid and contain their input, hulls and centres lie
//! where they must.
#![no_main]

use godwit_fuzz::{Draw, is_nearly_valid, is_ordinary, print_panics, read, size, text, valid};
use godwit_geometry::{Kind, construct, measure, overlay, relate, validity};
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: print_panics(),
    |bytes: &[u8]| {
        let mut draw = Draw::new(bytes);
        let is_raw = draw.byte() & 1 == 1;
        let distance = draw.number();
        let style = match draw.byte() % 4 {
            0 => "join=mitre endcap=square",
            1 => "join=bevel endcap=flat quad_segs=2",
            2 => "side=left",
            _ => "",
        };
        let style = construct::BufferStyle::parse(style).expect("a style");
        let wkb = draw.geometry();
        let geometry = read(&wkb);
        let _ = construct::buffer(geometry, distance, &style);
        let _ = construct::simplify(geometry, distance, false);
        let _ = construct::simplify_preserve_topology(geometry, distance);
        let _ = construct::offset_curve(geometry, distance, &style);
        let _ = construct::concave_hull(geometry, 0.3, true);
        let _ = construct::point_on_surface(geometry);
        if is_raw {
            return;
        }
        let Some(wkb) = valid(wkb) else { return };
        if is_ordinary(read(&wkb)) {
            check_hull(&wkb);
            check_buffer(&wkb, distance);
        }
    }
);

fn check_hull(wkb: &[u8]) {
    let geometry = read(wkb);
    let hull = construct::convex_hull(geometry);
    assert!(validity::is_valid(read(&hull)), "{}\n{}", text(&hull), text(wkb));
    if geometry.is_empty() {
        return;
    }
    // Of collections, positions where many edges cross are computed and rounded.
    let is_exact = geometry.kind() != Kind::GeometryCollection;
    let covers = relate::covers(read(&hull), geometry).expect("an answer");
    assert!(covers || !is_exact, "{} does not cover {}", text(&hull), text(wkb));
    let inside = construct::point_on_surface(geometry);
    let meets = relate::intersects(read(&inside), geometry).expect("an answer");
    assert!(meets || measure::area(geometry) < 1e-9, "{} not on {}", text(&inside), text(wkb));
}

fn check_buffer(wkb: &[u8], distance: f64) {
    let geometry = read(wkb);
    let is_judged = distance.is_finite() && distance.abs() >= (1e-7 * size(geometry)).max(1e-9);
    if !is_judged || distance.abs() > 1e12 {
        return;
    }
    let buffer = construct::buffer(geometry, distance, &construct::BufferStyle::default())
        .unwrap_or_else(|error| panic!("{error}\n{distance} {}", text(wkb)));
    let shown = || format!("{distance} around {}\nis {}", text(wkb), text(&buffer));
    assert!(matches!(read(&buffer).kind(), Kind::Polygon | Kind::MultiPolygon), "{}", shown());
    assert!(is_nearly_valid(&buffer), "invalid: {}", shown());
    if distance > 0.0 {
        if !geometry.is_empty() {
            let covers = relate::covers(read(&buffer), geometry).expect("an answer");
            assert!(covers, "not covered: {}", shown());
        }
        return;
    }
    let outside = overlay::difference(read(&buffer), geometry).expect("a difference");
    let tolerance = 1e-9 * size(geometry) * (size(geometry) + measure::perimeter(geometry));
    assert!(measure::area(read(&outside)) <= tolerance, "outside: {}", shown());
}
