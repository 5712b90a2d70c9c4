//! What callers and operators do to a job that is there: cancelling, trying again, deciding.

use generation::decide::{self, Resolution};
use generation::{Job, Rejection};
use kernel::{JobId, RequestId, UserId};
use ports::Tx;
use tracing::instrument;

use super::{Accepted, JobError, Jobs, NewJob};
use crate::unit::unit;

/// Asks for a job to be tried again, as a new one that goes on from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    pub user: UserId,
    pub id: JobId,
    pub request_id: RequestId,
}

impl Jobs {
    /// Calls a job off. One that nobody is at ends at once; of the others it is noted.
    #[instrument(skip_all, fields(user.id = %user, job.id = %id))]
    pub async fn cancel(&self, user: UserId, id: JobId) -> Result<Job, JobError> {
        let seen = self.get(user, id).await?;
        unit!(self.store, |tx| self.cancel_in(tx, &seen))
    }

    async fn cancel_in(&self, tx: &mut dyn Tx, seen: &Job) -> Result<Job, JobError> {
        let (before, subject) = self.open_in(tx, seen).await?;
        match decide::cancel(before.clone(), self.clock.now()) {
            // Whoever calls off what has been called off has what was asked for.
            Err(Rejection::Ended { state: generation::JobState::Cancelled }) => Ok(before),
            outcome => {
                let after = outcome?;
                let shelf = Default::default();
                self.write_in(tx, (&before, after), subject, &shelf, &[]).await
            }
        }
    }

    /// Asks again for what a job did not make. What it has made is neither made nor paid for again.
    #[instrument(skip_all, fields(user.id = %retry.user, job.id = %retry.id))]
    pub async fn retry(&self, retry: &Retry) -> Result<Accepted, JobError> {
        let earlier = self.get(retry.user, retry.id).await?;
        decide::resumable(&earlier)?;
        let operation = earlier.money.operation_type.as_str().parse();
        let new = NewJob {
            user: retry.user,
            request_id: retry.request_id.clone(),
            request: earlier.request.clone(),
            model: earlier.model.clone(),
            places: earlier.places,
            metadata: earlier.metadata.clone(),
            priority: earlier.priority,
            not_before: None,
            operation_type: operation.ok(),
        };
        self.accept(&new, Some(&earlier)).await
    }

    /// Jobs of anybody that nobody knows the outcome of, longest stuck first.
    #[instrument(skip_all)]
    pub async fn stuck(&self, limit: usize) -> Result<Vec<Job>, JobError> {
        Ok(self.reads.list_stuck(limit).await?)
    }

    /// An operator's word on a job that is stuck.
    #[instrument(skip_all, fields(user.id = %user, job.id = %id))]
    pub async fn resolve(&self, user: UserId, id: JobId, how: Resolution) -> Result<Job, JobError> {
        let seen = self.get(user, id).await?;
        let shelf = self.shelf(&seen, &[]).await?;
        unit!(self.store, JobError, |tx| {
            let (before, subject) = self.open_in(tx, &seen).await?;
            let after = decide::resolve(before.clone(), how, self.clock.now())?;
            self.write_in(tx, (&before, after), subject, &shelf, &[]).await
        })
    }
}
