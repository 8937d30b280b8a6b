//! Which ends of lines are their boundary, when that is not the usual rule.

use godwit_geometry::{Geometry, GeometryError, Kind};

/// Checks that a boundary rule says the same about a geometry as the usual one, by which a
/// position is on the boundary when an odd number of lines end there.
///
/// The rules are numbered as in `PostGIS`: 1 is the usual one, 2 takes every end, 3 the ends that
/// lines share, and 4 the ends they do not share.
pub(super) fn check_rule(geometry: Geometry<'_>, rule: i64) -> Result<(), GeometryError> {
    let is_boundary: fn(usize) -> bool = match rule {
        1 => return Ok(()),
        2 => |_| true,
        3 => |count| count > 1,
        4 => |count| count == 1,
        _ => {
            return Err(GeometryError::InvalidArgument {
                reason: format!("boundary rule {rule} is not 1, 2, 3 or 4"),
            });
        }
    };
    if ends(geometry).iter().all(|count| is_boundary(*count) == (count % 2 == 1)) {
        return Ok(());
    }
    Err(GeometryError::Unsupported {
        reason: format!("boundary rule {rule} is not supported for lines that end like these"),
    })
}

/// Returns how many lines end at each position where one does.
fn ends(geometry: Geometry<'_>) -> Vec<usize> {
    let mut positions: Vec<[f64; 2]> = Vec::new();
    geometry.sequences(&mut |kind, sequence| {
        if let (Kind::LineString, Some(first), Some(last)) =
            (kind, sequence.first(), sequence.last())
        {
            positions.extend([[first.x, first.y], [last.x, last.y]]);
        }
    });
    positions.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    positions.chunk_by(|a, b| a == b).map(<[_]>::len).collect()
}
