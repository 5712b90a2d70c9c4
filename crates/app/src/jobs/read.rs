//! Reading jobs.

use generation::Job;
use kernel::{JobId, Page, PageSize, Position, UserId};
use ports::JobFilter;
use tracing::instrument;

use super::{JobError, Jobs};
use crate::unit::Batch;

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
}
