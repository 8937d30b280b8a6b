//! Clusters as collections of their members.

use godwit_geometry::cluster::{self, Groups};
use godwit_geometry::{Geometry, GeometryError, Kind, to_iso, write};

use super::distance;

/// Returns collections of the geometries that are connected by steps of at most a distance.
pub(in crate::functions) fn close(
    geometries: &[Geometry<'_>],
    largest: Option<f64>,
) -> Result<Vec<Vec<u8>>, GeometryError> {
    let rows: Vec<Option<Geometry<'_>>> = geometries.iter().copied().map(Some).collect();
    collections(geometries, cluster::within(&rows, distance(largest)?)?)
}

/// Returns collections of the geometries that are connected by geometries that meet.
pub(in crate::functions) fn meeting(
    geometries: &[Geometry<'_>],
) -> Result<Vec<Vec<u8>>, GeometryError> {
    let rows: Vec<Option<Geometry<'_>>> = geometries.iter().copied().map(Some).collect();
    collections(geometries, cluster::intersecting(&rows)?)
}

/// Returns the geometries of each group as a collection.
fn collections(geometries: &[Geometry<'_>], groups: Groups) -> Result<Vec<Vec<u8>>, GeometryError> {
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
    Ok(collections)
}
