//! The ways geometry work can fail.

use crate::Kind;

/// The ways reading, writing or computing with geometries can fail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GeometryError {
    /// The bytes are not WKB.
    #[error("invalid WKB at byte {offset}: {reason}")]
    InvalidWkb {
        /// The byte at which reading stopped.
        offset: usize,
        /// What is wrong there.
        reason: String,
    },
    /// The text is not WKT.
    #[error("invalid WKT at position {position}: {reason}")]
    InvalidWkt {
        /// The byte of the text at which reading stopped, counted from 1.
        position: usize,
        /// What is wrong there.
        reason: String,
    },
    /// The text is not a GeoJSON geometry.
    #[error("invalid GeoJSON geometry: {reason}")]
    InvalidGeoJson {
        /// What is wrong.
        reason: String,
    },
    /// The text is not in the format it should be in.
    #[error("invalid {format}: {reason}")]
    InvalidText {
        /// The name of the format.
        format: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// Two geometries lie in different coordinate reference systems.
    #[error("geometries have different reference systems: {left} and {right}")]
    CrsMismatch {
        /// The reference system of the first geometry.
        left: String,
        /// The reference system of the second geometry.
        right: String,
    },
    /// A geometry lies in another reference system than the column that it is for.
    #[error("Geometry SRID ({given}) does not match column SRID ({column})")]
    ColumnCrs {
        /// The SRID of the geometry, or the name of its reference system.
        given: String,
        /// That of the column, 0 if it has none.
        column: String,
    },
    /// A coordinate reference system is not known.
    #[error("unknown reference system \"{crs}\": {reason}")]
    UnknownCrs {
        /// The reference system as it was given.
        crs: String,
        /// Why it could not be understood.
        reason: String,
    },
    /// Coordinates could not be reprojected.
    #[error("cannot transform coordinates: {reason}")]
    Transform {
        /// Why not.
        reason: String,
    },
    /// An argument is outside of what the operation accepts.
    #[error("{reason}")]
    InvalidArgument {
        /// Which argument, and what it must be.
        reason: String,
    },
    /// The operation is not available for this kind of geometry.
    #[error("{reason}")]
    Unsupported {
        /// What is not supported.
        reason: String,
    },
    /// The geometry has arcs or is a surface in space, which the operation does not know.
    #[error(
        "a {} is not taken here: {} makes simple features of it", .kind.wkt_name(), way_out(*.kind)
    )]
    NotBasic {
        /// The outermost kind.
        kind: Kind,
    },
    /// The operation would take too much memory and time that nothing can end.
    #[error(
        "the segments cross too often for one operation: cut the geometry into parts with \
         ST_Subdivide, simplify it with ST_SimplifyPreserveTopology, or take a smaller distance"
    )]
    TooComplex,
    /// Nobody waits for the result any more.
    #[error("the query was canceled")]
    Interrupted,
    /// The operation needs a valid geometry and was given an invalid one.
    #[error("{reason}")]
    Topology {
        /// What is wrong with the geometry.
        reason: String,
    },
}

/// Returns the call that makes simple features of a geometry.
fn way_out(kind: Kind) -> &'static str {
    match kind {
        Kind::PolyhedralSurface | Kind::Tin | Kind::Triangle => "ST_ForceSFS(geom) or ST_Dump",
        Kind::GeometryCollection => "ST_ForceSFS(geom)",
        _ => "ST_CurveToLine(geom)",
    }
}
