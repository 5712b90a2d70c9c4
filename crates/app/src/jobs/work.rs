//! Working on jobs: taking them on, keeping them while somebody is at it, letting go of them.
//!
//! Nobody holds a job between two questions to a provider: the table knows when to ask next. What is
//! done to a job while it is held is in the files beside this one.

mod fetch;
mod held;
mod put;
mod saga;
mod sheet;
mod submit;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use generation::{Job, Lease};
use kernel::Span;
use ports::{Claim, StoreError};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument;

pub use saga::{Killed, Saga, SagaStep};

use super::{JobError, Jobs};
use held::Held;
use saga::Undisturbed;

/// How long a worker that takes on all that it may at once waits for more of its slots to be free:
/// each look at the queue costs as much for one job as for many.
const LINGER: Duration = Duration::from_millis(50);

/// How a worker works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkerLimits {
    /// Jobs that are held at once.
    pub slots: usize,
    /// How often it is looked whether there is something to do, if nothing says so.
    pub poll_every: Duration,
    /// How long jobs that are held may take when the worker is told to stop.
    pub grace: Duration,
}

impl Default for WorkerLimits {
    fn default() -> Self {
        Self {
            // 64: they wait for the network most of the time.
            slots: 64,
            poll_every: Duration::from_secs(1),
            grace: Duration::from_secs(20),
        }
    }
}

/// Works on jobs until it is told to stop. Any number of them, in any number of processes.
pub struct Worker {
    jobs: Arc<Jobs>,
    limits: WorkerLimits,
    saga: Arc<dyn Saga>,
    /// Of what is held.
    leases: Mutex<Vec<Lease>>,
}

/// Why work on a job ended before the job did.
#[derive(Debug, thiserror::Error)]
enum WorkError {
    #[error(transparent)]
    Job(#[from] JobError),
    #[error(transparent)]
    Killed(#[from] Killed),
}

impl Worker {
    pub fn new(jobs: Arc<Jobs>, limits: WorkerLimits) -> Self {
        Self { jobs, limits, saga: Arc::new(Undisturbed), leases: Mutex::default() }
    }

    /// The same, telling `saga` of each step before the next is done.
    #[must_use]
    pub fn watched(self, saga: Arc<dyn Saga>) -> Self {
        Self { saga, ..self }
    }

    /// Takes on what there is and works on it, until `stop` becomes true or its sender is gone.
    pub async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        let mut tasks = JoinSet::new();
        let beat = tokio::spawn(self.clone().keep_alive());
        while !*stop.borrow() {
            let free = self.limits.slots.saturating_sub(tasks.len());
            let taken = self.take(free).await;
            // Else there is nothing to do until somebody tells of it.
            let more = taken.len() == free;
            for (lease, job) in taken {
                let span = tracing::info_span!("job", job.id = %job.id, user.id = %job.user);
                tasks.spawn(self.clone().work(lease, job).instrument(span));
            }
            tokio::select! {
                changed = stop.changed() => if changed.is_err() { break },
                () = self.linger(&mut tasks), if more => {}
                waited = self.jobs.reads.wait(self.limits.poll_every), if !more => log_wait(waited),
            }
            while tasks.try_join_next().is_some() {}
        }
        let end = Instant::now() + self.limits.grace;
        while let Ok(Some(_)) = timeout_at(end, tasks.join_next()).await {}
        beat.abort();
        self.give_back(tasks).await;
    }

    /// Waits until a slot is free, and then for a moment until a quarter of them is.
    async fn linger(&self, tasks: &mut JoinSet<()>) {
        let slots = self.limits.slots;
        if tasks.len() >= slots {
            tasks.join_next().await;
        }
        let end = Instant::now() + LINGER;
        let busy = slots.saturating_sub(slots.div_ceil(4));
        while tasks.len() > busy && timeout_at(end, tasks.join_next()).await.is_ok() {}
    }

    /// Drops what is not done. Its leases end now, so that somebody else goes on at once.
    async fn give_back(&self, mut tasks: JoinSet<()>) {
        let leases = self.leases_held();
        tasks.shutdown().await;
        if let Err(error) = self.jobs.reads.renew(&leases, self.jobs.clock.now()).await {
            log_store(&error, "leases could not be given back: they run out");
        }
    }

    /// Works on what is there now and ends, for those who want one round. Answers how many jobs
    /// that were.
    pub async fn round(self: &Arc<Self>) -> usize {
        let taken = self.take(self.limits.slots).await;
        let count = taken.len();
        let mut tasks = JoinSet::new();
        for (lease, job) in taken {
            tasks.spawn(self.clone().work(lease, job));
        }
        while tasks.join_next().await.is_some() {}
        count
    }

    async fn take(&self, limit: usize) -> Vec<(Lease, Job)> {
        let Jobs { reads, clock, ids, rules, .. } = &*self.jobs;
        let now = clock.now();
        let lease = Lease(ids.uuid().as_u128());
        let until = now.saturating_add(rules.lease);
        let patient_until = now.saturating_add(rules.patience_with_limits);
        let running_max = rules.running_max;
        let claim = Claim { now, lease, until, patient_until, running_max, limit };
        match reads.claim(&claim).await {
            Ok(jobs) => {
                self.leases().extend(jobs.iter().map(|_| lease));
                jobs.into_iter().map(|job| (lease, job)).collect()
            }
            Err(error) => {
                log_store(&error, "no jobs could be taken on");
                Vec::new()
            }
        }
    }

    async fn work(self: Arc<Self>, lease: Lease, job: Job) {
        // Given back too if the work panics or is dropped.
        let _kept = Kept { worker: &self, lease };
        let held = Held { jobs: &self.jobs, saga: &*self.saga, lease };
        match held.work(job).await {
            Ok(()) => {}
            Err(WorkError::Killed(killed)) => tracing::debug!(%killed, "work was cut short"),
            // The lease ends, and whoever finds the job then goes by what is stored.
            Err(WorkError::Job(error)) => {
                let error: &dyn std::error::Error = &error;
                tracing::warn!(error, "work on a job was given up");
            }
        }
    }

    /// Says again and again that what is held is still held.
    async fn keep_alive(self: Arc<Self>) {
        let lease = self.jobs.rules.lease;
        let third = Span::from_micros(lease.as_micros() / 3).unwrap_or(lease);
        loop {
            sleep(third.into()).await;
            let leases = self.leases_held();
            let until = self.jobs.clock.now().saturating_add(lease);
            if let Err(error) = self.jobs.reads.renew(&leases, until).await {
                log_store(&error, "leases could not be renewed");
            }
        }
    }

    /// Each once, however many jobs it holds.
    fn leases_held(&self) -> Vec<Lease> {
        let mut leases = self.leases().clone();
        leases.sort_unstable();
        leases.dedup();
        leases
    }

    fn leases(&self) -> MutexGuard<'_, Vec<Lease>> {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A job that is held, as far as the leases go.
struct Kept<'a> {
    worker: &'a Worker,
    lease: Lease,
}

impl Drop for Kept<'_> {
    fn drop(&mut self) {
        let mut leases = self.worker.leases();
        if let Some(place) = leases.iter().position(|lease| *lease == self.lease) {
            leases.swap_remove(place);
        }
    }
}

fn log_wait(waited: Result<(), StoreError>) {
    if let Err(error) = waited {
        log_store(&error, "nothing can be heard of new jobs");
    }
}

fn log_store(error: &StoreError, what: &str) {
    let error: &dyn std::error::Error = error;
    tracing::warn!(error, "{what}");
}
