//! The spatial part of a join condition and the rest of it.

use std::sync::Arc;

use arrow::array::{AsArray as _, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Schema};
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::common::{JoinSide, Result, ScalarValue};
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::expressions::{BinaryExpr, Column, Literal, NotExpr};
use datafusion::physical_expr::utils::{collect_columns, conjunction_opt};
use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr, split_conjunction};
use datafusion::physical_plan::joins::utils::{ColumnIndex, JoinFilter};
use godwit_geometry::geodesic::Figure;
use godwit_geometry::{Edges, GeometryError, GeometryType, Relation};

use super::build::external;
use super::surface::Surface;

/// A relation between a geometry of the left side and one of the right side.
#[derive(Debug, Clone)]
pub(super) struct SpatialPredicate {
    /// The relation, of the left geometry to the right one.
    pub(super) relation: Relation,
    /// What the geometries lie on; the relation is `DWithin` unless it is a plane.
    pub(super) surface: Surface,
    /// How far apart the geometries may be; 0 unless the relation is `DWithin`.
    pub(super) distance: Distance,
    /// The left geometry, as an expression over the left input.
    pub(super) left: Arc<dyn PhysicalExpr>,
    /// The right geometry, as an expression over the right input.
    pub(super) right: Arc<dyn PhysicalExpr>,
}

/// How far apart geometries may be.
#[derive(Debug, Clone)]
pub(super) enum Distance {
    /// As far for all pairs.
    Constant(f64),
    /// What an expression over the left input says.
    Left(Distances),
    /// What an expression over the right input says.
    Right(Distances),
}

/// Distances by row.
#[derive(Debug, Clone)]
pub(super) struct Distances {
    pub(super) expression: Arc<dyn PhysicalExpr>,
    /// Whether a distance below 0 is an error; nothing is as near otherwise.
    refuses_negative: bool,
}

impl Distances {
    /// Returns the distance of each row; NaN where nothing is near enough.
    pub(super) fn evaluate(&self, batch: &RecordBatch) -> Result<Vec<f64>> {
        let values = self.expression.evaluate(batch)?.into_array(batch.num_rows())?;
        let values = cast(&values, &DataType::Float64)?;
        let values = values.as_primitive::<Float64Type>();
        let mut distances = Vec::with_capacity(values.len());
        for value in values {
            let distance = value.unwrap_or(f64::NAN);
            if distance < 0.0 && self.refuses_negative {
                let reason = format!("ST_DWithin: distance {distance} is below 0");
                return Err(external(GeometryError::InvalidArgument { reason }));
            }
            distances.push(if distance >= 0.0 { distance } else { f64::NAN });
        }
        Ok(distances)
    }
}

/// Splits a join condition into its spatial part and the rest, if it has a spatial part.
pub(super) fn split(
    filter: &JoinFilter,
    left: &Schema,
    right: &Schema,
) -> Result<Option<(SpatialPredicate, Option<JoinFilter>)>> {
    let conjuncts = split_conjunction(filter.expression());
    for (position, conjunct) in conjuncts.iter().enumerate() {
        let Some(found) = recognize(conjunct) else { continue };
        let Some((predicate, is_exact)) = found.place(filter, left, right)? else { continue };
        let others = conjuncts.iter().enumerate();
        let others = others.filter(|(other, _)| *other != position || !is_exact);
        let rest = conjunction_opt(others.map(|(_, conjunct)| Arc::clone(conjunct)));
        let rest = rest.map(|rest| narrow(filter, &rest)).transpose()?;
        return Ok(Some((predicate, rest)));
    }
    Ok(None)
}

/// A relation between two expressions over the columns of the join condition.
struct Found<'a> {
    relation: Relation,
    distance: Limit<'a>,
    first: &'a Arc<dyn PhysicalExpr>,
    second: &'a Arc<dyn PhysicalExpr>,
    /// Whether the relation is all that the conjunct says in a plane.
    is_exact: bool,
    /// Whether a distance is compared.
    is_comparison: bool,
    measure: Measure,
}

/// How the function measures that a relation is written with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    /// As the type of its arguments says.
    OfType,
    /// As the type says, and geographies on the figure that was chosen.
    Geographies(Figure),
    /// Longitudes and latitudes of geometries, on a figure of the earth.
    Geometries(Figure),
}

/// A distance as it is written.
#[derive(Clone, Copy)]
enum Limit<'a> {
    Constant(f64),
    Expression { expression: &'a Arc<dyn PhysicalExpr>, refuses_negative: bool },
}

fn recognize(conjunct: &Arc<dyn PhysicalExpr>) -> Option<Found<'_>> {
    if let Some(negated) = conjunct.downcast_ref::<NotExpr>() {
        let found = relation_call(negated.arg())?;
        return (found.relation == Relation::Disjoint)
            .then_some(Found { relation: Relation::Intersects, ..found });
    }
    if let Some(comparison) = conjunct.downcast_ref::<BinaryExpr>() {
        return distance_comparison(comparison);
    }
    relation_call(conjunct).filter(|found| found.relation.needs_bounds_overlap())
}

fn relation_call(expression: &Arc<dyn PhysicalExpr>) -> Option<Found<'_>> {
    let call = expression.downcast_ref::<ScalarFunctionExpr>()?;
    let relation = Relation::from_function(call.fun().name())?;
    let (first, second, distance, measure) = match (call.args(), relation) {
        ([first, second, distance], Relation::DWithin) => {
            (first, second, limit(distance, true)?, Measure::OfType)
        }
        ([first, second, distance, figure], Relation::DWithin) => {
            let measure = Measure::Geographies(figure_of(figure)?);
            (first, second, limit(distance, false)?, measure)
        }
        ([first, second], relation) if relation != Relation::DWithin => {
            (first, second, Limit::Constant(0.0), Measure::OfType)
        }
        _ => return None,
    };
    let (is_exact, is_comparison) = (true, false);
    Some(Found { relation, distance, first, second, is_exact, is_comparison, measure })
}

/// Recognizes `ST_Distance(a, b) <= 5` and `5 > ST_Distance(a, b)`.
fn distance_comparison(comparison: &BinaryExpr) -> Option<Found<'_>> {
    let (call, most, is_exact) = match comparison.op() {
        Operator::LtEq => (comparison.left(), comparison.right(), true),
        Operator::Lt => (comparison.left(), comparison.right(), false),
        Operator::GtEq => (comparison.right(), comparison.left(), true),
        Operator::Gt => (comparison.right(), comparison.left(), false),
        _ => return None,
    };
    let call = call.downcast_ref::<ScalarFunctionExpr>()?;
    let name = call.fun().name();
    let (first, second, measure) = match call.args() {
        [first, second] if name == Relation::DISTANCE_FUNCTION => (first, second, Measure::OfType),
        [first, second, figure] if name == Relation::DISTANCE_FUNCTION => {
            (first, second, Measure::Geographies(figure_of(figure)?))
        }
        [first, second] => {
            (first, second, Measure::Geometries(Figure::of_distance_function(name)?))
        }
        _ => return None,
    };
    let distance = limit(most, false)?;
    let (relation, is_comparison) = (Relation::DWithin, true);
    Some(Found { relation, distance, first, second, is_exact, is_comparison, measure })
}

/// Returns the figure of the earth that a literal chooses.
fn figure_of(use_spheroid: &Arc<dyn PhysicalExpr>) -> Option<Figure> {
    match use_spheroid.downcast_ref::<Literal>()?.value() {
        ScalarValue::Boolean(Some(true)) => Some(Figure::Spheroid),
        ScalarValue::Boolean(Some(false)) => Some(Figure::Sphere),
        _ => None,
    }
}

/// Returns what an expression says about the distance; nothing for an unusable literal.
fn limit(expression: &Arc<dyn PhysicalExpr>, refuses_negative: bool) -> Option<Limit<'_>> {
    if expression.is::<Literal>() {
        return constant(expression).map(Limit::Constant);
    }
    Some(Limit::Expression { expression, refuses_negative })
}

/// Returns the value of a literal that is a usable distance.
fn constant(expression: &Arc<dyn PhysicalExpr>) -> Option<f64> {
    let literal = expression.downcast_ref::<Literal>()?;
    match literal.value().cast_to(&DataType::Float64).ok()? {
        ScalarValue::Float64(Some(distance)) if distance >= 0.0 && distance.is_finite() => {
            Some(distance)
        }
        _ => None,
    }
}

impl Found<'_> {
    /// Returns the predicate over the inputs if each geometry comes from one input alone, and
    /// whether it is all that the conjunct says.
    fn place(
        &self,
        filter: &JoinFilter,
        left: &Schema,
        right: &Schema,
    ) -> Result<Option<(SpatialPredicate, bool)>> {
        let (relation, on_left, on_right) =
            match (side(filter, self.first), side(filter, self.second)) {
                (Some(JoinSide::Left), Some(JoinSide::Right)) => {
                    (self.relation, self.first, self.second)
                }
                (Some(JoinSide::Right), Some(JoinSide::Left)) => {
                    (self.relation.converse(), self.second, self.first)
                }
                _ => return Ok(None),
            };
        let on_left = onto_input(filter, on_left)?;
        let on_right = onto_input(filter, on_right)?;
        let edges = [edges(&on_left, left)?, edges(&on_right, right)?];
        let Some((relation, surface, is_exact)) = self.surface(relation, edges) else {
            return Ok(None);
        };
        let Some(mut distance) = self.distance.place(filter)? else { return Ok(None) };
        if let (Surface::Earth(_), Distance::Left(given) | Distance::Right(given)) =
            (surface, &mut distance)
        {
            given.refuses_negative = false;
        }
        let (left, right) = (on_left, on_right);
        Ok(Some((SpatialPredicate { relation, surface, distance, left, right }, is_exact)))
    }

    /// Returns what is compared where, and whether that is all that the conjunct says; nothing
    /// for what the join cannot compare.
    fn surface(
        &self,
        relation: Relation,
        edges: [Option<Edges>; 2],
    ) -> Option<(Relation, Surface, bool)> {
        let figure = match (self.measure, edges) {
            (Measure::OfType, [Some(Edges::Planar), Some(Edges::Planar)]) => {
                return Some((relation, Surface::Plane, self.is_exact));
            }
            (Measure::Geometries(figure), [Some(Edges::Planar), Some(Edges::Planar)])
            | (Measure::Geographies(figure), [Some(Edges::Spherical), Some(Edges::Spherical)]) => {
                figure
            }
            // Whether geographies meet is decided on the sphere.
            (Measure::OfType, [Some(Edges::Spherical), Some(Edges::Spherical)]) => match relation {
                Relation::Intersects => Figure::Sphere,
                _ => Figure::Spheroid,
            },
            _ => return None,
        };
        // Distances are rounded before they are compared, what is within a distance is not.
        let is_exact = !self.is_comparison;
        let is_near = matches!(relation, Relation::DWithin | Relation::Intersects);
        is_near.then_some((Relation::DWithin, Surface::Earth(figure), is_exact))
    }
}

impl Limit<'_> {
    /// Returns the distance over the inputs if it comes from one input alone.
    fn place(self, filter: &JoinFilter) -> Result<Option<Distance>> {
        let (expression, refuses_negative) = match self {
            Self::Constant(distance) => return Ok(Some(Distance::Constant(distance))),
            Self::Expression { expression, refuses_negative } => (expression, refuses_negative),
        };
        let distances = Distances { expression: onto_input(filter, expression)?, refuses_negative };
        Ok(match side(filter, expression) {
            Some(JoinSide::Left) => Some(Distance::Left(distances)),
            Some(JoinSide::Right) => Some(Distance::Right(distances)),
            _ => None,
        })
    }
}

/// Returns the input that all columns of an expression come from.
pub(super) fn side(filter: &JoinFilter, expression: &Arc<dyn PhysicalExpr>) -> Option<JoinSide> {
    let mut found = None;
    for column in collect_columns(expression) {
        let side = filter.column_indices().get(column.index())?.side;
        if found.is_some_and(|found| found != side) {
            return None;
        }
        found = Some(side);
    }
    found
}

/// Replaces the columns of the join condition by those of the input.
pub(super) fn onto_input(
    filter: &JoinFilter,
    expression: &Arc<dyn PhysicalExpr>,
) -> Result<Arc<dyn PhysicalExpr>> {
    replace_columns(expression, |column| {
        filter.column_indices().get(column.index()).map(|place| place.index)
    })
}

/// Returns what the edges are of the geometries that an expression yields, if it does.
fn edges(expression: &Arc<dyn PhysicalExpr>, input: &Schema) -> Result<Option<Edges>> {
    let field = expression.return_field(input)?;
    let is_binary = matches!(
        field.data_type(),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView
    );
    // What the metadata says wrong is for the function itself to complain about.
    let edges = match GeometryType::from_field(&field) {
        Ok(geometry_type) => geometry_type.map_or(Some(Edges::Planar), |found| Some(found.edges)),
        Err(_) => None,
    };
    Ok(edges.filter(|_| is_binary))
}

/// Returns a condition that asks for no more columns than it uses.
pub(super) fn narrow(
    filter: &JoinFilter,
    expression: &Arc<dyn PhysicalExpr>,
) -> Result<JoinFilter> {
    let mut used: Vec<usize> = collect_columns(expression).iter().map(Column::index).collect();
    used.sort_unstable();
    let expression =
        replace_columns(expression, |column| used.binary_search(&column.index()).ok())?;
    let places: Option<Vec<ColumnIndex>> =
        used.iter().map(|index| filter.column_indices().get(*index).cloned()).collect();
    let schema = Arc::new(filter.schema().project(&used)?);
    Ok(JoinFilter::new(expression, places.unwrap_or_default(), schema))
}

fn replace_columns(
    expression: &Arc<dyn PhysicalExpr>,
    index_of: impl Fn(&Column) -> Option<usize>,
) -> Result<Arc<dyn PhysicalExpr>> {
    let replaced = Arc::clone(expression).transform_up(|node| {
        let Some(column) = node.downcast_ref::<Column>() else { return Ok(Transformed::no(node)) };
        let Some(index) = index_of(column) else { return Ok(Transformed::no(node)) };
        Ok(Transformed::yes(Arc::new(Column::new(column.name(), index)) as _))
    })?;
    Ok(replaced.data)
}
