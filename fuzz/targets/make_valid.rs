//! Any geometry: what it is repaired to is valid, and is not changed by another repair.
#![no_main]

use godwit_fuzz::{Draw, is_nearly_valid, is_ordinary, print_panics, size, text};
use godwit_geometry::validity::{self, Repair};
use godwit_geometry::{Geometry, to_iso};
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: print_panics(),
    |bytes: &[u8]| {
        let wkb = Draw::new(bytes).geometry();
        let geometry = Geometry::try_new(&wkb).expect("WKB that was drawn");
        for how in ["", "method=structure", "method=structure keepcollapsed=false"] {
            let repair = Repair::parse(how).expect("a repair");
            let repaired = match validity::make_valid(geometry, repair) {
                Ok(repaired) => repaired,
                Err(error) if is_ordinary(geometry) => panic!("{error}\n{}", text(&wkb)),
                Err(_) => continue,
            };
            let answer = Geometry::try_new(&repaired).expect("our own WKB");
            if validity::is_valid(geometry) {
                assert_eq!(to_iso(geometry), repaired);
                continue;
            }
            if !is_ordinary(geometry) {
                continue;
            }
            let shown = || format!("{how} {}\n{}", text(&wkb), text(&repaired));
            assert!(is_nearly_valid(&repaired), "invalid: {}", shown());
            if validity::is_valid(answer) {
                assert_eq!(validity::make_valid(answer, repair).expect("a repair"), repaired);
            }
            if let (true, Some(before), Some(after)) =
                (how.is_empty(), geometry.bounds(), answer.bounds())
            {
                let room = 1e-9 * size(geometry);
                let is_kept = before.expand(room).contains(&after) && after.expand(room).contains(&before);
                assert!(is_kept, "bounds: {}", shown());
            }
        }
    }
);
