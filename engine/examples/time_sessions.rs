//! How long it takes to make a session, and to end it.
//!
//! usage: `time_sessions [COUNT]`

use std::hint::black_box;
use std::io::Write as _;
use std::time::Instant;

use godwit_config::Config;
use godwit_engine::{Engine, Principal, SessionOptions};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count = std::env::args().nth(1).map_or(Ok(10_000), |count| count.parse::<u32>())?;
    let directory = tempfile::tempdir()?;
    let mut config = Config::default();
    config.storage.data_dir = directory.path().join("data");
    let engine = Box::pin(Engine::start(&config)).await?;
    let zone = SessionOptions { time_zone: Some("Asia/Tokyo".to_owned()), ..Default::default() };
    let mut out = std::io::stdout();
    for (what, options) in [("as it comes", SessionOptions::default()), ("with a time zone", zone)]
    {
        let started = Instant::now();
        for _ in 0..count {
            let session = engine.session(Principal::local("ada"), options.clone());
            black_box(&session).end();
        }
        let each = started.elapsed() / count;
        writeln!(out, "a session {what}: {each:?}")?;
    }
    Ok(())
}
