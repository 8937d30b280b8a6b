//! `ST_ClusterIntersecting`: the geometries that hang together, as collections.

use godwit_geometry::{Geometry, GeometryError, Kind, cluster, to_iso, write};

use crate::aggregate::{Accumulation, Aggregate, Value};
use crate::function::Type;

pub(super) static AGGREGATE: Aggregate = Aggregate {
    title: "ST_ClusterIntersecting",
    summary: "Returns a list of collections, each of geometries connected by geometries that \
              meet; null when there are none.",
    notes: "Nulls are left out, and an empty geometry makes a collection of its own. `unnest` \
            makes rows of the list; `ST_ClusterIntersectingWin` numbers the rows instead.",
    example: "SELECT ST_AsText(unnest(ST_ClusterIntersecting(geom))) FROM (VALUES (ST_Point(0, \
              0)), (ST_MakeEnvelope(0, 0, 1, 1)), (ST_Point(5, 5))) AS t(geom)",
    returns: Type::GeometryList,
    accumulation: Accumulation::Listed(|geometries, _| {
        let rows: Vec<Option<Geometry<'_>>> = geometries.iter().copied().map(Some).collect();
        collections(geometries, cluster::intersecting(&rows)?)
    }),
    ..Aggregate::BASE
};

/// Returns the geometries of each group as a collection.
pub(super) fn collections(
    geometries: &[Geometry<'_>],
    groups: cluster::Groups,
) -> Result<Value, GeometryError> {
    let mut collections = Vec::new();
    for members in groups.members() {
        let members: Vec<Geometry<'_>> =
            members.into_iter().filter_map(|member| geometries.get(member).copied()).collect();
        let Some(first) = members.first() else { continue };
        if members.iter().any(|member| member.dimension() != first.dimension()) {
            return Err(GeometryError::InvalidArgument {
                reason: "a collection cannot mix geometries with and without heights or \
                         measures; use ST_Force2D"
                    .to_owned(),
            });
        }
        let parts: Vec<_> = members.iter().map(|member| to_iso(*member)).collect();
        collections.push(write::collection(Kind::GeometryCollection, first.dimension(), &parts));
    }
    Ok(Value::Geometries(collections))
}
