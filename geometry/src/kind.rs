//! The seven kinds of geometry and their four dimensions.

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
}

impl Kind {
    /// Every kind, in the order of the WKB codes.
    pub const ALL: [Self; 7] = [
        Self::Point,
        Self::LineString,
        Self::Polygon,
        Self::MultiPoint,
        Self::MultiLineString,
        Self::MultiPolygon,
        Self::GeometryCollection,
    ];

    /// Returns the kind of a WKB code without dimension: 1 to 7.
    pub fn from_code(code: u32) -> Option<Self> {
        Some(match code {
            1 => Self::Point,
            2 => Self::LineString,
            3 => Self::Polygon,
            4 => Self::MultiPoint,
            5 => Self::MultiLineString,
            6 => Self::MultiPolygon,
            7 => Self::GeometryCollection,
            _ => return None,
        })
    }

    /// Returns the WKB code without dimension.
    pub fn code(self) -> u32 {
        u32::from(self as u8)
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
        }
    }

    /// Returns the name as `ST_GeometryType` spells it: `ST_Point`.
    pub fn pg_name(self) -> &'static str {
        match self {
            Self::Point => "ST_Point",
            Self::LineString => "ST_LineString",
            Self::Polygon => "ST_Polygon",
            Self::MultiPoint => "ST_MultiPoint",
            Self::MultiLineString => "ST_MultiLineString",
            Self::MultiPolygon => "ST_MultiPolygon",
            Self::GeometryCollection => "ST_GeometryCollection",
        }
    }

    /// Returns the name as GeoJSON and GeoParquet spell it: `Point`.
    pub fn geojson_name(self) -> &'static str {
        match self {
            Self::Point => "Point",
            Self::LineString => "LineString",
            Self::Polygon => "Polygon",
            Self::MultiPoint => "MultiPoint",
            Self::MultiLineString => "MultiLineString",
            Self::MultiPolygon => "MultiPolygon",
            Self::GeometryCollection => "GeometryCollection",
        }
    }

    /// Returns whether geometries of this kind have members: the three multi kinds and collections.
    pub fn is_collection(self) -> bool {
        matches!(
            self,
            Self::MultiPoint
                | Self::MultiLineString
                | Self::MultiPolygon
                | Self::GeometryCollection
        )
    }

    /// Returns the only kind the members of a multi geometry may have.
    pub fn member(self) -> Option<Self> {
        match self {
            Self::MultiPoint => Some(Self::Point),
            Self::MultiLineString => Some(Self::LineString),
            Self::MultiPolygon => Some(Self::Polygon),
            _ => None,
        }
    }

    /// Returns the multi kind whose members are of this kind; a collection holds all others.
    #[must_use]
    pub fn multi(self) -> Self {
        match self {
            Self::Point | Self::MultiPoint => Self::MultiPoint,
            Self::LineString | Self::MultiLineString => Self::MultiLineString,
            Self::Polygon | Self::MultiPolygon => Self::MultiPolygon,
            Self::GeometryCollection => Self::GeometryCollection,
        }
    }
}

/// Which ordinates the coordinates of a geometry have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[repr(u8)]
pub enum Dimension {
    /// X and Y.
    #[default]
    Xy = 0,
    /// X, Y and a height.
    Xyz = 1,
    /// X, Y and a measure.
    Xym = 2,
    /// X, Y, a height and a measure.
    Xyzm = 3,
}

impl Dimension {
    /// Returns the dimension with or without height and measure.
    pub fn new(has_z: bool, has_m: bool) -> Self {
        match (has_z, has_m) {
            (false, false) => Self::Xy,
            (true, false) => Self::Xyz,
            (false, true) => Self::Xym,
            (true, true) => Self::Xyzm,
        }
    }

    /// Returns whether coordinates have a height.
    pub fn has_z(self) -> bool {
        matches!(self, Self::Xyz | Self::Xyzm)
    }

    /// Returns whether coordinates have a measure.
    pub fn has_m(self) -> bool {
        matches!(self, Self::Xym | Self::Xyzm)
    }

    /// Returns the number of ordinates of one coordinate: 2 to 4.
    pub fn size(self) -> usize {
        match self {
            Self::Xy => 2,
            Self::Xyz | Self::Xym => 3,
            Self::Xyzm => 4,
        }
    }

    /// Returns the number of bytes of one coordinate.
    pub fn stride(self) -> usize {
        self.size() * 8
    }

    /// Returns the ISO WKB type code of a kind in this dimension: 1003 for a polygon with Z.
    pub fn iso_code(self, kind: Kind) -> u32 {
        kind.code() + 1000 * u32::from(self as u8)
    }

    /// Returns the smallest dimension that holds the ordinates of both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self::new(self.has_z() || other.has_z(), self.has_m() || other.has_m())
    }
}
