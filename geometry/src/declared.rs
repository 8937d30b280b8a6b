//! What a column of geometries takes: `GEOMETRY(PointZ, 4326)`.

use std::borrow::Cow;

use arrow_schema::Field;

use crate::wkb::write::empty;
use crate::{Crs, Dimension, Geometry, GeometryError, Kind, common_crs, to_iso};

/// Names the kind in the metadata of a field.
const KIND_KEY: &str = "godwit.kind";

/// The kind and the dimension that a type of geometries was declared with: `PointZ`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeclaredKind {
    /// The kind; nothing where any will do.
    kind: Option<Kind>,
    dimension: Dimension,
}

impl DeclaredKind {
    /// Reads the name of a kind with the letters of its dimension, whatever the case.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_uppercase();
        let (name, has_m) = stripped(&name, 'M');
        let (name, has_z) = stripped(name, 'Z');
        let dimension = Dimension::new(has_z, has_m);
        if name == "GEOMETRY" {
            return Some(Self { kind: None, dimension });
        }
        let kind = Kind::ALL.into_iter().find(|kind| kind.wkt_name() == name)?;
        Some(Self { kind: Some(kind), dimension })
    }

    /// Returns the kind that a field was declared with.
    pub fn of(field: &Field) -> Option<Self> {
        Self::parse(field.metadata().get(KIND_KEY)?)
    }

    /// Returns the field with this kind.
    #[must_use]
    pub fn annotate(self, mut field: Field) -> Field {
        field.metadata_mut().insert(KIND_KEY.to_owned(), self.name());
        field
    }

    /// Returns the field without a kind, as queries see it: what they compute has none.
    #[must_use]
    pub fn without(mut field: Field) -> Field {
        field.metadata_mut().remove(KIND_KEY);
        field
    }

    /// Returns the kind, nothing where any will do.
    pub fn kind(self) -> Option<Kind> {
        self.kind
    }

    /// Returns which ordinates there are.
    pub fn dimension(self) -> Dimension {
        self.dimension
    }

    /// Returns the name with the letters of the dimension.
    pub fn name(self) -> String {
        let letters = match self.dimension {
            Dimension::Xy => "",
            Dimension::Xyz => "Z",
            Dimension::Xym => "M",
            Dimension::Xyzm => "ZM",
        };
        format!("{}{letters}", self.kind.map_or("Geometry", Kind::geojson_name))
    }

    /// Returns the ISO WKB of a geometry that fits.
    ///
    /// An empty multipoint is an empty point where points are taken: WKB has no other for it.
    pub fn fitted(self, geometry: Geometry<'_>) -> Result<Cow<'_, [u8]>, GeometryError> {
        let (found, dimension) = (geometry.kind(), geometry.dimension());
        let is_empty_point =
            self.kind == Some(Kind::Point) && found == Kind::MultiPoint && geometry.is_empty();
        let refused = |reason: String| Err(GeometryError::InvalidArgument { reason });
        if let Some(kind) = self.kind.filter(|kind| *kind != found && !is_empty_point) {
            let (found, kind) = (found.geojson_name(), kind.geojson_name());
            return refused(format!("Geometry type ({found}) does not match column type ({kind})"));
        }
        let ordinates = [
            ('Z', self.dimension.has_z(), dimension.has_z()),
            ('M', self.dimension.has_m(), dimension.has_m()),
        ];
        for (letter, is_wanted, is_there) in ordinates {
            if is_wanted && !is_there {
                return refused(format!("Column has {letter} dimension but geometry does not"));
            }
            if is_there && !is_wanted {
                return refused(format!("Geometry has {letter} dimension but column does not"));
            }
        }
        if is_empty_point {
            return Ok(Cow::Owned(empty(Kind::Point, dimension)));
        }
        Ok(to_iso(geometry))
    }
}

/// Checks that geometries in a reference system can go into a column: its own, or one that is not
/// known. A column without one would lose it.
pub fn check_column_crs(given: Option<&Crs>, column: Option<&Crs>) -> Result<(), GeometryError> {
    let Some(known) = given else { return Ok(()) };
    if column.is_some() && common_crs(given, column).is_ok() {
        return Ok(());
    }
    let name = |crs: &Crs| crs.srid().map_or_else(|| crs.name(), |srid| srid.to_string());
    let column = column.map_or_else(|| "0".to_owned(), name);
    Err(GeometryError::ColumnCrs { given: name(known), column })
}

fn stripped(name: &str, letter: char) -> (&str, bool) {
    name.strip_suffix(letter).map_or((name, false), |name| (name, true))
}

#[cfg(test)]
mod tests {
    use arrow_schema::DataType;

    use super::*;
    use crate::wkt;

    fn fitted(declared: &str, text: &str) -> Result<String, String> {
        let (wkb, _) = wkt::parse(text).map_err(|error| error.to_string())?;
        let geometry = Geometry::try_any(&wkb).map_err(|error| error.to_string())?;
        let declared = DeclaredKind::parse(declared).ok_or("no kind")?;
        let bytes = declared.fitted(geometry).map_err(|error| error.to_string())?;
        let geometry = Geometry::try_any(&bytes).map_err(|error| error.to_string())?;
        Ok(wkt::format(geometry, 15))
    }

    #[test]
    fn a_kind_is_remembered() {
        for name in ["Point", "PolygonZ", "GeometryZM", "TinM", "GeometryCollection"] {
            let kind = DeclaredKind::parse(&name.to_uppercase()).unwrap();
            let field = kind.annotate(Field::new("geom", DataType::Binary, true));
            assert_eq!(DeclaredKind::of(&field), Some(kind));
            assert_eq!(kind.name(), name);
            assert_eq!(DeclaredKind::of(&DeclaredKind::without(field)), None);
        }
        assert_eq!(DeclaredKind::parse("pointy"), None);
    }

    #[test]
    fn geometries_of_the_kind_fit() {
        for (declared, text) in [
            ("Point", "POINT(1 2)"),
            ("PointZ", "POINT Z (1 2 3)"),
            ("Geometry", "LINESTRING(0 0,1 1)"),
            ("GeometryM", "LINESTRING M (0 0 1,1 1 1)"),
        ] {
            assert_eq!(fitted(declared, text).as_deref(), Ok(text), "{declared}");
        }
        assert_eq!(fitted("Point", "MULTIPOINT EMPTY").as_deref(), Ok("POINT EMPTY"));
        for (declared, text, message) in [
            ("Polygon", "POINT(1 2)", "Geometry type (Point) does not match column type (Polygon)"),
            ("PointZ", "POINT M (1 2 3)", "Column has Z dimension but geometry does not"),
            ("PointM", "POINT(1 2)", "Column has M dimension but geometry does not"),
            ("Geometry", "POINT Z (1 2 3)", "Geometry has Z dimension but column does not"),
            ("PointZ", "POINT ZM (1 2 3 4)", "Geometry has M dimension but column does not"),
        ] {
            assert_eq!(fitted(declared, text), Err(message.to_owned()), "{declared} {text}");
        }
    }

    #[test]
    fn a_reference_system_is_not_lost() {
        let (degrees, metres) = (Crs::from_epsg(4326), Crs::from_epsg(3857));
        assert_eq!(check_column_crs(None, Some(&degrees)), Ok(()));
        assert_eq!(check_column_crs(Some(&Crs::wgs84()), Some(&degrees)), Ok(()));
        for (column, message) in [
            (Some(&degrees), "Geometry SRID (3857) does not match column SRID (4326)"),
            (None, "Geometry SRID (3857) does not match column SRID (0)"),
        ] {
            let error = check_column_crs(Some(&metres), column).unwrap_err();
            assert_eq!(error.to_string(), message);
        }
    }
}
