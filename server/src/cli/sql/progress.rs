//! A line on the terminal that shows how far a statement is.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

const FIRST_AFTER: Duration = Duration::from_secs(1);
const THEN_EVERY: Duration = Duration::from_millis(250);

/// The progress of one statement, shown on the standard error if that is a terminal.
#[derive(Debug)]
pub(in crate::cli) struct Progress {
    started: Instant,
    is_enabled: bool,
    is_shown: bool,
    rows: usize,
}

impl Progress {
    pub(in crate::cli) fn new() -> Self {
        let is_enabled = io::stderr().is_terminal();
        Self { started: Instant::now(), is_enabled, is_shown: false, rows: 0 }
    }

    /// Shows progress until the task is done.
    pub(in crate::cli) async fn wait_for<T>(&mut self, task: impl Future<Output = T>) -> T {
        let mut task = Box::pin(task);
        if !self.is_enabled {
            return task.await;
        }
        let first = FIRST_AFTER.saturating_sub(self.started.elapsed());
        let mut pause = if self.is_shown { THEN_EVERY } else { first };
        loop {
            tokio::select! {
                outcome = &mut task => return outcome,
                () = tokio::time::sleep(pause) => self.show(),
            }
            pause = THEN_EVERY;
        }
    }

    /// Notes the rows so far. Once rows are on the screen they are progress enough.
    pub(in crate::cli) fn set_rows(&mut self, rows: usize, is_on_screen: bool) {
        self.rows = rows;
        self.is_enabled &= !is_on_screen;
    }

    /// Takes the line away.
    pub(in crate::cli) fn clear(&mut self) {
        if std::mem::take(&mut self.is_shown) {
            write_error("\r\u{1b}[K");
        }
    }

    fn show(&mut self) {
        self.is_shown = true;
        let seconds = self.started.elapsed().as_secs_f64();
        let rows = if self.rows > 0 { format!(", {} rows", self.rows) } else { String::new() };
        write_error(&format!("\r\u{1b}[Krunning for {seconds:.1} s{rows}"));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Writes a line that is not part of the result.
pub(in crate::cli) fn note(text: &str) {
    write_error(&format!("{text}\n"));
}

fn write_error(text: &str) {
    // Without a standard error there is nobody to tell.
    let _unwritable = io::stderr().write_all(text.as_bytes());
}
