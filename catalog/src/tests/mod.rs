//! Tables as they are made, changed, interrupted and opened again.

mod access;
mod delta;
mod files;
mod interrupted;
mod pruning;
mod replaced;
mod rewrite;
mod widened;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::datasource::TableProvider;
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::prelude::{SessionConfig, SessionContext};
use godwit_config::Config;
use godwit_geometry::{Crs, GeometryType};

use crate::{
    Catalog, CatalogError, CreateMode, Entry, TableName, TableSpec, TableVersion, Written,
};

/// A catalog in a directory of its own, which can be closed and opened again.
struct Fixture {
    directory: tempfile::TempDir,
    session: SessionContext,
    catalog: Catalog,
}

impl Fixture {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (session, catalog) = open(directory.path()).await.unwrap();
        Self { directory, session, catalog }
    }

    async fn reopened(self) -> Self {
        let Self { directory, session, catalog } = self;
        drop((session, catalog));
        let (session, catalog) = open(directory.path()).await.unwrap();
        Self { directory, session, catalog }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Returns the files below a directory of the data directory.
    fn files(&self, below: &str) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut pending = vec![self.path("data").join(below)];
        while let Some(directory) = pending.pop() {
            for entry in std::fs::read_dir(directory).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    pending.push(path);
                } else {
                    files.push(path);
                }
            }
        }
        files
    }

    async fn version(&self, entry: &Entry) -> TableVersion {
        self.catalog.version(entry).await.unwrap().unwrap()
    }

    async fn create(&self, table: &str, mode: CreateMode, batches: Vec<RecordBatch>) -> Written {
        self.try_create(table, &TableSpec::default(), mode, vec![stream(batches)]).await.unwrap()
    }

    async fn try_create(
        &self,
        table: &str,
        spec: &TableSpec,
        mode: CreateMode,
        streams: Vec<SendableRecordBatchStream>,
    ) -> Result<Written, CatalogError> {
        let schema = streams.first().map_or_else(places_schema, |stream| stream.schema());
        self.catalog.create_table(&name(table), spec, mode, schema, streams).await
    }

    async fn insert(
        &self,
        table: &str,
        overwrite: bool,
        streams: Vec<SendableRecordBatchStream>,
    ) -> Result<Written, CatalogError> {
        let entry = self.catalog.entry(&name(table)).unwrap();
        let schema = streams.first().unwrap().schema();
        self.catalog.insert(&entry, overwrite, schema, streams).await
    }

    async fn provider(&self, table: &str) -> Arc<dyn TableProvider> {
        let entry = self.catalog.entry(&name(table)).unwrap();
        self.catalog.provider(&self.session.state(), &entry).await.unwrap()
    }

    /// Returns the rows of a query over a table that is called `t` in it.
    async fn query(&self, table: &str, sql: &str) -> String {
        let provider = self.provider(table).await;
        self.query_provider(provider, sql).await
    }

    async fn query_provider(&self, provider: Arc<dyn TableProvider>, sql: &str) -> String {
        let session = self.session();
        session
            .catalog("datafusion")
            .unwrap()
            .schema("public")
            .unwrap()
            .register_table("t".to_owned(), provider)
            .unwrap();
        let batches = session.sql(sql).await.unwrap().collect().await.unwrap();
        arrow::util::pretty::pretty_format_batches(&batches).unwrap().to_string()
    }

    fn session(&self) -> SessionContext {
        SessionContext::new_with_config_rt(config(), self.session.runtime_env())
    }

    /// Returns one number that a query gives.
    async fn number(&self, table: &str, sql: &str) -> i64 {
        let text = self.query(table, sql).await;
        let mut cells = text.split(['|', '\n', '+']).map(str::trim);
        cells.find_map(|cell| cell.parse().ok()).unwrap()
    }
}

fn config() -> SessionConfig {
    SessionConfig::new().with_target_partitions(2).with_collect_statistics(true)
}

async fn open(directory: &Path) -> Result<(SessionContext, Catalog), CatalogError> {
    let mut settings = Config::default();
    settings.storage.data_dir = directory.join("data");
    let runtime = Arc::new(RuntimeEnv::default());
    let catalog = Catalog::open(&settings, Arc::clone(&runtime)).await?;
    Ok((SessionContext::new_with_config_rt(config(), runtime), catalog))
}

fn name(table: &str) -> TableName {
    TableName::new("public", table)
}

fn places_schema() -> SchemaRef {
    let geometry = GeometryType::new(Some(Crs::from_epsg(3857)));
    Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, true),
        Field::new("name", DataType::Utf8, true),
        geometry.field("geom", true),
    ]))
}

/// Returns rows with ids, names and points at (id, -id); every tenth geometry is null.
fn places(ids: std::ops::Range<i64>) -> RecordBatch {
    let names: StringArray = ids.clone().map(|id| Some(format!("place {id}"))).collect();
    let points: Vec<Option<Vec<u8>>> = ids
        .clone()
        .map(|id| (id % 10 != 9).then(|| godwit_geometry::write::point_xy(id as f64, -id as f64)))
        .collect();
    let points: BinaryArray = points.iter().map(|point| point.as_deref()).collect();
    let columns: Vec<ArrayRef> =
        vec![Arc::new(Int64Array::from_iter_values(ids)), Arc::new(names), Arc::new(points)];
    RecordBatch::try_new(places_schema(), columns).unwrap()
}

fn stream(batches: Vec<RecordBatch>) -> SendableRecordBatchStream {
    let schema = batches.first().map_or_else(places_schema, RecordBatch::schema);
    let batches = batches.into_iter().map(Ok);
    Box::pin(RecordBatchStreamAdapter::new(schema, futures::stream::iter(batches)))
}

/// Returns a stream that fails after its batches.
fn failing_stream(batches: Vec<RecordBatch>) -> SendableRecordBatchStream {
    let failure = Err(DataFusionError::Execution("the query fails here".to_owned()));
    let batches = batches.into_iter().map(Ok).chain([failure]);
    Box::pin(RecordBatchStreamAdapter::new(places_schema(), futures::stream::iter(batches)))
}

/// Returns a stream that never ends after its batches.
fn stalling_stream(batches: Vec<RecordBatch>) -> SendableRecordBatchStream {
    use futures::StreamExt as _;
    let batches = futures::stream::iter(batches.into_iter().map(Ok));
    let stalled = batches.chain(futures::stream::pending());
    Box::pin(RecordBatchStreamAdapter::new(places_schema(), stalled))
}
