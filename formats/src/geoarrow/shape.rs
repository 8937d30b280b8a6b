//! Which native GeoArrow encoding a column has.

use arrow::datatypes::{DataType, Field, FieldRef};
use godwit_geometry::{GeometryError, GeometryType};

const NAME_KEY: &str = "ARROW:extension:name";

/// The encoding of a native geometry column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    Point,
    LineString,
    Polygon,
    MultiPoint,
    MultiLineString,
    MultiPolygon,
    /// A union of the shapes above and collections, each with a number of its own.
    Mixed,
    /// Lists of such unions.
    Collection,
    /// Well-known text.
    Wkt,
}

impl Shape {
    /// Returns the shape by its name in GeoParquet, or in GeoArrow behind `geoarrow.`.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "point" => Self::Point,
            "linestring" => Self::LineString,
            "polygon" => Self::Polygon,
            "multipoint" => Self::MultiPoint,
            "multilinestring" => Self::MultiLineString,
            "multipolygon" => Self::MultiPolygon,
            "geometry" => Self::Mixed,
            "geometrycollection" => Self::Collection,
            "wkt" => Self::Wkt,
            _ => return None,
        })
    }

    /// Returns the shape that has a number in unions, whatever its dimension.
    pub(super) fn of_member(number: i8) -> Option<Self> {
        Some(match number % 10 {
            1 => Self::Point,
            2 => Self::LineString,
            3 => Self::Polygon,
            4 => Self::MultiPoint,
            5 => Self::MultiLineString,
            6 => Self::MultiPolygon,
            7 => Self::Collection,
            _ => return None,
        })
    }

    /// Returns how many lists are around the coordinates.
    pub(super) fn list_depth(self) -> usize {
        match self {
            Self::Point | Self::Mixed | Self::Collection | Self::Wkt => 0,
            Self::LineString | Self::MultiPoint => 1,
            Self::Polygon | Self::MultiLineString => 2,
            Self::MultiPolygon => 3,
        }
    }

    /// Tells whether a column of this type can hold the shape.
    pub(crate) fn fits(self, data_type: &DataType) -> bool {
        let fits_member = |(number, field): (i8, &FieldRef)| {
            Self::of_member(number).is_some_and(|shape| shape.fits(field.data_type()))
        };
        match (self, data_type) {
            (Self::Wkt, _) => {
                use DataType::{LargeUtf8, Utf8, Utf8View};
                return matches!(data_type, Utf8 | LargeUtf8 | Utf8View);
            }
            (Self::Mixed, DataType::Union(members, _)) => return members.iter().all(fits_member),
            (Self::Collection, DataType::List(item) | DataType::LargeList(item)) => {
                return Self::Mixed.fits(item.data_type());
            }
            (Self::Mixed | Self::Collection, _) => return false,
            _ => {}
        }
        let mut inner = data_type;
        for _ in 0..self.list_depth() {
            let (DataType::List(item) | DataType::LargeList(item)) = inner else { return false };
            inner = item.data_type();
        }
        match inner {
            DataType::Struct(fields) => {
                fields.len() >= 2
                    && fields.iter().all(|field| *field.data_type() == DataType::Float64)
            }
            DataType::FixedSizeList(item, size) => {
                (2..=4).contains(size) && *item.data_type() == DataType::Float64
            }
            _ => false,
        }
    }
}

/// Returns the native encoding an Arrow field declares.
pub(crate) fn native_shape(field: &Field) -> Option<Shape> {
    let name = field.metadata().get(NAME_KEY)?;
    let shape = Shape::from_name(name.strip_prefix("geoarrow.")?)?;
    shape.fits(field.data_type()).then_some(shape)
}

/// Returns the field of a native geometry column as it is shown: WKB with the same reference
/// system.
pub(crate) fn wkb_field(field: &Field) -> Result<Field, GeometryError> {
    let mut metadata = field.metadata().clone();
    metadata.insert(NAME_KEY.to_owned(), "geoarrow.wkb".to_owned());
    let shown = Field::new(field.name(), DataType::BinaryView, true).with_metadata(metadata);
    let geometry_type = GeometryType::from_field(&shown)?.unwrap_or_default();
    Ok(geometry_type.annotate(shown))
}
