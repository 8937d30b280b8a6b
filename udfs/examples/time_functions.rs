//! Times queries over the functions of this crate, for `benches/peers/functions.py`.
//!
//! usage: `time_functions NAME=FILE ...`, each file in Arrow IPC format with the columns `g` (WKB)
//! and `t` (WKT), kept in memory as the table of that name. Each line of the standard input is a
//! query; each line of the standard output its seconds, the median of five runs, of more when they
//! are quick and of three when they are slow, after one to warm up, or a dash and the reason when it
//! fails.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a program of its own")]

use std::error::Error;
use std::fs::File;
use std::io::BufRead as _;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use arrow::ipc::reader::FileReader;
use datafusion::datasource::MemTable;
use datafusion::prelude::{SessionConfig, SessionContext};
use godwit_geometry::GeometryType;

/// The allocator of the server.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many parts a table has, at most one core each.
const PARTITIONS: usize = 2;

/// How often a query is run at most.
const MOST_RUNS: usize = 100;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let config = SessionConfig::new().with_target_partitions(PARTITIONS);
    let context = SessionContext::new_with_config(config);
    for function in godwit_udfs::scalar_functions() {
        context.register_udf(function.as_ref().clone());
    }
    for argument in std::env::args().skip(1) {
        let (name, path) = argument.split_once('=').ok_or("NAME=FILE")?;
        context.register_table(name, Arc::new(table(path)?))?;
    }
    for query in std::io::stdin().lock().lines() {
        match time(&context, &query?).await {
            Ok(seconds) => println!("{seconds}"),
            Err(error) => println!("- {}", error.to_string().replace('\n', " ")),
        }
    }
    Ok(())
}

/// Returns the batches of a file as a table in memory, whose column `g` is a geometry.
fn table(path: &str) -> Result<MemTable, Box<dyn Error>> {
    let mut partitions = vec![Vec::new(); PARTITIONS];
    let mut fields = Vec::new();
    for batch in FileReader::try_new(File::open(path)?, None)? {
        let batch = batch?;
        fields = batch.schema().fields().iter().map(|field| field.as_ref().clone()).collect();
        if let Some(part) = partitions.iter_mut().min_by_key(|part| part.len()) {
            part.push(batch);
        }
    }
    let geometry = GeometryType::new(None);
    let annotate = |field| geometry.annotate(field);
    if let Some(field) = fields.first_mut() {
        *field = annotate(field.clone());
    }
    let schema = Arc::new(Schema::new(fields));
    for batch in partitions.iter_mut().flatten() {
        *batch = RecordBatch::try_new(Arc::clone(&schema), batch.columns().to_vec())?;
    }
    Ok(MemTable::try_new(schema, partitions)?)
}

async fn time(context: &SessionContext, query: &str) -> Result<f64, Box<dyn Error>> {
    let mut seconds = Vec::new();
    for run in 0..MOST_RUNS {
        let started = Instant::now();
        context.sql(query).await?.collect().await?;
        seconds.push(started.elapsed().as_secs_f64());
        let total: f64 = seconds.iter().sum();
        if total > 20.0 || (run >= 3 && total > 1.0) || (run >= 5 && total > 0.1) {
            break;
        }
    }
    let warm = if seconds.len() > 1 { &mut seconds[1..] } else { &mut seconds[..] };
    warm.sort_by(f64::total_cmp);
    Ok(warm[warm.len() / 2])
}
