//! `godwit serve`.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use godwit_config::{Config, Overrides, config_file_from_environment};

use crate::cli::failure::Failure;
use crate::serve::{Running, register_demo, wait_for_signal};
use crate::telemetry;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Configuration file; by default the one that `GODWIT_CONFIG` names
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Directory of the metadata and the tables [default: ./godwit-data]
    #[arg(long, value_name = "DIRECTORY")]
    data_dir: Option<String>,
    /// Address of the Flight SQL endpoint [default: 127.0.0.1:50051]
    #[arg(long, value_name = "ADDRESS")]
    flight_addr: Option<String>,
    /// Address of the HTTP endpoint [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    http_addr: Option<String>,
    /// Serve Flight SQL, gRPC-web and HTTP on one port, that of the Flight SQL endpoint
    #[arg(long)]
    single_port: bool,
    /// Register small demo tables: countries, cities, earthquakes
    #[arg(long)]
    demo: bool,
}

pub(super) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let flags = Overrides::default()
        .with_option("storage.data_dir", arguments.data_dir)
        .with_option("listen.flight_addr", arguments.flight_addr)
        .with_option("listen.http_addr", arguments.http_addr)
        .with_option("listen.single_port", arguments.single_port.then_some("true"));
    let file = arguments.config.or_else(config_file_from_environment);
    let config = Config::load(file.as_deref(), &flags)?;
    telemetry::start_logs(&config.telemetry)?;
    let data_dir = config.storage.data_dir.clone();
    let server = Box::pin(Running::start(config)).await?;
    if arguments.demo {
        Box::pin(register_demo(server.engine(), &data_dir)).await?;
    }
    greet(&server, arguments.demo)?;
    wait_for_signal().await;
    tokio::select! {
        () = Box::pin(server.stop()) => Ok(()),
        // Whoever asks twice does not want to wait.
        () = second_signal() => Err(Failure::interrupted()),
    }
}

/// Waits for another signal, not for the echo of the first: Ctrl-C reaches a process more than
/// once when a parent passes it on.
async fn second_signal() {
    tokio::time::sleep(Duration::from_millis(500)).await;
    wait_for_signal().await;
}

fn greet(server: &Running, has_demo: bool) -> io::Result<()> {
    let (flight, http) = (server.flight_addr(), server.http_addr());
    let query = if has_demo {
        "SELECT name, ST_AsText(geometry) AS place FROM cities LIMIT 3"
    } else {
        "SELECT ST_AsText(ST_Point(5.2, 52.1)) AS place"
    };
    let mut output = io::stdout().lock();
    writeln!(output, "Godwit {} is ready.", env!("CARGO_PKG_VERSION"))?;
    let (web, grpc) = if server.is_encrypted() { ("https", "grpc+tls") } else { ("http", "grpc") };
    writeln!(output, "  HTTP        {web}://{http}")?;
    writeln!(output, "  Flight SQL  {grpc}://{flight}")?;
    if let Some(plain) = server.plaintext_addr() {
        writeln!(output, "  Without TLS http://{plain} and grpc://{plain}")?;
    }
    writeln!(output, "Try:")?;
    writeln!(output, "  curl -d '{query}' '{web}://{http}/v1/sql?format=csv'")?;
    output.flush()
}
