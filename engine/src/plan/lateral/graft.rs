//! A subquery over the rows it is lateral to, operator by operator.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::common::{
    Column, DFSchema, NullHandling, RecursionUnnestOption, Result, UnnestOptions,
};
use datafusion::functions_aggregate::first_last::first_value_udaf;
use datafusion::functions_nested::expr_fn::{array_length, array_repeat};
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::logical_plan::{Aggregate, Unnest};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, Projection, lit};
use godwit_planner::renamed_inside;

use super::columns;

/// A part of a subquery over the rows it is lateral to.
pub(super) struct Grafted {
    pub(super) plan: LogicalPlan,
    /// The column of each field that the part had alone.
    pub(super) columns: Vec<Column>,
    /// Whether a row is one of the part, for parts that are aggregated: then rows of the table
    /// that have none are kept, so that they are counted as none.
    real: Option<Column>,
}

/// What an unnest takes and gives.
struct Lists {
    /// The columns with lists.
    inputs: Vec<Column>,
    options: UnnestOptions,
    /// The columns it gives.
    outputs: Vec<Column>,
}

/// The rows that a subquery is computed over.
pub(super) struct Graft<'a> {
    left: Arc<LogicalPlan>,
    /// The number of each row, which aggregates group by.
    row: Option<Column>,
    /// Whether rows of the table without rows of the subquery are kept.
    is_outer: bool,
    /// How many names were made up.
    count: &'a mut usize,
}

/// Returns whether a subquery has one row for each row it is computed over.
pub(super) fn gives_one_row(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::Aggregate(aggregate) => aggregate.group_expr.is_empty(),
        LogicalPlan::EmptyRelation(empty) => empty.produce_one_row,
        LogicalPlan::Projection(projection) => gives_one_row(&projection.input),
        LogicalPlan::SubqueryAlias(alias) => gives_one_row(&alias.input),
        LogicalPlan::Subquery(subquery) => gives_one_row(&subquery.subquery),
        _ => false,
    }
}

impl<'a> Graft<'a> {
    /// Returns the rows to compute a subquery over; none when its operators are beyond that.
    pub(super) fn new(
        left: &Arc<LogicalPlan>,
        subquery: &LogicalPlan,
        is_outer: bool,
        count: &'a mut usize,
    ) -> Result<Option<Self>> {
        let (mut aggregates, mut unnests, mut filters) = (0, 0, 0);
        subquery.apply(|part| {
            match part {
                LogicalPlan::Aggregate(_) => aggregates += 1,
                LogicalPlan::Unnest(_) => unnests += 1,
                LogicalPlan::Filter(_) => filters += 1,
                _ => {}
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
        let mut graft = Self { left: Arc::clone(left), row: None, is_outer, count };
        if aggregates > 0 {
            let name = graft.name();
            let numbered = LogicalPlanBuilder::from(Arc::clone(left))
                .window(vec![row_number().alias(&name)])?
                .build()?;
            graft.left = Arc::new(numbered);
            graft.row = Some(Column::new_unqualified(name));
            // An aggregate without groups has a row for every row of the table.
            graft.is_outer = is_outer && !gives_one_row(subquery);
        }
        let is_known = !graft.is_outer || (aggregates == 0 && filters == 0 && unnests <= 1);
        Ok(is_known.then_some(graft))
    }

    /// Returns the part over the rows of the table, with the columns of the table kept; none when
    /// the part does more than make rows of one row.
    pub(super) fn graft(&mut self, part: &LogicalPlan) -> Result<Option<Grafted>> {
        match part {
            LogicalPlan::EmptyRelation(empty) if empty.produce_one_row => {
                let plan = self.left.as_ref().clone();
                Ok(Some(Grafted { plan, columns: Vec::new(), real: None }))
            }
            LogicalPlan::SubqueryAlias(alias) => self.graft(&alias.input),
            LogicalPlan::Subquery(subquery) => self.graft(&subquery.subquery),
            // Rows have no order; only a limit would need one.
            LogicalPlan::Sort(sort) if sort.fetch.is_none() => self.graft(&sort.input),
            LogicalPlan::Projection(projection) => {
                let Some(input) = self.graft(&projection.input)? else { return Ok(None) };
                let schema = projection.input.schema();
                let mut exprs = Vec::with_capacity(projection.expr.len());
                for expr in &projection.expr {
                    exprs.push(self.mapped(expr, schema, &input)?);
                }
                self.project(input, exprs).map(Some)
            }
            LogicalPlan::Filter(filter) => {
                let Some(mut input) = self.graft(&filter.input)? else { return Ok(None) };
                let predicate = self.mapped(&filter.predicate, filter.input.schema(), &input)?;
                if self.row.is_some() {
                    return self.mark(input, predicate).map(Some);
                }
                input.plan = LogicalPlanBuilder::from(input.plan).filter(predicate)?.build()?;
                Ok(Some(input))
            }
            LogicalPlan::Unnest(unnest) => {
                let Some(input) = self.graft(&unnest.input)? else { return Ok(None) };
                self.unnest(unnest, input)
            }
            LogicalPlan::Aggregate(aggregate) => {
                let Some(input) = self.graft(&aggregate.input)? else { return Ok(None) };
                self.aggregate(aggregate, input)
            }
            _ => Ok(None),
        }
    }

    /// Returns the input with these expressions as the columns of the part.
    fn project(&mut self, input: Grafted, exprs: Vec<Expr>) -> Result<Grafted> {
        let mut all = columns(self.left.schema());
        all.extend(input.real.clone().map(Expr::Column));
        let mut names = Vec::with_capacity(exprs.len());
        for expr in exprs {
            let name = self.name();
            all.push(expr.alias(&name));
            names.push(Column::new_unqualified(name));
        }
        let plan = LogicalPlan::Projection(Projection::try_new(all, Arc::new(input.plan))?);
        Ok(Grafted { plan, columns: names, real: input.real })
    }

    /// Returns the input with rows marked that the condition leaves; null is no mark.
    fn mark(&mut self, input: Grafted, condition: Expr) -> Result<Grafted> {
        let is_real = match &input.real {
            Some(real) => Expr::Column(real.clone()).and(condition),
            None => condition,
        };
        let name = self.name();
        let mut all = columns(self.left.schema());
        all.extend(input.columns.iter().cloned().map(Expr::Column));
        all.push(is_real.alias(&name));
        let plan = LogicalPlan::Projection(Projection::try_new(all, Arc::new(input.plan))?);
        let real = Some(Column::new_unqualified(name));
        Ok(Grafted { plan, columns: input.columns, real })
    }

    fn unnest(&mut self, unnest: &Unnest, input: Grafted) -> Result<Option<Grafted>> {
        let Some(lists) = self.lists(unnest, &input)? else { return Ok(None) };
        let (input, lists, mark) = if self.row.is_none() {
            (input, lists, None)
        } else if unnest.list_type_columns.len() == lists.inputs.len()
            && unnest.list_type_columns.iter().all(|(_, list)| list.depth == 1)
        {
            self.with_marks(input, lists)?
        } else {
            return Ok(None);
        };
        let plan = LogicalPlanBuilder::from(input.plan)
            .unnest_columns_with_options(lists.inputs, lists.options)?
            .build()?;
        let grafted = Grafted { plan, columns: lists.outputs, real: input.real };
        match mark {
            Some(mark) => self.mark(grafted, mark).map(Some),
            None => Ok(Some(grafted)),
        }
    }

    /// Returns what an unnest over the grafted input of the part takes and gives.
    fn lists(&mut self, unnest: &Unnest, input: &Grafted) -> Result<Option<Lists>> {
        let schema = unnest.input.schema();
        let mut inputs = Vec::with_capacity(unnest.exec_columns.len());
        for column in &unnest.exec_columns {
            inputs.extend(input.columns.get(schema.index_of_column(column)?).cloned());
        }
        let mut options = unnest.options.clone();
        if self.is_outer || self.row.is_some() {
            options.null_handling = NullHandling::PreserveAndExpandEmpty;
        }
        let mut renamed = Vec::with_capacity(options.recursions.len());
        for recursion in &mut options.recursions {
            let name = Column::new_unqualified(self.name());
            renamed.push((recursion.output_column.name.clone(), name.clone()));
            recursion.output_column = name;
            let index = schema.index_of_column(&recursion.input_column)?;
            if let Some(column) = input.columns.get(index) {
                recursion.input_column = column.clone();
            }
        }
        let mut outputs = Vec::with_capacity(unnest.schema.fields().len());
        for (field, index) in unnest.schema.fields().iter().zip(&unnest.dependency_indices) {
            let Some(source) = input.columns.get(*index).cloned() else { return Ok(None) };
            let output = renamed.iter().find(|(name, _)| name == field.name());
            let before = schema.field(*index).name();
            outputs.push(match (output, field.name().strip_prefix(before.as_str())) {
                (Some((_, column)), _) => column.clone(),
                // The field of a struct, which is named behind its column.
                (None, Some(rest)) if !rest.is_empty() => {
                    Column::new_unqualified(format!("{}{rest}", source.name))
                }
                (None, _) => source,
            });
        }
        Ok(Some(Lists { inputs, options, outputs }))
    }

    /// Returns the input with a list of marks beside each list, as long as it, and the condition
    /// that holds for the rows that come out of a list.
    fn with_marks(
        &mut self,
        input: Grafted,
        mut lists: Lists,
    ) -> Result<(Grafted, Lists, Option<Expr>)> {
        let before = input.columns.clone();
        let mut exprs: Vec<Expr> = before.iter().cloned().map(Expr::Column).collect();
        for list in &lists.inputs {
            let length = array_length(Expr::Column(list.clone()));
            exprs.push(array_repeat(lit(true), length));
        }
        let input = self.project(input, exprs)?;
        let rename = |column: &mut Column| {
            let position = before.iter().position(|known| known == column);
            if let Some(new) = position.and_then(|position| input.columns.get(position)) {
                *column = new.clone();
            }
        };
        lists.inputs.iter_mut().for_each(rename);
        lists.outputs.iter_mut().for_each(rename);
        for recursion in &mut lists.options.recursions {
            rename(&mut recursion.input_column);
        }
        let mut mark: Option<Expr> = None;
        for marker in input.columns.iter().skip(before.len()) {
            let output = Column::new_unqualified(format!("{}_mark", marker.name));
            lists.options.recursions.push(RecursionUnnestOption {
                input_column: marker.clone(),
                output_column: output.clone(),
                depth: 1,
            });
            lists.inputs.push(marker.clone());
            let is_marked = Expr::Column(output).is_not_null();
            mark = Some(match mark {
                Some(mark) => mark.or(is_marked),
                None => is_marked,
            });
        }
        Ok((input, lists, mark))
    }

    fn aggregate(&mut self, aggregate: &Aggregate, input: Grafted) -> Result<Option<Grafted>> {
        let Some(row) = self.row.clone() else { return Ok(None) };
        let schema = aggregate.input.schema();
        let mut group = vec![Expr::Column(row.clone())];
        let mut names = Vec::new();
        for expr in &aggregate.group_expr {
            if matches!(expr, Expr::GroupingSet(_)) {
                return Ok(None);
            }
            let name = self.name();
            group.push(self.mapped(expr, schema, &input)?.alias(&name));
            names.push(Column::new_unqualified(name));
        }
        let mut exprs = Vec::new();
        let mut restored = Vec::new();
        for (qualifier, field) in self.left.schema().iter() {
            let column = Column::from((qualifier, field));
            if column == row {
                restored.push(Expr::Column(column));
                continue;
            }
            let name = format!("{}_{}", row.name, restored.len());
            exprs.push(first_value_udaf().call(vec![Expr::Column(column)]).alias(&name));
            let kept = Expr::Column(Column::new_unqualified(name));
            restored.push(kept.alias_qualified(qualifier.cloned(), field.name()));
        }
        let is_grouped = !aggregate.group_expr.is_empty();
        for expr in &aggregate.aggr_expr {
            let mut expr = self.mapped(expr, schema, &input)?;
            let Expr::AggregateFunction(call) = &mut expr else { return Ok(None) };
            if let Some(real) = input.real.clone().filter(|_| !is_grouped) {
                let real = Expr::Column(real);
                let filter = call.params.filter.take().map(|filter| *filter);
                let filter = filter.map_or_else(|| real.clone(), |filter| filter.and(real.clone()));
                call.params.filter = Some(Box::new(filter));
            }
            let name = self.name();
            exprs.push(expr.alias(&name));
            names.push(Column::new_unqualified(name));
        }
        let mut plan = LogicalPlanBuilder::from(input.plan);
        if let Some(real) = input.real.filter(|_| is_grouped) {
            plan = plan.filter(Expr::Column(real))?;
        }
        restored.extend(names.iter().cloned().map(Expr::Column));
        let plan = plan.aggregate(group, exprs)?.project(restored)?.build()?;
        Ok(Some(Grafted { plan, columns: names, real: None }))
    }

    /// Returns an expression of the part over the grafted input of the part.
    fn mapped(&self, expr: &Expr, schema: &DFSchema, input: &Grafted) -> Result<Expr> {
        let names = schema.columns().into_iter().zip(input.columns.iter().cloned());
        let mapped = renamed_inside(expr.clone(), names)?.transform_up(|expr| match &expr {
            Expr::Column(column) => {
                let index = schema.index_of_column(column)?;
                let found = input.columns.get(index).cloned().map(Expr::Column);
                Ok(found.map_or_else(|| Transformed::no(expr), Transformed::yes))
            }
            Expr::OuterReferenceColumn(_, column) if self.left.schema().has_column(column) => {
                Ok(Transformed::yes(Expr::Column(column.clone())))
            }
            _ => Ok(Transformed::no(expr)),
        })?;
        Ok(mapped.data.unalias())
    }

    fn name(&mut self) -> String {
        *self.count += 1;
        format!("godwit_lateral_{}", self.count)
    }
}
