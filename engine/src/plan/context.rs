//! What the query planner may ask while it plans one statement.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, SchemaRef};
use datafusion::catalog::TableFunctionArgs;
use datafusion::common::config::ConfigOptions;
use datafusion::common::{DFSchema, DataFusionError, Result, TableReference};
use datafusion::datasource::cte_worktable::CteWorkTable;
use datafusion::datasource::provider_as_source;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::planner::{ContextProvider, ExprPlanner, TypePlanner};
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{
    AggregateUDF, Expr, HigherOrderUDF, ScalarUDF, TableSource, WindowUDF,
};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;

use super::casts::with_preparations;
use super::guard::Guard;
use super::probes::Probes;
use super::scope::Scope;
use super::series;
use super::types::GeoTypes;

/// The tables of one statement, its settings, and the functions of the engine.
pub(crate) struct PlanContext {
    state: Arc<SessionState>,
    functions: Arc<SessionState>,
    tables: HashMap<TableReference, Arc<dyn TableSource>>,
    /// Functions of one attempt to plan, which come before those of the engine.
    pub(super) probes: Probes,
    /// Checks the finished plan.
    pub(super) guard: Guard,
}

impl std::fmt::Debug for PlanContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PlanContext").field("tables", &self.tables.keys()).finish_non_exhaustive()
    }
}

impl PlanContext {
    pub(super) fn new(scope: &Scope) -> Self {
        let (state, functions) = (Arc::clone(&scope.state), Arc::clone(&scope.engine.base));
        let (tables, probes) = (HashMap::new(), Probes::default());
        Self { state, functions, tables, probes, guard: Guard::default() }
    }

    /// Returns the context of a statement whose plans are checked.
    pub(super) fn guarded(self, guard: Guard) -> Self {
        Self { guard, ..self }
    }

    /// Returns the same context without its tables.
    pub(super) fn without_tables(&self) -> Self {
        let (state, functions) = (Arc::clone(&self.state), Arc::clone(&self.functions));
        let (tables, probes) = (HashMap::new(), Probes::default());
        Self { state, functions, tables, probes, guard: Guard::default() }
    }

    /// Returns the same context with more functions, for a plan that is not run.
    pub(super) fn with_probes(&self, probes: Probes) -> Self {
        let tables = self.tables.clone();
        Self { tables, probes, ..self.without_tables() }
    }

    /// Returns the state that knows the functions.
    pub(super) fn functions(&self) -> &SessionState {
        &self.functions
    }

    /// Returns the names of a table's columns, if it is known.
    pub(super) fn columns(&self, name: &TableReference) -> Option<Vec<String>> {
        let fields = self.tables.get(name)?.schema();
        Some(fields.fields().iter().map(|field| field.name().clone()).collect())
    }

    /// Makes a table known under the name it has in the rewritten query.
    pub(super) fn insert(&mut self, name: TableReference, table: Arc<dyn TableSource>) {
        self.tables.insert(name, table);
    }
}

impl ContextProvider for PlanContext {
    fn get_table_source(&self, name: TableReference) -> Result<Arc<dyn TableSource>> {
        self.tables
            .get(&name)
            .cloned()
            .ok_or_else(|| DataFusionError::Plan(format!("table '{name}' not found")))
    }

    fn get_table_function_source(
        &self,
        name: &str,
        arguments: Vec<Expr>,
    ) -> Result<Arc<dyn TableSource>> {
        let Some(function) = self.functions.table_functions().get(name) else {
            return Err(DataFusionError::Plan(format!("table function '{name}' not found")));
        };
        let context = SimplifyContext::builder()
            .with_config_options(Arc::clone(self.state.config_options()))
            .with_query_execution_start_time(
                self.state.execution_props().query_execution_start_time,
            )
            .build();
        let simplifier = ExprSimplifier::new(context);
        let schema = DFSchema::empty();
        let arguments = arguments
            .into_iter()
            .map(|argument| {
                let argument = simplifier.coerce(argument, &schema)?;
                simplifier.simplify(with_preparations(argument, &schema)?.data)
            })
            .collect::<Result<Vec<_>>>()?;
        let arguments = match name {
            "generate_series" | "range" => series::of_times(arguments)?,
            _ => arguments,
        };
        let provider = function.create_table_provider_with_args(TableFunctionArgs::new(
            &arguments,
            self.state.as_ref(),
        ))?;
        Ok(provider_as_source(provider))
    }

    fn create_cte_work_table(&self, name: &str, schema: SchemaRef) -> Result<Arc<dyn TableSource>> {
        Ok(provider_as_source(Arc::new(CteWorkTable::new(name, schema))))
    }

    fn get_expr_planners(&self) -> &[Arc<dyn ExprPlanner>] {
        self.state.expr_planners()
    }

    fn get_type_planner(&self) -> Option<Arc<dyn TypePlanner>> {
        let zone = &self.options().execution.time_zone;
        let time_zone = zone.as_deref().unwrap_or("UTC").into();
        Some(Arc::new(GeoTypes { time_zone }))
    }

    fn get_function_meta(&self, name: &str) -> Option<Arc<ScalarUDF>> {
        let probe = self.probes.scalars.get(name);
        probe.or_else(|| self.functions.scalar_functions().get(name)).cloned()
    }

    fn get_higher_order_meta(&self, name: &str) -> Option<Arc<HigherOrderUDF>> {
        self.functions.higher_order_functions().get(name).cloned()
    }

    fn get_aggregate_meta(&self, name: &str) -> Option<Arc<AggregateUDF>> {
        let probe = self.probes.aggregates.get(name);
        probe.or_else(|| self.functions.aggregate_functions().get(name)).cloned()
    }

    fn get_window_meta(&self, name: &str) -> Option<Arc<WindowUDF>> {
        self.functions.window_functions().get(name).cloned()
    }

    fn get_variable_type(&self, _variable_names: &[String]) -> Option<DataType> {
        None
    }

    fn options(&self) -> &ConfigOptions {
        self.state.config_options()
    }

    fn udf_names(&self) -> Vec<String> {
        self.functions.scalar_functions().keys().cloned().collect()
    }

    fn higher_order_function_names(&self) -> Vec<String> {
        self.functions.higher_order_functions().keys().cloned().collect()
    }

    fn udaf_names(&self) -> Vec<String> {
        self.functions.aggregate_functions().keys().cloned().collect()
    }

    fn udwf_names(&self) -> Vec<String> {
        self.functions.window_functions().keys().cloned().collect()
    }
}
