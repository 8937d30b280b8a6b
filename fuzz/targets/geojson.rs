//! Any text as GeoJSON: an error, or a geometry that is written and read to itself.
#![no_main]

use godwit_fuzz::{assert_same_text, print_panics};
use godwit_geometry::{Geometry, geojson, to_iso};
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: print_panics(),
    |bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let Ok(wkb) = geojson::parse(text) else { return };
        let geometry = Geometry::try_new(&wkb).expect("our own WKB");
        assert_eq!(to_iso(geometry), wkb);
        assert_same_text(
            geometry,
            |geometry| {
                let mut written = String::new();
                geojson::write(&mut written, geometry, 15);
                Some(written).filter(|written| !written.contains("null"))
            },
            |text| geojson::parse(text).expect("our own GeoJSON"),
        );
    }
);
