//! Conditions over geometries, as what they demand of the boxes around them.

use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::datatypes::{DataType, Schema};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{ColumnarValue, Operator};
use datafusion::physical_expr::expressions::{BinaryExpr, CastExpr, Column, Literal, NotExpr};
use datafusion::physical_expr::utils::collect_columns;
use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr};
use datafusion::physical_expr_common::physical_expr::{is_volatile, snapshot_physical_expr};
use godwit_geometry::filter::{Boxes, MEETS_BOXES, keeps_coordinates};
use godwit_geometry::{Bounds, Edges, Geometry, GeometryType, Reach, Relation, SpatialFilter, wkt};

/// When constants of a condition may be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constants {
    /// Only what is written in the plan is looked at.
    Written,
    /// The statement is running: subqueries have their values.
    Computed,
    /// As before, and what joins have found out so far is looked at too.
    Current,
}

/// Returns what a condition over the columns of `schema` demands of their geometries.
pub fn spatial_filter(
    condition: &Arc<dyn PhysicalExpr>,
    schema: &Schema,
    constants: Constants,
) -> SpatialFilter {
    let reader = Reader { schema, constants };
    if constants != Constants::Current {
        return reader.filter(condition);
    }
    match snapshot_physical_expr(Arc::clone(condition)) {
        Ok(condition) => reader.filter(&condition),
        Err(_) => SpatialFilter::Anything,
    }
}

struct Reader<'a> {
    schema: &'a Schema,
    constants: Constants,
}

impl Reader<'_> {
    fn filter(&self, condition: &Arc<dyn PhysicalExpr>) -> SpatialFilter {
        if let Some(binary) = condition.downcast_ref::<BinaryExpr>() {
            return match binary.op() {
                Operator::And => self.filter(binary.left()).and(self.filter(binary.right())),
                Operator::Or => self.filter(binary.left()).or(self.filter(binary.right())),
                _ => self.distance(binary).unwrap_or(SpatialFilter::Anything),
            };
        }
        if let Some(literal) = condition.downcast_ref::<Literal>() {
            return match literal.value() {
                // A condition that is not known lets no row through either.
                ScalarValue::Boolean(Some(false) | None) | ScalarValue::Null => {
                    SpatialFilter::Nothing
                }
                _ => SpatialFilter::Anything,
            };
        }
        if let Some(negated) = condition.downcast_ref::<NotExpr>() {
            return self.not_disjoint(negated).unwrap_or(SpatialFilter::Anything);
        }
        let Some(call) = condition.downcast_ref::<ScalarFunctionExpr>() else {
            return SpatialFilter::Anything;
        };
        self.relation(call).unwrap_or(SpatialFilter::Anything)
    }

    fn relation(&self, call: &ScalarFunctionExpr) -> Option<SpatialFilter> {
        if call.fun().name() == MEETS_BOXES {
            return self.meets_boxes(call.args());
        }
        let distance = match call.args() {
            [_, _] => None,
            [_, _, distance] => Some(self.number(distance)?),
            _ => return None,
        };
        self.demand(call.fun().name(), call.args(), distance)
    }

    /// What a join says about the geometries of its one side when it has read the other.
    fn meets_boxes(&self, arguments: &[Arc<dyn PhysicalExpr>]) -> Option<SpatialFilter> {
        let column = self.column(arguments.first()?)?;
        let bytes = self.constant(arguments.get(1)?)?.geometry()??;
        let boxes = Boxes::from_bytes(&bytes)?;
        let meets = |boxes| SpatialFilter::Meets(column.to_owned(), boxes);
        Some(if boxes.is_empty() { SpatialFilter::Nothing } else { meets(boxes) })
    }

    /// `NOT ST_Disjoint(a, b)` is how an intersection may be written.
    fn not_disjoint(&self, negated: &NotExpr) -> Option<SpatialFilter> {
        let call = negated.arg().downcast_ref::<ScalarFunctionExpr>()?;
        let is_disjoint = Relation::from_function(call.fun().name()) == Some(Relation::Disjoint);
        (is_disjoint && call.args().len() == 2)
            .then(|| self.demand(Relation::Intersects.function(), call.args(), None))?
    }

    /// `ST_Distance(a, b) < d`, also from the other side.
    fn distance(&self, comparison: &BinaryExpr) -> Option<SpatialFilter> {
        let (call, limit) = match comparison.op() {
            Operator::Lt | Operator::LtEq => (comparison.left(), comparison.right()),
            Operator::Gt | Operator::GtEq => (comparison.right(), comparison.left()),
            _ => return None,
        };
        let call = call.downcast_ref::<ScalarFunctionExpr>()?;
        if call.fun().name() != Relation::DISTANCE_FUNCTION || call.args().len() != 2 {
            return None;
        }
        let limit = self.number(limit)?;
        self.demand(Relation::DWithin.function(), call.args(), Some(limit))
    }

    /// Returns what a function of a column and a constant demands of the column.
    fn demand(
        &self,
        function: &str,
        arguments: &[Arc<dyn PhysicalExpr>],
        distance: Option<f64>,
    ) -> Option<SpatialFilter> {
        let (first, second) = (arguments.first()?, arguments.get(1)?);
        let (column, constant, is_exchanged) = match (self.column(first), self.column(second)) {
            (Some(column), None) => (column, second, false),
            (None, Some(column)) => (column, first, true),
            _ => return None,
        };
        let reach = |bounds: &Bounds| Reach::of_function(function, is_exchanged, bounds, distance);
        // Whether the function relates geometries at all.
        reach(&Bounds::point(0.0, 0.0))?;
        let Some(value) = self.constant(constant)?.geometry()? else {
            return Some(SpatialFilter::Nothing);
        };
        // Empty geometries have relations of their own.
        let bounds = Geometry::try_any(&value).ok()?.bounds()?;
        Some(SpatialFilter::Reaches(column.to_owned(), reach(&bounds)?))
    }

    /// Returns the column whose coordinates an expression has, if they are in the plane.
    fn column<'e>(&self, expression: &'e Arc<dyn PhysicalExpr>) -> Option<&'e str> {
        if let Some(column) = expression.downcast_ref::<Column>() {
            let field = self.schema.field_with_name(column.name()).ok()?;
            let kind = GeometryType::from_field(field).ok()?.unwrap_or_default();
            return (kind.edges == Edges::Planar).then(|| column.name());
        }
        if let Some(cast) = expression.downcast_ref::<CastExpr>() {
            return is_binary(cast.cast_type()).then(|| self.column(cast.expr()))?;
        }
        let call = expression.downcast_ref::<ScalarFunctionExpr>()?;
        let kind = expression.return_field(self.schema).ok();
        let kind = kind.and_then(|field| GeometryType::from_field(&field).ok()).flatten();
        let is_planar = kind.is_none_or(|kind| kind.edges == Edges::Planar);
        (is_planar && keeps_coordinates(call.fun().name()))
            .then(|| self.column(call.args().first()?))?
    }

    /// Returns the value of an expression without columns, unless it is a geography.
    fn constant(&self, expression: &Arc<dyn PhysicalExpr>) -> Option<Constant> {
        let field = expression.return_field(self.schema).ok()?;
        let kind = GeometryType::from_field(&field).ok()?.unwrap_or_default();
        if kind.edges != Edges::Planar {
            return None;
        }
        if let Some(literal) = expression.downcast_ref::<Literal>() {
            return Some(Constant(literal.value().clone()));
        }
        let is_known = self.constants != Constants::Written
            && collect_columns(expression).is_empty()
            && !is_volatile(expression);
        if !is_known {
            return None;
        }
        let options = RecordBatchOptions::new().with_row_count(Some(1));
        let row =
            RecordBatch::try_new_with_options(Arc::new(Schema::empty()), Vec::new(), &options);
        match expression.evaluate(&row.ok()?).ok()? {
            ColumnarValue::Scalar(value) => Some(Constant(value)),
            ColumnarValue::Array(array) => {
                ScalarValue::try_from_array(&array, 0).ok().map(Constant)
            }
        }
    }

    fn number(&self, expression: &Arc<dyn PhysicalExpr>) -> Option<f64> {
        match self.constant(expression)?.0.cast_to(&DataType::Float64).ok()? {
            ScalarValue::Float64(number) => number,
            _ => None,
        }
    }
}

/// The value of an expression without columns.
struct Constant(ScalarValue);

impl Constant {
    /// Returns the WKB of the value, or nothing when it is NULL; the outer one is nothing when it
    /// is no geometry.
    #[expect(clippy::option_option, reason = "no geometry and NULL differ")]
    fn geometry(self) -> Option<Option<Vec<u8>>> {
        match self.0 {
            ScalarValue::Null => Some(None),
            ScalarValue::Binary(bytes)
            | ScalarValue::LargeBinary(bytes)
            | ScalarValue::BinaryView(bytes) => Some(bytes),
            ScalarValue::Utf8(text)
            | ScalarValue::LargeUtf8(text)
            | ScalarValue::Utf8View(text) => match text {
                Some(text) => Some(Some(wkt::parse(&text).ok()?.0)),
                None => Some(None),
            },
            _ => None,
        }
    }
}

fn is_binary(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Binary | DataType::LargeBinary | DataType::BinaryView)
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::Field;
    use datafusion::common::DFSchema;
    use datafusion::common::metadata::FieldMetadata;
    use datafusion::logical_expr::{
        Expr, ScalarUDF, Volatility, col, create_udf, lit, lit_with_metadata, not,
    };
    use datafusion::prelude::SessionContext;
    use godwit_geometry::{Crs, write};

    use super::*;

    fn function(name: &str, arguments: usize) -> ScalarUDF {
        let yes = Arc::new(|_: &[ColumnarValue]| {
            Ok(ColumnarValue::Scalar(ScalarValue::Boolean(Some(true))))
        });
        let mut types = vec![DataType::Binary; 2];
        types.extend(vec![DataType::Float64; arguments.saturating_sub(2)]);
        let result = if name == "st_distance" { DataType::Float64 } else { DataType::Boolean };
        create_udf(name, types, result, Volatility::Immutable, yes)
    }

    fn call(name: &str, arguments: Vec<Expr>) -> Expr {
        function(name, arguments.len()).call(arguments)
    }

    fn point(x: f64, y: f64) -> Expr {
        lit(ScalarValue::Binary(Some(write::point_xy(x, y))))
    }

    fn shown(condition: Expr) -> String {
        let geometry = GeometryType::new(Some(Crs::wgs84())).field("g", true);
        let geography = GeometryType { crs: Some(Crs::wgs84()), edges: Edges::Spherical };
        let schema = Schema::new(vec![
            geometry,
            geography.field("globe", true),
            Field::new("plain", DataType::Binary, true),
            Field::new("id", DataType::Int64, true),
        ]);
        let df_schema = DFSchema::try_from(schema.clone()).unwrap();
        let context = SessionContext::new();
        let condition = context.create_physical_expr(condition, &df_schema).unwrap();
        spatial_filter(&condition, &schema, Constants::Computed).to_string()
    }

    #[test]
    fn relations_to_constants_are_found() {
        let g = || col("g");
        let origin = || point(0.0, 0.0);
        let meets = "g meets BOX(0 0, 0 0)";
        assert_eq!(shown(call("st_intersects", vec![g(), origin()])), meets);
        assert_eq!(shown(call("st_intersects", vec![origin(), g()])), meets);
        assert_eq!(shown(not(call("st_disjoint", vec![g(), origin()]))), meets);
        let plain = call("st_within", vec![col("plain"), origin()]);
        assert_eq!(shown(plain), "plain meets BOX(0 0, 0 0)");
        let near = shown(call("st_dwithin", vec![g(), origin(), lit(2.0)]));
        assert!(near.starts_with("g meets BOX(-2.0"), "{near}");
        assert_eq!(near, shown(call("st_distance", vec![g(), origin()]).lt(lit(2.0))));
        assert_eq!(near, shown(lit(2_i64).gt_eq(call("st_distance", vec![g(), origin()]))));
    }

    #[test]
    fn trees_keep_what_they_know() {
        let meets = || call("st_intersects", vec![col("g"), point(0.0, 0.0)]);
        let other = || call("st_intersects", vec![col("g"), point(5.0, 5.0)]);
        let either = "g meets BOX(0 0, 0 0) OR g meets BOX(5 5, 5 5)";
        assert_eq!(shown(meets().or(other())), either);
        assert_eq!(shown(meets().and(col("id").gt(lit(1_i64)))), "g meets BOX(0 0, 0 0)");
        assert_eq!(shown(meets().or(col("id").gt(lit(1_i64)))), "true");
        assert_eq!(shown(not(meets())), "true");
    }

    #[test]
    fn what_boxes_cannot_say_is_kept() {
        let geography = GeometryType { crs: None, edges: Edges::Spherical }.field("x", true);
        let bytes = ScalarValue::Binary(Some(write::point_xy(0.0, 0.0)));
        let globe = lit_with_metadata(bytes, Some(FieldMetadata::from(&geography)));
        let empty = lit(ScalarValue::Binary(Some(wkt::parse("POINT EMPTY").unwrap().0)));
        for condition in [
            call("st_intersects", vec![col("g"), col("plain")]),
            call("st_intersects", vec![col("globe"), point(0.0, 0.0)]),
            call("st_intersects", vec![col("g"), globe]),
            call("st_disjoint", vec![col("g"), point(0.0, 0.0)]),
            call("st_equals", vec![col("g"), empty]),
            call("st_dwithin", vec![col("g"), point(0.0, 0.0), lit(-1.0)]),
            call("st_dwithin", vec![col("g"), point(0.0, 0.0), lit(f64::NAN)]),
            call("st_intersects", vec![col("g"), point(f64::NAN, f64::NAN)]),
            call("st_distance", vec![col("g"), point(0.0, 0.0)]).gt(lit(2.0)),
        ] {
            let text = condition.to_string();
            assert_eq!(shown(condition), "true", "{text}");
        }
        let null = call("st_intersects", vec![col("g"), lit(ScalarValue::Binary(None))]);
        assert_eq!(shown(null), "false");
    }
}
