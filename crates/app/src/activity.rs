//! The activity log: what use cases write to it in passing, and what callers write and read. What is
//! written in passing is told to those who follow along, too.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use kernel::{ActivityId, Event, EventKind, Page, PageSize, Position, Span, Timestamp, UserId};
use ports::{
    ACTIVITIES_USER_FKEY, ActivityFilter, ActivityKeeping, ActivityReads, AsStoreError, Clock, Ids,
    Store, StoreError, Tx, caller, finish, retry,
};
use tracing::instrument;
use users::activity::{Action, Activity, ActivitySubject, Agent, Details};
use uuid::Uuid;

use crate::unit::from_store;

/// The revision of what has none.
pub(crate) const UNREVISED: i64 = 1;

/// What a use case did, to be logged in the unit of work that does it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deed {
    user: UserId,
    action: Action,
    subject: Uuid,
    /// Of the subject after it.
    revision: i64,
    details: Option<Details>,
}

impl Deed {
    /// That `action` was done to the thing of `id`, whose kind is the action's first word, which is
    /// at this revision now, or was at its end.
    pub(crate) fn on(user: UserId, action: Action, id: &Uuid, revision: i64) -> Self {
        Self { user, action, subject: *id, revision, details: None }
    }

    /// The same with more to tell. What is too long is left out: it is told elsewhere too.
    #[must_use]
    pub(crate) fn telling(self, fields: &[(&str, &str)]) -> Self {
        Self { details: Details::of_texts(fields), ..self }
    }
}

/// Logs what the present caller does, and tells those who follow along, without the details: these
/// are for the user's own eyes.
pub(crate) async fn record(
    tx: &mut dyn Tx,
    ids: &dyn Ids,
    now: Timestamp,
    deed: Deed,
) -> Result<(), StoreError> {
    log(tx, ids, now, deed.clone()).await?;
    tell(tx, now, deed).await
}

/// Tells of what is not logged: the deletion that took the log with it, and what follows from what
/// is logged already.
pub(crate) async fn tell(tx: &mut dyn Tx, at: Timestamp, deed: Deed) -> Result<(), StoreError> {
    let Deed { user, action, subject, revision, details: _ } = deed;
    let kind = action.as_str().parse::<EventKind>().map_err(|error| StoreError::Corrupt {
        what: format!("the action {action}"),
        cause: Some(Box::new(error)),
    })?;
    tx.append_event(&Event { user, kind, subject, revision, details: None, at }).await
}

/// Logs what the present caller does, of which those who follow along hear in another way.
pub(crate) async fn log(
    tx: &mut dyn Tx,
    ids: &dyn Ids,
    now: Timestamp,
    deed: Deed,
) -> Result<(), StoreError> {
    let Deed { user, action, subject, revision: _, details } = deed;
    let id = subject.as_hyphenated().to_string().parse().ok();
    let subject = id.map(|id| ActivitySubject { kind: action.kind(), id });
    let caller = caller::current();
    let activity = Activity {
        id: ActivityId::from_uuid(ids.uuid()),
        user,
        at: now,
        action,
        subject,
        details,
        actor: caller.actor,
        address: caller.address,
        agent: caller.agent.clone(),
        request: caller.request.clone(),
    };
    tx.append_activity(&activity).await
}

/// What a caller wants logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordActivity {
    pub user: UserId,
    pub action: Action,
    pub subject: Option<ActivitySubject>,
    pub details: Option<Details>,
    /// Instead of the call's own.
    pub address: Option<IpAddr>,
    /// Instead of the call's own.
    pub agent: Option<Agent>,
}

/// Why nothing was logged.
#[derive(Debug, thiserror::Error)]
pub enum RecordActivityError {
    #[error("there is no such user")]
    UserNotFound,
    #[error("the activity could not be logged")]
    Store(#[source] StoreError),
}

/// How many entries are pruned by one statement: some tens of milliseconds of locks.
const PRUNE_MAX: usize = 5_000;

/// The use cases on the log itself.
pub struct ActivityLog {
    store: Arc<dyn Store>,
    reads: Arc<dyn ActivityReads>,
    keeping: Arc<dyn ActivityKeeping>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl ActivityLog {
    pub fn new(
        store: Arc<dyn Store>,
        reads: Arc<dyn ActivityReads>,
        keeping: Arc<dyn ActivityKeeping>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { store, reads, keeping, clock, ids }
    }

    /// Deletes what is older than `kept`. Answers how many entries that were.
    pub async fn prune(&self, kept: Span) -> Result<usize, StoreError> {
        let before = self.clock.now().saturating_sub(kept);
        let mut pruned = 0;
        loop {
            let round = self.keeping.prune_activities(before, PRUNE_MAX).await?;
            pruned += round;
            if round < PRUNE_MAX {
                return Ok(pruned);
            }
        }
    }

    /// Does so again and again, for ever.
    pub async fn keep_pruned(&self, kept: Span, every: Duration) {
        loop {
            match self.prune(kept).await {
                Ok(0) => {}
                Ok(entries) => {
                    tracing::info!(entries, "old entries of the activity log were deleted")
                }
                Err(error) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::warn!(error, "old entries of the activity log could not be deleted");
                }
            }
            tokio::time::sleep(every).await;
        }
    }

    /// Appends an entry of a caller's own.
    #[instrument(skip_all, fields(user.id = %command.user))]
    pub async fn record(&self, command: RecordActivity) -> Result<Activity, RecordActivityError> {
        let RecordActivity { user, action, subject, details, address, agent } = command;
        let caller = caller::current();
        let activity = Activity {
            id: ActivityId::from_uuid(self.ids.uuid()),
            user,
            at: self.clock.now(),
            action,
            subject,
            details,
            actor: caller.actor,
            address: address.or(caller.address),
            agent: agent.or_else(|| caller.agent.clone()),
            request: caller.request.clone(),
        };
        retry(|| self.append(&activity)).await?;
        Ok(activity)
    }

    /// Lists a user's log, newest first, what is after a position only.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn list(
        &self,
        user: UserId,
        filter: &ActivityFilter,
        size: PageSize,
        after: Option<Position<ActivityId>>,
    ) -> Result<Page<Activity, Position<ActivityId>>, StoreError> {
        self.reads.list_activity(user, filter, size, after).await
    }

    async fn append(&self, activity: &Activity) -> Result<(), RecordActivityError> {
        let mut tx = self.store.begin().await?;
        let outcome = tx.append_activity(activity).await.map_err(RecordActivityError::from);
        finish(tx, outcome).await
    }
}

from_store! {
    RecordActivityError,
    ACTIVITIES_USER_FKEY => UserNotFound,
}

impl AsStoreError for RecordActivityError {
    fn as_store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::UserNotFound => None,
        }
    }
}

#[cfg(test)]
mod tests;
