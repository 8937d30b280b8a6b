//! How much memory and spill space queries may use together.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use godwit_config::Config;
use godwit_planner::JoinCache;

use super::headroom::HeadroomPool;
use super::reclaim::ReclaimPool;
use crate::error::{Code, Error};

/// The pools every query shares.
#[derive(Debug)]
pub(crate) struct Resources {
    pub(crate) runtime: Arc<RuntimeEnv>,
    pub(crate) memory_limit: usize,
    pub(crate) join_cache: Arc<JoinCache>,
    stale: Vec<PathBuf>,
}

/// How many of the largest consumers an out-of-memory error names.
const NAMED_CONSUMERS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(2);

/// The least memory a server can work with.
const MIN_MEMORY: usize = 32 << 20;

/// The part of the memory that sides of joins may take for later queries, unless it is set.
const CACHED_FRACTION: usize = 8;

/// Returns the pools sized by the configuration.
pub(crate) fn resources(config: &Config) -> Result<Resources, Error> {
    let memory_limit = memory_limit(config);
    let own = config.storage.data_dir.join("spill");
    let spill_dir = config.storage.spill_dir.clone().unwrap_or_else(|| own.clone());
    std::fs::create_dir_all(&spill_dir).map_err(|error| unusable(&spill_dir, error))?;
    // A directory that servers may share is left alone.
    let stale = if spill_dir == own { subdirectories(&own)? } else { Vec::new() };
    let disk = DiskManagerBuilder::default()
        .with_mode(DiskManagerMode::Directories(vec![spill_dir]))
        .with_max_temp_directory_size(config.storage.spill_limit_bytes);
    let join_cache = Arc::new(JoinCache::new(join_cache_bytes(config, memory_limit)));
    let pool = HeadroomPool::new(FairSpillPool::new(memory_limit), memory_limit);
    let pool = ReclaimPool::new(pool, &join_cache);
    let pool = TrackConsumersPool::new(pool, NAMED_CONSUMERS);
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(pool))
        .with_disk_manager_builder(disk)
        .build_arc()?;
    Ok(Resources { runtime, memory_limit, join_cache, stale })
}

impl Resources {
    /// Removes the spill files that a killed server left. The data directory must be locked by
    /// now, so that they are nobody's.
    pub(crate) fn remove_stale(&self) {
        for directory in &self.stale {
            if let Err(error) = std::fs::remove_dir_all(directory) {
                tracing::warn!(directory = %directory.display(), %error, "cannot remove spill files");
            }
        }
    }
}

fn subdirectories(directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = std::fs::read_dir(directory).map_err(|error| unusable(directory, error))?;
    Ok(entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|p| p.is_dir()).collect())
}

fn unusable(directory: &Path, error: std::io::Error) -> Error {
    Error::new(
        Code::InvalidConfiguration,
        format!("cannot use the spill directory '{}'", directory.display()),
    )
    .with_detail(format!("{error}."))
    .with_source(error)
}

fn memory_limit(config: &Config) -> usize {
    if let Some(bytes) = config.limits.memory_bytes {
        return usize::try_from(bytes).unwrap_or(usize::MAX).max(MIN_MEMORY);
    }
    let available = available_memory().unwrap_or(4 << 30);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the fraction is between 0 and 1"
    )]
    let limit = (available as f64 * config.limits.memory_fraction.clamp(0.05, 1.0)) as usize;
    limit.max(MIN_MEMORY)
}

fn join_cache_bytes(config: &Config, memory_limit: usize) -> usize {
    match config.limits.join_cache_bytes {
        Some(bytes) => usize::try_from(bytes).unwrap_or(usize::MAX).min(memory_limit),
        None => memory_limit / CACHED_FRACTION,
    }
}

/// Returns the memory of the container or, without one, of the machine.
fn available_memory() -> Option<u64> {
    let machine = machine_memory(&std::fs::read_to_string("/proc/meminfo").unwrap_or_default());
    let group = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
        .iter()
        .find_map(|path| group_limit(Path::new(path)));
    match (machine, group) {
        (Some(machine), Some(group)) => Some(machine.min(group)),
        (machine, group) => machine.or(group),
    }
}

fn group_limit(path: &Path) -> Option<u64> {
    std::fs::read_to_string(path).ok()?.trim().parse().ok()
}

fn machine_memory(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_of_the_machine_is_read() {
        assert_eq!(
            machine_memory("MemTotal:       24689764 kB\nMemFree: 1 kB\n"),
            Some(24_689_764 * 1024)
        );
        assert_eq!(machine_memory(""), None);
    }
}
