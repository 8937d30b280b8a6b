//! Any bytes as TWKB: an error, or a geometry that is written and read to itself.
#![no_main]

use godwit_fuzz::print_panics;
use godwit_geometry::{Geometry, twkb};
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: print_panics(),
    |bytes: &[u8]| {
        let Some((precision, bytes)) = bytes.split_first() else { return };
        let Ok(wkb) = twkb::parse(bytes) else { return };
        let geometry = Geometry::try_new(&wkb).expect("our own WKB");
        let options = twkb::WriteOptions {
            precision: i64::from(precision % 8),
            precision_z: i64::from(precision >> 3 & 3),
            precision_m: i64::from(precision >> 5 & 1),
            with_sizes: precision & 64 != 0,
            with_bounds: precision & 128 != 0,
        };
        let Ok(written) = twkb::write(geometry, &options) else { return };
        let again = twkb::parse(&written).expect("our own TWKB");
        let again = Geometry::try_new(&again).expect("our own WKB");
        assert_eq!(again.kind(), geometry.kind());
        let mut is_exact = true;
        geometry.coords(|at| {
            // Not all whole numbers this large are doubles.
            is_exact &= [at.x, at.y, at.z, at.m].iter().all(|value| !(value.abs() > 1e6));
        });
        if is_exact {
            assert_eq!(twkb::write(again, &options).expect("what was written before"), written);
        }
    }
);
