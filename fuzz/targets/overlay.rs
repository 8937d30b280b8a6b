//! Two geometries: overlays return, their answers are valid, and areas and lengths add up.
#![no_main]

use godwit_fuzz::{
    Draw, area_scale, is_nearly_valid, is_ordinary, print_panics, read, size, text, valid,
};
use godwit_geometry::{Kind, measure, overlay, relate, validity};
use libfuzzer_sys::fuzz_target;

/// The part of an ordinate by which a position may move.
const ROUNDING: f64 = 1e-11;

fuzz_target!(
    init: print_panics(),
    |bytes: &[u8]| {
        let mut draw = Draw::new(bytes);
        let is_raw = draw.byte() & 1 == 1;
        let (left, right) = (draw.geometry(), draw.geometry());
        if is_raw {
            let (a, b) = (read(&left), read(&right));
            let _ = (overlay::intersection(a, b), overlay::sym_difference(a, b));
            let _ = (overlay::unary_union(&[a, b]), overlay::node(a));
            return;
        }
        let (Some(left), Some(right)) = (valid(left), valid(right)) else { return };
        if is_ordinary(read(&left)) && is_ordinary(read(&right)) {
            check(&left, &right);
        }
    }
);

fn check(left: &[u8], right: &[u8]) {
    let (a, b) = (read(left), read(right));
    let shown = || format!("{}\n{}", text(left), text(right));
    let [common, all, rest, either] =
        [overlay::intersection, overlay::union, overlay::difference, overlay::sym_difference].map(
            |operation| operation(a, b).unwrap_or_else(|error| panic!("{error}\n{}", shown())),
        );
    for answer in [&common, &all, &rest, &either] {
        assert!(is_nearly_valid(answer), "{}\n{}", text(answer), shown());
    }
    let meets = relate::intersects(a, b).expect("an answer");
    if !meets {
        assert!(read(&common).is_empty(), "{}\n{}", text(&common), shown());
    }
    let may_overlap_itself =
        [a, b].iter().any(|geometry| geometry.kind() == Kind::GeometryCollection);
    if may_overlap_itself {
        return;
    }
    let tolerance = ROUNDING * area_scale(a, b);
    let area = |wkb: &[u8]| measure::area(read(wkb));
    let sums = [
        (area(left), area(&common) + area(&rest)),
        (area(&all), area(&rest) + area(right)),
        (area(&either), area(&all) - area(&common)),
    ];
    for (one, other) in sums {
        assert!((one - other).abs() <= tolerance, "area {one} is not {other}\n{}", shown());
    }
    let is_simple_line = a.kind() == Kind::LineString && validity::is_simple(a);
    if is_simple_line {
        let length = |wkb: &[u8]| measure::length(read(wkb));
        let (one, other) = (length(left), length(&common) + length(&rest));
        let tolerance = 1e3 * ROUNDING * size(a).max(size(b));
        assert!((one - other).abs() <= tolerance, "length {one} is not {other}\n{}", shown());
    }
}
