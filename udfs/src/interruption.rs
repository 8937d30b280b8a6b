//! What ends a statement from inside of a function that computes for long.

use std::fmt::{self, Formatter};
use std::sync::Arc;

use datafusion::common::Result;
use godwit_geometry::GeometryError;
use godwit_geometry::interrupt::{IsOver, interruptible, leavable};

use crate::scalar::external;

/// Tells the functions of a statement when it must end; carried in its configuration.
#[derive(Clone)]
pub struct Interruption {
    check: Arc<dyn Fn() -> Result<()> + Send + Sync>,
    is_over: IsOver,
}

impl Interruption {
    /// Returns what ends functions once `check` fails, with its error. From then on it must fail.
    pub fn new(check: impl Fn() -> Result<()> + Send + Sync + 'static) -> Self {
        let check = Arc::new(check);
        let looked_at = Arc::clone(&check);
        Self { check, is_over: Arc::new(move || looked_at().is_err()) }
    }

    /// Returns what some work answers, or the error of a statement that has to end.
    pub(crate) fn guard<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let answer = interruptible(&self.is_over, || leavable(work));
        // What was cut short may have made something else of it than an error.
        (self.check)()?;
        answer.unwrap_or_else(|| Err(external(GeometryError::Interrupted)))
    }
}

impl fmt::Debug for Interruption {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interruption").finish_non_exhaustive()
    }
}

crate::carried!(Interruption, "godwit_interruption");

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use datafusion::common::DataFusionError;
    use godwit_geometry::interrupt::check;

    use super::*;

    #[test]
    fn work_ends_with_the_error_of_the_statement() {
        let stopped = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stopped);
        let interruption = Interruption::new(move || {
            if flag.load(Ordering::Relaxed) {
                return Err(DataFusionError::Execution("ended".to_owned()));
            }
            Ok(())
        });
        assert_eq!(interruption.guard(|| Ok(1)).unwrap(), 1);
        let answer = interruption.guard(|| {
            stopped.store(true, Ordering::Relaxed);
            // As functions do that look for another way.
            Ok(check().is_err())
        });
        assert!(answer.unwrap_err().to_string().contains("ended"));
    }
}
