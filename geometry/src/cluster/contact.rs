//! Clusters of geometries that meet, at all or in some way.

use super::Groups;
use super::tree::BoxTree;
use crate::interrupt::Steps;
use crate::{Geometry, GeometryError, Index, Relation, relate};

/// Returns the sets of geometries that are connected by geometries that meet.
pub fn intersecting(geometries: &[Option<Geometry<'_>>]) -> Result<Groups, GeometryError> {
    let mut index = None;
    connected(geometries, |item, own, other| {
        if index.as_ref().is_none_or(|(owner, _)| *owner != item) {
            index = Some((item, Index::new(own)));
        }
        match &index {
            Some((_, index)) => index.evaluate(own, Relation::Intersects, other),
            None => Ok(false),
        }
    })
}

/// Returns the sets of geometries that are connected by geometries whose DE-9IM matrix matches a
/// pattern.
pub fn related(
    geometries: &[Option<Geometry<'_>>],
    pattern: &str,
) -> Result<Groups, GeometryError> {
    connected(geometries, |_, own, other| relate::relate(own, other)?.matches(pattern))
}

/// Returns the sets of geometries that are connected by pairs that pass a test, whose boxes meet.
fn connected<'g>(
    geometries: &[Option<Geometry<'g>>],
    mut is_connected: impl FnMut(usize, Geometry<'g>, Geometry<'g>) -> Result<bool, GeometryError>,
) -> Result<Groups, GeometryError> {
    let mut groups = Groups::new(geometries.len());
    let bounds = geometries.iter().map(|geometry| geometry.and_then(Geometry::bounds));
    let tree = BoxTree::new(bounds);
    let mut found = Vec::new();
    let mut steps = Steps::default();
    for (item, geometry) in geometries.iter().enumerate() {
        let Some((own, bounds)) = geometry.and_then(|own| Some((own, own.bounds()?))) else {
            continue;
        };
        found.clear();
        tree.search(&bounds, &mut |other| found.push(other));
        for &other in &found {
            steps.step()?;
            let Some(other_geometry) = geometries[other] else { continue };
            if groups.root(item) != groups.root(other) && is_connected(item, own, other_geometry)? {
                groups.merge(item, other);
            }
        }
    }
    Ok(groups)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn what_meets_is_together_also_through_others() {
        let texts = [
            "LINESTRING(0 0,1 1)",
            "LINESTRING(5 5,4 4)",
            "POINT EMPTY",
            "LINESTRING(0 0,-1 -1)",
            "LINESTRING(6 6,7 7)",
            "POLYGON((0 0,4 0,4 4,0 4,0 0))",
        ];
        let parsed = texts.map(|text| wkt::parse(text).unwrap().0);
        let geometries: Vec<_> = parsed.iter().map(|wkb| Geometry::try_new(wkb).ok()).collect();
        let groups = intersecting(&geometries).unwrap();
        assert_eq!(groups.members(), [vec![0, 1, 3, 5], vec![2], vec![4]]);
    }

    #[test]
    fn a_pattern_says_how_geometries_meet() {
        let texts = ["LINESTRING(0 0,2 0)", "LINESTRING(2 0,4 0)", "LINESTRING(1 -1,1 1)"];
        let parsed = texts.map(|text| wkt::parse(text).unwrap().0);
        let geometries: Vec<_> = parsed.iter().map(|wkb| Geometry::try_new(wkb).ok()).collect();
        let ends = related(&geometries, "F***0****").unwrap();
        assert_eq!(ends.members(), [vec![0, 1], vec![2]]);
        assert!(related(&geometries, "F***").is_err());
    }
}
