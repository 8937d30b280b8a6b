//! Any text as KML: an error, or a geometry that is written and read to itself.
#![no_main]

use godwit_fuzz::{assert_same_text, print_panics};
use godwit_geometry::{Geometry, kml};
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: print_panics(),
    |bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let Ok(wkb) = kml::parse(text) else { return };
        assert_same_text(
            Geometry::try_new(&wkb).expect("our own WKB"),
            |geometry| kml::write(geometry, 15, "").ok().flatten().filter(|text| is_finite(text)),
            |text| kml::parse(text).expect("our own KML"),
        );
    }
);

/// Numbers that are too large are written as no reader takes them.
fn is_finite(text: &str) -> bool {
    !text.contains("Infinity") && !text.contains("NaN")
}
