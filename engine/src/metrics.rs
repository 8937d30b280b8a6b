//! The numbers an operator watches.

/// What the engine is doing at this moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EngineMetrics {
    /// Queries that hold an admission slot.
    pub queries_running: usize,
    /// Queries waiting for an admission slot.
    pub queries_queued: usize,
    /// Queries admitted since the start.
    pub queries_started: u64,
    /// Queries that ended with an error since the start.
    pub queries_failed: u64,
    /// How often a statement was planned since the start; once for each execution if all is well.
    pub statements_planned: u64,
    /// Bytes booked in the memory pool.
    pub memory_used: usize,
    /// The size of the memory pool in bytes.
    pub memory_limit: usize,
    /// Bytes of the collected sides of joins that are kept for later queries.
    pub join_cache_used: usize,
    /// Bytes of spill files on disk now.
    pub spilled_bytes: u64,
}
