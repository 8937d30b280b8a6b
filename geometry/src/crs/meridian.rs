//! Systems that count longitudes from another meridian than that of Greenwich.
//!
//! The embedded registry gives longitudes of origin as they are defined and knows no way from the
//! datums of such systems. The same datums are registered with longitudes from Greenwich too.

use proj_core::{CrsDef, ProjectedCrsDef, ProjectionMethod};

use super::registry;

/// Longitudes of meridians, in degrees.
const PARIS: f64 = 2.337_229_17;
const FERRO: f64 = -(17.0 + 40.0 / 60.0);
const JAKARTA: f64 = 106.0 + 48.0 / 60.0 + 27.79 / 3600.0;

/// Systems of longitude and latitude, the ones of the same datum that count from Greenwich, and
/// the longitude of the meridian.
const BASES: [(u32, u32, f64); 13] = [
    (4803, 4207, -(9.0 + 7.0 / 60.0 + 54.862 / 3600.0)),
    (4804, 4257, JAKARTA),
    (4805, 4312, FERRO),
    (4806, 4265, 12.0 + 27.0 / 60.0 + 8.4 / 3600.0),
    (4807, 4275, PARIS),
    (4809, 4215, 4.0 + 22.0 / 60.0 + 4.71 / 3600.0),
    (4810, 4297, PARIS),
    (4813, 4211, JAKARTA),
    (4815, 4120, 23.0 + 42.0 / 60.0 + 58.815 / 3600.0),
    (4817, 4273, 10.0 + 43.0 / 60.0 + 22.5 / 3600.0),
    (4818, 4156, FERRO),
    (4820, 4613, JAKARTA),
    (5229, 5228, FERRO),
];

/// Codes of longitude and latitude in grads.
const IN_GRADS: [u32; 2] = [4807, 4810];

/// Returns whether the longitudes of a code of longitude and latitude count from Greenwich.
pub(crate) fn is_greenwich(code: u32) -> bool {
    !matches!(code, 4801..=4821 | 4901..=4904 | 5229 | 8042 | 8043)
}

/// Returns, for longitude and latitude in degrees that count from another meridian, the same datum
/// counted from Greenwich, and the longitude of the meridian.
pub(crate) fn greenwich_twin(definition: &CrsDef) -> Option<(CrsDef, f64)> {
    let code = definition.epsg();
    if !definition.is_geographic() || IN_GRADS.contains(&code) {
        return None;
    }
    let (_, twin, longitude) = BASES.iter().find(|(known, _, _)| *known == code)?;
    Some((registry::registered(*twin)?, *longitude))
}

/// Returns the same plane on the datum that counts from Greenwich; a plane that does already, or
/// whose projection is not known here, as it is.
pub(super) fn from_greenwich(plane: ProjectedCrsDef) -> ProjectedCrsDef {
    let base = plane.base_geographic_crs_epsg();
    let Some((_, greenwich, longitude)) = BASES.iter().find(|(known, _, _)| *known == base) else {
        return plane;
    };
    let Some(datum) = registry::registered(*greenwich).map(|base| base.datum().clone()) else {
        return plane;
    };
    let Some(method) = moved(plane.method(), *longitude) else { return plane };
    ProjectedCrsDef::new_with_base_geographic_crs(
        plane.epsg(),
        *greenwich,
        datum,
        method,
        plane.linear_unit(),
        plane.name(),
    )
}

fn moved(method: ProjectionMethod, by: f64) -> Option<ProjectionMethod> {
    use ProjectionMethod as P;
    let mut method = method;
    match &mut method {
        P::TransverseMercator { lon0, .. }
        | P::LambertConformalConic { lon0, .. }
        | P::Mercator { lon0, .. }
        | P::CassiniSoldner { lon0, .. }
        | P::LabordeObliqueMercator { lon0, .. }
        | P::ObliqueStereographic { lon0, .. } => *lon0 += by,
        P::HotineObliqueMercator { lonc, .. } => *lonc += by,
        _ => return None,
    }
    Some(method)
}
