//! Statements that run while their client asks from time to time how far they are.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow_flight::{FlightDescriptor, FlightInfo};
use godwit_engine::{Code, Error};
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tonic::Status;
use uuid::Uuid;

use super::status::Failure;

/// How long a statement goes on, and its outcome waits, for somebody to ask.
pub(super) const LEASE: Duration = Duration::from_mins(5);
/// How many statements may run or wait so at once.
const MAX_JOBS: usize = 1024;

/// What a statement came to.
type Outcome = Option<Result<FlightInfo, Status>>;

/// The statements of all clients that poll.
#[derive(Debug, Default)]
pub(super) struct Jobs {
    by_id: Mutex<HashMap<Uuid, Job>>,
}

/// A statement that runs on its own. Dropping it cancels the statement.
#[derive(Debug)]
struct Job {
    outcome: watch::Receiver<Outcome>,
    asked: Arc<FlightDescriptor>,
    leased_until: Instant,
    _work: JoinSet<()>,
}

impl Jobs {
    /// Starts a statement that a client asked for.
    pub(super) fn start(
        &self,
        id: Uuid,
        asked: FlightDescriptor,
        work: impl Future<Output = Result<FlightInfo, Failure>> + Send + 'static,
    ) -> Result<(), Failure> {
        let (sender, outcome) = watch::channel(None);
        let mut jobs = self.by_id.lock();
        jobs.retain(|_, job| job.leased_until > Instant::now());
        if jobs.len() >= MAX_JOBS {
            let message = format!("{MAX_JOBS} statements are polled already");
            return Err(Error::new(Code::TooManyQueries, message).into());
        }
        let mut running = JoinSet::new();
        running.spawn(async move {
            sender.send_replace(Some(work.await.map_err(Status::from)));
        });
        let leased_until = Instant::now() + LEASE;
        jobs.insert(id, Job { outcome, asked: Arc::new(asked), leased_until, _work: running });
        Ok(())
    }

    /// Waits for a statement, and returns what was asked for, and what it came to if it is over by
    /// then.
    pub(super) async fn wait(
        &self,
        id: Uuid,
        patience: Duration,
    ) -> Result<(Arc<FlightDescriptor>, Outcome), Failure> {
        let (mut outcome, asked) = {
            let mut jobs = self.by_id.lock();
            let Some(job) = jobs.get_mut(&id) else {
                let message = "the statement has expired: nobody asked for it for some minutes, \
                               or it was canceled";
                return Err(Error::new(Code::UndefinedObject, message).into());
            };
            job.leased_until = Instant::now() + LEASE;
            (job.outcome.clone(), Arc::clone(&job.asked))
        };
        let over = tokio::time::timeout(patience, outcome.wait_for(Option::is_some)).await;
        match over {
            Err(_elapsed) => Ok((asked, None)),
            Ok(Ok(outcome)) => Ok((asked, outcome.clone())),
            Ok(Err(_lost)) => Err(Error::new(Code::Canceled, "the query was canceled").into()),
        }
    }

    /// Cancels a statement; returns whether it was running.
    pub(super) fn cancel(&self, id: Uuid) -> bool {
        let canceled = self.by_id.lock().remove(&id);
        canceled.is_some_and(|job| job.outcome.borrow().is_none())
    }

    /// Cancels the statements, and forgets the outcomes, that nobody asks for.
    pub(super) fn tidy(&self) {
        self.by_id.lock().retain(|_, job| job.leased_until > Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> FlightDescriptor {
        FlightDescriptor::new_cmd("x")
    }

    #[tokio::test]
    async fn an_outcome_waits_and_can_be_asked_for_again() {
        let jobs = Jobs::default();
        let id = Uuid::new_v4();
        let info = FlightInfo { total_records: 7, ..FlightInfo::default() };
        jobs.start(id, asked(), std::future::ready(Ok(info))).unwrap();
        for _ in 0..2 {
            let (_, outcome) = jobs.wait(id, LEASE).await.unwrap();
            assert_eq!(outcome.unwrap().unwrap().total_records, 7);
        }
        assert!(!jobs.cancel(id));
        assert!(jobs.wait(id, LEASE).await.is_err());
    }

    #[tokio::test]
    async fn a_canceled_statement_is_dropped() {
        let jobs = Jobs::default();
        let id = Uuid::new_v4();
        let (ends, mut ended) = tokio::sync::oneshot::channel::<()>();
        let work = async move {
            let _ends = ends;
            std::future::pending().await
        };
        jobs.start(id, asked(), work).unwrap();
        let (_, outcome) = jobs.wait(id, Duration::ZERO).await.unwrap();
        assert!(outcome.is_none());
        assert!(ended.try_recv().is_err());
        assert!(jobs.cancel(id));
        assert!(ended.await.is_err(), "the work is dropped");
    }
}
