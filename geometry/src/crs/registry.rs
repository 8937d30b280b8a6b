//! Definitions of EPSG codes, with what the embedded registry has wrong put right.

use proj_core::{AxisOrder, CrsDef, ProjectedCrsDef, ProjectionMethod};

use super::definition::Definition;
use super::{meridian, parse, planes};

/// Codes of the old Swiss grid with their false easting and northing.
///
/// The registry shifts its datum, CH1903, by a hundred kilometres. The datum of the new grid is
/// the same within two metres, and the grids differ in the false origin alone.
const OLD_SWISS_GRIDS: [(u32, f64, f64); 2] = [(21781, 600_000.0, 200_000.0), (21782, 0.0, 0.0)];
const NEW_SWISS_GRID: u32 = 2056;
/// The codes of longitude and latitude on the old Swiss datum, and of the datum.
pub(super) const OLD_SWISS_CODES: (u32, u32) = (OLD_SWISS_DATUM, 6149);
/// Longitude and latitude on the old and the new Swiss datum.
const OLD_SWISS_DATUM: u32 = 4149;
const NEW_SWISS_DATUM: u32 = 4150;

/// Retired codes that data still has.
const RETIRED: [(u32, &str); 1] =
    [(2163, "+proj=laea +lat_0=45 +lon_0=-100 +x_0=0 +y_0=0 +R=6370997 +units=m +no_defs")];

/// Retired codes, with the codes that took their place.
///
/// Both are the French zones on the meridian of Paris.
const REPLACED: [(u32, u32); 8] = [
    (27581, 27571),
    (27582, 27572),
    (27583, 27573),
    (27584, 27574),
    (27591, 27561),
    (27592, 27562),
    (27593, 27563),
    (27594, 27564),
];

/// Returns whether a code is one of the old Swiss grid.
pub(super) fn is_old_swiss_grid(code: u32) -> bool {
    OLD_SWISS_GRIDS.iter().any(|(known, _, _)| *known == code)
}

/// Returns whether the authority puts the latitude or the northing of an EPSG code first; nothing
/// when that is not known.
pub(super) fn is_north_first(code: u32) -> Option<bool> {
    proj_core::lookup_authority_axis_order(code).map(|order| order == AxisOrder::NorthEast)
}

/// Returns the definition of an EPSG code.
pub(super) fn lookup(code: u32) -> Option<Definition> {
    if let Some((_, text)) = RETIRED.iter().find(|(known, _)| *known == code) {
        return parse::definition(text).ok();
    }
    let plane = || planes::lookup(code).map(|plane| Definition::Plane(Box::new(plane)));
    registered(code).map(Definition::Registered).or_else(plane)
}

/// Returns the definition of an EPSG code whose projection the registry knows.
pub(super) fn registered(code: u32) -> Option<CrsDef> {
    if code == OLD_SWISS_DATUM {
        return proj_core::lookup_epsg(NEW_SWISS_DATUM);
    }
    let replaced = REPLACED.iter().find(|(known, _)| *known == code);
    let found = match proj_core::lookup_epsg(replaced.map_or(code, |(_, new)| *new))? {
        CrsDef::Projected(plane) => CrsDef::Projected(meridian::from_greenwich(plane)),
        found => found,
    };
    let grid = OLD_SWISS_GRIDS.iter().find(|(known, _, _)| *known == code);
    let (Some((_, easting, northing)), CrsDef::Projected(old)) = (grid, &found) else {
        return Some(found);
    };
    let CrsDef::Projected(new) = proj_core::lookup_epsg(NEW_SWISS_GRID)? else { return None };
    let ProjectionMethod::HotineObliqueMercator {
        latc,
        lonc,
        azimuth,
        rectified_grid_angle,
        k0,
        variant_b,
        ..
    } = new.method()
    else {
        return None;
    };
    let method = ProjectionMethod::HotineObliqueMercator {
        latc,
        lonc,
        azimuth,
        rectified_grid_angle,
        k0,
        false_easting: *easting,
        false_northing: *northing,
        variant_b,
    };
    Some(CrsDef::Projected(ProjectedCrsDef::new_with_base_geographic_crs(
        code,
        new.base_geographic_crs_epsg(),
        new.datum().clone(),
        method,
        old.linear_unit(),
        old.name(),
    )))
}
