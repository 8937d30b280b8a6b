//! What stands in the parentheses of `GEOMETRY(PointZ, 4326)`.

use godwit_geometry::DeclaredKind;
use sqlparser::ast::DataType;

use crate::error::{Code, Error};

/// The modifiers of a geometry type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct GeometryModifiers {
    /// The kind, if one is named.
    pub(crate) kind: Option<DeclaredKind>,
    /// The SRID, 0 if none is named.
    pub(crate) srid: i32,
}

impl GeometryModifiers {
    /// Reads the modifiers.
    pub(crate) fn parse(modifiers: &[String]) -> Result<Self, Error> {
        let mut known = Self::default();
        for modifier in modifiers {
            let modifier = modifier.trim().trim_matches(['\'', '"']);
            if let Ok(srid) = modifier.parse() {
                known.srid = srid;
            } else if known.kind.is_none()
                && let Some(kind) = DeclaredKind::parse(modifier)
            {
                known.kind = Some(kind);
            } else {
                let message = format!("Invalid geometry type modifier: {modifier}");
                return Err(Error::new(Code::InvalidParameter, message)
                    .with_hint("Type GEOMETRY, GEOMETRY(Point) or GEOMETRY(PointZ, 4326)."));
            }
        }
        Ok(known)
    }

    /// Reads the modifiers of a type, if it is one of geometries or geographies.
    pub(crate) fn of(data_type: &DataType) -> Result<Option<Self>, Error> {
        let DataType::Custom(name, modifiers) = data_type else { return Ok(None) };
        let name = name.to_string();
        let is_spatial =
            ["geometry", "geography"].iter().any(|known| name.eq_ignore_ascii_case(known));
        is_spatial.then(|| Self::parse(modifiers)).transpose()
    }
}
