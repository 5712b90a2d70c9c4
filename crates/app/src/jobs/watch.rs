//! Following jobs and events as they happen. One task for the whole process reads what has happened
//! and tells those who wait; who waits asks the store for nothing meanwhile.
//!
//! Who waits for what is in `hub`, the task in `follower`, events in their order in `subscription`.

mod follower;
mod hub;
mod subscription;

use std::sync::Arc;
use std::time::Duration;

use generation::{EventPosition, Job};
use kernel::{Etag, JobId, UserId};
use ports::{EventFilter, EventReads, JobReads, StoreError};
use tokio::sync::{oneshot, watch};
use tokio::time::{Instant, timeout_at};
use tracing::instrument;

use super::JobError;
use hub::{Hub, Seen};

pub use subscription::{FollowError, Subscription, Told};

/// All that followers read.
pub trait WatchReads: EventReads + JobReads {}

impl<T: EventReads + JobReads + ?Sized> WatchReads for T {}

/// The use cases on what is happening. Its task ends when this is dropped.
pub struct Watches {
    hub: Arc<Hub>,
    reads: Arc<dyn WatchReads>,
    _stop: oneshot::Sender<()>,
}

/// One watcher of one job. Dropping it ends the watch; nothing else holds on to it.
pub struct JobWatch {
    hub: Arc<Hub>,
    key: (UserId, JobId),
    receiver: watch::Receiver<Seen>,
    /// What was read first until it is told.
    first: Option<Arc<Job>>,
    seen: Option<Etag>,
    over: bool,
}

impl Watches {
    /// Must be called in a runtime, in which the task is.
    pub fn start(reads: Arc<dyn WatchReads>) -> Self {
        let hub = Arc::new(Hub::default());
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(follower::follow(hub.clone(), reads.clone(), stopped));
        Self { hub, reads, _stop: stop }
    }

    /// Begins to watch a job of which `seen` has been seen already, if anything has.
    #[instrument(skip_all, fields(user.id = %user, job.id = %id))]
    pub async fn watch(
        &self,
        user: UserId,
        id: JobId,
        seen: Option<Etag>,
    ) -> Result<JobWatch, JobError> {
        let key = (user, id);
        // Joined before the first look, so that nothing falls between the two.
        let receiver = self.hub.join(key);
        let mut watch =
            JobWatch { hub: self.hub.clone(), key, receiver, first: None, seen, over: false };
        self.hub.followed().await;
        let found = self.reads.find_jobs(user, &[id]).await?.into_iter().next();
        let job = found.ok_or(JobError::JobNotFound)?;
        if seen.is_none_or(|seen| job.etag > seen) {
            watch.first = Some(Arc::new(job));
        } else {
            watch.over = job.state.is_terminal();
        }
        Ok(watch)
    }

    /// The job once it has ended, or as it is after `at_most`.
    #[instrument(skip_all, fields(user.id = %user, job.id = %id))]
    pub async fn wait(&self, user: UserId, id: JobId, at_most: Duration) -> Result<Job, JobError> {
        let end = Instant::now() + at_most;
        let mut watch = self.watch(user, id, None).await?;
        let mut last = None;
        while let Ok(next) = timeout_at(end, watch.next()).await {
            match next? {
                Some(job) => last = Some(job),
                None => break,
            }
        }
        let last = last.or_else(|| watch.first.take());
        last.map(Arc::unwrap_or_clone).ok_or(JobError::JobNotFound)
    }

    /// Begins to follow events after a position, or those that are yet to come.
    #[instrument(skip_all)]
    pub async fn subscribe(
        &self,
        filter: EventFilter,
        after: Option<EventPosition>,
    ) -> Subscription {
        Subscription::open(self.hub.clone(), self.reads.clone(), filter, after).await
    }
}

impl JobWatch {
    /// The job at first, then whenever it has changed; `None` once its end was told. Changes that
    /// nobody waited for come as one. Fails only when nothing more can come, as when the user is
    /// deleted.
    pub async fn next(&mut self) -> Result<Option<Arc<Job>>, JobError> {
        if let Some(job) = self.first.take() {
            return Ok(Some(self.tell(job)));
        }
        while !self.over {
            let news = match &*self.receiver.borrow_and_update() {
                Seen::Job(job) if self.seen.is_none_or(|seen| job.etag > seen) => Some(job.clone()),
                Seen::Nothing | Seen::Job(_) => None,
                Seen::Gone => return Err(JobError::JobNotFound),
            };
            if let Some(job) = news {
                return Ok(Some(self.tell(job)));
            }
            if self.receiver.changed().await.is_err() {
                let cause = "nobody looks after the watchers any more".into();
                return Err(JobError::Store(StoreError::Unavailable(cause)));
            }
        }
        Ok(None)
    }

    fn tell(&mut self, job: Arc<Job>) -> Arc<Job> {
        self.seen = Some(job.etag);
        self.over = job.state.is_terminal();
        job
    }

    /// The revision that was told last, or that its caller had seen before.
    pub fn seen(&self) -> Option<Etag> {
        self.seen
    }
}

impl Drop for JobWatch {
    fn drop(&mut self) {
        self.hub.leave(self.key);
    }
}
