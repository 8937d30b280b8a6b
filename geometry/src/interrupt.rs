//! A look from inside of long computations at whether anybody still waits for them.
//!
//! What runs a query puts a flag on the thread that computes for it. A call that takes long looks
//! at it now and then. It fails, or it answers anything at once: whoever ends the work reports that
//! instead of the answer. Work that is [`leavable`] unwinds, so that it is left from any depth.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::thread;

use crate::GeometryError;

/// How many steps lie between two looks.
const STRIDE: usize = 1024;

/// Tells whether work must end.
pub type IsOver = Arc<dyn Fn() -> bool + Send + Sync>;

thread_local! {
    static FLAG: RefCell<Option<IsOver>> = const { RefCell::new(None) };
    /// How many steps were done since the last look.
    static STEPS: Cell<usize> = const { Cell::new(0) };
    /// Whether the work was seen to be over.
    static OVER: Cell<bool> = const { Cell::new(false) };
    /// Whether the work may be left by unwinding.
    static LEAVABLE: Cell<bool> = const { Cell::new(false) };
}

/// What unwinds when work is left.
struct Left;

/// Does some work on this thread; what takes long in it fails once `is_over` says so.
pub fn interruptible<T>(is_over: &IsOver, work: impl FnOnce() -> T) -> T {
    let _outer = Outer(FLAG.replace(Some(Arc::clone(is_over))));
    OVER.set(false);
    work()
}

/// Returns [`GeometryError::Interrupted`] once the work on this thread must end.
pub fn check() -> Result<(), GeometryError> {
    let is_over = FLAG.with_borrow(|flag| flag.as_ref().is_some_and(|is_over| is_over()));
    if is_over { Err(GeometryError::Interrupted) } else { Ok(()) }
}

/// Does work that is left from wherever it is once it is over; the answer is nothing then. What it
/// changes must not be looked at any more.
pub fn leavable<T>(work: impl FnOnce() -> T) -> Option<T> {
    match caught(work) {
        Ok(answer) => Some(answer),
        Err(payload) if payload.is::<Left>() => None,
        Err(panic) => resume_unwind(panic),
    }
}

/// Does work as [`leavable`] does; [`GeometryError::Interrupted`] once it is left.
pub fn until_over<T>(work: impl FnOnce() -> Result<T, GeometryError>) -> Result<T, GeometryError> {
    leavable(work).unwrap_or(Err(GeometryError::Interrupted))
}

/// Does work as [`leavable`] does, where a bug may make it panic: that may fail a query, but not
/// the server. The answer is nothing then, too.
pub(crate) fn contained<T>(work: impl FnOnce() -> T) -> Option<T> {
    caught(work).ok()
}

fn caught<T>(work: impl FnOnce() -> T) -> thread::Result<T> {
    let outer = LEAVABLE.replace(true);
    let answer = catch_unwind(AssertUnwindSafe(work));
    LEAVABLE.set(outer);
    answer
}

/// Does work as [`contained`] does; the reason is that of the error when a bug makes it panic.
pub(crate) fn contained_or<T>(reason: &str, work: impl FnOnce() -> T) -> Result<T, GeometryError> {
    if let Some(answer) = contained(work) {
        return Ok(answer);
    }
    check()?;
    Err(GeometryError::Topology { reason: reason.to_owned() })
}

/// Returns whether the work on this thread must end, so that any answer of it will do; leaves it
/// if it is leavable.
///
/// It costs next to nothing: the flag is looked at once in many calls, and no more once it was
/// seen.
#[inline]
pub fn is_over() -> bool {
    is_over_after(1)
}

/// Returns whether the work on this thread must end, as [`is_over`] does, for so many small steps
/// at once.
#[inline]
pub fn is_over_after(steps: usize) -> bool {
    if OVER.get() {
        return left();
    }
    let done = STEPS.get().saturating_add(steps);
    if done < STRIDE {
        STEPS.set(done);
        return false;
    }
    STEPS.set(0);
    OVER.set(check().is_err());
    OVER.get() && left()
}

/// Returns whether the work on this thread must end, as [`is_over`] does, and looks at the flag in
/// any case: before what takes long and cannot be left.
pub fn is_over_now() -> bool {
    is_over_after(STRIDE)
}

/// Leaves work that is over, if it is leavable.
#[cold]
fn left() -> bool {
    if LEAVABLE.get() {
        resume_unwind(Box::new(Left));
    }
    true
}

/// Returns what tells whether the work on this thread must end, if anything does.
pub fn current() -> Option<IsOver> {
    FLAG.with_borrow(Clone::clone)
}

/// Counts the steps of a computation, and looks at the flag once in many.
#[derive(Debug, Default)]
pub struct Steps {
    count: usize,
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
        OVER.set(false);
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
        let has_stopped: IsOver = Arc::new(move || flag.load(Ordering::Relaxed));
        let never: IsOver = Arc::new(|| false);
        interruptible(&has_stopped, || {
            assert_eq!(check(), Ok(()));
            stopped.store(true, Ordering::Relaxed);
            assert_eq!(check(), Err(GeometryError::Interrupted));
            interruptible(&never, || assert_eq!(check(), Ok(())));
            assert_eq!(check(), Err(GeometryError::Interrupted));
            let mut steps = Steps::default();
            let failed = (1..=2 * STRIDE).find(|_| steps.step().is_err());
            assert_eq!(failed, Some(STRIDE));
            assert!((0..STRIDE).any(|_| is_over()));
            assert!(is_over());
            interruptible(&never, || assert!(!(0..2 * STRIDE).any(|_| is_over())));
            assert!(is_over_now());
            let left: Option<()> = leavable(|| {
                is_over();
                unreachable!("the work is over");
            });
            assert_eq!(left, None);
            assert_eq!(contained_or("", is_over), Err(GeometryError::Interrupted));
            assert!(is_over());
        });
        assert_eq!(contained_or("", is_over_now), Ok(false));
        assert!(!is_over_after(STRIDE));
        assert_eq!(check(), Ok(()));
    }
}
