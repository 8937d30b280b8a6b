//! Tests of writing vector tiles.

use super::{Layer, TileGrid, Value, place};
use crate::{Bounds, Geometry, measure, wkt};

fn on_grid(text: &str, buffer: Option<i64>) -> Option<String> {
    let (wkb, _) = wkt::parse(text).unwrap();
    let grid = TileGrid::new(Bounds::new(0.0, 0.0, 100.0, 100.0), 100, buffer).unwrap();
    let placed = place(Geometry::try_new(&wkb).unwrap(), &grid).unwrap()?;
    Some(wkt::format(Geometry::try_new(&placed).unwrap(), 15))
}

#[test]
fn lines_are_cut_at_the_border() {
    let line = "LINESTRING(-50 50,50 50,50 150,60 150,60 50,70 50)";
    let pieces = "MULTILINESTRING((0 50,50 50,50 0),(60 0,60 50,70 50))";
    assert_eq!(on_grid(line, Some(0)).as_deref(), Some(pieces));
    assert_eq!(on_grid("LINESTRING(-5 -5,-1 -9)", Some(0)), None);
    assert_eq!(
        on_grid("LINESTRING(-50 50,150 50)", Some(10)).as_deref(),
        Some("LINESTRING(-10 50,110 50)")
    );
}

#[test]
fn exterior_rings_have_a_positive_area_and_holes_a_negative_one() {
    for text in [
        "POLYGON((10 10,90 10,90 90,10 90,10 10),(20 20,20 30,30 30,30 20,20 20))",
        "POLYGON((10 10,10 90,90 90,90 10,10 10),(20 20,30 20,30 30,20 30,20 20))",
    ] {
        let placed = on_grid(text, Some(0)).unwrap();
        let (wkb, _) = wkt::parse(&placed).unwrap();
        let rings: Vec<_> = Geometry::try_new(&wkb).unwrap().rings().collect();
        let areas: Vec<f64> = rings
            .iter()
            .map(|ring| {
                let pairs = ring.iter().zip(ring.iter().skip(1));
                pairs.map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f64>() / 2.0
            })
            .collect();
        assert_eq!(areas, [6400.0, -100.0]);
    }
}

#[test]
fn polygons_that_cross_themselves_become_valid() {
    let placed = on_grid("POLYGON((0 0,100 100,100 0,0 100,0 0))", None).unwrap();
    let (wkb, _) = wkt::parse(&placed).unwrap();
    let geometry = Geometry::try_new(&wkb).unwrap();
    assert_eq!((geometry.part_count(), measure::area(geometry)), (2, 5000.0));
}

#[test]
fn far_away_and_odd_coordinates_do_no_harm() {
    for text in [
        "POLYGON((-1e300 -1e300,1e300 -1e300,1e300 1e300,-1e300 1e300,-1e300 -1e300))",
        "POLYGON((0 0,Inf 0,Inf Inf,0 0))",
        "LINESTRING(-1e308 1,1e308 2)",
        "LINESTRING(NaN 1,5 2)",
        "MULTIPOINT(NaN 1,Inf 2,3 4)",
    ] {
        on_grid(text, Some(10));
        on_grid(text, None);
    }
}

#[test]
fn layers_share_their_values() {
    let (wkb, _) = wkt::parse("POINT(25 17)").unwrap();
    let point = Geometry::try_new(&wkb).unwrap();
    let mut layer = Layer::new("a", 4096, vec!["b".to_owned()]);
    assert!(layer.finish().is_empty());
    layer.add(point, Some(7), &[(0, Value::Integer(-1))]).unwrap();
    let one = layer.finish().len();
    layer.add(point, None, &[(0, Value::Integer(-1))]).unwrap();
    // The second feature has a header, tags, a kind and a geometry, but no id and no value.
    assert_eq!(layer.finish().len() - one, 2 + 4 + 2 + 5);
}

#[test]
fn crossings_close_to_vertices_are_not_lost() {
    let ring = "POLYGON((2 96,-1 100,3 94,2 100,15 99,15 93,2 96))";
    let (wkb, _) = wkt::parse(&on_grid(ring, Some(0)).unwrap()).unwrap();
    let whole = measure::area(Geometry::try_new(&wkb).unwrap());
    assert!((whole - 65.0).abs() < 4.0, "{whole}");
    let bounds = Bounds::new(0.0, 99.0, 100.0, 199.0);
    let grid = TileGrid::new(bounds, 100, Some(0)).unwrap();
    let (wkb, _) = wkt::parse(ring).unwrap();
    let placed = place(Geometry::try_new(&wkb).unwrap(), &grid).unwrap().unwrap();
    let text = wkt::format(Geometry::try_new(&placed).unwrap(), 0);
    assert!(text.contains("15 100") && text.contains("2 99"), "{text}");
}
