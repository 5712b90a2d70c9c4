//! Where the activity log is kept.

use async_trait::async_trait;
use kernel::{ActivityId, Page, PageSize, Position, Timestamp, UserId};
use users::activity::{Action, Activity, ActivitySubject};

use crate::StoreError;

/// A log belongs to a user who is there.
pub const ACTIVITIES_USER_FKEY: &str = "activities_user_fkey";

/// Which entries of a user's log. Everything by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ActivityFilter {
    pub action: Option<Action>,
    /// Actions that begin with these words: see [`Action::is_under`].
    pub under: Option<Action>,
    pub subject: Option<ActivitySubject>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

/// The activity log, in a unit of work.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ActivityTx: Send {
    /// Appends an entry. Nothing ever changes it, and it goes with its user or with its time.
    ///
    /// MUST fail with [`StoreError::Conflict`] ([`ACTIVITIES_USER_FKEY`]) where there is no such
    /// user.
    async fn append_activity(&mut self, activity: &Activity) -> Result<(), StoreError>;
}

/// The activity log, as committed.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ActivityReads: Send + Sync {
    /// Lists what is in the user's log in descending order of position, after `after` only. Nothing
    /// for a user who is not there.
    async fn list_activity(
        &self,
        user: UserId,
        filter: &ActivityFilter,
        size: PageSize,
        after: Option<Position<ActivityId>>,
    ) -> Result<Page<Activity, Position<ActivityId>>, StoreError>;
}

/// The activity log, for those who clean up.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ActivityKeeping: Send + Sync {
    /// Deletes up to `limit` entries of before `before`, of any user. Answers how many.
    async fn prune_activities(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError>;
}
