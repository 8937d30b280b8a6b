//! Two geometries: the matrix is that of the exchanged ones transposed, and the predicates, also
//! of prepared geometries, agree with it.
#![no_main]

use godwit_fuzz::{Draw, print_panics, read, text, valid};
use godwit_geometry::{Kind, Prepared, Relation, relate};
use libfuzzer_sys::fuzz_target;

/// The relations that are patterns of the matrix whatever the dimensions are.
const PATTERNS: [(Relation, &[&str]); 9] = [
    (Relation::Intersects, &["T********", "*T*******", "***T*****", "****T****"]),
    (Relation::Disjoint, &["FF*FF****"]),
    (Relation::Contains, &["T*****FF*"]),
    (Relation::Within, &["T*F**F***"]),
    (Relation::Covers, &["T*****FF*", "*T****FF*", "***T**FF*", "****T*FF*"]),
    (Relation::CoveredBy, &["T*F**F***", "*TF**F***", "**FT*F***", "**F*TF***"]),
    (Relation::ContainsProperly, &["T**FF*FF*"]),
    (Relation::Touches, &["FT*******", "F**T*****", "F***T****"]),
    (Relation::Equals, &["T*F**FFF*"]),
];

fuzz_target!(
    init: print_panics(),
    |bytes: &[u8]| {
        let mut draw = Draw::new(bytes);
        let is_raw = draw.byte() & 1 == 1;
        let (left, right) = (draw.geometry(), draw.geometry());
        if is_raw {
            // Nothing is defined on invalid geometries, but everything returns.
            let (a, b) = (read(&left), read(&right));
            let _ = (relate::relate(a, b), relate::equals(a, b));
            let _ = (relate::intersects(a, b), relate::contains(a, b), relate::touches(a, b));
            return;
        }
        let (Some(left), Some(right)) = (valid(left), valid(right)) else { return };
        check(&left, &right);
    }
);

fn check(left: &[u8], right: &[u8]) {
    let (a, b) = (read(left), read(right));
    let shown = || format!("{}\n{}", text(left), text(right));
    let forth = relate::relate(a, b).expect("a matrix");
    let back = relate::relate(b, a).expect("a matrix");
    assert_eq!(forth.transpose(), back, "{}", shown());
    if a.is_empty() || b.is_empty() {
        return;
    }
    let prepared = Prepared::new(left).expect("our own WKB");
    for (relation, patterns) in PATTERNS {
        let is_areas = matches!(a.kind(), Kind::Polygon | Kind::MultiPolygon);
        let expected = patterns.iter().any(|pattern| forth.matches(pattern).expect("a pattern"));
        let answer = relation.evaluate(a, b).expect("an answer");
        assert_eq!(answer, expected, "{relation:?} {forth} {is_areas}\n{}", shown());
        let converse = relation.converse().evaluate(b, a).expect("an answer");
        assert_eq!(converse, expected, "converse of {relation:?}\n{}", shown());
    }
    for relation in PATTERNS.map(|(relation, _)| relation).into_iter().chain([
        Relation::Crosses,
        Relation::Overlaps,
        Relation::WithinProperly,
    ]) {
        let fast = prepared.evaluate(relation, b).expect("an answer");
        let slow = relation.evaluate(a, b).expect("an answer");
        assert_eq!(fast, slow, "prepared {relation:?}\n{}", shown());
    }
}
