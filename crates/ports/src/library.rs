//! Where the outputs of generation are kept.

use async_trait::async_trait;
use kernel::{
    JobId, OutputId, OutputKind, Page, PageSize, Position, ProjectId, Timestamp, TransactionId,
    UserId,
};
use library::{Charge, Output};

use crate::StoreError;

/// An output belongs to a user who is there.
pub const OUTPUTS_USER_FKEY: &str = "outputs_user_fkey";

/// Which outputs of a user. Those that are not deleted by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OutputFilter {
    /// Of these kinds; of any if there is none.
    pub kinds: Vec<OutputKind>,
    pub project: Option<ProjectId>,
    pub job: Option<JobId>,
    pub model: Option<String>,
    pub art_style: Option<String>,
    pub success: Option<bool>,
    pub selected: Option<bool>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    pub show_deleted: bool,
}

/// Outputs, in a unit of work.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait OutputTx: Send {
    /// Stores a new output with its body, in a project that is locked, if in any.
    ///
    /// MUST fail with [`StoreError::Conflict`] ([`OUTPUTS_USER_FKEY`]) where there is no such user.
    async fn insert_output(&mut self, output: &Output) -> Result<(), StoreError>;

    /// Locks the user's output until the unit of work ends, deleted or not.
    async fn lock_output(
        &mut self,
        user: UserId,
        id: OutputId,
    ) -> Result<Option<Output>, StoreError>;

    /// Stores what an update may change of an output that is locked: project, message, style,
    /// whether it is selected, and its life. The body stays.
    async fn update_output(&mut self, output: &Output) -> Result<(), StoreError>;

    /// Makes no output of a project that is locked the selected one, and answers which was.
    ///
    /// The one that was selected gets a new revision and `now` as its update time.
    async fn deselect_output(
        &mut self,
        user: UserId,
        project: ProjectId,
        now: Timestamp,
    ) -> Result<Option<OutputId>, StoreError>;

    /// Deletes an output that is locked for good, with its body.
    async fn purge_output(&mut self, user: UserId, id: OutputId) -> Result<(), StoreError>;
}

/// Outputs, as committed.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait OutputReads: Send + Sync {
    /// Finds those of the user's outputs that are there, deleted or not, in no order.
    async fn find_outputs(&self, user: UserId, ids: &[OutputId])
    -> Result<Vec<Output>, StoreError>;

    /// Lists a user's outputs in descending order of position, those after `after` only.
    async fn list_outputs(
        &self,
        user: UserId,
        filter: &OutputFilter,
        size: PageSize,
        after: Option<Position<OutputId>>,
    ) -> Result<Page<Output, Position<OutputId>>, StoreError>;

    /// What some transactions of the user's account have come to at `now`, in no order. Those that
    /// are not there are left out. A hold whose lease is over has lapsed, posted or not.
    async fn list_charges(
        &self,
        user: UserId,
        transactions: &[TransactionId],
        now: Timestamp,
    ) -> Result<Vec<Charge>, StoreError>;
}
