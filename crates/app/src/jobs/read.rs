//! Reading jobs.

use std::time::Duration;

use generation::Job;
use kernel::{JobId, Page, PageSize, Position, UserId};
use ports::JobFilter;
use tokio::time::{Instant, sleep_until};
use tracing::instrument;

use super::{JobError, Jobs};
use crate::unit::Batch;

/// How often a caller who waits is looked after. A read by key; what ends in between is told late
/// by so much at most.
const LOOK_EVERY: Duration = Duration::from_millis(250);

impl Jobs {
    #[instrument(skip_all, fields(user.id = %user, job.id = %id))]
    pub async fn get(&self, user: UserId, id: JobId) -> Result<Job, JobError> {
        let found = self.reads.find_jobs(user, &[id]).await?;
        found.into_iter().next().ok_or(JobError::JobNotFound)
    }

    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn get_several(
        &self,
        user: UserId,
        ids: &[JobId],
    ) -> Result<Batch<Job, JobId>, JobError> {
        let found = self.reads.find_jobs(user, ids).await?;
        Ok(Batch::of(ids, found, |job| job.id))
    }

    /// A page of a user's jobs, newest first.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn list(
        &self,
        user: UserId,
        filter: &JobFilter,
        size: PageSize,
        after: Option<Position<JobId>>,
    ) -> Result<Page<Job, Position<JobId>>, JobError> {
        let size = size.at_most(PageSize::OF_LARGE);
        Ok(self.reads.list_jobs(user, filter, size, after).await?)
    }

    /// The job once it has ended, or as it is after `at_most`.
    #[instrument(skip_all, fields(user.id = %user, job.id = %id))]
    pub async fn wait(&self, user: UserId, id: JobId, at_most: Duration) -> Result<Job, JobError> {
        let end = Instant::now() + at_most;
        loop {
            let job = self.get(user, id).await?;
            let now = Instant::now();
            if job.state.is_terminal() || now >= end {
                return Ok(job);
            }
            sleep_until((now + LOOK_EVERY).min(end)).await;
        }
    }
}
