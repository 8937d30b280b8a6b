//! A file as a table of a bare session, for tests.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;

use arrow::array::{BooleanArray, RecordBatch};
use arrow::datatypes::DataType;
use arrow::util::pretty::pretty_format_batches;
use datafusion::catalog::TableProvider as _;
use datafusion::common::tree_node::{TreeNode as _, TreeNodeRecursion};
use datafusion::datasource::listing::{
    ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl,
};
use datafusion::datasource::physical_plan::FileScanConfig;
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf};
use datafusion::physical_plan::metrics::MetricValue;
use datafusion::physical_plan::{collect, collect_partitioned};
use datafusion::prelude::SessionContext;
use godwit_geometry::{Crs, GeometryType, Relation, WkbColumn};

use crate::{BoxesRead, FormatOptions, ReadAhead, format_named};

/// One file as a table called `t`.
pub(crate) struct Table {
    context: SessionContext,
    table: Arc<ListingTable>,
    _file: tempfile::NamedTempFile,
}

pub(crate) async fn open(
    format: &str,
    suffix: &str,
    bytes: &[u8],
    options: &[(&str, &str)],
) -> Result<Table, DataFusionError> {
    let context = SessionContext::new();
    let mut file = tempfile::Builder::new().suffix(suffix).tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let options: FormatOptions =
        options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let format = format_named(format).unwrap().file_format(&options)?;
    let listing = ListingOptions::new(format).with_file_extension("");
    let url = ListingTableUrl::parse(file.path().to_str().unwrap())?;
    let config = ListingTableConfig::new(url).with_listing_options(listing);
    let config = config.infer_schema(&context.state()).await?;
    let table = Arc::new(ListingTable::try_new(config)?);
    #[expect(clippy::disallowed_methods, reason = "a bare session for the test")]
    context.register_table("t", Arc::clone(&table) as _)?;
    Ok(Table { context, table, _file: file })
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.table.fmt(f)
    }
}

impl Table {
    pub(crate) fn register(&self, function: ScalarUDF) {
        self.context.register_udf(function);
    }

    pub(crate) async fn select(&self, sql: &str) -> Result<Vec<RecordBatch>, DataFusionError> {
        self.context.sql(sql).await?.collect().await
    }

    /// Returns the rows of a query and what its scan left out.
    pub(crate) async fn measured(
        &self,
        sql: &str,
        functions: Vec<ScalarUDF>,
    ) -> (Vec<RecordBatch>, BTreeMap<String, usize>) {
        for function in functions {
            self.register(function);
        }
        let frame = self.context.sql(sql).await.unwrap();
        let plan = frame.create_physical_plan().await.unwrap();
        let rows = collect(Arc::clone(&plan), self.context.task_ctx()).await.unwrap();
        let mut counts = BTreeMap::new();
        plan.apply(|node| {
            for metric in node.metrics().unwrap_or_default().iter() {
                let (name, count) = match metric.value() {
                    MetricValue::PruningMetrics { name, pruning_metrics } => {
                        (name, pruning_metrics.pruned())
                    }
                    MetricValue::Count { name, count } => (name, count.value()),
                    _ => continue,
                };
                *counts.entry(name.to_string()).or_default() += count;
            }
            Ok(TreeNodeRecursion::Continue)
        })
        .unwrap();
        (rows, counts)
    }

    /// Returns how many rows of a query's result each partition of its plan has.
    pub(crate) async fn row_counts(&self, sql: &str) -> Vec<usize> {
        let plan = self.context.sql(sql).await.unwrap().create_physical_plan().await.unwrap();
        let partitions = collect_partitioned(plan, self.context.task_ctx()).await.unwrap();
        partitions.iter().map(|rows| rows.iter().map(RecordBatch::num_rows).sum()).collect()
    }

    /// Reads the boxes of the rows in some columns ahead.
    pub(crate) async fn read_ahead(&self, columns: &[&str]) -> BoxesRead {
        let columns: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
        let plan = self.table.scan(&self.context.state(), None, &[], None).await.unwrap();
        let scan = plan.downcast_ref::<DataSourceExec>().unwrap();
        let scan = scan.data_source().downcast_ref::<FileScanConfig>().unwrap();
        ReadAhead::new(self.context.task_ctx()).read(scan, &columns).await.unwrap()
    }

    pub(crate) async fn show(&self, sql: &str) -> String {
        pretty_format_batches(&self.select(sql).await.unwrap()).unwrap().to_string()
    }

    pub(crate) fn crs(&self, column: &str) -> Option<Crs> {
        let schema = self.table.schema();
        let index = schema.index_of(column).unwrap_or(usize::MAX);
        let field = schema.field(index);
        let geometry_type = GeometryType::from_field(field).unwrap_or_default();
        assert!(geometry_type.is_some(), "{column} is no geometry");
        geometry_type.and_then(|geometry_type| geometry_type.crs)
    }
}

/// Returns the function of a relation, evaluated row by row.
pub(crate) fn function(relation: Relation) -> ScalarUDF {
    let failed = |error| DataFusionError::External(Box::new(error));
    let evaluate = move |arguments: &[ColumnarValue]| {
        let arrays = ColumnarValue::values_to_arrays(arguments)?;
        let columns: Vec<_> = arrays.iter().filter_map(|a| WkbColumn::try_new(a)).collect();
        let mut answers = Vec::with_capacity(columns[0].len());
        for row in 0..columns[0].len() {
            let left = columns[0].geometry(row).map_err(failed)?;
            let right = columns[1].geometry(row).map_err(failed)?;
            let pair = left.zip(right).map(|(left, right)| relation.evaluate(left, right));
            answers.push(pair.transpose().map_err(failed)?);
        }
        Ok(ColumnarValue::Array(Arc::new(BooleanArray::from(answers))))
    };
    let types = vec![DataType::BinaryView; 2];
    let volatility = Volatility::Immutable;
    create_udf(relation.function(), types, DataType::Boolean, volatility, Arc::new(evaluate))
}

/// Returns bytes as digits for `decode`.
pub(crate) fn hex(wkb: &[u8]) -> String {
    wkb.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}
