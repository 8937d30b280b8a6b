//! How long the server keeps memory that it has freed, before the system has it back.
//!
//! The system clears each page that it gives: a server that gives back what one query used takes it
//! again, cleared, for the next. The allocator waits one second, and reads what else it is told
//! when the process starts, before there is a `main` (docs/decisions/0028).

/// The variable that the allocator reads.
#[cfg(unix)]
const VARIABLE: &str = "MIMALLOC_PURGE_DELAY";
/// How long freed memory is kept, in milliseconds: from one query to the next of a busy server.
#[cfg(unix)]
const DELAY: &str = "10000";

/// Starts the program anew, in the same process, with what the allocator is to be told; unless it
/// was told before. Where that is not possible the program goes on as it is.
#[cfg(unix)]
pub(super) fn keep_freed_memory() {
    use std::os::unix::process::CommandExt as _;

    if std::env::var_os(VARIABLE).is_some() {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let mut arguments = std::env::args_os();
    let mut command = std::process::Command::new(program);
    if let Some(name) = arguments.next() {
        command.arg0(name);
    }
    // This only returns where it failed.
    drop(command.args(arguments).env(VARIABLE, DELAY).exec());
}

/// Elsewhere a process cannot start anew.
#[cfg(not(unix))]
pub(super) fn keep_freed_memory() {}
