//! The states that statements share and that sessions start from: functions, rules and settings.

use std::sync::Arc;

use datafusion::datasource::physical_plan::FileSource;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::prelude::SessionConfig;
use godwit_config::Config;
use godwit_planner::{JoinCache, Manner, ShareBuildSides, ShareSpools};

use super::give_way::MakeJoinsGiveWay;
use crate::functions::{self, Identity};
use crate::plan::{
    CheckIntegers, CompareItems, GeoOperators, LeaveOutRepeatedKeys, NameCastMembers, PrepareCasts,
    TellFewestRows, ValueOperators,
};
use crate::{DEFAULT_CATALOG, DEFAULT_SCHEMA};

/// The aggregates that optimizer rules look for by name: `DISTINCT ON` becomes the first.
const RULES_SEEK: [&str; 1] = ["first_value"];

/// Returns the state with all functions, which the statements of all sessions share.
pub(crate) fn base_state(
    config: &Config,
    runtime: &Arc<RuntimeEnv>,
    join_cache: &Arc<JoinCache>,
) -> SessionState {
    let mut session = SessionConfig::new()
        .with_information_schema(false)
        .with_create_default_catalog_and_schema(false)
        .with_default_catalog_and_schema(DEFAULT_CATALOG, DEFAULT_SCHEMA);
    if let Some(partitions) = config.limits.target_partitions {
        session = session.with_target_partitions(partitions.max(1));
    }
    let options = session.options_mut();
    // Wrong results with LIMIT until apache/datafusion#24816 is fixed in the pinned version.
    options.optimizer.enable_aggregate_dynamic_filter_pushdown = false;
    // Names are resolved by `sql::rewrite::names`, which keeps their case.
    options.sql_parser.enable_ident_normalization = false;
    options.sql_parser.collect_spans = true;
    // `plan::ordered` knows which sorts matter.
    options.sql_parser.enable_subquery_sort_elimination = false;
    // Plans and what runs them disagree whether `CASE WHEN a <= b THEN a ELSE 1 END` may be NULL;
    // the latter says yes where it does not know.
    options.execution.skip_physical_aggregate_schema_check = true;
    options.execution.time_zone = Some("UTC".to_owned());
    options.extensions.insert(Identity::default());

    let mut builder = SessionStateBuilder::new()
        .with_config(session)
        .with_runtime_env(Arc::clone(runtime))
        // Before those of the engine below, which know no geometries.
        .with_expr_planners(vec![
            Arc::new(ValueOperators::new(&functions::all())),
            Arc::new(GeoOperators::new(&godwit_udfs::scalar_functions())),
        ])
        .with_default_features()
        // After those of the engine below, which bring both sides of an operator to one type.
        .with_analyzer_rule(Arc::new(NameCastMembers))
        .with_analyzer_rule(Arc::new(CheckIntegers))
        .with_analyzer_rule(Arc::new(PrepareCasts))
        .with_analyzer_rule(Arc::new(CompareItems))
        .with_analyzer_rule(Arc::new(LeaveOutRepeatedKeys));
    if let Some(scalars) = builder.scalar_functions() {
        scalars.extend(godwit_udfs::scalar_functions());
        scalars.extend(functions::all());
        for function in scalars {
            if let Some(sliced) = functions::sliced(function) {
                *function = Arc::new(sliced);
            }
        }
    }
    if let Some(aggregates) = builder.aggregate_functions() {
        aggregates.extend(godwit_udfs::aggregate_functions());
        aggregates.extend(functions::aggregates());
    }
    if let Some(windows) = builder.window_functions() {
        windows.extend(godwit_udfs::window_functions());
        windows.extend(functions::windows());
    }
    builder = builder
        .with_query_planner(Arc::new(godwit_planner::PlanQueries))
        .with_optimizer_rules(godwit_planner::optimizer_rules())
        .with_optimizer_rule(Arc::new(TellFewestRows))
        .with_physical_optimizer_rules(godwit_planner::physical_optimizer_rules());
    // After all others: they look at conditions and at whole plans.
    builder
        .with_physical_optimizer_rule(Arc::new(MakeJoinsGiveWay))
        .with_physical_optimizer_rule(Arc::new(ShareBuildSides::new(
            Arc::clone(join_cache),
            manner_of,
        )))
        .with_physical_optimizer_rule(Arc::new(ShareSpools))
        .build()
}

/// Returns how a source of files makes rows of them, as the planner takes it.
fn manner_of(source: &Arc<dyn FileSource>) -> Option<Manner> {
    let godwit_formats::Manner { text, is_closed } = godwit_formats::manner_of(source)?;
    Some(Manner { text, is_closed })
}

/// Returns the state that every session starts from, and of which every statement has a copy: the
/// rules and settings of `base`, and of its functions only those that rules look for by name.
///
/// The tables of functions have over a thousand names, and a copy of them costs as much as planning
/// a small statement. Names of functions are looked up in `base`.
pub(crate) fn session_state(base: &SessionState) -> SessionState {
    let sought = RULES_SEEK.iter().filter_map(|name| base.aggregate_functions().get(*name));
    SessionStateBuilder::new_from_existing(base.clone())
        .with_scalar_functions(Vec::new())
        .with_higher_order_functions(Vec::new())
        .with_aggregate_functions(sought.cloned().collect())
        .with_window_functions(Vec::new())
        .build()
}
