//! The demo data inside the binary: three small tables to try things on.

use std::path::Path;

use godwit_engine::{Engine, Principal, SessionOptions};

use crate::serve::ServeError;

struct Demo {
    table: &'static str,
    file: &'static str,
    content: &'static [u8],
    format: &'static str,
    options: &'static str,
}

/// Natural Earth countries and cities, and a week of USGS earthquakes; all in the public domain.
const TABLES: [Demo; 3] = [
    Demo {
        table: "countries",
        file: "countries.geojson",
        content: include_bytes!("../../../sql-examples/data/countries.geojson"),
        format: "GEOJSON",
        options: "",
    },
    Demo {
        table: "cities",
        file: "cities.csv",
        content: include_bytes!("../../../sql-examples/data/cities.csv"),
        format: "CSV",
        options: " OPTIONS (geometry 'xy:longitude,latitude', srid '4326')",
    },
    Demo {
        table: "earthquakes",
        file: "earthquakes.geojson",
        content: include_bytes!("../../../sql-examples/data/earthquakes.geojson"),
        format: "GEOJSON",
        options: "",
    },
];

/// Writes the demo data below the data directory and registers it as `countries`, `cities` and
/// `earthquakes`. Tables of these names that exist already stay as they are.
pub async fn register_demo(engine: &Engine, data_dir: &Path) -> Result<(), ServeError> {
    let directory = data_dir.join("demo");
    tokio::fs::create_dir_all(&directory).await.map_err(ServeError::Demo)?;
    let directory = tokio::fs::canonicalize(&directory).await.map_err(ServeError::Demo)?;
    let session = engine.session(Principal::local("demo"), SessionOptions::default());
    for demo in TABLES {
        let path = directory.join(demo.file);
        tokio::fs::write(&path, demo.content).await.map_err(ServeError::Demo)?;
        let location = path.display().to_string().replace('\'', "''");
        let sql = format!(
            "CREATE EXTERNAL TABLE IF NOT EXISTS {} STORED AS {} LOCATION '{location}'{}",
            demo.table, demo.format, demo.options
        );
        Box::pin(session.execute(&sql, Vec::new())).await?;
    }
    Ok(())
}
