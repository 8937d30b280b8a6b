//! Any bytes as WKB: the walker and everything that reads through it must return, and what is
//! written is read back.
#![no_main]

use godwit_fuzz::{assert_same_text, print_panics};
use godwit_geometry::{
    Dimension, Geometry, Prepared, construct, curve, force_dimension, geojson, gml, kml, measure,
    svg_path, to_ewkb, to_iso, twkb, validity, wkt,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: print_panics(),
    |bytes: &[u8]| {
        let Ok(geometry) = Geometry::try_any(bytes) else { return };
        let iso = to_iso(geometry);
        let again = Geometry::try_any(&iso).expect("our own WKB");
        assert_eq!(to_iso(again), iso);
        assert_eq!(again.coord_count(), geometry.coord_count());
        let ewkb = to_ewkb(geometry, Some(4326));
        let again = Geometry::try_any(&ewkb).expect("our own EWKB");
        assert_eq!(again.srid(), Some(4326));
        // A member of another dimension takes on that of the whole.
        let dimension = geometry.dimension();
        let is_uniform = force_dimension(geometry, dimension, f64::NAN, f64::NAN) == *iso;
        assert!(!is_uniform || to_iso(again) == iso);
        let with_all = force_dimension(geometry, Dimension::Xyzm, 1.0, 2.0);
        assert!(Geometry::try_any(&with_all).is_ok());
        if geometry.is_basic() {
            measures(geometry);
        } else {
            curves(geometry);
        }
        // Text is not read when a ring is not closed or has too few positions.
        let is_text = wkt::parse(&wkt::format(geometry, 15)).is_ok();
        if is_uniform && is_text {
            reads_its_text(geometry);
        }
        if geometry.is_basic() {
            texts(geometry);
            let _ = Prepared::new(bytes);
        }
    }
);

/// What has arcs or is a surface becomes basic, in its box, and is measured and turned around.
fn curves(geometry: Geometry<'_>) {
    let is_nothing = geometry.bounds().is_none();
    assert!(!geometry.is_empty() || is_nothing);
    let _ = (curve::length(geometry), curve::perimeter(geometry), curve::is_closed(geometry));
    let reversed = curve::reverse(geometry);
    let reversed = Geometry::try_any(&reversed).expect("our own WKB");
    assert_eq!(reversed.coord_count(), geometry.coord_count());
    let _ = curve::boundary(geometry);
    // A tiny part of a huge circle may take more segments than there may be.
    let Ok(basic) = curve::to_basic(geometry) else { return };
    let basic = Geometry::try_new(&basic).expect("a basic kind");
    if let (Some(exact), Some(drawn)) = (geometry.bounds(), basic.bounds()) {
        assert!(exact.contains(&drawn), "{drawn:?} is not in {exact:?}");
    }
    let found = curve::to_curve(basic);
    assert!(Geometry::try_any(&found).is_ok());
    measures(basic);
}

fn measures(geometry: Geometry<'_>) {
    let is_nothing = geometry.bounds().is_none();
    assert!(!geometry.is_empty() || is_nothing);
    let _ = (measure::area(geometry), measure::length(geometry), measure::perimeter(geometry));
    let _ = (construct::centroid(geometry), construct::envelope(geometry));
    let _ = (validity::is_valid(geometry), validity::is_simple(geometry));
    let _ = measure::distance(geometry, geometry);
}

fn reads_its_text(geometry: Geometry<'_>) {
    assert_same_text(
        geometry,
        |geometry| Some(wkt::format(geometry, 15)).filter(|text| is_of_numbers(text)),
        |text| wkt::parse(text).expect("our own WKT").0,
    );
}

fn texts(geometry: Geometry<'_>) {
    let mut json = String::new();
    geojson::write(&mut json, geometry, 9);
    let _ = kml::write(geometry, 9, "");
    let _ = svg_path(geometry, false, 9);
    let options = gml::WriteOptions {
        max_decimals: 9,
        srs_name: None,
        prefix: "gml",
        id: None,
        with_dimensions: true,
        short_lines: true,
        latitude_first: true,
        only_bounds: false,
    };
    let _ = gml::write(geometry, gml::Version::Three, &options);
    let _ = twkb::write(geometry, &twkb::WriteOptions::default());
}

/// NaN and infinity are written, but not read in all places.
fn is_of_numbers(text: &str) -> bool {
    !text.contains("NaN") && !text.contains("nf")
}
