//! A job in somebody's hands: whatever is next is done, until there is nothing more to do for now.

use ::assets::Asset;
use generation::decide::{self, Next, check_lease};
use generation::{Cancelled, Class, Failure, Job, Lease, Polled, Reason, Rejection};
use kernel::{Span, Timestamp};

use super::super::providers::SetUp;
use super::super::write::Shelf;
use super::super::{JobError, Jobs};
use super::{Saga, SagaStep, WorkError};
use crate::unit::unit;

/// How many things are done to a job in a row. A character has seven steps of a few each.
const TURNS_MAX: usize = 100;

/// A job that this worker has, and everything it takes.
pub(super) struct Held<'a> {
    pub(super) jobs: &'a Jobs,
    pub(super) saga: &'a dyn Saga,
    pub(super) lease: Lease,
}

impl Held<'_> {
    /// Does what is next until the job has ended or is let go of.
    pub(super) async fn work(&self, mut job: Job) -> Result<(), WorkError> {
        self.saga.reached(SagaStep::Claimed, &job).await?;
        for _ in 0..TURNS_MAX {
            if check_lease(&job, self.lease).is_err() {
                return Ok(());
            }
            let turn = match decide::next(&job, &self.jobs.rules, self.now()) {
                Next::Nothing => return Ok(()),
                Next::Start => self.submit(&job).await,
                Next::Poll => self.poll(&job).await,
                Next::Store => self.fetch(&job).await,
                Next::Recover => self.recover(&job).await,
                Next::Lost => {
                    self.change(&job, |job, now| decide::lost(job, &self.jobs.rules, now)).await
                }
                Next::GiveUp => self.give_up(&job, Reason::OutcomeUnknown).await,
                Next::Abandon => self.give_up(&job, Reason::WorkerCrashed).await,
                Next::Cancel => {
                    self.change(&job, |job, now| decide::cancelled(job, None, now)).await
                }
                Next::Stop => self.stop(&job).await,
                Next::Expire => self.expire(&job).await,
            };
            job = match turn {
                Ok(job) => job,
                // Somebody else has it, or has ended it: what is stored counts.
                Err(WorkError::Job(
                    JobError::Rejected(
                        Rejection::LeaseLost | Rejection::Ended { .. } | Rejection::CancelAsked,
                    )
                    | JobError::JobNotFound,
                )) => return self.let_go(&job).await,
                Err(error) => return Err(error),
            };
        }
        self.change(&job, |job, now| Ok(decide::release(job, now))).await.map(drop)
    }

    /// Lets go of a job that is still ours and was changed by somebody else, such as its user.
    async fn let_go(&self, job: &Job) -> Result<(), WorkError> {
        match self.change(job, |job, now| Ok(decide::release(job, now))).await {
            Ok(_) | Err(WorkError::Job(JobError::Rejected(_) | JobError::JobNotFound)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.jobs.clock.now()
    }

    pub(super) fn draw(&self) -> u64 {
        self.jobs.ids.nonce()
    }

    /// Decides on the job as it is stored, if it is still ours, and writes what comes of it.
    pub(super) async fn change(
        &self,
        seen: &Job,
        decide: impl Fn(Job, Timestamp) -> Result<Job, Rejection> + Sync,
    ) -> Result<Job, WorkError> {
        self.change_with(seen, &[], decide).await
    }

    /// The same, inserting assets in the same step.
    pub(super) async fn change_with(
        &self,
        seen: &Job,
        new: &[Asset],
        decide: impl Fn(Job, Timestamp) -> Result<Job, Rejection> + Sync,
    ) -> Result<Job, WorkError> {
        let jobs = self.jobs;
        let shelf: Shelf = jobs.shelf(seen, new).await.map_err(JobError::from)?;
        let (decide, shelf) = (&decide, &shelf);
        let job = unit!(jobs.store, JobError, |tx| {
            let (before, subject) = jobs.open_in(tx, seen).await?;
            check_lease(&before, self.lease)?;
            let after = decide(before.clone(), jobs.clock.now())?;
            jobs.write_in(tx, (&before, after), subject, shelf, new).await
        })?;
        Ok(job)
    }

    async fn give_up(&self, job: &Job, reason: Reason) -> Result<Job, WorkError> {
        tracing::warn!(%reason, "a job is given up");
        self.change(job, |job, now| decide::give_up(job, reason, now)).await
    }

    /// Whoever has the step under way.
    pub(super) fn set_up(&self, job: &Job) -> Result<&SetUp, Failure> {
        let found = job.route().and_then(|route| self.jobs.providers.get(&route.provider));
        // It was there when the job was accepted.
        found.ok_or_else(|| Failure::new(Class::AuthFailed, "the provider is not set up any more"))
    }

    async fn poll(&self, job: &Job) -> Result<Job, WorkError> {
        let operation = job.active().and_then(|(_, step)| step.operation.clone());
        let polled = match (self.set_up(job), operation) {
            (Ok(set_up), Some(operation)) => set_up.provider.poll(&operation).await,
            (Err(failure), _) => Err(failure),
            (_, None) => Err(Failure::new(Class::Transient, "there is no operation to ask about")),
        };
        self.saga.reached(SagaStep::Polled, job).await?;
        let (rules, draw) = (&self.jobs.rules, self.draw());
        match polled {
            Ok(Polled::Running { percent, again_after }) => {
                let again_after = again_after.and_then(span);
                self.change(job, |job, now| {
                    decide::polled(job, percent, again_after, rules, draw, now)
                })
                .await
            }
            Ok(Polled::Made(made)) => self.keep(job, made).await,
            Err(failure) => {
                self.note(job, &failure).await;
                self.change(job, |job, now| decide::poll_failed(job, &failure, rules, draw, now))
                    .await
            }
        }
    }

    /// Asks the provider to stop. What had ended before is asked for once more: the user may have
    /// what was made in time.
    async fn stop(&self, job: &Job) -> Result<Job, WorkError> {
        let how = self.cancel_there(job).await;
        if how == Some(Cancelled::Ended) {
            let operation = job.active().and_then(|(_, step)| step.operation.clone());
            if let (Ok(set_up), Some(operation)) = (self.set_up(job), operation)
                && let Ok(Polled::Made(made)) = set_up.provider.poll(&operation).await
            {
                return self.keep(job, made).await;
            }
        }
        self.change(job, |job, now| decide::cancelled(job, how, now)).await
    }

    async fn expire(&self, job: &Job) -> Result<Job, WorkError> {
        let how = self.cancel_there(job).await;
        self.change(job, |job, now| decide::expire(job, how, now)).await
    }

    /// `None` where nobody is at it.
    async fn cancel_there(&self, job: &Job) -> Option<Cancelled> {
        let operation = job.active().and_then(|(_, step)| step.operation.clone())?;
        match self.set_up(job) {
            Ok(set_up) => match set_up.provider.cancel(&operation).await {
                Ok(how) => Some(how),
                Err(failure) => {
                    tracing::warn!(%failure, "a provider could not be asked to stop");
                    Some(Cancelled::Asked)
                }
            },
            Err(_) => Some(Cancelled::Unsupported),
        }
    }
}

pub(super) fn span(pause: std::time::Duration) -> Option<Span> {
    Span::from_micros(i64::try_from(pause.as_micros()).ok()?)
}
