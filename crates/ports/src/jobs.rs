//! Where jobs are kept, who is served next, and how fast providers are asked.

use std::time::Duration;

use async_trait::async_trait;
use generation::{Gauge, Job, JobKind, JobState, Lease, Model, ModelName, ProviderName};
use kernel::{
    ConversationId, JobId, Page, PageSize, Position, ProjectId, RequestId, Timestamp, UserId,
};

use crate::StoreError;

/// One job a request id of a user.
pub const JOBS_REQUEST_UNIQUE: &str = "jobs_request_unique";
/// A job is in a project that is there, if in any.
pub const JOBS_PROJECT_FKEY: &str = "jobs_project_fkey";
/// A job is a turn of a conversation that is there, if of any.
pub const JOBS_CONVERSATION_FKEY: &str = "jobs_conversation_fkey";

/// Jobs, in a unit of work.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait JobTx: Send {
    /// Finds the job that was asked for by this id, without locking.
    async fn find_job_by_request(
        &mut self,
        user: UserId,
        request: &RequestId,
    ) -> Result<Option<Job>, StoreError>;

    /// Stores a new job and wakes whoever waits for one.
    ///
    /// MUST fail with [`StoreError::Conflict`] where the user has a job of the request id
    /// ([`JOBS_REQUEST_UNIQUE`]), after waiting for any unit of work that is about to have it, and
    /// where its project ([`JOBS_PROJECT_FKEY`]) or conversation ([`JOBS_CONVERSATION_FKEY`]) is
    /// not there.
    async fn insert_job(&mut self, job: &Job) -> Result<(), StoreError>;

    /// Locks the job until the unit of work ends.
    async fn lock_job(&mut self, user: UserId, id: JobId) -> Result<Option<Job>, StoreError>;

    /// Stores what a locked job has become. What was asked stays. Wakes whoever waits where
    /// something is due at once.
    async fn update_job(&mut self, job: &Job) -> Result<(), StoreError>;

    /// Lets the user have a turn at `at` or before. After the user's jobs in the order of locks.
    async fn wake_lane(&mut self, user: UserId, at: Timestamp) -> Result<(), StoreError>;

    /// The same if a job of the user is queued: nobody is to look for one in vain.
    async fn wake_waiting(&mut self, user: UserId, at: Timestamp) -> Result<(), StoreError>;
}

/// How fast providers are asked, in a unit of work.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait GaugeTx: Send {
    /// Locks the provider's gauge until the unit of work ends; a new one where there is none. The
    /// last lock but those of what is only written.
    async fn lock_gauge(
        &mut self,
        provider: &ProviderName,
        now: Timestamp,
    ) -> Result<Gauge, StoreError>;

    /// Reads it without locking.
    async fn find_gauge(&mut self, provider: &ProviderName) -> Result<Option<Gauge>, StoreError>;

    /// How many jobs are with the provider now; those that nobody knows the outcome of are not
    /// counted.
    async fn count_at_provider(&mut self, provider: &ProviderName) -> Result<u32, StoreError>;

    /// Stores a gauge that is locked.
    async fn put_gauge(&mut self, gauge: &Gauge) -> Result<(), StoreError>;
}

/// The catalogue of models, in a unit of work.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ModelTx: Send {
    /// Stores a new model with its routes. `false`, and nothing done, where there is one of the
    /// name.
    async fn insert_model(&mut self, model: &Model) -> Result<bool, StoreError>;

    /// Locks every model until the unit of work ends, and answers them by name. Who changes the
    /// catalogue does so alone; who reads it does not wait.
    async fn lock_models(&mut self) -> Result<Vec<Model>, StoreError>;

    /// Stores what a locked model has become, with its routes in place of those that it had.
    async fn update_model(&mut self, model: &Model) -> Result<(), StoreError>;
}

/// The catalogue of models, as committed.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ModelReads: Send + Sync {
    async fn find_model(&self, name: &ModelName) -> Result<Option<Model>, StoreError>;

    /// Every model, by name.
    async fn list_models(&self) -> Result<Vec<Model>, StoreError>;
}

/// Taking jobs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    pub now: Timestamp,
    /// The same for all that are taken on together, and for nobody else.
    pub lease: Lease,
    /// Whoever does not renew it by then has lost it.
    pub until: Timestamp,
    /// A provider that is closed is waited for if it opens by then, or if it is the last that a job
    /// can ask.
    pub patient_until: Timestamp,
    /// A user of whom so many jobs run has no turn until one of them ends.
    pub running_max: u16,
    /// How many at most.
    pub limit: usize,
}

/// The queue. Every method is a step of its own: what it has answered is committed.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait JobQueue: Send + Sync {
    /// Takes on jobs. First those that go on, for they are paid for already: they have begun and are
    /// due, the longest due first. Then those that begin: one of each user at most, of those the
    /// ones whose last job began longest ago; of a user the first by rank that is due and whose
    /// provider is not waited for. One whose lease has run out counts a crash.
    ///
    /// Fewer than the limit are all there were.
    async fn claim(&self, claim: &Claim) -> Result<Vec<Job>, StoreError>;

    /// Keeps what these leases have until `until`, and answers the jobs that they still have.
    async fn renew(&self, leases: &[Lease], until: Timestamp) -> Result<Vec<JobId>, StoreError>;

    /// Ends when there may be something to do, and after `at_most` in any case.
    async fn wait(&self, at_most: Duration) -> Result<(), StoreError>;
}

/// Which jobs of a user. All by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobFilter {
    /// Of these kinds; of any if there is none.
    pub kinds: Vec<JobKind>,
    /// In these states; in any if there is none.
    pub states: Vec<JobState>,
    pub project: Option<ProjectId>,
    pub conversation: Option<ConversationId>,
    /// By the logical name.
    pub model: Option<ModelName>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

/// Jobs, as committed.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait JobReads: Send + Sync {
    /// Finds those of the user's jobs that are there, in no order.
    async fn find_jobs(&self, user: UserId, ids: &[JobId]) -> Result<Vec<Job>, StoreError>;

    /// Finds those of these users' jobs that are there, in no order.
    async fn find_jobs_of(&self, keys: &[(UserId, JobId)]) -> Result<Vec<Job>, StoreError>;

    /// Lists a user's jobs in descending order of position, those after `after` only.
    async fn list_jobs(
        &self,
        user: UserId,
        filter: &JobFilter,
        size: PageSize,
        after: Option<Position<JobId>>,
    ) -> Result<Page<Job, Position<JobId>>, StoreError>;

    /// Jobs of anybody that a person must decide about, longest stuck first, `limit` of them.
    async fn list_stuck(&self, limit: usize) -> Result<Vec<Job>, StoreError>;
}
