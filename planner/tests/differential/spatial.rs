//! The spatial join: all types of join, relations and batch sizes.

use std::sync::Arc;

use arrow::array::{Array as _, AsArray as _, RecordBatch};
use arrow::datatypes::{DataType, Int64Type, Schema};
use datafusion::common::config::ConfigOptions;
use datafusion::common::{DataFusionError, JoinSide, JoinType, Result, exec_err};
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::execution::TaskContext;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::{ColumnarValue, Operator, Volatility, create_udf};
use datafusion::physical_expr::expressions::{BinaryExpr, Column};
use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr};
use datafusion::physical_plan::joins::NestedLoopJoinExecBuilder;
use datafusion::physical_plan::joins::utils::{ColumnIndex, JoinFilter};
use datafusion::physical_plan::{ExecutionPlan, collect};
use datafusion::prelude::SessionConfig;
use godwit_geometry::{Geometry, Relation, measure};
use godwit_planner::SpatialJoinExec;

use super::Rows;
use super::geometries::lattice;

const JOIN_TYPES: [JoinType; 10] = [
    JoinType::Inner,
    JoinType::Left,
    JoinType::Right,
    JoinType::Full,
    JoinType::LeftSemi,
    JoinType::LeftAnti,
    JoinType::RightSemi,
    JoinType::RightAnti,
    JoinType::LeftMark,
    JoinType::RightMark,
];

const RELATIONS: [Relation; 13] = [
    Relation::Intersects,
    Relation::Contains,
    Relation::Within,
    Relation::Covers,
    Relation::CoveredBy,
    Relation::ContainsProperly,
    Relation::WithinProperly,
    Relation::Touches,
    Relation::Crosses,
    Relation::Overlaps,
    Relation::Equals,
    Relation::BoundsIntersect,
    Relation::DWithin,
];

/// How far apart geometries may be in `ST_DWithin`.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Distance {
    Constant(f64),
    Left,
    Right,
}

/// A condition of a join.
#[derive(Debug, Clone, Copy)]
struct Condition {
    relation: Relation,
    distance: Distance,
    /// Whether the number of the left row must be below that of the right one.
    is_ordered: bool,
}

impl Condition {
    fn holds(&self, left: &Rows, right: &Rows, (i, j): (usize, usize)) -> bool {
        let (Some(a), Some(b)) = (&left.geometries[i], &right.geometries[j]) else { return false };
        let read = |bytes| Geometry::try_new(bytes).expect("good WKB");
        let (a, b) = (read(a), read(b));
        let is_related = match (self.relation, self.distance) {
            (Relation::DWithin, Distance::Constant(distance)) => measure::dwithin(a, b, distance),
            (Relation::DWithin, Distance::Left) => is_near(a, b, left.distances[i]),
            (Relation::DWithin, Distance::Right) => is_near(a, b, right.distances[j]),
            (relation, _) => relation.evaluate(a, b).expect("a relation"),
        };
        is_related && (!self.is_ordered || i < j)
    }

    /// Returns the condition over the columns (left geometry, right geometry, numbers, distance).
    fn filter(&self, views: bool) -> JoinFilter {
        let table = Rows::schema(views);
        let place = |index, side| ColumnIndex { index, side };
        let distance_side =
            if self.distance == Distance::Left { JoinSide::Left } else { JoinSide::Right };
        let places = vec![
            place(1, JoinSide::Left),
            place(1, JoinSide::Right),
            place(0, JoinSide::Left),
            place(0, JoinSide::Right),
            place(2, distance_side),
        ];
        let fields: Vec<_> = places.iter().map(|place| table.field(place.index).clone()).collect();
        let schema = Schema::new(fields);
        let column =
            |name: &str, index| Arc::new(Column::new(name, index)) as Arc<dyn PhysicalExpr>;
        let geometries = vec![column("geom", 0), column("geom", 1)];
        let binary = table.field(1).data_type().clone();
        let call: Arc<dyn PhysicalExpr> = match (self.relation, self.distance) {
            (Relation::DWithin, Distance::Constant(distance)) => {
                let limit = datafusion::physical_expr::expressions::lit(distance);
                let types = vec![binary.clone(), binary, DataType::Float64];
                let arguments = geometries.into_iter().chain([limit]).collect();
                function("st_dwithin", types, DataType::Boolean, arguments, &schema)
            }
            (Relation::DWithin, _) => {
                let types = vec![binary.clone(), binary];
                let distance =
                    function("st_distance", types, DataType::Float64, geometries, &schema);
                Arc::new(BinaryExpr::new(distance, Operator::LtEq, column("distance", 4)))
            }
            (relation, _) => {
                let types = vec![binary.clone(), binary];
                function(relation.function(), types, DataType::Boolean, geometries, &schema)
            }
        };
        let expression = if self.is_ordered {
            let order = BinaryExpr::new(column("id", 2), Operator::Lt, column("id", 3));
            Arc::new(BinaryExpr::new(call, Operator::And, Arc::new(order)))
        } else {
            call
        };
        JoinFilter::new(expression, places, Arc::new(schema))
    }
}

fn is_near(a: Geometry<'_>, b: Geometry<'_>, distance: Option<f64>) -> bool {
    distance.is_some_and(|most| measure::distance(a, b).is_some_and(|found| found <= most))
}

/// Returns a call of a function that the join recognizes and never calls.
fn function(
    name: &str,
    types: Vec<DataType>,
    returns: DataType,
    arguments: Vec<Arc<dyn PhysicalExpr>>,
    schema: &Schema,
) -> Arc<dyn PhysicalExpr> {
    let never = Arc::new(|_: &[ColumnarValue]| exec_err!("the join compares by itself"));
    let function = create_udf(name, types, returns, Volatility::Immutable, never);
    let config = Arc::new(ConfigOptions::new());
    let call = ScalarFunctionExpr::try_new(Arc::new(function), arguments, schema, config);
    Arc::new(call.expect("a call"))
}

/// A row of a result: the numbers of the rows it is made of, and its mark.
type Row = (Option<i64>, Option<i64>, Option<bool>);

fn expected(join_type: JoinType, matches: &[Vec<bool>]) -> Vec<Row> {
    let number = |row: usize| Some(i64::try_from(row).expect("small"));
    let right_count = matches.first().map_or(0, Vec::len);
    let mut rows = Vec::new();
    let emits_pairs =
        matches!(join_type, JoinType::Inner | JoinType::Left | JoinType::Right | JoinType::Full);
    for (i, found) in matches.iter().enumerate() {
        let has_match = found.contains(&true);
        if emits_pairs {
            let pairs = (0..right_count).filter(|j| found[*j]);
            rows.extend(pairs.map(|j| (number(i), number(j), None)));
        }
        match join_type {
            JoinType::Left | JoinType::Full | JoinType::LeftAnti if !has_match => {
                rows.push((number(i), None, None));
            }
            JoinType::LeftSemi if has_match => rows.push((number(i), None, None)),
            JoinType::LeftMark => rows.push((number(i), None, Some(has_match))),
            _ => {}
        }
    }
    for j in 0..right_count {
        let has_match = matches.iter().any(|found| found[j]);
        match join_type {
            JoinType::Right | JoinType::Full | JoinType::RightAnti if !has_match => {
                rows.push((None, number(j), None));
            }
            JoinType::RightSemi if has_match => rows.push((None, number(j), None)),
            JoinType::RightMark => rows.push((None, number(j), Some(has_match))),
            _ => {}
        }
    }
    rows.sort_unstable();
    rows
}

fn read(join_type: JoinType, batches: &[RecordBatch]) -> Vec<Row> {
    let mut rows = Vec::new();
    for batch in batches {
        let number = |column: usize, row: usize| {
            let values = batch.column(column).as_primitive::<Int64Type>();
            values.is_valid(row).then(|| values.value(row))
        };
        for row in 0..batch.num_rows() {
            let mark = || Some(batch.column(3).as_boolean().value(row));
            rows.push(match join_type {
                JoinType::LeftSemi | JoinType::LeftAnti => (number(0, row), None, None),
                JoinType::RightSemi | JoinType::RightAnti => (None, number(0, row), None),
                JoinType::LeftMark => (number(0, row), None, mark()),
                JoinType::RightMark => (None, number(0, row), mark()),
                _ => (number(0, row), number(3, row), None),
            });
        }
    }
    rows.sort_unstable();
    rows
}

/// How a join is run.
#[derive(Debug, Clone, Copy)]
struct Setting {
    views: bool,
    input_size: usize,
    output_size: usize,
    memory: usize,
}

async fn run(
    join_type: JoinType,
    condition: Condition,
    (left, right): (&Rows, &Rows),
    setting: Setting,
) -> Result<Vec<Row>> {
    let schema = Rows::schema(setting.views);
    let source = |partitions: &[Vec<RecordBatch>]| {
        MemorySourceConfig::try_new_exec(partitions, Arc::clone(&schema), None)
    };
    let left = source(&[left.batches(setting.input_size, setting.views)])?;
    let mut partitions = vec![Vec::new(); 3];
    for (place, batch) in right.batches(setting.input_size, setting.views).into_iter().enumerate() {
        partitions[place % 3].push(batch);
    }
    let right = source(&partitions)?;
    let join = NestedLoopJoinExecBuilder::new(left, right, join_type)
        .with_filter(Some(condition.filter(setting.views)))
        .build()?;
    let join = SpatialJoinExec::from_nested_loop(&join)?;
    let join: Arc<dyn ExecutionPlan> = Arc::new(join.expect("a spatial join"));
    let runtime = RuntimeEnvBuilder::new().with_memory_limit(setting.memory, 1.0).build_arc()?;
    let config = SessionConfig::new().with_batch_size(setting.output_size);
    let context = TaskContext::default().with_runtime(runtime).with_session_config(config);
    Ok(read(join_type, &collect(join, Arc::new(context)).await?))
}

fn conditions() -> Vec<Condition> {
    let constant = Distance::Constant(1.0);
    let mut conditions: Vec<_> = RELATIONS
        .into_iter()
        .map(|relation| Condition { relation, distance: constant, is_ordered: false })
        .collect();
    for distance in [Distance::Left, Distance::Right] {
        conditions.push(Condition { relation: Relation::DWithin, distance, is_ordered: false });
    }
    for relation in [Relation::Intersects, Relation::DWithin] {
        conditions.push(Condition { relation, distance: constant, is_ordered: true });
    }
    conditions
}

fn matches(condition: &Condition, left: &Rows, right: &Rows) -> Vec<Vec<bool>> {
    let columns = right.geometries.len();
    let row = |i| (0..columns).map(|j| condition.holds(left, right, (i, j))).collect();
    (0..left.geometries.len()).map(row).collect()
}

#[tokio::test]
async fn every_join_agrees_with_comparing_all_pairs() {
    let (left, right) = (Rows::new(lattice(1, 70)), Rows::new(lattice(2, 80)));
    let sizes = [(7, 3), (100, 8192), (1, 50)];
    let mut run_count = 0;
    for condition in conditions() {
        let matches = matches(&condition, &left, &right);
        assert!(matches.iter().flatten().any(|found| *found), "{condition:?} never holds");
        for join_type in JOIN_TYPES {
            run_count += 1;
            let (input_size, output_size) = sizes[run_count % sizes.len()];
            let views = run_count % 2 == 0;
            let setting = Setting { views, input_size, output_size, memory: 1 << 30 };
            let found = run(join_type, condition, (&left, &right), setting).await;
            let found = found.expect("a result");
            assert_eq!(found, expected(join_type, &matches), "{join_type:?} {condition:?}");
        }
    }
}

#[tokio::test]
async fn little_memory_gives_the_answer_or_an_error() {
    let (left, right) = (Rows::new(lattice(3, 70)), Rows::new(lattice(4, 60)));
    let condition = Condition {
        relation: Relation::Covers,
        distance: Distance::Constant(0.0),
        is_ordered: false,
    };
    let expected = expected(JoinType::Full, &matches(&condition, &left, &right));
    let (mut answers, mut refusals) = (0, 0);
    for memory in (10..24).map(|power| 1 << power) {
        let setting = Setting { views: false, input_size: 16, output_size: 64, memory };
        match run(JoinType::Full, condition, (&left, &right), setting).await {
            Ok(found) => {
                assert_eq!(found, expected, "{memory}");
                answers += 1;
            }
            Err(error) => {
                let is_refused =
                    matches!(error.find_root(), DataFusionError::ResourcesExhausted(_));
                assert!(is_refused, "{error}");
                refusals += 1;
            }
        }
    }
    assert!(answers > 1 && refusals > 1, "{answers} answers, {refusals} refusals");
}
