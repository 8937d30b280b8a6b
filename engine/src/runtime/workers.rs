//! The threads that plan and run statements, apart from those that talk to clients.
//!
//! An operator or a function may keep its thread for as long as it computes one batch. On threads
//! of its own it is in nobody's way but that of other statements, and those go to further threads
//! when none of the first is free.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::error::{Code, Error};
use crate::queries::unpanicked;

/// The most lanes; statements that find the threads of all of them at work wait.
const MOST_LANES: usize = 8;
/// How long work waits for a thread of one lane before it is offered to the next as well.
const PATIENCE: Duration = Duration::from_millis(20);
/// Plans are walked recursively, and SQL can be nested.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// The threads that plan and run statements, in lanes that each have one thread for each core.
///
/// A statement runs in one lane, and all its tasks do. The lanes behind the first are made when
/// they are needed.
#[derive(Debug)]
pub(crate) struct Workers {
    lanes: Mutex<Vec<Runtime>>,
    /// The lane that took the last work, which is offered the next first.
    preferred: Arc<AtomicUsize>,
}

impl Workers {
    /// Starts the threads of the first lane.
    pub(crate) fn start() -> Result<Self, Error> {
        let first = lane(0).map_err(|error| {
            Error::new(Code::Internal, "the threads of queries could not start").with_source(error)
        })?;
        Ok(Self { lanes: Mutex::new(vec![first]), preferred: Arc::default() })
    }

    /// Runs work on these threads, and returns what it returns; a panic inside is an error.
    /// Dropping the future ends the work at its next rest.
    pub(crate) async fn run<F>(&self, work: F) -> Result<F::Output, Error>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let offer = Arc::new(Offer { work: Mutex::new(Some(Box::pin(work))) });
        let mut offers = JoinSet::new();
        let preferred = self.preferred.load(Ordering::Relaxed);
        for number in (preferred..MOST_LANES).chain(0..preferred) {
            let Some(lane) = self.lane(number) else { continue };
            let (offered, preferred) = (Arc::clone(&offer), Arc::clone(&self.preferred));
            let accepted = async move {
                let work = offered.take()?;
                preferred.store(number, Ordering::Relaxed);
                Some(unpanicked(work).await)
            };
            offers.spawn_on(accepted, &lane);
            if let Ok(outcome) = timeout(PATIENCE, outcome(&mut offers)).await {
                return outcome;
            }
            if offer.is_taken() {
                break;
            }
        }
        outcome(&mut offers).await
    }

    /// Returns how many threads there can be, in all lanes.
    #[cfg(test)]
    pub(crate) fn most_threads(&self) -> usize {
        self.lane(0).map_or(0, |lane| lane.metrics().num_workers()) * MOST_LANES
    }

    /// Returns a lane, which is started if it is the next after those there are; nothing when the
    /// machine has no threads left for it, or a lane before it is missing.
    fn lane(&self, number: usize) -> Option<Handle> {
        let mut lanes = self.lanes.lock();
        if number == lanes.len() {
            match lane(number) {
                Ok(started) => lanes.push(started),
                Err(error) => tracing::warn!(%error, "no further threads for queries"),
            }
        }
        lanes.get(number).map(|lane| lane.handle().clone())
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        for lane in self.lanes.get_mut().drain(..) {
            // Whatever still runs has nobody to answer to, and may not be waited for in a task.
            lane.shutdown_background();
        }
    }
}

/// Work that lanes are asked to take.
struct Offer<F> {
    work: Mutex<Option<Pin<Box<F>>>>,
}

impl<F> Offer<F> {
    fn take(&self) -> Option<Pin<Box<F>>> {
        self.work.lock().take()
    }

    fn is_taken(&self) -> bool {
        self.work.lock().is_none()
    }
}

/// Waits for the lane that took the work; the others have nothing to say.
async fn outcome<T: 'static>(offers: &mut JoinSet<Option<Result<T, Error>>>) -> Result<T, Error> {
    while let Some(answer) = offers.join_next().await {
        match answer {
            Ok(Some(outcome)) => return outcome,
            Ok(None) => {}
            Err(error) => {
                return Err(Error::new(Code::Internal, "a task was lost").with_source(error));
            }
        }
    }
    Err(Error::new(Code::Internal, "no thread took the work"))
}

fn lane(number: usize) -> std::io::Result<Runtime> {
    Builder::new_multi_thread()
        .enable_all()
        .thread_name(format!("query-{number}"))
        .thread_stack_size(STACK_BYTES)
        .build()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Blocks every thread of the first lane until the sender is dropped.
    async fn blocked(workers: &Arc<Workers>) -> (mpsc::Sender<()>, JoinSet<()>) {
        let threads = workers.lane(0).unwrap().metrics().num_workers();
        let (release, released) = mpsc::channel();
        let released = Arc::new(std::sync::Mutex::new(released));
        let (started, mut all_started) = tokio::sync::mpsc::unbounded_channel();
        let mut stuck = JoinSet::new();
        let lane = workers.lane(0).unwrap();
        for _ in 0..threads {
            let (released, started) = (Arc::clone(&released), started.clone());
            let work = async move {
                started.send(()).unwrap();
                // Ends with an error when the sender is dropped, one thread after the other.
                let _dropped = released.lock().map(|released| released.recv());
            };
            stuck.spawn_on(work, &lane);
        }
        for _ in 0..threads {
            all_started.recv().await.unwrap();
        }
        (release, stuck)
    }

    #[tokio::test]
    async fn work_goes_on_when_all_threads_are_taken() {
        let workers = Arc::new(Workers::start().unwrap());
        let (release, mut stuck) = blocked(&workers).await;
        assert_eq!(workers.run(async { 7 }).await.unwrap(), 7);
        assert_eq!(workers.lanes.lock().len(), 2);
        // The lane that had room is asked first from now on.
        assert_eq!(workers.preferred.load(Ordering::Relaxed), 1);
        drop(release);
        while stuck.join_next().await.is_some() {}
        assert_eq!(workers.run(async { 8 }).await.unwrap(), 8);
        assert_eq!(workers.lanes.lock().len(), 2);
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_ends() {
        let workers = Workers::start().unwrap();
        let (ends, mut ended) = tokio::sync::oneshot::channel::<()>();
        let (started, is_started) = tokio::sync::oneshot::channel();
        let work = async move {
            let _ends = ends;
            started.send(()).unwrap();
            std::future::pending::<()>().await;
        };
        let mut work = Box::pin(workers.run(work));
        tokio::select! {
            _ = &mut work => unreachable!("the work never ends"),
            begun = is_started => begun.unwrap(),
        }
        assert!(ended.try_recv().is_err());
        drop(work);
        assert!(ended.await.is_err(), "the work is dropped");
    }

    #[tokio::test]
    async fn a_panic_is_an_error() {
        let workers = Workers::start().unwrap();
        let outcome = workers.run(async { panic!("no") }).await;
        let error: Error = outcome.map(|(): ()| ()).unwrap_err();
        assert_eq!(error.code, Code::Internal);
        assert_eq!(workers.run(async { 1 }).await.unwrap(), 1);
    }
}
