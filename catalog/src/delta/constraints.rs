//! What columns of a stored table demand of the values that are written into them.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, BinaryBuilder};
use arrow::compute::cast;
use arrow::datatypes::Field;
use godwit_geometry::{
    DeclaredKind, Edges, Geometry, GeometryError, GeometryType, WkbColumn, geodesic, is_geometry,
    to_iso,
};

use super::lengths::{TextLength, cut, without_length};
use crate::CatalogError;

/// Returns the values of a stored column as it takes them: texts that are no longer than it allows,
/// geometries of the kind it was declared with, geographies in the range of degrees.
pub fn fitted(column: ArrayRef, field: &Field) -> Result<ArrayRef, CatalogError> {
    if is_geometry(field) { fitted_geometries(column, field) } else { cut(column, field) }
}

/// Returns the field with what the stored one demands.
pub(crate) fn constrained(field: Field, stored: &Field) -> Field {
    let field = match TextLength::of(stored) {
        Some(length) => length.annotate(field),
        None => field,
    };
    match DeclaredKind::of(stored) {
        Some(kind) => kind.annotate(field),
        None => field,
    }
}

/// Returns the field without its demands, as queries see it: what they compute has none.
pub(super) fn unconstrained(field: Field) -> Field {
    DeclaredKind::without(without_length(field))
}

fn fitted_geometries(column: ArrayRef, field: &Field) -> Result<ArrayRef, CatalogError> {
    let kind = DeclaredKind::of(field);
    let is_spherical = GeometryType::edges_of(field) == Some(Edges::Spherical);
    let Some(rows) = WkbColumn::try_new(column.as_ref()) else { return Ok(column) };
    if kind.is_none() && !is_spherical {
        return Ok(column);
    }
    let in_column = |error: GeometryError| match error {
        GeometryError::InvalidArgument { reason } => GeometryError::InvalidArgument {
            reason: format!("{reason}, in column \"{}\"", field.name()),
        },
        error => error,
    };
    let fit = |bytes| {
        let geometry = Geometry::try_any(bytes)?;
        let fitted = match kind {
            Some(kind) => kind.fitted(geometry).map_err(in_column)?,
            None => to_iso(geometry),
        };
        if !is_spherical {
            return Ok(fitted);
        }
        let turned = match geodesic::in_range(Geometry::try_any(&fitted)?) {
            Cow::Owned(turned) => Some(turned),
            Cow::Borrowed(_) => None,
        };
        Ok::<_, GeometryError>(turned.map_or(fitted, Cow::Owned))
    };
    let mut changed = Vec::new();
    for row in 0..rows.len() {
        if let Some(bytes) = rows.get(row)
            && let Cow::Owned(other) = fit(bytes)?
        {
            changed.push((row, other));
        }
    }
    if changed.is_empty() {
        return Ok(column);
    }
    let mut changed = changed.into_iter().peekable();
    let mut builder = BinaryBuilder::with_capacity(rows.len(), rows.byte_count());
    for row in 0..rows.len() {
        match changed.next_if(|(at, _)| *at == row) {
            Some((_, other)) => builder.append_value(other),
            None => builder.append_option(rows.get(row)),
        }
    }
    let plain: ArrayRef = Arc::new(builder.finish());
    cast(&plain, column.data_type()).map_err(|error| CatalogError::Query(error.into()))
}

#[cfg(test)]
mod tests {
    use arrow::array::{AsArray as _, BinaryArray};
    use arrow::datatypes::DataType;
    use godwit_geometry::wkt;

    use super::*;

    fn geometries(texts: &[Option<&str>]) -> ArrayRef {
        let bytes = texts.iter().map(|text| text.map(|text| wkt::parse(text).unwrap().0));
        Arc::new(bytes.collect::<BinaryArray>())
    }

    #[test]
    fn geometries_are_of_the_kind_of_their_column() {
        let field = GeometryType::default().field("geom", true);
        let points = DeclaredKind::parse("POINT").unwrap().annotate(field.clone());
        let rows = geometries(&[Some("POINT(1 2)"), None]);
        assert!(Arc::ptr_eq(&rows, &fitted(Arc::clone(&rows), &points).unwrap()));
        let empty = geometries(&[Some("MULTIPOINT EMPTY"), None, Some("POINT(1 2)")]);
        let wanted = geometries(&[Some("POINT EMPTY"), None, Some("POINT(1 2)")]);
        assert_eq!(&fitted(empty, &points).unwrap(), &wanted);
        let lines = geometries(&[Some("POINT(1 2)"), Some("LINESTRING(0 0,1 1)")]);
        assert!(Arc::ptr_eq(&lines, &fitted(Arc::clone(&lines), &field).unwrap()));
        let error = fitted(lines, &points).unwrap_err();
        let message =
            "Geometry type (LineString) does not match column type (Point), in column \"geom\"";
        assert_eq!(error.to_string(), message);
    }

    #[test]
    fn geographies_are_in_the_range_of_degrees() {
        let geography = GeometryType { crs: None, edges: Edges::Spherical };
        let field = geography.field("geog", true);
        let rows = geometries(&[Some("POINT(200 10)"), Some("POINT(20 10)"), None]);
        let views = cast(&rows, &DataType::BinaryView).unwrap();
        let wanted = geometries(&[Some("POINT(-160 10)"), Some("POINT(20 10)"), None]);
        assert_eq!(&fitted(rows, &field).unwrap(), &wanted);
        let turned = fitted(views, &field).unwrap();
        assert_eq!(turned.as_binary_view().value(0), wanted.as_binary::<i32>().value(0));
    }

    #[test]
    fn demands_are_those_of_the_stored_column() {
        let plain = GeometryType::default().field("geom", true);
        let stored = DeclaredKind::parse("PolygonZ").unwrap().annotate(plain.clone());
        assert_eq!(constrained(plain.clone(), &stored), stored);
        assert_eq!(unconstrained(stored), plain);
    }
}
