//! Any text as WKT: an error, or a geometry that prints and parses to itself.
#![no_main]

use godwit_fuzz::{assert_same_text, print_panics};
use godwit_geometry::{Geometry, to_iso, wkt};
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: print_panics(),
    |bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let Ok((wkb, srid)) = wkt::parse(text) else { return };
        let geometry = Geometry::try_any(&wkb).expect("our own WKB");
        assert_eq!(to_iso(geometry), wkb);
        let printed = wkt::format_ewkt(geometry, srid, 15);
        if printed.contains("NaN") || printed.contains("nf") {
            return;
        }
        assert_same_text(
            geometry,
            |geometry| Some(wkt::format_ewkt(geometry, srid, 15)),
            |text| {
                let (wkb, again) = wkt::parse(text).expect("our own WKT");
                assert_eq!(again, srid.filter(|srid| *srid != 0));
                wkb
            },
        );
    }
);
