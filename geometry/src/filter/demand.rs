//! Which function demands what of the box around one of its geometries.

use crate::filter::Reach;
use crate::{Bounds, Relation};

/// Functions that compare boxes, and the relation that demands the same of the first one.
const BOX_FUNCTIONS: [(&str, Relation); 4] = [
    ("geometry_contains", Relation::Contains),
    ("geometry_within", Relation::Within),
    ("geometry_same", Relation::Equals),
    ("geometry_overlaps_nd", Relation::BoundsIntersect),
];

/// Functions that say something about a geometry and leave its coordinates as they are.
const TRANSPARENT_FUNCTIONS: [&str; 4] =
    ["st_geomfromwkb", "st_geomfromwkbunchecked", "st_setsrid", "st_setcrs"];

impl Reach {
    /// Returns how far the box around a geometry has to reach for a function of this name to be
    /// true of it and a second geometry with the box `bounds`. The geometry is the first argument
    /// of the function, or with `is_exchanged` the second one.
    pub fn of_function(
        name: &str,
        is_exchanged: bool,
        bounds: &Bounds,
        distance: Option<f64>,
    ) -> Option<Self> {
        let of_boxes = BOX_FUNCTIONS.iter().find(|(function, _)| *function == name);
        let relation = match of_boxes {
            Some((_, relation)) => *relation,
            None => Relation::from_function(name)?,
        };
        let relation = if is_exchanged { relation.converse() } else { relation };
        match relation {
            Relation::Disjoint => None,
            Relation::DWithin => Self::near(bounds, distance?),
            Relation::Contains
            | Relation::Covers
            | Relation::ContainsProperly
            | Relation::Equals => Some(Self::containing(bounds)),
            _ => Some(Self::touching(bounds)),
        }
    }
}

/// Returns whether the result of a function has the coordinates of its first argument.
pub fn keeps_coordinates(function: &str) -> bool {
    TRANSPARENT_FUNCTIONS.contains(&function)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_demand_by_the_place_of_the_column() {
        let unit = Bounds::new(0.0, 0.0, 1.0, 1.0);
        let (meets, contains) = (Some(Reach::touching(&unit)), Some(Reach::containing(&unit)));
        let of = |name: &str, is_exchanged| Reach::of_function(name, is_exchanged, &unit, None);
        assert_eq!([of("st_contains", false), of("st_contains", true)], [contains, meets]);
        assert_eq!([of("st_within", false), of("st_within", true)], [meets, contains]);
        assert_eq!([of("geometry_within", false), of("st_equals", true)], [meets, contains]);
        assert_eq!([of("st_touches", false), of("st_overlaps", true)], [meets, meets]);
        assert_eq!([of("st_disjoint", false), of("st_area", false)], [None, None]);
        assert_eq!(of("st_dwithin", false), None);
        let near = Reach::of_function("st_dwithin", false, &unit, Some(2.0)).unwrap();
        assert!(near.is_possible_in(&Bounds::point(3.0, 0.0)));
        assert!(!near.is_possible_in(&Bounds::point(3.1, 0.0)));
    }
}
