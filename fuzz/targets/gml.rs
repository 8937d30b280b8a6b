//! Any text as GML: an error, or a geometry that is written and read to itself.
#![no_main]

use godwit_fuzz::{assert_same_text, print_panics};
use godwit_geometry::{Geometry, gml};
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: print_panics(),
    |bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let Ok((wkb, _)) = gml::parse(text) else { return };
        let options = gml::WriteOptions {
            max_decimals: 15,
            srs_name: None,
            prefix: "gml",
            id: None,
            with_dimensions: true,
            short_lines: true,
            latitude_first: false,
            only_bounds: false,
        };
        for version in [gml::Version::Two, gml::Version::Three] {
            assert_same_text(
                Geometry::try_any(&wkb).expect("our own WKB"),
                |geometry| gml::write(geometry, version, &options).ok().flatten().filter(|text| is_finite(text)),
                |text| gml::parse(text).expect("our own GML").0,
            );
        }
    }
);

/// Numbers that are too large are written as no reader takes them.
fn is_finite(text: &str) -> bool {
    !text.contains("Infinity") && !text.contains("NaN")
}
