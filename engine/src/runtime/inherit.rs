//! Lets everything that computes for a statement see that the statement must end.
//!
//! Operators start tasks of their own, and those start others. Each of them looks at the flag of
//! the task that started it, so that what takes long in an aggregate, a window or a join ends with
//! the statement, as functions do.

use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use datafusion::common::runtime::{JoinSetTracer, set_join_set_tracer};
use futures::future::BoxFuture;
use godwit_geometry::interrupt::{IsOver, current, interruptible};

/// Lets the tasks of operators inherit the flag of those that start them, from now on.
pub(crate) fn inherit_flags() {
    // Another engine of the process has said so already if this fails.
    let _is_first = set_join_set_tracer(&InheritFlags);
}

/// Work that looks at a flag whenever it is polled.
pub(crate) struct Flagged<F: ?Sized> {
    is_over: IsOver,
    work: Pin<Box<F>>,
}

impl<F> Flagged<F> {
    /// Returns work that looks at a flag, as all does that it starts.
    pub(crate) fn new(is_over: IsOver, work: F) -> Self {
        Self { is_over, work: Box::pin(work) }
    }
}

impl<F: Future + ?Sized> Future for Flagged<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let Self { is_over, work } = &mut *self;
        interruptible(is_over, || work.as_mut().poll(context))
    }
}

struct InheritFlags;

type Anything = Box<dyn Any + Send>;

impl JoinSetTracer for InheritFlags {
    fn trace_future(&self, work: BoxFuture<'static, Anything>) -> BoxFuture<'static, Anything> {
        match current() {
            Some(is_over) => Box::pin(Flagged { is_over, work }),
            None => work,
        }
    }

    fn trace_block(
        &self,
        work: Box<dyn FnOnce() -> Anything + Send>,
    ) -> Box<dyn FnOnce() -> Anything + Send> {
        match current() {
            Some(is_over) => Box::new(move || interruptible(&is_over, work)),
            None => work,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use datafusion::common::runtime::SpawnedTask;
    use godwit_geometry::interrupt::check;

    use super::*;

    #[tokio::test]
    async fn tasks_of_tasks_see_the_flag_and_others_do_not() {
        inherit_flags();
        let stopped = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stopped);
        let is_over: IsOver = Arc::new(move || flag.load(Ordering::Relaxed));
        let task = async || {
            SpawnedTask::spawn(async {
                let here = check().is_err();
                let below = SpawnedTask::spawn_blocking(|| check().is_err()).join().await;
                [here, below.unwrap()]
            })
            .join()
            .await
            .unwrap()
        };
        assert_eq!(Flagged::new(Arc::clone(&is_over), task()).await, [false, false]);
        stopped.store(true, Ordering::Relaxed);
        assert_eq!(Flagged::new(is_over, task()).await, [true, true]);
        assert_eq!(task().await, [false, false]);
    }
}
