//! A look from inside of long computations at whether anybody still waits for them.
//!
//! What runs a query puts a flag on the thread that computes for it. A call that takes long looks
//! at it now and then, and fails.

use std::cell::RefCell;
use std::sync::Arc;

use crate::GeometryError;

/// How many steps lie between two looks.
const STRIDE: u32 = 1024;

/// Tells whether work must end.
pub type IsOver = Arc<dyn Fn() -> bool + Send + Sync>;

thread_local! {
    static FLAG: RefCell<Option<IsOver>> = const { RefCell::new(None) };
}

/// Does some work on this thread; what takes long in it fails once `is_over` says so.
pub fn interruptible<T>(is_over: &IsOver, work: impl FnOnce() -> T) -> T {
    let _outer = Outer(FLAG.replace(Some(Arc::clone(is_over))));
    work()
}

/// Returns [`GeometryError::Interrupted`] once the work on this thread must end.
pub fn check() -> Result<(), GeometryError> {
    let is_over = FLAG.with_borrow(|flag| flag.as_ref().is_some_and(|is_over| is_over()));
    if is_over { Err(GeometryError::Interrupted) } else { Ok(()) }
}

/// Returns what tells whether the work on this thread must end, if anything does.
pub fn current() -> Option<IsOver> {
    FLAG.with_borrow(Clone::clone)
}

/// Counts the steps of a computation, and looks at the flag once in many.
#[derive(Debug, Default)]
pub struct Steps {
    count: u32,
}

impl Steps {
    /// Counts a step.
    pub fn step(&mut self) -> Result<(), GeometryError> {
        self.count = self.count.wrapping_add(1);
        if self.count.is_multiple_of(STRIDE) { check() } else { Ok(()) }
    }
}

/// The flag of the work around, which comes back at the end, or when a panic passes by.
struct Outer(Option<IsOver>);

impl Drop for Outer {
    fn drop(&mut self) {
        FLAG.set(self.0.take());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn work_ends_when_it_is_over_and_only_then() {
        let stopped = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stopped);
        let is_over: IsOver = Arc::new(move || flag.load(Ordering::Relaxed));
        let never: IsOver = Arc::new(|| false);
        interruptible(&is_over, || {
            assert_eq!(check(), Ok(()));
            stopped.store(true, Ordering::Relaxed);
            assert_eq!(check(), Err(GeometryError::Interrupted));
            interruptible(&never, || assert_eq!(check(), Ok(())));
            assert_eq!(check(), Err(GeometryError::Interrupted));
            let mut steps = Steps::default();
            let failed = (1..=2 * STRIDE).find(|_| steps.step().is_err());
            assert_eq!(failed, Some(STRIDE));
        });
        assert_eq!(check(), Ok(()));
    }
}
