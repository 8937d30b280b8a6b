//! A file source that shows derived columns on top of another source.

use std::fmt::{self, Formatter};
use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::tree_node::{
    Transformed, TransformedResult as _, TreeNode as _, TreeNodeRecursion,
};
use datafusion::datasource::physical_plan::{FileOpener, FileScanConfig, FileSource};
use datafusion::datasource::table_schema::TableSchema;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::projection::{ProjectionExpr, ProjectionExprs};
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use datafusion::physical_plan::{DisplayFormatType, PhysicalExpr};
use object_store::ObjectStore;

use crate::manner::{Manner, manner_of};

/// Shows a table whose columns are expressions over the columns of an inner source. All work is
/// the inner source's: every projection is rewritten in its terms and handed down.
#[derive(Clone)]
pub(crate) struct DerivedSource {
    table_schema: TableSchema,
    /// What each column of the table is in terms of the inner table.
    columns: Arc<[Arc<dyn PhysicalExpr>]>,
    projection: ProjectionExprs,
    /// The inner source before any projection.
    base: Arc<dyn FileSource>,
    /// The inner source with the projection.
    scan: Arc<dyn FileSource>,
}

impl DerivedSource {
    /// Puts `file_columns`, expressions over the table of `base`, and the partition columns of
    /// `table_schema` on top of `base`.
    pub(crate) fn try_new(
        table_schema: TableSchema,
        file_columns: Vec<Arc<dyn PhysicalExpr>>,
        base: Arc<dyn FileSource>,
    ) -> Result<Self> {
        let mut columns = file_columns;
        let inner_offset = base.table_schema().file_schema().fields().len();
        for (index, field) in table_schema.table_partition_cols().iter().enumerate() {
            columns.push(Arc::new(Column::new(field.name(), inner_offset + index)));
        }
        let all: Vec<usize> = (0..columns.len()).collect();
        let projection = ProjectionExprs::from_indices(&all, table_schema.table_schema());
        let scan = Arc::clone(&base);
        let source = Self { table_schema, columns: columns.into(), projection, base, scan };
        source.with_projection(source.projection.clone())
    }

    /// Changes the inner source.
    pub(crate) fn map_base(
        &self,
        change: impl Fn(&Arc<dyn FileSource>) -> Result<Arc<dyn FileSource>>,
    ) -> Result<Self> {
        Ok(Self { base: change(&self.base)?, scan: change(&self.scan)?, ..self.clone() })
    }

    /// Returns how rows are made of the files.
    pub(crate) fn manner(&self) -> Option<Manner> {
        let Manner { text, is_closed } = manner_of(&self.base)?;
        Some(Manner { text: format!("{text} {:?}", self.columns), is_closed })
    }

    fn with_projection(&self, projection: ProjectionExprs) -> Result<Self> {
        let mut inner = Vec::new();
        for expression in &projection {
            let rewritten = self.rewrite(&expression.expr)?;
            inner.push(ProjectionExpr::new(rewritten, expression.alias.clone()));
        }
        let scan = self.base.try_pushdown_projection(&ProjectionExprs::new(inner))?;
        let scan = scan.unwrap_or_else(|| Arc::clone(&self.base));
        Ok(Self { projection, scan, ..self.clone() })
    }

    /// Returns an expression over this table in terms of the inner table.
    fn rewrite(&self, expression: &Arc<dyn PhysicalExpr>) -> Result<Arc<dyn PhysicalExpr>> {
        let replace = |expression: Arc<dyn PhysicalExpr>| {
            let column = expression.downcast_ref::<Column>();
            let replacement = column.and_then(|column| self.columns.get(column.index()));
            Ok(match replacement {
                Some(replacement) => Transformed::yes(Arc::clone(replacement)),
                None => Transformed::no(expression),
            })
        };
        // From below, so that the columns inside a replacement are left alone.
        Arc::clone(expression).transform_up(replace).data()
    }
}

impl FileSource for DerivedSource {
    fn create_file_opener(
        &self,
        object_store: Arc<dyn ObjectStore>,
        base_config: &FileScanConfig,
        partition: usize,
    ) -> Result<Arc<dyn FileOpener>> {
        self.scan.create_file_opener(object_store, base_config, partition)
    }

    fn table_schema(&self) -> &TableSchema {
        &self.table_schema
    }

    fn with_batch_size(&self, batch_size: usize) -> Arc<dyn FileSource> {
        let (base, scan) =
            (self.base.with_batch_size(batch_size), self.scan.with_batch_size(batch_size));
        Arc::new(Self { base, scan, ..self.clone() })
    }

    fn projection(&self) -> Option<&ProjectionExprs> {
        Some(&self.projection)
    }

    fn metrics(&self) -> &ExecutionPlanMetricsSet {
        self.scan.metrics()
    }

    fn file_type(&self) -> &str {
        self.base.file_type()
    }

    fn fmt_extra(&self, t: DisplayFormatType, f: &mut Formatter<'_>) -> fmt::Result {
        self.base.fmt_extra(t, f)
    }

    fn supports_repartitioning(&self) -> bool {
        self.base.supports_repartitioning()
    }

    fn try_pushdown_projection(
        &self,
        projection: &ProjectionExprs,
    ) -> Result<Option<Arc<dyn FileSource>>> {
        let merged = self.projection.try_merge(projection)?;
        Ok(Some(Arc::new(self.with_projection(merged)?)))
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        datafusion::physical_plan::apply_expression_roots(self.projection.iter(), f)
    }
}
