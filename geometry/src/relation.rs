//! The spatial relations and the SQL functions that test them.
//!
//! Functions, the planner and the formats all learn here which name means which relation.

use crate::{Geometry, GeometryError, measure, relate};

/// A spatial relation between two geometries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// They share at least one position.
    Intersects,
    /// The second lies in the first and their interiors meet.
    Contains,
    /// The first lies in the second and their interiors meet.
    Within,
    /// No position of the second lies outside of the first.
    Covers,
    /// No position of the first lies outside of the second.
    CoveredBy,
    /// The second lies in the interior of the first.
    ContainsProperly,
    /// The first lies in the interior of the second.
    WithinProperly,
    /// They meet, but not in their interiors.
    Touches,
    /// Their interiors meet in something of smaller dimension.
    Crosses,
    /// Their interiors meet in something of their own dimension, and neither covers the other.
    Overlaps,
    /// They are the same set of positions.
    Equals,
    /// They share no position.
    Disjoint,
    /// Their bounding boxes share at least one position.
    BoundsIntersect,
    /// They are no further apart than a distance.
    DWithin,
}

/// Each relation, the function that tests it, and the relation with the geometries exchanged.
const RELATIONS: [(Relation, &str, Relation); 14] = [
    (Relation::Intersects, "st_intersects", Relation::Intersects),
    (Relation::Contains, "st_contains", Relation::Within),
    (Relation::Within, "st_within", Relation::Contains),
    (Relation::Covers, "st_covers", Relation::CoveredBy),
    (Relation::CoveredBy, "st_coveredby", Relation::Covers),
    (Relation::ContainsProperly, "st_containsproperly", Relation::WithinProperly),
    (Relation::WithinProperly, "st_withinproperly", Relation::ContainsProperly),
    (Relation::Touches, "st_touches", Relation::Touches),
    (Relation::Crosses, "st_crosses", Relation::Crosses),
    (Relation::Overlaps, "st_overlaps", Relation::Overlaps),
    (Relation::Equals, "st_equals", Relation::Equals),
    (Relation::Disjoint, "st_disjoint", Relation::Disjoint),
    (Relation::BoundsIntersect, "st_intersects_extent", Relation::BoundsIntersect),
    (Relation::DWithin, "st_dwithin", Relation::DWithin),
];

impl Relation {
    /// The function whose comparison with a constant means [`Relation::DWithin`].
    pub const DISTANCE_FUNCTION: &str = "st_distance";

    /// The function that, as the condition of a join, asks for the nearest geometries.
    pub const NEAREST_FUNCTION: &str = "st_knn";

    /// Returns the relation that a SQL function of this name tests between its first two
    /// arguments.
    pub fn from_function(name: &str) -> Option<Self> {
        RELATIONS
            .iter()
            .find(|(_, function, _)| function.eq_ignore_ascii_case(name))
            .map(|(relation, _, _)| *relation)
    }

    /// Returns the name of the SQL function that tests the relation.
    pub fn function(self) -> &'static str {
        self.row().1
    }

    /// Returns the relation that holds for `(b, a)` exactly when this one holds for `(a, b)`.
    #[must_use]
    pub fn converse(self) -> Self {
        self.row().2
    }

    /// Returns whether the relation can only hold when the bounding boxes meet.
    ///
    /// The boxes of [`Relation::DWithin`] meet once one of them is grown by the distance.
    pub fn needs_bounds_overlap(self) -> bool {
        self != Self::Disjoint
    }

    /// Returns whether the relation holds between two geometries.
    ///
    /// [`Relation::DWithin`] is tested for distance 0.
    pub fn evaluate(self, a: Geometry<'_>, b: Geometry<'_>) -> Result<bool, GeometryError> {
        match self {
            Self::Intersects => relate::intersects(a, b),
            Self::Contains => relate::contains(a, b),
            Self::Within => relate::within(a, b),
            Self::Covers => relate::covers(a, b),
            Self::CoveredBy => relate::covered_by(a, b),
            Self::ContainsProperly => relate::contains_properly(a, b),
            Self::WithinProperly => relate::contains_properly(b, a),
            Self::Touches => relate::touches(a, b),
            Self::Crosses => relate::crosses(a, b),
            Self::Overlaps => relate::overlaps(a, b),
            Self::Equals => relate::equals(a, b),
            Self::Disjoint => relate::disjoint(a, b),
            Self::BoundsIntersect => Ok(bounds_intersect(a, b)),
            Self::DWithin => Ok(measure::dwithin(a, b, 0.0)),
        }
    }

    fn row(self) -> &'static (Self, &'static str, Self) {
        const FIRST: (Relation, &str, Relation) = RELATIONS[0];
        RELATIONS.iter().find(|(relation, _, _)| *relation == self).unwrap_or(&FIRST)
    }
}

fn bounds_intersect(a: Geometry<'_>, b: Geometry<'_>) -> bool {
    match (a.bounds(), b.bounds()) {
        (Some(a), Some(b)) => a.intersects(&b),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_complete() {
        for (relation, function, converse) in RELATIONS {
            assert_eq!(Relation::from_function(&function.to_uppercase()), Some(relation));
            assert_eq!(relation.function(), function);
            assert_eq!(converse.converse(), relation);
        }
        assert_eq!(Relation::from_function("st_area"), None);
    }
}
