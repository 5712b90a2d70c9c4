//! The steps of work on a job, and who may look in between: tests, which end a worker there.

use async_trait::async_trait;
use generation::Job;

/// What has just been done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SagaStep {
    /// The job is held; nothing is done yet.
    Claimed,
    /// It is noted that the provider is about to be asked; no byte has been sent.
    InFlightNoted,
    /// The provider has answered; nothing of it is noted.
    Answered,
    /// The operation is noted.
    OperationNoted,
    /// A question how far it is was answered; nothing of it is noted.
    Polled,
    /// It is noted that it was made; nothing is fetched.
    MadeNoted,
    /// The bytes are in the store; nothing of it is noted.
    BytesStored,
    /// A step is ours, or the job has ended.
    Settled,
}

/// The worker is to stop here as if its process had ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the worker was ended after {0:?}")]
pub struct Killed(pub SagaStep);

impl SagaStep {
    pub const ALL: [Self; 8] = [
        Self::Claimed,
        Self::InFlightNoted,
        Self::Answered,
        Self::OperationNoted,
        Self::Polled,
        Self::MadeNoted,
        Self::BytesStored,
        Self::Settled,
    ];
}

/// Looks on.
#[async_trait]
pub trait Saga: Send + Sync {
    /// After each step and before the next.
    async fn reached(&self, step: SagaStep, job: &Job) -> Result<(), Killed>;
}

/// Nobody looks on.
pub(super) struct Undisturbed;

#[async_trait]
impl Saga for Undisturbed {
    async fn reached(&self, _step: SagaStep, _job: &Job) -> Result<(), Killed> {
        Ok(())
    }
}
