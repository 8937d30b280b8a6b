//! The kinds of geometry, and what each is made of.
//!
//! The first seven are those of simple features, which every algorithm takes; they are called
//! basic here. The others have arcs, or are surfaces in space: they are read, written, taken apart
//! and measured, and [`curve::to_basic`](crate::curve::to_basic) brings them to a basic kind for
//! all the rest.

/// A kind of geometry; the discriminant is its WKB code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// One position.
    Point = 1,
    /// A path through positions.
    LineString = 2,
    /// An area with an exterior ring and holes.
    Polygon = 3,
    /// Several points.
    MultiPoint = 4,
    /// Several lines.
    MultiLineString = 5,
    /// Several polygons.
    MultiPolygon = 6,
    /// Several geometries of any kind.
    GeometryCollection = 7,
    /// A path of arcs: every second position lies in the middle of one.
    CircularString = 8,
    /// A path of lines and arcs, each of which starts where the one before ends.
    CompoundCurve = 9,
    /// An area whose rings may have arcs.
    CurvePolygon = 10,
    /// Several paths, with arcs or without.
    MultiCurve = 11,
    /// Several areas, with arcs or without.
    MultiSurface = 12,
    /// A surface in space, put together of polygons.
    PolyhedralSurface = 15,
    /// A surface in space, put together of triangles.
    Tin = 16,
    /// An area with three corners.
    Triangle = 17,
}

/// Which kinds a reader takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Kinds {
    /// Those of simple features.
    #[default]
    Basic,
    /// All that there are.
    All,
}

/// What stands behind the header of a geometry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One coordinate.
    Position,
    /// A counted list of coordinates.
    Path,
    /// A counted list of such lists, which are closed.
    Rings,
    /// A counted list of geometries.
    Members,
}

impl Kind {
    /// Every kind, in the order of the WKB codes.
    pub const ALL: [Self; 15] = [
        Self::Point,
        Self::LineString,
        Self::Polygon,
        Self::MultiPoint,
        Self::MultiLineString,
        Self::MultiPolygon,
        Self::GeometryCollection,
        Self::CircularString,
        Self::CompoundCurve,
        Self::CurvePolygon,
        Self::MultiCurve,
        Self::MultiSurface,
        Self::PolyhedralSurface,
        Self::Tin,
        Self::Triangle,
    ];

    /// Returns the kind of a WKB code without dimension: 1 to 12 and 15 to 17.
    pub fn from_code(code: u32) -> Option<Self> {
        Some(match code {
            1 => Self::Point,
            2 => Self::LineString,
            3 => Self::Polygon,
            4 => Self::MultiPoint,
            5 => Self::MultiLineString,
            6 => Self::MultiPolygon,
            7 => Self::GeometryCollection,
            8 => Self::CircularString,
            9 => Self::CompoundCurve,
            10 => Self::CurvePolygon,
            11 => Self::MultiCurve,
            12 => Self::MultiSurface,
            15 => Self::PolyhedralSurface,
            16 => Self::Tin,
            17 => Self::Triangle,
            _ => return None,
        })
    }

    /// Returns the WKB code without dimension.
    pub fn code(self) -> u32 {
        u32::from(self as u8)
    }

    /// Returns what stands behind the header.
    #[inline]
    pub fn layout(self) -> Layout {
        match self {
            Self::Point => Layout::Position,
            Self::LineString | Self::CircularString => Layout::Path,
            Self::Polygon | Self::Triangle => Layout::Rings,
            _ => Layout::Members,
        }
    }

    /// Returns whether the kind is one of the seven of simple features.
    #[inline]
    pub fn is_basic(self) -> bool {
        self as u8 <= Self::GeometryCollection as u8
    }

    /// Returns whether geometries of this kind have members: the multi kinds, collections, and
    /// what is put together of paths or surfaces.
    #[inline]
    pub fn is_collection(self) -> bool {
        self.layout() == Layout::Members
    }

    /// Returns whether the members are geometries of their own, and not parts of one path, area or
    /// surface.
    pub fn is_multi(self) -> bool {
        matches!(
            self,
            Self::MultiPoint
                | Self::MultiLineString
                | Self::MultiPolygon
                | Self::GeometryCollection
                | Self::MultiCurve
                | Self::MultiSurface
        )
    }

    /// Returns whether a member of a kind may stand in a geometry of this one.
    pub fn can_contain(self, member: Self) -> bool {
        match self {
            Self::GeometryCollection => true,
            Self::CompoundCurve => matches!(member, Self::LineString | Self::CircularString),
            Self::CurvePolygon | Self::MultiCurve => {
                matches!(member, Self::LineString | Self::CircularString | Self::CompoundCurve)
            }
            Self::MultiSurface => matches!(member, Self::Polygon | Self::CurvePolygon),
            _ => self.member() == Some(member),
        }
    }

    /// Returns the only kind the members may have.
    pub fn member(self) -> Option<Self> {
        match self {
            Self::MultiPoint => Some(Self::Point),
            Self::MultiLineString => Some(Self::LineString),
            Self::MultiPolygon | Self::PolyhedralSurface => Some(Self::Polygon),
            Self::Tin => Some(Self::Triangle),
            _ => None,
        }
    }

    /// Returns the kind of a member whose name WKT leaves out; members of a collection are named.
    pub fn unnamed_member(self) -> Option<Self> {
        match self {
            Self::CompoundCurve | Self::CurvePolygon | Self::MultiCurve => Some(Self::LineString),
            Self::MultiSurface => Some(Self::Polygon),
            _ => self.member(),
        }
    }

    /// Returns the multi kind whose members are of this kind; what has members stays as it is,
    /// except that paths of several parts go into a multi curve and areas into a multi surface.
    #[must_use]
    pub fn multi(self) -> Self {
        match self {
            Self::Point => Self::MultiPoint,
            Self::LineString => Self::MultiLineString,
            Self::Polygon => Self::MultiPolygon,
            Self::CircularString | Self::CompoundCurve => Self::MultiCurve,
            Self::CurvePolygon => Self::MultiSurface,
            Self::Triangle => Self::Tin,
            _ => self,
        }
    }

    /// Returns the name as WKT spells it: `POINT`.
    pub fn wkt_name(self) -> &'static str {
        match self {
            Self::Point => "POINT",
            Self::LineString => "LINESTRING",
            Self::Polygon => "POLYGON",
            Self::MultiPoint => "MULTIPOINT",
            Self::MultiLineString => "MULTILINESTRING",
            Self::MultiPolygon => "MULTIPOLYGON",
            Self::GeometryCollection => "GEOMETRYCOLLECTION",
            Self::CircularString => "CIRCULARSTRING",
            Self::CompoundCurve => "COMPOUNDCURVE",
            Self::CurvePolygon => "CURVEPOLYGON",
            Self::MultiCurve => "MULTICURVE",
            Self::MultiSurface => "MULTISURFACE",
            Self::PolyhedralSurface => "POLYHEDRALSURFACE",
            Self::Tin => "TIN",
            Self::Triangle => "TRIANGLE",
        }
    }

    /// Returns the name as `ST_GeometryType` spells it: `ST_Point`.
    #[inline]
    pub fn pg_name(self) -> &'static str {
        match self {
            Self::Point => "ST_Point",
            Self::LineString => "ST_LineString",
            Self::Polygon => "ST_Polygon",
            Self::MultiPoint => "ST_MultiPoint",
            Self::MultiLineString => "ST_MultiLineString",
            Self::MultiPolygon => "ST_MultiPolygon",
            Self::GeometryCollection => "ST_GeometryCollection",
            Self::CircularString => "ST_CircularString",
            Self::CompoundCurve => "ST_CompoundCurve",
            Self::CurvePolygon => "ST_CurvePolygon",
            Self::MultiCurve => "ST_MultiCurve",
            Self::MultiSurface => "ST_MultiSurface",
            Self::PolyhedralSurface => "ST_PolyhedralSurface",
            Self::Tin => "ST_Tin",
            Self::Triangle => "ST_Triangle",
        }
    }

    /// Returns the name as GeoJSON and GeoParquet spell it, or would: `Point`.
    pub fn geojson_name(self) -> &'static str {
        // What `ST_GeometryType` puts in front has three letters.
        self.pg_name().get(3..).unwrap_or_default()
    }
}
