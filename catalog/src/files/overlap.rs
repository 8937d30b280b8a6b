//! Leaving out files by the boxes around their geometries.

use arrow::datatypes::{DataType, Field};
use datafusion::common::ScalarValue;
use datafusion::common::metadata::FieldMetadata;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator};
use godwit_geometry::{Bounds, Edges, Geometry, GeometryType, Relation};

use super::Extent;

/// Returns whether a file with these boxes can have rows the filters let through.
pub(super) fn may_match(filters: &[Expr], extents: &[Extent]) -> bool {
    extents.is_empty() || filters.iter().all(|filter| filter_may_match(filter, extents))
}

fn filter_may_match(filter: &Expr, extents: &[Extent]) -> bool {
    match filter {
        Expr::Alias(alias) => filter_may_match(&alias.expr, extents),
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::And, right }) => {
            filter_may_match(left, extents) && filter_may_match(right, extents)
        }
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Or, right }) => {
            filter_may_match(left, extents) || filter_may_match(right, extents)
        }
        Expr::ScalarFunction(function) => {
            window(function).is_none_or(|window| window.may_meet(extents))
        }
        _ => true,
    }
}

/// A geometry column and the box that its geometries have to meet.
struct Window<'a> {
    column: &'a str,
    bounds: Option<Bounds>,
}

impl Window<'_> {
    fn may_meet(&self, extents: &[Extent]) -> bool {
        let Some(extent) = extents.iter().find(|extent| extent.column == self.column) else {
            return true;
        };
        match (&self.bounds, &extent.bounds) {
            (Some(window), Some(extent)) => window.intersects(extent),
            // No row has a geometry that could meet the window.
            (Some(_), None) => false,
            // Empty geometries are equal to each other.
            (None, _) => true,
        }
    }
}

/// Returns what a spatial function demands of the box of a column, if it is such a function.
fn window(function: &ScalarFunction) -> Option<Window<'_>> {
    let relation = Relation::from_function(function.name())?;
    if !relation.needs_bounds_overlap() {
        return None;
    }
    let (column, geometry) = match function.args.as_slice() {
        [first, second, ..] => match (column(first), column(second)) {
            (Some(column), None) => (column, second),
            (None, Some(column)) => (column, first),
            _ => return None,
        },
        _ => return None,
    };
    let bounds = literal_bounds(geometry)?;
    let margin = match (relation, function.args.get(2)) {
        (Relation::DWithin, Some(distance)) => literal_number(distance)?,
        (Relation::DWithin, None) => return None,
        _ => 0.0,
    };
    // Boxes do not bound what is near by in other units than those of the coordinates.
    if function.args.len() > 3 || !(margin >= 0.0 && margin.is_finite()) {
        return None;
    }
    let bounds = bounds.map(|bounds| bounds.expand(margin));
    Some(Window { column, bounds })
}

fn column(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Column(column) => Some(column.name()),
        Expr::Alias(alias) => column(&alias.expr),
        _ => None,
    }
}

/// Returns the box of a constant geometry; the inner none is that of an empty one.
#[expect(clippy::option_option, reason = "unknown and known to be nothing differ")]
fn literal_bounds(expression: &Expr) -> Option<Option<Bounds>> {
    let value = match expression {
        Expr::Literal(_, Some(metadata)) if is_geography(metadata) => return None,
        Expr::Literal(value, _) => value,
        Expr::Alias(alias) => return literal_bounds(&alias.expr),
        _ => return None,
    };
    let (ScalarValue::Binary(Some(bytes))
    | ScalarValue::LargeBinary(Some(bytes))
    | ScalarValue::BinaryView(Some(bytes))) = value
    else {
        return None;
    };
    Some(Geometry::try_new(bytes).ok()?.bounds())
}

/// Returns whether a literal is a geography, whose edges leave the box of their ends.
fn is_geography(metadata: &FieldMetadata) -> bool {
    let field = metadata.add_to_field(Field::new("literal", DataType::Binary, true));
    let geometry_type = GeometryType::from_field(&field);
    geometry_type.is_ok_and(|found| found.is_some_and(|found| found.edges == Edges::Spherical))
}

fn literal_number(expression: &Expr) -> Option<f64> {
    match expression {
        Expr::Literal(ScalarValue::Float64(number), _) => *number,
        Expr::Literal(ScalarValue::Int64(number), _) => number.map(|number| number as f64),
        _ => None,
    }
}
