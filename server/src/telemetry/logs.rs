//! Log lines on the standard error, as the configuration wants them.

use godwit_config::{LogFormat, Telemetry};
use tracing_subscriber::EnvFilter;

/// Why logging could not start.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The filter is malformed.
    #[error("setting \"telemetry.log_filter\" is not a log filter: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
}

/// Starts logging for the whole process. A second call changes nothing.
pub fn start_logs(telemetry: &Telemetry) -> Result<(), LogError> {
    let filter = EnvFilter::try_new(&telemetry.log_filter)?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // An error means that a subscriber is there already.
    let _already_started = match telemetry.log_format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Text => {
            let is_terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
            builder.with_ansi(is_terminal).try_init()
        }
    };
    Ok(())
}
