//! What has happened, for those who follow along.

use std::time::Duration;

use async_trait::async_trait;
use kernel::{Event, EventPosition, Timestamp, UserId};

use crate::StoreError;

/// What has happened, in a unit of work.
///
/// Movements of credits are told of by the journal of the ledger: [`crate::LedgerTx`] tells of each
/// entry that it writes, and nobody tells of it here.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait EventTx: Send {
    /// Tells of something. It is seen once the unit of work is committed, and after everything that
    /// was committed before this was called.
    ///
    /// So events of one subject come in the order of its revisions, where the subject is locked
    /// before. The user need not be there any more.
    async fn append_event(&mut self, event: &Event) -> Result<(), StoreError>;
}

/// Which events. All by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventFilter {
    pub user: Option<UserId>,
    /// Kinds that begin with one of these words, such as `job`; all if there is none.
    pub under: Vec<String>,
}

impl EventFilter {
    /// Whether an event is one of them.
    pub fn fits(&self, event: &Event) -> bool {
        let of_user = self.user.is_none_or(|user| event.user == user);
        of_user && self.takes_kind(event.kind.as_str())
    }

    /// Whether events of the kind are among them.
    pub fn takes_kind(&self, kind: &str) -> bool {
        let mut rests = self.under.iter().filter_map(|words| kind.strip_prefix(words.as_str()));
        self.under.is_empty() || rests.any(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

/// What has happened, as committed.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait EventReads: Send + Sync {
    /// The next events after a position that are of `since` or later, in order, `limit` of them at
    /// most. Of a user who was deleted only that is told.
    ///
    /// An event that is not answered yet will have a later position than all that are: whoever goes
    /// on from the last position has missed nothing.
    async fn list_events_after(
        &self,
        filter: &EventFilter,
        since: Timestamp,
        after: EventPosition,
        limit: usize,
    ) -> Result<Vec<(EventPosition, Event)>, StoreError>;

    /// Where whoever wants to hear only of what is yet to come begins, and where an idle listener
    /// stands: nothing will come at or before it.
    async fn last_event_position(&self) -> Result<EventPosition, StoreError>;

    /// Ends when there may be news of jobs, with `true`, and after `at_most` in any case.
    async fn wait_for_events(&self, at_most: Duration) -> Result<bool, StoreError>;

    /// Forgets events of before a moment, `limit` of them at most, and answers how many. What the
    /// journal tells stays in the journal, and is not counted.
    async fn forget_events(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError>;
}
