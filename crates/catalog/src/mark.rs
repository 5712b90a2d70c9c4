//! What each thing of the catalogue has beside its fields: its revision and its times.

use kernel::{Etag, Timestamp};

use crate::Rejection;

/// A thing's revision and times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Grows by one with each change.
    pub etag: Etag,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What a change comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit<T> {
    Changed(T),
    /// Everything is as asked already: the revision stays.
    Unchanged(T),
}

impl Mark {
    pub fn first(now: Timestamp) -> Self {
        Self { etag: Etag::FIRST, created_at: now, updated_at: now }
    }

    /// Refuses a caller who decided on another revision.
    pub fn check(self, expected: Option<Etag>) -> Result<(), Rejection> {
        match expected {
            Some(expected) if expected != self.etag => {
                Err(Rejection::EtagMismatch { expected, current: self.etag })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The next revision.
    #[must_use]
    pub fn next(self, now: Timestamp) -> Self {
        // A clock that was set back must not take the last change back.
        Self { etag: self.etag.next(), updated_at: now.max(self.updated_at), ..self }
    }
}
