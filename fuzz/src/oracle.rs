//! What must hold of geometries and of answers.

use godwit_geometry::validity::{self, Repair};
use godwit_geometry::{Geometry, measure, wkt};

/// The largest and the smallest magnitude, apart from 0, of ordinates on which answers are judged.
const ORDINARY: std::ops::Range<f64> = 1e-9..1e12;
/// How much wider than high an ordinary shape may be.
const MAX_ASPECT: f64 = 1e6;

/// Returns the geometry of bytes that our own code wrote.
pub fn read(wkb: &[u8]) -> Geometry<'_> {
    Geometry::try_new(wkb).expect("our own WKB")
}

/// Returns whether all ordinates are of a magnitude that maps have.
///
/// On others nothing may panic, but a square may overflow and a small part vanish.
pub fn is_ordinary(geometry: Geometry<'_>) -> bool {
    let mut ordinary = true;
    let of_a_map = |ordinate: f64| ordinate == 0.0 || ORDINARY.contains(&ordinate.abs());
    geometry.coords(|at| ordinary &= at.is_nan() || (of_a_map(at.x) && of_a_map(at.y)));
    // Of a shape this narrow, positions that are computed lie on the wrong side.
    ordinary
        && geometry.bounds().is_none_or(|bounds| {
            let (width, height) = (bounds.width(), bounds.height());
            width.min(height) == 0.0 || width.max(height) / width.min(height) < MAX_ASPECT
        })
}

/// Returns whether a geometry is valid, or is so but for parts that rounding explains.
///
/// Positions that are computed are rounded, which may turn a sliver over.
pub fn is_nearly_valid(wkb: &[u8]) -> bool {
    let geometry = read(wkb);
    if validity::is_valid(geometry) {
        return true;
    }
    let Ok(repair) = Repair::parse("method=structure") else { return false };
    let Ok(repaired) = validity::make_valid(geometry, repair) else { return false };
    let repaired = read(&repaired);
    let change = (measure::area(repaired) - measure::area(geometry)).abs();
    change <= 1e-11 * area_scale(geometry, repaired)
}

/// Returns the geometry when it is valid, and otherwise what it is repaired to.
pub fn valid(wkb: Vec<u8>) -> Option<Vec<u8>> {
    let geometry = Geometry::try_new(&wkb).expect("WKB that was drawn");
    if validity::is_valid(geometry) {
        return Some(wkb);
    }
    validity::make_valid(geometry, Repair::parse("method=structure").ok()?).ok()
}

/// Returns the largest magnitude of an ordinate.
pub fn size(geometry: Geometry<'_>) -> f64 {
    geometry.bounds().map_or(0.0, |bounds| {
        [bounds.xmin, bounds.ymin, bounds.xmax, bounds.ymax]
            .into_iter()
            .fold(0.0, |size, ordinate: f64| size.max(ordinate.abs()))
    })
}

/// Returns how much the area of two geometries may change by when all positions are rounded.
pub fn area_scale(a: Geometry<'_>, b: Geometry<'_>) -> f64 {
    let size = size(a).max(size(b));
    size * (measure::perimeter(a) + measure::perimeter(b) + size * f64::EPSILON)
}

/// Returns the WKT of a geometry and, with all digits, its WKB, for a message.
pub fn text(wkb: &[u8]) -> String {
    let text = Geometry::try_any(wkb)
        .map_or_else(|error| error.to_string(), |geometry| wkt::format(geometry, 15));
    let digits: String = wkb.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{text} {digits}")
}

/// Asserts that a geometry is what it becomes when it is written as text and read again, once
/// the text has rounded it twice: some magnitudes are written in another form than they round to.
pub fn assert_same_text(
    geometry: Geometry<'_>,
    write: impl Fn(Geometry<'_>) -> Option<String>,
    read: impl Fn(&str) -> Vec<u8>,
) {
    let again = |text: &str| write(Geometry::try_any(&read(text)).expect("our own WKB"));
    let Some(second) = write(geometry).and_then(|first| again(&first)) else { return };
    let third = again(&second);
    assert_eq!(third, Some(second));
}
