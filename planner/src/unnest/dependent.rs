//! A subquery over the outer rows, operator by operator.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::logical_plan::{Distinct, DistinctOn, Sort, Union, Values};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, Projection, SortExpr};

use super::correlation::{mentions_outer, outer_columns};
use super::domain::{Domain, Unnested, columns, named};

impl Domain<'_> {
    /// Returns a part of the subquery over all outer rows; none when it has an operator for which
    /// this is not known.
    ///
    /// With `with_columns` the columns of the outer rows are kept, for what lies above.
    pub(super) fn unnest(
        &self,
        part: &LogicalPlan,
        with_columns: bool,
    ) -> Result<Option<Unnested>> {
        if !self.is_mentioned(part)? {
            return self.pairs(part).map(Some);
        }
        let below = with_columns || mentions_outer(part, self.schema)?;
        Ok(match part {
            LogicalPlan::Subquery(subquery) => self.unnest(&subquery.subquery, with_columns)?,
            LogicalPlan::SubqueryAlias(alias) => match self.unnest(&alias.input, with_columns)? {
                Some(input) => {
                    let inner = columns(alias.input.schema()).into_iter().enumerate();
                    let exprs = inner.map(|(index, expr)| named(expr, &alias.schema, index));
                    Some(input.project(exprs.collect())?)
                }
                None => None,
            },
            LogicalPlan::Filter(filter) => match self.unnest(&filter.input, below)? {
                Some(input) => {
                    let predicate = input.outer.apply(filter.predicate.clone())?;
                    let plan = LogicalPlanBuilder::from(input.plan).filter(predicate)?.build()?;
                    Some(Unnested { plan, ..input })
                }
                None => None,
            },
            LogicalPlan::Projection(projection) => match self.unnest(&projection.input, below)? {
                Some(input) => {
                    let mut exprs = Vec::with_capacity(projection.expr.len());
                    for (index, expr) in projection.expr.iter().enumerate() {
                        let expr = input.outer.apply(expr.clone())?;
                        exprs.push(named(expr, &projection.schema, index));
                    }
                    Some(input.project(exprs)?)
                }
                None => None,
            },
            LogicalPlan::Sort(sort) if sort.fetch.is_none() => self.sort(sort, below)?,
            LogicalPlan::Limit(limit) => self.limit(limit, with_columns)?,
            LogicalPlan::Aggregate(aggregate) => self.aggregate(aggregate, below, with_columns)?,
            LogicalPlan::Window(window) => match self.unnest(&window.input, below)? {
                Some(input) => {
                    let exprs = window.window_expr.iter().map(|expr| apart(expr, &input));
                    let exprs = exprs.collect::<Result<Vec<_>>>()?;
                    let plan = LogicalPlanBuilder::from(input.plan).window(exprs)?.build()?;
                    Some(Unnested { plan, ..input })
                }
                None => None,
            },
            LogicalPlan::Distinct(distinct) => self.distinct(distinct, below, with_columns)?,
            LogicalPlan::Union(union) => self.union(union)?,
            LogicalPlan::Values(values) => self.unnest(&selects(values)?, with_columns)?,
            LogicalPlan::Unnest(unnest) => match self.unnest(&unnest.input, below)? {
                Some(input) => {
                    let (lists, options) = (unnest.exec_columns.clone(), unnest.options.clone());
                    let plan = LogicalPlanBuilder::from(input.plan)
                        .unnest_columns_with_options(lists, options)?
                        .build()?;
                    Some(Unnested { plan, ..input })
                }
                None => None,
            },
            LogicalPlan::Join(join) => self.join(join, below)?,
            _ => None,
        })
    }

    /// Returns whether a part mentions the outer rows.
    pub(super) fn is_mentioned(&self, part: &LogicalPlan) -> Result<bool> {
        Ok(outer_columns(part, self.schema)?.is_none_or(|columns| !columns.is_empty()))
    }

    /// Returns all pairs of a row of a part and an outer row.
    fn pairs(&self, part: &LogicalPlan) -> Result<Unnested> {
        let rows = self.rows()?;
        if matches!(part, LogicalPlan::EmptyRelation(empty) if empty.produce_one_row) {
            return Ok(rows);
        }
        let plan = LogicalPlanBuilder::from(part.clone()).cross_join(rows.plan)?.build()?;
        Ok(Unnested { plan, ..rows })
    }

    fn sort(&self, sort: &Sort, below: bool) -> Result<Option<Unnested>> {
        let Some(input) = self.unnest(&sort.input, below)? else { return Ok(None) };
        let order = input.order(&sort.expr)?;
        let plan = LogicalPlanBuilder::from(input.plan).sort(order)?.build()?;
        Ok(Some(Unnested { plan, ..input }))
    }

    fn distinct(
        &self,
        distinct: &Distinct,
        below: bool,
        with_columns: bool,
    ) -> Result<Option<Unnested>> {
        let Some(input) = self.unnest(distinct.input(), below)? else { return Ok(None) };
        let carried =
            if with_columns { input.carried() } else { vec![Expr::Column(input.row.clone())] };
        let plan = match distinct {
            Distinct::All(part) => {
                let exprs = columns(part.schema()).into_iter().chain(carried).collect();
                let rows = Projection::try_new(exprs, Arc::new(input.plan))?;
                Distinct::All(Arc::new(LogicalPlan::Projection(rows)))
            }
            Distinct::On(distinct) => {
                let row = Expr::Column(input.row.clone());
                let mut on = vec![row.clone()];
                for expr in &distinct.on_expr {
                    on.push(input.outer.apply(expr.clone())?);
                }
                let mut select = Vec::with_capacity(distinct.select_expr.len());
                for (index, expr) in distinct.select_expr.iter().enumerate() {
                    let expr = input.outer.apply(expr.clone())?;
                    select.push(named(expr, &distinct.schema, index));
                }
                select.extend(carried);
                let order = match &distinct.sort_expr {
                    Some(order) => {
                        let first = [row.sort(true, false)].into_iter();
                        Some(first.chain(input.order(order)?).collect())
                    }
                    None => None,
                };
                Distinct::On(DistinctOn::try_new(on, select, order, Arc::new(input.plan))?)
            }
        };
        Ok(Some(Unnested { plan: LogicalPlan::Distinct(plan), ..input }.keeping(with_columns)))
    }

    /// Returns the union of what its inputs are over the outer rows.
    fn union(&self, union: &Union) -> Result<Option<Unnested>> {
        let rows = self.rows()?;
        let carried = rows.carried();
        let mut inputs = Vec::with_capacity(union.inputs.len());
        for part in &union.inputs {
            let Some(input) = self.unnest(part, true)? else { return Ok(None) };
            let mut exprs = columns(part.schema());
            exprs.extend(input.carried());
            let count = union.schema.fields().len();
            let exprs = exprs.into_iter().enumerate().map(|(index, expr)| {
                match carried.get(index.wrapping_sub(count)) {
                    Some(Expr::Column(column)) => expr.alias(column.flat_name()),
                    _ => expr.alias(union.schema.field(index).name()),
                }
            });
            let plan = Projection::try_new(exprs.collect(), Arc::new(input.plan))?;
            inputs.push(Arc::new(LogicalPlan::Projection(plan)));
        }
        let plan = LogicalPlan::Union(Union::try_new(inputs)?);
        let given = columns(plan.schema()).into_iter().enumerate();
        let count = union.schema.fields().len();
        let exprs = given.map(|(index, expr)| match carried.get(index.wrapping_sub(count)) {
            Some(Expr::Column(column)) => {
                expr.alias_qualified(column.relation.clone(), &column.name)
            }
            _ => named(expr, &union.schema, index),
        });
        let plan = Projection::try_new(exprs.collect(), Arc::new(plan))?;
        Ok(Some(Unnested { plan: LogicalPlan::Projection(plan), ..rows }))
    }
}

impl Unnested {
    /// Returns the terms of an order with the columns of the outer rows in their places.
    pub(super) fn order(&self, order: &[SortExpr]) -> Result<Vec<SortExpr>> {
        let placed =
            |term: &SortExpr| Ok(SortExpr { expr: self.outer.apply(term.expr.clone())?, ..*term });
        order.iter().map(placed).collect()
    }
}

/// Returns a list of values as the union of its rows.
fn selects(values: &Values) -> Result<LogicalPlan> {
    let nothing = || LogicalPlanBuilder::empty(true).build().map(Arc::new);
    let mut rows = Vec::with_capacity(values.values.len());
    for row in &values.values {
        let exprs = row.iter().enumerate();
        let exprs = exprs.map(|(index, expr)| named(expr.clone(), &values.schema, index));
        let row = Projection::try_new(exprs.collect(), nothing()?)?;
        rows.push(Arc::new(LogicalPlan::Projection(row)));
    }
    match rows.as_slice() {
        [row] => Ok(row.as_ref().clone()),
        _ => Ok(LogicalPlan::Union(Union::try_new(rows)?)),
    }
}

/// Returns a window function that looks at the rows of one outer row at a time.
fn apart(expr: &Expr, input: &Unnested) -> Result<Expr> {
    let saved = NamePreserver::new_for_projection().save(expr);
    let window = match input.outer.apply(expr.clone())?.unalias() {
        Expr::WindowFunction(window) => {
            let WindowFunction { fun, mut params } = *window;
            params.partition_by.insert(0, Expr::Column(input.row.clone()));
            Expr::WindowFunction(Box::new(WindowFunction { fun, params }))
        }
        other => other,
    };
    Ok(saved.restore(window))
}
