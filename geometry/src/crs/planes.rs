//! Codes of EPSG and ESRI for planes that the registry does not know.

use super::plane::Plane;
use super::registry;

/// A projection of the S-JTSK planes whose axes go south and west.
const KROVAK: &str = "krovak +axis=swu +lat_0=49.5 +lon_0=24.83333333333333 \
                      +alpha=30.28813975277778 +k=0.9999";

/// Codes, the codes of the longitude and latitude that they are drawn from, names and projections.
///
/// The cone of 31300 is turned by 29.2985 seconds, which is the same as a central meridian further
/// east by that over the constant of the cone.
const PLANES: [(u32, u32, &str, &str); 26] = [
    (2065, 4156, "S-JTSK (Ferro) / Krovak", KROVAK),
    (3410, 10346, "NSIDC EASE-Grid Global", "cea +lat_ts=30"),
    (5513, 4156, "S-JTSK / Krovak", KROVAK),
    (6933, 4326, "WGS 84 / NSIDC EASE-Grid 2.0 Global", "cea +lat_ts=30"),
    (8352, 8351, "S-JTSK [JTSK03] / Krovak", KROVAK),
    (27200, 4272, "NZGD49 / New Zealand Map Grid", "nzmg"),
    (
        31300,
        4313,
        "BD72 / Belge Lambert 72",
        "lcc +lat_0=90 +lon_0=4.367486666666666 +lat_1=49.83333333333334 \
         +lat_2=51.16666666666666 +x_0=150000.01256 +y_0=5400088.4378",
    ),
    (54002, 4326, "World_Equidistant_Cylindrical", "eqc +lat_ts=60"),
    (54003, 4326, "World_Miller_Cylindrical", "mill +R_A"),
    (54008, 4326, "World_Sinusoidal", "sinu"),
    (54009, 4326, "World_Mollweide", "moll"),
    (54030, 4326, "World_Robinson", "robin"),
    (54032, 4326, "World_Azimuthal_Equidistant", "aeqd +lat_0=0"),
    (54034, 4326, "World_Cylindrical_Equal_Area", "cea +lat_ts=0"),
    (
        102_001,
        4269,
        "Canada_Albers_Equal_Area_Conic",
        "aea +lat_0=40 +lon_0=-96 +lat_1=50 +lat_2=70",
    ),
    (
        102_003,
        4269,
        "USA_Contiguous_Albers_Equal_Area_Conic",
        "aea +lat_0=37.5 +lon_0=-96 +lat_1=29.5 +lat_2=45.5",
    ),
    (
        102_004,
        4269,
        "USA_Contiguous_Lambert_Conformal_Conic",
        "lcc +lat_0=39 +lon_0=-96 +lat_1=33 +lat_2=45",
    ),
    (
        102_005,
        4269,
        "USA_Contiguous_Equidistant_Conic",
        "eqdc +lat_0=39 +lon_0=-96 +lat_1=33 +lat_2=45",
    ),
    (
        102_008,
        4269,
        "North_America_Albers_Equal_Area_Conic",
        "aea +lat_0=40 +lon_0=-96 +lat_1=20 +lat_2=60",
    ),
    (
        102_009,
        4269,
        "North_America_Lambert_Conformal_Conic",
        "lcc +lat_0=40 +lon_0=-96 +lat_1=20 +lat_2=60",
    ),
    (
        102_013,
        4230,
        "Europe_Albers_Equal_Area_Conic",
        "aea +lat_0=30 +lon_0=10 +lat_1=43 +lat_2=62",
    ),
    (
        102_014,
        4230,
        "Europe_Lambert_Conformal_Conic",
        "lcc +lat_0=30 +lon_0=10 +lat_1=43 +lat_2=62",
    ),
    (
        102_022,
        4326,
        "Africa_Albers_Equal_Area_Conic",
        "aea +lat_0=0 +lon_0=25 +lat_1=20 +lat_2=-23",
    ),
    (
        102_025,
        4326,
        "Asia_North_Albers_Equal_Area_Conic",
        "aea +lat_0=30 +lon_0=95 +lat_1=15 +lat_2=65",
    ),
    (
        102_033,
        4618,
        "South_America_Albers_Equal_Area_Conic",
        "aea +lat_0=-32 +lon_0=-60 +lat_1=-5 +lat_2=-42",
    ),
    (
        102_039,
        4269,
        "USA_Contiguous_Albers_Equal_Area_Conic_USGS_version",
        "aea +lat_0=23 +lon_0=-96 +lat_1=29.5 +lat_2=45.5",
    ),
];

/// The first code of the authority ESRI, whose numbers follow on those of EPSG.
const FIRST_OF_ESRI: u32 = 37_000;

/// Strips of the transverse Mercator projection whose axes go west and south.
struct Strips {
    /// The first and the last code, and the step from one to the next.
    codes: (u32, u32, u32),
    /// The code of the longitude and latitude that they are drawn from.
    base: u32,
    /// The central meridian of the first; the next ones follow every two degrees.
    first_meridian: f64,
    /// What the projection is besides.
    projection: &'static str,
    /// The name without the meridian.
    name: &'static str,
}

const SOUTH_ORIENTATED: [Strips; 3] = [
    Strips {
        codes: (2046, 2055, 1),
        base: 4148,
        first_meridian: 15.0,
        projection: "+lat_0=0",
        name: "Hartebeesthoek94 / Lo",
    },
    Strips {
        codes: (22275, 22293, 2),
        base: 4222,
        first_meridian: 15.0,
        projection: "+lat_0=0",
        name: "Cape / Lo",
    },
    Strips {
        codes: (29371, 29385, 2),
        base: 4293,
        first_meridian: 11.0,
        projection: "+lat_0=-22 +to_meter=1.0000135965",
        name: "Schwarzeck / Lo22/",
    },
];

/// Returns the authority that a known number of a reference system belongs to.
pub(super) fn authority_of(code: u32) -> &'static str {
    let is_known = PLANES.iter().any(|(known, ..)| *known == code);
    if is_known && code >= FIRST_OF_ESRI { "ESRI" } else { "EPSG" }
}

/// Returns the plane of a number.
pub(super) fn lookup(code: u32) -> Option<Plane> {
    if let Some((_, base, name, projection)) = PLANES.iter().find(|(known, ..)| *known == code) {
        let projection = format!("+proj={projection}");
        return Plane::new(name, registry::registered(*base)?, &projection).ok();
    }
    let strips = SOUTH_ORIENTATED.iter().find(|strips| {
        let (first, last, step) = strips.codes;
        (first..=last).contains(&code) && (code - first).is_multiple_of(step)
    })?;
    let (first, _, step) = strips.codes;
    let meridian = strips.first_meridian + 2.0 * f64::from((code - first) / step);
    let projection = format!("+proj=tmerc +axis=wsu +lon_0={meridian} +k=1 {}", strips.projection);
    let name = format!("{}{meridian}", strips.name);
    Plane::new(&name, registry::registered(strips.base)?, &projection).ok()
}
